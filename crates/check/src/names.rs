//! What a written name stands for at a place.

use std::borrow::Cow;

use exeat_diagnostics::{Code, Diagnostic, Span, codes, did_you_mean};
use exeat_hir::ModuleId;
use smol_str::SmolStr;

use crate::checker::Checker;
use crate::environment::{
    Alone, Import, Names, RuleSymbol, Space, Target, TransactionSymbol, TypeSymbol, ValueSymbol,
    View,
};

/// What the names of one of the four spaces stand for.
pub(crate) trait Symbol: Copy + PartialEq {
    /// For a name that is declared in text that could not be read.
    const BROKEN: Self;
    fn space(names: &Names) -> &Space<Self>;
    /// The same space of a jurisdiction, if it has one.
    fn of_jurisdiction(types: &Space<TypeSymbol>) -> Option<&Space<Self>>;
}

impl Symbol for TypeSymbol {
    const BROKEN: Self = Self::Broken;
    fn space(names: &Names) -> &Space<Self> {
        &names.types
    }
    fn of_jurisdiction(types: &Space<TypeSymbol>) -> Option<&Space<Self>> {
        Some(types)
    }
}

impl Symbol for ValueSymbol {
    const BROKEN: Self = Self::Broken;
    fn space(names: &Names) -> &Space<Self> {
        &names.values
    }
    fn of_jurisdiction(_: &Space<TypeSymbol>) -> Option<&Space<Self>> {
        None
    }
}

impl Symbol for RuleSymbol {
    const BROKEN: Self = Self::Broken;
    fn space(names: &Names) -> &Space<Self> {
        &names.rules
    }
    fn of_jurisdiction(_: &Space<TypeSymbol>) -> Option<&Space<Self>> {
        None
    }
}

impl Symbol for TransactionSymbol {
    const BROKEN: Self = Self::Broken;
    fn space(names: &Names) -> &Space<Self> {
        &names.transactions
    }
    fn of_jurisdiction(_: &Space<TypeSymbol>) -> Option<&Space<Self>> {
        None
    }
}

/// A resolved beginning of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Resolved<S> {
    pub(crate) symbol: S,
    /// How many of the path's names it takes.
    pub(crate) taken: usize,
}

/// A meaning of a name through something used: what, how that is written, and its clause.
type Meaning<S> = (S, SmolStr, Option<usize>);

impl Checker<'_> {
    /// What the beginning of a path stands for: a name of the module itself, one that it uses, or
    /// one with its module before it. What can be meant in two ways is reported.
    pub(crate) fn resolve<S: Symbol>(&mut self, path: &[(&str, Span)]) -> Option<Resolved<S>> {
        let (first, first_span) = *path.first()?;
        if let Some(symbol) = self.own::<S>(first) {
            return Some(Resolved { symbol, taken: 1 });
        }
        let meanings = self.imported::<S>(first);
        for (_, _, usage) in &meanings {
            self.mark_used(*usage);
        }
        match meanings.as_slice() {
            [] => self.qualified::<S>(path),
            [(symbol, _, _)] => Some(Resolved { symbol: *symbol, taken: 1 }),
            several => {
                let modules: Vec<SmolStr> =
                    several.iter().map(|(_, name, _)| name.clone()).collect();
                self.report_ambiguous(first, first_span, &modules);
                Some(Resolved { symbol: S::BROKEN, taken: 1 })
            }
        }
    }

    /// What a path as a whole stands for.
    pub(crate) fn resolve_whole<S: Symbol>(&mut self, path: &[(&str, Span)]) -> Option<S> {
        let whole = |found: &Resolved<S>| found.taken == path.len();
        self.resolve::<S>(path)
            .filter(whole)
            .or_else(|| self.qualified::<S>(path).filter(whole))
            .map(|found| found.symbol)
    }

    fn own<S: Symbol>(&self, name: &str) -> Option<S> {
        let environment = &self.environment;
        let space = match &self.scope.view {
            View::Module(id) => S::space(&environment.scopes.get(id)?.own),
            View::Jurisdiction(id) => {
                S::of_jurisdiction(&environment.jurisdictions.get(id)?.types)?
            }
            View::Everything => return None,
        };
        space.get(name).map(|(symbol, _)| *symbol)
    }

    /// All meanings that a name has through what is used.
    fn imported<S: Symbol>(&self, name: &str) -> Vec<Meaning<S>> {
        let mut found: Vec<Meaning<S>> = Vec::new();
        for import in self.imports().iter() {
            if !import.alone.allows(name) {
                continue;
            }
            let Some(symbol) = self.in_target::<S>(&import.target, name) else { continue };
            if !found.iter().any(|(known, _, _)| *known == symbol) {
                found.push((symbol, import.written.clone(), import.usage));
            }
        }
        // What is declared in unreadable text may be any of the others.
        if found.len() > 1 && found.iter().any(|(symbol, _, _)| *symbol == S::BROKEN) {
            found.truncate(1);
        }
        found
    }

    fn in_target<S: Symbol>(&self, target: &Target, name: &str) -> Option<S> {
        self.space_of::<S>(target)?.get(name).map(|(symbol, _)| *symbol)
    }

    fn space_of<S: Symbol>(&self, target: &Target) -> Option<&Space<S>> {
        match target {
            Target::Module(id) => Some(S::space(&self.environment.scopes.get(id)?.own)),
            Target::Jurisdiction(id) => {
                S::of_jurisdiction(&self.environment.jurisdictions.get(id)?.types)
            }
        }
    }

    /// What is used at this place; everything at a prompt and in the description of a jurisdiction.
    pub(crate) fn imports(&self) -> Cow<'_, [Import]> {
        if let View::Module(id) = &self.scope.view {
            let scope = self.environment.scopes.get(id);
            return Cow::Borrowed(scope.map_or(&[][..], |scope| &scope.imports));
        }
        let modules = self.environment.modules.iter().map(|(name, id)| Import {
            target: Target::Module(*id),
            written: name.clone(),
            alone: Alone::All,
            usage: None,
        });
        let jurisdictions = self.environment.jurisdictions.keys().map(|id| Import {
            target: Target::Jurisdiction(id.clone()),
            written: id.clone(),
            alone: Alone::Nothing,
            usage: None,
        });
        modules.chain(jurisdictions).collect()
    }

    /// A path that begins with a module or jurisdiction: the longest such beginning counts.
    fn qualified<S: Symbol>(&mut self, path: &[(&str, Span)]) -> Option<Resolved<S>> {
        for length in (1..path.len()).rev() {
            let (name, _) = *path.get(length)?;
            let Some((target, usage)) = self.target_written(path.get(..length)?) else { continue };
            if let Some(symbol) = self.in_target::<S>(&target, name) {
                self.mark_used(usage);
                return Some(Resolved { symbol, taken: length.saturating_add(1) });
            }
        }
        None
    }

    /// The module or jurisdiction that is written so here, and the clause by which it is used.
    pub(crate) fn target_written(&self, path: &[(&str, Span)]) -> Option<(Target, Option<usize>)> {
        let written = joined(path);
        let imports = self.imports();
        let by_import = imports.iter().find(|import| {
            import.written == written
                || match &import.target {
                    Target::Module(id) => self.module_name(*id) == written,
                    Target::Jurisdiction(id) => *id == written,
                }
        });
        if let Some(import) = by_import {
            return Some((import.target.clone(), import.usage));
        }
        let module = self.environment.modules.get(written.as_str())?;
        (self.scope.view == View::Module(*module)).then_some((Target::Module(*module), None))
    }

    /// A rule, decision or reading by its full name too, whether or not its module is used here.
    pub(crate) fn anywhere<S: Symbol>(&mut self, path: &[(&str, Span)]) -> Option<Resolved<S>> {
        if let Some(found) = self.resolve::<S>(path) {
            return Some(found);
        }
        for length in (1..path.len()).rev() {
            let written = joined(path.get(..length)?);
            let Some(id) = self.environment.modules.get(written.as_str()) else { continue };
            let (name, _) = *path.get(length)?;
            if let Some(symbol) = self.in_target::<S>(&Target::Module(*id), name) {
                return Some(Resolved { symbol, taken: length.saturating_add(1) });
            }
        }
        None
    }

    pub(crate) fn mark_used(&mut self, usage: Option<usize>) {
        if let Some(at) = usage
            && let Some(import) = self.imports_used.get_mut(at).filter(|import| !import.used)
        {
            import.used = true;
            self.imports_marked.push(at);
        }
    }

    /// Takes back what was marked as used since so many had been marked.
    pub(crate) fn unmark_used(&mut self, before: usize) {
        for at in self.imports_marked.split_off(before.min(self.imports_marked.len())) {
            if let Some(import) = self.imports_used.get_mut(at) {
                import.used = false;
            }
        }
    }

    pub(crate) fn module_name(&self, id: ModuleId) -> SmolStr {
        self.hir.modules.get(id).map(|module| module.name.clone()).unwrap_or_default()
    }

    fn report_ambiguous(&mut self, name: &str, span: Span, modules: &[SmolStr]) {
        let choices: Vec<String> =
            modules.iter().map(|module| format!("`{module}.{name}`")).collect();
        let choices = choices.join(" or ");
        let diagnostic = Diagnostic::error(
            codes::AMBIGUOUS_NAME,
            format!("`{name}` can be {choices}"),
            span,
            "several modules that are used here have this name",
        )
        .with_help(format!("Write {choices}."));
        self.report(diagnostic);
    }

    /// All names of a space that can be written at this place, for suggestions.
    pub(crate) fn visible<S: Symbol>(&self) -> Vec<String> {
        let mut visible: Vec<String> = match &self.scope.view {
            View::Module(id) => {
                let own = self.space_of::<S>(&Target::Module(*id));
                own.into_iter().flatten().map(|(name, _)| name.to_string()).collect()
            }
            View::Jurisdiction(_) | View::Everything => Vec::new(),
        };
        for import in self.imports().iter() {
            let space = self.space_of::<S>(&import.target);
            for name in space.into_iter().flat_map(|space| space.keys()) {
                if import.alone.allows(name) {
                    visible.push(name.to_string());
                } else {
                    visible.push(format!("{}.{name}", import.written));
                }
            }
        }
        visible
    }

    /// Whether a name that is not known here may stand in text that could not be read.
    pub(crate) fn may_be_unread(&self) -> bool {
        let here = match &self.scope.view {
            View::Module(id) => {
                self.environment.scopes.get(id).is_some_and(|scope| scope.incomplete)
            }
            View::Jurisdiction(_) | View::Everything => false,
        };
        here || self.environment.incomplete
    }

    /// Reports a name that is not known, with the nearest one that is; but not if it may stand in
    /// text that could not be read.
    pub(crate) fn unknown(
        &mut self,
        code: Code,
        message: impl Into<String>,
        name: &str,
        span: Span,
        candidates: &[String],
    ) {
        self.report(unknown(code, message, name, span, candidates));
    }
}

/// The report of a name that is not known, with the nearest one that is.
pub(crate) fn unknown(
    code: Code,
    message: impl Into<String>,
    name: &str,
    span: Span,
    candidates: &[String],
) -> Diagnostic {
    let diagnostic = Diagnostic::error(code, message, span, "not known here");
    match did_you_mean(name, candidates.iter().map(String::as_str)) {
        Some(near) => diagnostic.with_help(format!("Did you mean `{near}`?")).with_fix(
            format!("write `{near}`"),
            span,
            near,
        ),
        None => diagnostic,
    }
}

/// A path as text.
pub(crate) fn joined(path: &[(&str, Span)]) -> String {
    path.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(".")
}

/// The names in a list for a message: all of them if they are few, else the first.
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const MOST: usize = 12;
    let all: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if all.len() <= MOST {
        return all.join(", ");
    }
    let shown: Vec<String> = all.iter().take(MOST).cloned().collect();
    format!("{} and {} more", shown.join(", "), all.len().saturating_sub(MOST))
}
