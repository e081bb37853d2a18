//! What is touched, or may be touched, that is not modelled. Gaps that hang on the same open condition, or
//! come by way of the same decision, are told together.

use std::fmt::Write as _;

use exeat_engine::{Considered, DecisionReport};

use super::{failed, ruled, through};

/// How many gaps that hang on one condition are named.
const MOST_NAMED: usize = 3;

/// Tells of the gaps.
pub(super) fn touched(text: &mut String, report: &DecisionReport, explain: bool) {
    let told: Vec<&Considered> =
        report.not_modelled.iter().filter(|gap| gap.status != "not_touched").collect();
    let first_open = |gap: &Considered| {
        let condition = gap.why.first().map(|condition| format!("if {}", condition.text));
        let read = through(gap);
        condition.or_else(|| read.strip_prefix(", ").map(str::to_owned))
    };
    for group in grouped(&told, &first_open) {
        let one_by_one = explain || group.len() == 1;
        for gap in group.iter().take(if one_by_one { usize::MAX } else { 0 }) {
            let may = if gap.status == "touched" {
                "not modelled"
            } else {
                "may touch what is not modelled"
            };
            let _ = writeln!(text, "  {may}: {}{}", ruled(&gap.rule), through(gap));
            failed(text, &gap.why, 6);
        }
        let Some(condition) = group.first().and_then(|gap| first_open(gap)) else { continue };
        if !one_by_one {
            let _ = writeln!(text, "  may touch what is not modelled, {condition}");
            for gap in group.iter().take(MOST_NAMED) {
                let _ = writeln!(text, "      {}", ruled(&gap.rule));
            }
            let more = group.len().saturating_sub(MOST_NAMED);
            if more > 0 {
                let _ = writeln!(text, "      and {more} more (`--explain` names them)");
            }
        }
    }
}

/// Gaps with the same key together, in the order in which the keys come first. What is touched for certain
/// is told alone.
fn grouped<'g>(
    gaps: &[&'g Considered],
    key: &dyn Fn(&Considered) -> Option<String>,
) -> Vec<Vec<&'g Considered>> {
    let mut groups: Vec<(Option<String>, Vec<&Considered>)> = Vec::new();
    for gap in gaps {
        let key = key(gap).filter(|_| gap.status != "touched");
        match groups.iter_mut().find(|(known, _)| key.is_some() && *known == key) {
            Some((_, group)) => group.push(gap),
            None => groups.push((key, vec![gap])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
