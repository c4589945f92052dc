//! `overrides`: what Amplify leaves to overrides in `backend.ts`, in CloudFormation's words.
//!
//! Source: `AWS::Cognito::UserPool`, `AWS::Cognito::IdentityPool` and `AWS::SES::EmailIdentity`.

use serde::{Deserialize, Serialize};

use super::setting::Setting;

/// Settings that are not Amplify's: what people override in `backend.ts`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Overrides {
    /// The user pool.
    pub user_pool: UserPool,
    /// The identity pool.
    pub identity_pool: IdentityPool,
}

/// The user pool.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct UserPool {
    /// Whether only administrators create users [default: false].
    pub allow_admin_create_user_only: bool,
    /// With `ACTIVE`, neither the pool nor its stack can be deleted [default: INACTIVE].
    pub deletion_protection: Option<DeletionProtection>,
    /// The identity in Amazon SES that sends: the domain of `senders.email.fromEmail` or a parent
    /// of it [default: the address].
    #[cfg_attr(test, schemars(default, with = "Setting<super::schema::Domain>"))]
    pub email_identity: Option<Setting<String>>,
    /// What a password needs.
    pub password_policy: PasswordPolicy,
}

/// Whether a resource can be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum DeletionProtection {
    Active,
    Inactive,
}

/// What a password needs. Without a key, what it needs in Amplify.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(
    default,
    deny_unknown_fields,
    rename_all(serialize = "PascalCase", deserialize = "camelCase")
)]
pub struct PasswordPolicy {
    /// The least number of characters [default: 8].
    #[cfg_attr(test, schemars(range(min = 6, max = 99)))]
    pub minimum_length: u32,
    /// A lowercase letter [default: true].
    pub require_lowercase: bool,
    /// A digit [default: true].
    pub require_numbers: bool,
    /// A symbol [default: true].
    pub require_symbols: bool,
    /// An uppercase letter [default: true].
    pub require_uppercase: bool,
    /// How many earlier passwords cannot be used again [default: none].
    #[cfg_attr(test, schemars(range(max = 24)))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_history_size: Option<u32>,
    /// How long a password that an administrator has set is valid, in days [default: 7].
    #[cfg_attr(test, schemars(range(max = 365)))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temporary_password_validity_days: Option<u32>,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            minimum_length: 8,
            require_lowercase: true,
            require_numbers: true,
            require_symbols: true,
            require_uppercase: true,
            password_history_size: None,
            temporary_password_validity_days: None,
        }
    }
}

/// The identity pool.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct IdentityPool {
    /// Whether guests get AWS credentials too [default: true].
    pub allow_unauthenticated_identities: bool,
}

impl Default for IdentityPool {
    fn default() -> Self {
        Self { allow_unauthenticated_identities: true }
    }
}
