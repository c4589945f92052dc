//! The user pool.
//!
//! Source: `getUserPoolProps` of `@aws-amplify/auth-construct`, `UserPool` of the CDK.

use serde_json::{Value, json};

use super::cfn::merged;
use super::messages::{email_configuration, invitation, sms, verification};
use super::names::{
    USER_POOL, cognito_name, first_factors, implied_attributes, relying_party, second_factors,
    user_verification, username_attributes,
};
use super::template::Template;
use super::triggers::{self, TriggerCall};
use crate::model::auth::{AccountRecovery, Attribute, Auth, DataType, Sender};

pub fn add(auth: &Auth, calls: &[TriggerCall], template: &mut Template) {
    let (login, overrides) = (&auth.login_with, &auth.overrides.user_pool);
    let names = username_attributes(login);
    let invited = login.email.settings().and_then(|email| email.user_invitation.as_ref());
    let users = json!({
        "UserPoolName": auth.name.as_ref().map(|name| template.setting(name)),
        "UsernameAttributes": names,
        "UsernameConfiguration": { "CaseSensitive": false },
        "AutoVerifiedAttributes": names,
        "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": names },
        "Schema": schema(auth),
        "Policies": policies(auth),
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": overrides.allow_admin_create_user_only,
            "InviteMessageTemplate": invited.map(invitation),
        },
    });
    let second = auth.second_factors();
    let ses = auth.senders.email.as_ref().and_then(Sender::service);
    let passkeys = relying_party(&login.web_authn);
    let more = json!({
        "AccountRecoverySetting": recovery(auth),
        "MfaConfiguration": auth.multifactor.as_ref().map(|mfa| mfa.mode),
        "EnabledMfas": second.map(|_| second_factors(auth)),
        "SmsAuthenticationMessage":
            second.and_then(|mfa| mfa.sms.settings()).map(|sms| &sms.sms_message),
        "SmsConfiguration": sms(auth, template),
        "EmailConfiguration": ses.map(|ses| email_configuration(ses, overrides, template)),
        "DeletionProtection": overrides.deletion_protection,
        "WebAuthnRelyingPartyID": passkeys.as_ref().map(|domain| template.setting(domain)),
        "WebAuthnUserVerification": passkeys.map(|_| user_verification(login)),
        "LambdaConfig": triggers::lambda_config(auth, calls, template),
    });
    let pool = merged([users, verification(login), more]);
    template.resource(USER_POOL, "AWS::Cognito::UserPool", pool);
}

/// The attributes of users. What users sign in with is required, unless the file says otherwise.
fn schema(auth: &Auth) -> Value {
    let implied = implied_attributes(auth).into_iter();
    let implied = implied.map(|name| json!({ "Name": name, "Mutable": true, "Required": true }));
    let (custom, standard): (Vec<_>, Vec<_>) =
        auth.user_attributes.iter().partition(|(name, _)| name.starts_with("custom:"));
    let standard = standard.into_iter().map(|(name, attribute)| {
        json!({
            "Name": cognito_name(name),
            "Mutable": attribute.mutable.unwrap_or(true),
            "Required": attribute.required.unwrap_or(false),
        })
    });
    let custom = custom
        .into_iter()
        .map(|(name, attribute)| custom_attribute(name.trim_start_matches("custom:"), attribute));
    implied.chain(standard).chain(custom).collect()
}

fn custom_attribute(name: &str, attribute: &Attribute) -> Value {
    let Attribute { min, max, min_len, max_len, .. } = attribute;
    // These numbers are strings in CloudFormation.
    let lengths = json!({
        "MinLength": min_len.map(|least| least.to_string()),
        "MaxLength": max_len.map(|most| most.to_string()),
    });
    let values = json!({
        "MinValue": min.map(|least| least.to_string()),
        "MaxValue": max.map(|most| most.to_string()),
    });
    json!({
        "Name": name,
        "AttributeDataType": attribute.data_type,
        "Mutable": attribute.mutable.unwrap_or(true),
        "StringAttributeConstraints": (attribute.data_type == DataType::String).then_some(lengths),
        "NumberAttributeConstraints": (attribute.data_type == DataType::Number).then_some(values),
    })
}

fn policies(auth: &Auth) -> Value {
    let login = &auth.login_with;
    let sign_in = json!({ "AllowedFirstAuthFactors": first_factors(login) });
    json!({
        "PasswordPolicy": auth.overrides.user_pool.password_policy,
        "SignInPolicy": login.passwordless().then_some(sign_in),
    })
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
