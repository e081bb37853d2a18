#![expect(unsafe_code, reason = "loading a library runs its code")]

use std::error::Error as _;
use std::fs;
use std::io::{ErrorKind, Write};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use exeat_diagnostics::codes;
use exeat_plugin_abi::{ENTRY_SYMBOL, EntryFunction};
use libloading::Library;

use crate::descriptor::read_descriptor;
use crate::load::{accept, hex_digest};
use crate::whole::is_whole;
use crate::{LoadedJurisdiction, Origin, PluginError};

/// A library file that was read and not yet opened: none of its code has run. Whoever has pinned
/// libraries compares the digest before loading; what is loaded is what was read, even if the file
/// has changed since.
pub struct LibraryFile {
    path: PathBuf,
    bytes: Vec<u8>,
    digest: String,
}

/// Reads and loads a library file. Its code runs with all rights of this program: whoever calls
/// this trusts the file. To compare its digest first, read it with [`LibraryFile::read`].
///
/// # Errors
/// If the file is missing, is no library, or is one that cannot be used.
pub fn load_file(path: &Path) -> Result<LoadedJurisdiction, PluginError> {
    LibraryFile::read(path)?.load()
}

impl LibraryFile {
    /// Reads a file.
    ///
    /// # Errors
    /// If it is missing, cannot be read, or was cut off.
    pub fn read(path: &Path) -> Result<Self, PluginError> {
        let name = path.display().to_string();
        let bytes = read_once(path, &name)?;
        if !is_whole(&bytes) {
            return Err(not_a_library(&name).with_note("The file ends before the library does."));
        }
        let digest = hex_digest([bytes.as_slice()]);
        Ok(Self { path: path.to_owned(), bytes, digest })
    }

    /// SHA-256 of the file, in lower-case hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Opens the library, which runs its start-up code, and checks all that it says of itself.
    ///
    /// # Errors
    /// If it is no library, or one that cannot be used.
    pub fn load(self) -> Result<LoadedJurisdiction, PluginError> {
        let name = self.path.display().to_string();
        // Its start-up code has run, so it stays for as long as the program runs, useful or not.
        let library = ManuallyDrop::new(open(&self.bytes, &self.path, &name)?);
        // SAFETY: the interface fixes the type of this symbol.
        let entry = unsafe { library.get::<EntryFunction>(ENTRY_SYMBOL.to_bytes_with_nul()) };
        let entry: EntryFunction = *entry.map_err(|_| {
            PluginError::new(
                codes::PLUGIN_MISSING_SYMBOL,
                format!("the library `{name}` has no function `exeat_jurisdiction`"),
                "It is a library, but not a jurisdiction. Give the path of a jurisdiction library.",
            )
        })?;
        // SAFETY: the library says by its exported symbol that it keeps to the interface.
        let raw = unsafe { read_descriptor(&name, entry()) }?;
        accept(&name, raw, self.digest, Origin::File(self.path))
    }
}

#[expect(clippy::disallowed_methods, reason = "this crate is where libraries are read")]
fn read_once(path: &Path, name: &str) -> Result<Vec<u8>, PluginError> {
    fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => PluginError::new(
            codes::PLUGIN_NOT_FOUND,
            format!("there is no library `{name}`"),
            "Check the path. A path in a project file is relative to that file.",
        ),
        kind => not_a_library(name).with_note(format!("The file could not be read: {kind}.")),
    })
}

/// Opens a private copy of exactly the bytes that were hashed, so that nobody can change the file
/// in between. Some systems forbid code in the folder for temporary files; there the copy is made
/// beside the library.
fn open(bytes: &[u8], path: &Path, name: &str) -> Result<Library, PluginError> {
    let temporary = std::env::temp_dir();
    let beside = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let first = match open_copy(bytes, path, name, &temporary) {
        Ok(library) => return Ok(library),
        Err(reason) => reason,
    };
    open_copy(bytes, path, name, beside.unwrap_or(Path::new(".")))
        .map_err(|_| not_a_library(name).with_note(format!("The system says: {first}.")))
}

fn open_copy(bytes: &[u8], path: &Path, name: &str, folder: &Path) -> Result<Library, String> {
    let suffix = path.extension().map(|e| format!(".{}", e.display())).unwrap_or_default();
    let copied = tempfile::Builder::new().prefix("exeat-").suffix(&suffix).tempfile_in(folder);
    let copy = copied
        .and_then(|mut file| file.write_all(bytes).map(|()| file.into_temp_path()))
        .map_err(|error| format!("a private copy could not be written: {error}"))?;
    // SAFETY: opening runs the start-up code of the library; see `load_file` for who vouches for it.
    unsafe { Library::new(copy.as_os_str()) }.map_err(|error| {
        let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        // The system speaks of the copy; the reader knows only the original.
        reason.replace(&copy.display().to_string(), name)
    })
}

fn not_a_library(name: &str) -> PluginError {
    PluginError::new(
        codes::PLUGIN_NOT_A_LIBRARY,
        format!("`{name}` is not a library that this system can load"),
        "Give the path of a jurisdiction library that was built for this system (`.so`, `.dylib` or `.dll`).",
    )
}
