use std::path::{Path, PathBuf};

use exeat_diagnostics::SourceMap;
use exeat_syntax::{LARGEST_SOURCE, Parsed};

/// Reads and parses all rule files that are named or lie in a named folder, in the order of their paths.
pub(crate) fn read(paths: &[PathBuf]) -> Result<(SourceMap, Vec<Parsed>), String> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    files.sort();
    files.dedup();
    if files.is_empty() {
        return Err("There is no rule file (`*.exeat`) in what was named.".to_owned());
    }
    let mut sources = SourceMap::new();
    let mut parsed = Vec::new();
    for path in files {
        let name = path.to_string_lossy().into_owned();
        let text = text(&path)?;
        let file = sources.add(name, text.clone()).and_then(|id| sources.file(id));
        let Some(file) = file else {
            return Err("The files are too large to be read together.".to_owned());
        };
        parsed.push(exeat_syntax::parse(text, file.base));
    }
    Ok((sources, parsed))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = path
        .read_dir()
        .map_err(|error| format!("The folder `{}` cannot be read: {error}.", path.display()))?;
    for entry in entries {
        let entry = entry
            .map_err(|error| format!("The folder `{}` cannot be read: {error}.", path.display()))?;
        let (inner, hidden) = (entry.path(), entry.file_name().to_string_lossy().starts_with('.'));
        // A link to a folder is not followed, so that a circle of links ends.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !hidden && (is_folder || inner.extension().is_some_and(|extension| extension == "exeat"))
        {
            collect(&inner, files)?;
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the command is where files are read")]
fn text(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let size = path
        .metadata()
        .map_err(|error| format!("The file `{shown}` cannot be read: {error}."))?
        .len();
    if size > u64::try_from(LARGEST_SOURCE).unwrap_or(u64::MAX) {
        return Err(format!(
            "The file `{shown}` has {size} bytes; the most that is read is {LARGEST_SOURCE}."
        ));
    }
    let bytes = std::fs::read(path)
        .map_err(|error| format!("The file `{shown}` cannot be read: {error}."))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("The file `{shown}` is not UTF-8 text: byte {at} is no part of a character. Save it as UTF-8.")
    })
}
