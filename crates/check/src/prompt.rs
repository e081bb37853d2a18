//! Expressions over a finished program: values of facts, lines at a prompt, names to look up.

#![expect(
    clippy::result_large_err,
    reason = "a name is looked up once a run, and the caller reports what is wrong with it"
)]

use std::sync::Arc;

use exeat_diagnostics::{Code, Diagnostic, Severity, Span, codes, suggestion};
use exeat_hir::{DecisionId, Expr, FactId, Given, ModuleId, ReadingId, RuleId, Ty};
use exeat_syntax::{Expression, Kind, Parsed};

use crate::checker::Checker;
use crate::environment::{Names, RuleSymbol, Space, ValueSymbol};
use crate::input::Checked;

impl Checked {
    /// A value that is wanted to be of a type, as one for a fact: `4800 TPP`, `AE`, `export`,
    /// `us.chip("B200")`, `{ country = AE }`. The names of all modules are visible.
    ///
    /// # Errors
    /// All problems with it, those of its text among them.
    pub fn check_value(&self, parsed: &Parsed, expected: &Ty) -> Result<Expr, Vec<Diagnostic>> {
        self.lower(parsed, |checker, expression| checker.check(expression, expected))
    }

    /// Facts with their values, as `consignee.country = PL` at a prompt, in the order in which they were
    /// written. A value may read other facts.
    ///
    /// # Errors
    /// All problems with them, those of their text among them.
    pub fn check_given(&self, parsed: &Parsed) -> Result<Vec<Given>, Vec<Diagnostic>> {
        if parsed.has_errors() {
            return Err(parsed.diagnostics.clone());
        }
        let text = (parsed.tree.base(), Arc::clone(parsed.tree.text()));
        let mut checker = Checker::at_prompt(self, text);
        let items = parsed.tree.root().nodes_of(Kind::given_item);
        let given: Option<Vec<Given>> = items.map(|item| checker.given_at_prompt(item)).collect();
        let problems = std::mem::take(&mut checker.diagnostics);
        match given {
            Some(given) if !problems.iter().any(Diagnostic::is_error) => Ok(given),
            _ => Err(problems),
        }
    }

    /// The fact and fields that a path names, as `consignee.country`, and the type there. `base` is the
    /// offset of its first byte.
    ///
    /// # Errors
    /// All problems with it.
    pub fn check_path(
        &self,
        path: &str,
        base: u32,
    ) -> Result<(FactId, Vec<usize>, Ty), Vec<Diagnostic>> {
        let mut checker = Checker::at_prompt(self, (base, path.into()));
        let mut at = base;
        let mut names: Vec<(&str, Span)> = Vec::new();
        for name in path.split('.') {
            let end = at.saturating_add(u32::try_from(name.len()).unwrap_or(0));
            names.push((name, Span::new(at, end)));
            at = end.saturating_add(1);
        }
        let whole = Span::new(base, at.saturating_sub(1));
        let found = checker.fact_path(&names, whole);
        found.ok_or_else(|| std::mem::take(&mut checker.diagnostics))
    }

    /// An expression as it is asked at a prompt. The names of all modules are visible; one that
    /// several modules have needs its module before it.
    ///
    /// # Errors
    /// All problems with it, those of its text among them.
    pub fn check_expression(&self, parsed: &Parsed) -> Result<Expr, Vec<Diagnostic>> {
        self.lower(parsed, |checker, expression| checker.expr(expression, None))
    }

    fn lower(
        &self,
        parsed: &Parsed,
        act: impl FnOnce(&mut Checker<'_>, &Expression) -> Expr,
    ) -> Result<Expr, Vec<Diagnostic>> {
        let expression = parsed.tree.root().expression();
        let Some(expression) = expression.filter(|_| !parsed.has_errors()) else {
            return Err(parsed.diagnostics.clone());
        };
        let text = (parsed.tree.base(), Arc::clone(parsed.tree.text()));
        let mut checker = Checker::at_prompt(self, text);
        let expr = act(&mut checker, &expression);
        let problems = std::mem::take(&mut checker.diagnostics);
        if problems.iter().any(Diagnostic::is_error) { Err(problems) } else { Ok(expr) }
    }

    /// The decision of that name, with or without its module.
    ///
    /// # Errors
    /// There is none, or there are several.
    pub fn find_decision(&self, name: &str) -> Result<DecisionId, Diagnostic> {
        let found = self.find(
            name,
            |names| &names.values,
            |symbol| match symbol {
                ValueSymbol::Decision(id) => Some(*id),
                _ => None,
            },
        );
        found.one(codes::UNKNOWN_DECISION, "decision", name)
    }

    /// The fact of that name, with or without its module.
    ///
    /// # Errors
    /// There is none, or there are several.
    pub fn find_fact(&self, name: &str) -> Result<FactId, Diagnostic> {
        let found = self.find(
            name,
            |names| &names.values,
            |symbol| match symbol {
                ValueSymbol::Fact(id) => Some(*id),
                _ => None,
            },
        );
        found.one(codes::UNKNOWN_FACT, "fact", name)
    }

    /// The rule or exception of that name, with or without its module.
    ///
    /// # Errors
    /// There is none, or there are several.
    pub fn find_rule(&self, name: &str) -> Result<RuleId, Diagnostic> {
        let found = self.find(
            name,
            |names| &names.rules,
            |symbol| match symbol {
                RuleSymbol::Rule(id) => Some(*id),
                _ => None,
            },
        );
        found.one(codes::UNKNOWN_RULE, "rule", name)
    }

    /// The module of that name.
    ///
    /// # Errors
    /// There is none.
    pub fn find_module(&self, name: &str) -> Result<ModuleId, Diagnostic> {
        if let Some(id) = self.environment.modules.get(name) {
            return Ok(*id);
        }
        let known = self.environment.modules.keys().map(ToString::to_string).collect();
        Candidates { found: Vec::new(), known }.one(codes::UNKNOWN_MODULE, "module", name)
    }

    /// The reading and the place of its choice, as `enforcement.as_written`, with or without the
    /// module before it.
    ///
    /// # Errors
    /// There is none, or there are several.
    pub fn find_reading_choice(&self, name: &str) -> Result<(ReadingId, usize), Diagnostic> {
        let mut found = Vec::new();
        let mut known = Vec::new();
        for (id, reading) in self.hir.readings.iter() {
            for (at, choice) in reading.choices.iter().enumerate() {
                let short = format!("{}.{}", reading.name, choice.name);
                let full = self.hir.full_name(reading.module, &short);
                if name == full {
                    return Ok((id, at));
                }
                if name == short {
                    found.push(((id, at), full));
                }
                known.push(short);
            }
        }
        Candidates { found, known }.one(codes::UNKNOWN_READING, "reading", name)
    }

    fn find<S, I: Copy>(
        &self,
        name: &str,
        space: fn(&Names) -> &Space<S>,
        wanted: fn(&S) -> Option<I>,
    ) -> Candidates<I> {
        let mut found = Vec::new();
        let mut known = Vec::new();
        for (module, id) in &self.environment.modules {
            let Some(scope) = self.environment.scopes.get(id) else { continue };
            for (short, (symbol, _)) in space(&scope.own) {
                let Some(id) = wanted(symbol) else { continue };
                let full = format!("{module}.{short}");
                if name == full {
                    return Candidates { found: vec![(id, full)], known };
                }
                if name == short.as_str() {
                    found.push((id, full));
                }
                known.push(short.to_string());
            }
        }
        Candidates { found, known }
    }
}

/// What a name can mean, with full names, and all names that there are.
struct Candidates<I> {
    found: Vec<(I, String)>,
    known: Vec<String>,
}

impl<I: Copy> Candidates<I> {
    fn one(self, code: Code, what: &str, name: &str) -> Result<I, Diagnostic> {
        match self.found.as_slice() {
            [(id, _)] => Ok(*id),
            [] => {
                let message = format!("there is no {what} `{name}`");
                let diagnostic = Diagnostic::unplaced(code, Severity::Error, message);
                let help = suggestion(name, self.known.iter().map(String::as_str));
                Err(help.into_iter().fold(diagnostic, Diagnostic::with_help))
            }
            several => {
                let full: Vec<String> =
                    several.iter().map(|(_, full)| format!("`{full}`")).collect();
                let choices = full.join(" or ");
                let message = format!("`{name}` can be {choices}");
                let code = codes::AMBIGUOUS_NAME;
                Err(Diagnostic::unplaced(code, Severity::Error, message)
                    .with_help(format!("Write {choices}.")))
            }
        }
    }
}
