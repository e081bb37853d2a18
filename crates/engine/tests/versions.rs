//! Rules at a revision, staged, and in a folder.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]
#![expect(clippy::disallowed_methods, reason = "a test makes a repository")]

use std::fs;
use std::path::Path;
use std::process::Command;

use exeat_diagnostics::render;
use exeat_engine::{LoadOptions, Loaded, Session, TestFilter, Version, files, scaffold};

fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"];
    let output =
        Command::new("git").arg("-C").arg(folder).args(who).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A repository whose project lies in a folder of it, with a first commit.
fn repository() -> (tempfile::TempDir, LoadOptions) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("rules of the office");
    for (path, contents) in scaffold::init_files("desk").unwrap() {
        files::write_new(&root.join(path), contents.as_bytes()).unwrap();
    }
    files::write_new(&folder.path().join("other.exeat"), b"not a rule file").unwrap();
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "-m", "first"]);
    (folder, LoadOptions { root, ..LoadOptions::default() })
}

fn load(options: &LoadOptions, version: &str) -> Loaded {
    Session::load_version(options, &Version::named(version))
}

/// How many scenarios pass and fail.
fn tested(loaded: &Loaded) -> (usize, usize) {
    let text = render::plain(&loaded.diagnostics, &loaded.sources);
    let session = loaded.session.as_ref().unwrap_or_else(|| panic!("{text}"));
    let run = session.run_tests(&TestFilter::default());
    (run.scenarios.len() - run.failed(), run.failed())
}

#[test]
fn each_version_is_its_own() {
    let (folder, options) = repository();
    let path = options.root.join("policies/desk.exeat");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("mass <= 100 kg", "mass <= 99 kg")).unwrap();
    git(folder.path(), &["add", "."]);
    fs::write(&path, text.replace("mass <= 100 kg", "mass <=")).unwrap();
    assert_eq!(tested(&load(&options, "HEAD")), (4, 0));
    assert_eq!(tested(&load(&options, ":staged")), (3, 1));
    let root = options.root.to_str().unwrap();
    let broken = load(&options, root);
    assert!(broken.session.is_none());
    // A name with a space and a rule file outside of the project do no harm.
    let shown = render::plain(&load(&options, "HEAD").diagnostics, &broken.sources);
    assert_eq!(shown, "");
    let staged = load(&options, ":staged").session.unwrap();
    let names: Vec<&str> =
        staged.digests().policies.iter().map(|digest| digest.name.as_str()).collect();
    assert_eq!(names, [":policies/desk.exeat"]);
}

#[test]
fn tables_come_from_the_same_version() {
    let (folder, options) = repository();
    let rules = "edition 2026\nmodule desk { title \"T\" cite \"A\" }\nfact place : country\n\
        table limit (place : country) : number { title \"L\" cite \"A\" file \"limits.csv\" otherwise 0 cite \"A\" }\n\
        decision most : number { title \"M\" combine unique otherwise 0 cite \"A\" }\n\
        rule one { title \"R\" cite \"A\" then most is limit(place) }\n\
        scenario \"s\" { as of 2025-01-01 given place = AT expect most is 5 }\n";
    fs::write(options.root.join("policies/desk.exeat"), rules).unwrap();
    let table = options.root.join("policies/limits.csv");
    fs::write(&table, "place,value\nAT,5\n").unwrap();
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "-m", "second"]);
    fs::write(&table, "place,value\nAT,6\n").unwrap();
    assert_eq!(tested(&load(&options, "HEAD")), (1, 0));
    assert_eq!(tested(&load(&options, options.root.to_str().unwrap())), (0, 1));
    fs::remove_file(&table).unwrap();
    git(folder.path(), &["add", "--all"]);
    let staged = load(&options, ":staged");
    let shown = render::plain(&staged.diagnostics, &staged.sources);
    assert!(shown.contains("there is no file `:policies/limits.csv`"), "{shown}");
}

#[test]
fn what_git_does_not_know_is_said() {
    let (_folder, options) = repository();
    let said = |options: &LoadOptions, version: &str| {
        let loaded = load(options, version);
        assert!(loaded.session.is_none());
        render::plain(&loaded.diagnostics, &loaded.sources)
    };
    for version in ["HEAD~99", "--help", "no such branch", ""] {
        let shown = said(&options, version);
        let expected = format!("error E0850: there is no revision and no folder `{version}`");
        assert!(shown.contains(&expected), "{shown}");
    }
    let nowhere = tempfile::tempdir().unwrap();
    let outside = LoadOptions { root: nowhere.path().to_owned(), ..LoadOptions::default() };
    let shown = said(&outside, "HEAD");
    assert!(shown.contains("E0850") && shown.contains("not a git repository"), "{shown}");
}
