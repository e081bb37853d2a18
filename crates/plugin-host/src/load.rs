#![expect(unsafe_code, reason = "a linked-in jurisdiction is read through its C descriptor too")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, codes};
use exeat_model::Provider as _;
use exeat_plugin_abi::EntryFunction;
use sha2::{Digest as _, Sha256};

use crate::convert::convert;
use crate::descriptor::{RawJurisdiction, read_descriptor};
use crate::{LoadedJurisdiction, Origin, PluginError, load_file};

/// A jurisdiction that is part of the program.
#[derive(Clone, Copy, Debug)]
pub struct Linked {
    /// How messages call it.
    pub name: &'static str,
    /// Gives its descriptor, as a library's entry function does.
    pub entry: EntryFunction,
}

/// Takes in a jurisdiction that is part of the program, through the very checks that a library
/// file goes through. Its digest is over the texts of its descriptor.
///
/// # Errors
/// If it cannot be used.
pub fn load_linked(name: &str, entry: EntryFunction) -> Result<LoadedJurisdiction, PluginError> {
    // SAFETY: what is linked in was built with this program, against the same interface.
    let raw = unsafe { read_descriptor(name, entry()) }?;
    let texts = [&raw.id, &raw.title, &raw.version, &raw.data_vintage, &raw.description];
    // The length before each text keeps texts apart that would run together to the same bytes.
    let parts: Vec<Vec<u8>> = texts
        .into_iter()
        .chain(raw.functions.iter().map(|(name, _)| name))
        .map(|text| format!("{}:{text}", text.len()).into_bytes())
        .collect();
    let digest = hex_digest(parts.iter().map(Vec::as_slice));
    accept(name, raw, digest, Origin::Linked)
}

/// Loads everything that a project uses, linked-in jurisdictions first. What cannot be used is
/// reported and left out; of two with the same id the first stays.
pub fn load_all(
    paths: &[PathBuf],
    linked: &[Linked],
) -> (Vec<Arc<LoadedJurisdiction>>, Vec<Diagnostic>) {
    let mut loaded: Vec<Arc<LoadedJurisdiction>> = Vec::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    let all = linked
        .iter()
        .map(|linked| {
            (format!("{} (built in)", linked.name), load_linked(linked.name, linked.entry))
        })
        .chain(paths.iter().map(|path| (path.display().to_string(), load_file(path))));
    for (name, result) in all {
        let jurisdiction = match result {
            Ok(jurisdiction) => jurisdiction,
            Err(error) => {
                diagnostics.push(error.diagnostic());
                continue;
            }
        };
        let id = jurisdiction.description().id.to_string();
        if let Some(first) = names.get(&id) {
            diagnostics.push(duplicate(&id, first, &name).diagnostic());
        } else {
            names.insert(id, name);
            loaded.push(Arc::new(jurisdiction));
        }
    }
    (loaded, diagnostics)
}

fn duplicate(id: &str, first: &str, second: &str) -> PluginError {
    PluginError::new(
        codes::PLUGIN_DUPLICATE_ID,
        format!("two jurisdictions have the name `{id}`: `{first}` and `{second}`"),
        "Remove one of them from the project.",
    )
}

/// Checks all that a descriptor says and makes a provider of it.
pub(crate) fn accept(
    name: &str,
    raw: RawJurisdiction,
    digest: String,
    origin: Origin,
) -> Result<LoadedJurisdiction, PluginError> {
    let description = convert(name, &raw, digest)?;
    Ok(LoadedJurisdiction::new(name, Arc::new(description), raw, origin))
}

/// SHA-256 over all parts, in lower-case hexadecimal.
pub(crate) fn hex_digest<'bytes>(parts: impl IntoIterator<Item = &'bytes [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
