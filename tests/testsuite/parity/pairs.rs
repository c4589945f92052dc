//! Finds out which resource of one template is which of the other: by content, and by who refers
//! to whom. The pair that is least in doubt goes first, and helps with the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Direction, Graph, Names};

/// How far references are followed.
const DEPTH: usize = 4;

/// The common names of the resources of both templates; one that has no partner has a name that
/// the other template does not have.
pub struct Pairs {
    pub left: Names,
    pub right: Names,
}

pub fn pair(left: &Graph, right: &Graph) -> Pairs {
    let (left_views, right_views) = (views(left), views(right));
    let mut scores = BTreeMap::new();
    for (a, one) in &left.resources {
        for (b, other) in &right.resources {
            if one.kind == other.kind {
                let levels = left_views[a].iter().zip(&right_views[b]);
                let score: f64 = levels.map(|(one, other)| likeness(one, other)).sum();
                scores.insert((a.as_str(), b.as_str()), score);
            }
        }
    }
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    while !scores.is_empty() {
        let current: BTreeMap<_, _> = scores
            .iter()
            .map(|(pair, score)| (*pair, score + agreement(left, right, *pair, &pairs)))
            .collect();
        let best = current
            .iter()
            .max_by(|(a, x), (b, y)| {
                let (one, other) = (margin(&current, **a), margin(&current, **b));
                one.total_cmp(&other).then(x.total_cmp(y))
            })
            .map(|(pair, _)| *pair)
            .expect("there is a pair left");
        pairs.push(best);
        scores.retain(|(a, b), _| *a != best.0 && *b != best.1);
    }
    name(left, right, &pairs)
}

fn name(left: &Graph, right: &Graph, pairs: &[(&str, &str)]) -> Pairs {
    let mut names = Pairs { left: Names::new(), right: Names::new() };
    for (index, (a, b)) in pairs.iter().enumerate() {
        let name = format!("{}#{index}", left.resources[*a].short_kind());
        names.left.insert((*a).to_owned(), name.clone());
        names.right.insert((*b).to_owned(), name);
    }
    for (graph, names, side) in
        [(left, &mut names.left, "left"), (right, &mut names.right, "right")]
    {
        for id in graph.resources.keys() {
            names.entry(id.clone()).or_insert_with(|| format!("{side} {id}"));
        }
    }
    names
}

/// What a resource looks like: its properties, and its references, further and further.
fn views(graph: &Graph) -> BTreeMap<String, Vec<BTreeSet<String>>> {
    let mut views = BTreeMap::new();
    let mut labels = BTreeMap::new();
    for (id, resource) in &graph.resources {
        let leaves = graph.leaves(id, &Names::new());
        let view: BTreeSet<_> =
            leaves.iter().map(|(path, value)| format!("{path}={value}")).collect();
        labels.insert(id.clone(), resource.kind.clone());
        views.insert(id.clone(), vec![view.clone(), view]);
    }
    for _ in 0..DEPTH {
        let mut next = BTreeMap::new();
        for (id, resource) in &graph.resources {
            let edges = resource.edges.iter();
            let view: BTreeSet<_> = edges
                .map(|(direction, path, other)| format!("{direction:?}{path}{}", labels[other]))
                .collect();
            next.insert(id.clone(), format!("{}{view:?}", resource.kind));
            views.get_mut(id).expect("a view").push(view);
        }
        labels = next;
    }
    views
}

/// How well the references of two resources to those that are paired already agree.
fn agreement(left: &Graph, right: &Graph, pair: (&str, &str), pairs: &[(&str, &str)]) -> f64 {
    let partner = |id: &str| pairs.iter().find(|(a, _)| *a == id).map(|(_, b)| *b);
    type Known<'a> = BTreeSet<(Direction, &'a str, &'a str)>;
    let mine = &left.resources[pair.0].edges;
    let mine: Known = mine
        .iter()
        .filter_map(|(direction, path, other)| Some((*direction, path.as_str(), partner(other)?)))
        .collect();
    let theirs = &right.resources[pair.1].edges;
    let theirs: Known = theirs
        .iter()
        .filter(|(_, _, other)| pairs.iter().any(|(_, b)| b == other))
        .map(|(direction, path, other)| (*direction, path.as_str(), other.as_str()))
        .collect();
    if mine.is_empty() && theirs.is_empty() {
        return 0.0;
    }
    4.0 * likeness(&mine, &theirs)
}

/// How much better a pair is than the next best of either of its resources.
fn margin(scores: &BTreeMap<(&str, &str), f64>, pair: (&str, &str)) -> f64 {
    let rivals = scores
        .iter()
        .filter(|((a, b), _)| (*a == pair.0) != (*b == pair.1))
        .map(|(_, score)| *score);
    let score = scores[&pair];
    score - rivals.max_by(f64::total_cmp).unwrap_or(0.0)
}

fn likeness<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> f64 {
    let all = one.union(other).count();
    if all == 0 {
        return 1.0;
    }
    #[allow(clippy::cast_precision_loss)]
    let likeness = one.intersection(other).count() as f64 / all as f64;
    likeness
}
