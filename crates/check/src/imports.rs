//! What modules use of each other and of jurisdictions.

use exeat_diagnostics::{Diagnostic, codes, did_you_mean};
use exeat_hir::ModuleId;
use exeat_syntax::{Kind, Node};
use smol_str::SmolStr;

use crate::analysis::ImportUse;
use crate::checker::Checker;
use crate::collect::path_text;
use crate::environment::{Alone, Import, Names, Target};
use crate::names::listed;

/// Reads the `use` clauses of a file, after all modules are known.
pub(crate) fn collect(checker: &mut Checker<'_>, module: ModuleId, root: Node<'_>) {
    let Some(header) = root.node(Kind::module) else { return };
    for clause in header.nodes_of(Kind::use_clause) {
        let Some(path) = clause.node(Kind::path) else { continue };
        let name = path_text(path);
        let usage = checker.imports_used.len();
        checker.imports_used.push(ImportUse {
            module,
            name: name.clone(),
            span: clause.span(),
            used: false,
        });
        let Some(target) = target(checker, &name) else {
            report_unknown(checker, &name, path);
            incomplete(checker, module);
            continue;
        };
        let alias = clause
            .node(Kind::use_alias)
            .and_then(|alias| Some(alias.token_text(alias.token(Kind::ident)?)));
        let only = clause.node(Kind::use_names).map(|names| {
            names.tokens_of(Kind::ident).map(|token| names.token_text(token).into()).collect()
        });
        let alone = match (only, alias, &target) {
            (Some(only), _, _) => Alone::Only(only),
            (None, Some(_), _) | (None, None, Target::Jurisdiction(_)) => Alone::Nothing,
            (None, None, Target::Module(_)) => Alone::All,
        };
        let written: SmolStr = alias.map_or_else(|| name.as_str().into(), SmolStr::from);
        let import = Import { target, written, alone, usage: Some(usage) };
        if let Some(scope) = checker.names().scopes.get_mut(&module) {
            scope.imports.push(import);
        }
    }
}

/// Notes that names which a module does not know may stand in what it could not use.
fn incomplete(checker: &mut Checker<'_>, module: ModuleId) {
    if let Some(scope) = checker.names().scopes.get_mut(&module) {
        scope.incomplete = true;
    }
}

fn target(checker: &Checker<'_>, name: &str) -> Option<Target> {
    if let Some(id) = checker.environment.modules.get(name) {
        return Some(Target::Module(*id));
    }
    let known = checker.jurisdictions.iter().find(|known| known.id == name)?;
    Some(Target::Jurisdiction(known.id.clone()))
}

fn report_unknown(checker: &mut Checker<'_>, name: &str, path: Node<'_>) {
    if checker.environment.incomplete {
        return;
    }
    let modules = checker.environment.modules.keys().map(SmolStr::as_str);
    let ids = checker.jurisdictions.iter().map(|known| known.id.as_str());
    let candidates: Vec<String> = modules.chain(ids).map(str::to_owned).collect();
    let inside = format!("{name}.");
    let is_jurisdiction = !name.contains('.')
        && did_you_mean(name, candidates.iter().map(String::as_str)).is_none()
        && checker.environment.modules.keys().any(|module| module.starts_with(&inside));
    if !is_jurisdiction {
        let message = format!("there is no module or jurisdiction `{name}`");
        checker.unknown(codes::UNKNOWN_MODULE, message, name, path.span(), &candidates);
        return;
    }
    let loaded = listed(checker.jurisdictions.iter().map(|known| known.id.as_str()));
    let loaded = if loaded.is_empty() { "none".to_owned() } else { loaded };
    let diagnostic = Diagnostic::error(
        codes::UNKNOWN_JURISDICTION,
        format!("the jurisdiction `{name}` is not loaded"),
        path.span(),
        "not known here",
    )
    .with_note(format!("Loaded: {loaded}."))
    .with_help("Name its library in the project's manifest.");
    checker.report(diagnostic);
}

/// Reports names in parentheses after `use` that the module does not have.
pub(crate) fn check_names(checker: &mut Checker<'_>, files: &[(ModuleId, Node<'_>)]) {
    for (module, root) in files {
        let Some(header) = root.node(Kind::module) else { continue };
        for clause in header.nodes_of(Kind::use_clause) {
            let (Some(path), Some(only)) = (clause.node(Kind::path), clause.node(Kind::use_names))
            else {
                continue;
            };
            let name = path_text(path);
            let Some(target) = target(checker, &name) else { continue };
            for token in only.tokens_of(Kind::ident) {
                let wanted = only.token_text(token);
                let (known, candidates) = offered(checker, &target, wanted);
                if known {
                    continue;
                }
                let message = format!("`{name}` has no `{wanted}`");
                checker.unknown(codes::UNKNOWN_NAME, message, wanted, token.span, &candidates);
                incomplete(checker, *module);
            }
        }
    }
}

/// Whether a module or jurisdiction has a name, and which it has.
fn offered(checker: &Checker<'_>, target: &Target, wanted: &str) -> (bool, Vec<String>) {
    match target {
        Target::Module(id) => match checker.environment.scopes.get(id) {
            Some(scope) => (scope.own.knows(wanted), all_names(&scope.own)),
            None => (true, Vec::new()),
        },
        Target::Jurisdiction(id) => {
            let Some(scope) = checker.environment.jurisdictions.get(id) else {
                return (true, Vec::new());
            };
            let names: Vec<String> = scope.types.keys().map(ToString::to_string).collect();
            (names.iter().any(|name| name == wanted), names)
        }
    }
}

fn all_names(names: &Names) -> Vec<String> {
    let types = names.types.keys();
    types.chain(names.values.keys()).chain(names.rules.keys()).map(ToString::to_string).collect()
}
