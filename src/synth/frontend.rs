//! `amplify_outputs.json`, which Amplify's frontend libraries read.
//!
//! Source: `AuthClientConfigContributor` and the schema V1.5 of `@aws-amplify/client-config`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::cfn::present;
use crate::error::{Error, Result};
use crate::program::command;

/// The version of the file's schema.
const VERSION: &str = "1.5";

/// The providers that the libraries know by name.
const SOCIAL: [&str; 4] = ["GOOGLE", "FACEBOOK", "LOGIN_WITH_AMAZON", "SIGN_IN_WITH_APPLE"];

/// Makes the file from what `aws cloudformation describe-stacks` prints.
///
/// # Errors
/// When no stack has the outputs of a synthesized template, or one of them is not valid.
pub fn frontend_outputs(described: &Value) -> Result<Value> {
    let outputs = StackOutputs::of_stack(described)?;
    let of = |output: &str, make: fn(&StackOutputs) -> Result<Value>| -> Result<Option<Value>> {
        outputs.has(output).then(|| make(&outputs)).transpose()
    };
    let auth = json!({
        "user_pool_id": outputs.string("userPoolId")?,
        "aws_region": outputs.string("authRegion")?,
        "user_pool_client_id": outputs.string("webClientId")?,
        "identity_pool_id": outputs.string("identityPoolId")?,
        "mfa_methods": outputs.json("mfaTypes")?,
        "standard_required_attributes": outputs.json("signupAttributes")?,
        "username_attributes": outputs.json("usernameAttributes")?,
        "user_verification_types": outputs.json("verificationMechanisms")?,
        "groups": outputs.json("groups")?,
        "mfa_configuration": match outputs.string("mfaConfiguration")? {
            "ON" => "REQUIRED",
            "OPTIONAL" => "OPTIONAL",
            _ => "NONE",
        },
        "password_policy": password_policy(&outputs)?,
        "unauthenticated_identities_enabled":
            outputs.string("allowUnauthenticatedIdentities")? == "true",
        "oauth": of("oauthRedirectSignOut", oauth)?,
        "passwordless": of("passwordlessOptions", passwordless)?,
    });
    Ok(json!({ "version": VERSION, "auth": present(auth) }))
}

fn password_policy(outputs: &StackOutputs) -> Result<Value> {
    let requirements = outputs.json("passwordPolicyRequirements")?;
    let requirements = requirements.as_array().cloned().unwrap_or_default();
    let requires = |name: &str| requirements.iter().any(|requirement| requirement == name);
    let length = outputs.json("passwordPolicyMinLength")?;
    Ok(json!({
        "min_length": length,
        "require_lowercase": requires("REQUIRES_LOWERCASE"),
        "require_numbers": requires("REQUIRES_NUMBERS"),
        "require_symbols": requires("REQUIRES_SYMBOLS"),
        "require_uppercase": requires("REQUIRES_UPPERCASE"),
    }))
}

fn oauth(outputs: &StackOutputs) -> Result<Value> {
    let list = |name: &str| -> Result<Vec<&str>> { Ok(outputs.string(name)?.split(',').collect()) };
    let providers = outputs.has("socialProviders").then(|| outputs.json("socialProviders"));
    let providers = providers.transpose()?.unwrap_or_default();
    let providers = providers.as_array().cloned().unwrap_or_default();
    let social = providers.into_iter().filter(|name| SOCIAL.iter().any(|known| name == known));
    Ok(json!({
        "identity_providers": social.collect::<Vec<_>>(),
        "redirect_sign_in_uri": list("oauthRedirectSignIn")?,
        "redirect_sign_out_uri": list("oauthRedirectSignOut")?,
        "response_type": outputs.string("oauthResponseType")?,
        "scopes": outputs.json("oauthScope")?,
        "domain": outputs.string("oauthCognitoDomain")?,
    }))
}

fn passwordless(outputs: &StackOutputs) -> Result<Value> {
    let options = outputs.json("passwordlessOptions")?;
    let passkeys = options.get("webAuthn").map(|passkeys| {
        json!({
            "relying_party_id": passkeys["relyingPartyId"],
            "user_verification": passkeys["userVerification"],
        })
    });
    Ok(json!({
        "email_otp_enabled": options["emailOtpEnabled"],
        "sms_otp_enabled": options["smsOtpEnabled"],
        "preferred_challenge": options["preferredChallenge"],
        "web_authn": passkeys,
    }))
}

struct StackOutputs<'a>(BTreeMap<String, &'a str>);

impl<'a> StackOutputs<'a> {
    /// The outputs of the first stack that has a user pool.
    fn of_stack(described: &'a Value) -> Result<Self> {
        let stacks = described["Stacks"].as_array().into_iter().flatten();
        let mut outputs = stacks.map(|stack| {
            let outputs = stack["Outputs"].as_array().into_iter().flatten();
            let outputs = outputs.filter_map(|output| {
                Some((output["OutputKey"].as_str()?.to_owned(), output["OutputValue"].as_str()?))
            });
            Self(outputs.collect())
        });
        outputs.find(|outputs| outputs.has("userPoolId")).ok_or_else(|| {
            Error::failed("there is no stack with the output `userPoolId`")
                .hint("give what `aws cloudformation describe-stacks --stack-name NAME` prints")
                .hint(format!("deploy the template of `{}` first", command("synth")))
        })
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn string(&self, name: &str) -> Result<&'a str> {
        self.0.get(name).copied().ok_or_else(|| {
            Error::failed(format!("the stack has no output `{name}`"))
                .hint(format!("deploy the template of `{}` again", command("synth")))
        })
    }

    /// An output that is a string of JSON.
    fn json(&self, name: &str) -> Result<Value> {
        serde_json::from_str(self.string(name)?).map_err(|error| {
            Error::failed(format!("the output `{name}` is not JSON")).with_source(error)
        })
    }
}
