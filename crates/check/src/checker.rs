use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use exeat_diagnostics::{Code, Diagnostic, Span};
use exeat_hir::{DefineId, Expr, ExprKind, Hir, IdVec, LocalId, ModuleId, RecordId, RuleId, Ty};
use exeat_model::JurisdictionDescription;
use exeat_syntax::Node;
use smol_str::SmolStr;

use crate::analysis::{ImportUse, Usage};
use crate::environment::{Environment, View};
use crate::input::{Checked, Input, TableFile};
use crate::items::RuleSet;
use crate::{Depth, analysis, collect};

/// The state of a check. At a prompt the program and the names are borrowed and stay as they are.
pub(crate) struct Checker<'a> {
    pub(crate) hir: Cow<'a, Hir>,
    pub(crate) environment: Cow<'a, Environment>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The `use` clauses of all files, and whether anything was reached through them.
    pub(crate) imports_used: Vec<ImportUse>,
    /// Those through which something was reached, in the order in which it first was.
    pub(crate) imports_marked: Vec<usize>,
    /// Where each rule names the rules that it defeats or that defeat it.
    pub(crate) targets: BTreeMap<RuleId, Vec<(RuleId, Span)>>,
    /// The rules of each set.
    pub(crate) rule_sets: Vec<RuleSet>,
    pub(crate) scope: Scope,
    /// Defines that are not looked into yet, or are being looked into.
    pub(crate) pending: BTreeMap<DefineId, Pending<'a>>,
    /// The defines that are being looked into, outer first.
    pub(crate) working: Vec<DefineId>,
    /// Why the entries of a catalogue do not fit into a record type, where that was asked.
    pub(crate) catalogues_fitted: BTreeMap<(SmolStr, usize, RecordId), Option<String>>,
    pub(crate) jurisdictions: &'a [Arc<JurisdictionDescription>],
    pub(crate) table_files: Option<&'a BTreeMap<(usize, String), TableFile>>,
    /// All texts with their first offsets, to quote from.
    pub(crate) texts: Vec<(u32, Arc<str>)>,
}

/// Where the checker is.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) view: View,
    /// Names bound around the place, inner last.
    pub(crate) locals: Vec<Local>,
    pub(crate) next_local: u32,
}

impl Scope {
    pub(crate) fn new(view: View) -> Self {
        Self { view, locals: Vec::new(), next_local: 0 }
    }
}

/// A bound name.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) name: String,
    pub(crate) id: LocalId,
    pub(crate) ty: Ty,
}

/// A define before it is looked into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pending<'a> {
    pub(crate) node: Node<'a>,
    pub(crate) module: ModuleId,
}

impl<'a> Checker<'a> {
    /// Checks everything. The program means something only if no error was found.
    pub(crate) fn run(
        input: &'a Input<'_>,
        depth: Depth,
        has_errors: bool,
    ) -> (Checked, Vec<Diagnostic>) {
        let mut checker = Self {
            hir: Cow::Owned(Hir::default()),
            environment: Cow::Owned(Environment::default()),
            diagnostics: Vec::new(),
            imports_used: Vec::new(),
            imports_marked: Vec::new(),
            catalogues_fitted: BTreeMap::new(),
            targets: BTreeMap::new(),
            rule_sets: Vec::new(),
            scope: Scope::new(View::Everything),
            pending: BTreeMap::new(),
            working: Vec::new(),
            jurisdictions: input.jurisdictions,
            table_files: Some(&input.table_files),
            texts: texts(input),
        };
        let mut items = collect::collect(&mut checker, input);
        if depth == Depth::Rules {
            items.scenarios.clear();
            checker.program().scenarios = IdVec::default();
        }
        checker.lower_items(&items);
        if depth == Depth::Everything {
            checker.lower_scenarios(&items);
        }
        let mut diagnostics = std::mem::take(&mut checker.diagnostics);
        let used = match depth {
            Depth::Everything => Usage::of(&checker.hir),
            Depth::Rules => Usage::default(),
        };
        let usage = Usage {
            imports: std::mem::take(&mut checker.imports_used),
            targets: std::mem::take(&mut checker.targets),
            ..used
        };
        if has_errors || diagnostics.iter().any(Diagnostic::is_error) {
            diagnostics.extend(analysis::circles(&checker.hir, &usage));
        } else {
            diagnostics.extend(analysis::analyse(&checker.hir, &usage, depth));
        }
        if let Ok(order) = analysis::decision_order(&checker.hir) {
            checker.program().decision_order = order;
        }
        let (hir, environment) = (checker.hir.into_owned(), checker.environment.into_owned());
        (Checked { hir, environment }, diagnostics)
    }

    /// A checker for expressions over a finished program.
    pub(crate) fn at_prompt(checked: &'a Checked, text: (u32, Arc<str>)) -> Self {
        Self {
            hir: Cow::Borrowed(&checked.hir),
            environment: Cow::Borrowed(&checked.environment),
            diagnostics: Vec::new(),
            imports_used: Vec::new(),
            imports_marked: Vec::new(),
            catalogues_fitted: BTreeMap::new(),
            targets: BTreeMap::new(),
            rule_sets: Vec::new(),
            scope: Scope::new(View::Everything),
            pending: BTreeMap::new(),
            working: Vec::new(),
            jurisdictions: &[],
            table_files: None,
            texts: vec![text],
        }
    }

    /// The program, to be changed.
    pub(crate) fn program(&mut self) -> &mut Hir {
        self.hir.to_mut()
    }

    /// The names, to be changed.
    pub(crate) fn names(&mut self) -> &mut Environment {
        self.environment.to_mut()
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(crate) fn error(
        &mut self,
        code: Code,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) {
        self.report(Diagnostic::error(code, message, span, label));
    }

    /// Does something in another scope and comes back.
    pub(crate) fn within<T>(&mut self, scope: Scope, act: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.scope, scope);
        let result = act(self);
        self.scope = before;
        result
    }

    /// Does something in the scope of a module.
    pub(crate) fn in_module<T>(&mut self, module: ModuleId, act: impl FnOnce(&mut Self) -> T) -> T {
        self.within(Scope::new(View::Module(module)), act)
    }

    /// Binds a name.
    pub(crate) fn bind(&mut self, name: &str, ty: Ty) -> LocalId {
        let id = LocalId(self.scope.next_local);
        self.scope.next_local = self.scope.next_local.saturating_add(1);
        self.scope.locals.push(Local { name: name.to_owned(), id, ty });
        id
    }

    /// Ends the binding of the innermost name.
    pub(crate) fn unbind(&mut self) {
        self.scope.locals.pop();
    }

    /// The text of a place, on one line and not too long, to be quoted in a message.
    pub(crate) fn quote(&self, span: Span) -> String {
        let found = self.texts.iter().rev().find_map(|(base, text)| {
            let start = usize::try_from(span.start.checked_sub(*base)?).ok()?;
            let end = usize::try_from(span.end.checked_sub(*base)?).ok()?;
            text.get(start..end)
        });
        let line = found.unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() > LONGEST_QUOTE {
            let mut short: String = line.chars().take(LONGEST_QUOTE).collect();
            short.push('…');
            short
        } else {
            line
        }
    }
}

/// How many characters of the text are quoted in a message at most.
const LONGEST_QUOTE: usize = 48;

/// An expression that could not be understood and has been reported.
pub(crate) fn broken(span: Span) -> Expr {
    Expr { kind: ExprKind::Error, ty: Ty::Error, span }
}

fn texts(input: &Input<'_>) -> Vec<(u32, Arc<str>)> {
    let files = input.files.iter().map(|file| &file.parsed.tree);
    let mut texts: Vec<(u32, Arc<str>)> =
        files.map(|tree| (tree.base(), Arc::clone(tree.text()))).collect();
    texts.extend(input.table_files.values().map(|file| (file.base, Arc::clone(&file.text))));
    texts.sort_by_key(|(base, _)| *base);
    texts
}
