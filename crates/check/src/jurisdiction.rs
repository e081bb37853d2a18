//! What jurisdictions offer, put into the program.

use std::collections::BTreeMap;
use std::sync::Arc;

use exeat_diagnostics::Span;
use exeat_hir::{
    CodeEntry, CodeList, Enumeration, EnumerationValue, Function, Group, GroupItem,
    JurisdictionIdentity, Scale, ScaleOutcome, Ty,
};
use exeat_model::{JurisdictionDescription, Value};
use exeat_syntax::{Kind, parse_type};
use smol_str::SmolStr;

use crate::checker::{Checker, Scope};
use crate::environment::{JurisdictionScope, Space, Target, TypeSymbol, View};

/// Declares the lists, scales and groups of the jurisdictions that some module uses.
pub(crate) fn declare(checker: &mut Checker<'_>) {
    for description in checker.jurisdictions {
        let used = checker.environment.scopes.values().flat_map(|scope| &scope.imports).any(
            |import| matches!(&import.target, Target::Jurisdiction(id) if *id == description.id),
        );
        if used {
            declare_one(checker, description);
        }
    }
}

/// What comes from a library stands in no text.
const NOWHERE: Span = Span { start: 0, end: 0 };

fn declare_one(checker: &mut Checker<'_>, description: &Arc<JurisdictionDescription>) {
    let full = |name: &str| SmolStr::from(format!("{}.{name}", description.id));
    let types = declare_types(checker, description, &full);
    let mut groups = BTreeMap::new();
    for group in &description.groups {
        let items = group.members.iter().map(|member| GroupItem::Member {
            value: Value::Country(member.country),
            interval: member.interval,
            cites: member.cite.iter().cloned().collect(),
            span: NOWHERE,
        });
        let id = checker.program().groups.push(Group {
            name: full(&format!("group(\"{}\")", group.name)),
            title: Some(group.title.clone()),
            cites: vec![group.cite.clone()],
            element: Ty::Country,
            items: items.collect(),
            span: NOWHERE,
        });
        groups.insert(group.name.clone(), id);
    }
    checker.program().jurisdictions.push(JurisdictionIdentity {
        id: description.id.clone(),
        title: description.title.clone(),
        version: description.version.clone(),
        data_vintage: description.data_vintage,
        digest: description.digest.clone(),
    });
    let scope = JurisdictionScope {
        description: Arc::clone(description),
        types,
        groups,
        functions: BTreeMap::new(),
        unusable: BTreeMap::new(),
    };
    checker.names().jurisdictions.insert(description.id.clone(), scope);
}

fn declare_types(
    checker: &mut Checker<'_>,
    description: &JurisdictionDescription,
    full: &dyn Fn(&str) -> SmolStr,
) -> Space<TypeSymbol> {
    let mut types = BTreeMap::new();
    for item in &description.enums {
        let values = item.values.iter().map(|value| EnumerationValue {
            name: value.name.clone(),
            title: Some(value.title.clone()),
        });
        let id = checker.program().enums.push(Enumeration {
            name: full(&item.name),
            title: Some(item.title.clone()),
            values: values.collect(),
            span: NOWHERE,
        });
        types.insert(item.name.clone(), (TypeSymbol::Enum(id), NOWHERE));
    }
    for scale in &description.scales {
        let outcomes = scale.outcomes.iter().map(|outcome| ScaleOutcome {
            name: outcome.name.clone(),
            title: Some(outcome.title.clone()),
            effect: outcome.effect,
            labels: outcome.labels.as_ref().and_then(|labels| match types.get(labels) {
                Some((TypeSymbol::Enum(id), _)) => Some(*id),
                _ => None,
            }),
        });
        let outcomes = outcomes.collect();
        let id = checker.program().scales.push(Scale {
            name: full(&scale.name),
            title: Some(scale.title.clone()),
            outcomes,
            span: NOWHERE,
        });
        types.insert(scale.name.clone(), (TypeSymbol::Scale(id), NOWHERE));
    }
    for list in &description.code_lists {
        let entries = list.entries.iter().map(|entry| {
            let known = CodeEntry {
                title: Some(entry.title.clone()),
                parent: entry.parent.clone(),
                meets: entry.meets.clone(),
                interval: entry.interval,
            };
            (entry.code.clone(), known)
        });
        let id = checker.program().code_lists.push(CodeList {
            name: full(&list.name),
            title: Some(list.title.clone()),
            entries: entries.collect(),
            span: NOWHERE,
        });
        types.insert(list.name.clone(), (TypeSymbol::CodeList(id), NOWHERE));
    }
    types
}

/// Declares the functions, whose signatures may name units and records of modules.
pub(crate) fn declare_functions(checker: &mut Checker<'_>) {
    let scopes: Vec<(SmolStr, Arc<JurisdictionDescription>)> = checker
        .environment
        .jurisdictions
        .iter()
        .map(|(id, scope)| (id.clone(), Arc::clone(&scope.description)))
        .collect();
    for (jurisdiction, description) in scopes {
        for function in &description.functions {
            let mut problem = None;
            let mut typed = |checker: &mut Checker<'_>, text: &str| {
                described_type(checker, &jurisdiction, text).unwrap_or_else(|| {
                    problem.get_or_insert_with(|| text.to_owned());
                    Ty::Error
                })
            };
            let parameters = function
                .parameters
                .iter()
                .map(|parameter| (parameter.name.clone(), typed(checker, &parameter.ty)))
                .collect();
            let result = typed(checker, &function.result);
            let id = checker.program().functions.push(Function {
                jurisdiction: jurisdiction.clone(),
                name: function.name.clone(),
                title: function.title.clone(),
                cite: function.cite.clone(),
                parameters,
                result,
            });
            if let Some(scope) = checker.names().jurisdictions.get_mut(&jurisdiction) {
                scope.functions.insert(function.name.clone(), id);
                if let Some(problem) = problem {
                    scope.unusable.insert(id, problem);
                }
            }
        }
    }
}

/// A type in the description of a jurisdiction. `None` if it is not known here.
pub(crate) fn described_type(
    checker: &mut Checker<'_>,
    jurisdiction: &SmolStr,
    text: &str,
) -> Option<Ty> {
    let parsed = parse_type(text, 0);
    let node = parsed.tree.root().node(Kind::r#type).filter(|_| !parsed.has_errors())?;
    let before = checker.diagnostics.len();
    let scope = Scope::new(View::Jurisdiction(jurisdiction.clone()));
    let ty = checker.within(scope, |checker| checker.ty(node));
    let understood = checker.diagnostics.len() == before && ty != Ty::Error;
    checker.diagnostics.truncate(before);
    understood.then_some(ty)
}
