//! Projects on disk: found, locked, scaffolded, and every fault of a file with a message.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::Path;

use exeat_diagnostics::render;
use exeat_engine::{LoadOptions, Loaded, Session, TestFilter, files, lock, scaffold};

fn project(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, contents) in scaffold::init_files(name).unwrap() {
        files::write_new(&folder.path().join(path), contents.as_bytes()).unwrap();
    }
    folder
}

fn load(folder: &Path) -> Loaded {
    Session::load(&LoadOptions { root: folder.to_owned(), ..LoadOptions::default() })
}

/// The problems, without the folder of this run.
fn shown(loaded: &Loaded, folder: &Path) -> String {
    let text = render::plain(&loaded.diagnostics, &loaded.sources);
    text.replace(&format!("{}/", files::shown(folder)), "")
}

#[test]
fn a_new_project_checks_and_its_scenarios_pass() {
    // A name with dots is a path in the folder of the rules.
    assert!(project("acme.desk").path().join("policies/acme/desk.exeat").is_file());
    let folder = project("my_rules");
    let mut loaded = load(folder.path());
    assert_eq!(shown(&loaded, folder.path()), "");
    let session = loaded.session.take().unwrap();
    assert_eq!(session.project().name.as_deref(), Some("my_rules"));
    let run = session.run_tests(&TestFilter::default());
    assert_eq!((run.scenarios.len(), run.failed()), (4, 0));
    let path = folder.path().join("examples/shipment.toml");
    let text = files::read_text(&path).unwrap();
    let input = exeat_engine::FactsInput { name: "shipment.toml".to_owned(), text, format: None };
    assert!(session.read_facts(&mut loaded.sources, &input).document.is_some());
    assert_eq!(run.coverage.uncovered, []);
    for name in ["", "My", "1st", "a-b", "rule", "a.rule", "a..b", ".a"] {
        assert!(scaffold::init_files(name).unwrap_err().contains(&format!("`{name}`")));
    }
}

#[test]
fn a_lock_refuses_what_changed_was_added_or_removed() {
    let folder = project("rules");
    let locked =
        LoadOptions { root: folder.path().to_owned(), locked: true, ..LoadOptions::default() };
    let missing = Session::load(&locked);
    assert!(missing.session.is_none());
    let mut report = shown(&missing, folder.path());
    let session = load(folder.path()).session.unwrap();
    lock::write_lock(&session).unwrap();
    assert!(Session::load(&locked).session.is_some());
    assert!(!lock::lock_text(&session).contains(&files::shown(folder.path())));

    let rules = folder.path().join("policies/rules.exeat");
    let text = files::read_text(&rules).unwrap();
    files::write_atomically(&rules, text.replace("100 kg", "101 kg").as_bytes()).unwrap();
    let added = folder.path().join("policies/more.exeat");
    let module = "edition 2026\n\nmodule more {\n    title \"More\"\n    cite \"Act\"\n}\n";
    files::write_new(&added, module.as_bytes()).unwrap();
    report.push_str(&shown(&Session::load(&locked), folder.path()));
    fs::remove_file(&added).unwrap();
    fs::rename(&rules, folder.path().join("policies/moved.exeat")).unwrap();
    report.push_str(&shown(&Session::load(&locked), folder.path()));
    files::write_atomically(&folder.path().join("exeat.lock"), b"version = 2\n").unwrap();
    report.push_str(&shown(&Session::load(&locked), folder.path()));
    files::write_atomically(&folder.path().join("exeat.lock"), b"version = \n").unwrap();
    report.push_str(&shown(&Session::load(&locked), folder.path()));
    insta::assert_snapshot!(report);
}

#[test]
fn faults_of_files_are_told() {
    let folder = project("rules");
    let at = |path: &str| folder.path().join(path);
    let fault = |result: Result<String, exeat_diagnostics::Diagnostic>| {
        let fault = result.unwrap_err();
        let message = fault.message.replace(&format!("{}/", files::shown(folder.path())), "");
        format!("{} {message}\n    {}\n", fault.code, fault.help.join(" "))
    };
    let mut report = fault(files::read_text(&at("policies/rulse.exeat")));
    report.push_str(&fault(files::read_text(&at("policies"))));
    files::write_new(&at("latin.toml"), b"as_of = 1\nname = \"caf\xe9\"\n").unwrap();
    report.push_str(&fault(files::read_text(&at("latin.toml"))));
    let large = fs::File::create(at("large.toml")).unwrap();
    large.set_len(100 * 1024 * 1024).unwrap();
    report.push_str(&fault(files::read_text(&at("large.toml"))));
    let mut endless = std::io::repeat(b'a');
    report.push_str(&fault(files::read_stream("standard input", &mut endless)));
    report.push_str(&fault(
        files::write_atomically(&at("no/such/folder"), b"x").map(|()| String::new()),
    ));
    report.push_str(&fault(files::write_new(&at("exeat.toml"), b"x").map(|()| String::new())));
    insta::assert_snapshot!(report);
}

#[test]
fn faults_of_a_project_are_told() {
    let folder = project("rules");
    let manifest = folder.path().join("exeat.toml");
    files::write_atomically(
        &manifest,
        b"[project]\nname = 1\npolicy = [\"a\"]\nplugins = \"a.so\"\nlocked = 1\n[other]\n",
    )
    .unwrap();
    let mut report = shown(&load(folder.path()), folder.path());
    files::write_atomically(&manifest, b"[project]\npolicies = [\"examples\"]\n").unwrap();
    report.push_str(&shown(&load(folder.path()), folder.path()));
    files::write_atomically(&manifest, b"[project]\npolicies = [\"polices\"]\n").unwrap();
    report.push_str(&shown(&load(folder.path()), folder.path()));
    insta::assert_snapshot!(report);
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = project("rules");
    symlink(folder.path(), folder.path().join("policies/again")).unwrap();
    fs::create_dir(folder.path().join("policies/.hidden")).unwrap();
    files::write_new(&folder.path().join("policies/.hidden/a.exeat"), b"rule").unwrap();
    files::write_new(&folder.path().join("policies/target/a.exeat"), b"rule").unwrap();
    assert_eq!(files::rule_files(&folder.path().join("policies")).unwrap().len(), 1);

    let script = folder.path().join("script");
    files::write_new(&script, b"old").unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o750)).unwrap();
    let link = folder.path().join("link");
    symlink(&script, &link).unwrap();
    files::write_atomically(&link, b"new").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(files::read_text(&script).unwrap(), "new");
    assert_eq!(fs::metadata(&script).unwrap().permissions().mode() & 0o777, 0o750);
    let left = fs::read_dir(folder.path()).unwrap().flatten();
    assert!(
        left.into_iter().all(|entry| !entry.file_name().to_string_lossy().starts_with(".exeat-"))
    );
}
