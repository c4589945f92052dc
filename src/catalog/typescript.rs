//! Names in generated TypeScript.

/// Words that no constant can have, and names that a generated `resource.ts` has for itself.
const TAKEN: [&str; 45] = [
    "await",
    "bin",
    "break",
    "build",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "decodeURIComponent",
    "default",
    "defineFunction",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "local",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
];

/// The constant that a function of this name is exported as: `pre-sign-up` as `preSignUp`.
#[must_use]
pub fn identifier(name: &str) -> String {
    let mut identifier = String::new();
    for part in name.split(['-', '_']) {
        match part.chars().next() {
            Some(first) if !identifier.is_empty() => {
                identifier.extend(first.to_uppercase());
                identifier.push_str(&part[first.len_utf8()..]);
            }
            _ => identifier.push_str(part),
        }
    }
    let more =
        ["typeof", "undefined", "var", "void", "while", "with", "yield", "arguments", "eval"];
    if TAKEN.contains(&identifier.as_str()) || more.contains(&identifier.as_str()) {
        identifier.push_str("Trigger");
    }
    identifier
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_constant() {
        for (name, constant) in [
            ("pre-sign-up", "preSignUp"),
            ("add_claims", "addClaims"),
            ("a--b-", "aB"),
            ("a1-2b", "a12b"),
            ("delete", "deleteTrigger"),
            ("define-function", "defineFunctionTrigger"),
        ] {
            assert_eq!(identifier(name), constant);
        }
    }
}
