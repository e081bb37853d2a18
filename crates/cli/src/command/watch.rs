//! Doing something again each time a rule file changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use exeat_diagnostics::{Diagnostic, Severity, SourceMap, codes};
use exeat_engine::{Project, files};
use notify::{Config, Event, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::UNREADABLE;
use crate::arguments::ProjectArguments;
use crate::output::Output;

/// An editor writes a file in several steps; they count as one if they follow each other within this.
const QUIET: Duration = Duration::from_millis(25);

/// How often files are looked at where the system does not tell.
const POLL: Duration = Duration::from_millis(500);

/// The files and folders whose changes matter: those given, else those of the project and its manifest.
pub(crate) fn paths(
    project: &ProjectArguments,
    given: &[PathBuf],
    output: &Output,
) -> Result<Vec<PathBuf>, u8> {
    let named = if given.is_empty() { &project.policies[..] } else { given };
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let root = super::root(project, None).map_err(|problem| {
        output.problem(*problem);
        UNREADABLE
    })?;
    let mut sources = SourceMap::new();
    let mut paths = Project::policy_paths(&root, &mut sources).map_err(|problems| {
        output.problems(&problems, &sources);
        super::exit_code(&problems)
    })?;
    let manifest = root.join("exeat.toml");
    if files::is_file(&manifest) {
        paths.push(manifest);
    }
    Ok(paths)
}

/// The changes of what is watched, as long as something is.
pub(crate) struct Changes(Receiver<()>);

impl Changes {
    /// Waits for a change and until no other follows; `false` if none can come any more.
    pub(crate) fn wait(&self) -> bool {
        wait(&self.0)
    }
}

/// What is watched, as long as it lives.
pub(crate) struct Watched {
    watcher: Box<dyn Watcher + Send>,
    /// Files and folders that were asked for.
    asked: BTreeSet<PathBuf>,
    folders: BTreeMap<PathBuf, RecursiveMode>,
}

/// Why something is not watched, and what, if it is one path.
pub(crate) type Fault = Box<(Option<PathBuf>, notify::Error)>;

impl Watched {
    /// Nothing yet. With `poll` files are looked at, else the system tells of their changes.
    pub(crate) fn new(poll: bool) -> Result<(Self, Changes), Fault> {
        let (sender, changes) = channel();
        let report = move |event: notify::Result<Event>| {
            if matters(&event) {
                // Who listens no longer has been stopped.
                let _ = sender.send(());
            }
        };
        let config = Config::default().with_poll_interval(POLL).with_compare_contents(true);
        let watcher: notify::Result<Box<dyn Watcher + Send>> = if poll {
            PollWatcher::new(report, config)
                .map(|watcher| Box::new(watcher) as Box<dyn Watcher + Send>)
        } else {
            RecommendedWatcher::new(report, config)
                .map(|watcher| Box::new(watcher) as Box<dyn Watcher + Send>)
        };
        let watcher = watcher.map_err(|error| Box::new((None, error)))?;
        Ok((Self { watcher, asked: BTreeSet::new(), folders: BTreeMap::new() }, Changes(changes)))
    }

    /// Watches files and folders too. Of a file the folder is watched: an editor may put another file in its
    /// place.
    pub(crate) fn also(&mut self, paths: &[PathBuf]) -> Result<(), Fault> {
        let new: Vec<&PathBuf> =
            paths.iter().filter(|path| self.asked.insert((*path).clone())).collect();
        let (files, folders): (Vec<&PathBuf>, Vec<&PathBuf>) =
            new.into_iter().partition(|path| files::is_file(path));
        for folder in folders {
            self.folder(folder, RecursiveMode::Recursive)?;
        }
        for file in files {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
            self.folder(folder.unwrap_or_else(|| Path::new(".")), RecursiveMode::NonRecursive)?;
        }
        Ok(())
    }

    fn folder(&mut self, folder: &Path, mode: RecursiveMode) -> Result<(), Fault> {
        let covers = |(known, depth): (&PathBuf, &RecursiveMode)| match depth {
            RecursiveMode::Recursive => folder.starts_with(known),
            RecursiveMode::NonRecursive => folder == known && *depth == mode,
        };
        if self.folders.iter().any(covers) {
            return Ok(());
        }
        self.watcher
            .watch(folder, mode)
            .map_err(|error| Box::new((Some(folder.to_owned()), error)))?;
        self.folders.insert(folder.to_owned(), mode);
        Ok(())
    }
}

/// Does it once, and again after each change, until the program is stopped or the watching fails.
pub(crate) fn watch(paths: &[PathBuf], poll: bool, output: &Output, again: &dyn Fn()) -> u8 {
    let watched = Watched::new(poll).and_then(|(mut watched, changes)| {
        watched.also(paths)?;
        Ok((watched, changes))
    });
    let (_watched, changes) = match watched {
        Ok(watched) => watched,
        Err(fault) => return refused(fault.0.as_deref(), &fault.1, output),
    };
    loop {
        again();
        output.say("Watching for changes; Ctrl-C ends it.");
        if !changes.wait() {
            return 0;
        }
    }
}

/// Whether an event can change what the rules say. An access cannot, and other kinds of files cannot.
fn matters(event: &notify::Result<Event>) -> bool {
    let Ok(event) = event else { return true };
    let of_rules = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        matches!(extension, Some("exeat" | "csv" | "toml"))
    };
    !event.kind.is_access() && (event.need_rescan() || event.paths.iter().any(of_rules))
}

/// Waits for a change and until no other follows; `false` if none can come any more.
fn wait(changes: &Receiver<()>) -> bool {
    if changes.recv().is_err() {
        return false;
    }
    loop {
        match changes.recv_timeout(QUIET) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

fn refused(path: Option<&Path>, error: &notify::Error, output: &Output) -> u8 {
    let what =
        path.map_or_else(|| "the files".to_owned(), |path| format!("`{}`", files::shown(path)));
    let message = format!("{what} cannot be watched: {error}");
    output.problem(
        Diagnostic::unplaced(codes::FILE_UNREADABLE, Severity::Error, message)
            .with_help("Check that it is there; on a network disk try `--poll`."),
    );
    UNREADABLE
}
