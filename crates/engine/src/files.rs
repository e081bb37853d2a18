#![expect(
    clippy::disallowed_methods,
    reason = "this module is the rim: the only one that touches a disk"
)]
//! Reading and writing files, with messages for whatever can go wrong.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use exeat_diagnostics::{Diagnostic, Severity, codes, suggestion};

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: u64 = 32 * 1024 * 1024;

/// How many folders may lie inside each other.
const DEEPEST_FOLDER: usize = 64;

/// A path as it is shown: with `/` between its parts, without a leading `./`.
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut rest = text.as_str();
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter.trim_start_matches('/');
    }
    if rest.is_empty() { ".".to_owned() } else { rest.to_owned() }
}

/// Reads a text file.
///
/// # Errors
/// If it is missing, a folder, too large, unreadable or not UTF-8.
pub fn read_text(path: &Path) -> Result<String, Diagnostic> {
    let bytes = read_bytes(path)?;
    text_of(&shown(path), bytes)
}

/// Reads all of a stream, as standard input.
///
/// # Errors
/// If it is too large, unreadable or not UTF-8.
pub fn read_stream(name: &str, stream: &mut dyn Read) -> Result<String, Diagnostic> {
    let mut bytes = Vec::new();
    let mut limited = stream.take(LARGEST_FILE.saturating_add(1));
    limited.read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LARGEST_FILE {
        return Err(too_large(name));
    }
    text_of(name, bytes)
}

/// The largest line that is read of a stream of lines, in bytes.
pub const LARGEST_LINE: usize = 1024 * 1024;

/// Opens a file of lines, which may be longer than what fits into memory; `-` is standard input.
///
/// # Errors
/// If it is missing, a folder or unreadable.
pub fn open_lines(path: &Path) -> Result<Lines, Diagnostic> {
    let name = if path == Path::new("-") { "standard input".to_owned() } else { shown(path) };
    let source: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        if path.is_dir() {
            return Err(not_a_file(path));
        }
        Box::new(fs::File::open(path).map_err(|error| refused(path, &error))?)
    };
    Ok(Lines { name, source: BufReader::new(source), number: 0, ended: false })
}

/// Lines of a file, read one after the other.
pub struct Lines {
    name: String,
    source: BufReader<Box<dyn Read>>,
    number: usize,
    ended: bool,
}

impl Lines {
    /// The name that is shown.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Iterator for Lines {
    type Item = Result<String, Diagnostic>;

    /// The next line without its end; a problem with one line does not end the lines, but one with
    /// reading does.
    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        self.number = self.number.saturating_add(1);
        let place = format!("line {} of {}", self.number, self.name);
        let mut bytes = Vec::new();
        let most = u64::try_from(LARGEST_LINE).unwrap_or(u64::MAX);
        match (&mut self.source).take(most).read_until(b'\n', &mut bytes) {
            Ok(0) => return None,
            Ok(read) if read == LARGEST_LINE && !bytes.ends_with(b"\n") => {
                // The rest of the line is not wanted, but the next line is.
                let skipped = self.source.skip_until(b'\n');
                self.ended = skipped.is_err();
                let message = format!("{place} is longer than 1 MiB, the most that is read");
                let problem = Diagnostic::unplaced(codes::FILE_TOO_LARGE, Severity::Error, message)
                    .with_help("Write one shipment a line.");
                return Some(Err(problem));
            }
            Ok(_) => {}
            Err(error) => {
                self.ended = true;
                return Some(Err(unreadable(&self.name, &error)));
            }
        }
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        Some(String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let message = format!("{place} is not UTF-8 text: byte {at} of it cannot be read");
            Diagnostic::unplaced(codes::NOT_UTF8, Severity::Error, message)
                .with_help("Write the file as UTF-8.")
        }))
    }
}

/// Whether there is a file.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Whether there is a folder.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// All rule files in a folder and the folders in it, or the file itself; sorted by path. Hidden
/// entries and folders called `target` are skipped, and no folder is entered twice.
///
/// # Errors
/// If the path is missing or cannot be read.
pub fn rule_files(path: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let kind = fs::metadata(path).map_err(|error| refused(path, &error))?;
    if !kind.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let mut entered = BTreeSet::new();
    walk(path, 0, &mut entered, &mut found)?;
    found.sort_by_key(|path| shown(path));
    Ok(found)
}

fn walk(
    folder: &Path,
    depth: usize,
    entered: &mut BTreeSet<PathBuf>,
    found: &mut Vec<PathBuf>,
) -> Result<(), Diagnostic> {
    let real = fs::canonicalize(folder).map_err(|error| refused(folder, &error))?;
    if depth > DEEPEST_FOLDER || !entered.insert(real) {
        return Ok(());
    }
    let entries = fs::read_dir(folder).map_err(|error| refused(folder, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|error| refused(folder, &error))?.path());
    }
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if name.is_none_or(|name| name.starts_with('.') || name == "target") {
            continue;
        }
        let is_rule_file = path.extension().is_some_and(|extension| extension == "exeat");
        // A link that leads nowhere is a fault only if a rule file was meant.
        match fs::metadata(&path) {
            Ok(kind) if kind.is_dir() => walk(&path, depth.saturating_add(1), entered, found)?,
            Ok(_) if is_rule_file => found.push(path),
            Err(error) if is_rule_file => return Err(refused(&path, &error)),
            Ok(_) | Err(_) => {}
        }
    }
    Ok(())
}

/// Reads a file of any kind.
///
/// # Errors
/// If it is missing, a folder, too large or unreadable.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let kind = fs::metadata(path).map_err(|error| refused(path, &error))?;
    if kind.is_dir() {
        return Err(not_a_file(path));
    }
    if kind.len() > LARGEST_FILE {
        return Err(too_large(&shown(path)));
    }
    fs::read(path).map_err(|error| refused(path, &error))
}

/// Replaces a file as a whole: whoever reads it sees the old contents or the new ones, never a part.
/// The permissions of the old file are kept, and a link stays a link.
///
/// # Errors
/// If it cannot be written; then the old file is as it was.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    // A link is followed, so that the file it leads to is replaced and not the link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if target.is_dir() {
        return Err(not_a_file(path));
    }
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    replace(&target, &folder, bytes).map_err(|error| cannot_write(path, &error))
}

fn replace(target: &Path, folder: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let permissions = fs::metadata(target).ok().map(|kind| kind.permissions());
    if permissions.as_ref().is_some_and(fs::Permissions::readonly) {
        return Err(std::io::Error::new(ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let mut draft = tempfile::Builder::new().prefix(".exeat-").tempfile_in(folder)?;
    draft.write_all(bytes)?;
    match permissions {
        Some(permissions) => draft.as_file().set_permissions(permissions)?,
        None => make_readable(draft.as_file(), bytes)?,
    }
    draft.as_file().sync_all()?;
    draft.persist(target).map_err(|error| error.error)?;
    Ok(())
}

/// A new file gets the usual permissions; the draft was readable by its owner alone. A script may be run: git
/// passes over a hook that may not.
#[cfg(unix)]
fn make_readable(file: &fs::File, bytes: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = if bytes.starts_with(b"#!") { 0o755 } else { 0o644 };
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn make_readable(_: &fs::File, _: &[u8]) -> std::io::Result<()> {
    Ok(())
}

/// Writes a file that must not be there yet, with the folders on the way to it.
///
/// # Errors
/// If it is there, or cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    if fs::symlink_metadata(path).is_ok() {
        let message = format!("there is already a file `{}`", shown(path));
        return Err(Diagnostic::unplaced(codes::FILE_EXISTS, Severity::Error, message)
            .with_help("Choose another folder or name, or remove the file first."));
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| cannot_write(path, &error))?;
    }
    write_atomically(path, bytes)
}

/// Bytes as text.
pub(crate) fn text_of(name: &str, bytes: Vec<u8>) -> Result<String, Diagnostic> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        let message = format!(
            "`{name}` is not UTF-8 text: line {}, byte {at} of the file, cannot be read",
            line.saturating_add(1)
        );
        Diagnostic::unplaced(codes::NOT_UTF8, Severity::Error, message)
            .with_help("Save the file as UTF-8 in your editor.")
    })
}

fn refused(path: &Path, error: &std::io::Error) -> Diagnostic {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => missing(path),
        ErrorKind::IsADirectory => not_a_file(path),
        _ => unreadable(&shown(path), error),
    }
}

fn missing(path: &Path) -> Diagnostic {
    let message = format!("there is no file or folder `{}`", shown(path));
    let diagnostic = Diagnostic::unplaced(codes::FILE_NOT_FOUND, Severity::Error, message);
    let siblings = siblings(path);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    match suggestion(&name.unwrap_or_default(), siblings.iter().map(String::as_str)) {
        Some(sentence) => diagnostic.with_help(sentence),
        None => diagnostic.with_help("Check the path; it is relative to the folder you are in."),
    }
}

/// The names of the entries of the folder in which a path would lie.
fn siblings(path: &Path) -> Vec<String> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn not_a_file(path: &Path) -> Diagnostic {
    let message = format!("`{}` is a folder, and a file is needed here", shown(path));
    Diagnostic::unplaced(codes::NOT_A_FILE, Severity::Error, message)
        .with_help("Give the path of a file in it.")
}

fn unreadable(name: &str, error: &std::io::Error) -> Diagnostic {
    let message = format!("`{name}` cannot be read: {}", reason(error));
    Diagnostic::unplaced(codes::FILE_UNREADABLE, Severity::Error, message)
        .with_help("Check that you may read it.")
}

fn too_large(name: &str) -> Diagnostic {
    let message = format!("`{name}` is larger than 32 MiB, the most that is read");
    Diagnostic::unplaced(codes::FILE_TOO_LARGE, Severity::Error, message)
        .with_help("Check that it is the file you mean; a rule or facts file is a few kilobytes.")
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Diagnostic {
    let message = format!("`{}` cannot be written: {}", shown(path), reason(error));
    let help = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "Make room on the disk. Nothing was changed."
        }
        ErrorKind::FileTooLarge => {
            "The system allows no file of this size. Raise the limit. Nothing was changed."
        }
        _ => "Check that the folder is there and that you may write in it. Nothing was changed.",
    };
    Diagnostic::unplaced(codes::CANNOT_WRITE, Severity::Error, message).with_help(help)
}

/// What the system says, without its number.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::NotFound => "the folder is not there".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::QuotaExceeded => "the space that you may use is full".to_owned(),
        ErrorKind::FileTooLarge => "the file would be too large".to_owned(),
        kind => kind.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_said_to_be_full() {
        let said = |kind: ErrorKind| {
            let problem = cannot_write(Path::new("rules.exeat"), &std::io::Error::from(kind));
            (problem.message, problem.help)
        };
        let room = vec!["Make room on the disk. Nothing was changed.".to_owned()];
        let (message, help) = said(ErrorKind::StorageFull);
        assert_eq!(message, "`rules.exeat` cannot be written: the disk is full");
        assert_eq!(help, room);
        assert_eq!(said(ErrorKind::QuotaExceeded).1, room);
    }
}
