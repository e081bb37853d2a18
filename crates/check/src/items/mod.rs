//! The items of a file, one kind after the other.

mod decisions;
pub(crate) mod declare;
mod defines;
mod facts;
mod gaps;
mod groups;
mod lists;
mod readings;
mod rule_sets;
mod rules;
mod targets;

pub(crate) use rule_sets::RuleSet;

use crate::checker::Checker;
use crate::collect::Items;

impl<'a> Checker<'a> {
    /// Looks into all items but scenarios: types before what has them, expressions last.
    pub(crate) fn lower_items(&mut self, items: &Items<'a>) {
        self.lower_lists(items);
        self.lower_readings(items);
        self.lower_records_and_facts(items);
        self.lower_decision_types(items);
        self.lower_define_signatures(items);
        self.lower_table_signatures(items);
        self.lower_group_types(items);
        self.lower_groups(items);
        self.lower_defines(items);
        self.lower_tables(items);
        self.lower_decisions(items);
        self.lower_rules(items);
        self.lower_rule_sets(items);
        self.lower_targets(items);
        self.report_unused_rule_sets(items);
        self.lower_not_modelled(items);
        self.lower_claims(items);
    }
}
