//! Questions about all transactions: what `exeat-analyze` finds, asked of a rulebook.

use exeat_analyze::{Analysis, Options, analyse};
use exeat_diagnostics::{Diagnostic, Severity, codes};
use exeat_program::Program;

use crate::Rulebook;

impl Rulebook {
    /// Asks everything of all transactions.
    ///
    /// # Errors
    /// What of the rules cannot be analysed, in words.
    pub fn analyse(&self, options: &Options) -> Result<Analysis, Diagnostic> {
        let program = Program::new(self.hir().clone());
        analyse(&program, self.functions(), options).map_err(|unsupported| {
            let message = format!("these rules cannot be analysed: {}", unsupported.what);
            Diagnostic::unplaced(codes::NOT_DECIDED, Severity::Error, message)
        })
    }
}
