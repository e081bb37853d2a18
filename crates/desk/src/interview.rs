//! The interview: one question at a time, only what can still matter, the most decisive first.

use std::collections::BTreeSet;

use exeat_diagnostics::Diagnostic;
use exeat_engine::wire::Turning;
use exeat_engine::{Concern, RuleLine};
use exeat_hir::{ConditionTrace, DecisionId, Determination, MissingFact, RuleStatus, Ty};
use exeat_syntax::parse_given;

use crate::answers;
use crate::command::Piece;
use crate::desk::{Desk, span_of};
use crate::given::GivenFacts;
use crate::outcomes::told;
use crate::reply::{Block, Detail, OutcomeChange, QuestionLine, Reply, Row};

/// How many rules are named where one asks why a question is asked.
const MOST_RULES: usize = 5;

/// What was asked and answered so far.
#[derive(Clone, Debug, Default)]
pub struct Interview {
    /// The decisions that are wanted, by their full names; none for all.
    only: Vec<String>,
    /// What is not known, and is not asked again.
    unknown: BTreeSet<String>,
    /// What is asked again when nothing else is left.
    later: Vec<String>,
    /// Records that are asked field by field.
    by_field: BTreeSet<String>,
    before: Vec<Step>,
    asked: Option<Asked>,
    number: usize,
}

/// A question that was answered, to be taken back.
#[derive(Clone, Debug)]
pub struct Step {
    asked: Asked,
    given: GivenFacts,
    as_of: Option<exeat_model::Date>,
    readings: std::collections::BTreeMap<exeat_hir::ReadingId, usize>,
    unknown: BTreeSet<String>,
    later: Vec<String>,
    by_field: BTreeSet<String>,
}

#[derive(Clone, Debug)]
struct Asked {
    path: String,
    question: String,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Day,
    Reading(exeat_hir::ReadingId),
    Fact(Ty),
}

impl Desk {
    pub(crate) fn ask(&mut self, piece: Piece<'_>, base: u32) -> Reply {
        let mut only = Vec::new();
        for name in piece.text.split([',', ' ']).filter(|name| !name.is_empty()) {
            match self.named_decisions(name) {
                Ok(found) => only.extend(found),
                Err(problem) => {
                    let placed = problem.with_label(span_of(piece, base), "");
                    return Reply::problems(vec![placed]);
                }
            }
        }
        self.interview = Some(Interview { only, ..Interview::default() });
        self.next_question(Reply::default())
    }

    /// A decision by its name, or all of a module and those below it.
    fn named_decisions(&self, name: &str) -> Result<Vec<String>, Box<Diagnostic>> {
        let hir = self.session.hir();
        let full = |decision: &exeat_hir::Decision| hir.full_name(decision.module, &decision.name);
        match self.session.find_decision(name) {
            Ok(id) => Ok(hir.decisions.get(id).map(full).into_iter().collect()),
            Err(problem) => {
                let below = format!("{name}.");
                let all = hir.decisions.values().map(full);
                let found: Vec<String> = all.filter(|known| known.starts_with(&below)).collect();
                if found.is_empty() { Err(Box::new(problem)) } else { Ok(found) }
            }
        }
    }

    /// The question that is asked now, if the interview goes on.
    pub fn asked(&self) -> Option<&str> {
        let asked = self.interview.as_ref()?.asked.as_ref()?;
        Some(&asked.path)
    }

    /// Ends the interview; what was answered stays.
    pub fn stop_asking(&mut self) -> Reply {
        let Some(interview) = self.interview.take() else { return Reply::default() };
        let mut reply = Reply::note("the interview has ended; what was answered stays");
        if self.as_of.is_some() {
            let wanted = self.wanted(&interview);
            reply.blocks.extend(self.decision_reply(wanted, Detail::Short).blocks);
        }
        reply
    }

    pub(crate) fn answer(&mut self, line: &str) -> Reply {
        let text = line.trim();
        let Some(mut interview) = self.interview.take() else { return Reply::default() };
        let Some(asked) = interview.asked.take() else { return Reply::default() };
        let step = self.step(&asked, &interview);
        match text.to_lowercase().replace(['’', '\''], "").as_str() {
            "" => {
                interview.asked = Some(asked);
                self.interview = Some(interview);
                Reply::note("answer, or type `?`, `skip`, `unknown`, `back` or `stop`")
            }
            "?" | "why" | "why do you ask" | "help" => {
                let reply = self.why_asked(&asked);
                interview.asked = Some(asked);
                self.interview = Some(interview);
                reply
            }
            "stop" | "quit" | "exit" => {
                self.interview = Some(interview);
                self.stop_asking()
            }
            "skip" | "later" => {
                interview.later.retain(|path| *path != asked.path);
                interview.later.push(asked.path.clone());
                interview.before.push(step);
                self.interview = Some(interview);
                self.next_question(Reply::default())
            }
            "unknown" | "dont know" | "i dont know" | "idk" => {
                if matches!(asked.what, What::Fact(Ty::Record(_))) {
                    interview.by_field.insert(asked.path.clone());
                } else {
                    interview.unknown.insert(asked.path.clone());
                }
                interview.before.push(step);
                self.interview = Some(interview);
                self.next_question(Reply::default())
            }
            "back" => {
                let Some(last) = interview.before.pop() else {
                    interview.asked = Some(asked);
                    self.interview = Some(interview);
                    return Reply::note("this is the first question");
                };
                self.given = last.given;
                self.as_of = last.as_of;
                self.readings = last.readings;
                interview.unknown = last.unknown;
                interview.later = last.later;
                interview.by_field = last.by_field;
                interview.number = interview.number.saturating_sub(2);
                interview.asked = Some(last.asked.clone());
                self.interview = Some(interview);
                let _ = self.changed();
                let left = self.missing_now().map_or(0, |missing| missing.len());
                self.put_question(Reply::default(), last.asked, left)
            }
            _ => self.take_answer(interview, asked, step, text),
        }
    }

    fn step(&self, asked: &Asked, interview: &Interview) -> Step {
        Step {
            asked: asked.clone(),
            given: self.given.clone(),
            as_of: self.as_of,
            readings: self.readings.clone(),
            unknown: interview.unknown.clone(),
            later: interview.later.clone(),
            by_field: interview.by_field.clone(),
        }
    }

    fn take_answer(
        &mut self,
        mut interview: Interview,
        asked: Asked,
        step: Step,
        text: &str,
    ) -> Reply {
        let taken = match &asked.what {
            What::Day => match exeat_model::date_from_text(text) {
                Some(day) => {
                    self.as_of = Some(day);
                    Ok(())
                }
                None => Err(Reply::note("Write year, month and day, as 2025-05-15.")),
            },
            What::Reading(id) => self.choose_by_answer(*id, text),
            What::Fact(ty) => self.fact_by_answer(&asked.path, ty, text),
        };
        match taken {
            Ok(()) => {
                interview.before.push(step);
                self.interview = Some(interview);
                let changed = self.changed();
                self.next_question(settled_by(changed))
            }
            Err(reply) => {
                interview.asked = Some(asked);
                self.interview = Some(interview);
                reply
            }
        }
    }

    fn choose_by_answer(&mut self, id: exeat_hir::ReadingId, text: &str) -> Result<(), Reply> {
        let hir = self.session.hir();
        let choices = hir.readings.get(id).map_or(&[][..], |reading| &reading.choices);
        let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let by_number = number.filter(|at| *at < choices.len());
        let found = by_number.or_else(|| self.session.find_choice(id, text).ok());
        match found {
            Some(choice) => {
                self.readings.insert(id, choice);
                Ok(())
            }
            None => Err(Reply::note("Answer with a number or a name of a choice.")),
        }
    }

    fn fact_by_answer(&mut self, path: &str, ty: &Ty, text: &str) -> Result<(), Reply> {
        let written = answers::in_language(self, ty, text).map_err(Reply::note)?;
        let line = format!("{path} = {written}");
        let base = self.add_text(&line);
        let (lines, _) =
            self.lines_of(&parse_given(line.as_str(), base)).map_err(Reply::problems)?;
        for line in lines {
            self.given.add(line);
        }
        Ok(())
    }

    fn next_question(&mut self, reply: Reply) -> Reply {
        let missing = self.missing_now().unwrap_or_default();
        match self.next_asked(&missing) {
            Some(asked) => self.put_question(reply, asked, missing.len()),
            None => self.verdict(reply),
        }
    }

    /// Nothing can matter any more, or what could is not known.
    fn verdict(&mut self, mut reply: Reply) -> Reply {
        let Some(interview) = self.interview.take() else { return reply };
        let only = self.wanted(&interview);
        let open = self.decided.as_ref().is_some_and(|decided| {
            let asked = |trace: &exeat_hir::DecisionTrace| {
                only.is_empty() || only.contains(&trace.decision)
            };
            decided.traces.iter().filter(|trace| asked(trace)).any(|trace| {
                matches!(&trace.determination, Determination::Undetermined(why) if !why.missing.is_empty())
            })
        });
        let text = if open {
            "what is left to ask is not known, or cannot be asked one by one"
        } else {
            "nothing more needs to be asked"
        };
        reply.blocks.push(Block::Note { text: text.to_owned() });
        reply.blocks.extend(self.decision_reply(only.clone(), Detail::Reasons).blocks);
        if !open {
            let asked =
                Turning { flip: true, decisions: self.turned_in(&only), ..Turning::default() };
            reply.blocks.extend(self.turning(&asked));
        }
        reply
    }

    /// The decisions of which it is said what would turn them.
    fn turned_in(&self, only: &[DecisionId]) -> Vec<DecisionId> {
        let telling = self.decided.as_ref().map(|all| self.session.telling_decisions(all));
        let mut telling = telling.unwrap_or_default();
        telling.retain(|id| only.is_empty() || only.contains(id));
        if telling.is_empty() { only.to_vec() } else { telling }
    }

    fn wanted(&self, interview: &Interview) -> Vec<DecisionId> {
        interview.only.iter().filter_map(|name| self.session.find_decision(name).ok()).collect()
    }

    fn next_asked(&self, missing: &[MissingFact]) -> Option<Asked> {
        let interview = self.interview.as_ref()?;
        if self.as_of.is_none() {
            return Some(Asked {
                path: "as of".to_owned(),
                question: "For which day are the rules asked?".to_owned(),
                what: What::Day,
            });
        }
        let put_off = |fact: &&MissingFact| interview.later.contains(&fact.path);
        let first = missing.iter().find(|fact| !put_off(fact));
        let later = || {
            interview.later.iter().find_map(|path| missing.iter().find(|fact| fact.path == *path))
        };
        self.asked_for(interview, first.or_else(later)?)
    }

    /// What can still be asked: whether a regime is concerned at all, then that first after whose answer fewest
    /// questions are left, of what most open rules need.
    fn missing_now(&self) -> Option<Vec<MissingFact>> {
        let interview = self.interview.as_ref()?;
        let decided = self.decided.as_ref()?;
        let wanted = self.wanted(interview);
        let mut all: Vec<MissingFact> = Vec::new();
        let mut add = |fact: &MissingFact| {
            if let Some(known) = all.iter_mut().find(|known| known.path == fact.path) {
                known.weight = known.weight.saturating_add(fact.weight);
            } else if !interview.unknown.contains(&fact.path) && self.can_be_asked(&fact.path) {
                all.push(fact.clone());
            }
        };
        let out = |decision: &DecisionId| {
            decided.jurisdictions.iter().any(|regime| {
                regime.concern == Concern::NotConcerned && regime.decisions.contains(decision)
            })
        };
        let asked = |decision: &DecisionId| wanted.is_empty() || wanted.contains(decision);
        let traces = decided.traces.iter().filter(|trace| asked(&trace.decision));
        for trace in traces.filter(|trace| !out(&trace.decision)) {
            if let Determination::Undetermined(why) = &trace.determination {
                why.missing.iter().for_each(&mut add);
            }
        }
        all.sort_by_key(|fact| std::cmp::Reverse(fact.weight));
        let open: BTreeSet<DecisionId> = decided
            .traces
            .iter()
            .map(|trace| trace.decision)
            .filter(|id| asked(id) && !out(id))
            .collect();
        all = self.soonest_first(decided, &open, all);
        let regimes = decided.jurisdictions.iter();
        let regimes = regimes.filter(|regime| regime.decisions.iter().any(asked));
        let concern = regimes.flat_map(|regime| &regime.missing);
        let first: Vec<&str> = concern.map(|fact| fact.path.as_str()).collect();
        all.sort_by_key(|fact| !first.contains(&fact.path.as_str()));
        Some(all)
    }

    /// What says what the shipment may do is settled before the rest.
    fn soonest_first(
        &self,
        decided: &exeat_engine::Decided,
        open: &BTreeSet<DecisionId>,
        all: Vec<MissingFact>,
    ) -> Vec<MissingFact> {
        let telling: BTreeSet<DecisionId> =
            self.session.telling_decisions(decided).into_iter().collect();
        let mut asked: BTreeSet<DecisionId> = BTreeSet::new();
        let mut paths: BTreeSet<&str> = BTreeSet::new();
        for trace in &decided.traces {
            let wanted = open.contains(&trace.decision) && telling.contains(&trace.decision);
            if let (true, Determination::Undetermined(why)) = (wanted, &trace.determination)
                && !why.missing.is_empty()
            {
                asked.insert(trace.decision);
                paths.extend(why.missing.iter().map(|fact| fact.path.as_str()));
            }
        }
        if asked.is_empty() {
            return self.soonest(open, all);
        }
        let (first, rest): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|fact| paths.contains(fact.path.as_str()));
        let mut first = self.soonest(&asked, first);
        first.extend(rest);
        first
    }

    fn can_be_asked(&self, path: &str) -> bool {
        self.session.find_reading(path).is_ok()
            || self.session.checked().check_path(path, 0).is_ok()
    }

    fn asked_for(&self, interview: &Interview, fact: &MissingFact) -> Option<Asked> {
        if let Ok(reading) = self.session.find_reading(&fact.path) {
            let known = self.session.hir().readings.get(reading)?;
            let question = known.title.clone().unwrap_or_else(|| known.name.to_string());
            return Some(Asked { path: fact.path.clone(), question, what: What::Reading(reading) });
        }
        let (id, fields, ty) = self.session.checked().check_path(&fact.path, 0).ok()?;
        let hir = self.session.hir();
        let known = hir.facts.get(id)?;
        // Where a catalogue has the whole, its name answers many questions at once.
        let whole = fact.path.split('.').next().unwrap_or(&fact.path);
        let nothing_known = self.given.facts(hir).get(id).is_none();
        let by_catalogue = !fields.is_empty()
            && nothing_known
            && !interview.by_field.contains(whole)
            && !interview.later.iter().any(|path| path == whole)
            && whole == known.name
            && !answers::catalogue(self, &known.ty).is_empty();
        if by_catalogue {
            let question = known.ask.clone().unwrap_or_else(|| whole.to_owned());
            let what = What::Fact(known.ty.clone());
            return Some(Asked { path: whole.to_owned(), question, what });
        }
        let question = fact.ask.clone().unwrap_or_else(|| format!("What is `{}`?", fact.path));
        Some(Asked { path: fact.path.clone(), question, what: What::Fact(ty) })
    }

    fn put_question(&mut self, reply: Reply, asked: Asked, at_most: usize) -> Reply {
        let Some(mut interview) = self.interview.take() else { return reply };
        interview.number = interview.number.saturating_add(1);
        let settled = self.outcomes.lines.iter().filter(|line| {
            line.concerned
                && line.standing == exeat_engine::Standing::Determined
                && line.text != "nothing"
        });
        let (expects, choices) = match &asked.what {
            What::Day => ("a day, as 2025-05-15".to_owned(), Vec::new()),
            What::Reading(id) => {
                let reading = self.session.hir().readings.get(*id);
                let choices = reading.map_or(&[][..], |reading| &reading.choices).iter();
                let rows = choices.map(|choice| Row {
                    name: choice.name.to_string(),
                    title: choice.title.clone().unwrap_or_default(),
                    detail: choice.cites.join("; "),
                });
                ("a choice of how the rules are read".to_owned(), rows.collect())
            }
            What::Fact(ty) => (expects(self, ty), answers::choices(self, ty)),
        };
        let line = QuestionLine {
            path: asked.path.clone(),
            question: asked.question.clone(),
            expects,
            choices,
            number: interview.number,
            at_most,
            settled: settled.map(|line| format!("{}: {}", line.title, line.text)).collect(),
        };
        interview.asked = Some(asked);
        self.interview = Some(interview);
        reply.with(Block::Question(line))
    }

    /// The rules that need an answer.
    fn why_asked(&self, asked: &Asked) -> Reply {
        let hir = self.session.hir();
        if matches!(asked.what, What::Day) {
            return Reply::note(
                "rules have force from a day on or until a day; today is never assumed",
            );
        }
        let concerns =
            |path: &str| path == asked.path || path.starts_with(&format!("{}.", asked.path));
        let mut rules: Vec<RuleLine> = Vec::new();
        let mut count = 0_usize;
        for trace in self.decided.iter().flat_map(|decided| &decided.traces) {
            let open = trace.rules.iter().filter(|rule| rule.status == RuleStatus::Open);
            for rule in open {
                let needs = rule.condition.as_deref().is_some_and(|condition: &ConditionTrace| {
                    condition.missing.iter().any(|path| concerns(path))
                });
                let Some(known) = hir.rules.get(rule.rule).filter(|_| needs) else { continue };
                let name = hir.full_name(known.module, &known.name);
                if rules.iter().any(|line| line.rule == name) {
                    continue;
                }
                count = count.saturating_add(1);
                rules.push(RuleLine {
                    rule: name,
                    title: known.title.clone(),
                    cites: known.cites.clone(),
                });
            }
        }
        rules.truncate(MOST_RULES);
        if rules.is_empty() {
            return Reply::note(
                "what is decided depends on it, through conditions that other decisions read",
            );
        }
        let heading = match count {
            1 => "1 rule needs it".to_owned(),
            many if many > MOST_RULES => format!("{many} rules need it, among them"),
            many => format!("{many} rules need it"),
        };
        let row = |line: RuleLine| Row {
            title: line.title.unwrap_or_default(),
            detail: line.cites.join("; "),
            name: line.rule.rsplit('.').next().unwrap_or(&line.rule).to_owned(),
        };
        let mut reply =
            Reply::of(Block::Listing { heading, rows: rules.into_iter().map(row).collect() });
        if let Some(text) = self.what_it_settles(&asked.path) {
            reply.blocks.push(Block::Note { text });
        }
        if let Ok((id, _, _)) = self.session.checked().check_path(&asked.path, 0)
            && let Some(source) = hir.facts.get(id).and_then(|fact| fact.source.clone())
        {
            reply.blocks.push(Block::Note { text: format!("to be found in: {source}") });
        }
        reply
    }

    /// How far an answer brings the interview.
    fn what_it_settles(&self, path: &str) -> Option<String> {
        let wanted = self.interview.as_ref().map(|one| self.wanted(one)).unwrap_or_default();
        let decided = self.decided.as_ref()?;
        let ids = decided.traces.iter().map(|trace| trace.decision);
        let decisions = ids.filter(|id| wanted.is_empty() || wanted.contains(id)).collect();
        let measure = self.measured(&decisions, path)?;
        let middle = match measure.left.checked_div(measure.answers)? {
            1 => "1 fact".to_owned(),
            many => format!("{many} facts"),
        };
        let answers = measure.answers;
        Some(match measure.settle {
            0 => format!(
                "after an answer about {middle} can still matter (of {answers} answers tried)"
            ),
            all if all == answers => "every answer settles it".to_owned(),
            some => format!(
                "{some} of {answers} answers tried settle it; on the whole about {middle} can still matter"
            ),
        })
    }

    /// What can be chosen as an answer now.
    pub(crate) fn answer_choices(&self) -> Vec<Row> {
        match self.interview.as_ref().and_then(|one| one.asked.as_ref()).map(|asked| &asked.what) {
            Some(What::Fact(ty)) => answers::choices(self, ty),
            _ => Vec::new(),
        }
    }

    /// Whether a country is asked for.
    pub(crate) fn asks_country(&self) -> bool {
        let asked = self.interview.as_ref().and_then(|one| one.asked.as_ref());
        asked.is_some_and(|asked| matches!(asked.what, What::Fact(Ty::Country)))
    }
}

/// What an answer settled: only what has an outcome is news to somebody who is asked.
fn settled_by(answered: Block) -> Reply {
    let Block::Changed { changes, .. } = answered else { return Reply::default() };
    let says =
        |text: &str| !text.starts_with("undetermined") && text != "not needed" && text != "nothing";
    let settled: Vec<OutcomeChange> = changes
        .into_iter()
        .filter(|change| change.after.as_deref().is_some_and(says))
        .map(|change| OutcomeChange { before: None, ..change })
        .collect();
    if settled.is_empty() {
        return Reply::default();
    }
    Reply::of(Block::Changed { line: format!("settled: {}", told(&settled)), changes: settled })
}

/// What is expected as an answer, in words.
fn expects(desk: &Desk, ty: &Ty) -> String {
    match ty {
        Ty::YesNo => "yes or no".to_owned(),
        Ty::Country => "a country, by its name or code".to_owned(),
        Ty::Date => "a day, as 2025-05-15".to_owned(),
        Ty::Quantity(unit) if unit.text.is_empty() => "a number".to_owned(),
        Ty::Quantity(unit) => format!("a number, in {}", unit.text),
        Ty::Text => "a text".to_owned(),
        Ty::Enum(_) | Ty::Outcome(_) => "one of these, by its number or name".to_owned(),
        Ty::Set(element) if matches!(element.as_ref(), Ty::Enum(_)) => {
            "any of these, with commas between them, or none".to_owned()
        }
        Ty::Record(_) if !answers::catalogue(desk, ty).is_empty() => {
            "one of these; `unknown` if it is not listed, then its figures are asked for".to_owned()
        }
        Ty::Code(_) => "a code, or none".to_owned(),
        Ty::List(_) => format!("{}; `none` for none", desk.session.describe_type(ty)),
        _ => desk.session.describe_type(ty),
    }
}
