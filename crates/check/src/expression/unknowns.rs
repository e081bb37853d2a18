//! Names that stand for nothing, explained as well as the place allows.

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{Expr, Ty};

use crate::checker::{Checker, broken};
use crate::environment::{RuleSymbol, ValueSymbol};
use crate::expression::outcomes::Arguments;
use crate::expression::references::place_of;
use crate::names::{joined, unknown};

impl Checker<'_> {
    /// Reports a name that stands for nothing here.
    pub(crate) fn unknown_reference(
        &mut self,
        names: &[(&str, Span)],
        arguments: Arguments<'_>,
        wanted: Option<&Ty>,
        (first, first_span): (&str, Span),
    ) -> Expr {
        let span = place_of(names, names.len());
        if self.may_be_unread() || wanted == Some(&Ty::Error) {
            return broken(span);
        }
        let lower = first.to_ascii_lowercase();
        if names.len() == 1 && matches!(lower.as_str(), "true" | "false") {
            let word = if lower == "true" { "yes" } else { "no" };
            let message = format!("`{first}` is written `{word}` here");
            let diagnostic = Diagnostic::error(codes::FOREIGN_OPERATOR, message, first_span, "")
                .with_fix(format!("write `{word}`"), first_span, word);
            self.report(diagnostic);
            return broken(span);
        }
        if names.len() == 1 && arguments.is_none() {
            match wanted {
                Some(Ty::Enum(id)) if !self.is_near_a_name(first) => {
                    self.enum_value(*id, first, first_span);
                    return broken(span);
                }
                Some(Ty::Outcome(id)) if !self.is_near_a_name(first) => {
                    self.outcome_value(*id, (first, first_span), None, span);
                    return broken(span);
                }
                Some(Ty::Country) if !self.is_near_a_name(first) => {
                    self.unknown_country(first, first_span);
                    return broken(span);
                }
                _ => {}
            }
        }
        let diagnostic = self.explain_unknown(names, arguments, span);
        self.report(diagnostic);
        broken(span)
    }

    /// Whether a word is closer to a name than to a value of a type.
    fn is_near_a_name(&self, word: &str) -> bool {
        let names = self.visible::<ValueSymbol>();
        exeat_diagnostics::did_you_mean(word, names.iter().map(String::as_str)).is_some()
            && word.len() > 2
    }

    fn explain_unknown(
        &mut self,
        names: &[(&str, Span)],
        arguments: Arguments<'_>,
        span: Span,
    ) -> Diagnostic {
        let written = joined(names);
        if let Some(diagnostic) = self.explain_value(names, span) {
            return diagnostic;
        }
        if let Some(found) = self.anywhere::<RuleSymbol>(names)
            && found.taken == names.len()
        {
            let message = format!("`{written}` is a rule and has no value");
            return Diagnostic::error(codes::UNKNOWN_NAME, message, span, "a rule")
                .with_help("A condition can ask for facts, defines, tables and decisions.");
        }
        if let Some(found) = self.anywhere::<ValueSymbol>(names) {
            let module = names.get(..found.taken.saturating_sub(1)).map(joined);
            let module = module.unwrap_or_default();
            let message = format!("the module `{module}` is not used here");
            return Diagnostic::error(codes::UNKNOWN_NAME, message, span, "of another module")
                .with_help(format!("Add `use {module}` to the header of this file."));
        }
        let (code, what) = match arguments {
            Some(_) => (codes::UNKNOWN_FUNCTION_OR_TABLE, "function, table or define"),
            None => (codes::UNKNOWN_NAME, "fact, define or decision"),
        };
        let mut candidates = self.visible::<ValueSymbol>();
        candidates.extend(self.scope.locals.iter().map(|local| local.name.clone()));
        candidates.push("as_of_date".to_owned());
        let (name, place) = match names {
            [(name, place), ..] if names.len() > 1 && self.known_prefixes(names) == 0 => {
                (*name, *place)
            }
            _ => (written.as_str(), span),
        };
        unknown(code, format!("there is no {what} `{name}`"), name, place, &candidates)
    }

    /// How many of the leading names are a module or jurisdiction that is used here.
    fn known_prefixes(&self, names: &[(&str, Span)]) -> usize {
        (1..names.len())
            .rev()
            .find(|length| {
                names.get(..*length).is_some_and(|path| self.target_written(path).is_some())
            })
            .unwrap_or(0)
    }

    /// A word that is a value of some type, where the place does not tell of which.
    fn explain_value(&self, names: &[(&str, Span)], span: Span) -> Option<Diagnostic> {
        let [(name, _)] = names else { return None };
        let enums = self
            .hir
            .enums
            .values()
            .filter(|item| item.values.iter().any(|value| value.name == *name));
        let scales = self
            .hir
            .scales
            .values()
            .filter(|item| item.outcomes.iter().any(|outcome| outcome.name == *name));
        let owners: Vec<String> = enums
            .map(|item| format!("{}.{name}", item.name))
            .chain(scales.map(|item| format!("{}.{name}", item.name)))
            .collect();
        let listed = crate::names::listed(owners.iter().map(String::as_str));
        if owners.is_empty() {
            return None;
        }
        let message = format!("it does not show here what `{name}` is a value of");
        let code = codes::CANNOT_INFER_TYPE;
        let help = format!("Declare the type around it, or write its type before it: {listed}.");
        Some(Diagnostic::error(code, message, span, "a value of which type?").with_help(help))
    }
}
