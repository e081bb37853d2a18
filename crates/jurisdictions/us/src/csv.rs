/// The rows of a CSV text whose quoted fields hold no line breaks; the first row is the header.
pub(crate) fn rows(text: &str) -> Vec<Vec<(String, String)>> {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let header = lines.next().map(cells).unwrap_or_default();
    lines.map(|line| header.iter().cloned().zip(cells(line)).collect()).collect()
}

/// The cell of a row under a heading.
pub(crate) fn cell<'r>(row: &'r [(String, String)], heading: &str) -> &'r str {
    row.iter().find(|(name, _)| name == heading).map_or("", |(_, value)| value.as_str())
}

fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                push(&mut cells, '"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => push(&mut cells, other),
        }
    }
    cells
}

fn push(cells: &mut [String], character: char) {
    if let Some(last) = cells.last_mut() {
        last.push(character);
    }
}
