use exeat_diagnostics::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::datum::{DEEPEST, Datum, Entry, Shape, Unreadable};
use crate::project::place;

/// Reads TOML.
pub(super) fn read(text: &str, base: u32) -> Result<Datum, Unreadable> {
    let table = DeTable::parse(text).map_err(|error| Unreadable {
        span: error.span().map_or(Span::new(base, base), |range| place(base, &range)),
        reason: error.message().lines().next().unwrap_or_default().to_owned(),
    })?;
    let reader = Reader { text, base };
    let span = place(base, &table.span());
    Ok(Datum { span, shape: reader.table(table.get_ref(), 0) })
}

struct Reader<'t> {
    text: &'t str,
    base: u32,
}

impl Reader<'_> {
    fn table(&self, table: &DeTable<'_>, depth: usize) -> Shape {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().to_string(),
                key_span: place(self.base, &key.span()),
                datum: self.datum(value, depth.saturating_add(1)),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_span);
        Shape::Table(entries)
    }

    fn datum(&self, value: &Spanned<DeValue<'_>>, depth: usize) -> Datum {
        let span = place(self.base, &value.span());
        // The text itself, and not what was made of it, so that every digit counts.
        let written = || self.text.get(value.span()).unwrap_or_default().to_owned();
        let shape = match value.get_ref() {
            _ if depth > DEEPEST => Shape::Other("something nested too deeply"),
            DeValue::String(text) => Shape::Text(text.to_string()),
            DeValue::Integer(number) if number.radix() == 10 => Shape::Number(plain(&written())),
            DeValue::Integer(_) => Shape::Other("a number that is not written in decimal"),
            DeValue::Float(_) => {
                let text = plain(&written());
                if text.contains("inf") || text.contains("nan") {
                    Shape::Other("no finite number")
                } else {
                    Shape::Number(text)
                }
            }
            DeValue::Boolean(yes) => Shape::YesNo(*yes),
            DeValue::Datetime(moment) => match (moment.date, moment.time) {
                (Some(date), None) => Shape::Date(date.to_string()),
                (Some(_), Some(_)) => Shape::Other("a date with a time of day"),
                (None, _) => Shape::Other("a time of day"),
            },
            DeValue::Array(items) => Shape::List(
                items.iter().map(|item| self.datum(item, depth.saturating_add(1))).collect(),
            ),
            DeValue::Table(table) => self.table(table, depth),
        };
        Datum { span, shape }
    }
}

/// A number without the plus sign that TOML allows before it.
fn plain(text: &str) -> String {
    let text = text.trim();
    text.strip_prefix('+').unwrap_or(text).to_owned()
}
