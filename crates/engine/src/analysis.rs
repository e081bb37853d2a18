//! Questions about all transactions: what `exeat-analyze` finds, asked of a rulebook.

use exeat_analyze::{Analysis, Options, Script, analyse, script};
use exeat_diagnostics::{Diagnostic, Severity, codes};
use exeat_program::{Program, Unsupported};

use crate::Rulebook;

impl Rulebook {
    /// Asks everything of all transactions.
    ///
    /// # Errors
    /// What of the rules cannot be analysed, in words.
    pub fn analyse(&self, options: &Options) -> Result<Analysis, Diagnostic> {
        let program = Program::new(self.hir().clone());
        analyse(&program, self.functions(), options).map_err(|why| refused(&why))
    }

    /// The same questions as a script of SMT-LIB, each with what the analysis answers.
    ///
    /// # Errors
    /// What of the rules cannot be analysed, in words.
    pub fn analysis_script(&self, options: &Options) -> Result<Script, Diagnostic> {
        let program = Program::new(self.hir().clone());
        script(&program, self.functions(), options).map_err(|why| refused(&why))
    }
}

fn refused(why: &Unsupported) -> Diagnostic {
    let message = format!("these rules cannot be analysed: {}", why.what);
    Diagnostic::unplaced(codes::NOT_DECIDED, Severity::Error, message)
}
