//! What can be typed, in pages.

use exeat_diagnostics::suggestion;

use crate::command::Piece;
use crate::desk::span_of;
use crate::problem::not_understood;
use crate::reply::{Block, Reply, Row};

/// A command, how it is written, what it does, and more about it.
pub(crate) struct Page {
    pub(crate) name: &'static str,
    pub(crate) usage: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) more: &'static str,
}

/// The commands in the order in which they are listed.
pub(crate) const PAGES: [Page; 38] = [
    Page {
        name: "facts",
        usage: "FACT = VALUE",
        summary: "make a fact known, or replace it",
        more: "destination = SG\nitem = us.chip(\"H200\"), quantity = 500\nconsignee.country = SG\n\nThe value is an expression of the language. One that reads other facts is computed once, from what is\nknown now. `facts FILE` takes over the facts of a TOML, JSON or YAML file in place of those given here.",
    },
    Page {
        name: "forget",
        usage: "forget FACT",
        summary: "make a fact or field unknown; `forget all`",
        more: "forget destination\nforget consignee.headquarters\nforget all",
    },
    Page {
        name: "show",
        usage: "show",
        summary: "the day, the readings and the facts of this session",
        more: "",
    },
    Page {
        name: "expressions",
        usage: "EXPRESSION",
        summary: "what any expression, define or decision is worth",
        more: "26_900_000 TPP / item.tpp\nshipment_tpp\nlicense\n\nA name that is a command too can be asked for in parentheses: `(type)`.",
    },
    Page {
        name: "decide",
        usage: "decide [DECISION]",
        summary: "the outcomes, and what is asked next",
        more: "",
    },
    Page {
        name: "why",
        usage: "why [DECISION]",
        summary: "reasons, exceptions looked at, and the facts that force it",
        more: "why\nwhy license\n\nAt the end stand the facts that force the outcome: each of them is needed, and together they settle it\nwhatever all others are.",
    },
    Page {
        name: "why not",
        usage: "why not OUTCOME",
        summary: "what stands in the way, and the smallest change that gives it",
        more: "why not LPP\nwhy not no_license_required\nwhy not us.ear.license is prohibited\n\nThe rules that would give the outcome with the conditions that fail, the rules that stand in its way, and\nthe smallest changes of the facts that give it. Each change was replayed; the day and the readings stay.",
    },
    Page {
        name: "flip",
        usage: "flip [DECISION]",
        summary: "the smallest changes of the facts that turn the outcome",
        more: "flip\nflip license\n\nThe nearest value of each kind is shown, and what else does the same. It is said whether it is proved that\nno smaller change does it. The day and the readings stay as they are: see `calendar` and `readings`.",
    },
    Page {
        name: "trace",
        usage: "trace [DECISION]",
        summary: "every rule with its whole condition",
        more: "",
    },
    Page {
        name: "what if",
        usage: "what if FACT = VALUE",
        summary: "another case beside this one; nothing is kept",
        more: "what if destination = AE\nwhat if destination = AE, quantity = 20\nwhat if as of 2026-01-15\nwhat if reading enforcement = as_enforced",
    },
    Page {
        name: "as of",
        usage: "as of DATE",
        summary: "set the day for which the rules are asked",
        more: "as of 2025-05-15\n\nToday is never assumed.",
    },
    Page {
        name: "calendar",
        usage: "calendar [from DATE] [DECISION]",
        summary: "the days on which the answers change",
        more: "calendar\ncalendar from 2025-01-01 through 2026-12-31\ncalendar license",
    },
    Page {
        name: "reading",
        usage: "reading NAME = CHOICE",
        summary: "choose an interpretation; `= default` takes it back",
        more: "reading enforcement = as_enforced\nreading enforcement.as_enforced\nreading enforcement = default",
    },
    Page {
        name: "readings",
        usage: "readings",
        summary: "all readings, their choices, and which bear on the answer",
        more: "",
    },
    Page {
        name: "include",
        usage: "include MODULE",
        summary: "let a proposal decide as if it were in force",
        more: "include us.proposals.replacement\nexclude us.proposals.replacement",
    },
    Page {
        name: "exclude",
        usage: "exclude MODULE",
        summary: "take a proposal out again",
        more: "",
    },
    Page {
        name: "ask",
        usage: "ask [DECISION]",
        summary: "be asked for what is missing, the most decisive first",
        more: "An answer is a value, a number of a choice, or one of\n    ?       what the question is for\n    skip    ask it again later\n    unknown it is not known, and is not asked again\n    back    take the last answer back\n    stop    end the interview; what was answered stays",
    },
    Page {
        name: "cite",
        usage: "cite RULE",
        summary: "where a rule is laid down, and its text",
        more: "",
    },
    Page {
        name: "doc",
        usage: "doc NAME",
        summary: "what is known of a fact, rule, define, group, unit, country, …",
        more: "",
    },
    Page { name: "type", usage: "type EXPRESSION", summary: "the type of an expression", more: "" },
    Page {
        name: "list",
        usage: "list WHAT [where WORDS]",
        summary: "rules, facts, defines, decisions, modules, groups, units, …",
        more: "list rules where LPP\nlist exceptions where holds\nlist facts where consignee\n\nWHAT is one of: rules, exceptions, gaps, facts, defines, tables, decisions, modules, readings, groups,\nunits, enums, scenarios, countries, commands. Every word has to stand in the name, title, citation or text.\nOf rules one can also ask for `holds`, `open`, `defeated`, `fails`, `in force` under the facts given here.",
    },
    Page {
        name: "items",
        usage: "rule NAME { … }",
        summary: "try a rule, exception, define or scenario: the draft",
        more: "Any item of the language can be typed. It is checked with the loaded rules, and what it changes for the\nfacts given here and for all scenarios is told. The same name again replaces it. A line that is not\ncomplete goes on in the next one; two empty lines end it, Ctrl-C leaves it.",
    },
    Page { name: "draft", usage: "draft", summary: "the text of the draft", more: "" },
    Page {
        name: "analyze",
        usage: "analyze [MODULE]",
        summary: "what is found about the draft over all transactions",
        more: "analyze\nanalyze us.ear\n\nRules that can never apply, conflicts, holes between bands, assertions that do not hold, each with an\nexample: those in the draft, and those elsewhere that the draft brings about. Without a draft all rules.",
    },
    Page {
        name: "diff",
        usage: "diff [REVISION]",
        summary: "for which transactions the draft changes something",
        more: "diff\ndiff HEAD~1\n\nThe draft against the files; without a draft the files against the last commit. With a revision of git all\nthat is on the desk against that revision. The readings and proposals chosen here hold on both sides.",
    },
    Page {
        name: "drop",
        usage: "drop NAME",
        summary: "take an item out of the draft; `drop all`",
        more: "",
    },
    Page {
        name: "save as",
        usage: "save as FILE",
        summary: "write the draft as a rule file, formatted",
        more: "A file that is there is never overwritten.",
    },
    Page {
        name: "save scenario",
        usage: "save scenario \"TITLE\" [to FILE]",
        summary: "the facts and outcomes as a scenario",
        more: "save scenario \"500 H20 to China\" to policies/us/ear/tests.exeat\nsave scenario \"500 H20 to China\"\n\nIt is added at the end of the file, or to the draft. Everything in the file stays as it is.",
    },
    Page {
        name: "save facts",
        usage: "save facts FILE",
        summary: "the facts as a file for `exeat decide`",
        more: "A file that is there is never overwritten.",
    },
    Page {
        name: "facts FILE",
        usage: "facts FILE",
        summary: "take over the facts of a file",
        more: "",
    },
    Page {
        name: "load",
        usage: "load PATH",
        summary: "load another rule file or folder besides",
        more: "",
    },
    Page {
        name: "reload",
        usage: "reload",
        summary: "read the rules again, and tell what that changes",
        more: "At a terminal this happens by itself when a rule file is saved.",
    },
    Page {
        name: "plugins",
        usage: "plugins",
        summary: "the jurisdiction libraries that are loaded",
        more: "",
    },
    Page {
        name: "load plugin",
        usage: "load plugin FILE",
        summary: "load a further jurisdiction library",
        more: "A library runs code as soon as it is opened: load only what you trust.",
    },
    Page {
        name: "help",
        usage: "help [COMMAND]",
        summary: "this list, or more about one command",
        more: "",
    },
    Page { name: "quit", usage: "quit", summary: "end the session; Ctrl-D does too", more: "" },
    Page {
        name: "keys",
        usage: "Tab, Ctrl-R, Ctrl-C",
        summary: "complete, search the history, leave the line",
        more: "Tab        complete: facts, fields, values, countries by their name too, units after a number\nRight      take over the grey hint\nUp, Down   lines typed before; they are kept from session to session\nCtrl-R     search in them\nCtrl-C     leave the line, whatever it is; it never ends the session\nCtrl-D     end the session, on an empty line",
    },
    Page {
        name: "scripts",
        usage: "exeat repl < FILE",
        summary: "the same lines from a file; `--format json` for programs",
        more: "Each line is answered as here. With `--format json` each answer is one line: `exeat.desk/1`.\nThe exit code is 1 if a line was wrong. A line that begins with // is a remark.",
    },
];

/// Words with which a command begins, for suggestions.
const WORDS: [&str; 34] = [
    "forget",
    "show",
    "decide",
    "why",
    "flip",
    "trace",
    "what",
    "as",
    "calendar",
    "reading",
    "readings",
    "include",
    "exclude",
    "ask",
    "cite",
    "doc",
    "type",
    "list",
    "draft",
    "analyze",
    "diff",
    "drop",
    "save",
    "facts",
    "load",
    "reload",
    "plugins",
    "help",
    "quit",
    "exit",
    "rule",
    "exception",
    "define",
    "scenario",
];

/// The words with which a command begins.
pub(crate) fn command_words() -> impl Iterator<Item = &'static str> {
    WORDS.into_iter().take(30)
}

/// The command that was most likely meant.
pub(crate) fn like_a_command(word: &str) -> Option<String> {
    suggestion(word, WORDS)
}

pub(crate) fn help(piece: Piece<'_>, base: u32) -> Reply {
    if piece.is_empty() {
        let rows = PAGES.iter().map(|page| Row {
            name: page.usage.to_owned(),
            title: page.summary.to_owned(),
            detail: String::new(),
        });
        let heading = "What can be typed; more about each: help COMMAND".to_owned();
        return Reply::of(Block::Listing { heading, rows: rows.collect() });
    }
    let wanted = piece.text.to_lowercase();
    let found: Vec<&Page> = PAGES
        .iter()
        .filter(|page| page.name == wanted || page.name.split(' ').next() == Some(&*wanted))
        .collect();
    if found.is_empty() {
        let names: Vec<&str> = PAGES.iter().map(|page| page.name).collect();
        let message = format!("there is no page `{}`", piece.text);
        let problem = not_understood(message, span_of(piece, base), "not known");
        let help = suggestion(&wanted, names.iter().copied())
            .unwrap_or_else(|| format!("There is {}.", names.join(", ")));
        return Reply::problems(vec![problem.with_help(help)]);
    }
    let pages = found.iter().map(|page| {
        let more = page.more.lines().map(|line| format!("    {line}").trim_end().to_owned());
        let more: Vec<String> = more.collect();
        let more = if more.is_empty() { String::new() } else { format!("\n\n{}", more.join("\n")) };
        format!("{}  {}{more}", page.usage, page.summary)
    });
    Reply::of(Block::Text { text: pages.collect::<Vec<_>>().join("\n\n"), language: false })
}
