//! `loginWith.externalProviders`: identity providers.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::Secret;
use super::setting::Setting;

/// Identity providers, and where the user goes after signing in and out.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExternalProviders {
    /// Google.
    #[cfg_attr(test, schemars(default, schema_with = "super::schema::plain_provider"))]
    pub google: Option<Social>,
    /// Facebook.
    #[cfg_attr(test, schemars(default, schema_with = "super::schema::facebook"))]
    pub facebook: Option<Social>,
    /// Login with Amazon.
    #[cfg_attr(test, schemars(default, schema_with = "super::schema::plain_provider"))]
    pub login_with_amazon: Option<Social>,
    /// Sign in with Apple.
    #[cfg_attr(test, schemars(default, schema_with = "super::schema::apple"))]
    pub sign_in_with_apple: Option<Social>,
    /// OpenID Connect providers.
    #[serde(default)]
    pub oidc: Vec<Oidc>,
    /// A SAML provider.
    pub saml: Option<Saml>,
    /// The scopes that the app can request [default: all of them].
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub scopes: Option<Vec<Scope>>,
    /// Where the user may go after signing in.
    #[cfg_attr(test, schemars(with = "Setting<super::schema::NotEmpty>"))]
    pub callback_urls: Setting<Vec<String>>,
    /// Where the user may go after signing out.
    #[cfg_attr(test, schemars(with = "Setting<super::schema::NotEmpty>"))]
    pub logout_urls: Setting<Vec<String>>,
}

/// What a token permits the app to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all(serialize = "lowercase", deserialize = "SCREAMING_SNAKE_CASE"))]
pub enum Scope {
    /// Read the phone number.
    Phone,
    /// Read the email address.
    Email,
    /// Read all attributes that the app may read.
    Openid,
    /// Read all attributes that the app may read, from the user info endpoint.
    Profile,
    /// Call operations of Cognito for the user.
    #[serde(rename(serialize = "aws.cognito.signin.user.admin"))]
    CognitoAdmin,
}

/// A provider that Cognito knows by name. Which keys it has depends on the provider: see the
/// schema.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Social {
    /// The client ID, app ID or services ID.
    pub client_id: Secret,
    /// The client secret or app secret.
    pub client_secret: Option<Secret>,
    /// The team ID.
    pub team_id: Option<Secret>,
    /// The ID of the key.
    pub key_id: Option<Secret>,
    /// The private key.
    pub private_key: Option<Secret>,
    /// The scopes to request [default: profile; `public_profile` from Facebook, `name` from Apple].
    pub scopes: Option<Vec<String>>,
    /// The version of the provider's API.
    pub api_version: Option<String>,
    /// Attributes of the user pool, by where they are at the provider.
    pub attribute_mapping: Option<AttributeMapping>,
}

/// An OpenID Connect provider.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Oidc {
    /// The name of the provider in the user pool.
    #[cfg_attr(test, schemars(with = "super::schema::ProviderName"))]
    pub name: String,
    /// The client ID.
    pub client_id: Secret,
    /// The client secret.
    pub client_secret: Secret,
    /// The provider's issuer URL, the `iss` of its tokens.
    #[cfg_attr(test, schemars(with = "Setting<super::schema::Https>"))]
    pub issuer_url: Setting<String>,
    /// Its endpoints [default: Cognito discovers them].
    pub endpoints: Option<OidcEndpoints>,
    /// Other names for it.
    pub identifiers: Option<Vec<String>>,
    /// The HTTP method for requesting attributes [default: GET].
    #[serde(default)]
    pub attribute_request_method: RequestMethod,
    /// The scopes to request [default: openid].
    pub scopes: Option<Vec<String>>,
    /// Attributes of the user pool, by where they are in the provider's token.
    pub attribute_mapping: Option<AttributeMapping>,
}

/// The endpoints of an OpenID Connect provider.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OidcEndpoints {
    /// Where users sign in.
    #[cfg_attr(test, schemars(with = "Setting<super::schema::Https>"))]
    pub authorization: Setting<String>,
    /// Where the keys of its tokens are.
    #[cfg_attr(test, schemars(with = "Setting<super::schema::Https>"))]
    pub jwks_uri: Setting<String>,
    /// Where tokens are issued.
    #[cfg_attr(test, schemars(with = "Setting<super::schema::Https>"))]
    pub token: Setting<String>,
    /// Where the attributes of users are.
    #[cfg_attr(test, schemars(with = "Setting<super::schema::Https>"))]
    pub user_info: Setting<String>,
}

/// The HTTP method for requesting attributes.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum RequestMethod {
    #[default]
    Get,
    Post,
}

/// A SAML provider.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Saml {
    /// The name of the provider in the user pool.
    #[cfg_attr(test, schemars(with = "super::schema::ProviderName"))]
    pub name: String,
    /// The provider's metadata.
    pub metadata: SamlMetadata,
    /// Other names for it.
    pub identifiers: Option<Vec<String>>,
    /// Whether signing out here signs out there too [default: false].
    #[serde(default)]
    pub idp_signout: bool,
    /// Attributes of the user pool, by where they are in the assertion.
    pub attribute_mapping: Option<AttributeMapping>,
}

/// The metadata of a SAML provider.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SamlMetadata {
    /// The URL of the metadata, or the metadata itself.
    pub metadata_content: Setting<String>,
    /// Which of the two.
    pub metadata_type: SamlMetadataType,
}

/// How SAML metadata is provided.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum SamlMetadataType {
    Url,
    File,
}

/// Attributes of the user pool, by where they are at the provider.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct AttributeMapping(pub IndexMap<String, Mapped>);

/// Where an attribute is at the provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Mapped {
    /// A standard attribute, by Amplify's name for it.
    Standard(String),
    /// Under `custom`: any attributes, by their own names.
    Custom(IndexMap<String, String>),
}
