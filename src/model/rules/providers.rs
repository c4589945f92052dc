//! Rules for `loginWith.externalProviders`.

use super::Problems;
use crate::model::auth::Auth;
use crate::model::providers::ExternalProviders;
use crate::model::setting::Setting;

pub fn check(auth: &Auth, problems: &mut Problems) {
    if let Some(external) = &auth.login_with.external_providers {
        names(external, problems);
        redirects("callbackUrls", &external.callback_urls, problems);
        redirects("logoutUrls", &external.logout_urls, problems);
    }
}

/// The names of providers are unique.
fn names(external: &ExternalProviders, problems: &mut Problems) {
    let mut names: Vec<_> = external.saml.iter().map(|saml| &saml.name).collect();
    for (index, oidc) in external.oidc.iter().enumerate() {
        if names.contains(&&oidc.name) {
            let keys = ["loginWith", "externalProviders", "oidc", &index.to_string(), "name"];
            let message = format!("the provider `{}` is listed twice", oidc.name);
            problems.add(&keys, message, "choose another name");
        }
        names.push(&oidc.name);
    }
}

/// Source: `CallbackURLs` of Cognito's `CreateUserPoolClient`.
fn redirects(key: &str, urls: &Setting<Vec<String>>, problems: &mut Problems) {
    for (index, url) in urls.known().into_iter().flatten().enumerate() {
        let index = index.to_string();
        let keys = [&["loginWith", "externalProviders", key], urls.keys(), &[&index]].concat();
        let (scheme, rest) = url.split_once(':').unwrap_or(("", url));
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let host = rest.strip_prefix("//").unwrap_or_default();
        let has_no_host = matches!(scheme, "http" | "https")
            && host.split(['/', '?', '#', ':']).next() == Some("");
        if scheme.is_empty()
            || !scheme.chars().all(is_scheme)
            || url.contains(char::is_whitespace)
            || has_no_host
        {
            let label = "write `https://…`, or a scheme of your app: `myapp://…`";
            problems.add(&keys, format!("`{url}` is not an absolute URL"), label);
        } else if scheme == "http" && !is_loopback(rest.trim_start_matches('/')) {
            let message = "Cognito accepts `http://` only for localhost";
            problems.add(&keys, message, "use `https://`");
        } else if let Some((before, _)) = url.split_once('#') {
            problems.add(&keys, "Cognito accepts no URL with a `#`", format!("use `{before}`"));
        }
    }
}

/// Whether what follows `http://` is on the user's own computer.
fn is_loopback(rest: &str) -> bool {
    let hosts = ["localhost", "127.0.0.1", "[::1]"];
    let rest = hosts.iter().find_map(|host| rest.strip_prefix(host));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?', '#']))
}
