//! Names, fields, arguments, and braces.

use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{CodeListId, EnumId, Expr, ExprKind, OutcomePattern, RecordId, ScaleId, Ty};
use exeat_model::{Code, Country, Outcome, PlainValue, Record, Value};
use exeat_syntax::{BraceItem, Expression, ExpressionKind, Segment};

use crate::checker::{Checker, Item};
use crate::expression::broken;

impl Checker<'_> {
    /// A name with fields and arguments.
    pub(crate) fn reference(
        &mut self,
        segments: &[Segment],
        span: Span,
        wanted: Option<&Ty>,
    ) -> Expr {
        let of = |kind: ExprKind, ty: Ty| Expr { kind, ty, span };
        let names: Vec<(&str, Span)> = segments
            .iter()
            .map_while(|segment| match segment {
                Segment::Name(name, span) => Some((name.as_str(), *span)),
                Segment::Arguments(..) => None,
            })
            .collect();
        let arguments = segments.get(names.len()).and_then(|segment| match segment {
            Segment::Arguments(values, span) => Some((values.as_slice(), *span)),
            Segment::Name(..) => None,
        });
        let Some((first, first_span)) = names.first().copied() else { return broken(span) };
        if let Some((_, id, ty)) =
            self.locals.iter().rev().find(|(name, _, _)| name == first).cloned()
        {
            return self.fields(
                Expr { kind: ExprKind::Local(id), ty, span: first_span },
                names.get(1..).unwrap_or(&[]),
                span,
            );
        }
        if let ([_], Some(wanted)) = (names.as_slice(), wanted)
            && let Some(expr) = self.value_name(first, arguments, wanted, span)
        {
            return expr;
        }
        if first == "as_of_date" {
            return of(ExprKind::AsOf, Ty::Date);
        }
        let path: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        if let ([jurisdiction, "group"], Some((values, place))) = (path.as_slice(), arguments) {
            return self.group(jurisdiction, values, place, span);
        }
        let found = self.resolve(&path, span).or_else(|| self.resolve_type(&path, span));
        let Some((item, used)) = found else {
            // Where only certain names can stand, those are what was meant.
            match (names.as_slice(), wanted) {
                ([(name, place)], Some(Ty::Enum(id))) => drop(self.enum_value(*id, name, *place)),
                ([(name, place)], Some(Ty::Outcome(id))) => {
                    drop(self.outcome_pattern(name, None, *id, *place));
                }
                _ => return self.unresolved(&names, span),
            }
            return broken(span);
        };
        let rest = names.get(used..).unwrap_or(&[]);
        let base_span =
            names.get(used.saturating_sub(1)).map_or(span, |(_, last)| first_span.to(*last));
        let base = |kind: ExprKind, ty: Ty| Expr { kind, ty, span: base_span };
        match item {
            Item::Fact(id) => {
                let ty = self.hir.facts.get(id).map_or(Ty::Error, |fact| fact.ty.clone());
                self.fields(base(ExprKind::Fact(id), ty), rest, span)
            }
            Item::Define(id) => {
                self.lower_define(id);
                let (parameters, ty) = match self.hir.defines.get(id) {
                    Some(define) => (
                        define
                            .parameters
                            .iter()
                            .map(|parameter| parameter.ty.clone())
                            .collect::<Vec<_>>(),
                        define.ty.clone(),
                    ),
                    None => (Vec::new(), Ty::Error),
                };
                match self.arguments(first, arguments, &parameters, span) {
                    Some(values) => self.fields(
                        Expr {
                            kind: ExprKind::Define(id, values),
                            ty,
                            span: if rest.is_empty() { span } else { base_span },
                        },
                        rest,
                        span,
                    ),
                    None => broken(span),
                }
            }
            Item::Decision(id) => {
                let ty = self.hir.decisions.get(id).map_or(Ty::Error, |decision| {
                    match decision.combine {
                        exeat_hir::Combine::Collect => Ty::Set(Box::new(decision.ty.clone())),
                        _ => decision.ty.clone(),
                    }
                });
                of(ExprKind::Decision(id), ty)
            }
            Item::Group(id) => {
                let element =
                    self.hir.groups.get(id).map_or(Ty::Error, |group| group.element.clone());
                of(ExprKind::Group(id), Ty::Set(Box::new(element)))
            }
            Item::Function(id) => {
                let (parameters, result) = match self.hir.functions.get(id) {
                    Some(function) => (
                        function.parameters.iter().map(|(_, ty)| ty.clone()).collect::<Vec<_>>(),
                        function.result.clone(),
                    ),
                    None => (Vec::new(), Ty::Error),
                };
                match self.arguments(&path.join("."), arguments, &parameters, span) {
                    Some(values) => of(ExprKind::Call(id, values), result),
                    None => broken(span),
                }
            }
            Item::Catalogue(jurisdiction, catalogue) => {
                self.catalogue(jurisdiction, catalogue, arguments, wanted, span)
            }
            Item::Enum(id) => match rest {
                [(name, place)] => self.enum_value(id, name, *place).map_or_else(
                    || broken(span),
                    |value| of(ExprKind::Literal(value), Ty::Enum(id)),
                ),
                _ => self.not_a_value(&path.join("."), span),
            },
            Item::Broken => broken(span),
            Item::Record(_)
            | Item::Scale(_)
            | Item::CodeList(_)
            | Item::Reading(_)
            | Item::Rule(_)
            | Item::Assertion(_) => self.not_a_value(&path.join("."), span),
        }
    }

    fn not_a_value(&mut self, name: &str, span: Span) -> Expr {
        self.error(
            codes::TYPE_MISMATCH,
            format!("`{name}` is not a value"),
            span,
            "expected a fact, a define, a decision or a group",
        );
        broken(span)
    }

    /// A bare name that the wanted type gives a meaning: an enumeration's value, an outcome, a country, `none`.
    fn value_name(
        &mut self,
        name: &str,
        arguments: Option<(&[Expression], Span)>,
        wanted: &Ty,
        span: Span,
    ) -> Option<Expr> {
        let of =
            |value: Value| Some(Expr { kind: ExprKind::Literal(value), ty: wanted.clone(), span });
        match wanted {
            Ty::Enum(id) => {
                let known = self
                    .hir
                    .enums
                    .get(*id)
                    .is_some_and(|found| found.values.iter().any(|value| value.name == name));
                if known { of(Value::Symbol(name.into())) } else { None }
            }
            Ty::Outcome(scale) => {
                let known = self
                    .hir
                    .scales
                    .get(*scale)?
                    .outcomes
                    .iter()
                    .any(|outcome| outcome.name == name);
                if !known {
                    return None;
                }
                let pattern = self.outcome_pattern(name, arguments, *scale, span)?;
                of(Value::Outcome(Outcome {
                    rank: pattern.rank,
                    name: pattern.name,
                    labels: pattern.labels.into_iter().collect(),
                }))
            }
            Ty::Country => Country::from_code(name).and_then(|country| of(Value::Country(country))),
            Ty::Code(_) if name == "none" => of(Value::Code(Code::None)),
            _ => None,
        }
    }

    fn unresolved(&mut self, names: &[(&str, Span)], span: Span) -> Expr {
        let Some((first, first_span)) = names.first().copied() else { return broken(span) };
        if let [_] = names {
            if let Some(country) = Country::from_code(first) {
                return Expr {
                    kind: ExprKind::Literal(Value::Country(country)),
                    ty: Ty::Country,
                    span,
                };
            }
            if let Some(word) = match first {
                "true" | "True" => Some("yes"),
                "false" | "False" => Some("no"),
                _ => None,
            } {
                let diagnostic = Diagnostic::error(
                    codes::FOREIGN_OPERATOR,
                    format!("`{first}` is written `{word}` here"),
                    span,
                    format!("write `{word}`"),
                )
                .with_fix(format!("write `{word}`"), span, word);
                self.diagnostics.push(diagnostic);
                return broken(span);
            }
            if first.len() == 2 && first.chars().all(|c| c.is_ascii_uppercase()) {
                let candidates: Vec<String> =
                    Country::table().iter().map(|entry| entry.alpha2.to_owned()).collect();
                self.unknown(
                    codes::UNKNOWN_COUNTRY,
                    "country with the code",
                    first,
                    span,
                    &candidates,
                );
                return broken(span);
            }
        }
        let candidates = self.visible_names();
        self.unknown(
            codes::UNKNOWN_NAME,
            "fact, define, decision or group",
            first,
            first_span,
            &candidates,
        );
        broken(span)
    }

    /// The fields of a record, one after the other.
    fn fields(&mut self, mut base: Expr, rest: &[(&str, Span)], whole: Span) -> Expr {
        for (name, place) in rest {
            let Ty::Record(record) = base.ty else {
                if base.ty != Ty::Error {
                    let label = format!("what stands before it is {}", self.describe(&base.ty));
                    self.error(
                        codes::FIELD_OF_NON_RECORD,
                        format!("there is no field `{name}` here"),
                        *place,
                        label,
                    );
                }
                return broken(whole);
            };
            let span = base.span.to(*place);
            match self.field(record, name, *place) {
                Some((at, ty)) => {
                    base = Expr { kind: ExprKind::Field(Box::new(base), at), ty, span }
                }
                None => return broken(whole),
            }
        }
        base
    }

    pub(crate) fn field(
        &mut self,
        record: RecordId,
        name: &str,
        place: Span,
    ) -> Option<(usize, Ty)> {
        let found = self.hir.records.get(record)?;
        if let Some(at) = found.fields.iter().position(|field| field.name == name) {
            return Some((at, found.fields.get(at)?.ty.clone()));
        }
        let candidates: Vec<String> =
            found.fields.iter().map(|field| field.name.to_string()).collect();
        let what = format!("field in `{}`:", found.name);
        self.unknown(codes::UNKNOWN_FIELD, &what, name, place, &candidates);
        None
    }

    fn arguments(
        &mut self,
        name: &str,
        arguments: Option<(&[Expression], Span)>,
        parameters: &[Ty],
        span: Span,
    ) -> Option<Vec<Expr>> {
        let (values, place) = arguments.unwrap_or((&[], span));
        if values.len() != parameters.len() {
            let message =
                format!("`{name}` takes {} argument(s), {} given", parameters.len(), values.len());
            self.error(codes::WRONG_NUMBER_OF_ARGUMENTS, message, place, "");
            return None;
        }
        Some(values.iter().zip(parameters).map(|(value, ty)| self.expect(value, ty)).collect())
    }

    fn group(
        &mut self,
        jurisdiction: &str,
        values: &[Expression],
        place: Span,
        span: Span,
    ) -> Expr {
        let [Expression { kind: ExpressionKind::Text(name), span: name_span }] = values else {
            self.error(
                codes::UNKNOWN_GROUP,
                "a group is named by one text, as `us.group(\"D:5\")`",
                place,
                "expected one text",
            );
            return broken(span);
        };
        if let Some(id) = self.groups.get(&(jurisdiction.to_owned(), name.clone())) {
            return Expr { kind: ExprKind::Group(*id), ty: Ty::Set(Box::new(Ty::Country)), span };
        }
        let candidates: Vec<String> = self
            .groups
            .keys()
            .filter(|(owner, _)| owner == jurisdiction)
            .map(|(_, name)| name.clone())
            .collect();
        self.unknown(
            codes::UNKNOWN_GROUP,
            &format!("group of `{jurisdiction}`:"),
            name,
            *name_span,
            &candidates,
        );
        broken(span)
    }

    /// A code as it is written, against the code list that is wanted.
    pub(crate) fn code_literal(&mut self, text: &str, span: Span, wanted: Option<&Ty>) -> Expr {
        let Some(Ty::Code(list)) = wanted else {
            self.error(
                codes::CANNOT_INFER_TYPE,
                format!("it cannot be seen to which list the code `{text}` belongs"),
                span,
                "compare it with something that has a code",
            );
            return broken(span);
        };
        if !self.has_code(*list, text) {
            let (name, candidates) = match self.hir.code_lists.get(*list) {
                Some(list) => {
                    (list.name.to_string(), list.entries.keys().map(ToString::to_string).collect())
                }
                None => (String::new(), Vec::new()),
            };
            self.unknown(
                codes::UNKNOWN_CODE,
                &format!("entry in `{name}`:"),
                text,
                span,
                &candidates,
            );
            return broken(span);
        }
        Expr {
            kind: ExprKind::Literal(Value::Code(Code::Entry(text.into()))),
            ty: Ty::Code(*list),
            span,
        }
    }

    fn has_code(&self, list: CodeListId, text: &str) -> bool {
        self.hir.code_lists.get(list).is_some_and(|list| list.entries.contains_key(text))
    }

    fn enum_value(&mut self, id: EnumId, name: &str, span: Span) -> Option<Value> {
        let found = self.hir.enums.get(id)?;
        if found.values.iter().any(|value| value.name == name) {
            return Some(Value::Symbol(name.into()));
        }
        let candidates: Vec<String> =
            found.values.iter().map(|value| value.name.to_string()).collect();
        let what = format!("value in `{}`:", found.name);
        self.unknown(codes::UNKNOWN_ENUM_VALUE, &what, name, span, &candidates);
        None
    }

    /// The places on a scale that are asked for: one, or several in braces.
    pub(crate) fn outcome_patterns(
        &mut self,
        right: &Expression,
        scale: ScaleId,
    ) -> Vec<OutcomePattern> {
        let items: Vec<&Expression> = match &right.without_parentheses().kind {
            ExpressionKind::Braces(items) => items.iter().map(|item| &item.key).collect(),
            _ => vec![right],
        };
        items
            .into_iter()
            .filter_map(|item| {
                let ExpressionKind::Reference(segments) = &item.without_parentheses().kind else {
                    self.error(
                        codes::UNKNOWN_OUTCOME,
                        "expected the name of an outcome",
                        item.span,
                        "not an outcome",
                    );
                    return None;
                };
                let arguments = segments.get(1).and_then(|segment| match segment {
                    Segment::Arguments(values, span) => Some((values.as_slice(), *span)),
                    Segment::Name(..) => None,
                });
                match segments.first() {
                    Some(Segment::Name(name, place)) => {
                        self.outcome_pattern(name, arguments, scale, *place)
                    }
                    _ => None,
                }
            })
            .collect()
    }

    fn outcome_pattern(
        &mut self,
        name: &str,
        arguments: Option<(&[Expression], Span)>,
        scale: ScaleId,
        span: Span,
    ) -> Option<OutcomePattern> {
        let found = self.hir.scales.get(scale)?;
        let Some(rank) = found.outcomes.iter().position(|outcome| outcome.name == name) else {
            let candidates: Vec<String> =
                found.outcomes.iter().map(|outcome| outcome.name.to_string()).collect();
            let what = format!("outcome in `{}`:", found.name);
            self.unknown(codes::UNKNOWN_OUTCOME, &what, name, span, &candidates);
            return None;
        };
        let labels_of = found.outcomes.get(rank)?.labels;
        let mut labels = Vec::new();
        if let Some((values, place)) = arguments {
            let Some(labels_of) = labels_of else {
                self.error(
                    codes::UNKNOWN_OUTCOME,
                    format!("`{name}` takes no label"),
                    place,
                    "leave this out",
                );
                return None;
            };
            for value in values {
                if let ExprKind::Literal(Value::Symbol(label)) =
                    self.expect(value, &Ty::Enum(labels_of)).kind
                {
                    labels.push(label);
                }
            }
        }
        Some(OutcomePattern { rank: u32::try_from(rank).ok()?, name: name.into(), labels })
    }

    /// Braces: a record where one is wanted or fields are given, else a set.
    pub(crate) fn braces(&mut self, items: &[BraceItem], span: Span, wanted: Option<&Ty>) -> Expr {
        if let Some(Ty::Record(record)) = wanted {
            let count = self.hir.records.get(*record).map_or(0, |record| record.fields.len());
            let mut fields: Vec<Option<Expr>> = vec![None; count];
            for item in items {
                let name = item.key.as_path().and_then(|path| match path.as_slice() {
                    [(name, place)] => Some(((*name).to_owned(), *place)),
                    _ => None,
                });
                let (Some((name, place)), Some(value)) = (name, &item.value) else {
                    self.error(
                        codes::MISSING_OR_DUPLICATE_FIELD_VALUE,
                        "expected a field with its value, as `country = PL`",
                        item.key.span,
                        "not a field with a value",
                    );
                    continue;
                };
                let Some((at, ty)) = self.field(*record, &name, place) else { continue };
                let value = self.expect(value, &ty);
                if let Some(slot) = fields.get_mut(at) {
                    if slot.is_some() {
                        self.diagnostics.push(Diagnostic::error(
                            codes::MISSING_OR_DUPLICATE_FIELD_VALUE,
                            format!("`{name}` is given twice"),
                            place,
                            "given again here",
                        ));
                    }
                    *slot = Some(value);
                }
            }
            return Expr { kind: ExprKind::Record(*record, fields), ty: Ty::Record(*record), span };
        }
        let mut element = match wanted {
            Some(Ty::Set(element)) => Some(element.as_ref().clone()),
            _ => None,
        };
        let mut members = Vec::new();
        for item in items {
            let member = match &element {
                Some(element) => self.expect(&item.key, &element.clone()),
                None => self.infer(&item.key, None),
            };
            element.get_or_insert_with(|| member.ty.clone());
            members.push(member);
        }
        Expr {
            kind: ExprKind::SetLiteral(members),
            ty: Ty::Set(Box::new(element.unwrap_or(Ty::Error))),
            span,
        }
    }

    fn catalogue(
        &mut self,
        jurisdiction: usize,
        catalogue: usize,
        arguments: Option<(&[Expression], Span)>,
        wanted: Option<&Ty>,
        span: Span,
    ) -> Expr {
        let Some(found) = self
            .input
            .jurisdictions
            .get(jurisdiction)
            .and_then(|found| found.catalogues.get(catalogue))
        else {
            return broken(span);
        };
        let Some(([Expression { kind: ExpressionKind::Text(key), span: place }], _)) = arguments
        else {
            self.error(
                codes::UNKNOWN_CATALOGUE_ENTRY,
                format!("an entry of `{}` is named by one text", found.name),
                span,
                "expected one text in parentheses",
            );
            return broken(span);
        };
        let Some(entry) = found.entries.iter().find(|entry| entry.key == key.as_str()) else {
            let candidates: Vec<String> =
                found.entries.iter().map(|entry| entry.key.to_string()).collect();
            self.unknown(
                codes::UNKNOWN_CATALOGUE_ENTRY,
                &format!("`{}`", found.name),
                key,
                *place,
                &candidates,
            );
            return broken(span);
        };
        let Some(Ty::Record(record)) = wanted else {
            self.error(
                codes::CANNOT_INFER_TYPE,
                "an entry of a catalogue can stand only where a record is expected",
                span,
                "as the value of a fact",
            );
            return broken(span);
        };
        let value = self.plain_record(*record, &entry.fields);
        Expr { kind: ExprKind::Literal(value), ty: Ty::Record(*record), span }
    }

    /// A record from named values; fields that the record does not have are left out.
    fn plain_record(
        &mut self,
        record: RecordId,
        values: &[(smol_str::SmolStr, PlainValue)],
    ) -> Value {
        let fields: Vec<(smol_str::SmolStr, Ty)> = self
            .hir
            .records
            .get(record)
            .map(|record| {
                record.fields.iter().map(|field| (field.name.clone(), field.ty.clone())).collect()
            })
            .unwrap_or_default();
        let fields = fields
            .into_iter()
            .map(|(name, ty)| {
                values
                    .iter()
                    .find(|(given, _)| *given == name)
                    .and_then(|(_, value)| self.plain_value(value, &ty))
            })
            .collect();
        Value::Record(Arc::new(Record { fields }))
    }

    fn plain_value(&mut self, value: &PlainValue, ty: &Ty) -> Option<Value> {
        Some(match (value, ty) {
            (PlainValue::YesNo(yes), Ty::YesNo) => Value::YesNo(*yes),
            (PlainValue::Number(number), Ty::Quantity(unit)) => {
                Value::Number(number.checked_mul(unit.factor).ok()?)
            }
            (PlainValue::Text(text), Ty::Text) => Value::Text(text.clone()),
            (PlainValue::Text(text), Ty::Enum(_)) => Value::Symbol(text.clone()),
            (PlainValue::Text(text), Ty::Country) => Value::Country(Country::from_code(text)?),
            (PlainValue::Text(text), Ty::Date) => Value::Date(exeat_model::date_from_text(text)?),
            (PlainValue::Text(text), Ty::Code(list)) if self.has_code(*list, text) => {
                Value::Code(Code::Entry(text.clone()))
            }
            (PlainValue::List(items), Ty::List(element)) => Value::List(Arc::new(
                items.iter().map(|item| self.plain_value(item, element)).collect::<Option<_>>()?,
            )),
            (PlainValue::Record(values), Ty::Record(record)) => self.plain_record(*record, values),
            _ => return None,
        })
    }
}
