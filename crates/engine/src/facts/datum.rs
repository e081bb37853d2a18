use exeat_diagnostics::Span;

/// A piece of data and its place.
#[derive(Clone, Debug)]
pub(crate) struct Datum {
    pub(crate) span: Span,
    pub(crate) shape: Shape,
}

/// What a piece of data is, in the common terms of the three notations.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// `null`.
    Nothing,
    YesNo(bool),
    /// A number, as it was written.
    Number(String),
    /// A date, as it was written.
    Date(String),
    Text(String),
    List(Vec<Datum>),
    /// In the order in which they were written.
    Table(Vec<Entry>),
    /// What has no meaning here, in words, as "a time of day".
    Other(&'static str),
}

/// A key and what it is given.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) datum: Datum,
}

/// Why a text is not of its notation.
#[derive(Clone, Debug)]
pub(crate) struct Unreadable {
    pub(crate) span: Span,
    /// The reason in one sentence.
    pub(crate) reason: String,
}

impl Shape {
    /// What it is, with its article.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Nothing => "nothing (`null`)".to_owned(),
            Self::YesNo(true) => "`true`".to_owned(),
            Self::YesNo(false) => "`false`".to_owned(),
            Self::Number(text) => format!("the number `{text}`"),
            Self::Date(text) => format!("the date `{text}`"),
            Self::Text(text) => format!("the text `{text}`"),
            Self::List(_) => "a list".to_owned(),
            Self::Table(_) => "a table with fields".to_owned(),
            Self::Other(words) => (*words).to_owned(),
        }
    }
}

/// The deepest nesting that is read.
pub(crate) const DEEPEST: usize = 64;
