#![expect(unsafe_code, reason = "a descriptor is read through raw pointers that the library gave")]

use std::mem::size_of;
use std::slice;

use exeat_diagnostics::codes;
use exeat_plugin_abi::{
    ABI_VERSION, CallFunction, FunctionEntry, JurisdictionDescriptor, LONGEST_TEXT, MOST_FUNCTIONS,
    OLDEST_SUPPORTED_ABI_VERSION, ReleaseFunction, Text,
};

use crate::PluginError;

/// What a descriptor says, copied out of the library. Nothing in it is a pointer to data.
pub(crate) struct RawJurisdiction {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) data_vintage: String,
    pub(crate) description: String,
    pub(crate) functions: Vec<(String, CallFunction)>,
    pub(crate) release: ReleaseFunction,
}

/// Reads a descriptor. `name` is how messages call the library.
///
/// # Safety
/// If the pointer is not null, it and the pointers in the descriptor must point to what the
/// interface says. Null and misaligned pointers, a short descriptor and excessive lengths are
/// refused before anything behind them is read.
pub(crate) unsafe fn read_descriptor(
    name: &str,
    pointer: *const JurisdictionDescriptor,
) -> Result<RawJurisdiction, PluginError> {
    if pointer.is_null() {
        return Err(PluginError::new(
            codes::PLUGIN_DESCRIPTION_INVALID,
            format!("the library `{name}` gives no description of itself"),
            "Its entry function returned a null pointer, as it does when its own start-up fails. Ask its author for a library that works.",
        ));
    }
    if !pointer.is_aligned() {
        return Err(null_or_wild(name, "its description"));
    }
    // SAFETY: not null, aligned; every version of the interface begins with these two fields, so
    // they are read first and alone.
    let (abi_version, struct_size) = unsafe {
        ((&raw const (*pointer).abi_version).read(), (&raw const (*pointer).struct_size).read())
    };
    check_version(name, abi_version)?;
    if struct_size < size_of::<JurisdictionDescriptor>() {
        return Err(PluginError::new(
            codes::PLUGIN_TRUNCATED,
            format!(
                "the library `{name}` gives a descriptor of {struct_size} bytes, but version {abi_version} of the interface has {}",
                size_of::<JurisdictionDescriptor>()
            ),
            "Build the library again with the header or the development kit of that version.",
        ));
    }
    // SAFETY: it says that it is at least as large as ours, and its version is one that we know.
    let descriptor = unsafe { pointer.read() };
    let release = descriptor.release.ok_or_else(|| null_or_wild(name, "its function `release`"))?;
    // SAFETY: the texts and entries are what the interface says, by the promise of our caller.
    unsafe {
        Ok(RawJurisdiction {
            id: copy_text(name, "id", descriptor.id)?,
            title: copy_text(name, "title", descriptor.title)?,
            version: copy_text(name, "version", descriptor.version)?,
            data_vintage: copy_text(name, "data vintage", descriptor.data_vintage)?,
            description: copy_text(name, "description", descriptor.description)?,
            functions: copy_functions(name, descriptor.functions, descriptor.function_count)?,
            release,
        })
    }
}

fn check_version(name: &str, version: u32) -> Result<(), PluginError> {
    let range = if OLDEST_SUPPORTED_ABI_VERSION == ABI_VERSION {
        format!("version {ABI_VERSION}")
    } else {
        format!("versions {OLDEST_SUPPORTED_ABI_VERSION} to {ABI_VERSION}")
    };
    if version < OLDEST_SUPPORTED_ABI_VERSION {
        return Err(PluginError::new(
            codes::PLUGIN_TOO_OLD,
            format!(
                "the library `{name}` was built for version {version} of the interface, but this program works with {range}"
            ),
            "Get a newer build of the library.",
        ));
    }
    if version > ABI_VERSION {
        return Err(PluginError::new(
            codes::PLUGIN_TOO_NEW,
            format!(
                "the library `{name}` was built for version {version} of the interface, but this program works with {range}"
            ),
            "Get a newer version of this program, or an older build of the library.",
        ));
    }
    Ok(())
}

/// # Safety
/// As for [`read_descriptor`].
unsafe fn copy_functions(
    name: &str,
    pointer: *const FunctionEntry,
    count: usize,
) -> Result<Vec<(String, CallFunction)>, PluginError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if count > MOST_FUNCTIONS {
        return Err(PluginError::new(
            codes::PLUGIN_DESCRIPTION_INVALID,
            format!(
                "the library `{name}` claims to have {count} functions, more than the {MOST_FUNCTIONS} allowed"
            ),
            "The library is damaged. Ask its author for a library that works.",
        ));
    }
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(null_or_wild(name, "its table of functions"));
    }
    // SAFETY: not null, aligned, and as long as the library says.
    let entries = unsafe { slice::from_raw_parts(pointer, count) };
    entries
        .iter()
        .map(|entry| {
            // SAFETY: as for the texts of the descriptor.
            let function = unsafe { copy_text(name, "name of a function", entry.name) }?;
            let call = entry
                .call
                .ok_or_else(|| null_or_wild(name, &format!("its function `{function}`")))?;
            Ok((function, call))
        })
        .collect()
}

/// # Safety
/// If the pointer is not null it must be readable for the length.
unsafe fn copy_text(name: &str, what: &str, text: Text) -> Result<String, PluginError> {
    if text.length == 0 {
        return Ok(String::new());
    }
    if text.pointer.is_null() {
        return Err(null_or_wild(name, &format!("its {what}")));
    }
    if text.length > LONGEST_TEXT {
        return Err(PluginError::new(
            codes::PLUGIN_INVALID_TEXT,
            format!(
                "the {what} of the library `{name}` claims to be {} bytes long, more than the {LONGEST_TEXT} allowed",
                text.length
            ),
            "The library is damaged. Ask its author for a library that works.",
        ));
    }
    // SAFETY: not null, and readable for its length by the promise of our caller.
    let bytes = unsafe { slice::from_raw_parts(text.pointer, text.length) };
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        PluginError::new(
            codes::PLUGIN_INVALID_TEXT,
            format!(
                "the {what} of the library `{name}` is not valid UTF-8 at byte {}",
                error.valid_up_to()
            ),
            "All text of a library has to be UTF-8. Ask its author for a library that works.",
        )
    })
}

fn null_or_wild(name: &str, what: &str) -> PluginError {
    PluginError::new(
        codes::PLUGIN_DESCRIPTION_INVALID,
        format!("the library `{name}` gives a null or misaligned pointer for {what}"),
        "The library is damaged. Ask its author for a library that works.",
    )
}
