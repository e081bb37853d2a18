//! Units: one space of names over all modules and jurisdictions.

use std::collections::BTreeMap;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::Unit;
use exeat_model::{Dimension, Number, UnitExpression};
use exeat_syntax::{ArithmeticSign, Expression, ExpressionKind, Kind, parse_expression};
use smol_str::SmolStr;

use crate::checker::Checker;
use crate::collect::{Items, name_of};
use crate::environment::{Import, Target};

/// A unit as it is declared.
#[derive(Debug)]
struct Declared {
    name: SmolStr,
    title: Option<String>,
    definition: Option<Expression>,
    span: Span,
    /// Whether it stands in a file, so that a fault in it has a place.
    in_file: bool,
}

#[derive(Debug, Default)]
struct Resolver {
    declared: BTreeMap<SmolStr, Declared>,
    order: Vec<SmolStr>,
    working: Vec<SmolStr>,
}

/// Declares all units of files and jurisdictions.
pub(crate) fn declare(checker: &mut Checker<'_>, items: &Items<'_>) {
    let mut resolver = Resolver::default();
    let mut again = Vec::new();
    for declared in from_files(items).into_iter().chain(from_jurisdictions(checker)) {
        if builtin(&declared.name).is_some() {
            if declared.in_file {
                let message = format!("`{}` cannot be declared as a unit", declared.name);
                checker.error(codes::RESERVED_NAME, message, declared.span, "built in already");
            }
        } else if resolver.declared.contains_key(&declared.name) {
            again.push(declared);
        } else {
            resolver.order.push(declared.name.clone());
            resolver.declared.insert(declared.name.clone(), declared);
        }
    }
    let order = resolver.order.clone();
    for name in &order {
        resolver.resolve(checker, name);
    }
    for other in again {
        resolver.same(checker, &other);
    }
    for name in order {
        let Some(declared) = resolver.declared.remove(&name) else { continue };
        let Some(Some(unit)) = checker.environment.units.get(&name).cloned() else { continue };
        checker.program().units.push(Unit {
            name,
            title: declared.title,
            dimension: unit.dimension,
            factor: unit.factor,
            span: declared.span,
        });
    }
}

fn from_files(items: &Items<'_>) -> Vec<Declared> {
    let units = items.units.iter().map(|node| {
        let (name, span) = name_of(*node);
        let definition = node.node(Kind::expr).map(Expression::of);
        Declared { name, title: node.string(), definition, span, in_file: true }
    });
    units.collect()
}

fn from_jurisdictions(checker: &Checker<'_>) -> Vec<Declared> {
    let scopes = checker.environment.jurisdictions.values();
    let units = scopes.flat_map(|scope| &scope.description.units).map(|unit| Declared {
        name: unit.name.clone(),
        title: Some(unit.title.clone()),
        definition: unit
            .definition
            .as_ref()
            .and_then(|text| parse_expression(text.as_str(), 0).tree.root().expression()),
        span: Span::default(),
        in_file: false,
    });
    units.collect()
}

impl Resolver {
    /// The unit of that name, which becomes known to the checker.
    fn resolve(&mut self, checker: &mut Checker<'_>, name: &SmolStr) -> Option<UnitExpression> {
        if let Some(known) = checker.environment.units.get(name) {
            return known.clone();
        }
        let declared = self.declared.get(name)?;
        let (span, in_file) = (declared.span, declared.in_file);
        if self.working.contains(name) {
            if in_file {
                let message = format!("the unit `{name}` is defined by itself");
                let code = codes::UNIT_DEFINITION_INVALID;
                checker.error(code, message, span, "defined in a circle");
            }
            checker.names().units.insert(name.clone(), None);
            return None;
        }
        let unit = match declared.definition.clone() {
            None => Some(base(name)),
            Some(definition) => {
                self.working.push(name.clone());
                let unit = self.evaluate(checker, &definition, in_file);
                self.working.pop();
                unit.map(|unit| UnitExpression { text: name.clone(), ..unit })
            }
        };
        if let Some(known) = checker.environment.units.get(name) {
            return known.clone();
        }
        checker.names().units.insert(name.clone(), unit.clone());
        unit
    }

    fn evaluate(
        &mut self,
        checker: &mut Checker<'_>,
        definition: &Expression,
        in_file: bool,
    ) -> Option<UnitExpression> {
        let span = definition.span;
        match &definition.kind {
            ExpressionKind::Parentheses(inner, None) => self.evaluate(checker, inner, in_file),
            ExpressionKind::Reference(_) => match definition.as_path().as_deref() {
                Some([(name, span)]) => self.named(checker, name, *span, in_file),
                _ => invalid(checker, span, in_file),
            },
            ExpressionKind::Quantity { number, unit } => {
                let factor = Number::parse(number).filter(|factor| !factor.is_zero());
                let Some(factor) = factor else { return invalid(checker, span, in_file) };
                let mut result = UnitExpression { factor, ..UnitExpression::none() };
                let Some((unit, unit_span)) = unit else { return Some(result) };
                for (divide, name) in parts(unit) {
                    let one = self.named(checker, name, *unit_span, in_file)?;
                    result = join(&result, &one, divide)?;
                }
                Some(result)
            }
            ExpressionKind::Arithmetic { sign, left, right, .. }
                if matches!(sign, ArithmeticSign::Star | ArithmeticSign::Slash) =>
            {
                let left = self.evaluate(checker, left, in_file);
                let right = self.evaluate(checker, right, in_file);
                join(&left?, &right?, *sign == ArithmeticSign::Slash)
            }
            _ => invalid(checker, span, in_file),
        }
    }

    fn named(
        &mut self,
        checker: &mut Checker<'_>,
        name: &str,
        span: Span,
        in_file: bool,
    ) -> Option<UnitExpression> {
        if let Some(unit) = builtin(name) {
            return Some(unit);
        }
        if self.declared.contains_key(name) || checker.environment.units.contains_key(name) {
            return self.resolve(checker, &name.into());
        }
        if in_file {
            let mut candidates: Vec<String> = self.order.iter().map(ToString::to_string).collect();
            candidates.extend(BUILTIN.iter().map(|(name, _, _)| (*name).to_owned()));
            checker.unknown_unit(name, span, &candidates);
        }
        None
    }

    /// A second declaration has to say the same.
    fn same(&mut self, checker: &mut Checker<'_>, other: &Declared) {
        let first = checker.environment.units.get(&other.name).cloned().flatten();
        let second = match &other.definition {
            None => Some(base(&other.name)),
            Some(definition) => self.evaluate(checker, definition, other.in_file),
        };
        let (Some(first), Some(second)) = (first, second) else { return };
        if first.dimension == second.dimension && first.factor == second.factor {
            return;
        }
        let Some(declared) = self.declared.get(&other.name) else { return };
        let (place, elsewhere) = if other.in_file { (other, declared) } else { (declared, other) };
        let mut diagnostic = Diagnostic::error(
            codes::DUPLICATE_NAME,
            format!("the unit `{}` is declared in two ways", other.name),
            place.span,
            "another meaning here",
        )
        .with_help("A unit means the same in all modules; give one of them another name.");
        if elsewhere.in_file {
            diagnostic = diagnostic.with_label(elsewhere.span, "declared here first");
        }
        checker.report(diagnostic);
    }
}

fn base(name: &SmolStr) -> UnitExpression {
    UnitExpression {
        text: name.clone(),
        dimension: Dimension::base(name.clone()),
        factor: Number::ONE,
    }
}

fn invalid(checker: &mut Checker<'_>, span: Span, in_file: bool) -> Option<UnitExpression> {
    if in_file {
        let diagnostic = Diagnostic::error(
            codes::UNIT_DEFINITION_INVALID,
            "this does not define a unit",
            span,
            "not a product of units",
        )
        .with_help("Define a unit by others, as `TOPS * bit`, `mm * mm` or `1000 g`.");
        checker.report(diagnostic);
    }
    None
}

impl Checker<'_> {
    /// A unit as it is written: `TPP`, `GB/s`. What is not known is reported.
    pub(crate) fn unit(&mut self, text: &str, span: Span) -> Option<UnitExpression> {
        let mut result: Option<UnitExpression> = None;
        for (divide, name) in parts(text) {
            let one = self.unit_named(name, span)?;
            result = match result {
                None => Some(one),
                Some(before) => Some(join(&before, &one, divide)?),
            };
        }
        Some(UnitExpression { text: text.into(), ..result? })
    }

    fn unit_named(&mut self, name: &str, span: Span) -> Option<UnitExpression> {
        if let Some(unit) = builtin(name) {
            return Some(unit);
        }
        if let Some(known) = self.environment.units.get(name) {
            let known = known.clone();
            self.unit_is_used(name);
            return known;
        }
        let candidates = self.unit_names();
        self.unknown_unit(name, span, &candidates);
        None
    }

    /// A unit is known in all modules; what uses a module for its units uses it all the same.
    fn unit_is_used(&mut self, name: &str) {
        let Some(declaring) = self.environment.unit_modules.get(name) else { return };
        let from = |import: &Import| matches!(&import.target, Target::Module(id) if declaring.contains(id));
        let used: Vec<Option<usize>> = self
            .imports()
            .iter()
            .filter(|import| from(import))
            .map(|import| import.usage)
            .collect();
        for usage in used {
            self.mark_used(usage);
        }
    }

    fn unknown_unit(&mut self, name: &str, span: Span, candidates: &[String]) {
        if !self.may_be_unread() {
            let message = format!("there is no unit `{name}`");
            self.unknown(codes::UNKNOWN_UNIT, message, name, span, candidates);
        }
    }

    /// All units, for suggestions.
    pub(crate) fn unit_names(&self) -> Vec<String> {
        let declared = self.environment.units.keys().map(ToString::to_string);
        declared.chain(BUILTIN.iter().map(|(name, _, _)| (*name).to_owned())).collect()
    }

    /// Whether a name is that of a unit.
    pub(crate) fn is_unit(&self, name: &str) -> bool {
        builtin(name).is_some() || self.environment.units.contains_key(name)
    }

    /// The unit in which a product or quotient is shown.
    pub(crate) fn combined(
        &self,
        left: &UnitExpression,
        right: &UnitExpression,
        divide: bool,
    ) -> UnitExpression {
        let dimension = if divide {
            left.dimension.over(&right.dimension)
        } else {
            left.dimension.times(&right.dimension)
        };
        if dimension.is_none() {
            return UnitExpression::none();
        }
        if right.dimension.is_none() {
            return left.clone();
        }
        if left.dimension.is_none() && !divide {
            return right.clone();
        }
        let mut units = self.environment.units.values().flatten();
        if let Some(named) = units.find(|unit| unit.dimension == dimension) {
            return named.clone();
        }
        let simple = !right.text.contains(['/', '*']) && !left.text.is_empty();
        let cancels = left.dimension.factors().any(|(base, power)| {
            right
                .dimension
                .factors()
                .any(|(other, exponent)| base == other && ((power > 0) == (exponent > 0)) == divide)
        });
        if simple
            && !cancels
            && let Some(unit) = join(left, right, divide)
        {
            return unit;
        }
        let text = dimension.to_string().into();
        UnitExpression { text, dimension, factor: Number::ONE }
    }
}

/// The names in a unit as written, each with whether it divides.
fn parts(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut divide = false;
    text.split_inclusive(['/', '*']).map(move |part| {
        let name = part.trim_end_matches(['/', '*']);
        let this = divide;
        divide = part.ends_with('/');
        (this, name)
    })
}

/// A product or quotient. `None` if its factor has too many digits.
fn join(left: &UnitExpression, right: &UnitExpression, divide: bool) -> Option<UnitExpression> {
    let (dimension, factor, sign) = if divide {
        (left.dimension.over(&right.dimension), left.factor.checked_div(right.factor), '/')
    } else {
        (left.dimension.times(&right.dimension), left.factor.checked_mul(right.factor), '*')
    };
    let text = format!("{}{sign}{}", left.text, right.text).into();
    Some(UnitExpression { text, dimension, factor: factor.ok()? })
}

/// The units that need no declaration: name, base, and how many of the base one is.
const BUILTIN: [(&str, &str, i128); 10] = [
    ("day", "day", 1),
    ("days", "day", 1),
    ("week", "day", 7),
    ("weeks", "day", 7),
    ("month", "month", 1),
    ("months", "month", 1),
    ("quarter", "month", 3),
    ("quarters", "month", 3),
    ("year", "month", 12),
    ("years", "month", 12),
];

/// A unit that needs no declaration.
pub(crate) fn builtin(name: &str) -> Option<UnitExpression> {
    if name == "%" {
        let factor = Number::from_fraction(1, 100).ok()?;
        return Some(UnitExpression { text: "%".into(), dimension: Dimension::none(), factor });
    }
    let (name, base, factor) = BUILTIN.iter().find(|(known, _, _)| *known == name)?;
    Some(UnitExpression {
        text: (*name).into(),
        dimension: Dimension::base(*base),
        factor: Number::from_integer(*factor),
    })
}
