use std::path::{Path, PathBuf};

use exeat_diagnostics::{Diagnostic, SourceMap, Span, codes, suggestion};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::files;

/// The name of the file that makes a folder a project.
pub const MANIFEST_NAME: &str = "exeat.toml";

/// What belongs together: rule files and jurisdictions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    /// Its name, if its manifest gives one.
    pub name: Option<String>,
    /// Rule files and folders of such.
    pub policies: Vec<PathBuf>,
    /// Libraries of jurisdictions.
    pub plugins: Vec<PathBuf>,
    /// Whether what the lock file does not hold is refused, always and not only when asked for.
    pub locked: bool,
}

impl Project {
    /// The nearest folder, from `start` upwards, that is a project: it has a manifest, or a folder
    /// `policies`. A folder is never taken for one merely because rule files lie somewhere in it.
    pub fn root_above(start: &Path) -> Option<PathBuf> {
        let whole = std::path::absolute(start).ok()?;
        let is_root = |folder: &Path| {
            files::is_file(&folder.join(MANIFEST_NAME))
                || files::is_folder(&folder.join("policies"))
        };
        let found = whole.ancestors().find(|folder| is_root(folder))?;
        // From the folder itself names stay short: `policies/us.exeat` and not a whole path.
        Some(if found == whole { start.to_owned() } else { found.to_owned() })
    }

    /// The rule files of the project in a folder, sorted by path.
    ///
    /// # Errors
    /// If its manifest is wrong, or a file or folder that it names is not there.
    pub fn rule_files(
        root: &Path,
        sources: &mut SourceMap,
    ) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
        let mut found = Vec::new();
        for path in Self::policy_paths(root, sources)? {
            found.extend(files::rule_files(&path).map_err(|problem| vec![problem])?);
        }
        Ok(found)
    }

    /// The rule files and folders of such of the project in a folder, as its manifest names them.
    ///
    /// # Errors
    /// If its manifest is wrong.
    pub fn policy_paths(
        root: &Path,
        sources: &mut SourceMap,
    ) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
        let (project, problems) = Self::find(root, sources);
        if problems.iter().any(Diagnostic::is_error) {
            return Err(problems);
        }
        Ok(project.policies)
    }

    /// The project of a folder: as its manifest says, or with the rule files in `policies` or, if
    /// there is no such folder, in the folder itself.
    pub(crate) fn find(root: &Path, sources: &mut SourceMap) -> (Self, Vec<Diagnostic>) {
        let manifest = within(root, MANIFEST_NAME);
        let mut project = Self { root: root.to_owned(), ..Self::default() };
        let mut diagnostics = Vec::new();
        if files::is_file(&manifest) {
            match files::read_text(&manifest) {
                Ok(text) => {
                    diagnostics = project.read(&files::shown(&manifest), &text, sources);
                }
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        if project.policies.is_empty() {
            let usual = within(root, "policies");
            project.policies = vec![if files::is_folder(&usual) { usual } else { root.to_owned() }];
        }
        (project, diagnostics)
    }

    /// A path in the folder of the project, as its rule files are called.
    pub(crate) fn within(&self, path: &Path) -> PathBuf {
        within(&self.root, &files::shown(path))
    }

    /// The name of a file of the project relative to its folder, so that a lock file says the same
    /// wherever it is looked at from.
    pub(crate) fn relative(&self, name: &str) -> String {
        let root = files::shown(&self.root);
        let inside = name.strip_prefix(&root).and_then(|rest| rest.strip_prefix('/'));
        inside.unwrap_or(name).to_owned()
    }

    /// The project of a project file that is on no disk; its paths are relative to the folder of the file.
    pub(crate) fn of_text(
        manifest: Option<(String, String)>,
        sources: &mut SourceMap,
    ) -> (Self, Vec<Diagnostic>) {
        let mut project = Self::default();
        let problems = match manifest {
            Some((name, text)) => project.read(&name, &text, sources),
            None => Vec::new(),
        };
        (project, problems)
    }

    fn read(&mut self, name: &str, text: &str, sources: &mut SourceMap) -> Vec<Diagnostic> {
        let base = base_of(name, text, sources);
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let span = error.span().map_or(Span::new(base, base), |range| place(base, &range));
                let message = format!("the project file cannot be read: {}", error.message());
                return vec![Diagnostic::error(codes::MANIFEST_INVALID, message, span, "")];
            }
        };
        let mut problems = Vec::new();
        for (key, value) in table.get_ref() {
            let span = place(base, &key.span());
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("project", DeValue::Table(settings)) => {
                    for (key, value) in settings {
                        self.setting(base, key, value, &mut problems);
                    }
                }
                ("project", _) => problems.push(invalid(
                    "`project` has to be a table",
                    span,
                    "Write `[project]` on a line of its own.",
                )),
                (other, _) => problems.push(unknown(other, span, &["project"])),
            }
        }
        problems
    }

    fn setting(
        &mut self,
        base: u32,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        problems: &mut Vec<Diagnostic>,
    ) {
        let span = place(base, &value.span());
        let name = key.get_ref().as_ref();
        match (name, value.get_ref()) {
            ("name", DeValue::String(text)) => self.name = Some(text.to_string()),
            ("locked", DeValue::Boolean(locked)) => self.locked = *locked,
            ("policies", value) => match strings(value) {
                Some(paths) => {
                    self.policies = paths.iter().map(|path| within(&self.root, path)).collect();
                }
                None => problems.push(wrong_list(name, span)),
            },
            ("plugins", value) => match strings(value) {
                Some(paths) => {
                    self.plugins = paths.iter().map(|path| within(&self.root, path)).collect();
                }
                None => problems.push(wrong_list(name, span)),
            },
            ("name", _) => problems.push(invalid(
                "`name` has to be a text",
                span,
                "Write it in quotes: `name = \"my_rules\"`.",
            )),
            ("locked", _) => problems.push(invalid(
                "`locked` has to be `true` or `false`",
                span,
                "Write `locked = true` to refuse whatever the lock file does not hold.",
            )),
            (other, _) => problems.push(unknown(
                other,
                place(base, &key.span()),
                &["name", "policies", "plugins", "locked"],
            )),
        }
    }
}

/// A path in the folder, without `./` before it.
fn within(root: &Path, path: &str) -> PathBuf {
    if root == Path::new(".") || root == Path::new("") {
        PathBuf::from(path)
    } else {
        root.join(path)
    }
}

fn strings(value: &DeValue<'_>) -> Option<Vec<String>> {
    let DeValue::Array(items) = value else { return None };
    items
        .iter()
        .map(|item| match item.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => None,
        })
        .collect()
}

fn wrong_list(name: &str, span: Span) -> Diagnostic {
    invalid(
        &format!("`{name}` has to be a list of paths"),
        span,
        &format!("Write `{name} = [\"…\"]`; paths are relative to the project file."),
    )
}

fn invalid(message: &str, span: Span, help: &str) -> Diagnostic {
    Diagnostic::error(codes::MANIFEST_INVALID, message, span, "").with_help(help)
}

fn unknown(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let message = format!("a project file has no setting `{name}`");
    let diagnostic = Diagnostic::error(codes::MANIFEST_INVALID, message, span, "not known");
    let listed: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    match suggestion(name, known.iter().copied()) {
        Some(sentence) => diagnostic.with_help(sentence),
        None => diagnostic.with_help(format!("There is {}.", listed.join(", "))),
    }
}

/// Adds a text and gives the offset of its first byte.
pub(crate) fn base_of(name: &str, text: &str, sources: &mut SourceMap) -> u32 {
    let added = sources.add(name, text).and_then(|id| sources.file(id));
    added.map_or(u32::MAX, |file| file.base)
}

/// A range of a text as a place in the offset space.
pub(crate) fn place(base: u32, range: &std::ops::Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(range.start), offset(range.end)).shifted(base)
}
