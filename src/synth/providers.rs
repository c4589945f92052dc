//! External identity providers, and the domain that users sign in with them at.
//!
//! Source: `setupExternalProviders` of `@aws-amplify/auth-construct`, and the identity providers
//! of the CDK.

use serde_json::{Map, Value, json};

use super::login::Login;
use super::names::distinct;
use super::template::Template;
use super::user_pool::{cognito_name, put};
use super::{USER_POOL, reference};
use crate::error::Result;
use crate::model::auth::Auth;
use crate::model::providers::{
    AttributeMapping, ExternalProviders, Mapped, Oidc, RequestMethod, Saml, SamlMetadataType,
};

/// The logical ID of the domain.
pub const DOMAIN: &str = "UserPoolDomain";

/// The providers that a template has.
#[derive(Default)]
pub struct Providers {
    /// Their logical IDs.
    pub ids: Vec<String>,
    /// Amplify's names for them.
    pub names: Vec<String>,
    /// What the identity pool knows of them, by their domain.
    pub login_providers: Map<String, Value>,
}

pub fn add(auth: &Auth, template: &mut Template) -> Result<Providers> {
    let mut providers = Providers::default();
    let Some(external) = &auth.login_with.external_providers else {
        return Ok(providers);
    };
    let login = Login::new(auth);
    // With e-mail alone, the address is what a user of a provider must come with.
    let maps_email = login.email && !login.phone;
    for provider in social(external, template)? {
        let mapping = mapping(provider.mapping, maps_email);
        let properties =
            provider_properties(provider.kind, provider.kind, provider.details, mapping);
        providers.add(provider.id, provider.amplify, properties, template);
        if let Some((domain, client_id)) = provider.login {
            providers.login_providers.insert(domain.to_owned(), client_id);
        }
    }
    for provider in &external.oidc {
        let details = oidc_details(provider, template)?;
        let mapping = mapping(provider.attribute_mapping.as_ref(), maps_email);
        let mut properties = provider_properties(&provider.name, "OIDC", details, mapping);
        put(&mut properties, "IdpIdentifiers", provider.identifiers.clone());
        let id = format!("{}OidcProvider", distinct(&provider.name));
        providers.add(&id, &provider.name, properties, template);
    }
    if let Some(provider) = &external.saml {
        let mapping = mapping(provider.attribute_mapping.as_ref(), false);
        let details = saml_details(provider);
        let mut properties = provider_properties(&provider.name, "SAML", details, mapping);
        put(&mut properties, "IdpIdentifiers", provider.identifiers.clone());
        providers.add("SamlProvider", &provider.name, properties, template);
    }
    template.resource(DOMAIN, "AWS::Cognito::UserPoolDomain", domain());
    Ok(providers)
}

impl Providers {
    fn add(&mut self, id: &str, name: &str, properties: Value, template: &mut Template) {
        template.resource(id, "AWS::Cognito::UserPoolIdentityProvider", properties);
        self.ids.push(id.to_owned());
        self.names.push(name.to_owned());
    }
}

/// A provider that Cognito knows by name.
struct Social<'a> {
    id: &'static str,
    kind: &'static str,
    amplify: &'static str,
    details: Value,
    mapping: Option<&'a AttributeMapping>,
    login: Option<(&'static str, Value)>,
}

fn social<'a>(external: &'a ExternalProviders, template: &mut Template) -> Result<Vec<Social<'a>>> {
    let mut social = Vec::new();
    if let Some(google) = &external.google {
        let client_id = template.secret(&google.client_id)?;
        social.push(Social {
            id: "GoogleProvider",
            kind: "Google",
            amplify: "GOOGLE",
            details: json!({
                "client_id": client_id,
                "client_secret": template.secret(&google.client_secret)?,
                "authorize_scopes": scopes(google.scopes.as_deref(), "profile", " "),
            }),
            mapping: google.attribute_mapping.as_ref(),
            login: Some(("accounts.google.com", client_id)),
        });
    }
    if let Some(facebook) = &external.facebook {
        let client_id = template.secret(&facebook.client_id)?;
        let mut details = json!({
            "client_id": client_id,
            "client_secret": template.secret(&facebook.client_secret)?,
            "authorize_scopes": scopes(facebook.scopes.as_deref(), "public_profile", ","),
        });
        put(&mut details, "api_version", facebook.api_version.clone());
        social.push(Social {
            id: "FacebookProvider",
            kind: "Facebook",
            amplify: "FACEBOOK",
            details,
            mapping: facebook.attribute_mapping.as_ref(),
            login: Some(("graph.facebook.com", client_id)),
        });
    }
    if let Some(amazon) = &external.login_with_amazon {
        let client_id = template.secret(&amazon.client_id)?;
        social.push(Social {
            id: "AmazonProvider",
            kind: "LoginWithAmazon",
            amplify: "LOGIN_WITH_AMAZON",
            details: json!({
                "client_id": client_id,
                "client_secret": template.secret(&amazon.client_secret)?,
                "authorize_scopes": scopes(amazon.scopes.as_deref(), "profile", " "),
            }),
            mapping: amazon.attribute_mapping.as_ref(),
            login: Some(("www.amazon.com", client_id)),
        });
    }
    if let Some(apple) = &external.sign_in_with_apple {
        let client_id = template.secret(&apple.client_id)?;
        social.push(Social {
            id: "AppleProvider",
            kind: "SignInWithApple",
            amplify: "SIGN_IN_WITH_APPLE",
            details: json!({
                "client_id": client_id,
                "team_id": template.secret(&apple.team_id)?,
                "key_id": template.secret(&apple.key_id)?,
                "private_key": template.secret(&apple.private_key)?,
                "authorize_scopes": scopes(apple.scopes.as_deref(), "name", " "),
            }),
            mapping: apple.attribute_mapping.as_ref(),
            login: Some(("appleid.apple.com", client_id)),
        });
    }
    Ok(social)
}

fn oidc_details(provider: &Oidc, template: &mut Template) -> Result<Value> {
    let method = match provider.attribute_request_method {
        Some(RequestMethod::Post) => "POST",
        Some(RequestMethod::Get) | None => "GET",
    };
    let mut details = json!({
        "client_id": template.secret(&provider.client_id)?,
        "client_secret": template.secret(&provider.client_secret)?,
        "authorize_scopes": scopes(provider.scopes.as_deref(), "openid", " "),
        "attributes_request_method": method,
        "oidc_issuer": provider.issuer_url,
    });
    if let Some(endpoints) = &provider.endpoints {
        details["authorize_url"] = endpoints.authorization.as_str().into();
        details["token_url"] = endpoints.token.as_str().into();
        details["attributes_url"] = endpoints.user_info.as_str().into();
        details["jwks_uri"] = endpoints.jwks_uri.as_str().into();
    }
    Ok(details)
}

fn saml_details(provider: &Saml) -> Value {
    let key = match provider.metadata.metadata_type {
        SamlMetadataType::Url => "MetadataURL",
        SamlMetadataType::File => "MetadataFile",
    };
    let mut details = json!({ "IDPSignout": provider.idp_signout });
    details[key] = provider.metadata.metadata_content.as_str().into();
    details
}

fn provider_properties(name: &str, kind: &str, details: Value, mapping: Option<Value>) -> Value {
    let mut properties = json!({
        "UserPoolId": reference(USER_POOL),
        "ProviderName": name,
        "ProviderType": kind,
        "ProviderDetails": details,
    });
    put(&mut properties, "AttributeMapping", mapping);
    properties
}

fn scopes(chosen: Option<&[String]>, default: &str, separator: &str) -> String {
    chosen.map_or_else(|| default.to_owned(), |chosen| chosen.join(separator))
}

/// Attributes of the user pool by where they are at the provider, all in Cognito's names.
fn mapping(mapping: Option<&AttributeMapping>, maps_email: bool) -> Option<Value> {
    let mut names = Map::new();
    if maps_email {
        names.insert("email".to_owned(), "email".into());
    }
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

/// The domain of the sign-in page. Its prefix must be nobody else's in the region, so it is the
/// unique part of the stack's own ID.
fn domain() -> Value {
    json!({
        "Domain": { "Fn::Select": [2, { "Fn::Split": ["/", reference("AWS::StackId")] }] },
        "UserPoolId": reference(USER_POOL),
    })
}
