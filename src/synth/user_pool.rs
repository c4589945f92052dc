//! The user pool.
//!
//! Source: `getUserPoolProps` of `@aws-amplify/auth-construct`, `UserPool` of the CDK.

use serde_json::{Value, json};

use super::cfn::set_optional;
use super::messages::{email_configuration, invitation, sms, verification};
use super::names::{
    USER_POOL, cognito_name, first_factors, relying_party, second_factors, username_attributes,
};
use super::template::Template;
use super::triggers::{self, TriggerCall};
use crate::model::auth::{AccountRecovery, Attribute, Auth, DataType, Sender};

pub fn add(auth: &Auth, calls: &[TriggerCall], template: &mut Template) {
    let (login, overrides) = (&auth.login_with, &auth.overrides.user_pool);
    let names = username_attributes(login);
    let mut pool = json!({});
    let name = auth.name.as_ref().map(|name| template.setting(name));
    set_optional(&mut pool, "UserPoolName", name);
    pool["UsernameAttributes"] = json!(names);
    pool["UsernameConfiguration"] = json!({ "CaseSensitive": false });
    pool["AutoVerifiedAttributes"] = json!(names);
    pool["UserAttributeUpdateSettings"] =
        json!({ "AttributesRequireVerificationBeforeUpdate": names });
    pool["Schema"] = schema(auth);
    pool["Policies"] = policies(auth);
    pool["AdminCreateUserConfig"] =
        json!({ "AllowAdminCreateUserOnly": overrides.allow_admin_create_user_only });
    set_optional(
        &mut pool["AdminCreateUserConfig"],
        "InviteMessageTemplate",
        login.email.settings().and_then(|email| email.user_invitation.as_ref()).map(invitation),
    );
    verification(login, &mut pool);
    set_optional(&mut pool, "AccountRecoverySetting", recovery(auth));
    multifactor(auth, &mut pool);
    sms(auth, &mut pool, template);
    if let Some(Sender::Service(ses)) = &auth.senders.email {
        pool["EmailConfiguration"] = email_configuration(ses, overrides, template);
    }
    set_optional(&mut pool, "DeletionProtection", overrides.deletion_protection);
    if login.web_authn.is_on() {
        let passkeys = login.web_authn.settings();
        let verification = passkeys.map(|settings| settings.user_verification);
        pool["WebAuthnRelyingPartyID"] = template.setting(&relying_party(passkeys));
        pool["WebAuthnUserVerification"] = json!(verification.unwrap_or_default());
    }
    set_optional(&mut pool, "LambdaConfig", triggers::lambda_config(auth, calls, template));
    template.resource(USER_POOL, "AWS::Cognito::UserPool", pool);
}

/// The attributes of users. What users sign in with is required, unless the file says otherwise.
fn schema(auth: &Auth) -> Value {
    let mut schema = Vec::new();
    let (email, phone) = (auth.login_with.email.is_on(), auth.login_with.phone.is_on());
    for (key, on) in [("email", email), ("phoneNumber", phone)] {
        if on && !auth.user_attributes.contains_key(key) {
            let name = cognito_name(key);
            schema.push(json!({ "Name": name, "Mutable": true, "Required": true }));
        }
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

fn custom_attribute(name: &str, attribute: &Attribute) -> Value {
    let mut entry = json!({
        "Name": name,
        "AttributeDataType": attribute.data_type,
        "Mutable": attribute.mutable.unwrap_or(true),
    });
    let (key, of, least, most) = match attribute.data_type {
        DataType::String => {
            let (least, most) =
                (attribute.min_len.map(i64::from), attribute.max_len.map(i64::from));
            ("StringAttributeConstraints", "Length", least, most)
        }
        DataType::Number => ("NumberAttributeConstraints", "Value", attribute.min, attribute.max),
        DataType::Boolean | DataType::DateTime => return entry,
    };
    // These numbers are strings in CloudFormation.
    let mut limits = json!({});
    set_optional(&mut limits, &format!("Min{of}"), least.map(|least| least.to_string()));
    set_optional(&mut limits, &format!("Max{of}"), most.map(|most| most.to_string()));
    entry[key] = limits;
    entry
}

fn policies(auth: &Auth) -> Value {
    let login = &auth.login_with;
    let mut policies = json!({ "PasswordPolicy": auth.overrides.user_pool.password_policy });
    if login.passwordless() {
        policies["SignInPolicy"] = json!({ "AllowedFirstAuthFactors": first_factors(login) });
    }
    policies
}

/// How users recover their account; `None` for [`AccountRecovery::PhoneAndEmail`].
fn recovery(auth: &Auth) -> Option<Value> {
    use AccountRecovery as R;
    let (email, phone) = ("verified_email", "verified_phone_number");
    let mechanisms = match auth.recovery() {
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

fn multifactor(auth: &Auth, pool: &mut Value) {
    set_optional(pool, "MfaConfiguration", auth.multifactor.as_ref().map(|mfa| mfa.mode));
    if let Some(mfa) = auth.second_factors() {
        pool["EnabledMfas"] = json!(second_factors(auth));
        let sms = mfa.sms.settings().map(|sms| &sms.sms_message);
        set_optional(pool, "SmsAuthenticationMessage", sms);
    }
}
