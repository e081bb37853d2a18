use exeat_diagnostics::{Diagnostic, Span, codes, nearest_names};
use exeat_hir::{CodeListId, Expr, Ty};
use exeat_model::{Code, Country, Number, UnitExpression, Value};

use crate::checker::{Checker, broken};
use crate::expression::literal;
use crate::names::unknown;

/// The country whose name is nearest to a word, if it is near and no other is as near.
pub fn nearest_country(word: &str) -> Option<Country> {
    let word = word.replace('_', " ");
    let near = nearest_names(&word, Country::names().map(|(name, _)| name));
    let mut meant = near.into_iter().filter_map(Country::from_name);
    let first = meant.next()?;
    meant.all(|other| other == first).then_some(first)
}

impl Checker<'_> {
    /// A number with its unit, in base units.
    pub(crate) fn quantity(
        &mut self,
        number: &str,
        unit: Option<&(String, Span)>,
        span: Span,
    ) -> Expr {
        let parsed = Number::parse(number);
        let unit = match unit {
            None => Some(UnitExpression::none()),
            Some((text, place)) => self.unit(text, *place),
        };
        let Some(number) = parsed else {
            let message = "this number has too many digits";
            let label = "at most about 38 digits are kept";
            self.error(codes::NUMBER_OUT_OF_RANGE, message, span, label);
            return broken(span);
        };
        let Some(unit) = unit else { return broken(span) };
        if let Ok(base) = number.checked_mul(unit.factor) {
            return literal(Value::Number(base), Ty::Quantity(unit), span);
        }
        let message = format!("this number has too many digits in {}", unit.text);
        let label = "at most about 38 digits are kept";
        self.error(codes::NUMBER_OUT_OF_RANGE, message, span, label);
        broken(span)
    }

    /// A code as it is written, of the code list that is wanted.
    pub(crate) fn code(&mut self, text: &str, span: Span, wanted: Option<&Ty>) -> Expr {
        match wanted {
            Some(Ty::Code(list)) => match self.entry(*list, text, span) {
                Some(code) => literal(Value::Code(code), Ty::Code(*list), span),
                None => broken(span),
            },
            Some(Ty::Error) => broken(span),
            _ => {
                let lists: Vec<CodeListId> = self
                    .hir
                    .code_lists
                    .iter()
                    .filter(|(_, list)| list.entries.contains_key(text))
                    .map(|(id, _)| id)
                    .collect();
                if let [list] = lists.as_slice() {
                    return literal(Value::Code(Code::Entry(text.into())), Ty::Code(*list), span);
                }
                let diagnostic = Diagnostic::error(
                    codes::CANNOT_INFER_TYPE,
                    format!("it does not show to which code list `{text}` belongs"),
                    span,
                    "a code of which list?",
                )
                .with_help("Compare it with something that has a code, or declare the type.");
                self.report(diagnostic);
                broken(span)
            }
        }
    }

    /// An entry of a code list; reported if there is none.
    pub(crate) fn entry(&mut self, list: CodeListId, text: &str, span: Span) -> Option<Code> {
        let found = self.hir.code_lists.get(list)?;
        if found.entries.contains_key(text) {
            return Some(Code::Entry(text.into()));
        }
        let entries: Vec<String> = found.entries.keys().map(ToString::to_string).collect();
        let message = format!("`{}` has no code `{text}`", found.name);
        self.unknown(codes::UNKNOWN_CODE, message, text, span, &entries);
        None
    }

    /// A country by its code of two capital letters.
    pub(crate) fn country(&mut self, code: &str, span: Span) -> Expr {
        let Some(country) = Country::from_code(code) else {
            let message = format!("there is no country with the code `{code}`");
            self.report_no_country(message, Country::from_name(code), span);
            return broken(span);
        };
        literal(Value::Country(country), Ty::Country, span)
    }

    /// A word that stands for nothing, where a country is wanted.
    pub(crate) fn unknown_country(&mut self, name: &str, span: Span) {
        let near = Country::from_name(name)
            .or_else(|| nearest_country(name))
            .or_else(|| Country::from_code(&name.to_ascii_uppercase()));
        self.report_no_country(format!("there is no country `{name}`"), near, span);
    }

    fn report_no_country(&mut self, message: String, near: Option<Country>, span: Span) {
        let diagnostic = Diagnostic::error(codes::UNKNOWN_COUNTRY, message, span, "not known here");
        let diagnostic = match near {
            Some(near) => diagnostic
                .with_help(format!("Did you mean `{near}` ({})?", near.name()))
                .with_fix(format!("write `{near}`"), span, near.code()),
            None => diagnostic.with_help(
                "Countries are written with their codes of two capital letters in ISO 3166-1, as `PL`.",
            ),
        };
        self.report(diagnostic);
    }

    /// A value of an enumeration; reported if there is none.
    pub(crate) fn enum_value(
        &mut self,
        id: exeat_hir::EnumId,
        name: &str,
        span: Span,
    ) -> Option<Value> {
        let found = self.hir.enums.get(id)?;
        if found.values.iter().any(|value| value.name == name) {
            return Some(Value::Symbol(name.into()));
        }
        let values: Vec<String> = found.values.iter().map(|value| value.name.to_string()).collect();
        let message = format!("`{}` has no value `{name}`", found.name);
        let listed = crate::names::listed(values.iter().map(String::as_str));
        let diagnostic = unknown(codes::UNKNOWN_ENUM_VALUE, message, name, span, &values)
            .with_note(format!("Its values are {listed}."));
        self.report(diagnostic);
        None
    }
}
