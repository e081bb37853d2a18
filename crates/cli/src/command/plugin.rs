use std::fmt::Write as _;
use std::path::PathBuf;

use exeat_diagnostics::{Diagnostic, Severity, SourceMap, codes, suggestion};
use exeat_engine::files;
use exeat_model::{JurisdictionDescription, Provider as _};
use exeat_plugin_host::{Origin, load_all, scaffold};

use crate::arguments::{PluginCommand, ProjectArguments};
use crate::output::Output;

/// `exeat plugin`.
pub(crate) fn run(command: &PluginCommand, output: &mut Output) -> u8 {
    match command {
        PluginCommand::List(project) => list(project, output),
        PluginCommand::Inspect { jurisdiction, project } => inspect(jurisdiction, project, output),
        PluginCommand::New { name, folder } => match scaffold(name) {
            Ok(made) => super::write_new_files(folder, &made, output),
            Err(reason) => {
                output.say(&reason);
                super::UNREADABLE
            }
        },
    }
}

fn list(project: &ProjectArguments, output: &Output) -> u8 {
    let (jurisdictions, problems) = load_all(&project.plugins, &super::linked());
    output.problems(&problems, &SourceMap::new());
    let mut text = String::new();
    for jurisdiction in &jurisdictions {
        let found = jurisdiction.description();
        let _ = writeln!(
            text,
            "{}  {}  version {}, data of {}",
            found.id, found.title, found.version, found.data_vintage
        );
        let _ = writeln!(text, "    {}  sha256 {}", origin(jurisdiction.origin()), found.digest);
    }
    output.answer(&text);
    if problems.is_empty() { 0 } else { super::UNREADABLE }
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::File(path) => files::shown(path),
        Origin::Linked => "part of this program".to_owned(),
    }
}

fn inspect(wanted: &str, project: &ProjectArguments, output: &Output) -> u8 {
    let mut paths = project.plugins.clone();
    let file = PathBuf::from(wanted);
    let is_file = wanted.contains(['/', '.', '\\']);
    if is_file {
        paths = vec![file];
    }
    let linked = if is_file { Vec::new() } else { super::linked() };
    let (jurisdictions, problems) = load_all(&paths, &linked);
    output.problems(&problems, &SourceMap::new());
    let found = jurisdictions.iter().find(|found| is_file || found.description().id == wanted);
    let Some(found) = found else {
        if problems.is_empty() {
            let known: Vec<&str> =
                jurisdictions.iter().map(|found| found.description().id.as_str()).collect();
            let near = suggestion(wanted, known.iter().copied())
                .unwrap_or_else(|| format!("There are: {}.", known.join(", ")));
            let message = format!("there is no jurisdiction `{wanted}`");
            let code = codes::UNKNOWN_JURISDICTION;
            output.problem(Diagnostic::unplaced(code, Severity::Error, message).with_help(near));
        }
        return super::UNREADABLE;
    };
    output.answer(&describe(found.description()));
    0
}

fn describe(found: &JurisdictionDescription) -> String {
    let mut text = format!(
        "{}  {}\nversion {}, data of {}, sha256 {}\n",
        found.id, found.title, found.version, found.data_vintage, found.digest
    );
    for scale in &found.scales {
        let names: Vec<&str> = scale.outcomes.iter().map(|outcome| outcome.name.as_str()).collect();
        let _ = writeln!(
            text,
            "\nscale {}.{}  {}\n    {}",
            found.id,
            scale.name,
            scale.title,
            names.join(" < ")
        );
    }
    for list in &found.enums {
        let names: Vec<&str> = list.values.iter().map(|value| value.name.as_str()).collect();
        let _ = writeln!(
            text,
            "\nenum {}.{}  {}\n    {}",
            found.id,
            list.name,
            list.title,
            names.join(", ")
        );
    }
    for list in &found.code_lists {
        let _ = writeln!(
            text,
            "\ncodes {}.{}  {}\n    {} entries",
            found.id,
            list.name,
            list.title,
            list.entries.len()
        );
    }
    if !found.groups.is_empty() {
        text.push('\n');
    }
    for group in &found.groups {
        let _ = writeln!(
            text,
            "{}.group(\"{}\")  {}, {} members, {}",
            found.id,
            group.name,
            group.title,
            group.members.len(),
            group.cite
        );
    }
    for catalogue in &found.catalogues {
        let _ = writeln!(
            text,
            "\n{}.{}(\"…\")  {}, {} entries",
            found.id,
            catalogue.name,
            catalogue.title,
            catalogue.entries.len()
        );
        let fields: Vec<String> =
            catalogue.fields.iter().map(|field| format!("{} : {}", field.name, field.ty)).collect();
        let _ = writeln!(text, "    {}", fields.join(", "));
    }
    if !found.functions.is_empty() {
        text.push('\n');
    }
    for function in &found.functions {
        let parameters: Vec<String> = function
            .parameters
            .iter()
            .map(|parameter| format!("{} : {}", parameter.name, parameter.ty))
            .collect();
        let _ = writeln!(
            text,
            "{}.{}({}) : {}  {}",
            found.id,
            function.name,
            parameters.join(", "),
            function.result,
            function.title
        );
    }
    text
}
