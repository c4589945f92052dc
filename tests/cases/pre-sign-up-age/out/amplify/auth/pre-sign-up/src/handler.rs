//! What this trigger does. Edit this file.

use std::time::SystemTime;

use crate::error::Error;
use crate::event::{Event, Response};

/// How old one must be to sign up, in years.
const MINIMUM_AGE: u64 = 13;

/// Decides who may sign up: whoever is old enough, by the attribute `birthdate`.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
///
/// # Errors
/// An error means no new user, and Cognito shows its text to the person: see `error.rs`.
pub async fn handler(event: &Event) -> Result<Response, Error> {
    decide(event, today()?)
}

fn decide(event: &Event, today: Date) -> Result<Response, Error> {
    // An administrator who creates a user has decided already. Users of an external provider are
    // checked, as it would be a way around the rule. The pool must map their `birthdate`; to let
    // in those whose provider knows none, accept `PreSignUp_ExternalProvider` here.
    if event.trigger_source == "PreSignUp_AdminCreateUser" {
        return Ok(Response::new());
    }
    let birthdate = event.request.user_attributes.get("birthdate");
    let Some(birthdate) = birthdate.and_then(|text| parse_date(text)) else {
        return Err(Error::Refused(
            "please give your date of birth as YYYY-MM-DD".to_owned(),
        ));
    };
    if is_old_enough(birthdate, today) {
        Ok(Response::new())
    } else {
        Err(Error::Refused(format!(
            "you must be {MINIMUM_AGE} years or older to sign up"
        )))
    }
}

/// Whether the birthday that counts is today or has been.
///
/// Who is born on 29 February has it on 1 March of a year without that day.
fn is_old_enough((year, month, day): Date, today: Date) -> bool {
    (year + MINIMUM_AGE, month, day) <= today
}

/// Year, month and day, which is also the order to compare them in.
type Date = (u64, u64, u64);

/// Reads a date that exists, as YYYY-MM-DD. The year 0000 stands for one that is not told.
fn parse_date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return None;
    };
    let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
    let exists =
        year > 0 && (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    exists.then_some((year, month, day))
}

fn number(text: &str, digits: usize) -> Option<u64> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// Today in UTC.
fn today() -> Result<Date, Error> {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(days_after_1970(since_1970.as_secs() / (24 * 60 * 60)))
}

/// The date so many days after 1 January 1970.
fn days_after_1970(mut days: u64) -> Date {
    let (mut year, mut month) = (1970, 1);
    while days >= days_in_month(year, month) {
        days -= days_in_month(year, month);
        (year, month) = match month {
            12 => (year + 1, 1),
            _ => (year, month + 1),
        };
    }
    (year, month, days + 1)
}

fn days_in_month(year: u64, month: u64) -> u64 {
    // Every fourth year is a leap year, but of the full centuries only every fourth.
    let is_leap = matches!((year % 4, year % 100, year % 400), (0, 1.., _) | (_, _, 0));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = (2025, 6, 15);

    fn sign_up(trigger_source: &str, birthdate: &str) -> Result<Response, Error> {
        let mut event = Event {
            trigger_source: trigger_source.to_owned(),
            ..Event::default()
        };
        let attributes = &mut event.request.user_attributes;
        attributes.insert("birthdate".to_owned(), birthdate.to_owned());
        decide(&event, TODAY)
    }

    #[test]
    fn one_is_old_enough_from_the_birthday_on() {
        assert!(is_old_enough((2012, 6, 14), TODAY));
        assert!(is_old_enough((2012, 6, 15), TODAY));
        assert!(!is_old_enough((2012, 6, 16), TODAY));
        assert!(!is_old_enough((2012, 7, 1), TODAY));
        assert!(is_old_enough((2011, 12, 31), TODAY));
        assert!(!is_old_enough((2013, 1, 1), TODAY));
        assert!(!is_old_enough((2030, 1, 1), TODAY));
    }

    #[test]
    fn who_is_born_on_29_february_waits_for_1_march() {
        assert!(!is_old_enough((2012, 2, 29), (2025, 2, 28)));
        assert!(is_old_enough((2012, 2, 29), (2025, 3, 1)));
        assert!(is_old_enough((2012, 2, 29), (2028, 2, 29)));
    }

    #[test]
    fn a_date_must_exist() {
        assert_eq!(parse_date("2012-02-29"), Some((2012, 2, 29)));
        assert_eq!(parse_date("2000-02-29"), Some((2000, 2, 29)));
        assert_eq!(parse_date("1990-12-31"), Some((1990, 12, 31)));
        for text in [
            "",
            "2011-02-29",
            "1900-02-29",
            "1990-04-31",
            "1990-13-01",
            "1990-00-01",
            "1990-01-00",
            "0000-01-01",
            "1990-1-1",
            "90-01-01",
            "+990-01-01",
            "01/01/1990",
            "1990-01-01T00:00",
            "-1990-01-01",
            "１９９０-01-01",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(days_after_1970(0), (1970, 1, 1));
        assert_eq!(days_after_1970(364), (1970, 12, 31));
        assert_eq!(days_after_1970(365), (1971, 1, 1));
        assert_eq!(days_after_1970(11_016), (2000, 2, 29));
        assert_eq!(days_after_1970(19_782), (2024, 2, 29));
        assert_eq!(days_after_1970(19_783), (2024, 3, 1));
    }

    #[test]
    fn who_is_too_young_is_refused() -> Result<(), Error> {
        for source in ["PreSignUp_SignUp", "PreSignUp_ExternalProvider"] {
            assert_eq!(sign_up(source, "1990-02-28")?, Response::new());
            for birthdate in ["2012-06-16", "28.02.1990"] {
                let refusal = sign_up(source, birthdate);
                assert!(matches!(refusal, Err(Error::Refused(_))), "{refusal:?}");
            }
        }
        let refusal = decide(&Event::default(), TODAY);
        assert!(matches!(refusal, Err(Error::Refused(_))), "{refusal:?}");
        Ok(())
    }

    #[test]
    fn an_administrator_creates_whom_they_want() -> Result<(), Error> {
        let response = sign_up("PreSignUp_AdminCreateUser", "2020-01-01")?;
        assert_eq!(response, Response::new());
        Ok(())
    }

    #[test]
    fn today_is_known() -> Result<(), Error> {
        assert!(today()? > TODAY);
        Ok(())
    }
}
