//! External identity providers, and the domain of the sign-in page.
//!
//! Source: `setupExternalProviders` of `@aws-amplify/auth-construct`, and the identity providers
//! of the CDK.

use serde_json::{Map, Value, json};

use super::cfn::{merged, reference};
use super::names::{DOMAIN, USER_POOL, cognito_name, logical_id};
use super::template::Template;
use crate::model::Secret;
use crate::model::auth::Auth;
use crate::model::providers::{AttributeMapping, Mapped, Oidc, Saml, SamlMetadataType, Social};

/// Providers that Cognito knows by name: logical ID, Cognito's name, Amplify's name, default scope,
/// separator of scopes, and the domain that is the identity pool's name for it.
const SOCIAL: [[&str; 6]; 4] = [
    ["GoogleProvider", "Google", "GOOGLE", "profile", " ", "accounts.google.com"],
    ["FacebookProvider", "Facebook", "FACEBOOK", "public_profile", ",", "graph.facebook.com"],
    ["AmazonProvider", "LoginWithAmazon", "LOGIN_WITH_AMAZON", "profile", " ", "www.amazon.com"],
    ["AppleProvider", "SignInWithApple", "SIGN_IN_WITH_APPLE", "name", " ", "appleid.apple.com"],
];

/// The providers that a template has.
#[derive(Default)]
pub struct Providers {
    pub ids: Vec<String>,
    pub names: Vec<String>,
    /// The client IDs for the identity pool, by domain.
    pub login_providers: Map<String, Value>,
}

pub fn add(auth: &Auth, template: &mut Template) -> Providers {
    let mut providers = Providers::default();
    let Some(external) = &auth.login_with.external_providers else {
        return providers;
    };
    // If users sign in with email only, the provider must supply the address.
    let mut names = Map::new();
    if auth.login_with.email.is_on() && !auth.login_with.phone.is_on() {
        names.insert("email".to_owned(), "email".into());
    }
    let social = [
        &external.google,
        &external.facebook,
        &external.login_with_amazon,
        &external.sign_in_with_apple,
    ];
    for (provider, [id, kind, amplify, scope, separator, domain]) in social.into_iter().zip(SOCIAL)
    {
        let Some(provider) = provider else {
            continue;
        };
        let scopes = scopes(provider.scopes.as_deref(), scope, separator);
        let details = social_details(provider, scopes, template);
        providers.login_providers.insert(domain.to_owned(), details["client_id"].clone());
        let mapping = mapping(names.clone(), provider.attribute_mapping.as_ref());
        providers.add(id, amplify, properties(kind, kind, details, mapping), template);
    }
    for provider in &external.oidc {
        let details = oidc_details(provider, template);
        let mapping = mapping(names.clone(), provider.attribute_mapping.as_ref());
        let properties = properties(&provider.name, "OIDC", details, mapping);
        let properties = merged([properties, json!({ "IdpIdentifiers": provider.identifiers })]);
        let id = format!("{}OidcProvider", logical_id(&provider.name));
        providers.add(&id, &provider.name, properties, template);
    }
    if let Some(provider) = &external.saml {
        let mapping = mapping(Map::new(), provider.attribute_mapping.as_ref());
        let details = saml_details(provider, template);
        let properties = properties(&provider.name, "SAML", details, mapping);
        let properties = merged([properties, json!({ "IdpIdentifiers": provider.identifiers })]);
        providers.add("SamlProvider", &provider.name, properties, template);
    }
    template.resource(DOMAIN, "AWS::Cognito::UserPoolDomain", domain());
    providers
}

impl Providers {
    fn add(&mut self, id: &str, name: &str, properties: Value, template: &mut Template) {
        template.resource(id, "AWS::Cognito::UserPoolIdentityProvider", properties);
        self.ids.push(id.to_owned());
        self.names.push(name.to_owned());
    }
}

fn social_details(provider: &Social, scopes: String, template: &mut Template) -> Value {
    let client_id = template.secret(&provider.client_id);
    let mut secret = |secret: &Option<Secret>| secret.as_ref().map(|it| template.secret(it));
    json!({
        "client_id": client_id,
        "client_secret": secret(&provider.client_secret),
        "team_id": secret(&provider.team_id),
        "key_id": secret(&provider.key_id),
        "private_key": secret(&provider.private_key),
        "authorize_scopes": scopes,
        "api_version": provider.api_version,
    })
}

fn oidc_details(provider: &Oidc, template: &mut Template) -> Value {
    let endpoints = provider.endpoints.as_ref();
    json!({
        "client_id": template.secret(&provider.client_id),
        "client_secret": template.secret(&provider.client_secret),
        "authorize_scopes": scopes(provider.scopes.as_deref(), "openid", " "),
        "attributes_request_method": provider.attribute_request_method,
        "oidc_issuer": template.setting(&provider.issuer_url),
        "authorize_url": endpoints.map(|it| template.setting(&it.authorization)),
        "token_url": endpoints.map(|it| template.setting(&it.token)),
        "attributes_url": endpoints.map(|it| template.setting(&it.user_info)),
        "jwks_uri": endpoints.map(|it| template.setting(&it.jwks_uri)),
    })
}

fn saml_details(provider: &Saml, template: &mut Template) -> Value {
    let key = match provider.metadata.metadata_type {
        SamlMetadataType::Url => "MetadataURL",
        SamlMetadataType::File => "MetadataFile",
    };
    let mut details = json!({ "IDPSignout": provider.idp_signout });
    details[key] = template.setting(&provider.metadata.metadata_content);
    details
}

fn properties(name: &str, kind: &str, details: Value, mapping: Option<Value>) -> Value {
    json!({
        "UserPoolId": reference(USER_POOL),
        "ProviderName": name,
        "ProviderType": kind,
        "ProviderDetails": details,
        "AttributeMapping": mapping,
    })
}

fn scopes(chosen: Option<&[String]>, default: &str, separator: &str) -> String {
    chosen.map_or_else(|| default.to_owned(), |chosen| chosen.join(separator))
}

/// Attributes of the user pool, under Cognito's names, and the provider's names for them, added to
/// `names`.
fn mapping(mut names: Map<String, Value>, mapping: Option<&AttributeMapping>) -> Option<Value> {
    for (name, mapped) in mapping.iter().flat_map(|mapping| &mapping.0) {
        match mapped {
            Mapped::Standard(at) => {
                let name =
                    if name == "emailVerified" { "email_verified" } else { cognito_name(name) };
                names.insert(name.to_owned(), at.as_str().into());
            }
            Mapped::Custom(custom) => {
                let custom = custom.iter().map(|(name, at)| (name.clone(), at.as_str().into()));
                names.extend(custom);
            }
        }
    }
    (!names.is_empty()).then_some(Value::Object(names))
}

/// The domain of the sign-in page. Its prefix must be unique in the region, so it is the unique
/// part of the stack's ID.
fn domain() -> Value {
    json!({
        "Domain": { "Fn::Select": [2, { "Fn::Split": ["/", reference("AWS::StackId")] }] },
        "UserPoolId": reference(USER_POOL),
    })
}
