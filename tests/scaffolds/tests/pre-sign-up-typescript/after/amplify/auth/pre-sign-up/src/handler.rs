//! What this trigger does. Edit this file.

use std::env;

use crate::error::Error;
use crate::event::{Event, Response};

/// Decides who may sign up: users with an e-mail address in one of the domains in `ALLOW_DOMAIN`.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// An error rejects the sign-up. What the user sees is described in `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    // Separated by commas, and set in `resource.ts`. Every domain is allowed if it is empty.
    let allowed = env::var("ALLOW_DOMAIN").unwrap_or_default();
    decide(event, &allowed)
}

fn decide(event: &Event, allowed: &str) -> Result<Response, Error> {
    // Administrators may create anyone. Federated users are checked, so the pool must map their
    // `email`; to exempt them, also accept `PreSignUp_ExternalProvider` here.
    if event.trigger_source == "PreSignUp_AdminCreateUser" {
        return Ok(Response::new());
    }
    if !is_allowed(event.attribute("email").unwrap_or_default(), allowed) {
        return Err(Error::Refused(
            "you cannot sign up with an e-mail address of this domain".to_owned(),
        ));
    }
    Ok(Response::new())
}

/// Compares the whole domain and ignores case: `evil-example.com` and `sub.example.com` are not
/// `example.com`. The domain is everything after the last `@`.
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

    /// A sign-up when only example.com is allowed.
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
    fn the_whole_domain_is_compared() {
        for (email, expected) in [
            ("user@example.com", true),
            ("User@EXAMPLE.Com", true),
            ("\"user@evil.org\"@example.com", true),
            ("user@evil-example.com", false),
            ("user@sub.example.com", false),
            ("user@example.com.evil.org", false),
            ("user@example.com@evil.org", false),
            ("user@evil.org,example.com", false),
            ("user@example.co", false),
            ("example.com", false),
            ("user@", false),
            ("", false),
        ] {
            assert_eq!(is_allowed(email, "example.com"), expected, "{email}");
        }
    }

    #[test]
    fn there_can_be_several_domains() {
        let allowed = "example.com, Example.ORG,";
        assert!(is_allowed("user@example.com", allowed));
        assert!(is_allowed("user@example.org", allowed));
        assert!(!is_allowed("user@example.net", allowed));
        assert!(!is_allowed("user@", allowed));
    }

    #[test]
    fn an_empty_list_allows_every_domain() {
        assert!(is_allowed("user@example.net", ""));
        assert!(is_allowed("", " "));
    }

    #[test]
    fn users_of_other_domains_are_refused() -> Result<(), Error> {
        for source in ["PreSignUp_SignUp", "PreSignUp_ExternalProvider"] {
            assert_eq!(sign_up(source, "user@example.com")?, Response::new());
            let refusal = sign_up(source, "user@example.net");
            assert!(matches!(refusal, Err(Error::Refused(_))));
        }
        let refusal = decide(&Event::default(), "example.com");
        assert!(matches!(refusal, Err(Error::Refused(_))));
        Ok(())
    }

    #[test]
    fn administrators_may_create_anyone() -> Result<(), Error> {
        let response = sign_up("PreSignUp_AdminCreateUser", "user@example.net")?;
        assert_eq!(response, Response::new());
        Ok(())
    }
}
