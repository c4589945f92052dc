//! The messages of the user pool, and how Amazon SES and SNS send them.
//!
//! Source: `verificationMessageConfiguration` and `smsConfiguration` of the CDK's `UserPool`,
//! `withSES` of its `UserPoolEmail`.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::cfn::{allow, assumed_by, attribute, concat, policy_document, sub};
use super::template::Template;
use crate::model::auth::{Auth, LoginWith, Sender, Ses, UserInvitation, VerificationStyle};
use crate::model::overrides::UserPool;
use crate::model::setting::Setting;

const SMS_ROLE: &str = "UserPoolSmsRole";

const CODE_TEXT: &str = "The verification code to your new account is {####}";
const LINK_TEXT: &str = "Verify your account by clicking on {##Verify Email##}";
const SUBJECT: &str = "Verify your new account";

/// The messages that verify an address or a number, as properties of the user pool.
pub fn verification(login: &LoginWith) -> Value {
    let email = login.email.settings();
    let style = email.and_then(|email| email.verification_email_style);
    let by_link = style == Some(VerificationStyle::Link);
    let body = email.and_then(|email| email.verification_email_body.as_deref());
    let subject = email.and_then(|email| email.verification_email_subject.as_deref());
    let sms = login.phone.settings().and_then(|phone| phone.verification_message.as_deref());
    let (subject, sms) = (subject.unwrap_or(SUBJECT), sms.unwrap_or(CODE_TEXT));
    if by_link {
        return json!({
            "SmsVerificationMessage": sms,
            "VerificationMessageTemplate": {
                "DefaultEmailOption": "CONFIRM_WITH_LINK",
                "EmailMessageByLink": body.unwrap_or(LINK_TEXT),
                "EmailSubjectByLink": subject,
                "SmsMessage": sms,
            },
        });
    }
    let body = body.unwrap_or(CODE_TEXT);
    json!({
        "EmailVerificationMessage": body,
        "EmailVerificationSubject": subject,
        "SmsVerificationMessage": sms,
        "VerificationMessageTemplate": {
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
            "EmailMessage": body,
            "EmailSubject": subject,
            "SmsMessage": sms,
        },
    })
}

/// The messages to users that an administrator creates.
pub fn invitation(invitation: &UserInvitation) -> Value {
    json!({
        "EmailMessage": invitation.email_body,
        "EmailSubject": invitation.email_subject,
        "SMSMessage": invitation.sms_message,
    })
}

/// The role for sending SMS: the one that is given, or a new one.
pub fn sms(auth: &Auth, template: &mut Template) -> Option<Value> {
    let sns = auth.senders.sms.as_ref().and_then(Sender::service);
    let is_second_factor = auth.second_factors().is_some_and(|mfa| mfa.sms.is_on());
    let (role, external_id) = if let Some(role) = sns.and_then(|sns| sns.sns_caller_arn.as_ref()) {
        let role = template.setting(role);
        let external_id = sns.and_then(|sns| sns.external_id.as_ref());
        (role, external_id.map(|id| template.setting(id)))
    } else if auth.login_with.phone.is_on() || is_second_factor || sns.is_some() {
        let external_id = sub("${AWS::StackName}-sms");
        template.resource(SMS_ROLE, "AWS::IAM::Role", sms_role(&external_id));
        (attribute(SMS_ROLE, "Arn"), Some(external_id))
    } else {
        return None;
    };
    let region = sns.and_then(|sns| sns.sns_region.as_ref());
    Some(json!({
        "SnsCallerArn": role,
        "ExternalId": external_id,
        "SnsRegion": region.map(|region| template.setting(region)),
    }))
}

fn sms_role(external_id: &Value) -> Value {
    let condition = json!({ "StringEquals": { "sts:ExternalId": external_id } });
    json!({
        "AssumeRolePolicyDocument": assumed_by("cognito-idp.amazonaws.com", Some(condition)),
        "Policies": [{
            "PolicyName": "sns-publish",
            "PolicyDocument": policy_document(vec![allow("sns:Publish", "*")]),
        }],
    })
}

/// How Amazon SES sends emails.
pub fn email_configuration(ses: &Ses, overrides: &UserPool, template: &mut Template) -> Value {
    let address = template.setting(&ses.from_email);
    let from = match &ses.from_name {
        Some(name) => concat(vec![format!("{} <", phrase(name)).into(), address, ">".into()]),
        None => address,
    };
    json!({
        "EmailSendingAccount": "DEVELOPER",
        "From": from,
        "SourceArn": identity(overrides.email_identity.as_ref().unwrap_or(&ses.from_email), template),
        "ReplyToEmailAddress": ses.reply_to.as_ref().map(|address| template.setting(address)),
    })
}

/// The ARN of an address or a domain in Amazon SES.
fn identity(of: &Setting<String>, template: &mut Template) -> Value {
    let arn = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/";
    match of {
        Setting::Fixed(identity) => sub(format!("{arn}{identity}")),
        Setting::Parameter(parameter) => concat(vec![sub(arn), template.parameter(parameter)]),
    }
}

/// A name before an address, as mail headers have it: quoted if it has special characters, encoded
/// if it is not ASCII.
fn phrase(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " !#$%&'*+,-./=?^_`{|}~".contains(c);
    let quoted = name.len() > 1 && name.starts_with('"') && name.ends_with('"');
    if name.chars().all(plain) || name.is_ascii() && quoted {
        name.to_owned()
    } else if name.is_ascii() {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(name))
    }
}
