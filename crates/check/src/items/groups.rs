use exeat_diagnostics::{Diagnostic, codes};
use exeat_hir::{GroupItem, Ty};
use exeat_syntax::{Expression, Kind, Node};

use crate::checker::Checker;
use crate::collect::{Items, cites};
use crate::describe::describe;

impl<'a> Checker<'a> {
    pub(crate) fn lower_group_types(&mut self, items: &Items<'a>) {
        for (id, module, node) in &items.groups {
            let ty = self.in_module(*module, |checker| checker.group_type(*node));
            if let Some(group) = self.program().groups.get_mut(*id) {
                group.element = ty;
            }
        }
    }

    fn group_type(&mut self, node: Node<'_>) -> Ty {
        let ty = self.declared_type(node).unwrap_or(Ty::Error);
        if matches!(ty, Ty::Country | Ty::Code(_) | Ty::Enum(_) | Ty::Text | Ty::Error) {
            return ty;
        }
        let span = node.node(Kind::r#type).map_or(node.span(), Node::span);
        let found = describe(&self.hir, &ty);
        let diagnostic = Diagnostic::error(
            codes::TYPE_MISMATCH,
            format!("a group cannot have {found} as a member"),
            span,
            "the type of one member",
        )
        .with_help("A group holds countries, codes, values of an enumeration or texts.");
        self.report(diagnostic);
        Ty::Error
    }

    pub(crate) fn lower_groups(&mut self, items: &Items<'a>) {
        for (id, module, node) in &items.groups {
            let element = self.hir.groups.get(*id).map_or(Ty::Error, |group| group.element.clone());
            let lines = self.in_module(*module, |checker| {
                let lines = node.nodes_of(Kind::group_item);
                lines.filter_map(|line| checker.group_item(line, &element)).collect()
            });
            if let Some(group) = self.program().groups.get_mut(*id) {
                group.items = lines;
            }
        }
    }

    /// A line is a member, or a set of members; which one, its own type tells.
    fn group_item(&mut self, line: Node<'_>, element: &Ty) -> Option<GroupItem> {
        let interval = self.interval(line);
        let expression = line.node(Kind::expr).map(Expression::of)?;
        let span = expression.span;
        if self.is_a_set(&expression) {
            let set = self.check(&expression, &Ty::Set(Box::new(element.clone())));
            return Some(GroupItem::Set { set, interval, span });
        }
        let member = self.check(&expression, element);
        let value = self.must_be_constant(&member, "a member of a group")?;
        Some(GroupItem::Member { value, interval, cites: cites(line), span })
    }
}
