use std::collections::BTreeSet;

use crate::Kind;

/// The words that are never names, in alphabetical order.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().copied()
}

/// The words with which items begin.
pub fn item_words() -> impl Iterator<Item = &'static str> {
    ITEM_WORDS.iter().copied()
}

const ITEM_WORDS: &[&str] = &[
    "edition",
    "module",
    "fact",
    "record",
    "enum",
    "unit",
    "scale",
    "codes",
    "group",
    "reading",
    "decision",
    "define",
    "table",
    "rules",
    "rule",
    "exception",
    "not",
    "transaction",
    "scenario",
    "assert",
    "assume",
];

const KEYWORDS: &[&str] = &[
    "accepted",
    "affects",
    "always",
    "and",
    "any",
    "as",
    "assert",
    "assume",
    "because",
    "cite",
    "codes",
    "combine",
    "decision",
    "default",
    "define",
    "despite",
    "duty",
    "each",
    "edition",
    "else",
    "enum",
    "every",
    "exception",
    "expect",
    "fact",
    "for",
    "from",
    "given",
    "group",
    "if",
    "in",
    "include",
    "intersect",
    "is",
    "meets",
    "module",
    "needed",
    "never",
    "no",
    "not",
    "of",
    "or",
    "otherwise",
    "reading",
    "record",
    "rounding",
    "row",
    "rule",
    "scale",
    "scenario",
    "status",
    "subject",
    "suspended",
    "table",
    "then",
    "through",
    "title",
    "under",
    "union",
    "unit",
    "until",
    "use",
    "when",
    "where",
    "within",
    "without",
    "yes",
];

/// Words and signs with which a value can begin.
const BEGINS_A_VALUE: &[Kind] = &[
    Kind::number,
    Kind::date,
    Kind::string,
    Kind::code,
    Kind::ident,
    Kind::kw_not,
    Kind::minus,
    Kind::open_brace,
    Kind::open_bracket,
    Kind::open_paren,
    Kind::kw_yes,
    Kind::kw_no,
];

/// A long list helps nobody: the first ones are shown, the signs among them.
const MOST_NOUNS: usize = 7;

/// What was expected, as a phrase: "an operator, `}` or `cite`".
pub(crate) fn describe_expected(positives: &[Kind]) -> String {
    // Where any value can stand, its kinds need not be told one by one.
    let any_value = positives.contains(&Kind::a_value);
    let nouns: BTreeSet<(u8, String)> = positives
        .iter()
        .filter(|kind| !(any_value && BEGINS_A_VALUE.contains(kind)))
        .filter_map(|kind| noun(*kind))
        .collect();
    let mut nouns: Vec<String> = nouns.into_iter().map(|(_, noun)| noun).collect();
    if nouns.len() > MOST_NOUNS {
        nouns.truncate(MOST_NOUNS);
        return format!("{}, …", nouns.join(", "));
    }
    match nouns.pop() {
        None => String::new(),
        Some(last) if nouns.is_empty() => last,
        Some(last) => format!("{} or {last}", nouns.join(", ")),
    }
}

/// The noun for a rule, with its place in the list: values and operators first, then signs, then words.
fn noun(kind: Kind) -> Option<(u8, String)> {
    let name = format!("{kind:?}");
    let phrase = |rank: u8, text: &str| Some((rank, text.to_owned()));
    match kind {
        Kind::comment
        | Kind::rest_of_line
        | Kind::skipped
        | Kind::only_words
        | Kind::a_word
        | Kind::unclosed_string
        | Kind::other_sign
        | Kind::keyword
        | Kind::soft_keyword
        | Kind::begins_an_infix
        | Kind::begins_an_operand => None,
        Kind::EOI => phrase(9, "the end of the text"),
        // Found at the beginning of the text alone, where nothing of it could be read.
        Kind::only_item => phrase(0, "an item as `fact`, `rule` or `scenario`"),
        Kind::only_pattern => phrase(0, "a key"),
        Kind::only_given => phrase(0, "a fact and its value"),
        Kind::a_value
        | Kind::only_expr
        | Kind::expr
        | Kind::quantity
        | Kind::reference
        | Kind::conditional
        | Kind::quantified
        | Kind::aggregate
        | Kind::date_part
        | Kind::list
        | Kind::braces
        | Kind::parentheses
        | Kind::yes_no
        | Kind::kw_if
        | Kind::kw_any
        | Kind::kw_every
        | Kind::kw_sum
        | Kind::kw_count
        | Kind::kw_largest
        | Kind::kw_smallest
        | Kind::kw_year
        | Kind::kw_quarter
        | Kind::kw_month
        | Kind::kw_day => phrase(0, "a value"),
        Kind::an_operator
        | Kind::plus
        | Kind::minus
        | Kind::star
        | Kind::slash
        | Kind::less
        | Kind::less_or_equal
        | Kind::greater
        | Kind::greater_or_equal
        | Kind::is_not
        | Kind::not_in
        | Kind::not_meets
        | Kind::not_within
        | Kind::kw_is
        | Kind::kw_in
        | Kind::kw_meets
        | Kind::kw_within
        | Kind::kw_and
        | Kind::kw_or
        | Kind::kw_union
        | Kind::kw_intersect
        | Kind::kw_without
        | Kind::kw_rounding
        | Kind::rounding => phrase(0, "an operator"),
        Kind::kw_not => phrase(0, "`not`"),
        Kind::ident | Kind::word | Kind::path | Kind::rule_set_item => phrase(1, "a name"),
        Kind::string => phrase(1, "a text in quotation marks"),
        Kind::date => phrase(1, "a date as `2025-05-15`"),
        Kind::month_day => phrase(1, "a day of the year as `02-01`"),
        Kind::number => phrase(1, "a number"),
        Kind::unit_name => phrase(2, "a unit"),
        Kind::code => phrase(2, "a code as `3A090.a`"),
        Kind::only_type | Kind::r#type | Kind::unit_product => phrase(1, "a type"),
        Kind::open_brace => phrase(3, "`{`"),
        Kind::close_brace => phrase(3, "`}`"),
        Kind::open_paren | Kind::arguments => phrase(3, "`(`"),
        Kind::close_paren => phrase(3, "`)`"),
        Kind::open_bracket => phrase(3, "`[`"),
        Kind::close_bracket => phrase(3, "`]`"),
        Kind::comma => phrase(3, "`,`"),
        Kind::colon => phrase(3, "`:`"),
        Kind::dot => phrase(4, "`.`"),
        Kind::assign => phrase(3, "`=`"),
        Kind::arrow => phrase(3, "`=>`"),
        Kind::interval_clause => phrase(6, "`from`"),
        Kind::rule => phrase(5, "`rule`"),
        Kind::rule_set => phrase(6, "`rules`"),
        Kind::not_modelled => phrase(6, "`not modelled`"),
        Kind::assertion => phrase(6, "`assert`"),
        Kind::assumption => phrase(6, "`assume`"),
        Kind::enumeration => phrase(6, "`enum`"),
        Kind::subject_to_clause => phrase(6, "`subject to`"),
        Kind::as_of_clause => phrase(6, "`as of`"),
        Kind::deadline => phrase(6, "`within`"),
        Kind::otherwise_clause => phrase(5, "`otherwise`"),
        _ => {
            let word =
                name.strip_prefix("kw_").or_else(|| name.strip_suffix("_clause")).unwrap_or(&name);
            Some((6, format!("`{}`", word.replace('_', " "))))
        }
    }
}
