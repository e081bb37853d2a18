/// The files of a new jurisdiction crate, each as its path in the crate's folder and its contents.
///
/// The crate builds as it is, and shows one of each: a unit, a scale, a group and a function.
/// `name` is the id by which rule files will use it, as `freedonia`.
///
/// # Errors
/// If the name cannot be an id; says what can.
pub fn scaffold(name: &str) -> Result<Vec<(String, String)>, String> {
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !begins || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return Err(format!(
            "`{name}` cannot name a jurisdiction; such a name has lower-case letters, digits and `_`, and begins with a letter"
        ));
    }
    Ok([("Cargo.toml", MANIFEST), ("src/lib.rs", LIBRARY), ("README.md", READ_ME)]
        .into_iter()
        .map(|(path, template)| {
            let contents = template
                .replace("{crate}", &name.replace('_', "-"))
                .replace("{version}", env!("CARGO_PKG_VERSION"))
                .replace("{id}", name);
            (path.to_owned(), contents)
        })
        .collect())
}

const MANIFEST: &str = include_str!("scaffold/Cargo.toml.template");
const LIBRARY: &str = include_str!("scaffold/lib.rs.template");
const READ_ME: &str = include_str!("scaffold/README.md.template");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_fill_in() {
        for (path, contents) in scaffold("upper_volta").unwrap() {
            for placeholder in ["{crate}", "{id}", "{version}"] {
                assert!(!contents.contains(placeholder), "{path} holds {placeholder}");
            }
        }
    }

    #[test]
    fn names_that_rule_files_cannot_write_are_refused() {
        for name in ["", "Us", "1st", "a-b", "a b", "ü"] {
            assert!(scaffold(name).unwrap_err().contains(&format!("`{name}`")));
        }
    }
}
