//! `amplify/auth/resource.toml`: what Amplify's `defineAuth` takes.
//!
//! Keys, values, defaults and limits are Amplify's own. Where Amplify takes a function for a text,
//! the placeholder of Cognito stands in the text: `{####}` for a code, `{##Verify Email##}` for a
//! link, `{username}` for a name. Doc comments are what editors show beside a key.
//!
//! Source: `AuthProps` of `@aws-amplify/auth-construct` and `AmplifyAuthProps` of
//! `@aws-amplify/backend-auth`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::providers::ExternalProviders;

/// The user pool, in the words of Amplify's `defineAuth`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Auth {
    /// The name of the user pool [default: CloudFormation makes one].
    #[schemars(
        length(min = 1, max = 128),
        regex(pattern = r"^[a-zA-Z][a-zA-Z0-9 _-]*$")
    )]
    #[schemars(extend("patternErrorMessage" = "letters, digits, blanks, `-` and `_`, with a letter first"))]
    pub name: Option<String>,
    /// How users sign in: with `email`, `phone`, or both, and more.
    #[serde(default)]
    pub login_with: LoginWith,
    /// The attributes of a user: the standard ones, and your own as `"custom:name"`.
    #[serde(default)]
    #[schemars(with = "super::schema::UserAttributes")]
    pub user_attributes: IndexMap<String, Attribute>,
    /// Whether users can, or must, use a second factor.
    pub multifactor: Option<Multifactor>,
    /// How users recover their account [default: by e-mail if they sign in with it, else by
    /// phone].
    pub account_recovery: Option<AccountRecovery>,
    /// Groups of users, the one that goes first at the top.
    #[serde(default)]
    #[schemars(inner(length(min = 1, max = 128)), extend("uniqueItems" = true))]
    pub groups: Vec<String>,
    /// Who sends e-mail and SMS in place of Cognito.
    #[serde(default)]
    pub senders: Senders,
    /// What the app offers first to users without a password.
    pub passwordless_options: Option<PasswordlessOptions>,
    /// The functions that Cognito calls.
    #[serde(default)]
    #[schemars(with = "super::schema::Triggers")]
    pub triggers: IndexMap<String, TriggerTarget>,
    /// What functions may do with the user pool.
    #[serde(default)]
    pub access: Vec<Access>,
}

/// How users sign in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LoginWith {
    /// Sign in with an e-mail address: `true`, or the texts of e-mails.
    pub email: Option<Switch<EmailLogin>>,
    /// Sign in with a phone number: `true`, or the text of SMS.
    pub phone: Option<Switch<PhoneLogin>>,
    /// Sign in with a passkey: `true`, or the domain that passkeys are for.
    pub web_authn: Option<Switch<WebAuthn>>,
    /// Sign in with Google, Facebook, Amazon, Apple, OIDC or SAML.
    pub external_providers: Option<ExternalProviders>,
}

/// Something that is on with defaults, on with settings, or off.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Switch<T> {
    /// On with defaults, or off.
    Plain(bool),
    /// On with these settings.
    Settings(T),
}

impl<T> Switch<T> {
    /// Whether it is on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !matches!(self, Self::Plain(false))
    }

    /// The settings, if there are any.
    #[must_use]
    pub fn settings(&self) -> Option<&T> {
        match self {
            Self::Plain(_) => None,
            Self::Settings(settings) => Some(settings),
        }
    }
}

/// The texts of e-mails.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EmailLogin {
    /// Whether an e-mail that verifies an address holds a code or a link [default: CODE].
    pub verification_email_style: Option<VerificationStyle>,
    /// The text of the e-mail, with `{####}` where the code goes, or `{##Verify Email##}`, with
    /// any text, where the link goes.
    #[schemars(length(min = 6, max = 20000))]
    pub verification_email_body: Option<String>,
    /// The subject of the e-mail.
    #[schemars(length(min = 1, max = 140))]
    pub verification_email_subject: Option<String>,
    /// What a user reads that an administrator has created.
    pub user_invitation: Option<UserInvitation>,
    /// Sign in with a one-time code sent by e-mail, without a password [default: false].
    #[serde(default)]
    pub otp_login: bool,
}

/// What a verification e-mail holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum VerificationStyle {
    /// A code to type in.
    Code,
    /// A link to click.
    Link,
}

/// What a user reads that an administrator has created.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UserInvitation {
    /// The subject of the e-mail.
    #[schemars(length(min = 1, max = 140))]
    pub email_subject: Option<String>,
    /// The text of the e-mail, with `{username}` and `{####}`, the temporary password.
    #[schemars(length(min = 6, max = 20000))]
    pub email_body: Option<String>,
    /// The text of the SMS, with `{username}` and `{####}`, the temporary password.
    #[schemars(length(min = 6, max = 140))]
    pub sms_message: Option<String>,
}

/// The text of SMS.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PhoneLogin {
    /// The text of the SMS that verifies a phone number, with `{####}` where the code goes.
    #[schemars(length(min = 6, max = 140))]
    pub verification_message: Option<String>,
    /// Sign in with a one-time code sent by SMS, without a password [default: false].
    #[serde(default)]
    pub otp_login: bool,
}

/// Passkeys.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WebAuthn {
    /// The domain that passkeys are for, `localhost` for development [default: AUTO, which is
    /// `localhost` outside Amplify Hosting]. A change makes all passkeys useless.
    #[schemars(length(min = 1, max = 63))]
    #[schemars(regex(
        pattern = r"^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$"
    ))]
    #[schemars(extend("patternErrorMessage" = "a domain without protocol, such as `app.example.com`, `localhost` or `AUTO`"))]
    pub relying_party_id: Option<String>,
    /// Whether the device must check who the user is, by fingerprint or PIN [default:
    /// preferred].
    pub user_verification: Option<UserVerification>,
}

/// Whether the device must check who the user is.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserVerification {
    /// It must.
    Required,
    /// It should, if it can.
    Preferred,
}

/// An attribute of a user. Which keys are allowed is a matter of the attribute: see the schema.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Attribute {
    /// The type of an attribute of your own.
    pub data_type: Option<DataType>,
    /// Whether it can change.
    pub mutable: Option<bool>,
    /// Whether each user must have it: for standard attributes.
    pub required: Option<bool>,
    /// The least value of a number.
    pub min: Option<i64>,
    /// The greatest value of a number.
    pub max: Option<i64>,
    /// The least length of a text.
    pub min_len: Option<u32>,
    /// The greatest length of a text.
    pub max_len: Option<u32>,
}

/// The type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum DataType {
    /// A text.
    String,
    /// A whole number.
    Number,
    /// True or false.
    Boolean,
    /// A point in time.
    DateTime,
}

/// A second factor.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Multifactor {
    /// Whether users can, or must, use it.
    pub mode: MfaMode,
    /// A code from an app that generates them.
    #[serde(default)]
    pub totp: bool,
    /// A code by SMS: `true`, or the text of the SMS.
    pub sms: Option<Switch<MfaSms>>,
    /// A code by e-mail, which needs `senders.email.fromEmail`.
    #[serde(default)]
    pub email: bool,
}

/// Whether users can, or must, use a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum MfaMode {
    /// They cannot.
    Off,
    /// They can.
    Optional,
    /// They must.
    Required,
}

/// The text of the SMS with the second factor.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MfaSms {
    /// The text, with `{####}` where the code goes.
    #[schemars(length(min = 6, max = 140))]
    pub sms_message: String,
}

/// How users recover their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountRecovery {
    /// By e-mail, else by phone unless that is the second factor.
    EmailAndPhoneWithoutMfa,
    /// By phone unless that is the second factor, else by e-mail.
    PhoneWithoutMfaAndEmail,
    /// By e-mail.
    EmailOnly,
    /// By phone, unless that is the second factor.
    PhoneOnlyWithoutMfa,
    /// By phone, even if that is the second factor, else by e-mail. Not recommended.
    PhoneAndEmail,
    /// Not at all: an administrator sets a new password.
    None,
}

/// Who sends messages in place of Cognito.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Senders {
    /// Who sends e-mail: Amazon SES, or a function.
    pub email: Option<EmailSender>,
    /// Who sends SMS: Amazon SNS with a role of yours, or a function.
    pub sms: Option<SmsSender>,
}

/// Who sends e-mail.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum EmailSender {
    /// A function.
    Custom(CustomSender),
    /// Amazon SES.
    Ses(Ses),
}

/// Who sends SMS.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum SmsSender {
    /// A function.
    Custom(CustomSender),
    /// Amazon SNS.
    Sns(Sns),
}

/// A function that sends messages.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CustomSender {
    /// The name of the function.
    pub handler: String,
    /// The symmetric KMS key that Cognito encrypts codes with [default: one is made].
    pub kms_key_arn: Option<String>,
}

/// E-mail through Amazon SES.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Ses {
    /// The address that e-mails come from, verified in Amazon SES.
    pub from_email: String,
    /// The name beside the address.
    pub from_name: Option<String>,
    /// The address that answers go to.
    pub reply_to: Option<String>,
}

/// SMS through Amazon SNS.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Sns {
    /// The role that Cognito takes on to send SMS. It needs `externalId` too.
    pub sns_caller_arn: Option<String>,
    /// The external ID that the role asks for. It needs `snsCallerArn` too.
    pub external_id: Option<String>,
    /// The region of Amazon SNS [default: that of the user pool].
    pub sns_region: Option<String>,
}

/// What the app offers first to users without a password.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PasswordlessOptions {
    /// The challenge that the app offers first.
    pub preferred_challenge: Option<Challenge>,
}

/// A first factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Challenge {
    /// A one-time code by e-mail.
    EmailOtp,
    /// A one-time code by SMS.
    SmsOtp,
    /// The password.
    Password,
    /// A passkey.
    WebAuthn,
}

/// The function that a trigger calls.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "TriggerForm")]
pub struct TriggerTarget {
    /// The name of the function.
    pub handler: String,
    /// The version of the event, for a trigger that has several.
    pub event_version: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TriggerForm {
    Name(String),
    #[serde(rename_all = "camelCase")]
    Table {
        handler: String,
        event_version: Option<String>,
    },
}

impl From<TriggerForm> for TriggerTarget {
    fn from(form: TriggerForm) -> Self {
        let (handler, event_version) = match form {
            TriggerForm::Name(handler) => (handler, None),
            TriggerForm::Table {
                handler,
                event_version,
            } => (handler, event_version),
        };
        Self {
            handler,
            event_version,
        }
    }
}

/// What a function may do with the user pool: Amplify's `allow.resource(…).to([…])`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Access {
    /// The name of the function.
    pub resource: String,
    /// What it may do.
    #[schemars(length(min = 1))]
    pub to: Vec<super::Action>,
}
