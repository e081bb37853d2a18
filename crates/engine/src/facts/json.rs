use std::fmt;

use exeat_diagnostics::Span;
use serde::Deserializer as _;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::datum::{DEEPEST, Datum, Entry, Shape, Unreadable};

/// Reads JSON. Each value is kept as its own piece of the text, which gives its place and, for a
/// number, every digit that was written.
pub(super) fn read(text: &str, base: u32) -> Result<Datum, Unreadable> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let skipped = text.len().saturating_sub(body.len());
    let raw: &RawValue = serde_json::from_str(body).map_err(|error| Unreadable {
        span: at(body, base, skipped, error.line(), error.column()),
        reason: reason(&error),
    })?;
    let reader = Reader { text, base };
    reader
        .datum(raw.get(), 0)
        .map_err(|error| Unreadable { span: Span::new(base, base), reason: reason(&error) })
}

/// The reason without the place, which is shown with it.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// The place of a line and a column, both from 1; the column counts bytes.
fn at(body: &str, base: u32, skipped: usize, line: usize, column: usize) -> Span {
    let before: usize = body.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let offset = before.saturating_add(column.saturating_sub(1)).saturating_add(skipped);
    let offset = u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(offset, offset).shifted(base)
}

struct Reader<'t> {
    text: &'t str,
    base: u32,
}

impl<'t> Reader<'t> {
    fn datum(&self, piece: &'t str, depth: usize) -> Result<Datum, serde_json::Error> {
        let deeper = depth.saturating_add(1);
        let shape = match piece.as_bytes().first() {
            _ if depth > DEEPEST => Shape::Other("something nested too deeply"),
            Some(b'{') => {
                let pairs = serde_json::Deserializer::from_str(piece).deserialize_map(Pairs)?;
                let mut entries = Vec::new();
                for (key, value) in pairs {
                    let datum = self.datum(value.get(), deeper)?;
                    let key_span = self.key_span(&key, value.get()).unwrap_or(datum.span);
                    entries.push(Entry { key, key_span, datum });
                }
                Shape::Table(entries)
            }
            Some(b'[') => {
                let items = serde_json::Deserializer::from_str(piece).deserialize_seq(Items)?;
                let items = items.into_iter().map(|item| self.datum(item.get(), deeper));
                Shape::List(items.collect::<Result<_, _>>()?)
            }
            Some(b'"') => Shape::Text(serde_json::from_str(piece)?),
            Some(b't') => Shape::YesNo(true),
            Some(b'f') => Shape::YesNo(false),
            Some(b'n') => Shape::Nothing,
            _ => Shape::Number(piece.to_owned()),
        };
        Ok(Datum { span: self.span(piece), shape })
    }

    /// The place of a piece: it is a part of the text itself.
    fn span(&self, piece: &str) -> Span {
        let start = piece.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        let end = start.saturating_add(piece.len());
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(offset(start), offset(end)).shifted(self.base)
    }

    /// The place of a key: it stands before its value, in quotes, if it was written without escapes.
    fn key_span(&self, key: &str, value: &str) -> Option<Span> {
        let start = value.as_ptr().addr().checked_sub(self.text.as_ptr().addr())?;
        let before = self.text.get(..start)?.trim_end().strip_suffix(':')?.trim_end();
        let begin = before.strip_suffix('"')?.strip_suffix(key)?.strip_suffix('"')?.len();
        Some(self.span(self.text.get(begin..before.len())?))
    }
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

struct Items;

impl<'de> Visitor<'de> for Items {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        while let Some(item) = items.next_element()? {
            found.push(item);
        }
        Ok(found)
    }
}
