//! Names of user pool groups.

use super::characters::first_rejected;

/// The longest name of a group, in characters. Source: `GroupNameType` of the Cognito API.
const LONGEST: usize = 128;

/// Checks the name of a group against `GroupNameType` of the Cognito API: 1 to 128 letters, marks,
/// symbols, digits and punctuation, so neither blanks nor control characters.
///
/// # Errors
/// Says what is wrong with the name.
pub fn check_group_name(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("is empty".to_owned());
    }
    if let Some(character) = first_rejected(name, "") {
        return Err(format!(
            "has the character {character:?}; Cognito allows letters, digits, symbols and punctuation"
        ));
    }
    if name.chars().count() > LONGEST {
        return Err(format!("is longer than Cognito's {LONGEST} characters"));
    }
    Ok(())
}
