//! Tree to HIR: names, types, units, dates, exceptions; every problem found.
//!
//! Jurisdictions are seen as descriptions only, so that checking needs no call into a library.
//! The order of files and items has no meaning: everything is declared before anything is lowered,
//! and a define is lowered when it is first needed.

mod analysis;
mod checker;
mod collect;
mod declarations;
mod expression;
mod jurisdiction;
mod names;
mod reference;
mod rules;
mod scenarios;
mod types;

use std::sync::Arc;

use exeat_diagnostics::Diagnostic;
use exeat_hir::{Expr, Hir, Ty};
use exeat_model::JurisdictionDescription;
use exeat_syntax::Parsed;

use checker::Checker;

/// What is checked together.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The rule files.
    pub files: &'a [Parsed],
    /// What the loaded jurisdictions offer.
    pub jurisdictions: &'a [Arc<JurisdictionDescription>],
}

/// A program without errors.
#[derive(Debug)]
pub struct Checked<'a> {
    checker: Checker<'a>,
}

/// A program, if there is no error, and all problems.
#[derive(Debug)]
pub struct CheckResult<'a> {
    /// The program.
    pub checked: Option<Checked<'a>>,
    /// The problems, those of the parser among them, in the order of the sources.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks files against each other and against what jurisdictions offer.
pub fn check(input: Input<'_>) -> CheckResult<'_> {
    let mut diagnostics: Vec<Diagnostic> =
        input.files.iter().flat_map(|file| file.diagnostics.clone()).collect();
    if diagnostics.iter().any(Diagnostic::is_error) {
        // What could not be read declares no names: all that speaks of them would be reported too.
        diagnostics.sort_by_key(|diagnostic| (diagnostic.span(), diagnostic.code));
        return CheckResult { checked: None, diagnostics };
    }
    let mut checker = Checker::new(input);
    checker.collect();
    checker.declare();
    checker.lower_rules();
    checker.lower_scenarios();
    diagnostics.append(&mut checker.diagnostics);
    let usage = analysis::Usage::of(&checker.hir);
    diagnostics.extend(analysis::circles(&checker.hir, &usage));
    if !diagnostics.iter().any(Diagnostic::is_error) {
        diagnostics.extend(analysis::analyse(&checker.hir, &usage));
    }
    checker.hir.decision_order = analysis::decision_order(&checker.hir).unwrap_or_default();
    diagnostics.sort_by_key(|a| (a.span(), a.code));
    diagnostics.dedup();
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    CheckResult { checked: sound.then_some(Checked { checker }), diagnostics }
}

impl Checked<'_> {
    /// The program.
    pub fn hir(&self) -> &Hir {
        &self.checker.hir
    }

    /// A value for a fact, from a parsed expression.
    ///
    /// # Errors
    /// All problems with it.
    pub fn check_value(&mut self, parsed: &Parsed, expected: &Ty) -> Result<Expr, Vec<Diagnostic>> {
        if parsed.has_errors() {
            return Err(parsed.diagnostics.clone());
        }
        let Some(expression) = parsed.tree.root().expression() else { return Err(Vec::new()) };
        let expr = self.checker.expect(&expression, expected);
        let problems = std::mem::take(&mut self.checker.diagnostics);
        if problems.is_empty() { Ok(expr) } else { Err(problems) }
    }
}
