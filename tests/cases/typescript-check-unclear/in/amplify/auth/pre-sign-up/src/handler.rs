//! What this trigger does. Edit this file.

use std::env;

use crate::error::Error;
use crate::event::{Event, Response};

/// Decides who may sign up: whoever has an e-mail address of a domain in `ALLOW_DOMAIN`.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
///
/// # Errors
/// An error means no new user, and Cognito shows its text to the person: see `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    decide(event, &allowed_domains())
}

/// The domains, separated by commas: see `resource.ts`. Not set is the same as empty.
fn allowed_domains() -> String {
    env::var("ALLOW_DOMAIN").unwrap_or_default()
}

fn decide(event: &Event, allowed: &str) -> Result<Response, Error> {
    // An administrator who creates a user has decided already. Users of an external provider are
    // checked, as it would be a way around the rule. The pool must map their `email`.
    if event.trigger_source == "PreSignUp_AdminCreateUser" {
        return Ok(Response::new());
    }
    let email = event.request.user_attributes.get("email");
    if is_allowed(email.map_or("", String::as_str), allowed) {
        Ok(Response::new())
    } else {
        Err(Error::Refused(
            "only e-mail addresses of certain domains may sign up".to_owned(),
        ))
    }
}

/// Whether the domain of `email` is one of `allowed`, or `allowed` is empty.
///
/// The domain is all that follows the last `@`. It is compared whole and without case, so
/// `evil-example.com` and `sub.example.com` are not `example.com`.
fn is_allowed(email: &str, allowed: &str) -> bool {
    if allowed.trim().is_empty() {
        return true;
    }
    let Some((_, domain)) = email.rsplit_once('@') else {
        return false;
    };
    let mut domains = allowed.split(',').map(str::trim);
    !domain.is_empty() && domains.any(|allowed| allowed.eq_ignore_ascii_case(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sign-up with this e-mail address, while only example.com may.
    fn sign_up(trigger_source: &str, email: &str) -> Result<Response, Error> {
        let mut event = Event {
            trigger_source: trigger_source.to_owned(),
            ..Event::default()
        };
        let attributes = &mut event.request.user_attributes;
        attributes.insert("email".to_owned(), email.to_owned());
        decide(&event, "example.com")
    }

    #[test]
    fn the_whole_domain_counts() {
        for email in [
            "user@example.com",
            "User@EXAMPLE.Com",
            "\"user@evil.org\"@example.com",
        ] {
            assert!(is_allowed(email, "example.com"), "{email}");
        }
        for email in [
            "user@evil-example.com",
            "user@sub.example.com",
            "user@example.com.evil.org",
            "user@example.com@evil.org",
            "user@evil.org,example.com",
            "user@example.co",
            "example.com",
            "user@",
            "",
        ] {
            assert!(!is_allowed(email, "example.com"), "{email}");
        }
    }

    #[test]
    fn there_may_be_several_domains() {
        let allowed = "example.com, Example.ORG,";
        assert!(is_allowed("user@example.com", allowed));
        assert!(is_allowed("user@example.org", allowed));
        assert!(!is_allowed("user@example.net", allowed));
        assert!(!is_allowed("user@", allowed));
    }

    #[test]
    fn an_empty_list_allows_all() {
        assert!(is_allowed("user@example.net", ""));
        assert!(is_allowed("", " "));
    }

    #[test]
    fn users_of_other_domains_are_refused() -> Result<(), Error> {
        for source in ["PreSignUp_SignUp", "PreSignUp_ExternalProvider"] {
            assert_eq!(sign_up(source, "user@example.com")?, Response::new());
            let refusal = sign_up(source, "user@example.net");
            assert!(matches!(refusal, Err(Error::Refused(_))), "{refusal:?}");
        }
        let refusal = decide(&Event::default(), "example.com");
        assert!(matches!(refusal, Err(Error::Refused(_))), "{refusal:?}");
        Ok(())
    }

    #[test]
    fn an_administrator_creates_whom_they_want() -> Result<(), Error> {
        let response = sign_up("PreSignUp_AdminCreateUser", "user@example.net")?;
        assert_eq!(response, Response::new());
        Ok(())
    }
}
