//! Values that may differ per environment.

use serde::Deserialize;

/// A value: the same in each environment, or a parameter of the template.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Setting<T> {
    /// The same in each environment.
    Fixed(T),
    /// What an environment gives.
    Parameter(Parameter<T>),
}

/// `{ parameter = "NAME", default = … }`: a parameter of the template, beside [`Secret`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter<T> {
    /// The name, which the ID in the template is made of.
    #[serde(rename = "parameter")]
    pub name: String,
    /// The value where an environment gives none; without it, each must give one.
    pub default: Option<T>,
}

/// A value outside the repository: `{ secret = "NAME" }`, Amplify's `secret("NAME")`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(extend("x-example" = "{ secret = \"NAME\" }")))]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// The name of the secret.
    #[cfg_attr(test, schemars(with = "super::schema::Name"))]
    pub secret: String,
}

impl<T> Setting<T> {
    /// The value, as far as it is known without an environment.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Fixed(value) => Some(value),
            Self::Parameter(parameter) => parameter.default.as_ref(),
        }
    }

    /// The keys between the setting and the value that is known.
    pub fn keys(&self) -> &'static [&'static str] {
        match self {
            Self::Fixed(_) => &[],
            Self::Parameter(_) => &["default"],
        }
    }

    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Setting<U> {
        match self {
            Self::Fixed(value) => Setting::Fixed(make(value)),
            Self::Parameter(Parameter { name, default }) => {
                Setting::Parameter(Parameter { name, default: default.map(make) })
            }
        }
    }
}
