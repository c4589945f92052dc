//! What a frontend needs to know, under the names of Amplify's own stacks.
//!
//! Source: `storeOutput` of `@aws-amplify/auth-construct`.

use serde::Serialize;
use serde_json::{Value, json};

use super::cfn::{non_empty, reference, sub};
use super::clients::{callback_urls, oauth_scopes};
use super::names::{
    CLIENT, DOMAIN, IDENTITY_POOL, USER_POOL, cognito_name, enabled, function_id,
    implied_attributes, relying_party, second_factors, user_verification, username_attributes,
};
use super::providers::Providers;
use super::template::Template;
use crate::model::Backend;
use crate::model::auth::{Auth, MfaMode};
use crate::model::overrides::PasswordPolicy;
use crate::model::setting::Setting;

pub fn add(auth: &Auth, backend: &Backend, providers: &Providers, template: &mut Template) {
    let names = username_attributes(&auth.login_with);
    let mfa = auth.multifactor.as_ref().map_or(MfaMode::Off, |mfa| mfa.mode);
    let external = auth.login_with.external_providers.as_ref();
    let passwords = &auth.overrides.user_pool.password_policy;
    let domain = format!("${{{DOMAIN}}}.auth.${{AWS::Region}}.amazoncognito.com");
    let functions = backend.functions.keys().map(|name| format!("\"${{{}}}\"", function_id(name)));
    let functions: Vec<_> = functions.collect();
    let outputs = json!({
        "region": reference("AWS::Region"),
        "authRegion": reference("AWS::Region"),
        "userPoolId": reference(USER_POOL),
        "webClientId": reference(CLIENT),
        "identityPoolId": reference(IDENTITY_POOL),
        "allowUnauthenticatedIdentities":
            auth.overrides.identity_pool.allow_unauthenticated_identities.to_string(),
        "signupAttributes": to_json(signup_attributes(auth)),
        "usernameAttributes": to_json(&names),
        "verificationMechanisms": to_json(&names),
        "passwordPolicyMinLength": passwords.minimum_length.to_string(),
        "passwordPolicyRequirements": to_json(requirements(passwords)),
        "mfaConfiguration": mfa,
        "mfaTypes": to_json(mfa_types(auth)),
        "passwordlessOptions":
            passwordless(auth).map(|options| with_relying_party(options, auth, template)),
        "socialProviders": (!providers.names.is_empty()).then(|| to_json(&providers.names)),
        "oauthCognitoDomain": external.map(|_| sub(domain)),
        "oauthScope": to_json(oauth_scopes(auth)),
        "oauthRedirectSignIn": joined(&callback_urls(auth), template),
        "oauthRedirectSignOut": external.map(|external| joined(&external.logout_urls, template)),
        "oauthResponseType": "code",
        "oauthClientId": reference(CLIENT),
        "groups": to_json(groups(auth)),
        "definedFunctions":
            (!functions.is_empty()).then(|| sub(format!("[{}]", functions.join(",")))),
    });
    template.outputs(outputs);
}

/// An array or object as a string, since outputs are strings.
fn to_json(value: impl Serialize) -> String {
    json!(value).to_string()
}

fn requirements(passwords: &PasswordPolicy) -> Vec<&'static str> {
    enabled([
        (passwords.require_numbers, "REQUIRES_NUMBERS"),
        (passwords.require_lowercase, "REQUIRES_LOWERCASE"),
        (passwords.require_uppercase, "REQUIRES_UPPERCASE"),
        (passwords.require_symbols, "REQUIRES_SYMBOLS"),
    ])
}

/// The attributes that each user must have.
fn signup_attributes(auth: &Auth) -> Vec<&str> {
    let required = auth.user_attributes.iter().filter(|(_, a)| a.required == Some(true));
    let required = required.map(|(key, _)| cognito_name(key));
    implied_attributes(auth).into_iter().chain(required).collect()
}

fn mfa_types(auth: &Auth) -> Value {
    let names = second_factors(auth).into_iter().map(|name| match name {
        "SMS_MFA" => "SMS",
        "SOFTWARE_TOKEN_MFA" => "TOTP",
        _ => "EMAIL",
    });
    names.collect()
}

fn passwordless(auth: &Auth) -> Option<Value> {
    let login = &auth.login_with;
    let by_code = |is_on: bool| login.passwordless().then_some(is_on);
    let passkeys = relying_party(&login.web_authn).map(|domain| {
        json!({
            "relyingPartyId": domain.known().map_or("", String::as_str),
            "userVerification": user_verification(login),
        })
    });
    non_empty(json!({
        "emailOtpEnabled": by_code(login.email_code()),
        "smsOtpEnabled": by_code(login.sms_code()),
        "webAuthn": passkeys,
        "preferredChallenge":
            auth.passwordless_options.as_ref().and_then(|options| options.preferred_challenge),
    }))
}

/// `options` as a string, with the relying party of the environment.
fn with_relying_party(mut options: Value, auth: &Auth, template: &mut Template) -> Value {
    let Some(Setting::Parameter(parameter)) = relying_party(&auth.login_with.web_authn) else {
        return to_json(options).into();
    };
    options["webAuthn"]["relyingPartyId"] = "${RelyingParty}".into();
    let value = template.parameter(&parameter);
    json!({ "Fn::Sub": [to_json(options), { "RelyingParty": value }] })
}

fn joined(list: &Setting<Vec<String>>, template: &mut Template) -> Value {
    match list {
        Setting::Fixed(list) => list.join(",").into(),
        Setting::Parameter(list) => json!({ "Fn::Join": [",", template.parameter(list)] }),
    }
}

fn groups(auth: &Auth) -> Value {
    let groups = auth.groups.iter().enumerate();
    groups.map(|(precedence, name)| json!({ name: { "precedence": precedence } })).collect()
}
