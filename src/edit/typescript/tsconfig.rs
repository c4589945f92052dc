//! What a `tsconfig.json` says of the code in `amplify/`.

use tree_sitter::Node;

use super::source::{Source, named, string_content};
use super::{object, values};

/// Whether the configuration in the directory that has `amplify/` compiles that to CommonJS, in which
/// TypeScript knows no `import.meta`. One that it extends is not read.
pub fn compiles_amplify_to_commonjs(tsconfig: &str) -> bool {
    // With its comments, it is an object of JavaScript.
    let Ok(source) = Source::parse(&format!("({tsconfig})")) else {
        return false;
    };
    let root =
        named(source.root()).first().and_then(|statement| named(*statement).first().copied());
    let Some(root) = root.and_then(|root| values::object(&source, root, "it").ok()) else {
        return false;
    };
    let strings = |key: &str| {
        let list = object::property(&source, root, key).ok().flatten();
        list.map(|list| named(list).into_iter().filter_map(|it| string_content(&source, it)))
    };
    let is_amplify = |path: &str| {
        let path = path.trim_start_matches("./");
        path.starts_with("amplify") || path.starts_with('*')
    };
    let is_included = strings("include").is_none_or(|mut paths| paths.any(is_amplify))
        && !strings("exclude").is_some_and(|mut paths| paths.any(is_amplify));
    is_included
        && module(&source, root).is_some_and(|module| module.eq_ignore_ascii_case("commonjs"))
}

fn module<'n>(source: &'n Source, root: Node<'n>) -> Option<&'n str> {
    let options = object::property(source, root, "compilerOptions").ok()??;
    string_content(source, object::property(source, options, "module").ok()??)
}
