//! What can be generated, in the order in which lists show it.

use super::{Catalog, SCAFFOLD, SHARED};
use crate::catalog::scaffold::Shared;
use crate::error::Result;

/// A scaffold or a bundle, as a line of a list.
#[derive(Debug)]
pub struct Offer {
    /// The name of the group, such as `sign-up`.
    pub group: String,
    /// The name of the scaffold or bundle.
    pub name: String,
    /// What it is for, in a phrase.
    pub purpose: String,
}

impl Catalog {
    /// All scaffolds and bundles by group, each scaffold where it stands in a flow of that name or else
    /// in another, and a bundle after what it consists of.
    pub fn offers(&self) -> Result<Vec<Offer>> {
        let shared: Shared = self.parse(SHARED, SCAFFOLD)?;
        let rank = |group: &String| {
            shared.groups.iter().position(|known| known == group).unwrap_or(shared.groups.len())
        };
        let mut placed = Vec::new();
        for scaffold in self.scaffolds()? {
            let flows = &scaffold.trigger.flows;
            let step = flows.get(&scaffold.group).or(flows.values().min()).copied().unwrap_or(0);
            let place = (rank(&scaffold.group), step);
            let purpose = scaffold.purpose.unwrap_or(scaffold.summary);
            placed.push((place, Offer { group: scaffold.group, name: scaffold.name, purpose }));
        }
        for name in self.bundles() {
            let bundle = self.bundle(name)?;
            let parts = placed.iter().filter(|(_, offer)| bundle.scaffolds.contains(&offer.name));
            let last = parts.max_by_key(|(place, _)| *place);
            let (place, group) =
                last.map(|(place, offer)| (*place, offer.group.clone())).unwrap_or_default();
            let purpose = bundle.purpose.unwrap_or(bundle.summary);
            placed.push((place, Offer { group, name: name.to_owned(), purpose }));
        }
        placed.sort_by_key(|(place, _)| *place);
        Ok(placed.into_iter().map(|(_, offer)| offer).collect())
    }
}
