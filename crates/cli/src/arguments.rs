use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Export rules: decide a shipment with reasons and citations, check rule files, run their scenarios.
#[derive(Parser)]
#[command(name = "exeat", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value = "auto")]
    pub(crate) color: ColorWhen,
    /// How problems are shown; they go to standard error.
    #[arg(long, global = true, value_enum, default_value = "text")]
    pub(crate) diagnostics: DiagnosticFormat,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Decide a shipment: the outcome, why, what was looked at, what is missing.
    Decide(DecideArguments),
    /// What two versions of the rules say differently, over all transactions.
    Diff(DiffArguments),
    /// For git: what `git diff` shows of a rule file, and who is affected. Switch it on with
    /// `git config diff.exeat.command "exeat git-diff"`.
    GitDiff(GitDiffArguments),
    /// Decide many shipments, one a line of JSON.
    Screen(ScreenArguments),
    /// The days on which the answers for a shipment change: from what to what, by which rule.
    Calendar(CalendarArguments),
    /// The drafting desk: facts, questions and rules to try, line by line; reads a script too.
    Repl(ReplArguments),
    /// Be asked for what is missing until a shipment is decided: no language to learn.
    Ask(AskArguments),
    /// Check rule files: names, types, units, dates, exceptions, citations.
    Check(CheckArguments),
    /// Ask the rules about all transactions: rules that never apply, conflicts, holes, assertions that do
    /// not hold; each with an example that the reference interpreter confirms.
    Analyze(AnalyzeArguments),
    /// Run the scenarios of rule files, and say what they reach.
    Test(TestArguments),
    /// Give rule files the one layout; comments stay where they are.
    Fmt(FmtArguments),
    /// What the rules say of the law, put together from the rules themselves; so far `--scope`.
    Doc(DocArguments),
    /// Show the page of a diagnostic, as `exeat explain E0302`.
    Explain {
        /// The code, or its name, as `dimension-mismatch`.
        code: String,
    },
    /// Begin a policy repository.
    Init {
        /// The name of its first module.
        name: String,
        /// The folder; it is made if it is not there.
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Pin rule files and jurisdiction libraries by their SHA-256 in `exeat.lock`.
    Lock(ProjectArguments),
    /// Jurisdiction libraries.
    #[command(subcommand)]
    Plugin(PluginCommand),
}

/// Which rules and libraries are meant.
#[derive(Args, Clone)]
pub(crate) struct ProjectArguments {
    /// The project's folder; without it the nearest folder, from here upwards, with `exeat.toml`
    /// or `policies`.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) project: Option<PathBuf>,
    /// Rule files, or folders of them, in place of those of the project.
    #[arg(long = "policies", value_name = "PATH")]
    pub(crate) policies: Vec<PathBuf>,
    /// A further jurisdiction library.
    #[arg(long = "plugin", value_name = "FILE")]
    pub(crate) plugins: Vec<PathBuf>,
    /// Refuse what `exeat.lock` does not hold.
    #[arg(long)]
    pub(crate) locked: bool,
}

/// How the law is taken.
#[derive(Args, Clone)]
pub(crate) struct StanceArguments {
    /// A choice of a reading, as `enforcement.as_enforced`; may be given several times.
    #[arg(long = "reading", value_name = "READING.CHOICE")]
    pub(crate) readings: Vec<String>,
    /// A module of status proposal that is to decide.
    #[arg(long = "include", value_name = "MODULE")]
    pub(crate) include: Vec<String>,
}

#[derive(Args)]
pub(crate) struct DecideArguments {
    /// The facts, as TOML, JSON or YAML; `-` reads standard input.
    pub(crate) facts: PathBuf,
    /// The day for which the rules are asked, in place of that of the facts.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    #[command(flatten)]
    pub(crate) stance: StanceArguments,
    /// Decide under every combination of readings that matters, side by side.
    #[arg(long, conflicts_with = "readings")]
    pub(crate) all_readings: bool,
    /// Show every rule with its whole condition.
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) turning: TurningArguments,
    /// Exit with 1 if a decision is undetermined.
    #[arg(long)]
    pub(crate) require_determined: bool,
    /// How the answer is shown.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: AnswerFormat,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// What is asked of the facts near those that are given.
#[derive(Args)]
pub(crate) struct TurningArguments {
    /// Show which of the facts force the outcome, whatever the others are.
    #[arg(long, conflicts_with = "all_readings")]
    pub(crate) why: bool,
    /// Show what stands in the way of an outcome, as `LPP`, `no_license_required` or `us.ear.license is
    /// prohibited`, and the smallest change of the facts that gives it.
    #[arg(long, value_name = "OUTCOME", conflicts_with = "all_readings")]
    pub(crate) why_not: Option<String>,
    /// Show the smallest changes of the facts that turn the outcome.
    #[arg(long, conflicts_with = "all_readings")]
    pub(crate) flip: bool,
    /// With `--why` and `--flip`: the decision that is meant, in place of those that say what the shipment may do;
    /// may be given several times.
    #[arg(long = "decision", value_name = "NAME")]
    pub(crate) decisions: Vec<String>,
}

#[derive(Args)]
pub(crate) struct DiffArguments {
    /// The old rules: a revision of git, as `HEAD~1` or a tag; `:staged`; a folder; `.`, the files.
    pub(crate) old: String,
    /// The new rules, in the same way.
    #[arg(default_value = ".")]
    pub(crate) new: String,
    /// Only what holds on that day.
    #[arg(long, value_name = "DATE", conflicts_with = "over")]
    pub(crate) as_of: Option<String>,
    /// Only what holds on these days, both included, as `2025-01-01..2025-12-31`.
    #[arg(long, value_name = "FROM..TO")]
    pub(crate) over: Option<String>,
    /// Only that decision; may be given several times.
    #[arg(long = "decision", value_name = "DECISION")]
    pub(crate) decisions: Vec<String>,
    /// A choice of a reading under which the old rules are taken, as `enforcement.as_written`.
    #[arg(long = "old-reading", value_name = "READING.CHOICE")]
    pub(crate) old_readings: Vec<String>,
    /// A choice of a reading under which the new rules are taken.
    #[arg(long = "new-reading", value_name = "READING.CHOICE")]
    pub(crate) new_readings: Vec<String>,
    /// A module of status proposal that decides in the old rules.
    #[arg(long = "old-include", value_name = "MODULE")]
    pub(crate) old_include: Vec<String>,
    /// A module of status proposal that decides in the new rules.
    #[arg(long = "new-include", value_name = "MODULE")]
    pub(crate) new_include: Vec<String>,
    /// Real shipments to ask of both: facts files, or JSON Lines (`.jsonl`).
    #[arg(long = "facts", value_name = "FILE")]
    pub(crate) facts: Vec<PathBuf>,
    /// Exit with 1 if something is loosened, tightened, or changes in any way.
    #[arg(long, value_enum)]
    pub(crate) gate: Option<Gate>,
    /// How it is shown.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: DiffFormat,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// What git hands to a program that shows a difference.
#[derive(Args)]
pub(crate) struct GitDiffArguments {
    /// The path of the file in the repository.
    pub(crate) path: String,
    /// A file with the old text; `/dev/null` if it is new. A file that is not merged comes without it.
    pub(crate) old_file: Option<PathBuf>,
    /// Git's name for the old text.
    pub(crate) old_hex: Option<String>,
    /// The old mode.
    pub(crate) old_mode: Option<String>,
    /// A file with the new text; `/dev/null` if it is gone.
    pub(crate) new_file: Option<PathBuf>,
    /// Git's name for the new text.
    pub(crate) new_hex: Option<String>,
    /// The new mode.
    pub(crate) new_mode: Option<String>,
    /// The new path of a file that was renamed, and how similar it is.
    pub(crate) renamed: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Gate {
    Loosened,
    Tightened,
    Any,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    Text,
    /// Markdown, for a pull request.
    Markdown,
    /// JSON, schema `exeat.difference/1`.
    Json,
    /// SARIF 2.1.0: each class of transactions at the new rule that decides it.
    Sarif,
    /// The questions themselves as an SMT-LIB 2.6 script, each with its answer, for another solver.
    Smt2,
}

#[derive(Args)]
pub(crate) struct ScreenArguments {
    /// The shipments as JSON Lines: on each line what a facts file in JSON holds, and an `id` if it has
    /// one; `-` reads standard input.
    pub(crate) shipments: PathBuf,
    /// The day for which the rules are asked, in place of those of the lines.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    #[command(flatten)]
    pub(crate) stance: StanceArguments,
    /// Exit with 1 if a decision is undetermined.
    #[arg(long)]
    pub(crate) require_determined: bool,
    /// How the answers are shown.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: ScreenFormat,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

#[derive(Args)]
pub(crate) struct CalendarArguments {
    /// The facts, as TOML, JSON or YAML; `-` reads standard input. Their `as_of` is not needed.
    pub(crate) facts: PathBuf,
    /// The first day; without it the day before anything changes that bears on the decisions.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,
    /// The last day; without it the last on which anything changes that bears on the decisions.
    #[arg(long, value_name = "DATE")]
    pub(crate) through: Option<String>,
    /// The first day that is no longer wanted, in place of `--through`: `from` and `until` as in rules.
    #[arg(long, value_name = "DATE", conflicts_with = "through")]
    pub(crate) until: Option<String>,
    /// A decision that is wanted, in place of those that the facts name or of all; may be given
    /// several times.
    #[arg(long = "decision", value_name = "NAME")]
    pub(crate) decisions: Vec<String>,
    #[command(flatten)]
    pub(crate) stance: StanceArguments,
    /// Exit with 1 if a decision is undetermined on any day.
    #[arg(long)]
    pub(crate) require_determined: bool,
    /// How the calendar is shown.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: CalendarFormat,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

#[derive(Args)]
pub(crate) struct ReplArguments {
    /// Facts to begin with, as TOML, JSON or YAML.
    pub(crate) facts: Option<PathBuf>,
    /// The day for which the rules are asked.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    #[command(flatten)]
    pub(crate) stance: StanceArguments,
    /// Run this line and end, in place of asking for lines; may be given several times.
    #[arg(short, long = "command", value_name = "LINE")]
    pub(crate) commands: Vec<String>,
    /// Repeat each line before its answer.
    #[arg(long)]
    pub(crate) echo: bool,
    /// Do not read rule files again when they are saved.
    #[arg(long)]
    pub(crate) no_watch: bool,
    /// Where lines are kept from session to session, in place of the usual file.
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,
    /// How answers are shown.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: DeskFormat,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

#[derive(Args)]
pub(crate) struct AskArguments {
    /// Decisions that are wanted, or modules for all of theirs, as `us.ear`; without any all.
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// What is known already, as TOML, JSON or YAML.
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,
    /// The day for which the rules are asked.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    #[command(flatten)]
    pub(crate) stance: StanceArguments,
    /// Answers, one a line; `FACT = ANSWER` answers that question whenever it comes.
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,
    /// Write what was answered as a facts file for `exeat decide`; one that is there is not overwritten.
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    /// Exit with 1 if a decision is undetermined at the end.
    #[arg(long)]
    pub(crate) require_determined: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

#[derive(Args)]
pub(crate) struct CheckArguments {
    /// Rule files, or folders of them; without any those of the project.
    pub(crate) paths: Vec<PathBuf>,
    /// Ask about all transactions too, as `exeat analyze` does, and prove or refute the assertions;
    /// exit with 1 if there is a finding that is not accepted.
    #[arg(long)]
    pub(crate) deep: bool,
    /// With `--deep`: the day on which acceptances of findings have to be in force.
    #[arg(long, value_name = "DATE", requires = "deep")]
    pub(crate) today: Option<String>,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

#[derive(Args)]
pub(crate) struct AnalyzeArguments {
    /// Rule files, or folders of them; without any those of the project.
    pub(crate) paths: Vec<PathBuf>,
    /// Only the rules of that day; without it those of all days.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Only what stands in these modules, each with those below it, as `us.ear`; may be given several times.
    #[arg(long = "module", value_name = "MODULE")]
    pub(crate) modules: Vec<String>,
    /// A module of status proposal that is to decide.
    #[arg(long = "include", value_name = "MODULE")]
    pub(crate) include: Vec<String>,
    /// The day on which acceptances of findings have to be in force; without it they do not expire.
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<String>,
    /// Show each example as a scenario too, ready to be put beside the rules.
    #[arg(long)]
    pub(crate) scenarios: bool,
    /// Show what is accepted too, with the reason.
    #[arg(long)]
    pub(crate) accepted: bool,
    /// How the findings are shown.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: AnalysisFormat,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

#[derive(Args)]
pub(crate) struct TestArguments {
    /// Rule files, or folders of them; without any those of the project.
    pub(crate) paths: Vec<PathBuf>,
    /// Run only scenarios whose title contains this.
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Run them again each time a rule file, a table file or the project file changes, until stopped.
    #[arg(long)]
    pub(crate) watch: bool,
    /// With `--watch`: look at the files twice a second in place of being told by the system, for
    /// disks on a network.
    #[arg(long, requires = "watch")]
    pub(crate) poll: bool,
    /// List what no scenario reaches: rules, exceptions, and conditions both ways.
    #[arg(long)]
    pub(crate) coverage: bool,
    /// How the results are shown.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: TestFormat,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

#[derive(Args)]
pub(crate) struct FmtArguments {
    /// Rule files, or folders of them; without any those of the project; `-` reads standard input
    /// and writes standard output.
    pub(crate) paths: Vec<PathBuf>,
    /// Change nothing; name the files that are not in the layout, and exit with 1 if there are any.
    #[arg(long)]
    pub(crate) check: bool,
    /// Change nothing; show what would change, and exit with 1 if anything would.
    #[arg(long)]
    pub(crate) diff: bool,
    /// The project's folder.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) project: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct DocArguments {
    /// Modules, each with those below it, as `us.ear`; without any all of the project.
    #[arg(value_name = "MODULE")]
    pub(crate) modules: Vec<String>,
    /// For each part of the law that the rules cite: is it modelled, partly, or only pointed to?
    #[arg(long)]
    pub(crate) scope: bool,
    /// Only what has force on that day.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// How it is shown.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: ScopeFormat,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

#[derive(Subcommand)]
pub(crate) enum PluginCommand {
    /// List the jurisdictions that are there.
    List(ProjectArguments),
    /// Show what a jurisdiction offers.
    Inspect {
        /// Its id, as `us`, or a library file.
        jurisdiction: String,
        #[command(flatten)]
        project: ProjectArguments,
    },
    /// Begin a jurisdiction library in Rust.
    New {
        /// Its id.
        name: String,
        /// The folder; it is made if it is not there.
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagnosticFormat {
    /// Drawn under the source.
    Text,
    /// One paragraph a problem, without drawing: for screen readers.
    Plain,
    /// JSON, schema `exeat.diagnostics/1`.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of a GitHub workflow.
    Github,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnalysisFormat {
    /// Drawn under the source.
    Text,
    /// One paragraph a finding, without drawing: for screen readers.
    Plain,
    /// JSON, schema `exeat.analysis/1`.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of a GitHub workflow.
    Github,
    /// The questions themselves as an SMT-LIB 2.6 script, each with its answer, for another solver.
    Smt2,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    Text,
    /// JSON, schema `exeat.decision/1`; with `--all-readings` schema `exeat.readings/1`.
    Json,
    /// Markdown, to paste into a memo or a pull request.
    Markdown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeskFormat {
    Text,
    /// JSON, one object a line, schema `exeat.desk/1`.
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScreenFormat {
    Text,
    /// JSON Lines, schema `exeat.screening/1`.
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CalendarFormat {
    Text,
    /// JSON, schema `exeat.calendar/1`.
    Json,
    /// Markdown, to paste into a memo or a pull request.
    Markdown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScopeFormat {
    Text,
    /// JSON, schema `exeat.scope/1`.
    Json,
    /// Markdown, to paste into a memo or a manual.
    Markdown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    Text,
    /// JSON, schema `exeat.test/1`.
    Json,
    /// XML in the form of `JUnit`.
    Junit,
}
