//! Entries of a jurisdiction's catalogues as records of the type that is wanted.

use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{Expr, RecordId, Ty};
use exeat_model::{CatalogueDescription, Code, Country, PlainValue, Record, Value, date_from_text};
use smol_str::SmolStr;

use crate::checker::{Checker, broken};
use crate::expression::calls::one_text;
use crate::expression::literal;
use crate::expression::outcomes::Arguments;
use crate::jurisdiction::described_type;

impl Checker<'_> {
    /// `us.chip("B200")`.
    pub(crate) fn catalogue_entry(
        &mut self,
        jurisdiction: &SmolStr,
        catalogue: usize,
        arguments: Arguments<'_>,
        wanted: Option<&Ty>,
        span: Span,
    ) -> Expr {
        let scope = self.environment.jurisdictions.get(jurisdiction);
        let Some(description) = scope.map(|scope| Arc::clone(&scope.description)) else {
            return broken(span);
        };
        let Some(found) = description.catalogues.get(catalogue) else { return broken(span) };
        let name = format!("{jurisdiction}.{}", found.name);
        let Some((key, place)) = one_text(arguments) else {
            let place = arguments.map_or(span, |(_, place)| place);
            let message = format!("an entry of `{name}` is named by one text");
            let code = codes::UNKNOWN_CATALOGUE_ENTRY;
            let diagnostic = Diagnostic::error(code, message, place, "one text is wanted here")
                .with_help(format!("Write `{name}(\"NAME\")`."));
            self.report(diagnostic);
            return broken(span);
        };
        let Some(entry) = found.entries.iter().find(|entry| entry.key == key) else {
            let keys: Vec<String> =
                found.entries.iter().map(|entry| entry.key.to_string()).collect();
            let message = format!("`{name}` has no entry");
            let code = codes::UNKNOWN_CATALOGUE_ENTRY;
            self.unknown_text(code, &message, key, place, &keys);
            return broken(span);
        };
        let record = match wanted {
            Some(Ty::Record(record)) => Some(*record),
            Some(Ty::Error) => return broken(span),
            _ => self.record_for(found),
        };
        let Some(record) = record else {
            let diagnostic = Diagnostic::error(
                codes::CANNOT_INFER_TYPE,
                format!("it does not show which kind of record `{name}` gives here"),
                span,
                "no record is wanted here",
            )
            .with_help("Use it as the value of a fact or field that is a record.");
            self.report(diagnostic);
            return broken(span);
        };
        let asked = (jurisdiction.clone(), catalogue, record);
        let problem = if let Some(problem) = self.catalogues_fitted.get(&asked) {
            problem.clone()
        } else {
            let problem = self.misfit(jurisdiction, found, record);
            self.catalogues_fitted.insert(asked, problem.clone());
            problem
        };
        if let Some(problem) = problem {
            let code = codes::UNKNOWN_CATALOGUE_ENTRY;
            let message = format!("`{name}` does not fit here: {problem}");
            self.error(code, message, span, "from the jurisdiction's library");
            return broken(span);
        }
        match self.plain_record(record, &entry.fields) {
            Ok(value) => literal(value, Ty::Record(record), span),
            Err(problem) => {
                let code = codes::UNKNOWN_CATALOGUE_ENTRY;
                let message = format!("`{name}(\"{key}\")` cannot be used: {problem}");
                self.error(code, message, span, "from the jurisdiction's library");
                broken(span)
            }
        }
    }

    /// The one record type that has all fields of a catalogue.
    fn record_for(&self, catalogue: &CatalogueDescription) -> Option<RecordId> {
        let fits = self.hir.records.iter().filter(|(_, record)| {
            catalogue
                .fields
                .iter()
                .all(|wanted| record.fields.iter().any(|field| field.name == wanted.name))
        });
        let mut fits = fits.map(|(id, _)| id);
        let first = fits.next()?;
        fits.next().is_none().then_some(first)
    }

    /// What in the fields of a catalogue does not go with a record type.
    fn misfit(
        &mut self,
        jurisdiction: &SmolStr,
        catalogue: &CatalogueDescription,
        record: RecordId,
    ) -> Option<String> {
        for field in &catalogue.fields {
            let found = self.hir.records.get(record)?;
            let name = found.name.clone();
            let known = found.fields.iter().find(|known| known.name == field.name);
            let Some(ty) = known.map(|known| known.ty.clone()) else {
                return Some(format!("a record `{name}` has no field `{}`", field.name));
            };
            let given = described_type(self, jurisdiction, &field.ty);
            if given.is_some_and(|given| !given.agrees_with(&ty)) {
                let wanted = crate::describe::describe(&self.hir, &ty);
                return Some(format!(
                    "its field `{}` is `{}`, and {wanted} is wanted",
                    field.name, field.ty
                ));
            }
        }
        None
    }

    /// A record from named values; a field that is not given is unknown.
    fn plain_record(
        &self,
        record: RecordId,
        values: &[(SmolStr, PlainValue)],
    ) -> Result<Value, String> {
        let Some(found) = self.hir.records.get(record) else { return Err(String::new()) };
        let mut fields = Vec::new();
        for field in &found.fields {
            let given = values.iter().find(|(name, _)| *name == field.name);
            fields.push(match given {
                Some((name, value)) => Some(
                    self.plain_value(value, &field.ty).map_err(|why| format!("`{name}`: {why}"))?,
                ),
                None => None,
            });
        }
        for (name, _) in values {
            if !found.fields.iter().any(|field| field.name == *name) {
                return Err(format!("a record `{}` has no field `{name}`", found.name));
            }
        }
        Ok(Value::Record(Arc::new(Record { fields })))
    }

    fn plain_value(&self, value: &PlainValue, ty: &Ty) -> Result<Value, String> {
        let wrong = || format!("{} is wanted", crate::describe::describe(&self.hir, ty));
        let found = match (value, ty) {
            (PlainValue::YesNo(yes), Ty::YesNo) => Some(Value::YesNo(*yes)),
            (PlainValue::Number(number), Ty::Quantity(unit)) => {
                number.checked_mul(unit.factor).ok().map(Value::Number)
            }
            (PlainValue::Text(text), Ty::Text) => Some(Value::Text(text.clone())),
            (PlainValue::Text(text), Ty::Country) => Country::from_code(text).map(Value::Country),
            (PlainValue::Text(text), Ty::Date) => date_from_text(text).map(Value::Date),
            (PlainValue::Text(text), Ty::Enum(id)) => self
                .hir
                .enums
                .get(*id)
                .filter(|item| item.values.iter().any(|value| value.name == *text))
                .map(|_| Value::Symbol(text.clone())),
            (PlainValue::Text(text), Ty::Code(id)) => self
                .hir
                .code_lists
                .get(*id)
                .filter(|list| list.entries.contains_key(text))
                .map(|_| Value::Code(Code::Entry(text.clone()))),
            (PlainValue::List(items), Ty::List(element)) => {
                let items = items.iter().map(|item| self.plain_value(item, element));
                Some(Value::List(Arc::new(items.collect::<Result<_, _>>()?)))
            }
            (PlainValue::List(items), Ty::Set(element)) => {
                let items = items.iter().map(|item| self.plain_value(item, element));
                Some(Value::Set(Arc::new(items.collect::<Result<_, _>>()?)))
            }
            (PlainValue::Record(values), Ty::Record(record)) => {
                Some(self.plain_record(*record, values)?)
            }
            _ => None,
        };
        found.ok_or_else(wrong)
    }
}
