//! Tables: a value for each combination of keys.

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{
    Expr, ExprKind, Force, NotModelled, Parameter, TableId, TablePattern, TableRow, Ty,
};
use exeat_model::{Code, Value};
use exeat_syntax::{Expression, Kind, Node};

use crate::checker::{Checker, broken};
use crate::collect::{Items, cites, name_of};

impl<'a> Checker<'a> {
    pub(crate) fn lower_table_signatures(&mut self, items: &Items<'a>) {
        for (id, module, node, _) in &items.tables {
            let (parameters, ty) = self.in_module(*module, |checker| {
                (checker.parameters(*node), checker.declared_type(*node))
            });
            if let Some(table) = self.program().tables.get_mut(*id) {
                table.parameters = parameters;
                table.ty = ty.unwrap_or(Ty::Error);
            }
        }
    }

    pub(crate) fn lower_tables(&mut self, items: &Items<'a>) {
        for (id, module, node, file) in &items.tables {
            self.in_module(*module, |checker| checker.lower_table(*id, *node, *file));
        }
    }

    fn lower_table(&mut self, id: TableId, node: Node<'_>, file: usize) {
        let Some(table) = self.hir.tables.get(id) else { return };
        let (parameters, ty) = (table.parameters.clone(), table.ty.clone());
        let mut rows = Vec::new();
        for row in node.nodes_of(Kind::row) {
            rows.extend(self.table_row(row, &parameters, &ty));
        }
        let clause = self.single(node, Kind::file_clause, "file");
        if let Some(clause) = clause {
            rows.extend(self.rows_of_file(clause, file, &parameters, &ty));
        }
        let otherwise = self.single(node, Kind::otherwise_clause, "otherwise").and_then(|clause| {
            if clause.has(Kind::kw_modelled) {
                return Some(self.beyond_the_rows(id, clause, &ty));
            }
            clause.expression().map(|expression| self.check(&expression, &ty))
        });
        if rows.is_empty()
            && otherwise.is_none()
            && node.node(Kind::row).is_none()
            && clause.is_none()
        {
            let (name, span) = name_of(node);
            let diagnostic = Diagnostic::error(
                codes::MISSING_CLAUSE,
                format!("the table `{name}` has no row"),
                span,
                "`row` is missing",
            )
            .with_help("Write `row KEY, … => VALUE`, or `file \"….csv\"`.");
            self.report(diagnostic);
        }
        if let Some(table) = self.program().tables.get_mut(id) {
            table.rows = rows;
            table.otherwise = otherwise;
        }
    }

    /// `otherwise not modelled`: what reads the table for other keys touches what is not modelled.
    fn beyond_the_rows(&mut self, id: TableId, clause: Node<'_>, ty: &Ty) -> Expr {
        let span = clause.span();
        let Some(table) = self.hir.tables.get(id) else { return broken(span) };
        let of = table.title.clone().unwrap_or_else(|| format!("the table `{}`", table.name));
        let item = NotModelled {
            name: table.name.clone(),
            module: table.module,
            title: Some(format!("{of}, beyond its rows")),
            cites: cites(clause),
            force: Force::default(),
            when: None,
            affects: Vec::new(),
            accepted: Vec::new(),
            doc: String::new(),
            span,
        };
        let item = self.program().not_modelled.push(item);
        Expr { kind: ExprKind::NotModelled(item), ty: ty.clone(), span }
    }

    fn table_row(&mut self, row: Node<'_>, parameters: &[Parameter], ty: &Ty) -> Option<TableRow> {
        let interval = self.interval(row);
        let written: Vec<Node<'_>> = row.nodes_of(Kind::pattern).collect();
        if written.len() != parameters.len() {
            let keys: Vec<String> =
                parameters.iter().map(|parameter| format!("`{}`", parameter.name)).collect();
            let diagnostic = Diagnostic::error(
                codes::TABLE_ROW_ARITY,
                format!(
                    "the row has {}, the table has {}",
                    keys_in_words(written.len()),
                    keys_in_words(parameters.len())
                ),
                row.span(),
                "too many or too few keys",
            )
            .with_help(format!(
                "The keys are {}; write `any` for one that does not matter.",
                keys.join(", ")
            ));
            self.report(diagnostic);
            return None;
        }
        let mut patterns = Vec::new();
        let mut complete = true;
        for (node, parameter) in written.into_iter().zip(parameters) {
            match self.table_pattern(node, &parameter.ty) {
                Some(pattern) => patterns.push(pattern),
                None => complete = false,
            }
        }
        let expression = row.node(Kind::expr).map(Expression::of)?;
        let value = self.check(&expression, ty);
        complete.then(|| TableRow {
            patterns,
            value,
            interval,
            cites: cites(row),
            span: row.span(),
        })
    }

    /// What a key has to be.
    pub(crate) fn table_pattern(&mut self, node: Node<'_>, ty: &Ty) -> Option<TablePattern> {
        if node.has(Kind::kw_any) {
            return Some(TablePattern::Any);
        }
        if let Some(band) = node.node(Kind::band) {
            return self.band_pattern(band, ty);
        }
        let expression = Expression::in_node(node)?;
        if node.has(Kind::kw_in) {
            let set = self.check(&expression, &Ty::Set(Box::new(ty.clone())));
            return (set.ty != Ty::Error).then_some(TablePattern::Set(set));
        }
        let value = self.check(&expression, ty);
        let value = self.must_be_constant(&value, "the key of a row")?;
        if !node.has(Kind::kw_within) {
            return Some(TablePattern::Value(value));
        }
        if let (Value::Code(Code::Entry(code)), Ty::Code(list)) = (value, ty) {
            return Some(TablePattern::Within(code, *list));
        }
        let message = "`within` needs a code";
        self.error(codes::TYPE_MISMATCH, message, expression.span, "not a code");
        None
    }

    fn band_pattern(&mut self, band: Node<'_>, ty: &Ty) -> Option<TablePattern> {
        let mut low: Option<(Value, bool)> = None;
        let mut high: Option<(Value, bool)> = None;
        for limit in band.nodes_of(Kind::limit) {
            if !self.has_order(ty, limit.span()) {
                return None;
            }
            let value = self.check(&Expression::in_node(limit)?, ty);
            let value = self.must_be_constant(&value, "the limit of a band")?;
            let included = limit.has(Kind::less_or_equal) || limit.has(Kind::greater_or_equal);
            let is_low = limit.has(Kind::greater) || limit.has(Kind::greater_or_equal);
            let slot = if is_low { &mut low } else { &mut high };
            if slot.is_some() {
                let diagnostic = Diagnostic::error(
                    codes::DUPLICATE_CLAUSE,
                    "a band has one lower and one upper limit",
                    limit.span(),
                    "second limit of this kind",
                )
                .with_help("Write one limit with `>` or `>=` and one with `<` or `<=`.");
                self.report(diagnostic);
                return None;
            }
            *slot = Some((value, included));
        }
        if let (Some((from, _)), Some((to, _))) = (&low, &high)
            && to < from
        {
            self.error(
                codes::TYPE_MISMATCH,
                "the upper limit of this band is below the lower one",
                band.span(),
                "nothing lies in it",
            );
            return None;
        }
        Some(TablePattern::Band { low, high })
    }

    /// Whether values of a type can be compared by size; reported if not.
    pub(crate) fn has_order(&mut self, ty: &Ty, span: Span) -> bool {
        if matches!(ty, Ty::Quantity(_) | Ty::Date | Ty::Error) {
            return true;
        }
        let found = crate::describe::describe(&self.hir, ty);
        let mut diagnostic = Diagnostic::error(
            codes::NOT_COMPARABLE,
            format!("{found} is not larger or smaller than another"),
            span,
            "only numbers, quantities and dates have an order",
        );
        diagnostic = match ty {
            Ty::Outcome(_) => diagnostic.with_help("Name the outcomes: `is …` or `in { …, … }`."),
            Ty::Code(_) => diagnostic.with_help("Use `is`, `in`, `within` or `meets`."),
            _ => diagnostic.with_help("Use `is` or `in`."),
        };
        self.report(diagnostic);
        false
    }

    /// A lookup with its keys.
    pub(crate) fn table_lookup(
        &mut self,
        id: TableId,
        arguments: Option<(&[Expression], Span)>,
        span: Span,
    ) -> Expr {
        let Some(table) = self.hir.tables.get(id) else { return broken(span) };
        let (name, ty) = (table.name.to_string(), table.ty.clone());
        let wanted: Vec<Ty> = table.parameters.iter().map(|one| one.ty.clone()).collect();
        match self.arguments(&name, arguments, &wanted, span) {
            Some(keys) => Expr { kind: ExprKind::Table(id, keys), ty, span },
            None => broken(span),
        }
    }
}

fn keys_in_words(count: usize) -> String {
    if count == 1 { "1 key".to_owned() } else { format!("{count} keys") }
}
