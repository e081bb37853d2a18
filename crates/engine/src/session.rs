use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use exeat_check::{CheckResult, Checked, Input, SourceInput, TableFile, table_files_wanted};
use exeat_diagnostics::{Diagnostic, Severity, SourceMap, codes};
use exeat_eval::Functions;
use exeat_hir::Hir;
use exeat_model::Provider as _;
use exeat_plugin_host::{Linked, LoadedJurisdiction, load_all};
use exeat_program::Program;
use exeat_syntax::Parsed;
use sha2::{Digest as _, Sha256};

use crate::functions::LoadedFunctions;
use crate::parsing::parse_all;
use crate::project::{Project, base_of};
use crate::revisions::{Tree, Version};
use crate::sources::{PolicyText, SourceTexts, TableText, read_policies, read_table};
use crate::{files, lock};

/// What is to be loaded.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// The project's folder; `.` for the folder one is in.
    pub root: PathBuf,
    /// Rule files and folders of such, in place of those of the project.
    pub policies: Vec<PathBuf>,
    /// Libraries of jurisdictions, besides those of the project.
    pub plugins: Vec<PathBuf>,
    /// Jurisdictions that are part of the program.
    pub linked: Vec<Linked>,
    /// Rules that stand in no file yet, as drafts at a prompt; they are read after all others.
    pub drafts: Vec<PolicyText>,
    /// Texts that are read in place of rule files, by the paths by which these are read, or that they have in
    /// the folder of the project; none for one that is to be taken as not there.
    pub instead: BTreeMap<PathBuf, Option<Arc<str>>>,
    /// Rule files that are left out, by the names under which they are shown.
    pub without: BTreeSet<String>,
    /// Refuse what the lock file does not hold.
    pub locked: bool,
}

/// What came of loading.
#[derive(Debug)]
pub struct Loaded<S = Session> {
    /// The program; there is none if anything is wrong with it.
    pub session: Option<S>,
    /// All texts that were read, for showing problems. Facts files are added to it.
    pub sources: SourceMap,
    /// All problems.
    pub diagnostics: Vec<Diagnostic>,
}

/// A checked program with the jurisdictions that it uses: rules and scenarios.
///
/// All that its rules can be asked is asked of the [`Rulebook`] in it; only a session has scenarios
/// that can be run.
#[derive(Debug)]
pub struct Session {
    rules: Rulebook,
}

impl Deref for Session {
    type Target = Rulebook;

    fn deref(&self) -> &Rulebook {
        &self.rules
    }
}

/// Checked rules with the jurisdictions that they use, to decide by.
///
/// One that was loaded by itself ([`Rulebook::load`]) has no scenarios: they were not read, and nobody
/// can run them. Its rules were checked for every error; warnings are told when a [`Session`] is loaded.
#[derive(Debug)]
pub struct Rulebook {
    pub(crate) project: Project,
    pub(crate) sources: SourceMap,
    pub(crate) checked: Checked,
    pub(crate) jurisdictions: Vec<Arc<LoadedJurisdiction>>,
    pub(crate) functions: LoadedFunctions,
    pub(crate) digests: Digests,
    /// The rules made ready to be lowered, once that is asked for.
    pub(crate) program: OnceLock<Program>,
}

/// Of which texts and libraries an answer was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digests {
    /// The rule files by name.
    pub policies: Vec<SourceDigest>,
    /// The CSV files by name.
    pub tables: Vec<SourceDigest>,
    /// The jurisdictions by id.
    pub plugins: Vec<SourceDigest>,
    /// One over all of them; any change changes it.
    pub all: String,
}

/// A name and the SHA-256 of what it names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceDigest {
    /// The name of the file, or the id of the jurisdiction.
    pub name: String,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

impl Session {
    /// Loads a project from disk, with all that can be said about it.
    pub fn load(options: &LoadOptions) -> Loaded {
        Self::whole(Rulebook::load_as(&EVERYTHING, options))
    }

    /// Loads a version of a project. The libraries are those of today: they are not versioned.
    pub fn load_version(options: &LoadOptions, version: &Version) -> Loaded {
        let revision = match version {
            Version::Folder(folder) => {
                return Self::load(&LoadOptions { root: folder.clone(), ..options.clone() });
            }
            Version::Revision(revision) => Some(revision.as_str()),
            Version::Staged => None,
        };
        let mut sources = SourceMap::new();
        let stop = |sources, problem| Loaded { session: None, sources, diagnostics: vec![problem] };
        let tree = match Tree::read(&options.root, revision) {
            Ok(tree) => tree,
            Err(problem) => return stop(sources, problem),
        };
        let manifest = match tree.manifest().transpose() {
            Ok(manifest) => manifest,
            Err(problem) => return stop(sources, problem),
        };
        let (mut project, mut diagnostics) = Project::of_text(manifest, &mut sources);
        if !options.policies.is_empty() {
            project.policies.clone_from(&options.policies);
        }
        let (mut texts, unread) = tree.policies(&project.policies);
        texts.leave_out(&options.without);
        let (here, _) = Project::find(&options.root, &mut SourceMap::new());
        let plugins: Vec<PathBuf> = here.plugins.iter().chain(&options.plugins).cloned().collect();
        let (jurisdictions, unloaded) = load_all(&plugins, &options.linked);
        let files = parse_all(&texts, &mut sources, EVERYTHING.parse);
        diagnostics.extend(unloaded.into_iter().chain(unread));
        let read = Read { project, texts: &texts, files, jurisdictions };
        let mut find = |policy: &str, written: &str, span| tree.table(policy, written, span);
        Self::whole(Rulebook::build(&EVERYTHING, read, sources, diagnostics, &mut find))
    }

    /// Checks texts that are already in memory, as those of an editor.
    pub fn from_texts(texts: &SourceTexts, jurisdictions: Vec<Arc<LoadedJurisdiction>>) -> Loaded {
        let tables = texts.tables.clone();
        let mut find = |policy: &str, written: &str, span| {
            tables.get(&(policy.to_owned(), written.to_owned())).cloned().ok_or_else(|| {
                let message = format!("there is no file `{written}`");
                Diagnostic::error(codes::FILE_NOT_FOUND, message, span, "not found")
            })
        };
        let (mut sources, problems) = (SourceMap::new(), Vec::new());
        let files = parse_all(texts, &mut sources, EVERYTHING.parse);
        let project = Project::default();
        let read = Read { project, texts, files, jurisdictions };
        Self::whole(Rulebook::build(&EVERYTHING, read, sources, problems, &mut find))
    }

    fn whole(loaded: Loaded<Rulebook>) -> Loaded {
        let Loaded { session, sources, diagnostics } = loaded;
        Loaded { session: session.map(|rules| Self { rules }), sources, diagnostics }
    }
}

/// What is read of the texts, and how it is checked.
struct Depth {
    parse: fn(Arc<str>, u32) -> Parsed,
    check: fn(Input<'_>) -> CheckResult,
}

const EVERYTHING: Depth =
    Depth { parse: |text, base| exeat_syntax::parse(text, base), check: exeat_check::check };

const RULES: Depth = Depth {
    parse: |text, base| exeat_syntax::parse_rules(text, base),
    check: exeat_check::check_rules,
};

/// What was read, before it is checked.
struct Read<'a> {
    project: Project,
    texts: &'a SourceTexts,
    files: Vec<Option<Parsed>>,
    jurisdictions: Vec<Arc<LoadedJurisdiction>>,
}

impl Rulebook {
    /// Loads the rules of a project from disk, and no more than deciding by them needs.
    pub fn load(options: &LoadOptions) -> Loaded<Self> {
        Self::load_as(&RULES, options)
    }

    fn load_as(depth: &Depth, options: &LoadOptions) -> Loaded<Self> {
        let mut sources = SourceMap::new();
        let (mut project, mut diagnostics) = Project::find(&options.root, &mut sources);
        if !options.policies.is_empty() {
            project.policies.clone_from(&options.policies);
        }
        project.plugins.extend(options.plugins.iter().cloned());
        project.locked |= options.locked;
        let lock = if project.locked {
            match lock::read(&project.root, &mut sources) {
                Ok(lock) => Some(lock),
                Err(diagnostic) => {
                    diagnostics.push(diagnostic);
                    return Loaded { session: None, sources, diagnostics };
                }
            }
        } else {
            None
        };
        if let Some(lock) = &lock {
            // Before loading: a library runs code as soon as it is opened.
            let refused = lock.refuse_plugins(&project.plugins);
            if !refused.is_empty() {
                diagnostics.extend(refused);
                return Loaded { session: None, sources, diagnostics };
            }
        }
        let (mut texts, unread) = read_policies(&project.policies);
        texts.put_instead(&project, &options.instead);
        texts.leave_out(&options.without);
        texts.policies.extend(options.drafts.iter().cloned());
        let (files, (jurisdictions, unloaded)) = std::thread::scope(|scope| {
            let loading = scope.spawn(|| load_all(&project.plugins, &options.linked));
            let files = parse_all(&texts, &mut sources, depth.parse);
            (files, loading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        diagnostics.extend(unloaded);
        diagnostics.extend(unread);
        let read = Read { project, texts: &texts, files, jurisdictions };
        let mut loaded = Self::build(depth, read, sources, diagnostics, &mut read_table);
        if let (Some(lock), Some(session)) = (lock, &loaded.session) {
            let mismatches = lock.check(&session.digests, &session.jurisdictions);
            if !mismatches.is_empty() {
                loaded.diagnostics.extend(mismatches);
                loaded.session = None;
            }
        }
        loaded
    }

    fn build(
        depth: &Depth,
        read: Read<'_>,
        mut sources: SourceMap,
        mut diagnostics: Vec<Diagnostic>,
        find_table: &mut dyn FnMut(
            &str,
            &str,
            exeat_diagnostics::Span,
        ) -> Result<TableText, Diagnostic>,
    ) -> Loaded<Self> {
        let Read { project, texts, files, jurisdictions } = read;
        let mut digests = Digests::default();
        let mut input_files = Vec::new();
        for (policy, parsed) in texts.policies.iter().zip(files) {
            let name = project.relative(&policy.name);
            digests.policies.push(SourceDigest::of(&name, policy.text.as_bytes()));
            match parsed {
                Some(parsed) => input_files.push(SourceInput { parsed }),
                None => diagnostics.push(too_much(&policy.name)),
            }
        }
        let mut table_files = BTreeMap::new();
        for (at, (file, policy)) in input_files.iter().zip(&texts.policies).enumerate() {
            for (written, span) in table_files_wanted(&file.parsed) {
                match find_table(&policy.name, &written, span) {
                    Ok(table) => {
                        let name = project.relative(&table.name);
                        digests.tables.push(SourceDigest::of(&name, table.text.as_bytes()));
                        let base = base_of(&table.name, &table.text, &mut sources);
                        let file = TableFile { path: table.name, text: table.text, base };
                        table_files.insert((at, written), file);
                    }
                    Err(diagnostic) => diagnostics.push(diagnostic),
                }
            }
        }
        digests.finish(&jurisdictions);
        let stopped = diagnostics.iter().any(Diagnostic::is_error);
        let descriptions: Vec<_> =
            jurisdictions.iter().map(|loaded| Arc::clone(loaded.description())).collect();
        let input = Input { files: input_files, table_files, jurisdictions: &descriptions };
        let result = (depth.check)(input);
        // A missing file or library would be reported again for each name that it declares.
        let problems = result.diagnostics.into_iter();
        diagnostics.extend(problems.filter(|problem| !stopped || is_syntax(problem)));
        let session = result.checked.filter(|_| !stopped).map(|checked| Self {
            project,
            sources: sources.clone(),
            checked,
            functions: LoadedFunctions::new(&jurisdictions),
            jurisdictions,
            digests,
            program: OnceLock::new(),
        });
        Loaded { session, sources, diagnostics }
    }

    /// The program.
    pub fn hir(&self) -> &Hir {
        self.checked.hir()
    }

    /// The program with its names, to check what is typed at a prompt.
    pub fn checked(&self) -> &Checked {
        &self.checked
    }

    /// The rules, each day's lowered when it is first asked for.
    pub(crate) fn program(&self) -> &Program {
        self.program.get_or_init(|| Program::new(self.hir().clone()))
    }

    /// The texts of the program.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// The functions of the jurisdictions.
    pub fn functions(&self) -> &dyn Functions {
        &self.functions
    }

    /// Of which texts and libraries the answers are made.
    pub fn digests(&self) -> &Digests {
        &self.digests
    }

    /// The jurisdictions, linked-in ones first.
    pub fn jurisdictions(&self) -> &[Arc<LoadedJurisdiction>] {
        &self.jurisdictions
    }

    /// The project.
    pub fn project(&self) -> &Project {
        &self.project
    }
}

/// Whether a problem is one of the grammar, which depends on nothing but its own file.
fn is_syntax(problem: &Diagnostic) -> bool {
    problem.code.0.starts_with("E01")
}

fn too_much(name: &str) -> Diagnostic {
    let message = format!("with `{name}` there are more than 4 GiB of text");
    Diagnostic::unplaced(codes::FILE_UNREADABLE, Severity::Error, message)
        .with_help("Give fewer folders.")
}

impl SourceDigest {
    fn of(name: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), sha256: sha256(bytes) }
    }
}

impl Digests {
    fn finish(&mut self, jurisdictions: &[Arc<LoadedJurisdiction>]) {
        self.plugins = jurisdictions
            .iter()
            .map(|loaded| SourceDigest {
                name: loaded.description().id.to_string(),
                sha256: loaded.description().digest.clone(),
            })
            .collect();
        for list in [&mut self.policies, &mut self.tables, &mut self.plugins] {
            list.sort();
            list.dedup();
        }
        let mut text = String::new();
        let kinds =
            [("policy", &self.policies), ("table", &self.tables), ("plugin", &self.plugins)];
        for (kind, list) in kinds {
            for digest in list {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{kind} {} {}", digest.sha256, digest.name);
            }
        }
        self.all = sha256(text.as_bytes());
    }
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The SHA-256 of a file.
pub(crate) fn file_digest(path: &std::path::Path) -> Result<String, Diagnostic> {
    files::read_bytes(path).map(|bytes| sha256(&bytes))
}
