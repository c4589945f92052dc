//! `amplify/auth/<function>/resource.toml`: what Amplify's `defineFunction` takes, as far as it is
//! not about Node.js, and the function's permissions.
//!
//! Source: `FunctionProps` of `@aws-amplify/backend-function`.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::Secret;
use super::setting::Parameter;

/// The Lambda function, in the words of Amplify's `defineFunction`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Function {
    /// The name of the function and of its binary [default: the directory's].
    #[cfg_attr(test, schemars(with = "super::schema::FunctionName"))]
    pub name: String,
    /// The stack that the function belongs to; `auth` for triggers [default: function].
    pub resource_group_name: Option<String>,
    /// How long a call may take, in seconds [default: 3].
    #[serde(default = "by_default::<3>")]
    #[cfg_attr(test, schemars(range(min = 1, max = 900)))]
    pub timeout_seconds: u32,
    /// Memory, in MB [default: 512].
    #[serde(rename = "memoryMB", default = "by_default::<512>")]
    #[cfg_attr(test, schemars(range(min = 128, max = 10240)))]
    pub memory_mb: u32,
    /// The size of `/tmp`, in MB [default: 512].
    #[serde(rename = "ephemeralStorageSizeMB", default = "by_default::<512>")]
    #[cfg_attr(test, schemars(range(min = 512, max = 10240)))]
    pub ephemeral_storage_size_mb: u32,
    /// The processor [default: x86_64].
    pub architecture: Architecture,
    /// Environment variables.
    #[cfg_attr(test, schemars(schema_with = "super::schema::environment"))]
    pub environment: IndexMap<String, Variable>,
    /// Lambda layers: an ARN, or `name:version` of one in the same account and region. The keys
    /// are yours to choose.
    #[cfg_attr(test, schemars(with = "super::schema::Layers"))]
    pub layers: IndexMap<String, String>,
    /// Logs.
    pub logging: Logging,
    /// When the function runs on a schedule, besides being a trigger.
    pub schedule: Schedules,
    /// What the function may do in AWS: statements of an IAM policy.
    pub permissions: Vec<Permission>,
}

fn by_default<const VALUE: u32>() -> u32 {
    VALUE
}

/// A processor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Architecture {
    /// AWS Graviton.
    #[serde(rename = "arm64")]
    Arm64,
    /// Intel and AMD.
    #[default]
    #[serde(rename = "x86_64")]
    X86_64,
}

/// The value of an environment variable.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Variable {
    /// A string.
    Plain(String),
    /// A secret.
    Secret(Secret),
    /// What an environment gives.
    Parameter(Parameter<String>),
}

/// Logs.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Logging {
    /// The format of log lines [default: text].
    pub format: Option<LogFormat>,
    /// The lowest level to keep, with `format = "json"` [default: info].
    pub level: Option<LogLevel>,
    /// How long to keep the logs [default: for ever].
    #[cfg_attr(test, schemars(default, with = "super::schema::Retention"))]
    pub retention: Option<String>,
}

/// The format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[serde(rename(serialize = "JSON"))]
    Json,
    #[serde(rename(serialize = "Text"))]
    Text,
}

/// How important a log line is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all(serialize = "UPPERCASE", deserialize = "lowercase"))]
pub enum LogLevel {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

/// When a function runs on a schedule.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "ScheduleForm"))]
#[serde(from = "ScheduleForm")]
pub struct Schedules(pub Vec<Schedule>);

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
enum ScheduleForm {
    Several(Vec<Schedule>),
    One(Schedule),
}

impl From<ScheduleForm> for Schedules {
    fn from(form: ScheduleForm) -> Self {
        match form {
            ScheduleForm::One(schedule) => Self(vec![schedule]),
            ScheduleForm::Several(schedules) => Self(schedules),
        }
    }
}

/// A time, or an interval.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged, deny_unknown_fields)]
pub enum Schedule {
    /// `every 5m`, `every day`, or five or six fields of cron, in UTC.
    Expression(String),
    /// Fields of cron in a time zone.
    Cron {
        /// Minute, hour, day of month, month, day of week, and year if you like.
        cron: String,
        /// The time zone, such as `Europe/Paris`.
        timezone: String,
        /// What it is for.
        description: Option<String>,
    },
    /// An interval in a time zone.
    Rate {
        /// `every 5m`, `every 2h`, `every day`, `every week`, `every month` or `every year`.
        rate: String,
        /// The time zone, such as `Europe/Paris`.
        timezone: String,
        /// What it is for.
        description: Option<String>,
    },
}

impl Schedule {
    /// The interval, or the fields of cron.
    pub fn expression(&self) -> &str {
        match self {
            Self::Expression(text)
            | Self::Cron { cron: text, .. }
            | Self::Rate { rate: text, .. } => text,
        }
    }
}

/// `every …`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    Minutes(u32),
    Hours(u32),
    /// At midnight.
    Day,
    /// On Sunday.
    Week,
    /// On the first of the month.
    Month,
    /// On the first of January.
    Year,
}

impl Interval {
    /// Reads `every 5m`, `every 2h`, `every day`, `every week`, `every month` and `every year`.
    pub fn parse(text: &str) -> Option<Self> {
        let interval = text.strip_prefix("every ")?;
        let number = |text: &str| text.parse().ok().filter(|number| *number > 0);
        match interval {
            "day" => Some(Self::Day),
            "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            "year" => Some(Self::Year),
            _ => match interval.strip_suffix('m') {
                Some(minutes) => number(minutes).map(Self::Minutes),
                None => number(interval.strip_suffix('h')?).map(Self::Hours),
            },
        }
    }
}

/// A statement of an IAM policy that allows something.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Permission {
    /// What, such as `dynamodb:GetItem`.
    #[cfg_attr(test, schemars(with = "Vec<super::schema::IamAction>", length(min = 1)))]
    pub actions: Vec<String>,
    /// On what: ARNs, with `${UserPool.Arn}` for the user pool and CloudFormation's
    /// `${AWS::Region}`, `${AWS::AccountId}` and `${AWS::Partition}`.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub resources: Vec<String>,
}
