use std::sync::Arc;

use crate::Span;

/// The number of a file in a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A place as people count it: both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One text with its name and place in the offset space.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The name shown to people, as `policies/us/ear/lpp.exeat`.
    pub name: String,
    /// The text.
    pub text: Arc<str>,
    /// Offset of its first byte in the offset space.
    pub base: u32,
    line_starts: Vec<u32>,
}

impl SourceFile {
    /// The span of the whole text.
    pub fn span(&self) -> Span {
        let length = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        Span::new(self.base, self.base.saturating_add(length))
    }

    /// Offsets, within the text, of the first byte of each line.
    pub fn line_starts(&self) -> &[u32] {
        &self.line_starts
    }
}

/// All texts of a run, in one offset space: file after file with one byte between.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// A map without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text and gives its number. Texts beyond 4 GiB in all are refused with `None`.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> Option<FileId> {
        let text = text.into();
        let base = match self.files.last() {
            Some(file) => file.span().end.checked_add(1)?,
            None => 0,
        };
        base.checked_add(u32::try_from(text.len()).ok()?)?.checked_add(1)?;
        let mut line_starts = vec![0];
        for (at, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                line_starts.push(u32::try_from(at.checked_add(1)?).ok()?);
            }
        }
        let id = FileId(u32::try_from(self.files.len()).ok()?);
        self.files.push(SourceFile { name: name.into(), text, base, line_starts });
        Some(id)
    }

    /// All files in the order in which they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files
            .iter()
            .enumerate()
            .map(|(at, file)| (FileId(u32::try_from(at).unwrap_or(u32::MAX)), file))
    }

    /// A file by its number.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(usize::try_from(id.0).ok()?)
    }

    /// The file in which an offset lies; the byte after a file's end belongs to it.
    pub fn file_at(&self, offset: u32) -> Option<(FileId, &SourceFile)> {
        let after = self.files.partition_point(|file| file.base <= offset);
        let at = after.checked_sub(1)?;
        let file = self.files.get(at)?;
        (offset <= file.span().end).then_some((FileId(u32::try_from(at).ok()?), file))
    }

    /// The text that a span covers, clamped to its file and to character boundaries.
    pub fn text(&self, span: Span) -> &str {
        let Some((_, file)) = self.file_at(span.start) else { return "" };
        let start = usize::try_from(span.start.saturating_sub(file.base)).unwrap_or(0);
        let end =
            usize::try_from(span.end.saturating_sub(file.base)).unwrap_or(0).min(file.text.len());
        let (start, end) =
            (file.text.floor_char_boundary(start), file.text.ceil_char_boundary(end));
        file.text.get(start..end).unwrap_or("")
    }

    /// File, line and column of an offset; inside a character it counts as the start of that.
    pub fn position(&self, offset: u32) -> Option<(&SourceFile, LineColumn)> {
        let (_, file) = self.file_at(offset)?;
        let local = offset.saturating_sub(file.base);
        let line = file.line_starts.partition_point(|start| *start <= local);
        let start = file.line_starts.get(line.checked_sub(1)?).copied()?;
        let local = file.text.floor_char_boundary(usize::try_from(local).ok()?);
        let before = file.text.get(usize::try_from(start).ok()?..local)?;
        Some((file, LineColumn { line, column: before.chars().count().saturating_add(1) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_files() -> SourceMap {
        let mut sources = SourceMap::new();
        assert_eq!(sources.add("one", "aé\nb"), Some(FileId(0)));
        assert_eq!(sources.add("two", "xyz"), Some(FileId(1)));
        sources
    }

    fn name_at(sources: &SourceMap, offset: u32) -> Option<&str> {
        sources.file_at(offset).map(|(_, file)| file.name.as_str())
    }

    fn position(sources: &SourceMap, offset: u32) -> Option<(&str, usize, usize)> {
        let (file, at) = sources.position(offset)?;
        Some((file.name.as_str(), at.line, at.column))
    }

    #[test]
    fn files_stand_one_byte_apart() {
        let sources = two_files();
        assert_eq!(sources.file(FileId(1)).unwrap().span(), Span::new(6, 9));
        assert_eq!(name_at(&sources, 5), Some("one"));
        assert_eq!(name_at(&sources, 6), Some("two"));
        assert_eq!(name_at(&sources, 9), Some("two"));
        assert_eq!(name_at(&sources, 10), None);
        assert_eq!(name_at(&SourceMap::new(), 0), None);
    }

    #[test]
    fn positions_count_lines_and_characters() {
        let sources = two_files();
        assert_eq!(position(&sources, 0), Some(("one", 1, 1)));
        assert_eq!(position(&sources, 3), Some(("one", 1, 3)));
        assert_eq!(position(&sources, 4), Some(("one", 2, 1)));
        assert_eq!(position(&sources, 5), Some(("one", 2, 2)));
        assert_eq!(position(&sources, 8), Some(("two", 1, 3)));
        assert_eq!(position(&sources, 10), None);
    }

    #[test]
    fn offset_inside_a_character_is_its_start() {
        assert_eq!(position(&two_files(), 2), Some(("one", 1, 2)));
        assert_eq!(two_files().text(Span::new(2, 3)), "é");
    }

    #[test]
    fn text_ends_with_its_file() {
        let sources = two_files();
        assert_eq!(sources.text(Span::new(4, 8)), "b");
        assert_eq!(sources.text(Span::new(7, 99)), "yz");
        assert_eq!(sources.text(Span::new(50, 60)), "");
    }
}
