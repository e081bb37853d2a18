//! Compiles libraries in C for the tests, and shows what is said of them.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::Command;

use exeat_plugin_host::PluginError;
use tempfile::TempDir;

const SYSTEM_SAYS: &str = "The system says:";

/// A folder with the libraries of one test.
pub(crate) struct Workshop(TempDir);

impl Workshop {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn file(&self, name: &str, contents: &[u8]) -> PathBuf {
        use std::io::Write as _;
        let path = self.path(name);
        std::fs::File::create(&path).unwrap().write_all(contents).unwrap();
        path
    }

    /// Compiles the jurisdiction in C with definitions that spoil it.
    pub(crate) fn library(&self, name: &str, definitions: &[&str]) -> PathBuf {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        self.compile(name, &fixtures.join("jurisdiction.c"), definitions)
    }

    pub(crate) fn compile(&self, name: &str, source: &Path, definitions: &[&str]) -> PathBuf {
        let library = self.path(&format!("{DLL_PREFIX}{name}{DLL_SUFFIX}"));
        let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugin-abi/include");
        let output = Command::new("cc")
            .args(["-std=c11", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror"])
            .arg("-I")
            .arg(header)
            .args(definitions.iter().map(|definition| format!("-D{definition}")))
            .arg(source)
            .arg("-o")
            .arg(&library)
            .output()
            .expect("these tests need a C compiler under the name `cc`");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        library
    }

    /// What is said of a library that is refused, without the folder of this run.
    pub(crate) fn said(&self, title: &str, error: &PluginError) -> String {
        let diagnostic = error.diagnostic();
        let mut text = format!("## {title}\n{}: {}\n", diagnostic.code, diagnostic.message);
        for (kind, lines) in [("help", &diagnostic.help), ("note", &diagnostic.notes)] {
            for line in lines {
                // What follows differs from system to system.
                let line = if line.starts_with(SYSTEM_SAYS) { SYSTEM_SAYS } else { line };
                text.extend(["  ", kind, ": ", line, "\n"]);
            }
        }
        text.replace(&format!("{}/", self.0.path().display()), "")
            .replace(&format!("{DLL_SUFFIX}`"), ".so`")
    }
}
