//! The CloudFormation template that Amplify would deploy for a backend, as one stack.
//!
//! The resources and their properties are those of `@aws-amplify/backend`; `tests/parity` compares
//! both. The differences, and why:
//!
//! - Functions run `bootstrap` on `provided.al2023`, without settings for the Node.js shim.
//! - Secrets are parameters that are never echoed. CloudFormation resolves secure strings of
//!   Systems Manager in a handful of properties only, and those of identity providers and
//!   functions are not among them; Amplify deploys a function of its own to fetch them instead.
//! - Names that Amplify derives from its own backend identifiers, the prefix of the sign-in domain
//!   and the external ID of the SMS role, are derived from the stack's.
//! - Logical IDs are readable, and there are no tags and no metadata of the CDK.

mod cfn;
mod clients;
mod file;
mod frontend;
mod functions;
mod messages;
mod names;
mod outputs;
mod providers;
mod schedules;
mod sender_key;
mod template;
mod triggers;
mod user_pool;
mod yaml;

use std::collections::BTreeMap;

use crate::catalog::Scaffold;
use crate::error::Result;
use crate::model::auth::Auth;
use crate::model::{Backend, FunctionFile};

pub(crate) use file::{Engine, plan_file, template};
pub use frontend::frontend_outputs;
pub use functions::Code;
pub use template::Template;
pub use yaml::to_yaml;

/// The logical IDs of the roles of functions, by the function's name.
type Roles<'a> = BTreeMap<&'a str, String>;

/// Creates the template of a backend. `code` returns where the code of a function is.
///
/// # Errors
/// When names are so much alike that two resources would have one logical ID, or so many that
/// no stack can have all resources; those of `code`.
pub fn synthesize(
    backend: &Backend,
    auth: &Auth,
    scaffolds: &[Scaffold],
    code: &dyn Fn(&FunctionFile) -> Result<Code>,
) -> Result<Template> {
    let mut template = Template::default();
    let calls = triggers::calls(backend, scaffolds);
    user_pool::add(auth, &calls, &mut template);
    let providers = providers::add(auth, &mut template);
    clients::add(auth, &providers, &mut template);
    let mut roles = Roles::new();
    for file in backend.functions.values() {
        let role_id = functions::add(file, auth, code(file)?, &mut template);
        roles.insert(&file.function.name, role_id);
    }
    triggers::add(&calls, &mut template);
    sender_key::add(auth, &roles, &mut template);
    functions::add_access(auth, &roles, &mut template);
    outputs::add(auth, backend, &providers, &mut template);
    template.finish()
}
