use std::collections::BTreeSet;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{Field, RecordId, Ty};
use exeat_syntax::{Kind, Node};

use crate::checker::Checker;
use crate::collect::{Items, name_of};

impl<'a> Checker<'a> {
    pub(crate) fn lower_records_and_facts(&mut self, items: &Items<'a>) {
        for (id, module, node) in &items.records {
            let fields = self.in_module(*module, |checker| checker.record_fields(*node));
            if let Some(record) = self.program().records.get_mut(*id) {
                record.fields = fields;
            }
        }
        for (id, _, _) in &items.records {
            self.refuse_record_in_itself(*id);
        }
        for (id, module, node) in &items.facts {
            let ty = self.in_module(*module, |checker| checker.declared_type(*node));
            let accepted = self.accepted(*node);
            if let Some(fact) = self.program().facts.get_mut(*id) {
                fact.accepted = accepted;
                fact.ty = ty.unwrap_or(Ty::Error);
            }
        }
    }

    /// The type after the colon of an item, if there is one.
    pub(crate) fn declared_type(&mut self, node: Node<'_>) -> Option<Ty> {
        node.node(Kind::r#type).map(|node| self.ty(node))
    }

    fn record_fields(&mut self, node: Node<'_>) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for part in node.nodes_of(Kind::record_field) {
            let (name, span) = field_name(part);
            if let Some(first) = fields.iter().find(|field| field.name == name) {
                let diagnostic = Diagnostic::error(
                    codes::DUPLICATE_NAME,
                    format!("the field `{name}` stands twice in this record"),
                    span,
                    "again here",
                )
                .with_label(first.span, "here first")
                .with_help("Take one of them out.");
                self.report(diagnostic);
                continue;
            }
            fields.push(Field {
                name: name.into(),
                ty: self.declared_type(part).unwrap_or(Ty::Error),
                ask: part.node(Kind::ask_clause).and_then(Node::string),
                source: part.node(Kind::source_clause).and_then(Node::string),
                doc: part.documentation(),
                span,
            });
        }
        fields
    }

    /// A record that has itself as a field would have no end. Through a list it would be of any
    /// depth, which no bounded condition could cover.
    fn refuse_record_in_itself(&mut self, id: RecordId) {
        let mut seen = BTreeSet::new();
        let mut open = vec![id];
        let mut circle: Option<Span> = None;
        while let Some(next) = open.pop() {
            for field in self.hir.records.get(next).into_iter().flat_map(|item| &item.fields) {
                let Some(inner) = record_inside(&field.ty) else { continue };
                if inner == id {
                    circle = circle.or(Some(field.span));
                }
                if seen.insert(inner) {
                    open.push(inner);
                }
            }
        }
        let (Some(through), Some(record)) = (circle, self.hir.records.get(id)) else { return };
        let diagnostic = Diagnostic::error(
            codes::DEFINITION_CYCLE,
            format!("the record `{}` contains itself", record.name),
            record.span,
            "this record",
        )
        .with_label(through, "it comes back through this field")
        .with_help("Refer to the inner one in another way, as by a text.");
        self.report(diagnostic);
        // The circle is cut here, so that it is reported once.
        for record in self.program().records.values_mut() {
            for field in record.fields.iter_mut().filter(|field| field.span == through) {
                field.ty = Ty::Error;
            }
        }
    }
}

fn field_name(part: Node<'_>) -> (String, Span) {
    let (name, span) = name_of(part);
    (name.to_string(), span)
}

fn record_inside(ty: &Ty) -> Option<RecordId> {
    match ty {
        Ty::Record(id) => Some(*id),
        Ty::List(inner) | Ty::Set(inner) => record_inside(inner),
        _ => None,
    }
}
