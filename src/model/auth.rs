//! `amplify/auth/resource.toml`: what Amplify's `defineAuth` takes.
//!
//! Keys, values, defaults and limits are Amplify's own. Where Amplify takes a function that makes a
//! message, the message has Cognito's placeholders: `{####}` for a code, `{##Verify Email##}` for a
//! link, `{username}` for a name. Editors show the doc comments beside a key.
//!
//! Source: `AuthProps` of `@aws-amplify/auth-construct` and `AmplifyAuthProps` of
//! `@aws-amplify/backend-auth`.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::access::Access;
pub use super::login::{
    EmailLogin, LoginWith, Toggle, UserInvitation, UserVerification, VerificationStyle, WebAuthn,
};
use super::overrides::Overrides;
use super::setting::Setting;

/// The user pool, in the words of Amplify's `defineAuth`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Auth {
    /// The name of the user pool [default: CloudFormation chooses one].
    #[cfg_attr(test, schemars(default, with = "Setting<super::schema::PoolName>"))]
    pub name: Option<Setting<String>>,
    /// How users sign in: with `email`, `phone`, or both, and more.
    pub login_with: LoginWith,
    /// The attributes of a user: the standard ones, and your own as `"custom:name"`.
    #[cfg_attr(test, schemars(schema_with = "super::schema::user_attributes"))]
    pub user_attributes: IndexMap<String, Attribute>,
    /// Whether users can, or must, use a second factor.
    pub multifactor: Option<Multifactor>,
    /// How users recover their account [default: by email if they sign in with it, else by
    /// phone].
    pub account_recovery: Option<AccountRecovery>,
    /// Groups of users, in order of precedence.
    #[cfg_attr(test, schemars(inner(length(min = 1, max = 128)), extend("uniqueItems" = true)))]
    pub groups: Vec<String>,
    /// Who sends email and SMS in place of Cognito.
    pub senders: Senders,
    /// What the app offers first to users without a password.
    pub passwordless_options: Option<PasswordlessOptions>,
    /// The functions that Cognito calls.
    #[cfg_attr(test, schemars(with = "super::schema::Triggers"))]
    pub triggers: IndexMap<String, TriggerTarget>,
    /// What functions may do with the user pool.
    pub access: Vec<Access>,
    /// Settings that are not Amplify's: what people override in `backend.ts`.
    pub overrides: Overrides,
}

impl Auth {
    /// The second factors, if users can use any.
    pub fn second_factors(&self) -> Option<&Multifactor> {
        self.multifactor.as_ref().filter(|mfa| mfa.mode != MfaMode::Off)
    }

    /// How users recover their account.
    pub fn recovery(&self) -> AccountRecovery {
        let by_email = self.login_with.email.is_on();
        let default = if by_email {
            AccountRecovery::EmailOnly
        } else {
            AccountRecovery::PhoneOnlyWithoutMfa
        };
        self.account_recovery.unwrap_or(default)
    }
}

/// An attribute of a user. Which keys it can have depends on the attribute: see the schema.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Attribute {
    /// For custom attributes.
    #[serde(default)]
    pub data_type: DataType,
    pub mutable: Option<bool>,
    /// For standard attributes.
    pub required: Option<bool>,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub min_len: Option<u32>,
    pub max_len: Option<u32>,
}

/// The type of an attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum DataType {
    #[default]
    String,
    Number,
    Boolean,
    DateTime,
}

/// A second factor.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Multifactor {
    /// Whether users can, or must, use it.
    pub mode: MfaMode,
    /// A code from an app that generates them.
    #[serde(default)]
    pub totp: bool,
    /// A code by SMS: `true`, or the message.
    #[serde(default)]
    pub sms: Toggle<MfaSms>,
    /// A code by email, which needs `senders.email.fromEmail`.
    #[serde(default)]
    pub email: bool,
}

/// Whether users can, or must, use a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum MfaMode {
    Off,
    Optional,
    #[serde(rename(serialize = "ON"))]
    Required,
}

/// The SMS with the second factor.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MfaSms {
    /// The message, with `{####}` where the code goes.
    #[cfg_attr(test, schemars(length(min = 6, max = 140)))]
    pub sms_message: String,
}

/// How users recover their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountRecovery {
    /// By email, else by phone unless that is the second factor.
    EmailAndPhoneWithoutMfa,
    /// By phone unless that is the second factor, else by email.
    PhoneWithoutMfaAndEmail,
    /// By email.
    EmailOnly,
    /// By phone, unless that is the second factor.
    PhoneOnlyWithoutMfa,
    /// By phone, even if that is the second factor, else by email. Not recommended.
    PhoneAndEmail,
    /// Not at all: an administrator sets a new password.
    None,
}

/// Who sends messages in place of Cognito.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Senders {
    /// Who sends email: Amazon SES, or a function.
    pub email: Option<Sender<Ses>>,
    /// Who sends SMS: Amazon SNS with your own role, or a function.
    pub sms: Option<Sender<Sns>>,
}

impl Senders {
    pub fn custom_email(&self) -> Option<&CustomSender> {
        self.email.as_ref()?.custom()
    }

    pub fn custom_sms(&self) -> Option<&CustomSender> {
        self.sms.as_ref()?.custom()
    }

    pub fn custom(&self) -> impl Iterator<Item = &CustomSender> {
        self.custom_sms().into_iter().chain(self.custom_email())
    }
}

/// Who sends messages.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Sender<Service> {
    /// A function.
    Custom(CustomSender),
    /// Amazon SES or SNS.
    Service(Service),
}

impl<Service> Sender<Service> {
    fn custom(&self) -> Option<&CustomSender> {
        match self {
            Self::Custom(sender) => Some(sender),
            Self::Service(_) => None,
        }
    }

    pub fn service(&self) -> Option<&Service> {
        match self {
            Self::Custom(_) => None,
            Self::Service(service) => Some(service),
        }
    }
}

/// A function that sends messages.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CustomSender {
    /// The name of the function.
    pub handler: String,
    /// The symmetric KMS key that Cognito encrypts codes with [default: one is created].
    #[cfg_attr(test, schemars(default, with = "Setting<super::schema::KeyArn>"))]
    pub kms_key_arn: Option<Setting<String>>,
}

/// Email through Amazon SES.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Ses {
    /// The sender's address, verified in Amazon SES.
    #[cfg_attr(test, schemars(with = "Setting<super::schema::Email>"))]
    pub from_email: Setting<String>,
    /// The sender's name.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub from_name: Option<String>,
    /// The address for replies.
    #[cfg_attr(test, schemars(default, with = "Setting<super::schema::Email>"))]
    pub reply_to: Option<Setting<String>>,
}

/// SMS through Amazon SNS.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Sns {
    /// The role that Cognito assumes to send SMS. It needs `externalId` too.
    #[cfg_attr(test, schemars(default, with = "Setting<super::schema::RoleArn>"))]
    pub sns_caller_arn: Option<Setting<String>>,
    /// The external ID that the role requires. It needs `snsCallerArn` too.
    #[cfg_attr(test, schemars(default, with = "Setting<String>"))]
    pub external_id: Option<Setting<String>>,
    /// The region of Amazon SNS [default: that of the user pool].
    #[cfg_attr(test, schemars(default, with = "Setting<super::schema::Region>"))]
    pub sns_region: Option<Setting<String>>,
}

/// What the app offers first to users without a password.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PasswordlessOptions {
    /// The challenge that the app offers first.
    pub preferred_challenge: Option<Challenge>,
}

/// A first factor.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Challenge {
    EmailOtp,
    SmsOtp,
    Password,
    WebAuthn,
}

/// The function that a trigger calls. Which version of the event it gets is a matter of
/// `project::Wired`.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "TriggerForm")]
pub struct TriggerTarget {
    /// The name of the function.
    pub handler: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TriggerForm {
    Name(String),
    Table { handler: String },
}

impl From<TriggerForm> for TriggerTarget {
    fn from(form: TriggerForm) -> Self {
        let (TriggerForm::Name(handler) | TriggerForm::Table { handler }) = form;
        Self { handler }
    }
}
