//! What this trigger does. Edit this file.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error::Error;
use crate::event::{Event, Response};

/// The minimum age, in years.
const MINIMUM_AGE: i16 = 13;

/// Decides who may sign up: users who are old enough, according to the attribute `birthdate`.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// An error rejects the sign-up. What the user sees is described in `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    decide(event, jiff::Timestamp::now().to_zoned(TimeZone::UTC).date())
}

fn decide(event: &Event, today: Date) -> Result<Response, Error> {
    // Administrators may create anyone. Federated users are checked, so the pool must map their
    // `birthdate`; to exempt them, also accept `PreSignUp_ExternalProvider` here.
    if event.trigger_source == "PreSignUp_AdminCreateUser" {
        return Ok(Response::new());
    }
    let Some(birthdate) = event.attribute("birthdate").and_then(parse_birthdate) else {
        return Err(Error::Refused(
            "please enter your date of birth as YYYY-MM-DD".to_owned(),
        ));
    };
    if age(birthdate, today) < MINIMUM_AGE {
        return Err(Error::Refused(format!(
            "you must be at least {MINIMUM_AGE} years old to sign up"
        )));
    }
    Ok(Response::new())
}

/// Parses a date. In OIDC, the year 0000 stands for an unknown year.
fn parse_birthdate(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.year() > 0).then_some(date)
}

/// The age in full years. In years without 29 February, the birthday is 1 March.
fn age(birthdate: Date, today: Date) -> i16 {
    let had_birthday = (today.month(), today.day()) >= (birthdate.month(), birthdate.day());
    today.year() - birthdate.year() - i16::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// A sign-up on 15 June 2025.
    fn sign_up(trigger_source: &str, birthdate: &str) -> Result<Response, Error> {
        let mut event = Event {
            trigger_source: trigger_source.to_owned(),
            ..Event::default()
        };
        let attributes = &mut event.request.user_attributes;
        attributes.insert("birthdate".to_owned(), birthdate.to_owned());
        decide(&event, date(2025, 6, 15))
    }

    #[test]
    fn users_below_the_minimum_age_are_refused() -> Result<(), Error> {
        for source in ["PreSignUp_SignUp", "PreSignUp_ExternalProvider"] {
            assert_eq!(sign_up(source, "2012-06-15")?, Response::new());
            for birthdate in ["2012-06-16", "2030-01-01"] {
                let refusal = sign_up(source, birthdate);
                assert!(matches!(refusal, Err(Error::Refused(_))));
            }
        }
        Ok(())
    }

    #[test]
    fn a_complete_date_of_birth_is_required() {
        for birthdate in ["", "0000-01-01", "2011-02-29", "28.02.1990"] {
            let refusal = sign_up("PreSignUp_SignUp", birthdate);
            assert!(matches!(refusal, Err(Error::Refused(_))));
        }
        let refusal = decide(&Event::default(), date(2025, 6, 15));
        assert!(matches!(refusal, Err(Error::Refused(_))));
    }

    #[test]
    fn administrators_may_create_anyone() -> Result<(), Error> {
        let response = sign_up("PreSignUp_AdminCreateUser", "2020-01-01")?;
        assert_eq!(response, Response::new());
        Ok(())
    }

    #[test]
    fn a_birthday_on_29_february_moves_to_1_march() {
        let birthdate = date(2012, 2, 29);
        assert_eq!(age(birthdate, date(2024, 2, 29)), 12);
        assert_eq!(age(birthdate, date(2025, 2, 28)), 12);
        assert_eq!(age(birthdate, date(2025, 3, 1)), 13);
    }
}
