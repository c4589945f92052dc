//! What this trigger does. Edit this file.

use std::env;

use aws_config::BehaviorVersion;
use aws_sdk_cognitoidentityprovider::Client;
use tokio::sync::OnceCell;

use crate::error::Error;
use crate::event::Event;

/// Adds each new user to the group `GROUP_NAME`.
///
/// Cognito waits 5 seconds and may call up to three times, so the handler must be idempotent.
///
/// # Errors
/// What the user sees is described in `error.rs`. The account stays confirmed, so the user is not
/// added to the group later.
pub async fn handler(event: &Event) -> Result<(), Error> {
    // Set in `resource.toml`. If it is empty, for example in tests, AWS is not called.
    let group = env::var("GROUP_NAME").unwrap_or_default();
    if joins_group(event, &group) {
        add_to_group(event, &group).await?;
    }
    Ok(())
}

/// Cognito also calls this trigger after a password reset. By then, an administrator may have
/// removed the user from the group.
fn joins_group(event: &Event, group: &str) -> bool {
    event.is_sign_up() && !group.is_empty()
}

/// Calls AWS, which accepts users who are in the group already.
async fn add_to_group(event: &Event, group: &str) -> Result<(), Error> {
    client()
        .await
        .admin_add_user_to_group()
        .user_pool_id(&event.user_pool_id)
        .username(&event.user_name)
        .group_name(group)
        .send()
        .await?;
    Ok(())
}

/// The AWS client, created for the first event and reused for the following ones.
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
            ..Event::default()
        }
    }

    #[test]
    fn new_users_join_the_group() {
        let event = event("PostConfirmation_ConfirmSignUp");
        assert!(joins_group(&event, "EVERYONE"));
        assert!(!joins_group(&event, ""));
    }

    #[test]
    fn a_password_reset_does_not_change_groups() {
        for source in ["PostConfirmation_ConfirmForgotPassword", "Unknown", ""] {
            assert!(!joins_group(&event(source), "EVERYONE"));
        }
    }
}
