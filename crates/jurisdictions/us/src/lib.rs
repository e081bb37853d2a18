//! The United States: vocabulary, lists, country groups and chips for the Export Administration
//! Regulations, as far as advanced computing needs them.
//!
//! Rules are not here: they stand in rule files, where lawyers can read them. The data shows the
//! state of 2026-09-24; where a list changed before, the dates of the change are in it.

mod chips;
mod codes;
mod computation;
mod csv;
mod groups;
mod vocabulary;

use exeat_plugin_sdk::Jurisdiction;

exeat_plugin_sdk::link_jurisdiction!(jurisdiction);

/// All that the jurisdiction offers.
pub fn jurisdiction() -> Jurisdiction {
    let jurisdiction = Jurisdiction::new(
        "us",
        "United States: Export Administration Regulations",
        env!("CARGO_PKG_VERSION"),
        "2026-09-24",
    );
    let jurisdiction = vocabulary::add(jurisdiction).code_list(codes::eccn());
    let jurisdiction = groups::all().into_iter().fold(jurisdiction, Jurisdiction::group);
    computation::add(jurisdiction.catalogue(chips::catalogue()))
}
