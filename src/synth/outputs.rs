//! What a frontend needs to know, by the names that Amplify's own stacks have for it.
//!
//! Source: `storeOutput` of `@aws-amplify/auth-construct`.

use serde_json::{Map, Value, json};

use super::clients::{callback_urls, oauth_scopes};
use super::functions::function_id;
use super::login::Login;
use super::providers::{DOMAIN, Providers};
use super::template::Template;
use super::user_pool::{
    cognito_name, enabled_mfas, mfa_configuration, relying_party, user_verification,
};
use super::{CLIENT, IDENTITY_POOL, USER_POOL, reference, sub};
use crate::model::Backend;
use crate::model::auth::{Auth, Challenge, MfaMode};

pub fn add(auth: &Auth, backend: &Backend, providers: &Providers, template: &mut Template) {
    let login = Login::new(auth);
    let mfa = auth.multifactor.as_ref().map_or(MfaMode::Off, |mfa| mfa.mode);
    let external = auth.login_with.external_providers.as_ref();
    template.output("region", reference("AWS::Region"));
    template.output("authRegion", reference("AWS::Region"));
    template.output("userPoolId", reference(USER_POOL));
    template.output("webClientId", reference(CLIENT));
    template.output("identityPoolId", reference(IDENTITY_POOL));
    template.output("allowUnauthenticatedIdentities", "true");
    template.output("signupAttributes", text(&signup_attributes(auth, &login)));
    template.output("usernameAttributes", text(&login.attributes()));
    template.output("verificationMechanisms", text(&login.attributes()));
    template.output("passwordPolicyMinLength", "8");
    template.output(
        "passwordPolicyRequirements",
        text(&json!([
            "REQUIRES_NUMBERS",
            "REQUIRES_LOWERCASE",
            "REQUIRES_UPPERCASE",
            "REQUIRES_SYMBOLS",
        ])),
    );
    template.output("mfaConfiguration", mfa_configuration(mfa));
    template.output("mfaTypes", text(&mfa_types(auth)));
    if let Some(options) = passwordless(auth, &login) {
        template.output("passwordlessOptions", text(&options));
    }
    if !providers.names.is_empty() {
        template.output("socialProviders", text(&json!(providers.names)));
    }
    if external.is_some() {
        let domain = format!("${{{DOMAIN}}}.auth.${{AWS::Region}}.amazoncognito.com");
        template.output("oauthCognitoDomain", sub(domain));
    }
    template.output("oauthScope", text(&json!(oauth_scopes(auth))));
    template.output("oauthRedirectSignIn", callback_urls(auth).join(","));
    if let Some(external) = external {
        template.output("oauthRedirectSignOut", external.logout_urls.join(","));
    }
    template.output("oauthResponseType", "code");
    template.output("oauthClientId", reference(CLIENT));
    template.output("groups", text(&groups(auth)));
    let functions = backend.functions.keys().map(|name| format!("\"${{{}}}\"", function_id(name)));
    let functions: Vec<_> = functions.collect();
    if !functions.is_empty() {
        template.output("definedFunctions", sub(format!("[{}]", functions.join(","))));
    }
}

/// A list or an object as a text, which is all that an output can be.
fn text(value: &Value) -> String {
    value.to_string()
}

/// The attributes that each user must have.
fn signup_attributes(auth: &Auth, login: &Login) -> Value {
    let mut names = Vec::new();
    for (key, on) in [("email", login.email), ("phoneNumber", login.phone)] {
        if on && !auth.user_attributes.contains_key(key) {
            names.push(cognito_name(key));
        }
    }
    let required = auth.user_attributes.iter().filter(|(_, a)| a.required == Some(true));
    names.extend(required.map(|(name, _)| cognito_name(name)));
    names.into()
}

fn mfa_types(auth: &Auth) -> Value {
    let names = enabled_mfas(auth).into_iter().map(|name| match name {
        "SMS_MFA" => "SMS",
        "SOFTWARE_TOKEN_MFA" => "TOTP",
        _ => "EMAIL",
    });
    names.collect()
}

fn passwordless(auth: &Auth, login: &Login) -> Option<Value> {
    let mut options = Map::new();
    if login.passwordless() {
        options.insert("emailOtpEnabled".to_owned(), login.email_code().into());
        options.insert("smsOtpEnabled".to_owned(), login.sms_code().into());
    }
    if let Some(switch) = auth.login_with.web_authn.as_ref().filter(|_| login.passkeys()) {
        options.insert(
            "webAuthn".to_owned(),
            json!({
                "relyingPartyId": relying_party(switch),
                "userVerification": user_verification(switch),
            }),
        );
    }
    let preferred = auth.passwordless_options.as_ref().and_then(|o| o.preferred_challenge);
    if let Some(challenge) = preferred {
        let name = match challenge {
            Challenge::EmailOtp => "EMAIL_OTP",
            Challenge::SmsOtp => "SMS_OTP",
            Challenge::Password => "PASSWORD",
            Challenge::WebAuthn => "WEB_AUTHN",
        };
        options.insert("preferredChallenge".to_owned(), name.into());
    }
    (!options.is_empty()).then_some(Value::Object(options))
}

fn groups(auth: &Auth) -> Value {
    let groups = auth.groups.iter().enumerate();
    groups.map(|(precedence, name)| json!({ name: { "precedence": precedence } })).collect()
}
