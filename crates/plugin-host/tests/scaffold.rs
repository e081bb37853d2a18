//! The library that `scaffold` writes compiles as it is, and the host takes it.
#![expect(unsafe_code, reason = "the template's descriptor is copied, to give it a name")]

use std::sync::atomic::{AtomicPtr, Ordering};

use exeat_model::{Number, Provider as _, Value};
use exeat_plugin_abi::{JurisdictionDescriptor, Text};
use exeat_plugin_host::{load_linked, scaffold};

#[expect(unreachable_pub, reason = "in a new crate the file is the root")]
#[path = "../src/scaffold/lib.rs.template"]
mod template;

static NAMED: AtomicPtr<JurisdictionDescriptor> = AtomicPtr::new(std::ptr::null_mut());

extern "C" fn named() -> *const JurisdictionDescriptor {
    NAMED.load(Ordering::Acquire)
}

#[test]
fn the_template_is_a_jurisdiction() {
    // SAFETY: the descriptor is not null, or the test of the template fails, and stands for ever.
    let mut descriptor = unsafe { template::descriptor().read() };
    // In the template the place of the name is still open.
    descriptor.id = Text::lend("freedonia");
    NAMED.store(Box::leak(Box::new(descriptor)), Ordering::Release);
    let freedonia = load_linked("freedonia", named).unwrap();
    let number = |text: &str| Value::Number(Number::parse(text).unwrap());
    assert_eq!(freedonia.call("total_mass", &[number("1.5"), number("4")]), Ok(number("6")));
}

#[test]
fn the_files_are_named_after_the_jurisdiction() {
    let files = scaffold("upper_volta").unwrap();
    let paths: Vec<_> = files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["Cargo.toml", "src/lib.rs", "README.md"]);
    assert!(files[0].1.contains("name = \"exeat-jurisdiction-upper-volta\""));
    assert!(files[1].1.contains("Jurisdiction::new(\"upper_volta\""));
}
