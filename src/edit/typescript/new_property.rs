//! New properties of object literals, and how they are written.

/// A property to put in: a name, or objects that lead to it.
pub enum NewProperty<'a> {
    /// `key: name`, or `name` alone.
    Name(&'a str, &'a str),
    /// `key: { … }`.
    Object(&'a str, Box<NewProperty<'a>>),
}

impl<'a> NewProperty<'a> {
    /// The entry for `name` at the end of `keys`.
    pub fn new(keys: &[&'a str], name: &'a str) -> Option<Self> {
        let (last, outer) = keys.split_last()?;
        let leaf = Self::Name(last, name);
        Some(outer.iter().rev().fold(leaf, |inner, key| Self::Object(key, Box::new(inner))))
    }

    pub fn key(&self) -> &'a str {
        match self {
            Self::Name(key, _) | Self::Object(key, _) => key,
        }
    }

    /// On one line.
    pub fn inline(&self) -> String {
        match self {
            Self::Name(key, name) if key == name => (*name).to_owned(),
            Self::Name(key, name) => format!("{key}: {name}"),
            Self::Object(key, inner) => format!("{key}: {{ {} }}", inner.inline()),
        }
    }

    /// On a line of its own for each property.
    pub fn block(&self, style: &ObjectStyle) -> String {
        match self {
            Self::Name(..) => self.inline(),
            Self::Object(key, inner) => {
                let deeper = ObjectStyle {
                    indent: format!("{}{}", style.indent, style.unit),
                    ..style.clone()
                };
                let ObjectStyle { indent, eol, comma, .. } = style;
                let inner = inner.block(&deeper);
                format!("{key}: {{{eol}{}{inner}{comma}{eol}{indent}}}", deeper.indent)
            }
        }
    }
}

/// How an object is written.
#[derive(Clone)]
pub struct ObjectStyle {
    /// The white space before its properties.
    pub indent: String,
    /// One step of indentation.
    pub unit: String,
    pub eol: &'static str,
    /// The comma behind a last property.
    pub comma: &'static str,
}
