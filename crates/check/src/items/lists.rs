//! Enumerations, scales and code lists.

use std::collections::BTreeMap;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{CodeEntry, CodeList, CodeListId, EnumId, EnumerationValue, ScaleOutcome};
use exeat_model::Effect;
use exeat_syntax::{Kind, Node};
use smol_str::SmolStr;

use crate::checker::Checker;
use crate::collect::{Items, name_of, path_names, path_text};
use crate::environment::TypeSymbol;
use crate::names::{listed, unknown};

impl<'a> Checker<'a> {
    pub(crate) fn lower_lists(&mut self, items: &Items<'a>) {
        for (id, node) in &items.enums {
            let values = self.distinct(*node, Kind::enum_value);
            let values = values
                .into_iter()
                .map(|(name, _, value)| EnumerationValue { name, title: value.string() })
                .collect();
            if let Some(item) = self.program().enums.get_mut(*id) {
                item.values = values;
            }
        }
        for (id, module, node) in &items.scales {
            let outcomes = self.in_module(*module, |checker| checker.scale_outcomes(*node));
            if let Some(scale) = self.program().scales.get_mut(*id) {
                scale.outcomes = outcomes;
            }
        }
    }

    /// The named parts of an item; a name that stands twice is reported and left out.
    pub(crate) fn distinct<'n>(
        &mut self,
        node: Node<'n>,
        kind: Kind,
    ) -> Vec<(SmolStr, Span, Node<'n>)> {
        let mut found: Vec<(SmolStr, Span, Node<'n>)> = Vec::new();
        for part in node.nodes_of(kind) {
            let (name, span) = name_of(part);
            if let Some((_, first, _)) = found.iter().find(|(known, _, _)| *known == name) {
                self.report(twice(&name, span, *first));
                continue;
            }
            found.push((name, span, part));
        }
        found
    }

    fn scale_outcomes(&mut self, node: Node<'_>) -> Vec<ScaleOutcome> {
        let mut outcomes = Vec::new();
        for (name, _, part) in self.distinct(node, Kind::scale_outcome) {
            let effect = part.node(Kind::effect_clause).and_then(|clause| self.effect(clause));
            let labels = part
                .node(Kind::labels_clause)
                .and_then(|clause| clause.node(Kind::path))
                .and_then(|path| self.labels(path));
            outcomes.push(ScaleOutcome { name, title: part.string(), effect, labels });
        }
        outcomes
    }

    fn effect(&mut self, clause: Node<'_>) -> Option<Effect> {
        let (name, span) = name_of(clause);
        let effect = Effect::from_name(&name);
        if effect.is_none() {
            let known = ["free", "free_with_conditions", "authorisation_needed", "prohibited"];
            let message = format!("`{name}` is not an effect");
            let candidates = known.map(str::to_owned);
            let diagnostic = unknown(codes::UNKNOWN_OUTCOME, message, &name, span, &candidates)
                .with_note(format!("The effects are {}.", listed(known)));
            self.report(diagnostic);
        }
        effect
    }

    fn labels(&mut self, path: Node<'_>) -> Option<EnumId> {
        let written = path_text(path);
        match self.resolve_whole::<TypeSymbol>(&path_names(path)) {
            Some(TypeSymbol::Enum(id)) => {
                return Some(id);
            }
            Some(TypeSymbol::Broken) => {}
            Some(_) => self.error(
                codes::TYPE_MISMATCH,
                format!("`{written}` is not an enumeration"),
                path.span(),
                "labels are the values of an enumeration",
            ),
            None if self.may_be_unread() => {}
            None => {
                let message = format!("there is no enumeration `{written}`");
                let visible = self.visible::<TypeSymbol>();
                self.unknown(codes::UNKNOWN_TYPE, message, &written, path.span(), &visible);
            }
        }
        None
    }

    /// A code list that stands in a file.
    pub(crate) fn code_list(
        &mut self,
        node: Node<'_>,
        name: SmolStr,
        title: Option<String>,
        span: Span,
    ) -> CodeListId {
        let mut entries: BTreeMap<SmolStr, (CodeEntry, Span)> = BTreeMap::new();
        let mut meeting: Vec<(SmolStr, Span)> = Vec::new();
        for part in node.nodes_of(Kind::code_entry) {
            let mut tokens = part.tokens_of(Kind::code);
            let Some(token) = tokens.next() else { continue };
            let code: SmolStr = part.token_text(token).into();
            let meets: Vec<(SmolStr, Span)> =
                tokens.map(|token| (part.token_text(token).into(), token.span)).collect();
            let interval = self.interval(part);
            if let Some((_, first)) = entries.get(&code) {
                let first = *first;
                self.report(twice(&code, token.span, first));
                continue;
            }
            let entry = CodeEntry {
                title: part.string(),
                parent: None,
                meets: meets.iter().map(|(code, _)| code.clone()).collect(),
                interval,
            };
            meeting.extend(meets);
            entries.insert(code, (entry, token.span));
        }
        let known: Vec<String> = entries.keys().map(ToString::to_string).collect();
        for (code, span) in meeting {
            if !entries.contains_key(&code) {
                let message = format!("the list has no code `{code}`");
                self.unknown(codes::CODE_LIST_INVALID, message, &code, span, &known);
            }
        }
        for code in known {
            let parent = prefixes(&code).find(|prefix| entries.contains_key(*prefix));
            let parent = parent.map(SmolStr::from);
            if let Some((entry, _)) = entries.get_mut(code.as_str()) {
                entry.parent = parent;
            }
        }
        let entries = entries.into_iter().map(|(code, (entry, _))| (code, entry)).collect();
        self.program().code_lists.push(CodeList { name, title, entries, span })
    }
}

/// The codes that a code can be a part of, the nearest first.
fn prefixes(code: &str) -> impl Iterator<Item = &str> {
    let before = |code: &'_ str| code.rfind('.').and_then(|at| code.get(..at).map(str::len));
    std::iter::successors(before(code), move |length| before(code.get(..*length)?))
        .filter_map(move |length| code.get(..length))
}

fn twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::DUPLICATE_NAME,
        format!("`{name}` stands twice in this list"),
        span,
        "again here",
    )
    .with_label(first, "here first")
    .with_help("Take one of them out.")
}
