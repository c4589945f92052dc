//! What a frontend needs to know, under the names of Amplify's own stacks.
//!
//! Source: `storeOutput` of `@aws-amplify/auth-construct`.

use serde::Serialize;
use serde_json::{Value, json};

use super::cfn::{non_empty, reference, set_optional, sub};
use super::clients::{callback_urls, oauth_scopes};
use super::names::{
    CLIENT, DOMAIN, IDENTITY_POOL, USER_POOL, cognito_name, enabled, function_id, relying_party,
    second_factors, username_attributes,
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
    template.output("region", reference("AWS::Region"));
    template.output("authRegion", reference("AWS::Region"));
    template.output("userPoolId", reference(USER_POOL));
    template.output("webClientId", reference(CLIENT));
    template.output("identityPoolId", reference(IDENTITY_POOL));
    let guests = auth.overrides.identity_pool.allow_unauthenticated_identities;
    template.output("allowUnauthenticatedIdentities", guests.to_string());
    template.output("signupAttributes", to_json(signup_attributes(auth)));
    template.output("usernameAttributes", to_json(&names));
    template.output("verificationMechanisms", to_json(&names));
    let passwords = &auth.overrides.user_pool.password_policy;
    template.output("passwordPolicyMinLength", passwords.minimum_length.to_string());
    template.output("passwordPolicyRequirements", to_json(requirements(passwords)));
    template.output("mfaConfiguration", json!(mfa));
    template.output("mfaTypes", to_json(mfa_types(auth)));
    if let Some(options) = passwordless(auth) {
        let options = with_relying_party(options, auth, template);
        template.output("passwordlessOptions", options);
    }
    if !providers.names.is_empty() {
        template.output("socialProviders", to_json(&providers.names));
    }
    if external.is_some() {
        let domain = format!("${{{DOMAIN}}}.auth.${{AWS::Region}}.amazoncognito.com");
        template.output("oauthCognitoDomain", sub(domain));
    }
    template.output("oauthScope", to_json(oauth_scopes(auth)));
    let callback_urls = joined(&callback_urls(auth), template);
    template.output("oauthRedirectSignIn", callback_urls);
    if let Some(external) = external {
        let logout_urls = joined(&external.logout_urls, template);
        template.output("oauthRedirectSignOut", logout_urls);
    }
    template.output("oauthResponseType", "code");
    template.output("oauthClientId", reference(CLIENT));
    template.output("groups", to_json(groups(auth)));
    let functions = backend.functions.keys().map(|name| format!("\"${{{}}}\"", function_id(name)));
    let functions: Vec<_> = functions.collect();
    if !functions.is_empty() {
        template.output("definedFunctions", sub(format!("[{}]", functions.join(","))));
    }
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
    let (email, phone) = (auth.login_with.email.is_on(), auth.login_with.phone.is_on());
    let login = [("email", email), ("phoneNumber", phone)].into_iter();
    let login = login.filter(|(key, on)| *on && !auth.user_attributes.contains_key(*key));
    let required = auth.user_attributes.iter().filter(|(_, a)| a.required == Some(true));
    let keys = login.map(|(key, _)| key).chain(required.map(|(key, _)| key.as_str()));
    keys.map(cognito_name).collect()
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
    let mut options = json!({});
    if login.passwordless() {
        options["emailOtpEnabled"] = login.email_code().into();
        options["smsOtpEnabled"] = login.sms_code().into();
    }
    if login.web_authn.is_on() {
        let passkeys = login.web_authn.settings();
        let verification = passkeys.map(|settings| settings.user_verification);
        options["webAuthn"] = json!({
            "relyingPartyId": relying_party(passkeys).known().map_or("", String::as_str),
            "userVerification": verification.unwrap_or_default(),
        });
    }
    let preferred = auth.passwordless_options.as_ref().and_then(|o| o.preferred_challenge);
    set_optional(&mut options, "preferredChallenge", preferred);
    non_empty(options)
}

/// `options` as a string, with the relying party of the environment.
fn with_relying_party(mut options: Value, auth: &Auth, template: &mut Template) -> Value {
    let settings = auth.login_with.web_authn.settings();
    match relying_party(settings) {
        Setting::Fixed(_) => to_json(options).into(),
        Setting::Parameter(parameter) => {
            options["webAuthn"]["relyingPartyId"] = "${RelyingParty}".into();
            let value = template.parameter(&parameter);
            json!({ "Fn::Sub": [to_json(options), { "RelyingParty": value }] })
        }
    }
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
