//! The C interface between a jurisdiction library and its host: layouts and the version range, nothing else.
//!
//! A library exports one function, [`ENTRY_SYMBOL`], that returns a pointer to a
//! [`JurisdictionDescriptor`]. The descriptor is data: rule files are checked against it without a
//! call into the library. It stands for as long as the library is loaded, and a host never unloads
//! a library. Memory is freed by the side that made it; the library never calls the host.
//! Functions may be called from several threads at once, and give the same result for the same arguments.
//!
//! `include/exeat_jurisdiction.h` says the same in C. Fields are only ever added at the end, so
//! that a host reads an older descriptor by its `struct_size`.
#![no_std]

use core::ffi::{CStr, c_void};
use core::mem::{offset_of, size_of};

/// The version of the interface that this crate describes.
pub const ABI_VERSION: u32 = 1;

/// The oldest version that a host of this crate still accepts.
pub const OLDEST_SUPPORTED_ABI_VERSION: u32 = 1;

/// The name of the exported function, of type [`EntryFunction`].
pub const ENTRY_SYMBOL: &CStr = c"exeat_jurisdiction";

/// The schema of the JSON document in [`JurisdictionDescriptor::description`].
pub const DESCRIPTION_SCHEMA: &str = "exeat.jurisdiction/1";

/// No text that crosses the interface is longer, in bytes: 64 MiB.
pub const LONGEST_TEXT: usize = 64 * 1024 * 1024;

/// No descriptor has more functions.
pub const MOST_FUNCTIONS: usize = 65_536;

/// The call succeeded; the buffer holds the result as JSON.
pub const STATUS_OK: u32 = 0;
/// The function gave no result; the buffer holds the reason as plain text.
pub const STATUS_FAILED: u32 = 1;
/// The function panicked; the buffer may hold what it said.
pub const STATUS_PANICKED: u32 = 2;
/// The arguments were not those of the signature; the buffer holds the reason as plain text.
pub const STATUS_BAD_ARGUMENTS: u32 = 3;

/// Returns the descriptor, or null if there is none.
pub type EntryFunction = extern "C" fn() -> *const JurisdictionDescriptor;

/// Calls a function with a JSON array of arguments; writes a buffer and returns a status.
///
/// The arguments must be readable text and the result must point to an empty buffer.
pub type CallFunction = unsafe extern "C" fn(arguments: Text, result: *mut Buffer) -> u32;

/// Frees a buffer that the library handed out, once.
pub type ReleaseFunction = unsafe extern "C" fn(buffer: Buffer);

/// UTF-8 text that is lent, not given. A null pointer is allowed only with length 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// Its first byte.
    pub pointer: *const u8,
    /// Its length in bytes.
    pub length: usize,
}

impl Text {
    /// Lends a text; whoever receives it must not keep it longer than `text` lives.
    pub const fn lend(text: &str) -> Self {
        Self { pointer: text.as_ptr(), length: text.len() }
    }
}

/// Memory that the library owns and that goes back to it through its `release`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Buffer {
    /// Its first byte.
    pub pointer: *mut u8,
    /// How many bytes are in use.
    pub length: usize,
    /// How many bytes there are; of meaning only to the library.
    pub capacity: usize,
}

impl Buffer {
    /// No memory at all.
    pub const EMPTY: Self = Self { pointer: core::ptr::null_mut(), length: 0, capacity: 0 };
}

/// A function of a jurisdiction. Its signature is in the description, under the same name.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FunctionEntry {
    /// Its name.
    pub name: Text,
    /// Calls it. Never null in a sound library.
    pub call: Option<CallFunction>,
}

/// What a library tells of itself.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct JurisdictionDescriptor {
    /// The version of the interface that the library was built for.
    pub abi_version: u32,
    /// The size of this struct as the library knows it, in bytes.
    pub struct_size: usize,
    /// The name by which rule files use it, as `us`.
    pub id: Text,
    /// What it is, in words.
    pub title: Text,
    /// The version of the library.
    pub version: Text,
    /// The day whose state of the law the data shows, as `2026-09-24`.
    pub data_vintage: Text,
    /// A JSON document of schema [`DESCRIPTION_SCHEMA`].
    pub description: Text,
    /// The functions; may be null if there are none.
    pub functions: *const FunctionEntry,
    /// How many functions there are.
    pub function_count: usize,
    /// Frees buffers that functions handed out. Never null in a sound library.
    pub release: Option<ReleaseFunction>,
}

/// One machine word; all layouts are counted in words.
const WORD: usize = size_of::<*const c_void>();

const _: () = {
    assert!(size_of::<usize>() == WORD);
    assert!(size_of::<Option<CallFunction>>() == WORD);
    assert!(size_of::<Text>() == 2 * WORD);
    assert!(offset_of!(Text, length) == WORD);
    assert!(size_of::<Buffer>() == 3 * WORD);
    assert!(offset_of!(Buffer, length) == WORD);
    assert!(offset_of!(Buffer, capacity) == 2 * WORD);
    assert!(size_of::<FunctionEntry>() == 3 * WORD);
    assert!(offset_of!(FunctionEntry, call) == 2 * WORD);
    assert!(size_of::<JurisdictionDescriptor>() == 15 * WORD);
    assert!(offset_of!(JurisdictionDescriptor, abi_version) == 0);
    assert!(offset_of!(JurisdictionDescriptor, struct_size) == WORD);
    assert!(offset_of!(JurisdictionDescriptor, id) == 2 * WORD);
    assert!(offset_of!(JurisdictionDescriptor, title) == 4 * WORD);
    assert!(offset_of!(JurisdictionDescriptor, version) == 6 * WORD);
    assert!(offset_of!(JurisdictionDescriptor, data_vintage) == 8 * WORD);
    assert!(offset_of!(JurisdictionDescriptor, description) == 10 * WORD);
    assert!(offset_of!(JurisdictionDescriptor, functions) == 12 * WORD);
    assert!(offset_of!(JurisdictionDescriptor, function_count) == 13 * WORD);
    assert!(offset_of!(JurisdictionDescriptor, release) == 14 * WORD);
};
