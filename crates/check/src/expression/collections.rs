//! Lists, sets, records, and what is asked of them.

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{Aggregate, Expr, ExprKind, ListItem, Quantifier, RecordId, SetOperator, Ty};
use exeat_syntax::{
    AggregateWord, BraceItem, Comprehension, Expression, ListElement, QuantifierWord, SetWord,
};

use crate::checker::{Checker, broken};
use crate::describe::describe;

impl Checker<'_> {
    /// `[a, each of b]`.
    pub(crate) fn list(&mut self, items: &[ListElement], wanted: Option<&Ty>, span: Span) -> Expr {
        let mut element = match wanted {
            Some(Ty::List(element)) => Some(element.as_ref().clone()),
            Some(Ty::Error) => Some(Ty::Error),
            _ => None,
        };
        // What shows its type by itself comes first, so that it explains the others.
        if element.is_none() {
            let clear = items.iter().find(|item| !item.each && !self.needs_a_hint(&item.value));
            if let Some(item) = clear.or_else(|| items.first()) {
                let before = self.diagnostics.len();
                let ty = self.infer(&item.value).ty;
                self.diagnostics.truncate(before);
                element = match (item.each, ty) {
                    (true, Ty::List(inner)) => Some(*inner),
                    (true, _) | (false, Ty::Error) => None,
                    (false, ty) => Some(ty),
                };
            }
        }
        if items.is_empty() && element.is_none() {
            let diagnostic = Diagnostic::error(
                codes::CANNOT_INFER_TYPE,
                "it does not show what this empty list is a list of",
                span,
                "a list of what?",
            )
            .with_help("Declare the type around it.");
            self.report(diagnostic);
            return broken(span);
        }
        let mut list = Vec::new();
        for item in items {
            list.push(match (item.each, &element) {
                (true, Some(element)) => {
                    let wanted = Ty::List(Box::new(element.clone()));
                    ListItem::Each(self.check(&item.value, &wanted))
                }
                (true, None) => ListItem::Each(self.infer(&item.value)),
                (false, Some(element)) => ListItem::One(self.check(&item.value, &element.clone())),
                (false, None) => ListItem::One(self.infer(&item.value)),
            });
        }
        let ty = match element {
            Some(element) if element != Ty::Error => Ty::List(Box::new(element)),
            _ => Ty::Error,
        };
        Expr { kind: ExprKind::List(list), ty, span }
    }

    /// `{ … }`: a record if its items have `=`, else a set.
    pub(crate) fn braces(&mut self, items: &[BraceItem], wanted: Option<&Ty>, span: Span) -> Expr {
        let has_values = items.iter().any(|item| item.value.is_some());
        match wanted {
            Some(Ty::Record(record)) if has_values || items.is_empty() => {
                self.record(items, *record, span)
            }
            Some(Ty::Error) => broken(span),
            _ if has_values => {
                let found = match wanted {
                    Some(wanted) => format!(", and {} is wanted", describe(&self.hir, wanted)),
                    None => String::new(),
                };
                let code = match wanted {
                    Some(_) => codes::TYPE_MISMATCH,
                    None => codes::CANNOT_INFER_TYPE,
                };
                let diagnostic = Diagnostic::error(
                    code,
                    format!("this is a record{found}"),
                    span,
                    "fields with values",
                )
                .with_help("A record can stand where one is wanted, as for a fact that is one.");
                self.report(diagnostic);
                broken(span)
            }
            Some(Ty::Set(element)) => self.set(items, Some(element.as_ref()), span),
            None | Some(Ty::Record(_) | Ty::List(_)) => self.set(items, None, span),
            // The members tell the type of the set; whether a set is wanted here, the caller says.
            Some(element) => self.set(items, Some(element), span),
        }
    }

    fn set(&mut self, items: &[BraceItem], element: Option<&Ty>, span: Span) -> Expr {
        let mut element = element.cloned();
        if element.is_none() {
            let clear = items.iter().find(|item| !self.needs_a_hint(&item.key));
            if let Some(item) = clear.or_else(|| items.first()) {
                let before = self.diagnostics.len();
                let ty = self.infer(&item.key).ty;
                self.diagnostics.truncate(before);
                element = (ty != Ty::Error).then_some(ty);
            }
        }
        let Some(element) = element else {
            if items.is_empty() {
                let diagnostic = Diagnostic::error(
                    codes::CANNOT_INFER_TYPE,
                    "it does not show what this empty set is a set of",
                    span,
                    "a set of what?",
                )
                .with_help("Declare the type around it.");
                self.report(diagnostic);
            }
            for item in items {
                self.infer(&item.key);
            }
            return broken(span);
        };
        let members = items.iter().map(|item| self.check(&item.key, &element)).collect();
        Expr { kind: ExprKind::SetLiteral(members), ty: Ty::Set(Box::new(element)), span }
    }

    fn record(&mut self, items: &[BraceItem], id: RecordId, span: Span) -> Expr {
        let count = self.hir.records.get(id).map_or(0, |record| record.fields.len());
        let mut fields: Vec<Option<Expr>> = vec![None; count];
        let mut places: Vec<(usize, Span)> = Vec::new();
        for item in items {
            let path = item.key.as_path();
            let (Some([(name, place)]), Some(value)) = (path.as_deref(), &item.value) else {
                let diagnostic = Diagnostic::error(
                    codes::MISSING_OR_DUPLICATE_FIELD_VALUE,
                    "a record gives each field a value",
                    item.key.span,
                    "not a field with a value",
                )
                .with_help("Write `FIELD = VALUE`, as `country = PL`.");
                self.report(diagnostic);
                continue;
            };
            let Some((at, ty)) = self.field_of(&Ty::Record(id), name, *place) else { continue };
            let value = self.check(value, &ty);
            if let Some((_, first)) = places.iter().find(|(known, _)| *known == at) {
                let diagnostic = Diagnostic::error(
                    codes::MISSING_OR_DUPLICATE_FIELD_VALUE,
                    format!("the field `{name}` is given twice"),
                    *place,
                    "given again here",
                )
                .with_label(*first, "given here first")
                .with_help("Keep one of them.");
                self.report(diagnostic);
                continue;
            }
            places.push((at, *place));
            if let Some(slot) = fields.get_mut(at) {
                *slot = Some(value);
            }
        }
        Expr { kind: ExprKind::Record(id, fields), ty: Ty::Record(id), span }
    }

    /// `union`, `intersect`, `without`.
    pub(crate) fn set_operation(
        &mut self,
        word: SetWord,
        left: &Expression,
        right: &Expression,
        wanted: Option<&Ty>,
        span: Span,
    ) -> Expr {
        let (a, b) = match wanted {
            Some(wanted @ Ty::Set(_)) => (self.check(left, wanted), self.check(right, wanted)),
            _ => self.alike(left, right),
        };
        for (part, expr) in [(left, &a), (right, &b)] {
            if !matches!(expr.ty, Ty::Set(_) | Ty::Error) {
                let (text, is) = (self.quote(part.span), describe(&self.hir, &expr.ty));
                let message = format!("`{text}` is {is}, and sets are joined here");
                let diagnostic =
                    Diagnostic::error(codes::NOT_A_SET, message, part.span, "not a set")
                        .with_help("A set is a group, or members in braces: `{ PL, DE }`.");
                self.report(diagnostic);
                return broken(span);
            }
        }
        let ty = if a.ty == Ty::Error { b.ty.clone() } else { a.ty.clone() };
        let operator = match word {
            SetWord::Union => SetOperator::Union,
            SetWord::Intersect => SetOperator::Intersect,
            SetWord::Without => SetOperator::Without,
        };
        Expr { kind: ExprKind::SetOperation(operator, Box::new(a), Box::new(b)), ty, span }
    }

    /// A list and the type of its elements; reported if it is none.
    fn elements(&mut self, list: &Expression) -> (Expr, Ty) {
        let found = self.infer(list);
        match found.ty.clone() {
            Ty::List(element) => (found, *element),
            Ty::Error => (found, Ty::Error),
            other => {
                let (text, is) = (self.quote(list.span), describe(&self.hir, &other));
                let message = format!("`{text}` is {is}, and a list is wanted here");
                let mut diagnostic =
                    Diagnostic::error(codes::NOT_A_LIST, message, list.span, "not a list");
                if matches!(other, Ty::Set(_)) {
                    diagnostic = diagnostic.with_help("Ask what is in a set: `… in …`.");
                }
                self.report(diagnostic);
                (broken(list.span), Ty::Error)
            }
        }
    }

    /// `any NAME in LIST where BODY`.
    pub(crate) fn quantified(
        &mut self,
        word: QuantifierWord,
        (name, name_span): (&str, Span),
        list: &Expression,
        body: &Expression,
        span: Span,
    ) -> Expr {
        let (list, element) = self.elements(list);
        self.may_be_declared(name, name_span);
        let local = self.bind(name, element);
        let body = self.condition(body);
        self.unbind();
        let quantifier = match word {
            QuantifierWord::Any => Quantifier::Any,
            QuantifierWord::Every => Quantifier::Every,
            QuantifierWord::No => Quantifier::No,
        };
        let (list, body) = (Box::new(list), Box::new(body));
        Expr { kind: ExprKind::Quantified { quantifier, local, list, body }, ty: Ty::YesNo, span }
    }

    /// `(BODY for each NAME in LIST where FILTER)`.
    pub(crate) fn comprehension(
        &mut self,
        body: &Expression,
        rest: &Comprehension,
        span: Span,
        wanted: Option<&Ty>,
    ) -> Expr {
        let (list, element) = self.elements(&rest.list);
        self.may_be_declared(&rest.name, rest.name_span);
        let local = self.bind(&rest.name, element);
        let filter = rest.filter.as_ref().map(|filter| Box::new(self.condition(filter)));
        let body = match wanted {
            Some(Ty::List(element)) => self.check(body, element),
            _ => self.infer(body),
        };
        self.unbind();
        let ty = match body.ty.clone() {
            Ty::Error => Ty::Error,
            ty => Ty::List(Box::new(ty)),
        };
        let (list, body) = (Box::new(list), Box::new(body));
        Expr { kind: ExprKind::Comprehension { local, list, filter, body }, ty, span }
    }

    /// `sum of LIST`, `count of LIST`, `largest of LIST`, `smallest of LIST`.
    pub(crate) fn aggregate(&mut self, word: AggregateWord, list: &Expression, span: Span) -> Expr {
        let (values, element) = self.elements(list);
        let (kind, name) = match word {
            AggregateWord::Sum => (Aggregate::Sum, "sum"),
            AggregateWord::Count => (Aggregate::Count, "count"),
            AggregateWord::Largest => (Aggregate::Largest, "largest"),
            AggregateWord::Smallest => (Aggregate::Smallest, "smallest"),
        };
        let ty = match (&element, kind) {
            (_, Aggregate::Count) => Ty::number(),
            (Ty::Quantity(_), _) => element,
            (Ty::Date, Aggregate::Largest | Aggregate::Smallest) => Ty::Date,
            (Ty::Error, _) => return broken(span),
            _ => {
                let found = describe(&self.hir, &values.ty);
                let message = format!("there is no `{name}` of {found}");
                let diagnostic =
                    Diagnostic::error(codes::TYPE_MISMATCH, message, list.span, "of these")
                        .with_help(
                            "Make a list of numbers: `(ELEMENT.field for each ELEMENT in LIST)`.",
                        );
                self.report(diagnostic);
                return broken(span);
            }
        };
        Expr { kind: ExprKind::Aggregate(kind, Box::new(values)), ty, span }
    }
}
