//! The European Union: vocabulary, entries of Annex I and groups of countries for Regulation (EU)
//! 2021/821 on dual-use items, as far as advanced computing needs them.
//!
//! Rules are not here: they stand in rule files. Annex I is that of the consolidated text of
//! 2025-11-15, with the corrigendum of 2026-02-09 (contains Annex I of Regulation (EU) 2021/821,
//! consolidated; © European Union, <http://eur-lex.europa.eu/>; reuse permitted provided the source
//! is acknowledged, Commission Decision 2011/833/EU; only the Official Journal is authentic).
//! It was read from a republication whose snapshot is of 2026-08-22, which is the data's day.

mod codes;
mod groups;
mod vocabulary;

use exeat_plugin_sdk::Jurisdiction;

exeat_plugin_sdk::link_jurisdiction!(jurisdiction);

/// All that the jurisdiction offers.
pub fn jurisdiction() -> Jurisdiction {
    let jurisdiction = Jurisdiction::new(
        "eu",
        "European Union: dual-use Regulation (EU) 2021/821 and sanctions",
        env!("CARGO_PKG_VERSION"),
        "2026-08-22",
    );
    let jurisdiction = vocabulary::add(jurisdiction).code_list(codes::annex_i());
    groups::all().into_iter().fold(jurisdiction, Jurisdiction::group)
}
