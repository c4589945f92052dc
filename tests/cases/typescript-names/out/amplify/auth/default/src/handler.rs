//! What this trigger does. Edit this file.

use std::env;

use aws_config::BehaviorVersion;
use aws_sdk_cognitoidentityprovider::Client;
use tokio::sync::OnceCell;

use crate::error::Error;
use crate::event::Event;

/// Adds each new user to the group `GROUP_NAME`.
///
/// Cognito waits 5 seconds and may call up to three times: doing this twice must do no harm.
///
/// # Errors
/// Cognito shows the text of an error to the user: see `error.rs`. The account stays confirmed,
/// and no second try adds the user to the group.
pub async fn handler(event: &Event) -> Result<(), Error> {
    match membership(event, &group_name()) {
        Some(membership) => add(membership).await,
        None => Ok(()),
    }
}

/// The group: see `resource.ts`. Not set is the same as empty, so that tests do not need AWS.
fn group_name() -> String {
    env::var("GROUP_NAME").unwrap_or_default()
}

/// A user to add to a group.
#[derive(Debug, PartialEq)]
struct Membership<'a> {
    user_pool: &'a str,
    user: &'a str,
    group: &'a str,
}

/// Which group the user belongs to from now on, if any. Cognito also calls after each password
/// reset, when the user may have left the group for a reason.
fn membership<'a>(event: &'a Event, group: &'a str) -> Option<Membership<'a>> {
    if !event.is_sign_up() {
        return None;
    }
    if group.is_empty() {
        // Standard error goes to the function's log.
        eprintln!("GROUP_NAME is not set: the new user is added to no group");
        return None;
    }
    Some(Membership {
        user_pool: &event.user_pool_id,
        user: &event.user_name,
        group,
    })
}

/// Calls AWS. Adding someone who is in the group already changes nothing.
async fn add(membership: Membership<'_>) -> Result<(), Error> {
    client()
        .await
        .admin_add_user_to_group()
        .user_pool_id(membership.user_pool)
        .username(membership.user)
        .group_name(membership.group)
        .send()
        .await?;
    Ok(())
}

/// The client of AWS, made at the first call and kept for all events of this process.
async fn client() -> &'static Client {
    static CLIENT: OnceCell<Client> = OnceCell::const_new();
    CLIENT
        .get_or_init(|| async {
            Client::new(&aws_config::load_defaults(BehaviorVersion::latest()).await)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(trigger_source: &str) -> Event {
        Event {
            trigger_source: trigger_source.to_owned(),
            user_pool_id: "us-east-1_EXAMPLE".to_owned(),
            user_name: "jane".to_owned(),
            ..Event::default()
        }
    }

    #[test]
    fn a_new_user_belongs_to_the_group() {
        let expected = Membership {
            user_pool: "us-east-1_EXAMPLE",
            user: "jane",
            group: "EVERYONE",
        };
        let event = event("PostConfirmation_ConfirmSignUp");
        assert_eq!(membership(&event, "EVERYONE"), Some(expected));
    }

    #[test]
    fn after_a_password_reset_the_groups_stay() {
        for source in ["PostConfirmation_ConfirmForgotPassword", "Unknown", ""] {
            assert_eq!(membership(&event(source), "EVERYONE"), None, "{source}");
        }
    }

    #[test]
    fn without_a_group_nothing_happens() {
        let event = event("PostConfirmation_ConfirmSignUp");
        assert_eq!(membership(&event, ""), None);
    }
}
