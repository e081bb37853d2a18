use std::collections::BTreeSet;

use exeat_check::nearest_country;
use exeat_diagnostics::{Code, Diagnostic, Span, codes, suggestion};
use exeat_hir::{EnumId, Expr, ExprKind, ListItem, RecordId, Ty};
use exeat_model::{Country, Number, Value, date_from_text};
use exeat_syntax::parse_expression;

use super::datum::{Datum, Entry, Shape};
use crate::Rulebook;
use crate::names::listed;
use crate::types::type_words;

/// The key that fills a record with what is known of a like one; other keys then replace fields.
const LIKE: &str = "like";

/// Turns data into expressions of the type that is wanted.
pub(super) struct Values<'a> {
    pub(super) session: &'a Rulebook,
    pub(super) text: &'a str,
    pub(super) base: u32,
    pub(super) problems: Vec<Diagnostic>,
}

impl Values<'_> {
    /// The value of a fact or field; `None` if there is a problem with it.
    pub(super) fn value(&mut self, name: &str, datum: &Datum, ty: &Ty) -> Option<Expr> {
        match (&datum.shape, ty) {
            (Shape::Text(text), Ty::Text) => {
                Some(literal(Value::Text(text.as_str().into()), ty, datum.span))
            }
            (Shape::Text(text), Ty::Country) => self.country(text.trim(), datum, ty),
            (Shape::Text(text), Ty::Enum(id)) if self.is_named(*id, text.trim()) => {
                Some(literal(Value::Symbol(text.trim().into()), ty, datum.span))
            }
            (Shape::Text(text), _) => self.expression(text, datum, ty),
            (Shape::YesNo(yes), Ty::YesNo) => Some(literal(Value::YesNo(*yes), ty, datum.span)),
            (Shape::Date(text), Ty::Date) => {
                Some(literal(Value::Date(date_from_text(text)?), ty, datum.span))
            }
            (Shape::Number(text), Ty::Quantity(unit)) => {
                if unit.dimension.is_none() {
                    self.number(name, text, datum, ty)
                } else {
                    let message = format!("`{name}` needs a unit");
                    self.problems.push(
                        Diagnostic::error(
                            codes::UNIT_MISSING,
                            message,
                            datum.span,
                            "without a unit",
                        )
                        .with_help(format!(
                            "Write it as a text with its unit: `\"{text} {}\"`.",
                            unit.text
                        )),
                    );
                    None
                }
            }
            (Shape::List(items), Ty::List(element)) => {
                let values: Vec<Option<Expr>> = items
                    .iter()
                    .enumerate()
                    .map(|(at, item)| {
                        let name = format!("{name}[{}]", at.saturating_add(1));
                        self.value(&name, item, element)
                    })
                    .collect();
                let items = values.into_iter().map(|value| value.map(ListItem::One));
                let kind = ExprKind::List(items.collect::<Option<Vec<_>>>()?);
                Some(Expr { kind, ty: ty.clone(), span: datum.span })
            }
            (Shape::List(items), Ty::Set(element)) => {
                let values: Vec<Option<Expr>> =
                    items.iter().map(|item| self.value(name, item, element)).collect();
                let kind = ExprKind::SetLiteral(values.into_iter().collect::<Option<Vec<_>>>()?);
                Some(Expr { kind, ty: ty.clone(), span: datum.span })
            }
            (Shape::Table(entries), Ty::Record(record)) => {
                self.record(name, entries, *record, datum.span)
            }
            _ => {
                self.wrong_type(name, datum, ty);
                None
            }
        }
    }

    /// Whether an enumeration has a value of that name; then nothing has to be read as an expression.
    fn is_named(&self, id: EnumId, name: &str) -> bool {
        let values = self.session.hir().enums.get(id).map_or(&[][..], |one| &one.values);
        values.iter().any(|value| value.name == name)
    }

    fn wrong_type(&mut self, name: &str, datum: &Datum, ty: &Ty) {
        let wanted = type_words(self.session.hir(), ty);
        let message = format!("`{name}` has to be {wanted}, but this is {}", datum.shape.words());
        let help = match (ty, &datum.shape) {
            (Ty::YesNo, _) => "Write `true` or `false`, or `\"yes\"` or `\"no\"`.",
            (Ty::Date, _) => "Write year, month and day: `2025-05-15`.",
            (Ty::Country, _) => "Write its code in quotes: `\"AE\"`.",
            (Ty::List(_), _) => "Write a list in square brackets.",
            (Ty::Record(_), _) => "Write its fields: `{ country = \"PL\" }`.",
            (_, Shape::Number(_)) => "Write it in quotes.",
            (Ty::Quantity(_), _) => "Write a number, with its unit if it has one.",
            _ => "Write it as a text in quotes.",
        };
        self.problems.push(
            Diagnostic::error(codes::WRONG_FACT_TYPE, message, datum.span, format!("not {wanted}"))
                .with_help(help),
        );
    }

    fn number(&mut self, name: &str, text: &str, datum: &Datum, ty: &Ty) -> Option<Expr> {
        if let Some(number) = Number::parse(text) {
            return Some(literal(Value::Number(number), ty, datum.span));
        }
        let message = format!("`{name}` has more digits than can be kept exactly");
        self.problems.push(
            Diagnostic::error(codes::FACT_VALUE_UNREADABLE, message, datum.span, "too long")
                .with_help("Write the figure as the law or the data sheet states it."),
        );
        None
    }

    fn country(&mut self, text: &str, datum: &Datum, ty: &Ty) -> Option<Expr> {
        if let Some(country) = Country::from_code(text).or_else(|| Country::from_name(text)) {
            return Some(literal(Value::Country(country), ty, datum.span));
        }
        let near = nearest_country(text).or_else(|| Country::from_code(&text.to_ascii_uppercase()));
        let message = format!("there is no country `{text}`");
        self.problems.push(
            Diagnostic::error(codes::UNKNOWN_COUNTRY, message, datum.span, "not a country")
                .with_help(match near {
                    Some(near) => format!("Did you mean `{near}` ({})?", near.name()),
                    None => "Write the two-letter code of ISO 3166, as `AE`, or the English name."
                        .to_owned(),
                }),
        );
        None
    }

    /// A text that is an expression of the language.
    fn expression(&mut self, text: &str, datum: &Datum, ty: &Ty) -> Option<Expr> {
        let inside = self.inside(text, datum.span);
        let parsed = parse_expression(text, inside.unwrap_or(datum.span.start));
        let problems = if parsed.has_errors() {
            parsed
                .diagnostics
                .iter()
                .filter(|problem| problem.is_error())
                .map(|problem| {
                    let mut problem = problem.clone();
                    problem.code = unreadable(problem.code);
                    problem
                })
                .collect()
        } else {
            match self.session.checked().check_value(&parsed, ty) {
                Ok(expr) if reads_nothing(&expr) => {
                    return Some(Expr { span: datum.span, ..expr });
                }
                Ok(_) => vec![
                    Diagnostic::error(
                        codes::NOT_CONSTANT,
                        "a value in a facts file cannot depend on other facts",
                        datum.span,
                        "depends on something else",
                    )
                    .with_help("Write the value itself."),
                ],
                Err(problems) => problems,
            }
        };
        if problems.is_empty() {
            let wanted = type_words(self.session.hir(), ty);
            let message = format!("`{text}` cannot be read as {wanted}");
            self.problems.push(Diagnostic::error(
                codes::FACT_VALUE_UNREADABLE,
                message,
                datum.span,
                format!("not {wanted}"),
            ));
        }
        for mut problem in problems {
            if inside.is_none() {
                // With escapes in it, places inside the text are not places in the file.
                problem.labels.truncate(1);
                problem.labels.iter_mut().for_each(|label| label.span = datum.span);
                problem.fix = None;
            }
            self.problems.push(problem);
        }
        None
    }

    /// Where the text itself begins, inside its quotes; `None` if it is not there letter for letter.
    fn inside(&self, text: &str, span: Span) -> Option<u32> {
        let start = usize::try_from(span.start.checked_sub(self.base)?).ok()?;
        let end = usize::try_from(span.end.checked_sub(self.base)?).ok()?;
        let written = self.text.get(start..end)?;
        if written == text {
            return Some(span.start);
        }
        let quotes = written.strip_suffix(text).or_else(|| {
            let rest = written.strip_suffix(['"', '\''])?;
            rest.strip_suffix(text)
        })?;
        span.start.checked_add(u32::try_from(quotes.len()).ok()?)
    }

    fn record(
        &mut self,
        name: &str,
        entries: &[Entry],
        record: RecordId,
        span: Span,
    ) -> Option<Expr> {
        let hir = self.session.hir();
        let declared = hir.records.get(record)?;
        let ty = Ty::Record(record);
        let before = self.problems.len();
        self.refuse_twice(entries);
        let mut fields: Vec<Option<Expr>> = vec![None; declared.fields.len()];
        if let Some(like) = entries.iter().find(|entry| entry.key == LIKE)
            && let Some(found) = self.value(LIKE, &like.datum, &ty)
        {
            match known_fields(found) {
                Some(known) => fields = known,
                None => self.problems.push(Diagnostic::error(
                    codes::FACT_VALUE_UNREADABLE,
                    "`like` has to name an entry of a catalogue or hold a record",
                    like.datum.span,
                    "neither",
                )),
            }
        }
        for entry in entries.iter().filter(|entry| entry.key != LIKE) {
            let place = declared.fields.iter().position(|field| field.name == entry.key);
            let Some((place, field)) =
                place.and_then(|place| Some((place, declared.fields.get(place)?)))
            else {
                let message = format!("{} has no field `{}`", type_words(hir, &ty), entry.key);
                let names: Vec<&str> =
                    declared.fields.iter().map(|field| field.name.as_str()).collect();
                let help = suggestion(&entry.key, names.iter().copied())
                    .unwrap_or_else(|| listed("field", &names));
                self.problems.push(
                    Diagnostic::error(codes::UNKNOWN_FACT, message, entry.key_span, "not known")
                        .with_help(help),
                );
                continue;
            };
            // A field without a value is not known, whatever `like` said of it.
            let value = if matches!(entry.datum.shape, Shape::Nothing) {
                None
            } else {
                self.value(&format!("{name}.{}", field.name), &entry.datum, &field.ty)
            };
            if let Some(slot) = fields.get_mut(place) {
                *slot = value;
            }
        }
        let kind = ExprKind::Record(record, fields);
        (self.problems.len() == before).then_some(Expr { kind, ty, span })
    }

    /// Reports keys that stand twice in one table.
    pub(super) fn refuse_twice(&mut self, entries: &[Entry]) {
        let mut seen = BTreeSet::new();
        for entry in entries {
            if !seen.insert(entry.key.as_str()) {
                let message = format!("`{}` is given twice", entry.key);
                self.problems.push(
                    Diagnostic::error(codes::FACTS_SYNTAX, message, entry.key_span, "given again")
                        .with_help("Remove one of them."),
                );
            }
        }
    }
}

/// The code for what cannot be read in a facts file: a fault of the grammar has that of the value.
fn unreadable(code: Code) -> Code {
    if code.0.starts_with("E01") { codes::FACT_VALUE_UNREADABLE } else { code }
}

fn literal(value: Value, ty: &Ty, span: Span) -> Expr {
    Expr { kind: ExprKind::Literal(value), ty: ty.clone(), span }
}

/// Whether an expression reads no fact, decision or date.
fn reads_nothing(expr: &Expr) -> bool {
    let mut nothing = true;
    expr.visit(&mut |part| {
        nothing &= !matches!(
            part.kind,
            ExprKind::Fact(_) | ExprKind::Decision(_) | ExprKind::AsOf | ExprKind::Define(..)
        );
    });
    nothing
}

/// The fields of a record that is written out.
fn known_fields(expr: Expr) -> Option<Vec<Option<Expr>>> {
    let span = expr.span;
    match expr.kind {
        ExprKind::Record(_, fields) => Some(fields),
        ExprKind::Literal(Value::Record(record)) => Some(
            record
                .fields
                .iter()
                .map(|field| {
                    // Nothing asks for the type of a value that is known.
                    field.clone().map(|value| literal(value, &Ty::Error, span))
                })
                .collect(),
        ),
        _ => None,
    }
}
