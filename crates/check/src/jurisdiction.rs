use exeat_diagnostics::Span;
use exeat_hir::{
    CodeEntry, CodeList, Enumeration, EnumerationValue, Function, Group, GroupItem,
    JurisdictionIdentity, Scale, ScaleOutcome, Ty, Unit,
};
use exeat_model::{Dimension, Number, Value};

use crate::checker::{Checker, Item, Names};

impl Checker<'_> {
    /// Declares what the jurisdictions offer under their names.
    pub(crate) fn declare_jurisdictions(&mut self) {
        let nowhere = Span::default();
        for (at, jurisdiction) in self.input.jurisdictions.iter().enumerate() {
            let full = |name: &str| format!("{}.{name}", jurisdiction.id).into();
            let mut names = Names::new();
            for unit in &jurisdiction.units {
                self.declare_unit_text(
                    &unit.name,
                    Some(unit.title.clone()),
                    unit.definition.as_deref(),
                );
            }
            for item in &jurisdiction.enums {
                let values = item.values.iter().map(|value| EnumerationValue {
                    name: value.name.clone(),
                    title: Some(value.title.clone()),
                });
                let id = self.hir.enums.push(Enumeration {
                    name: full(&item.name),
                    title: Some(item.title.clone()),
                    values: values.collect(),
                    span: nowhere,
                });
                names.insert(Item::Enum(id).key(&item.name), (Item::Enum(id), nowhere));
            }
            for scale in &jurisdiction.scales {
                let outcomes = scale.outcomes.iter().map(|outcome| ScaleOutcome {
                    name: outcome.name.clone(),
                    title: Some(outcome.title.clone()),
                    effect: outcome.effect,
                    labels: outcome.labels.as_ref().and_then(|name| {
                        match names.get(&crate::checker::type_key(name)) {
                            Some((Item::Enum(id), _)) => Some(*id),
                            _ => None,
                        }
                    }),
                });
                let outcomes = outcomes.collect();
                let id = self.hir.scales.push(Scale {
                    name: full(&scale.name),
                    title: Some(scale.title.clone()),
                    outcomes,
                    span: nowhere,
                });
                names.insert(Item::Scale(id).key(&scale.name), (Item::Scale(id), nowhere));
            }
            for list in &jurisdiction.code_lists {
                let entries = list.entries.iter().map(|entry| {
                    let found = CodeEntry {
                        title: Some(entry.title.clone()),
                        parent: entry.parent.clone(),
                        meets: entry.meets.clone(),
                        interval: entry.interval,
                    };
                    (entry.code.clone(), found)
                });
                let entries = entries.collect();
                let id = self.hir.code_lists.push(CodeList {
                    name: full(&list.name),
                    title: Some(list.title.clone()),
                    entries,
                    span: nowhere,
                });
                names.insert(Item::CodeList(id).key(&list.name), (Item::CodeList(id), nowhere));
            }
            for group in &jurisdiction.groups {
                let items = group.members.iter().map(|member| GroupItem::Member {
                    value: Value::Country(member.country),
                    interval: member.interval,
                    cites: member.cite.iter().cloned().collect(),
                    span: nowhere,
                });
                let id = self.hir.groups.push(Group {
                    name: format!("{}.group(\"{}\")", jurisdiction.id, group.name).into(),
                    title: Some(group.title.clone()),
                    cites: vec![group.cite.clone()],
                    element: Ty::Country,
                    items: items.collect(),
                    span: nowhere,
                });
                self.groups.insert((jurisdiction.id.to_string(), group.name.to_string()), id);
            }
            for (place, catalogue) in jurisdiction.catalogues.iter().enumerate() {
                names.insert(catalogue.name.to_string(), (Item::Catalogue(at, place), nowhere));
            }
            self.names.insert(jurisdiction.id.to_string(), names);
            for function in &jurisdiction.functions {
                let parameters = function
                    .parameters
                    .iter()
                    .map(|parameter| (parameter.name.clone(), self.simple_type(&parameter.ty)));
                let parameters = parameters.collect::<Vec<_>>();
                let result = self.simple_type(&function.result);
                let id = self.hir.functions.push(Function {
                    jurisdiction: jurisdiction.id.clone(),
                    name: function.name.clone(),
                    title: function.title.clone(),
                    cite: function.cite.clone(),
                    parameters,
                    result,
                });
                if let Some(names) = self.names.get_mut(jurisdiction.id.as_str()) {
                    names.insert(function.name.to_string(), (Item::Function(id), nowhere));
                }
            }
            self.hir.jurisdictions.push(JurisdictionIdentity {
                id: jurisdiction.id.clone(),
                title: jurisdiction.title.clone(),
                version: jurisdiction.version.clone(),
                data_vintage: jurisdiction.data_vintage,
                digest: jurisdiction.digest.clone(),
            });
        }
    }

    /// A type in the description of a jurisdiction, of the simple ones and units.
    fn simple_type(&mut self, text: &str) -> Ty {
        match text {
            "yes_no" => Ty::YesNo,
            "number" => Ty::number(),
            "date" => Ty::Date,
            "text" => Ty::Text,
            "country" => Ty::Country,
            unit => self.unit(unit, Span::default()).map_or(Ty::Error, Ty::Quantity),
        }
    }

    /// A unit with its definition as text: names and numbers joined by `*` and `/`.
    pub(crate) fn declare_unit_text(
        &mut self,
        name: &str,
        title: Option<String>,
        definition: Option<&str>,
    ) {
        let (dimension, factor) = match definition {
            None => (Dimension::base(name), Number::ONE),
            Some(definition) => {
                let compact: String = definition.chars().filter(|c| !c.is_whitespace()).collect();
                match self.unit(&compact, Span::default()) {
                    Some(unit) => (unit.dimension, unit.factor),
                    None => (Dimension::base(name), Number::ONE),
                }
            }
        };
        let id = self.hir.units.push(Unit {
            name: name.into(),
            title,
            dimension,
            factor,
            span: Span::default(),
        });
        self.units.entry(name.to_owned()).or_insert(id);
    }
}
