use exeat_diagnostics::{Code, Diagnostic, Severity, codes, suggestion};
use exeat_hir::{DecisionId, ModuleId, ReadingId};

use crate::Rulebook;

impl Rulebook {
    /// A decision by its name or full name.
    ///
    /// # Errors
    /// If there is none, or several.
    pub fn find_decision(&self, name: &str) -> Result<DecisionId, Diagnostic> {
        let hir = self.hir();
        let known: Vec<(String, DecisionId)> = hir
            .decisions
            .iter()
            .map(|(id, decision)| (hir.full_name(decision.module, &decision.name), id))
            .collect();
        find("decision", codes::UNKNOWN_DECISION, name, &known)
    }

    /// A module by its full name or the end of it.
    ///
    /// # Errors
    /// If there is none, or several.
    pub fn find_module(&self, name: &str) -> Result<ModuleId, Diagnostic> {
        let known: Vec<(String, ModuleId)> =
            self.hir().modules.iter().map(|(id, module)| (module.name.to_string(), id)).collect();
        find("module", codes::UNKNOWN_MODULE, name, &known)
    }

    /// A reading by its name or full name.
    ///
    /// # Errors
    /// If there is none, or several.
    pub fn find_reading(&self, name: &str) -> Result<ReadingId, Diagnostic> {
        let hir = self.hir();
        let known: Vec<(String, ReadingId)> = hir
            .readings
            .iter()
            .map(|(id, reading)| (hir.full_name(reading.module, &reading.name), id))
            .collect();
        find("reading", codes::UNKNOWN_READING, name, &known)
    }

    /// A choice of a reading, as `enforcement.as_written`, by its place in the reading.
    ///
    /// # Errors
    /// If there is no such reading or choice.
    pub fn find_reading_choice(&self, name: &str) -> Result<(ReadingId, usize), Diagnostic> {
        let Some((reading, choice)) = name.rsplit_once('.') else {
            let message = format!("`{name}` does not name a choice of a reading");
            return Err(Diagnostic::unplaced(codes::UNKNOWN_READING, Severity::Error, message)
                .with_help(self.readings_help()));
        };
        let id = self.find_reading(reading.trim())?;
        self.find_choice(id, choice.trim()).map(|choice| (id, choice))
    }

    /// A choice of a reading by its name.
    ///
    /// # Errors
    /// If there is no such choice.
    pub fn find_choice(&self, id: ReadingId, choice: &str) -> Result<usize, Diagnostic> {
        let reading = self.hir().readings.get(id);
        let choices = reading.map_or(&[][..], |reading| reading.choices.as_slice());
        choices.iter().position(|known| known.name == choice).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|known| known.name.as_str()).collect();
            let reading = reading.map_or("", |reading| reading.name.as_str());
            let message = format!("the reading `{reading}` has no choice `{choice}`");
            Diagnostic::unplaced(codes::UNKNOWN_READING, Severity::Error, message).with_help(
                suggestion(choice, names.iter().copied())
                    .unwrap_or_else(|| listed("choice", &names)),
            )
        })
    }

    fn readings_help(&self) -> String {
        let choices: Vec<String> = self
            .hir()
            .readings
            .values()
            .flat_map(|reading| {
                reading.choices.iter().map(|choice| format!("{}.{}", reading.name, choice.name))
            })
            .collect();
        let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
        listed("choice", &choices)
    }
}

/// Finds by the full name or by a unique end of it.
fn find<I: Copy>(
    kind: &str,
    code: Code,
    name: &str,
    known: &[(String, I)],
) -> Result<I, Diagnostic> {
    if let Some((_, id)) = known.iter().find(|(full, _)| full == name) {
        return Ok(*id);
    }
    let ends_so = |full: &str| {
        full.strip_suffix(name).is_some_and(|before| before.ends_with('.')) && !name.is_empty()
    };
    let found: Vec<&(String, I)> = known.iter().filter(|(full, _)| ends_so(full)).collect();
    match found.as_slice() {
        [(_, id)] => Ok(*id),
        [] => {
            let message = format!("there is no {kind} `{name}`");
            let short = known.iter().filter_map(|(full, _)| full.rsplit('.').next());
            let all: Vec<&str> = known.iter().map(|(full, _)| full.as_str()).chain(short).collect();
            let help = suggestion(name, all.iter().copied()).unwrap_or_else(|| {
                let full: Vec<&str> = known.iter().map(|(full, _)| full.as_str()).collect();
                listed(kind, &full)
            });
            Err(Diagnostic::unplaced(code, Severity::Error, message).with_help(help))
        }
        several => {
            let names: Vec<String> = several.iter().map(|(full, _)| format!("`{full}`")).collect();
            let message = format!("`{name}` could be one of several: {}", names.join(", "));
            Err(Diagnostic::unplaced(codes::AMBIGUOUS_NAME, Severity::Error, message)
                .with_help("Write the full name."))
        }
    }
}

/// How many names are listed in a help text.
const MOST_LISTED: usize = 12;

pub(crate) fn listed(kind: &str, names: &[&str]) -> String {
    if names.is_empty() {
        return format!("These rules have no {kind}.");
    }
    let mut shown: Vec<String> =
        names.iter().take(MOST_LISTED).map(|name| format!("`{name}`")).collect();
    if names.len() > MOST_LISTED {
        shown.push("…".to_owned());
    }
    format!("There is {}.", shown.join(", "))
}
