//! What an app signs users in with: the app client, the identity pool with its roles, and groups.
//!
//! Source: `setupIdentityPool` and `setupUserPoolGroups` of `@aws-amplify/auth-construct`.

use indexmap::IndexSet;
use serde_json::{Value, json};

use super::cfn::{attribute, policy_document, reference, sub};
use super::names::{CLIENT, IDENTITY_POOL, USER_POOL, logical_id};
use super::providers::Providers;
use super::template::Template;
use crate::model::auth::Auth;
use crate::model::providers::Scope;
use crate::model::setting::Setting;

const AUTHENTICATED_ROLE: &str = "AuthenticatedRole";
const UNAUTHENTICATED_ROLE: &str = "UnauthenticatedRole";

/// The identity pool's name for the user pool.
const POOL_PROVIDER: &str = "cognito-idp.${AWS::Region}.amazonaws.com/${UserPool}";

pub fn add(auth: &Auth, providers: &Providers, template: &mut Template) {
    let client = client(auth, providers, template);
    template.resource(CLIENT, "AWS::Cognito::UserPoolClient", client);
    let pool = json!({
        "AllowUnauthenticatedIdentities": auth.overrides.identity_pool.allow_unauthenticated_identities,
        "CognitoIdentityProviders": [{
            "ClientId": reference(CLIENT),
            "ProviderName": sub(POOL_PROVIDER),
        }],
        "SupportedLoginProviders": providers.login_providers,
    });
    template.resource(IDENTITY_POOL, "AWS::Cognito::IdentityPool", pool);
    role(AUTHENTICATED_ROLE, "authenticated", template);
    role(UNAUTHENTICATED_ROLE, "unauthenticated", template);
    attachment(template);
    for (precedence, name) in auth.groups.iter().enumerate() {
        group(name, precedence, template);
    }
}

fn client(auth: &Auth, providers: &Providers, template: &mut Template) -> Value {
    let external = auth.login_with.external_providers.as_ref();
    let mut flows = vec!["ALLOW_CUSTOM_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
    if auth.login_with.passwordless() {
        flows.push("ALLOW_USER_AUTH");
    }
    let mut supported: Vec<_> = providers.ids.iter().map(|id| reference(id)).collect();
    supported.push("COGNITO".into());
    json!({
        "UserPoolId": reference(USER_POOL),
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthScopes": oauth_scopes(auth),
        "CallbackURLs": template.setting(&callback_urls(auth)),
        "ExplicitAuthFlows": flows,
        "PreventUserExistenceErrors": "ENABLED",
        "SupportedIdentityProviders": supported,
        "LogoutURLs": external.map(|external| template.setting(&external.logout_urls)),
    })
}

/// Where the user may go after signing in. Without external providers, Amplify and the CDK have
/// this placeholder.
pub fn callback_urls(auth: &Auth) -> Setting<Vec<String>> {
    match &auth.login_with.external_providers {
        Some(external) => external.callback_urls.clone(),
        None => Setting::Fixed(vec!["https://example.com".to_owned()]),
    }
}

/// The scopes that the app can request, with `openid` if another one needs it.
pub fn oauth_scopes(auth: &Auth) -> IndexSet<Scope> {
    use Scope::{CognitoAdmin, Email, Openid, Phone, Profile};
    let external = auth.login_with.external_providers.as_ref();
    let Some(chosen) = external.and_then(|external| external.scopes.as_ref()) else {
        return [Profile, Phone, Email, Openid, CognitoAdmin].into();
    };
    let needs_openid = chosen.iter().any(|scope| matches!(scope, Phone | Email | Profile));
    chosen.iter().copied().chain(needs_openid.then_some(Openid)).collect()
}

/// A role for users of the identity pool: `authenticated` or not.
fn role(id: &str, users: &str, template: &mut Template) {
    let trust = json!({
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": { "cognito-identity.amazonaws.com:aud": reference(IDENTITY_POOL) },
            "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": users },
        },
        "Effect": "Allow",
        "Principal": { "Federated": "cognito-identity.amazonaws.com" },
    });
    let role = json!({ "AssumeRolePolicyDocument": policy_document(vec![trust]) });
    template.resource(id, "AWS::IAM::Role", role);
}

fn attachment(template: &mut Template) {
    let attachment = json!({
        "IdentityPoolId": reference(IDENTITY_POOL),
        "RoleMappings": { "UserPoolWebClientRoleMapping": {
            "AmbiguousRoleResolution": "AuthenticatedRole",
            "IdentityProvider": sub(format!("{POOL_PROVIDER}:${{UserPoolClient}}")),
            "Type": "Token",
        }},
        "Roles": {
            "authenticated": attribute(AUTHENTICATED_ROLE, "Arn"),
            "unauthenticated": attribute(UNAUTHENTICATED_ROLE, "Arn"),
        },
    });
    let kind = "AWS::Cognito::IdentityPoolRoleAttachment";
    template.resource("IdentityPoolRoleAttachment", kind, attachment);
}

fn group(name: &str, precedence: usize, template: &mut Template) {
    let id = format!("{}Group", logical_id(name));
    let role_id = format!("{id}Role");
    role(&role_id, "authenticated", template);
    let group = json!({
        "UserPoolId": reference(USER_POOL),
        "GroupName": name,
        "Precedence": precedence,
        "RoleArn": attribute(&role_id, "Arn"),
    });
    template.resource(&id, "AWS::Cognito::UserPoolGroup", group);
}
