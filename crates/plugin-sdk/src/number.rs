use std::fmt;

/// An exact rational number. No operation rounds; what does not fit is a plain-word error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    numerator: i128,
    /// Positive, and without a common divisor with the numerator.
    denominator: i128,
}

const TOO_MANY_DIGITS: &str = "the exact result has too many digits";

impl Number {
    /// Nought.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// A whole number.
    pub fn from_integer(value: i64) -> Self {
        Self { numerator: i128::from(value), denominator: 1 }
    }

    /// Reads `4800`, `-1.6` or `158312/10`. `None` if the text is no such number.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('/') {
            Some((above, below)) => decimal(above)?.checked_div(decimal(below)?).ok(),
            None => decimal(text),
        }
    }

    /// The exact sum.
    pub fn checked_add(self, other: Self) -> Result<Self, String> {
        let sum = || {
            let left = self.numerator.checked_mul(other.denominator)?;
            let right = other.numerator.checked_mul(self.denominator)?;
            reduced(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?)
        };
        sum().ok_or_else(|| TOO_MANY_DIGITS.to_owned())
    }

    /// The exact product.
    pub fn checked_mul(self, other: Self) -> Result<Self, String> {
        let product = || {
            // Crosswise reduction first keeps the factors small.
            let a = reduced(self.numerator, other.denominator)?;
            let b = reduced(other.numerator, self.denominator)?;
            reduced(
                a.numerator.checked_mul(b.numerator)?,
                a.denominator.checked_mul(b.denominator)?,
            )
        };
        product().ok_or_else(|| TOO_MANY_DIGITS.to_owned())
    }

    /// The exact quotient.
    pub fn checked_div(self, other: Self) -> Result<Self, String> {
        if other.is_zero() {
            return Err("division by zero".to_owned());
        }
        let inverse = reduced(other.denominator, other.numerator)
            .ok_or_else(|| TOO_MANY_DIGITS.to_owned())?;
        self.checked_mul(inverse)
    }

    /// Whether it is nought.
    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Whether it is below nought.
    pub fn is_negative(self) -> bool {
        self.numerator < 0
    }
}

impl fmt::Display for Number {
    /// Writes `-3` or `158312/10` in lowest terms, which [`Number::parse`] reads again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.numerator)?;
        if self.denominator == 1 { Ok(()) } else { write!(f, "/{}", self.denominator) }
    }
}

fn decimal(text: &str) -> Option<Number> {
    let (negative, digits) = match text.trim().strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.trim()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || digits.ends_with('.') {
        return None;
    }
    let mut value: i128 = 0;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value.checked_mul(10)?.checked_add(i128::from(digit.to_digit(10)?))?;
    }
    let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    reduced(if negative { value.checked_neg()? } else { value }, scale)
}

/// The fraction in lowest terms with a positive denominator.
fn reduced(numerator: i128, denominator: i128) -> Option<Number> {
    let (mut a, mut b) = (numerator.checked_abs()?, denominator.checked_abs()?);
    while b != 0 {
        (a, b) = (b, a.checked_rem(b)?);
    }
    let divisor = if denominator < 0 { a.checked_neg()? } else { a };
    Some(Number {
        numerator: numerator.checked_div(divisor)?,
        denominator: denominator.checked_div(divisor)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn arithmetic_is_exact() {
        assert_eq!(number("1978.9").checked_mul(number("8")), Ok(number("15831.2")));
        assert_eq!(number("1600").checked_div(number("5.92")).unwrap().to_string(), "10000/37");
        assert_eq!(number("-0.1").checked_add(number("0.3")), Ok(number("1/5")));
        assert_eq!(number("1/-3").to_string(), "-1/3");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", ".", "1.", ".5", "1e5", "--1", "1/0", "0x1", "1 2"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
        assert!(
            number("170141183460469231731687303715884105727").checked_add(number("1")).is_err()
        );
    }
}
