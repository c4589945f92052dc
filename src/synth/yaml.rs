//! A template as YAML. Strings are always in double quotes, so that none is read as a date or
//! number and control characters can be escaped. YAML libraries prefer quotes without escapes.

use std::fmt::Write;

use serde_json::Value;

/// Writes a value as YAML, with a final newline.
pub fn to_yaml(value: &Value) -> String {
    let mut text = String::new();
    block(value, 0, &mut text);
    text
}

/// Writes a value on separate lines.
fn block(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                let key = self::key(key);
                if is_block(value) {
                    let _ = writeln!(text, "{:indent$}{key}:", "");
                    block(value, indent + 2, text);
                } else {
                    let _ = writeln!(text, "{:indent$}{key}: {value}", "");
                }
            }
        }
        Value::Array(array) if !array.is_empty() => {
            for value in array {
                let start = text.len();
                block(value, indent + 2, text);
                // The first line of the item follows its dash.
                text.replace_range(start + indent..start + indent + 1, "-");
            }
        }
        scalar => {
            let _ = writeln!(text, "{:indent$}{scalar}", "");
        }
    }
}

fn is_block(value: &Value) -> bool {
    value.as_object().is_some_and(|object| !object.is_empty())
        || value.as_array().is_some_and(|array| !array.is_empty())
}

/// What YAML 1.1 reads as a boolean or null, in upper or lower case.
const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// A key, in quotes unless it has only letters, digits and colons and no other meaning.
fn key(key: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b':';
    let starts = key.starts_with(|first: char| first.is_ascii_alphabetic());
    let is_word = WORDS.iter().any(|word| key.eq_ignore_ascii_case(word));
    if starts && key.bytes().all(plain) && !key.ends_with(':') && !is_word {
        return key.to_owned();
    }
    Value::from(key).to_string()
}
