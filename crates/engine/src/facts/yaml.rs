use std::fmt;

use exeat_diagnostics::Span;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Options, Spanned};

use super::datum::{DEEPEST, Datum, Entry, Shape, Unreadable};

/// Reads YAML. A plain scalar is taken as the text that stands at its place, so that every digit
/// counts; of the many YAML spellings of yes and no only those of the language are taken as such.
pub(super) fn read(text: &str, base: u32) -> Result<Datum, Unreadable> {
    let options = Options { strict_booleans: true, with_snippet: false, ..Options::default() };
    let places = Places::new(text, base);
    let node: Spanned<Node> =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            let span = error.location().map_or(Span::new(base, base), |found| places.span(found));
            let whole = error.to_string();
            let reason = whole.split(" at line ").next().unwrap_or(&whole);
            Unreadable { span, reason: reason.lines().next().unwrap_or_default().to_owned() }
        })?;
    Ok(places.datum(node, 0))
}

/// Where each character of the text begins, because YAML counts characters.
struct Places<'t> {
    text: &'t str,
    base: u32,
    starts: Vec<usize>,
}

impl<'t> Places<'t> {
    fn new(text: &'t str, base: u32) -> Self {
        let skipped = usize::from(text.starts_with('\u{feff}'));
        let starts = text.char_indices().map(|(at, _)| at).skip(skipped).collect();
        Self { text, base, starts }
    }

    fn byte(&self, character: usize) -> usize {
        self.starts.get(character).copied().unwrap_or(self.text.len())
    }

    fn range(&self, location: Location) -> std::ops::Range<usize> {
        let span = location.span();
        let start = self.byte(span.offset());
        start..self.byte(span.offset().saturating_add(span.len())).max(start)
    }

    fn span(&self, location: Location) -> Span {
        crate::project::place(self.base, &self.range(location))
    }

    fn datum(&self, node: Spanned<Node>, depth: usize) -> Datum {
        let span = self.span(node.referenced);
        let written = self.text.get(self.range(node.defined)).unwrap_or_default().trim();
        let deeper = depth.saturating_add(1);
        let shape = match node.value {
            _ if depth > DEEPEST => Shape::Other("something nested too deeply"),
            Node::Nothing => Shape::Nothing,
            Node::YesNo(yes) => Shape::YesNo(yes),
            Node::Number => match written.strip_prefix('+').unwrap_or(written) {
                text if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                    Shape::Number(text.to_owned())
                }
                _ => Shape::Other("no finite decimal number"),
            },
            Node::Text(text) => Shape::Text(text),
            Node::List(items) => {
                Shape::List(items.into_iter().map(|item| self.datum(item, deeper)).collect())
            }
            Node::Table(pairs) => Shape::Table(
                pairs
                    .into_iter()
                    .map(|(key, value)| Entry {
                        key_span: self.span(key.referenced),
                        key: key.value,
                        datum: self.datum(value, deeper),
                    })
                    .collect(),
            ),
        };
        Datum { span, shape }
    }
}

enum Node {
    Nothing,
    YesNo(bool),
    Number,
    Text(String),
    List(Vec<Spanned<Self>>),
    Table(Vec<(Spanned<String>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Node, D::Error> {
        Node::deserialize(inner)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Node, E> {
        Ok(Node::YesNo(yes))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Number)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Node, E> {
        Ok(Node::Number)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Node, E> {
        Ok(Node::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut found = Vec::new();
        while let Some(item) = items.next_element()? {
            found.push(item);
        }
        Ok(Node::List(found))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Node::Table(pairs))
    }
}
