//! What can be generated, in the order in which lists show it.

use super::{Catalog, Scaffold};
use crate::error::Result;

/// A scaffold or a bundle, as a line of a list.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The name of the family.
    pub family: String,
    /// The name of the group, such as `sign-up`.
    pub group: String,
    /// The name of the scaffold or bundle.
    pub name: String,
    /// What it is for, in a phrase.
    pub purpose: String,
}

impl Catalog {
    /// All scaffolds and bundles by family and group, each scaffold where it stands in a flow of that
    /// name or else in another, and a bundle after what it consists of.
    pub fn offers(&self) -> Result<Vec<Offer>> {
        let families = self.families();
        let family_rank = |name: &String| families.iter().position(|family| family == name);
        let mut placed = Vec::new();
        for scaffold in self.scaffolds()? {
            let Scaffold { name, family, group, purpose, summary, .. } = &scaffold;
            let groups = &family.groups;
            let rank = groups.iter().position(|known| known == group).unwrap_or(groups.len());
            let flows = scaffold.trigger.iter().map(|trigger| &trigger.flows).next();
            let step = flows.and_then(|flows| flows.get(group).or(flows.values().min()));
            let place = (family_rank(&family.name), rank, step.copied().unwrap_or(0));
            let offer = Offer {
                family: family.name.clone(),
                group: group.clone(),
                name: name.clone(),
                purpose: purpose.as_ref().unwrap_or(summary).clone(),
            };
            placed.push((place, offer));
        }
        for name in self.bundles() {
            let bundle = self.bundle(name)?;
            let parts = placed.iter().filter(|(_, offer)| bundle.scaffolds.contains(&offer.name));
            if let Some((place, last)) = parts.max_by_key(|(place, _)| *place) {
                let purpose = bundle.purpose.unwrap_or(bundle.summary);
                placed.push((*place, Offer { name: name.to_owned(), purpose, ..last.clone() }));
            }
        }
        placed.sort_by_key(|(place, _)| *place);
        Ok(placed.into_iter().map(|(_, offer)| offer).collect())
    }
}
