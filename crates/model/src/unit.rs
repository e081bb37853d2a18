use std::collections::BTreeMap;
use std::fmt;

use smol_str::SmolStr;

/// A product of base units with whole exponents, as `TPP · mm⁻²`. Empty: a plain number.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimension(BTreeMap<SmolStr, i32>);

impl Dimension {
    /// The dimension of plain numbers.
    pub fn none() -> Self {
        Self::default()
    }

    /// The dimension of a base unit.
    pub fn base(unit: impl Into<SmolStr>) -> Self {
        Self(BTreeMap::from([(unit.into(), 1)]))
    }

    /// Whether it is that of plain numbers.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The dimension of a product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        self.combine(other, 1)
    }

    /// The dimension of a quotient.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        self.combine(other, -1)
    }

    /// The dimension raised to a whole power.
    #[must_use]
    pub fn power(&self, exponent: i32) -> Self {
        Self(
            self.0
                .iter()
                .map(|(unit, power)| (unit.clone(), power.saturating_mul(exponent)))
                .filter(|(_, p)| *p != 0)
                .collect(),
        )
    }

    fn combine(&self, other: &Self, sign: i32) -> Self {
        let mut result = self.0.clone();
        for (unit, power) in &other.0 {
            let entry = result.entry(unit.clone()).or_insert(0);
            *entry = entry.saturating_add(power.saturating_mul(sign));
        }
        result.retain(|_, power| *power != 0);
        Self(result)
    }

    /// Base units with their exponents, in order of name.
    pub fn factors(&self) -> impl Iterator<Item = (&str, i32)> {
        self.0.iter().map(|(unit, power)| (unit.as_str(), *power))
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("a plain number");
        }
        let above: Vec<String> =
            self.factors().filter(|(_, p)| *p > 0).map(|(u, p)| powered(u, p)).collect();
        let below: Vec<String> = self
            .factors()
            .filter(|(_, p)| *p < 0)
            .map(|(u, p)| powered(u, p.saturating_neg()))
            .collect();
        f.write_str(&if above.is_empty() { "1".to_owned() } else { above.join("*") })?;
        below.iter().try_for_each(|unit| write!(f, "/{unit}"))
    }
}

fn powered(unit: &str, power: i32) -> String {
    if power == 1 { unit.to_owned() } else { format!("{unit}^{power}") }
}

/// A unit as an author writes it, `TPP/mm2`, with the exact factor to base units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitExpression {
    /// The text, for showing values.
    pub text: SmolStr,
    /// What it measures.
    pub dimension: Dimension,
    /// How many base units one of it is.
    pub factor: crate::Number,
}

impl UnitExpression {
    /// The unit of plain numbers.
    pub fn none() -> Self {
        Self { text: SmolStr::default(), dimension: Dimension::none(), factor: crate::Number::ONE }
    }
}
