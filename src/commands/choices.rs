//! What `new` is asked to generate: the kind, and its inputs.

use crate::catalog::{Catalog, Given, Input, Offer, Scaffold, check_input};
use crate::cli::New;
use crate::error::{Error, ErrorKind, Result};
use crate::process::stop_on_interrupt;
use crate::ui::Ui;

const DEFAULT_KIND: &str = "pre-token-generation";

/// The kind of a family that the user picks, or else the default.
pub fn without_kind(arguments: &New, catalog: &Catalog, ui: &Ui) -> Result<String> {
    // Inputs are made for a kind already.
    if !ui.can_offer() || !given(arguments, &[])?.is_empty() {
        if !catalog.names().contains(&DEFAULT_KIND) {
            return Err(Error::usage(format!("which {}?", arguments.family))
                .hint(format!("name one of: {}", catalog.names().join(", "))));
        }
        ui.note(&format!("no trigger given; generating {DEFAULT_KIND}"));
        return Ok(DEFAULT_KIND.to_owned());
    }
    let offers = catalog.offers()?;
    let width = offers.iter().map(|offer| offer.name.len()).max().unwrap_or(0);
    let line = |Offer { name, purpose, .. }: &Offer| format!("{name:width$}  {purpose}");
    let lines: Vec<_> = offers.iter().map(line).collect();
    let first = offers.iter().position(|offer| offer.name == DEFAULT_KIND).unwrap_or(0);
    // From now on, Ctrl-C does not kill the process, which has hidden the cursor.
    stop_on_interrupt()?;
    match ui.pick("Which trigger?", &lines, first)? {
        Some(picked) => Ok(offers[picked].name.clone()),
        None => Err(ErrorKind::Interrupted.into()),
    }
}

/// The inputs that were given, with their own flags or with `--input`.
pub fn given(arguments: &New, scaffolds: &[Scaffold]) -> Result<Given> {
    let version = arguments.event_version.iter().map(|value| ("event-version", value.as_str()));
    let groups = arguments.group.iter().map(|value| ("group", value.as_str()));
    let claims = arguments.claim.iter().map(|value| ("claim", value.as_str()));
    let architecture = arguments.architecture.iter().map(|value| ("architecture", value.as_str()));
    let flags = version.chain(groups).chain(claims).chain(architecture);
    let mut given: Given = flags.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    for input in &arguments.input {
        let Some((name, value)) = input.split_once('=') else {
            scaffolds.iter().try_for_each(|scaffold| check_input(scaffold, input))?;
            let inputs = scaffolds.iter().flat_map(|scaffold| &scaffold.inputs);
            let values = inputs.filter(|known| known.name == *input).map(Input::values).next();
            return Err(Error::usage(format!("`--input {input}` has no value")).hint(
                match values {
                    Some(values) => format!("write `--input {input}=VALUE`, with one of: {values}"),
                    None => format!("write `--input {input}=VALUE`"),
                },
            ));
        };
        given.push((name.to_owned(), value.to_owned()));
    }
    Ok(given)
}
