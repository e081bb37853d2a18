//! The files of a new policy repository.

/// The files that `exeat init` writes, each as its path in the folder and its contents. The rules
/// check without a warning and both scenarios pass.
///
/// # Errors
/// If the name cannot be a module name; says what can.
pub fn init_files(name: &str) -> Result<Vec<(String, String)>, String> {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && !exeat_syntax::keywords().any(|word| word == part)
    };
    if !name.split('.').all(part) {
        return Err(format!(
            "`{name}` cannot name a module; each part between dots has lower-case letters, digits and \
             `_`, begins with a letter, and is no word of the language"
        ));
    }
    let files = [
        ("exeat.toml", MANIFEST),
        ("policies/{name}.exeat", RULES),
        ("examples/shipment.toml", FACTS),
        ("README.md", READ_ME),
        (".gitattributes", ATTRIBUTES),
        (".github/workflows/exeat.yml", WORKFLOW),
        (".githooks/pre-commit", HOOK),
    ];
    Ok(files
        .into_iter()
        .map(|(path, contents)| {
            let path = path.replace("{name}", &name.replace('.', "/"));
            (path, contents.replace("{name}", name))
        })
        .collect())
}

const MANIFEST: &str = include_str!("scaffold/exeat.toml.template");
const RULES: &str = include_str!("scaffold/rules.exeat.template");
const FACTS: &str = include_str!("scaffold/shipment.toml.template");
const READ_ME: &str = include_str!("scaffold/README.md.template");
const ATTRIBUTES: &str = include_str!("scaffold/gitattributes.template");
const WORKFLOW: &str = include_str!("scaffold/workflow.yml.template");
const HOOK: &str = include_str!("scaffold/pre-commit.template");
