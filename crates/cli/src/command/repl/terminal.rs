//! The desk at a terminal: a line editor, rules that are read again when they are saved.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use exeat_desk::{Desk, Gather, Update};
use exeat_engine::{Project, files};
use rustyline::completion::FilenameCompleter;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, CompletionType, Config, Editor, ExternalPrinter as _};

use super::Shower;
use super::helper::{DeskHelper, Shared, lock};
use crate::answer::desk as shown;
use crate::arguments::ReplArguments;
use crate::command::watch::Watched;
use crate::output::Output;

/// How many lines are kept from session to session.
const MOST_HISTORY: usize = 5000;

/// Answers lines until the end of the session.
pub(crate) fn run(desk: Desk, arguments: &ReplArguments, shower: &Shower<'_>) -> u8 {
    let desk: Shared = Arc::new(Mutex::new(desk));
    let colour = shower.output.has_coloured_answers();
    let mut editor = match editor(&desk, colour) {
        Ok(editor) => editor,
        Err(error) => {
            shower.output.say(&format!("the terminal cannot be used: {error}"));
            return super::super::UNREADABLE;
        }
    };
    greet(&lock(&desk), shower.output);
    let history = arguments.history.clone().or_else(history_file);
    if let Some(path) = &history {
        // There is none yet in the first session.
        let _ = editor.load_history(path);
    }
    // Between lines Ctrl-C would end the program; a line that takes long must not do that.
    let interrupted = Arc::new(AtomicBool::new(false));
    let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&interrupted));
    let mut watched =
        if arguments.no_watch { None } else { reload_on_save(&desk, &mut editor, shower.output) };
    loop {
        interrupted.store(false, Ordering::Relaxed);
        let prompt = prompt(&lock(&desk));
        let text = match editor.readline(prompt.as_str()) {
            Ok(text) => text,
            Err(ReadlineError::Interrupted | ReadlineError::Signal(_)) => continue,
            Err(ReadlineError::Eof) => {
                let mut desk = lock(&desk);
                if desk.is_asking() {
                    let reply = desk.stop_asking();
                    shower.show("", &reply, &desk);
                    continue;
                }
                break;
            }
            Err(error) => {
                shower.output.say(&format!("the terminal cannot be read any more: {error}"));
                break;
            }
        };
        if text.trim().is_empty() && !lock(&desk).is_asking() {
            continue;
        }
        let _ = editor.add_history_entry(text.trim_end());
        if answer(&text, &desk, shower) {
            break;
        }
        // Lines can bring more files: `load`, `save as`.
        if let Some(watched) = &mut watched {
            watch_all(watched, &lock(&desk), shower.output);
        }
    }
    if let Some(path) = &history
        && let Err(error) = editor.save_history(path)
    {
        let name = files::shown(path);
        shower.output.say(&format!("the lines could not be kept in `{name}`: {error}"));
    }
    0
}

/// Answers all lines of what was typed or pasted at once; whether the session is to end.
fn answer(text: &str, desk: &Shared, shower: &Shower<'_>) -> bool {
    let mut gather = Gather::default();
    let mut lines = text.split('\n');
    loop {
        let mut desk = lock(desk);
        let whole = match lines.next() {
            Some(line) => match gather.push(&desk, line) {
                Some(whole) => whole,
                None => continue,
            },
            None => match gather.take() {
                Some(rest) => rest,
                None => return false,
            },
        };
        if whole.trim().is_empty() && !desk.is_asking() {
            continue;
        }
        let reply = desk.run(&whole);
        shower.show(&whole, &reply, &desk);
        if reply.quit {
            return true;
        }
    }
}

fn editor(desk: &Shared, colour: bool) -> rustyline::Result<Editor<DeskHelper, FileHistory>> {
    let config = Config::builder()
        .max_history_size(MOST_HISTORY)?
        .history_ignore_dups(true)?
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .color_mode(if colour { ColorMode::Enabled } else { ColorMode::Disabled })
        .bracketed_paste(true)
        .tab_stop(4)
        .build();
    let mut editor = Editor::with_config(config)?;
    let files = FilenameCompleter::new();
    editor.set_helper(Some(DeskHelper { desk: Arc::clone(desk), files, colour }));
    Ok(editor)
}

/// The day stands in the prompt: what is answered is answered for that day.
fn prompt(desk: &Desk) -> String {
    if desk.is_asking() {
        return "> ".to_owned();
    }
    match desk.as_of() {
        Some(day) => format!("{day}> "),
        None => "no day> ".to_owned(),
    }
}

fn greet(desk: &Desk, output: &Output) {
    let hir = desk.session().hir();
    let plural =
        |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    output.answer(&format!(
        "exeat {}: {}, {}, {}.\n`help` lists what can be typed, Tab completes.\n",
        env!("CARGO_PKG_VERSION"),
        plural(hir.modules.len(), "module"),
        plural(hir.rules.len(), "rule"),
        plural(hir.scenarios.len(), "scenario"),
    ));
    #[expect(clippy::disallowed_methods, reason = "what the terminal can do is said by its name")]
    let terminal = std::env::var("TERM").unwrap_or_default();
    if ["dumb", "cons25", "emacs"].contains(&terminal.as_str()) {
        output.answer(&format!(
            "The terminal calls itself `{terminal}`: there is no completion, no colour, no history and no \
             editing here. Everything else works.\n"
        ));
    }
}

/// Where lines are kept: beside other state of the person's programs.
fn history_file() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "only the environment says where a person's state lies"
    )]
    let folder =
        |name: &str| std::env::var(name).ok().filter(|path| !path.is_empty()).map(PathBuf::from);
    let state = folder("XDG_STATE_HOME")
        .or_else(|| folder("HOME").map(|home| home.join(".local").join("state")))
        .or_else(|| folder("LOCALAPPDATA"))?;
    let folder = state.join("exeat");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}

/// Watches all rule files of a desk, and the manifest.
fn watch_all(watched: &mut Watched, desk: &Desk, output: &Output) {
    let project: &Project = desk.session().project();
    let manifest = project.root.join(exeat_engine::MANIFEST_NAME);
    let manifest = files::is_file(&manifest).then_some(manifest);
    let paths: Vec<PathBuf> = project.policies.iter().cloned().chain(manifest).collect();
    if let Err(fault) = watched.also(&paths) {
        let name = fault.0.as_deref().map_or_else(String::new, files::shown);
        output.say(&format!("`{name}` cannot be watched; `reload` reads the files again"));
    }
}

/// Reads the rules again beside the line editor, each time one of their files is saved; gives what is watched.
fn reload_on_save(
    desk: &Shared,
    editor: &mut Editor<DeskHelper, FileHistory>,
    output: &Output,
) -> Option<Watched> {
    let mut printer = editor.create_external_printer().ok()?;
    let remembered = Arc::clone(lock(desk).session());
    let Ok((mut watched, changes)) = Watched::new(false) else {
        output.say("the files cannot be watched; `reload` reads them again");
        return None;
    };
    watch_all(&mut watched, &lock(desk), output);
    let (desk, output) = (Arc::clone(desk), output.clone());
    std::thread::spawn(move || {
        let before = Desk::remember_scenarios(&remembered);
        drop(remembered);
        lock(&desk).take_remembered(before);
        while changes.wait() {
            // The session may be gone by now; then nobody listens.
            let options = lock(&desk).reload_options();
            let update = Update::load(options);
            let text = {
                let mut desk = lock(&desk);
                if !update.changes(&desk) {
                    continue;
                }
                let reply = desk.take_update(update);
                shown::reply(&reply, &desk, &output)
            };
            let text = output.for_terminal(&text);
            if printer.print(text).is_err() {
                return;
            }
        }
    });
    Some(watched)
}
