//! TypeScript, edited at the nodes of a parsed tree: what resources, as by `defineAuth`, and the
//! backend are defined with.
//!
//! An edit is either certain or refused. Names are followed through imports, constants and
//! spreads of this one text; whatever could give another value at run time (a condition, a call,
//! an import of another file) is refused with its place, and so is a text that is not TypeScript.
//! Every edit is parsed again and read back before it counts.
//!
//! This module and its submodules are the only ones that know the parser.

mod backend;
mod blank;
mod by_hand;
mod calls;
mod imports;
mod layout;
mod literals;
mod modules;
mod new_import;
mod new_property;
mod object;
mod overrides;
mod prettier;
mod resource;
mod source;
mod switch;
mod tsconfig;
mod unimport;
mod values;

use std::fmt;
use std::ops::Range;

pub use backend::{
    BackendMembers, add_to_backend, check_deployed, check_no_other, is_empty_backend, members,
    remove_from_backend,
};
pub use blank::{emptied, filled, is_blank};
pub use by_hand::{backend_by_hand, wiring_by_hand};
pub use calls::typescript_handler;
pub use imports::{check_unused, import_extension, imports};
pub use layout::{has_same_code, laid_out};
pub use literals::{CallDefinition, CallSetting, option_value};
pub use modules::{ModuleUse, module_uses};
pub use overrides::{check_not_overridden, overridden_version};
pub use prettier::{Configuration, PRETTIER_FILES, Prettier, editor_options};
pub use resource::{check_not_foreign, check_sender, empty_object, handler, unwire, wire};
pub use source::syntax_error;
pub use switch::{Replaced, switch, switch_back};
pub use tsconfig::compiles_amplify_to_commonjs;

/// The package whose functions are looked for.
const AMPLIFY: &str = "@aws-amplify/backend";

/// Whether a module is that package, or one that it is made of: `@aws-amplify/backend-auth`.
fn is_amplify(module: &str) -> bool {
    module.strip_prefix(AMPLIFY).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// Something that another file exports.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// Its name, such as `preTokenGeneration`.
    pub name: &'a str,
    /// The file, as an import names it, without extension: `./pre-token-generation/resource`.
    pub module: &'a str,
    /// The extension of imports, where the text has no relative import to take it from; with
    /// its dot, or empty.
    pub extension: &'a str,
}

/// A resource that the code of an app defines, and that calls functions.
#[derive(Clone, Copy, Debug)]
pub struct Definer<'a> {
    /// What it is: `user pool`.
    pub what: &'a str,
    /// The function that defines it: `defineAuth`.
    pub define: &'a str,
    /// The function that refers to one of another stack, if there is such a function.
    pub reference: Option<&'a str>,
}

/// Where code says which function is called: the keys in what a resource is defined with.
#[derive(Clone, Copy, Debug)]
pub struct DefinerKeys<'a> {
    /// The resource.
    pub definer: Definer<'a>,
    /// The keys, outermost first.
    pub keys: &'a [&'a str],
}

/// Why a text is left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the obstacle is, as a phrase.
    pub reason: String,
    /// The bytes that stand there; none for something that is not there.
    pub span: Option<Range<usize>>,
    /// What kind of obstacle it is.
    pub kind: RefusalKind,
}

/// The kinds of obstacles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The text is not TypeScript.
    Syntax,
    /// Something else is where the edit goes.
    Occupied,
    /// A property of the resource is set already, by code that is not ours.
    Overridden,
    /// What is to go is still used.
    InUse,
    /// The resource is not the app's own.
    Foreign,
    /// The resource is not part of what is deployed.
    NotDeployed,
    /// All triggers of the user pool are set at once, by code that is not ours.
    AllSet,
    /// What is looked for has no effect by mistake: it is misspelt, or in a comment.
    Mistaken,
    /// The value cannot be followed.
    Unclear,
}

impl Refusal {
    fn new(kind: RefusalKind, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), span: None, kind }
    }

    fn at(span: Range<usize>, kind: RefusalKind, reason: impl Into<String>) -> Self {
        Self { span: Some(span), ..Self::new(kind, reason) }
    }

    /// An edit that came out other than it should: a bug of this module, told as a refusal so
    /// that nothing is written.
    fn not_as_planned() -> Self {
        Self::new(RefusalKind::Unclear, "cannot be edited safely")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// What the user's own code calls a handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The expression, as it is written.
    pub text: String,
    /// The module that it is imported from, without extension.
    pub module: Option<String>,
    /// The bytes of the expression.
    pub span: Range<usize>,
}
