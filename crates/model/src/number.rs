use std::cmp::Ordering;
use std::fmt;

use num_rational::Ratio;

/// An exact rational number. No operation rounds; what does not fit is an error, never a wrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Number(Ratio<i128>);

/// Why an exact result cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// The exact result needs more digits than are kept (about 38 above and below the line).
    Overflow,
    /// Division by zero.
    DivisionByZero,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Overflow => "the exact result has too many digits",
            Self::DivisionByZero => "division by zero",
        })
    }
}

impl Number {
    /// Nought.
    pub const ZERO: Self = Self(Ratio::new_raw(0, 1));
    /// One.
    pub const ONE: Self = Self(Ratio::new_raw(1, 1));

    /// A whole number.
    pub fn from_integer(value: i128) -> Self {
        Self(Ratio::from_integer(value))
    }

    /// The exact quotient of two whole numbers.
    pub fn from_fraction(numerator: i128, denominator: i128) -> Result<Self, NumberError> {
        if denominator == 0 {
            return Err(NumberError::DivisionByZero);
        }
        // `i128::MIN` has no positive counterpart, which reducing would need.
        if numerator == i128::MIN || denominator == i128::MIN {
            return Err(NumberError::Overflow);
        }
        Ok(Self(Ratio::new(numerator, denominator)))
    }

    /// Reads `4800`, `26_900_000`, `-1.6`, `2.5e25`, `1e-3` or an exact fraction `158312/10`.
    ///
    /// `None` if the text is no such number or too large.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((numerator, denominator)) = text.split_once('/') {
            let numerator = Self::parse_decimal(numerator.trim())?;
            return numerator.checked_div(Self::parse_decimal(denominator.trim())?).ok();
        }
        Self::parse_decimal(text)
    }

    fn parse_decimal(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (digits, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() || mantissa.ends_with('.') {
            return None;
        }
        let mut value: i128 = 0;
        let mut scale = exponent;
        for (part, after_point) in [(whole, false), (fraction, true)] {
            for digit in part.chars().filter(|c| *c != '_') {
                value = value.checked_mul(10)?.checked_add(i128::from(digit.to_digit(10)?))?;
                if after_point {
                    scale = scale.checked_sub(1)?;
                }
            }
        }
        let value = if negative { value.checked_neg()? } else { value };
        if value == 0 {
            return Some(Self::ZERO);
        }
        let power = 10_i128.checked_pow(scale.unsigned_abs())?;
        let ratio = if scale >= 0 {
            Ratio::from_integer(value.checked_mul(power)?)
        } else {
            Ratio::new(value, power)
        };
        Some(Self(ratio))
    }

    /// The number above the line, in lowest terms.
    pub fn numerator(self) -> i128 {
        *self.0.numer()
    }

    /// The number below the line, in lowest terms; always positive.
    pub fn denominator(self) -> i128 {
        *self.0.denom()
    }

    /// Whether it is a whole number.
    pub fn is_integer(self) -> bool {
        self.0.is_integer()
    }

    /// Whether it is nought.
    pub fn is_zero(self) -> bool {
        *self.0.numer() == 0
    }

    /// Whether it is below nought.
    pub fn is_negative(self) -> bool {
        *self.0.numer() < 0
    }

    /// The whole number, if it is one.
    pub fn to_integer(self) -> Option<i128> {
        self.is_integer().then(|| *self.0.numer())
    }

    /// Exact sum.
    pub fn checked_add(self, other: Self) -> Result<Self, NumberError> {
        use num_rational::Ratio as R;
        let (a, b) = (self.0, other.0);
        // Most numbers are whole, and looking for common divisors takes long.
        if a.is_integer() && b.is_integer() {
            let sum = a.numer().checked_add(*b.numer()).filter(|sum| *sum != i128::MIN);
            return sum.map(Self::from_integer).ok_or(NumberError::Overflow);
        }
        let g = num_integer::gcd(*a.denom(), *b.denom());
        let left = b.denom().checked_div(g).and_then(|f| a.numer().checked_mul(f));
        let right = a.denom().checked_div(g).and_then(|f| b.numer().checked_mul(f));
        let denominator = b.denom().checked_div(g).and_then(|f| a.denom().checked_mul(f));
        match (left, right, denominator) {
            (Some(left), Some(right), Some(denominator)) => left
                .checked_add(right)
                .filter(|sum| *sum != i128::MIN)
                .map(|sum| Self(R::new(sum, denominator)))
                .ok_or(NumberError::Overflow),
            _ => Err(NumberError::Overflow),
        }
    }

    /// Exact difference.
    pub fn checked_sub(self, other: Self) -> Result<Self, NumberError> {
        self.checked_add(other.checked_neg()?)
    }

    /// The same with the other sign.
    pub fn checked_neg(self) -> Result<Self, NumberError> {
        let numerator = self.0.numer().checked_neg().ok_or(NumberError::Overflow)?;
        Ok(Self(Ratio::new_raw(numerator, *self.0.denom())))
    }

    /// Exact product.
    pub fn checked_mul(self, other: Self) -> Result<Self, NumberError> {
        let (a, b) = (self.0, other.0);
        if a.is_integer() && b.is_integer() {
            let product = a.numer().checked_mul(*b.numer()).filter(|one| *one != i128::MIN);
            return product.map(Self::from_integer).ok_or(NumberError::Overflow);
        }
        // Crosswise reduction first, so that only a result that really is too large overflows.
        let g1 = num_integer::gcd(*a.numer(), *b.denom());
        let g2 = num_integer::gcd(*b.numer(), *a.denom());
        if g1 == 0 || g2 == 0 {
            return Ok(Self::ZERO);
        }
        let numerator = divide(*a.numer(), g1).checked_mul(divide(*b.numer(), g2));
        let denominator = divide(*a.denom(), g2).checked_mul(divide(*b.denom(), g1));
        match (numerator, denominator) {
            (Some(n), Some(d)) if n != i128::MIN => Ok(Self(Ratio::new(n, d))),
            _ => Err(NumberError::Overflow),
        }
    }

    /// Exact quotient.
    pub fn checked_div(self, other: Self) -> Result<Self, NumberError> {
        if other.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        let (numerator, denominator) = if other.is_negative() {
            (other.denominator().checked_neg(), other.numerator().checked_neg())
        } else {
            (Some(other.denominator()), Some(other.numerator()))
        };
        match (numerator, denominator) {
            (Some(n), Some(d)) => self.checked_mul(Self(Ratio::new_raw(n, d))),
            _ => Err(NumberError::Overflow),
        }
    }

    /// A decimal text with at most `places` digits after the point, and whether it is exact.
    /// Cut off, not rounded up, so that a shown figure never lies on the other side of a threshold.
    pub fn to_decimal(self, places: u32) -> (String, bool) {
        let negative = self.is_negative();
        let numerator = self.numerator().unsigned_abs();
        let denominator = self.denominator().unsigned_abs();
        let whole = numerator.checked_div(denominator).unwrap_or(0);
        let mut rest = numerator.checked_rem(denominator).unwrap_or(0);
        let mut digits = String::new();
        for _ in 0..places {
            if rest == 0 {
                break;
            }
            let Some(tenfold) = rest.checked_mul(10) else { break };
            let digit = tenfold.checked_div(denominator).unwrap_or(0);
            rest = tenfold.checked_rem(denominator).unwrap_or(0);
            digits.push(char::from_digit(u32::try_from(digit).unwrap_or(0), 10).unwrap_or('0'));
        }
        let sign = if negative { "-" } else { "" };
        let text = if digits.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{digits}")
        };
        (text, rest == 0)
    }
}

fn divide(value: i128, divisor: i128) -> i128 {
    value.checked_div(divisor).unwrap_or(value)
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    /// Exact for all values: compares by continued fractions, without a product that could overflow.
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl fmt::Display for Number {
    /// Whole numbers and finite decimals as such, with `_` between thousands from five digits on
    /// left out; other numbers as an exact fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, exact) = self.to_decimal(20);
        if exact {
            f.write_str(&text)
        } else {
            write!(f, "{}/{}", self.numerator(), self.denominator())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn reads_what_the_language_writes() {
        assert_eq!(number("26_900_000"), Number::from_integer(26_900_000));
        assert_eq!(number("1.60"), Number::from_fraction(8, 5).unwrap());
        assert_eq!(number("2.5e25").to_integer(), Some(25 * 10_i128.pow(24)));
        assert_eq!(number("-0.5").to_string(), "-0.5");
        assert_eq!(Number::parse("1."), None);
        assert_eq!(Number::parse(".5"), None);
        assert_eq!(Number::parse("12a"), None);
    }

    #[test]
    fn density_at_the_threshold_is_exact() {
        let density = number("4799.99").checked_div(number("1.59")).unwrap();
        assert_eq!(density.checked_mul(number("1.59")).unwrap(), number("4799.99"));
        assert_eq!(Number::from_fraction(1, 3).unwrap().to_decimal(3), ("0.333".to_owned(), false));
    }

    #[test]
    fn overflow_is_an_error_and_not_a_wrap() {
        let large = Number::from_integer(i128::MAX);
        assert_eq!(large.checked_add(Number::ONE), Err(NumberError::Overflow));
        assert_eq!(large.checked_mul(large), Err(NumberError::Overflow));
        assert_eq!(
            large.checked_mul(Number::from_fraction(1, i128::MAX).unwrap()),
            Ok(Number::ONE)
        );
        assert_eq!(Number::ONE.checked_div(Number::ZERO), Err(NumberError::DivisionByZero));
    }
}
