//! Units, records, facts, scales, groups, defines and decisions: what rules speak of.

use exeat_diagnostics::{Diagnostic, codes};
use exeat_hir::{
    CodeEntry, CodeList, CodeListId, Combine, DefineId, DefinePiece, ExprKind, Field, GroupItem,
    Parameter, ScaleOutcome, Ty, Unit,
};
use exeat_model::{Dimension, Effect, Number, Value};
use exeat_syntax::{ArithmeticSign, Expression, ExpressionKind, Kind, Node};
use smol_str::SmolStr;

use crate::checker::{Checker, Item, Progress, cites, clause_text, name_of, path_of};

impl Checker<'_> {
    /// Looks into everything that is declared, in an order in which each part finds what it needs.
    pub(crate) fn declare(&mut self) {
        for (file, node) in self.other_nodes.clone() {
            if node.kind() == Kind::unit {
                self.file = file;
                self.declare_unit(node);
            }
        }
        for (file, id, node) in self.record_nodes.clone() {
            self.file = file;
            let mut fields: Vec<Field> = Vec::new();
            for field in node.nodes_of(Kind::record_field) {
                let (name, span) = name_of(field);
                if fields.iter().any(|known| known.name == name) {
                    self.error(
                        codes::DUPLICATE_NAME,
                        format!("the field `{name}` stands twice"),
                        span,
                        "again here",
                    );
                }
                let ty = field.node(Kind::r#type).map_or(Ty::Error, |ty| self.ty(ty));
                fields.push(Field {
                    name: name.into(),
                    ty,
                    ask: clause_text(field, Kind::ask_clause),
                    source: clause_text(field, Kind::source_clause),
                    doc: field.documentation(),
                    span,
                });
            }
            if let Some(record) = self.hir.records.get_mut(id) {
                record.fields = fields;
            }
        }
        for (file, id, node) in self.fact_nodes.clone() {
            self.file = file;
            let ty = node.node(Kind::r#type).map_or(Ty::Error, |ty| self.ty(ty));
            if let Some(fact) = self.hir.facts.get_mut(id) {
                fact.ty = ty;
            }
        }
        for (file, id, node) in self.scale_nodes.clone() {
            self.file = file;
            let outcomes = node
                .nodes_of(Kind::scale_outcome)
                .map(|outcome| self.scale_outcome(outcome))
                .collect();
            if let Some(scale) = self.hir.scales.get_mut(id) {
                scale.outcomes = outcomes;
            }
        }
        for (file, id, node) in self.group_nodes.clone() {
            self.file = file;
            let element = node.node(Kind::r#type).map_or(Ty::Error, |ty| self.ty(ty));
            if let Some(group) = self.hir.groups.get_mut(id) {
                group.element = element;
            }
        }
        for (file, id, node) in self.group_nodes.clone() {
            self.file = file;
            let element = self.hir.groups.get(id).map_or(Ty::Error, |group| group.element.clone());
            let items = node
                .nodes_of(Kind::group_item)
                .filter_map(|item| self.group_item(item, &element))
                .collect();
            if let Some(group) = self.hir.groups.get_mut(id) {
                group.items = items;
            }
        }
        for (file, id, node) in self.decision_nodes.clone() {
            self.file = file;
            let ty = node.node(Kind::r#type).map_or(Ty::Error, |ty| self.ty(ty));
            self.declare_decision(id, node, ty);
        }
        for at in 0..self.define_nodes.len() {
            self.lower_define(DefineId(u32::try_from(at).unwrap_or(u32::MAX)));
        }
        for (file, id, node) in self.decision_nodes.clone() {
            self.file = file;
            let ty = self.hir.decisions.get(id).map_or(Ty::Error, |decision| decision.ty.clone());
            self.lower_decision(id, node, &ty);
        }
    }

    fn declare_unit(&mut self, node: Node<'_>) {
        let (name, span) = name_of(node);
        let defined = node.expression().map(|definition| self.unit_definition(&definition));
        let (dimension, factor) = match defined {
            None => (Dimension::base(name), Number::ONE),
            Some(Some(unit)) => unit,
            Some(None) => {
                let diagnostic = Diagnostic::error(codes::UNIT_DEFINITION_INVALID, format!("the definition of `{name}` is not made of units"), span, "this unit")
                    .with_help("Define it in known units, with `*`, `/` and numbers: `unit TPP = TOPS * bit`, `unit kg = 1000 g`.");
                self.diagnostics.push(diagnostic);
                (Dimension::base(name), Number::ONE)
            }
        };
        if let Some(known) = self.units.get(name).and_then(|id| self.hir.units.get(*id)) {
            if known.dimension != dimension || known.factor != factor {
                self.error(
                    codes::DUPLICATE_NAME,
                    format!("the unit `{name}` is defined in two ways"),
                    span,
                    "defined otherwise before",
                );
            }
            return;
        }
        let id = self.hir.units.push(Unit {
            name: name.into(),
            title: node.string(),
            dimension,
            factor,
            span,
        });
        self.units.insert(name.to_owned(), id);
    }

    fn unit_definition(&mut self, expression: &Expression) -> Option<(Dimension, Number)> {
        match &expression.kind {
            ExpressionKind::Reference(_) => {
                let path = expression.as_path()?;
                let [(name, span)] = path.as_slice() else { return None };
                self.unit(name, *span).map(|unit| (unit.dimension, unit.factor))
            }
            ExpressionKind::Quantity { number, unit } => {
                let number = Number::parse(number)?;
                let Some((text, span)) = unit else { return Some((Dimension::none(), number)) };
                let unit = self.unit(text, *span)?;
                Some((unit.dimension, unit.factor.checked_mul(number).ok()?))
            }
            ExpressionKind::Arithmetic { sign, left, right, .. } => {
                let ((a, x), (b, y)) = (self.unit_definition(left)?, self.unit_definition(right)?);
                match sign {
                    ArithmeticSign::Star => Some((a.times(&b), x.checked_mul(y).ok()?)),
                    ArithmeticSign::Slash => Some((a.over(&b), x.checked_div(y).ok()?)),
                    ArithmeticSign::Plus | ArithmeticSign::Minus => None,
                }
            }
            _ => None,
        }
    }

    fn scale_outcome(&mut self, node: Node<'_>) -> ScaleOutcome {
        let (name, _) = name_of(node);
        let effect = node.node(Kind::effect_clause).and_then(|clause| {
            let (word, span) = name_of(clause);
            let effect = Effect::from_name(word);
            if effect.is_none() {
                let known = ["free", "free_with_conditions", "authorisation_needed", "prohibited"]
                    .map(str::to_owned);
                self.unknown(codes::UNKNOWN_NAME, "effect", word, span, &known);
            }
            effect
        });
        let labels = node
            .node(Kind::labels_clause)
            .and_then(|clause| clause.node(Kind::path))
            .and_then(|path| {
                let names = path_of(path);
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                if let Some((Item::Enum(id), _)) = self.resolve_type(&names, path.span()) {
                    Some(id)
                } else {
                    self.error(
                        codes::UNKNOWN_TYPE,
                        format!("there is no enumeration `{}`", names.join(".")),
                        path.span(),
                        "expected an enumeration",
                    );
                    None
                }
            });
        ScaleOutcome { name: name.into(), title: node.string(), effect, labels }
    }

    /// The entries of a code list; each is a part of the longest entry that it begins with.
    pub(crate) fn collect_codes(
        &mut self,
        node: Node<'_>,
        name: SmolStr,
        title: Option<String>,
        span: exeat_diagnostics::Span,
    ) -> CodeListId {
        let codes_of: Vec<(String, Node<'_>)> = node
            .nodes_of(Kind::code_entry)
            .filter_map(|entry| {
                Some((entry.token_text(entry.token(Kind::code)?).to_owned(), entry))
            })
            .collect();
        let mut entries = std::collections::BTreeMap::new();
        for (code, entry) in &codes_of {
            let parent = codes_of
                .iter()
                .map(|(other, _)| other)
                .filter(|other| {
                    code.strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('.'))
                })
                .max_by_key(|other| other.len());
            let meets = entry
                .tokens_of(Kind::code)
                .skip(1)
                .map(|token| entry.token_text(token).into())
                .collect();
            let found = CodeEntry {
                title: entry.string(),
                parent: parent.map(|parent| parent.as_str().into()),
                meets,
                interval: self.interval(*entry),
            };
            entries.insert(code.as_str().into(), found);
        }
        self.hir.code_lists.push(CodeList { name, title, entries, span })
    }

    fn group_item(&mut self, node: Node<'_>, element: &Ty) -> Option<GroupItem> {
        let expression = node.expression()?;
        let interval = self.interval(node);
        let expr = self.infer(&expression, Some(element));
        match (expr.kind, expr.ty) {
            (ExprKind::Literal(value), ty) if ty.agrees_with(element) => {
                Some(GroupItem::Member { value, interval, cites: cites(node), span: node.span() })
            }
            (kind, Ty::Set(inner)) if inner.agrees_with(element) => {
                let set = exeat_hir::Expr { kind, ty: Ty::Set(inner), span: expr.span };
                Some(GroupItem::Set { set, interval, span: node.span() })
            }
            (ExprKind::Error, _) => None,
            (_, ty) => {
                let (found, wanted) = (self.describe(&ty), self.describe(element));
                self.error(
                    codes::TYPE_MISMATCH,
                    format!("a member of this group is {wanted}"),
                    node.span(),
                    format!("this is {found}"),
                );
                None
            }
        }
    }

    fn declare_decision(&mut self, id: exeat_hir::DecisionId, node: Node<'_>, ty: Ty) {
        let (name, span) = name_of(node);
        let word = node.node(Kind::combine_clause).map(|clause| name_of(clause));
        let combine = match word.map(|(word, _)| word) {
            Some("strictest") => Combine::Strictest,
            Some("unique") => Combine::Unique,
            Some("collect") => Combine::Collect,
            other => {
                let place = word.map_or(span, |(_, span)| span);
                let message = match other {
                    Some(other) => format!("`{other}` is no way to combine rules"),
                    None => format!("`{name}` does not say how rules combine"),
                };
                let diagnostic = Diagnostic::error(codes::WRONG_COMBINE, message, place, "expected `combine` here")
                    .with_help("Write `combine strictest` (on a scale), `combine unique` (all must agree) or `combine collect` (a set).");
                self.diagnostics.push(diagnostic);
                Combine::Unique
            }
        };
        let ty = match (combine, ty) {
            (Combine::Collect, Ty::Set(inner)) => inner.as_ref().clone(),
            (Combine::Collect, other) if other != Ty::Error => {
                self.error(
                    codes::WRONG_COMBINE,
                    "`combine collect` makes a set",
                    span,
                    "write the type as `set of …`",
                );
                Ty::Error
            }
            (Combine::Strictest, ty) if !matches!(ty, Ty::Outcome(_) | Ty::Error) => {
                self.error(
                    codes::WRONG_COMBINE,
                    "`combine strictest` needs a scale of outcomes",
                    span,
                    "this is not on a scale",
                );
                Ty::Error
            }
            (_, ty) => ty,
        };
        if let Some(decision) = self.hir.decisions.get_mut(id) {
            decision.ty = ty;
            decision.combine = combine;
        }
    }

    fn lower_decision(&mut self, id: exeat_hir::DecisionId, node: Node<'_>, ty: &Ty) {
        let (name, span) = name_of(node);
        let combine =
            self.hir.decisions.get(id).map_or(Combine::Unique, |decision| decision.combine);
        let clause = node.node(Kind::otherwise_clause);
        let otherwise = clause.and_then(Node::expression).and_then(|expression| {
            match self.expect(&expression, ty).kind {
                ExprKind::Literal(value) => Some(value),
                ExprKind::Error => None,
                _ => {
                    self.error(
                        codes::NOT_CONSTANT,
                        "`otherwise` takes a value that is written out",
                        expression.span,
                        "this depends on facts",
                    );
                    None
                }
            }
        });
        if clause.is_none() && combine != Combine::Collect {
            let diagnostic = Diagnostic::error(
                codes::MISSING_OTHERWISE,
                format!("`{name}` does not say what holds if no rule applies"),
                span,
                "this decision",
            )
            .with_help(
                "Add `otherwise VALUE cite \"…\"`: a default that nobody wrote is never assumed.",
            );
            self.diagnostics.push(diagnostic);
        }
        let needed = node
            .node(Kind::needed_clause)
            .and_then(Node::expression)
            .map(|condition| self.condition(&condition));
        if let Some(decision) = self.hir.decisions.get_mut(id) {
            decision.otherwise = otherwise;
            decision.otherwise_cites = clause.map(cites).unwrap_or_default();
            decision.needed_when = needed;
        }
    }

    /// Lowers a define, if it is not done yet. A define that needs itself is a circle.
    pub(crate) fn lower_define(&mut self, id: DefineId) {
        let at = usize::try_from(id.0).unwrap_or(usize::MAX);
        let Some((file, node, progress)) = self.define_nodes.get(at).copied() else { return };
        match progress {
            Progress::Done => return,
            Progress::Begun => {
                let (name, span) = name_of(node);
                let diagnostic = Diagnostic::error(
                    codes::DEFINITION_CYCLE,
                    format!("`{name}` is defined by itself"),
                    span,
                    "what it needs leads back to it",
                )
                .with_help(
                    "Take the circle apart: no define may need itself, directly or through others.",
                );
                if !self.diagnostics.contains(&diagnostic) {
                    self.diagnostics.push(diagnostic);
                }
                return;
            }
            Progress::Waiting => {}
        }
        self.set_progress(at, Progress::Begun);
        let before = (self.file, std::mem::take(&mut self.locals));
        self.file = file;
        let mut parameters = Vec::new();
        for parameter in
            node.node(Kind::parameters).into_iter().flat_map(|list| list.nodes_of(Kind::parameter))
        {
            let (name, span) = name_of(parameter);
            let ty = parameter.node(Kind::r#type).map_or(Ty::Error, |ty| self.ty(ty));
            let local = self.bind(name, ty.clone());
            parameters.push(Parameter { name: name.into(), ty, local, span });
        }
        let mut ty = node.node(Kind::r#type).map(|ty| self.ty(ty));
        let mut pieces: Vec<DefinePiece> = Vec::new();
        for piece in node.nodes_of(Kind::piece) {
            let interval = self.interval(piece);
            let Some(expression) = piece.expression() else { continue };
            let body = match &ty {
                Some(ty) => self.expect(&expression, &ty.clone()),
                None => self.infer(&expression, None),
            };
            ty.get_or_insert_with(|| body.ty.clone());
            if pieces.iter().any(|other| other.interval.overlaps(&interval)) {
                self.error(
                    codes::OVERLAPPING_DATED_DEFINITIONS,
                    "two definitions hold on the same day",
                    piece.span(),
                    "overlaps with one before",
                );
            }
            pieces.push(DefinePiece { interval, body, cites: cites(piece) });
        }
        if pieces.is_empty() {
            let (name, span) = name_of(node);
            self.error(
                codes::MISSING_CLAUSE,
                format!("`{name}` has no definition"),
                span,
                "write `as …`",
            );
        }
        (self.file, self.locals) = before;
        if let Some(define) = self.hir.defines.get_mut(id) {
            define.parameters = parameters;
            define.ty = ty.unwrap_or(Ty::Error);
            define.pieces = pieces;
        }
        self.set_progress(at, Progress::Done);
    }

    fn set_progress(&mut self, at: usize, progress: Progress) {
        if let Some((_, _, slot)) = self.define_nodes.get_mut(at) {
            *slot = progress;
        }
    }
}

/// Whether a value stands in the text as it is.
pub(crate) fn constant(kind: &ExprKind) -> Option<&Value> {
    match kind {
        ExprKind::Literal(value) => Some(value),
        _ => None,
    }
}
