#![expect(unsafe_code, reason = "this is the Rust side of the C interface")]

use std::mem::{ManuallyDrop, size_of};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{self, NonNull};
use std::sync::OnceLock;

use crate::abi::{
    ABI_VERSION, Buffer, CallFunction, FunctionEntry, JurisdictionDescriptor, STATUS_BAD_ARGUMENTS,
    STATUS_FAILED, STATUS_OK, STATUS_PANICKED, Text,
};
use crate::{Answer, Arguments, Jurisdiction};

/// Exports the jurisdiction that `$build`, a `fn() -> Jurisdiction`, puts together: as the symbol
/// `exeat_jurisdiction` for a library that is loaded, and as `descriptor()` for one that is linked in.
#[macro_export]
macro_rules! export_jurisdiction {
    ($build:expr) => {
        $crate::link_jurisdiction!($build);

        /// The entry point of the library.
        #[unsafe(no_mangle)]
        pub extern "C" fn exeat_jurisdiction() -> *const $crate::abi::JurisdictionDescriptor {
            descriptor()
        }
    };
}

/// Like [`export_jurisdiction!`], but without the exported symbol: for jurisdictions that are only
/// ever linked in, of which a program may hold several.
#[macro_export]
macro_rules! link_jurisdiction {
    ($build:expr) => {
        /// The descriptor of this jurisdiction, made at the first call; null if making it panicked.
        pub extern "C" fn descriptor() -> *const $crate::abi::JurisdictionDescriptor {
            static EXPORT: $crate::Export = $crate::Export::new();
            EXPORT.descriptor($build)
        }
    };
}

/// The place of a descriptor that is made once and stands for ever.
#[derive(Debug)]
pub struct Export(OnceLock<Option<Shared>>);

#[derive(Debug)]
struct Shared(&'static JurisdictionDescriptor);

// SAFETY: the descriptor and all that it points to are made before they are shared, leaked, and
// never written to again.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

impl Export {
    /// A place that is still empty.
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The descriptor of what `build` puts together; null if it panicked.
    pub fn descriptor(&self, build: fn() -> Jurisdiction) -> *const JurisdictionDescriptor {
        let made = self
            .0
            .get_or_init(|| catch_unwind(|| leak_descriptor(build())).ok().flatten().map(Shared));
        made.as_ref().map_or(ptr::null(), |shared| ptr::from_ref(shared.0))
    }
}

impl Default for Export {
    fn default() -> Self {
        Self::new()
    }
}

fn leak_descriptor(jurisdiction: Jurisdiction) -> Option<&'static JurisdictionDescriptor> {
    let description = serde_json::to_string(&jurisdiction.document).ok()?;
    let functions: &'static [FunctionEntry] = jurisdiction
        .functions
        .into_iter()
        .map(|(name, call)| FunctionEntry { name: leak_text(name), call: Some(call) })
        .collect::<Vec<_>>()
        .leak();
    Some(Box::leak(Box::new(JurisdictionDescriptor {
        abi_version: ABI_VERSION,
        struct_size: size_of::<JurisdictionDescriptor>(),
        id: leak_text(jurisdiction.id),
        title: leak_text(jurisdiction.title),
        version: leak_text(jurisdiction.version),
        data_vintage: leak_text(jurisdiction.data_vintage),
        description: leak_text(description),
        functions: functions.as_ptr(),
        function_count: functions.len(),
        release: Some(release),
    })))
}

fn leak_text(text: String) -> Text {
    Text::lend(text.leak())
}

/// The C function that calls `F`. A type without size has but one value, so the C function needs
/// no pointer to it; a closure that captures something does not compile.
pub(crate) fn trampoline<F>(_function: F) -> CallFunction
where
    F: Fn(&Arguments) -> Result<Answer, String> + Copy + Send + Sync + 'static,
{
    const { assert!(size_of::<F>() == 0, "give a plain `fn` or a closure that captures nothing") }
    call_function::<F>
}

unsafe extern "C" fn call_function<F>(arguments: Text, result: *mut Buffer) -> u32
where
    F: Fn(&Arguments) -> Result<Answer, String> + Copy + Send + Sync + 'static,
{
    // SAFETY: `F` has no size, so a dangling pointer is a good reference to it; `trampoline` was
    // given a value of it, and it is `Copy` and `Sync`, so using that value again is sound.
    let function: &F = unsafe { NonNull::<F>::dangling().as_ref() };
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the caller lends readable text for the time of the call.
        let read = unsafe { borrow_text(&arguments) }.and_then(Arguments::read);
        match read.map(|arguments| function(&arguments)) {
            Err(reason) => (STATUS_BAD_ARGUMENTS, reason),
            Ok(Err(reason)) => (STATUS_FAILED, reason),
            Ok(Ok(answer)) => (STATUS_OK, answer.to_json().to_string()),
        }
    }));
    let (status, text) = outcome.unwrap_or_else(|panic| (STATUS_PANICKED, panic_text(panic)));
    if !result.is_null() {
        // SAFETY: the caller gives a place for one buffer, which holds nothing yet.
        unsafe { result.write(hand_out(text)) };
    }
    status
}

/// # Safety
/// If its pointer is not null, the text must be readable for its length while it is borrowed.
unsafe fn borrow_text(text: &Text) -> Result<&str, String> {
    if text.pointer.is_null() {
        return Err("the arguments are missing".to_owned());
    }
    // SAFETY: promised by the caller.
    let bytes = unsafe { std::slice::from_raw_parts(text.pointer, text.length) };
    std::str::from_utf8(bytes).map_err(|_| "the arguments are not UTF-8".to_owned())
}

/// What a panic said. A payload of another type is leaked: dropping it might panic again, and
/// nothing may unwind out of a C function.
fn panic_text(panic: Box<dyn std::any::Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().copied().unwrap_or_default().to_owned();
            std::mem::forget(panic);
            text
        }
    }
}

fn hand_out(text: String) -> Buffer {
    let mut bytes = ManuallyDrop::new(text.into_bytes());
    Buffer { pointer: bytes.as_mut_ptr(), length: bytes.len(), capacity: bytes.capacity() }
}

unsafe extern "C" fn release(buffer: Buffer) {
    if buffer.pointer.is_null() {
        return;
    }
    // SAFETY: the buffer comes from `hand_out`, and the host gives it back once.
    drop(unsafe { Vec::from_raw_parts(buffer.pointer, buffer.length, buffer.capacity) });
}
