//! Find, load and check jurisdiction libraries; a library as a provider.
//!
//! A library file and a jurisdiction that is linked in go through the same code: a descriptor is
//! read ([`load_file`], [`load_linked`]), everything in it is checked, and from then on it is a
//! [`exeat_model::Provider`]. A wrong, old, panicking, lying or missing library gives a
//! [`PluginError`], never a crash. What cannot be caught in one process (a library that follows a
//! wild pointer of its own, exits, or never returns) is not caught.
//!
//! A library is never unloaded: what it gave out may be used until the program ends.

mod call;
mod coherence;
mod convert;
mod descriptor;
mod error;
mod library;
mod load;
mod provider;
mod scaffold;
mod types;
mod whole;

pub use error::PluginError;
pub use library::{LibraryFile, load_file};
pub use load::{Linked, load_all, load_linked};
pub use provider::{LoadedJurisdiction, Origin};
pub use scaffold::scaffold;
