//! The user pool, and the role that it sends SMS with.
//!
//! Source: `getUserPoolProps` of `@aws-amplify/auth-construct`, `UserPool` of the CDK.

use serde_json::{Value, json};

use super::USER_POOL;
use super::login::Login;
use super::messages::{email_configuration, invitation, sms, verification};
use super::template::Template;
use super::triggers::{self, Call};
use crate::model::auth::{
    AccountRecovery, Attribute, Auth, DataType, EmailSender, MfaMode, Switch, UserVerification,
    WebAuthn,
};
use crate::model::schema::STANDARD_ATTRIBUTES;

pub fn add(auth: &Auth, calls: &[Call], template: &mut Template) {
    let login = Login::new(auth);
    let mut pool = json!({});
    put(&mut pool, "UserPoolName", auth.name.clone());
    pool["UsernameAttributes"] = login.attributes();
    pool["UsernameConfiguration"] = json!({ "CaseSensitive": false });
    pool["AutoVerifiedAttributes"] = login.attributes();
    pool["UserAttributeUpdateSettings"] =
        json!({ "AttributesRequireVerificationBeforeUpdate": login.attributes() });
    pool["Schema"] = schema(auth, &login);
    pool["Policies"] = policies(&login);
    pool["AdminCreateUserConfig"] = json!({ "AllowAdminCreateUserOnly": false });
    put(
        &mut pool["AdminCreateUserConfig"],
        "InviteMessageTemplate",
        login.email_settings().and_then(|email| email.user_invitation.as_ref()).map(invitation),
    );
    verification(&login, &mut pool);
    put(&mut pool, "AccountRecoverySetting", recovery(auth, &login));
    multifactor(auth, &mut pool);
    sms(auth, &login, &mut pool, template);
    if let Some(EmailSender::Ses(ses)) = &auth.senders.email {
        pool["EmailConfiguration"] = email_configuration(ses);
    }
    web_authn(auth, &mut pool);
    put(&mut pool, "LambdaConfig", triggers::lambda_config(auth, calls));
    template.resource(USER_POOL, "AWS::Cognito::UserPool", pool);
}

/// Sets a property that may be missing.
pub fn put(object: &mut Value, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object[key] = value.into();
    }
}

/// The attributes of a user. What users sign in with is required, unless the file says otherwise.
fn schema(auth: &Auth, login: &Login) -> Value {
    let required = |name: &str| json!({ "Name": name, "Mutable": true, "Required": true });
    let said = |name: &str| auth.user_attributes.contains_key(name);
    let mut schema = Vec::new();
    if login.email && !said("email") {
        schema.push(required("email"));
    }
    if login.phone && !said("phoneNumber") {
        schema.push(required("phone_number"));
    }
    let (custom, standard): (Vec<_>, Vec<_>) =
        auth.user_attributes.iter().partition(|(name, _)| name.starts_with("custom:"));
    for (name, attribute) in standard {
        schema.push(json!({
            "Name": cognito_name(name),
            "Mutable": attribute.mutable.unwrap_or(true),
            "Required": attribute.required.unwrap_or(false),
        }));
    }
    for (name, attribute) in custom {
        schema.push(custom_attribute(name.trim_start_matches("custom:"), attribute));
    }
    schema.into()
}

/// Cognito's name for a standard attribute of Amplify's.
pub fn cognito_name(name: &str) -> &str {
    let mut known = STANDARD_ATTRIBUTES.iter();
    known.find(|(amplify, _)| *amplify == name).map_or(name, |(_, cognito)| cognito)
}

fn custom_attribute(name: &str, attribute: &Attribute) -> Value {
    let data_type = attribute.data_type.unwrap_or(DataType::String);
    let mut entry = json!({
        "Name": name,
        "AttributeDataType": format!("{data_type:?}"),
        "Mutable": attribute.mutable.unwrap_or(true),
    });
    // CloudFormation takes these numbers as texts.
    let limits = |least: Option<String>, most: Option<String>, of: &str| {
        let mut limits = json!({});
        put(&mut limits, &format!("Min{of}"), least);
        put(&mut limits, &format!("Max{of}"), most);
        limits
    };
    let (key, limits) = match data_type {
        DataType::String => {
            let (least, most) = (attribute.min_len, attribute.max_len);
            let limits =
                limits(least.map(|n| n.to_string()), most.map(|n| n.to_string()), "Length");
            ("StringAttributeConstraints", limits)
        }
        DataType::Number => {
            let (least, most) = (attribute.min, attribute.max);
            let limits = limits(least.map(|n| n.to_string()), most.map(|n| n.to_string()), "Value");
            ("NumberAttributeConstraints", limits)
        }
        DataType::Boolean | DataType::DateTime => return entry,
    };
    if limits != json!({}) {
        entry[key] = limits;
    }
    entry
}

fn policies(login: &Login) -> Value {
    let mut policies = json!({ "PasswordPolicy": {
        "MinimumLength": 8,
        "RequireLowercase": true,
        "RequireNumbers": true,
        "RequireSymbols": true,
        "RequireUppercase": true,
    }});
    if login.passwordless() {
        policies["SignInPolicy"] = json!({ "AllowedFirstAuthFactors": login.first_factors() });
    }
    policies
}

/// How users recover their account; nothing for by phone in any case.
fn recovery(auth: &Auth, login: &Login) -> Option<Value> {
    use AccountRecovery as R;
    let (email, phone) = ("verified_email", "verified_phone_number");
    let default = if login.email { R::EmailOnly } else { R::PhoneOnlyWithoutMfa };
    let mechanisms = match auth.account_recovery.unwrap_or(default) {
        R::EmailAndPhoneWithoutMfa => vec![email, phone],
        R::PhoneWithoutMfaAndEmail => vec![phone, email],
        R::EmailOnly => vec![email],
        R::PhoneOnlyWithoutMfa => vec![phone],
        R::None => vec!["admin_only"],
        R::PhoneAndEmail => return None,
    };
    let mechanisms = mechanisms.into_iter().zip(1..);
    let mechanisms: Value =
        mechanisms.map(|(name, priority)| json!({ "Name": name, "Priority": priority })).collect();
    Some(json!({ "RecoveryMechanisms": mechanisms }))
}

/// Whether a code by SMS can be the second factor.
pub fn mfa_by_sms(auth: &Auth) -> bool {
    auth.multifactor
        .as_ref()
        .is_some_and(|mfa| mfa.mode != MfaMode::Off && mfa.sms.as_ref().is_some_and(Switch::is_on))
}

fn multifactor(auth: &Auth, pool: &mut Value) {
    let Some(mfa) = &auth.multifactor else {
        return;
    };
    pool["MfaConfiguration"] = mfa_configuration(mfa.mode).into();
    if mfa.mode == MfaMode::Off {
        return;
    }
    pool["EnabledMfas"] = enabled_mfas(auth).into();
    let sms = mfa.sms.as_ref().and_then(Switch::settings);
    put(pool, "SmsAuthenticationMessage", sms.map(|sms| sms.sms_message.clone()));
}

/// Cognito's name for how a second factor is used.
pub fn mfa_configuration(mode: MfaMode) -> &'static str {
    match mode {
        MfaMode::Off => "OFF",
        MfaMode::Optional => "OPTIONAL",
        MfaMode::Required => "ON",
    }
}

/// Cognito's names of the second factors.
pub fn enabled_mfas(auth: &Auth) -> Vec<&'static str> {
    let Some(mfa) = auth.multifactor.as_ref().filter(|mfa| mfa.mode != MfaMode::Off) else {
        return Vec::new();
    };
    let factors =
        [(mfa_by_sms(auth), "SMS_MFA"), (mfa.totp, "SOFTWARE_TOKEN_MFA"), (mfa.email, "EMAIL_OTP")];
    let enabled = factors.into_iter().filter(|(on, _)| *on);
    enabled.map(|(_, name)| name).collect()
}

fn web_authn(auth: &Auth, pool: &mut Value) {
    let Some(switch) = auth.login_with.web_authn.as_ref().filter(|switch| switch.is_on()) else {
        return;
    };
    pool["WebAuthnRelyingPartyID"] = relying_party(switch).into();
    pool["WebAuthnUserVerification"] = user_verification(switch).into();
}

/// The domain that passkeys are for.
pub fn relying_party(switch: &Switch<WebAuthn>) -> &str {
    let given = switch.settings().and_then(|settings| settings.relying_party_id.as_deref());
    given.filter(|id| *id != "AUTO").unwrap_or("localhost")
}

/// Whether a passkey must check who the user is.
pub fn user_verification(switch: &Switch<WebAuthn>) -> &'static str {
    match switch.settings().and_then(|settings| settings.user_verification) {
        Some(UserVerification::Required) => "required",
        _ => "preferred",
    }
}
