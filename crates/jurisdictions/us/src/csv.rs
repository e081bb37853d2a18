/// A table of comma-separated text with a header line and optional quotes.
#[derive(Debug)]
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A line of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'table> {
    header: &'table [String],
    cells: &'table [String],
}

impl Table {
    /// Reads a whole text. A quote within quotes is written twice.
    pub(crate) fn read(text: &str) -> Self {
        let mut rows = vec![Vec::new()];
        let mut cell = String::new();
        let mut quoted = false;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '"' if quoted && characters.peek() == Some(&'"') => {
                    characters.next();
                    cell.push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => push(&mut rows, &mut cell),
                '\n' if !quoted => {
                    push(&mut rows, &mut cell);
                    rows.push(Vec::new());
                }
                '\r' if !quoted => {}
                other => cell.push(other),
            }
        }
        if !cell.is_empty() || rows.last().is_some_and(|row| !row.is_empty()) {
            push(&mut rows, &mut cell);
        }
        rows.retain(|row| !row.is_empty());
        let mut rows = rows.into_iter();
        Self { header: rows.next().unwrap_or_default(), rows: rows.collect() }
    }

    /// Its lines below the header.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { header: &self.header, cells })
    }
}

impl<'table> Row<'table> {
    /// The cell in the column with that heading; empty if there is none.
    pub(crate) fn get(&self, column: &str) -> &'table str {
        let at = self.header.iter().position(|heading| heading == column);
        at.and_then(|at| self.cells.get(at)).map_or("", String::as_str)
    }

    /// The cell, unless it is empty.
    pub(crate) fn known(&self, column: &str) -> Option<&'table str> {
        Some(self.get(column)).filter(|cell| !cell.is_empty())
    }
}

fn push(rows: &mut [Vec<String>], cell: &mut String) {
    if let Some(row) = rows.last_mut() {
        row.push(std::mem::take(cell));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_commas_and_empty_cells() {
        let table = Table::read("a,b,c\n1,\"x, \"\"y\"\"\",\n,2,3");
        let rows: Vec<_> = table.rows().collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(
            (rows[0].get("a"), rows[0].get("b"), rows[0].known("c")),
            ("1", "x, \"y\"", None)
        );
        assert_eq!((rows[1].known("a"), rows[1].get("c"), rows[1].get("d")), (None, "3", ""));
    }

    #[test]
    fn every_line_of_the_data_has_all_columns() {
        for text in [crate::chips::DATA, crate::groups::DATA] {
            let table = Table::read(text);
            assert!(table.rows().all(|row| row.cells.len() == row.header.len()));
        }
    }
}
