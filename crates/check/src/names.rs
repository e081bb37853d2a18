use exeat_diagnostics::{Code, Diagnostic, Span, codes, suggestion};

use crate::checker::{Checker, Item, type_key};

impl Checker<'_> {
    /// What the beginning of a path stands for, and how many of its names that takes.
    pub(crate) fn resolve(&mut self, path: &[&str], span: Span) -> Option<(Item, usize)> {
        self.look_up(path, span, str::to_owned)
    }

    /// The type for which the beginning of a path stands, and how many of its names that takes.
    pub(crate) fn resolve_type(&mut self, path: &[&str], span: Span) -> Option<(Item, usize)> {
        self.look_up(path, span, type_key)
    }

    fn look_up(
        &mut self,
        path: &[&str],
        span: Span,
        key: fn(&str) -> String,
    ) -> Option<(Item, usize)> {
        let first = *path.first()?;
        let own = self
            .hir
            .modules
            .get(self.module())
            .map(|module| module.name.to_string())
            .unwrap_or_default();
        if let Some((item, _)) = self.names.get(&own).and_then(|names| names.get(&key(first))) {
            return Some((*item, 1));
        }
        let imports = self.imports.get(self.file).cloned().unwrap_or_default();
        let mut found: Vec<(Item, String)> = Vec::new();
        for (module, only) in &imports.open {
            let visible = only.as_ref().is_none_or(|only| only.iter().any(|name| name == first));
            let is_module = self.hir.modules.values().any(|known| known.name == module.as_str());
            if visible
                && is_module
                && let Some((item, _)) =
                    self.names.get(module).and_then(|names| names.get(&key(first)))
                && !found.iter().any(|(other, _)| other == item)
            {
                found.push((*item, module.clone()));
            }
        }
        if let [(one, a), (_, b), ..] = found.as_slice() {
            let one = *one;
            let message = format!("`{first}` could be `{a}.{first}` or `{b}.{first}`");
            let diagnostic = Diagnostic::error(
                codes::AMBIGUOUS_NAME,
                message,
                span,
                "both modules are used here",
            )
            .with_help(format!("Write `{a}.{first}` or `{b}.{first}`."));
            self.diagnostics.push(diagnostic);
            return Some((one, 1));
        }
        if let Some((item, _)) = found.first() {
            return Some((*item, 1));
        }
        for length in (1..path.len()).rev() {
            let written = path.get(..length)?.join(".");
            let module = imports.aliases.get(&written).cloned().unwrap_or(written);
            if let Some((item, _)) =
                self.names.get(&module).and_then(|names| names.get(&key(path.get(length)?)))
            {
                return Some((*item, length.saturating_add(1)));
            }
        }
        None
    }

    /// All names that could be written here, for suggestions.
    pub(crate) fn visible_names(&self) -> Vec<String> {
        let own = self
            .hir
            .modules
            .get(self.module())
            .map(|module| module.name.to_string())
            .unwrap_or_default();
        let mut visible: Vec<String> =
            self.names.get(&own).into_iter().flat_map(|names| names.keys().cloned()).collect();
        visible.extend(self.locals.iter().map(|(name, _, _)| name.clone()));
        for (module, only) in
            self.imports.get(self.file).into_iter().flat_map(|imports| &imports.open)
        {
            match only {
                Some(only) => visible.extend(only.iter().cloned()),
                None => visible.extend(
                    self.names.get(module).into_iter().flat_map(|names| names.keys().cloned()),
                ),
            }
        }
        for name in &mut visible {
            if let Some(ty) = name.strip_prefix("type ") {
                *name = ty.to_owned();
            }
        }
        visible
    }

    /// An error for a name that is not known, with the nearest one that is.
    pub(crate) fn unknown(
        &mut self,
        code: Code,
        what: &str,
        name: &str,
        span: Span,
        candidates: &[String],
    ) {
        let mut diagnostic =
            Diagnostic::error(code, format!("there is no {what} `{name}`"), span, "not known here");
        if let Some(help) = suggestion(name, candidates.iter().map(String::as_str)) {
            if let Some(near) =
                exeat_diagnostics::did_you_mean(name, candidates.iter().map(String::as_str))
            {
                diagnostic = diagnostic.with_fix(format!("write `{near}`"), span, near);
            }
            diagnostic = diagnostic.with_help(help);
        }
        self.diagnostics.push(diagnostic);
    }
}
