use crate::abi::{CallFunction, DESCRIPTION_SCHEMA};
use crate::document::{Catalogue, CodeList, Document, Enumeration, Function, Group, Scale, Unit};
use crate::export::trampoline;
use crate::{Answer, Arguments};

/// A jurisdiction while it is put together: what it is, what it offers, and its functions.
#[derive(Clone, Debug)]
pub struct Jurisdiction {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) data_vintage: String,
    pub(crate) document: Document,
    pub(crate) functions: Vec<(String, CallFunction)>,
}

impl Jurisdiction {
    /// A jurisdiction that offers nothing yet. `data_vintage` is the day, as `2026-09-24`, whose
    /// state of the law and lists the data shows.
    pub fn new(id: &str, title: &str, version: &str, data_vintage: &str) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            version: version.to_owned(),
            data_vintage: data_vintage.to_owned(),
            document: Document { schema: DESCRIPTION_SCHEMA.to_owned(), ..Document::default() },
            functions: Vec::new(),
        }
    }

    /// Adds an enumeration.
    #[must_use]
    pub fn enumeration(mut self, enumeration: Enumeration) -> Self {
        self.document.enums.push(enumeration);
        self
    }

    /// Adds a unit.
    #[must_use]
    pub fn unit(mut self, unit: Unit) -> Self {
        self.document.units.push(unit);
        self
    }

    /// Adds a scale.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.document.scales.push(scale);
        self
    }

    /// Adds a code list.
    #[must_use]
    pub fn code_list(mut self, list: CodeList) -> Self {
        self.document.code_lists.push(list);
        self
    }

    /// Adds a group of countries.
    #[must_use]
    pub fn group(mut self, group: Group) -> Self {
        self.document.groups.push(group);
        self
    }

    /// Adds a catalogue.
    #[must_use]
    pub fn catalogue(mut self, catalogue: Catalogue) -> Self {
        self.document.catalogues.push(catalogue);
        self
    }

    /// Adds a function: a plain `fn` or a closure that captures nothing, with its signature.
    #[must_use]
    pub fn function<F>(mut self, signature: Function, function: F) -> Self
    where
        F: Fn(&Arguments) -> Result<Answer, String> + Copy + Send + Sync + 'static,
    {
        self.functions.push((signature.name.clone(), trampoline(function)));
        self.document.functions.push(signature);
        self
    }
}
