use exeat_diagnostics::{Span, codes};
use exeat_hir::Ty;
use exeat_syntax::{Kind, Node};

use crate::checker::Checker;
use crate::collect::path_names;
use crate::environment::TypeSymbol;
use crate::names::joined;

/// The types that need no declaration.
pub(crate) const SIMPLE: [&str; 5] = ["yes_no", "number", "date", "text", "country"];

impl Checker<'_> {
    /// The type that a `type` node names.
    pub(crate) fn ty(&mut self, node: Node<'_>) -> Ty {
        if let Some(inner) = node.node(Kind::r#type) {
            let inner = self.ty(inner);
            if inner == Ty::Error {
                return Ty::Error;
            }
            let inner = Box::new(inner);
            return if node.has(Kind::kw_list) { Ty::List(inner) } else { Ty::Set(inner) };
        }
        if let Some(product) = node.token(Kind::unit_product) {
            let unit = self.unit(node.token_text(product), product.span);
            return unit.map_or(Ty::Error, Ty::Quantity);
        }
        let Some(path) = node.node(Kind::path) else { return Ty::Error };
        let names = path_names(path);
        if let [(name, _)] = names.as_slice()
            && let Some(ty) = simple(name)
        {
            return ty;
        }
        if let Some(symbol) = self.resolve_whole::<TypeSymbol>(&names) {
            return symbol_type(symbol);
        }
        match names.as_slice() {
            [(name, span)] if self.is_unit(name) => {
                self.unit(name, *span).map_or(Ty::Error, Ty::Quantity)
            }
            _ => {
                self.unknown_type(&names, path.span());
                Ty::Error
            }
        }
    }

    fn unknown_type(&mut self, names: &[(&str, Span)], span: Span) {
        if self.may_be_unread() {
            return;
        }
        let written = joined(names);
        let mut candidates: Vec<String> = SIMPLE.map(str::to_owned).to_vec();
        candidates.extend(self.unit_names());
        candidates.extend(self.visible::<TypeSymbol>());
        let message = format!("there is no type or unit `{written}`");
        let code = codes::UNKNOWN_TYPE;
        let mut diagnostic = crate::names::unknown(code, message, &written, span, &candidates);
        if diagnostic.help.is_empty() {
            diagnostic = diagnostic.with_help(
                "A type is `yes_no`, `number`, `date`, `text`, `country`, a unit, or the name of an \
                 enumeration, record, scale or code list.",
            );
        }
        self.report(diagnostic);
    }
}

/// The type that the name of a type stands for.
fn symbol_type(symbol: TypeSymbol) -> Ty {
    match symbol {
        TypeSymbol::Enum(id) => Ty::Enum(id),
        TypeSymbol::Record(id) => Ty::Record(id),
        TypeSymbol::Scale(id) => Ty::Outcome(id),
        TypeSymbol::CodeList(id) => Ty::Code(id),
        TypeSymbol::Broken => Ty::Error,
    }
}

fn simple(name: &str) -> Option<Ty> {
    match name {
        "yes_no" => Some(Ty::YesNo),
        "number" => Some(Ty::number()),
        "date" => Some(Ty::Date),
        "text" => Some(Ty::Text),
        "country" => Some(Ty::Country),
        _ => None,
    }
}
