//! Looking things up: `show`, `readings`, `type`, `doc`, `cite`, `list`.

use exeat_diagnostics::Span;
use exeat_hir::{Force, Hir, ModuleStatus, Rule, RuleKind, RuleStatus};
use exeat_model::{Country, Interval};
use exeat_syntax::parse_expression;

use crate::command::Piece;
use crate::desk::{Desk, offset, span_of};
use crate::problem::no_such;
use crate::reply::{Block, ItemPage, Reply, Row};

impl Desk {
    /// The session as lines that would bring it about again.
    pub(crate) fn show(&self) -> Reply {
        let hir = self.session.hir();
        let mut lines: Vec<String> = Vec::new();
        match self.as_of {
            Some(day) => lines.push(format!("as of {day}")),
            None => lines.push("// no day is set: `as of 2025-05-15`".to_owned()),
        }
        for (id, choice) in &self.readings {
            if let Some(reading) = hir.readings.get(*id)
                && let Some(choice) = reading.choices.get(*choice)
            {
                lines.push(format!("reading {} = {}", reading.name, choice.name));
            }
        }
        for module in self.proposals.iter().filter_map(|id| hir.modules.get(*id)) {
            lines.push(format!("include {}", module.name));
        }
        if !self.draft.is_empty() {
            let names: Vec<&str> = self.draft.items.iter().map(|item| item.name.as_str()).collect();
            lines.push(format!("// in the draft: {}", names.join(", ")));
        }
        let known = self.given.lines.iter().filter(|line| line.given.is_some());
        let width = known.map(|line| line.path.len()).max().unwrap_or(0);
        for line in &self.given.lines {
            lines.push(match &line.given {
                Some((text, _)) => format!("{:width$} = {text}", line.path),
                None => format!("forget {}", line.path),
            });
        }
        if self.given.lines.is_empty() {
            lines.push("// no fact is known yet".to_owned());
        }
        for (path, text) in &self.aside {
            lines.push(format!("// set aside: {path} = {text}"));
        }
        Reply::of(Block::Text { text: lines.join("\n"), language: true })
    }

    pub(crate) fn show_readings(&self) -> Reply {
        let hir = self.session.hir();
        let bearing: Vec<exeat_hir::ReadingId> = self
            .decided
            .iter()
            .flat_map(|decided| decided.readings.iter().map(|used| used.reading))
            .collect();
        let mut rows = Vec::new();
        for (id, reading) in hir.readings.iter() {
            let chosen = self.readings.get(&id).copied();
            let now = chosen.or(reading.default);
            let bears = if bearing.contains(&id) { ", bears on the answer" } else { "" };
            let title = reading.title.clone().unwrap_or_default();
            let detail = match (chosen, now) {
                (Some(_), _) => format!("chosen here{bears}"),
                (None, Some(_)) => format!("default{bears}"),
                (None, None) => format!("left open{bears}"),
            };
            rows.push(Row { name: reading.name.to_string(), title, detail });
            for (at, choice) in reading.choices.iter().enumerate() {
                let mark = if now == Some(at) { "*" } else { " " };
                rows.push(Row {
                    name: format!("  {mark} {}", choice.name),
                    title: choice.title.clone().unwrap_or_default(),
                    detail: choice.cites.join("; "),
                });
            }
        }
        if rows.is_empty() {
            return Reply::note("these rules have no readings");
        }
        Reply::of(Block::Listing { heading: "Readings".to_owned(), rows })
    }

    pub(crate) fn type_of(&self, piece: Piece<'_>, base: u32) -> Reply {
        let parsed = parse_expression(piece.text, offset(base, piece.at));
        match self.session.checked().check_expression(&parsed) {
            Ok(expr) => Reply::note(self.session.describe_type(&expr.ty)),
            Err(problems) => Reply::problems(problems),
        }
    }

    pub(crate) fn cite(&self, piece: Piece<'_>, base: u32) -> Reply {
        let hir = self.session.hir();
        let rule = match self.session.checked().find_rule(piece.text) {
            Ok(id) => hir.rules.get(id),
            Err(problem) => {
                return match self.page(piece.text).filter(|page| !page.cites.is_empty()) {
                    Some(page) => Reply::of(Block::Item(page)),
                    None => {
                        Reply::problems(vec![problem.with_label(span_of(piece, base), "not known")])
                    }
                };
            }
        };
        match rule {
            Some(rule) => Reply::of(Block::Item(self.rule_page(rule))),
            None => Reply::default(),
        }
    }

    pub(crate) fn doc(&self, piece: Piece<'_>, base: u32) -> Reply {
        let wanted = piece.text.trim_matches('"');
        if let Some(page) = self.page(wanted) {
            return Reply::of(Block::Item(page));
        }
        let known: Vec<String> = self.all_names();
        Reply::problems(vec![no_such("name", piece.text, &known, span_of(piece, base))])
    }

    /// What stands alone and is no expression, but has a page: a rule, a module, a unit.
    pub(crate) fn named(&self, piece: Piece<'_>) -> Option<Reply> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        if !piece.text.chars().all(plain) {
            return None;
        }
        self.page(piece.text).map(|page| Reply::of(Block::Item(page)))
    }

    /// Whether anything has that name.
    pub(crate) fn knows(&self, name: &str) -> bool {
        let first = name.split(['.', '(']).next().unwrap_or(name);
        self.all_names().iter().any(|known| known == first)
            || self.session.hir().jurisdictions.iter().any(|known| known.id == first)
    }

    fn page(&self, name: &str) -> Option<ItemPage> {
        let hir = self.session.hir();
        let is = |module: exeat_hir::ModuleId, own: &str| {
            own == name || hir.full_name(module, own) == name
        };
        if let Some(rule) = hir.rules.values().find(|rule| is(rule.module, &rule.name)) {
            return Some(self.rule_page(rule));
        }
        if let Some(fact) = hir.facts.values().find(|fact| is(fact.module, &fact.name)) {
            let mut lines = vec![self.session.describe_type(&fact.ty)];
            lines.extend(fact.source.iter().map(|source| format!("to be found in: {source}")));
            lines.extend(self.fields_of(&fact.ty));
            let page = self.page_of("fact", fact.module, &fact.name, fact.span);
            return Some(ItemPage {
                title: fact.ask.clone(),
                doc: fact.doc.clone(),
                lines,
                ..page
            });
        }
        if let Some(define) = hir.defines.values().find(|one| is(one.module, &one.name)) {
            let pieces = define.pieces.iter().map(|piece| {
                format!("{}{}", self.one_line(piece.body.span), dated(piece.interval))
            });
            let lines = [self.session.describe_type(&define.ty)].into_iter().chain(pieces);
            let page = self.page_of("define", define.module, &define.name, define.span);
            return Some(ItemPage {
                title: define.title.clone(),
                cites: define.cites.clone(),
                doc: define.doc.clone(),
                lines: lines.collect(),
                ..page
            });
        }
        if let Some(table) = hir.tables.values().find(|one| is(one.module, &one.name)) {
            let ty = self.session.describe_type(&table.ty);
            let lines = vec![format!("{} rows, each giving {ty}", table.rows.len())];
            let page = self.page_of("table", table.module, &table.name, table.span);
            let cites = table.cites.clone();
            return Some(ItemPage { title: table.title.clone(), cites, lines, ..page });
        }
        if let Some(found) = hir.decisions.values().find(|one| is(one.module, &one.name)) {
            let needed = found.needed_when.as_ref();
            let mut lines = vec![self.session.describe_type(&found.ty)];
            lines.extend(needed.map(|when| format!("needed when {}", self.one_line(when.span))));
            let page = self.page_of("decision", found.module, &found.name, found.span);
            return Some(ItemPage {
                title: found.title.clone(),
                cites: found.otherwise_cites.clone(),
                doc: found.doc.clone(),
                lines,
                ..page
            });
        }
        self.other_page(name)
    }

    fn other_page(&self, name: &str) -> Option<ItemPage> {
        let hir = self.session.hir();
        let is = |module: exeat_hir::ModuleId, own: &str| {
            own == name || hir.full_name(module, own) == name
        };
        if let Some(gap) = hir.not_modelled.values().find(|one| is(one.module, &one.name)) {
            let mut lines = force_lines(hir, &gap.force);
            lines.extend(gap.when.iter().map(|when| format!("when {}", self.one_line(when.span))));
            let page = self.page_of("not modelled", gap.module, &gap.name, gap.span);
            let (title, cites, doc) = (gap.title.clone(), gap.cites.clone(), gap.doc.clone());
            return Some(ItemPage { title, cites, doc, lines, ..page });
        }
        if let Some(reading) = hir.readings.values().find(|one| is(one.module, &one.name)) {
            let choices = reading.choices.iter().map(|choice| {
                format!("{}: {}", choice.name, choice.title.as_deref().unwrap_or_default())
            });
            let page = self.page_of("reading", reading.module, &reading.name, reading.span);
            let lines = choices.collect();
            let (title, doc) = (reading.title.clone(), reading.doc.clone());
            return Some(ItemPage { title, doc, lines, ..page });
        }
        let ends = |full: &str| full == name || full.rsplit('.').next() == Some(name);
        if let Some(group) = hir.groups.values().find(|group| ends(&group.name)) {
            let lines = vec![
                format!("a set, each member being {}", self.session.describe_type(&group.element)),
                format!("{} lines", group.items.len()),
            ];
            let page = self.free_page("group", &group.name, group.span);
            let cites = group.cites.clone();
            return Some(ItemPage { title: group.title.clone(), cites, lines, ..page });
        }
        if let Some(found) = hir.enums.values().find(|one| ends(&one.name)) {
            let lines = found.values.iter().map(|value| {
                format!("{}: {}", value.name, value.title.as_deref().unwrap_or_default())
            });
            let page = self.free_page("enum", &found.name, found.span);
            return Some(ItemPage { title: found.title.clone(), lines: lines.collect(), ..page });
        }
        if let Some(scale) = hir.scales.values().find(|one| ends(&one.name)) {
            let lines = scale.outcomes.iter().map(|outcome| {
                format!("{}: {}", outcome.name, outcome.title.as_deref().unwrap_or_default())
            });
            let page = self.free_page("scale", &scale.name, scale.span);
            return Some(ItemPage { title: scale.title.clone(), lines: lines.collect(), ..page });
        }
        if let Some(unit) = hir.units.values().find(|unit| unit.name == name) {
            let page = self.free_page("unit", &unit.name, unit.span);
            return Some(ItemPage { title: unit.title.clone(), ..page });
        }
        if let Some(record) = hir.records.values().find(|one| ends(&one.name)) {
            let lines = record
                .fields
                .iter()
                .map(|field| format!("{} : {}", field.name, self.session.describe_type(&field.ty)));
            let page = self.free_page("record", &record.name, record.span);
            return Some(ItemPage { title: record.title.clone(), lines: lines.collect(), ..page });
        }
        if let Some(module) = hir.modules.values().find(|one| one.name == name) {
            let lines = match module.status {
                ModuleStatus::InForce => Vec::new(),
                ModuleStatus::Proposal => {
                    vec!["a proposal: it decides only where asked for".to_owned()]
                }
                ModuleStatus::Repealed => vec!["repealed".to_owned()],
            };
            let page = self.free_page("module", &module.name, module.span);
            let (title, cites, doc) =
                (module.title.clone(), module.cites.clone(), module.doc.clone());
            return Some(ItemPage { title, cites, doc, lines, ..page });
        }
        let codes = hir.code_lists.values();
        let mut codes = codes.filter_map(|list| list.entries.get(name).map(|code| (list, code)));
        if let Some((list, code)) = codes.next() {
            let lines = code.meets.iter().map(|other| format!("meets {other}"));
            let page = self.free_page("code", name, Span::default());
            let lines = [format!("an entry of {}", list.name)].into_iter().chain(lines).collect();
            return Some(ItemPage { title: code.title.clone(), lines, ..page });
        }
        let country = Country::from_code(name).or_else(|| Country::from_name(name))?;
        let groups = hir.groups.values().filter(|group| {
            group.items.iter().any(|item| {
                matches!(item, exeat_hir::GroupItem::Member { value: exeat_model::Value::Country(member), interval, .. }
                    if *member == country && self.as_of.is_none_or(|day| interval.contains(day)))
            })
        });
        let lines = groups.map(|group| format!("in {}", group.name)).collect();
        let title = Some(country.name().to_owned());
        Some(ItemPage {
            title,
            lines,
            ..self.free_page("country", country.code(), Span::default())
        })
    }

    fn rule_page(&self, rule: &Rule) -> ItemPage {
        let hir = self.session.hir();
        let what = match rule.kind {
            RuleKind::Rule => "rule",
            RuleKind::Exception => "exception",
        };
        let named = |ids: &[exeat_hir::RuleId]| {
            let rules = ids.iter().filter_map(|id| hir.rules.get(*id));
            rules.map(|rule| rule.name.to_string()).collect::<Vec<_>>().join(", ")
        };
        let mut lines = force_lines(hir, &rule.force);
        if !rule.exception_to.is_empty() {
            lines.push(format!("exception to {}", named(&rule.exception_to)));
        }
        if !rule.defeated_by.is_empty() {
            lines.push(format!("gives way to {}", named(&rule.defeated_by)));
        }
        if let Some(status) = self.status_of(rule) {
            lines.push(format!("under the facts given here: {status}"));
        }
        let page = self.page_of(what, rule.module, &rule.name, rule.span);
        ItemPage {
            title: rule.title.clone(),
            cites: rule.cites.clone(),
            doc: rule.doc.clone(),
            lines,
            text: Some(self.session.sources().text(rule.whole).to_owned()),
            ..page
        }
    }

    /// How a rule fares under the facts given here.
    pub(crate) fn status_of(&self, rule: &Rule) -> Option<&'static str> {
        let hir = self.session.hir();
        let traces = &self.decided.as_ref()?.traces;
        let found = traces
            .iter()
            .flat_map(|trace| &trace.rules)
            .find(|trace| hir.rules.get(trace.rule).is_some_and(|known| known.span == rule.span))?;
        Some(match found.status {
            RuleStatus::Holds => "holds",
            RuleStatus::DefeatedBy(_) => "defeated",
            RuleStatus::ConditionFalse => "fails",
            RuleStatus::NothingToExcept => "nothing to except",
            RuleStatus::NotInForce => "not in force",
            RuleStatus::OtherReading => "another reading",
            RuleStatus::Proposal => "a proposal",
            RuleStatus::Open => "open",
        })
    }

    fn fields_of(&self, ty: &exeat_hir::Ty) -> Vec<String> {
        let hir = self.session.hir();
        let exeat_hir::Ty::Record(id) = ty else { return Vec::new() };
        let fields = hir.records.get(*id).map_or(&[][..], |record| &record.fields);
        let shown = |field: &exeat_hir::Field| {
            format!("{} : {}", field.name, self.session.describe_type(&field.ty))
        };
        fields.iter().map(shown).collect()
    }

    fn page_of(&self, what: &str, module: exeat_hir::ModuleId, name: &str, span: Span) -> ItemPage {
        self.free_page(what, &self.session.hir().full_name(module, name), span)
    }

    fn free_page(&self, what: &str, name: &str, span: Span) -> ItemPage {
        // What the desk makes of the draft is no file that anybody sees.
        let shown = |(file, line): (String, usize)| {
            if file == crate::draft::NAME {
                "the draft".to_owned()
            } else {
                format!("{file}:{line}")
            }
        };
        let place = self.session.place_of(span).map(shown);
        ItemPage { what: what.to_owned(), name: name.to_owned(), place, ..ItemPage::default() }
    }

    fn one_line(&self, span: Span) -> String {
        self.session.sources().text(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn force_lines(hir: &Hir, force: &Force) -> Vec<String> {
    let mut lines = Vec::new();
    let interval = dated(force.interval);
    if !interval.is_empty() {
        lines.push(format!("in force{interval}"));
    }
    for suspension in &force.suspensions {
        lines.push(format!("suspended{}", dated(*suspension)));
    }
    for under in &force.under {
        let Some(reading) = hir.readings.get(under.reading) else { continue };
        let choices = under.choices.iter().filter_map(|at| reading.choices.get(*at));
        let choices: Vec<String> =
            choices.map(|choice| format!("{}.{}", reading.name, choice.name)).collect();
        lines.push(format!("under {}", choices.join(" or ")));
    }
    lines
}

/// An interval in the words of the language, with a space before them; nothing if it has no ends.
fn dated(interval: Interval) -> String {
    let from = interval.from.map(|day| format!(" from {day}")).unwrap_or_default();
    let until = interval.until.map(|day| format!(" until {day}")).unwrap_or_default();
    from + &until
}
