//! Functions that run on a schedule.
//!
//! Source: `schedule_parser.js` of `@aws-amplify/backend-function`, `Schedule` of the CDK.

use serde_json::{Value, json};

use super::cfn::{allow, assumed_by, attribute, policy, reference, sub};
use super::names::function_id;
use super::template::Template;
use crate::catalog::pascal;
use crate::model::function::{Function, Interval, Schedule};

pub fn add(function: &Function, template: &mut Template) {
    let schedules = &function.schedule.0;
    if schedules.is_empty() {
        return;
    }
    let name = pascal(&function.name);
    let role_id = template.free_id(format!("{name}ScheduleRole"), &function.name);
    let arn = attribute(&function_id(&function.name), "Arn");
    template.resource(&role_id, "AWS::IAM::Role", role());
    let id = format!("{name}SchedulePolicy");
    let versions = sub(format!("${{{}.Arn}}:*", function_id(&function.name)));
    let statements = vec![allow("lambda:InvokeFunction", [&arn, &versions])];
    template.resource(&id, "AWS::IAM::Policy", policy(&id, statements, &role_id));
    for (index, schedule) in schedules.iter().enumerate() {
        let id = format!("{name}Schedule{}", index + 1);
        let properties = properties(schedule, &arn, &role_id);
        template.resource(&id, "AWS::Scheduler::Schedule", properties);
    }
}

fn role() -> Value {
    let group =
        "arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule-group/default";
    let condition = json!({ "StringEquals": {
        "aws:SourceAccount": reference("AWS::AccountId"),
        "aws:SourceArn": sub(group),
    }});
    let trust = assumed_by("scheduler.amazonaws.com", Some(condition));
    json!({ "AssumeRolePolicyDocument": trust })
}

fn properties(schedule: &Schedule, arn: &Value, role_id: &str) -> Value {
    let (timezone, description) = match schedule {
        Schedule::Expression(_) => ("UTC", &None),
        Schedule::Cron { timezone, description, .. }
        | Schedule::Rate { timezone, description, .. } => (timezone.as_str(), description),
    };
    json!({
        "FlexibleTimeWindow": { "Mode": "OFF" },
        "ScheduleExpression": cron(schedule.expression()),
        "ScheduleExpressionTimezone": timezone,
        "State": "ENABLED",
        "Target": {
            "Arn": arn,
            "RoleArn": attribute(role_id, "Arn"),
            "RetryPolicy": { "MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185 },
        },
        "Description": description,
    })
}

/// A schedule as a cron expression of the scheduler: six fields, with `?` for one of the two kinds
/// of day.
fn cron(expression: &str) -> String {
    if let Some(interval) = Interval::parse(expression) {
        return match interval {
            Interval::Minutes(minutes) => format!("cron(*/{minutes} * * * ? *)"),
            Interval::Hours(hours) => format!("cron(0 */{hours} * * ? *)"),
            Interval::Day => "cron(0 0 * * ? *)".to_owned(),
            Interval::Week => "cron(0 0 ? * 1 *)".to_owned(),
            Interval::Month => "cron(0 0 1 * ? *)".to_owned(),
            Interval::Year => "cron(0 0 1 1 ? *)".to_owned(),
        };
    }
    let fields = if expression.split(' ').count() == 5 { " *" } else { "" };
    format!("cron({expression}{fields})")
}
