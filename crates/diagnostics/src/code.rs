use std::fmt;

/// The stable name of a kind of problem, as `E0301` or `W0901`.
///
/// `E` codes are errors, `W` codes warnings. A code is never reused for another problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What is published about a code.
#[derive(Clone, Copy, Debug)]
pub struct CodeDescription {
    /// The code itself.
    pub code: Code,
    /// A short kebab-case phrase that names the fault, as `unknown-name`.
    pub name: &'static str,
    /// The page in Markdown: bad example, why it is refused, fix.
    pub page: &'static str,
}
