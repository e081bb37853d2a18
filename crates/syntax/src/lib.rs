//! Text to lossless tree: the only crate that knows the grammar.
//!
//! Parsing never fails: [`parse`] gives a tree and the problems found. The tokens of a tree, joined
//! with the white space between them, are the text. What could not be read stands in the tree as a
//! token of kind [`Kind::skipped`] and in the problems as a message.
//!
//! Deliberately absent: names, types, files. A tree holds no meaning.

// What pest makes of the grammar names it; see the dependency on pest.
extern crate alloc;

mod examples;
mod expected;
mod expression;
mod grammar;
mod nesting;
mod operand;
mod parse;
mod precedence;
mod reach;
mod recover;
mod tree;

pub use expected::{item_words, keywords};
pub use expression::{
    AggregateWord, Argument, ArithmeticSign, BraceItem, ComparisonSign, Comprehension, DateWord,
    Expression, ExpressionKind, ListElement, QuantifierWord, RoundingWord, Segment, SetWord,
};
pub use grammar::Rule as Kind;
pub use parse::{
    LARGEST_SOURCE, Parsed, is_incomplete, parse, parse_expression, parse_given, parse_item,
    parse_pattern, parse_rules, parse_type, words,
};
pub use tree::{Element, Node, NodeId, Token, TokenId, Tree};
