use std::collections::BTreeMap;

use exeat_diagnostics::SourceMap;
use exeat_engine::{
    Concern, FactsFormat, FactsInput, JurisdictionSummary, ScreenedOrder, Unanswered, files, wire,
};
use exeat_model::Date;

use crate::answer::screening;
use crate::arguments::{ScreenArguments, ScreenFormat};
use crate::output::Output;

/// `exeat screen`: every line is answered that can be, whatever is wrong with others.
pub(crate) fn run(arguments: &ScreenArguments, output: &Output) -> u8 {
    let near = Some(arguments.shipments.as_path());
    let (rules, sources) = match super::load_rules(&arguments.project, near, output) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let mut problems = Vec::new();
    let as_of = super::facts::day("--as-of", arguments.as_of.as_deref(), &mut problems);
    let stance = &arguments.stance;
    let named = super::facts::named(&rules, &stance.readings, &stance.include, &mut problems);
    let lines = match files::open_lines(&arguments.shipments) {
        Ok(lines) if problems.is_empty() => lines,
        Ok(_) => {
            output.problems(&problems, &sources);
            return super::UNREADABLE;
        }
        Err(problem) => {
            output.problem(problem);
            return super::UNREADABLE;
        }
    };
    let mut orders = rules.orders(as_of, named);
    let mut counts = screening::Counts::default();
    let mut concerned: BTreeMap<String, JurisdictionSummary> = BTreeMap::new();
    let mut latest: Option<Date> = None;
    let name = lines.name().to_owned();
    for (number, line) in (1_usize..).zip(lines) {
        let mut sources = SourceMap::new();
        let read = match line {
            Ok(text) if text.trim().is_empty() => continue,
            Ok(text) => {
                let name = format!("{name}, shipment on line {number}");
                let input = FactsInput { name, text, format: Some(FactsFormat::Json) };
                orders.screen(&mut sources, &input).map_err(|why| match why {
                    Unanswered::Problems(problems) => problems,
                    Unanswered::NoDay => {
                        vec![super::facts::no_day(&format!("{}: the facts do", input.name))]
                    }
                })
            }
            Err(problem) => Err(vec![problem]),
        };
        let ScreenedOrder { id, as_of, screened } = match read {
            Ok(read) => read,
            Err(problems) => {
                counts.unreadable = counts.unreadable.saturating_add(1);
                output.problems(&problems, &sources);
                continue;
            }
        };
        latest = latest.max(Some(as_of));
        for summary in &screened.jurisdictions {
            let known = concerned.get(summary.regime.as_str());
            if known.is_none_or(|known| known.concern == Concern::NotConcerned) {
                concerned.insert(summary.regime.to_string(), summary.clone());
            }
        }
        let answer = rules.screening_line(as_of, &screened, number, id);
        counts.add(&answer);
        match arguments.format {
            ScreenFormat::Text => output.answer(&screening::text(&answer)),
            ScreenFormat::Json => output.verbatim(&wire::to_json_line(&answer)),
        }
    }
    if arguments.format == ScreenFormat::Text {
        output.answer(&screening::summary(&counts));
    }
    if let Some(day) = latest {
        let concerned: Vec<JurisdictionSummary> = concerned.into_values().collect();
        output.problems(&rules.stale_data(day, &concerned), &sources);
    }
    if counts.unreadable > 0 {
        super::UNREADABLE
    } else if arguments.require_determined && counts.undetermined > 0 {
        super::FINDINGS
    } else {
        0
    }
}
