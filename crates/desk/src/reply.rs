//! What a desk answers, as data: whoever shows it decides on colours and columns.

use exeat_diagnostics::{Diagnostic, SourceMap, render};
use exeat_engine::RuleLine;
use exeat_engine::wire::{CalendarDocument, ChangesDocument, DecisionDocument, DifferenceDocument};
use serde::Serialize;
use serde_json::{Value, json};

/// The schema of a reply as JSON.
pub const DESK_SCHEMA: &str = "exeat.desk/1";

/// The answer to a line.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// What it says, in order.
    pub blocks: Vec<Block>,
    /// Whether the session is to end.
    pub quit: bool,
}

/// A part of a reply.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A sentence.
    Note {
        /// The sentence.
        text: String,
    },
    /// Text of rules or of a page, in lines.
    Text {
        /// The lines.
        text: String,
        /// Whether it is written in the language.
        language: bool,
    },
    /// What an expression is worth.
    Value(ValueLine),
    /// Things with names, in rows.
    Listing {
        /// What they are.
        heading: String,
        /// One each.
        rows: Vec<Row>,
    },
    /// What is known of one thing.
    Item(ItemPage),
    /// What changed in the determination, in one line.
    Changed {
        /// The line.
        line: String,
        /// The decisions that changed.
        changes: Vec<OutcomeChange>,
    },
    /// Two determinations side by side.
    SideBySide {
        /// What the left one is.
        left: String,
        /// What the right one is.
        right: String,
        /// The decisions that differ.
        changes: Vec<OutcomeChange>,
        /// Those that are open on both sides, with other outcomes possible.
        narrowed: Vec<String>,
        /// What the others come to on both sides.
        same: Vec<String>,
    },
    /// A determination.
    Decision {
        /// All of it that is to be shown.
        document: Box<DecisionDocument>,
        /// In how much detail.
        detail: Detail,
    },
    /// The days on which answers change.
    Calendar {
        /// All of it.
        document: Box<CalendarDocument>,
    },
    /// For which transactions two versions of the rules come to something else.
    Difference {
        /// All of it.
        document: Box<DifferenceDocument>,
    },
    /// Which facts force an outcome, what stands in the way of another, which changes turn it.
    Turning {
        /// All of it.
        document: Box<ChangesDocument>,
    },
    /// A question of the interview.
    Question(QuestionLine),
    /// Problems.
    Problems {
        /// In the order in which they were found.
        #[serde(skip)]
        diagnostics: Vec<Diagnostic>,
    },
}

/// How much of a determination is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// Outcomes, what determines them, and what is asked next.
    Short,
    /// All that bears on them.
    Reasons,
    /// Every rule with its whole condition.
    Trace,
}

/// What an expression is worth.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ValueLine {
    /// As it was written.
    pub expression: String,
    /// What it is worth; nothing if that is not known.
    pub value: Option<String>,
    /// Its type, in words.
    #[serde(rename = "type")]
    pub ty: String,
    /// Facts that are missing for it.
    pub missing: Vec<String>,
    /// Why it is not known besides.
    pub because: Vec<String>,
}

/// A row of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The name.
    pub name: String,
    /// What it is, in words.
    pub title: String,
    /// What stands behind it: citations, a type, a mark.
    pub detail: String,
}

/// What is known of one thing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ItemPage {
    /// `rule`, `fact`, `define`, …
    pub what: String,
    /// Its full name.
    pub name: String,
    /// Its title.
    pub title: Option<String>,
    /// Where it is laid down.
    pub cites: Vec<String>,
    /// The documentation before it.
    pub doc: String,
    /// Further sentences: its type, when it has force, what it is an exception to.
    pub lines: Vec<String>,
    /// The file and line in which it stands.
    pub place: Option<String>,
    /// Its text in the rules.
    pub text: Option<String>,
}

/// A decision that comes out differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutcomeChange {
    /// Its full name.
    pub decision: String,
    /// Its title.
    pub title: String,
    /// What it came to; nothing if there was no such decision, or no day.
    pub before: Option<String>,
    /// What it comes to.
    pub after: Option<String>,
    /// What that means for the shipment.
    pub effect: Option<&'static str>,
    /// The rules that determine it now.
    pub reasons: Vec<RuleLine>,
}

/// A question of the interview.
#[derive(Clone, Debug, Default, Serialize)]
pub struct QuestionLine {
    /// The fact, as `consignee.country`.
    pub path: String,
    /// The question.
    pub question: String,
    /// What is expected, in words.
    pub expects: String,
    /// What can be chosen, if that is a list.
    pub choices: Vec<Row>,
    /// Which number this question has.
    pub number: usize,
    /// How many more there are at most, as far as can be seen now.
    pub at_most: usize,
    /// What is settled already.
    pub settled: Vec<String>,
}

impl Reply {
    /// A reply of one block.
    pub(crate) fn of(block: Block) -> Self {
        Self { blocks: vec![block], quit: false }
    }

    /// A reply of one sentence.
    pub(crate) fn note(text: impl Into<String>) -> Self {
        Self::of(Block::Note { text: text.into() })
    }

    /// A reply that says what is wrong.
    pub(crate) fn problems(diagnostics: Vec<Diagnostic>) -> Self {
        Self::of(Block::Problems { diagnostics })
    }

    pub(crate) fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        !self.diagnostics().any(Diagnostic::is_error)
    }

    /// All problems in it.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.blocks.iter().flat_map(|block| match block {
            Block::Problems { diagnostics } => diagnostics.as_slice(),
            _ => &[],
        })
    }

    /// The reply on one line of JSON, without a line break: `exeat.desk/1`.
    pub fn to_json(&self, line: &str, sources: &SourceMap) -> String {
        let blocks: Vec<Value> = self
            .blocks
            .iter()
            .map(|block| match block {
                Block::Problems { diagnostics } => {
                    let problems = render::json_value(diagnostics, sources);
                    json!({ "kind": "problems", "problems": problems })
                }
                block => serde_json::to_value(block).unwrap_or_else(
                    |fault| json!({ "kind": "note", "text": format!("not written: {fault}") }),
                ),
            })
            .collect();
        let reply = json!({
            "schema": DESK_SCHEMA,
            "line": line,
            "ok": self.is_sound(),
            "blocks": blocks,
        });
        reply.to_string()
    }
}
