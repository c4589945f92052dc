//! Names in generated TypeScript.

use heck::ToLowerCamelCase;

/// Reserved words, and names that a generated `resource.ts` uses itself.
const TAKEN: [&str; 46] = [
    "await", "bin", "break", "build", "case", "catch", "class", "const", "continue", "debugger",
    "default", "delete", "do", "else", "enum", "eval", "export", "extends", "false", "finally",
    "for", "function", "if", "import", "in", "let", "local", "new", "null", "package", "private",
    "public", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof",
    "var", "void", "while", "with", "yield",
];

/// As [`TAKEN`], the long ones.
const TAKEN_LONG: [&str; 8] = [
    "arguments",
    "decodeURIComponent",
    "defineFunction",
    "implements",
    "instanceof",
    "interface",
    "protected",
    "undefined",
];

/// The constant that a function of this name is exported as: `pre-sign-up` as `preSignUp`.
pub fn identifier(name: &str) -> String {
    let mut identifier = name.to_lower_camel_case();
    let mut taken = TAKEN.iter().chain(&TAKEN_LONG);
    if taken.any(|taken| *taken == identifier) {
        identifier.push_str("Trigger");
    }
    identifier
}
