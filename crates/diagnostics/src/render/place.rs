use std::ops::Range;

use crate::{LineColumn, SourceFile, SourceMap, Span};

/// A span in its file, in the numbers that readers want.
pub(super) struct Place<'a> {
    /// The file in which it lies.
    pub(super) file: &'a SourceFile,
    /// The bytes within the file.
    pub(super) bytes: Range<usize>,
    /// Where it starts.
    pub(super) start: LineColumn,
    /// Where it ends: the place after the last character.
    pub(super) end: LineColumn,
}

impl<'a> Place<'a> {
    /// The place of a span, moved into a file if it lies beyond; `None` only if there is no file.
    pub(super) fn of(span: Span, sources: &'a SourceMap) -> Option<Self> {
        let (file, bytes) = clamp(span, sources)?;
        let start = line_column(file, bytes.start);
        let end = line_column(file, bytes.end);
        Some(Self { file, bytes, start, end })
    }
}

/// The one way from a span to text: the file and a range of its bytes that is always valid.
///
/// A span beyond all files becomes the end of the last one, a span over several files ends with the
/// first, and a bound inside a character moves outward to the edge of that character.
pub(super) fn clamp(span: Span, sources: &SourceMap) -> Option<(&SourceFile, Range<usize>)> {
    let (_, file) = sources.file_at(span.start).or_else(|| sources.files().last())?;
    let local = |offset: u32| {
        usize::try_from(offset.saturating_sub(file.base)).unwrap_or(usize::MAX).min(file.text.len())
    };
    let start = file.text.floor_char_boundary(local(span.start));
    let end = file.text.ceil_char_boundary(local(span.end)).max(start);
    Some((file, start..end))
}

/// Like [`clamp`], but the range always starts before the end of the text, so that it can be marked
/// on a line: a place at the end of the file becomes its last visible character.
pub(super) fn clamp_visible(
    span: Span,
    sources: &SourceMap,
) -> Option<(&SourceFile, Range<usize>)> {
    let (file, bytes) = clamp(span, sources)?;
    if bytes.start < file.text.len() {
        return Some((file, bytes));
    }
    let visible = file.text.trim_end();
    let start = visible.char_indices().next_back().map_or(0, |(at, _)| at);
    Some((file, start..visible.len()))
}

/// Line and column, both from 1, of a byte of a file; the byte must be at the edge of a character.
pub(super) fn line_column(file: &SourceFile, byte: usize) -> LineColumn {
    let line = line_of(file, byte);
    let before = file.text.get(line_start(file, line)..byte).unwrap_or("");
    LineColumn { line: line.saturating_add(1), column: before.chars().count().saturating_add(1) }
}

/// The number, from 0, of the line in which a byte lies.
pub(super) fn line_of(file: &SourceFile, byte: usize) -> usize {
    let byte = u32::try_from(byte).unwrap_or(u32::MAX);
    file.line_starts().partition_point(|start| *start <= byte).saturating_sub(1)
}

/// The first byte of a line, counted from 0; the end of the text for a line beyond the last.
pub(super) fn line_start(file: &SourceFile, line: usize) -> usize {
    let start = file.line_starts().get(line).and_then(|start| usize::try_from(*start).ok());
    start.unwrap_or(file.text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sources(texts: &[&str]) -> SourceMap {
        let mut sources = SourceMap::new();
        for (at, text) in texts.iter().enumerate() {
            sources.add(format!("file{at}"), *text).unwrap();
        }
        sources
    }

    fn bytes(texts: &[&str], start: u32, end: u32) -> (String, Range<usize>) {
        let sources = sources(texts);
        let (file, bytes) = clamp(Span::new(start, end), &sources).unwrap();
        (file.name.clone(), bytes)
    }

    #[test]
    fn spans_stay_in_their_file() {
        assert_eq!(bytes(&["abc", "de"], 1, 2), ("file0".to_owned(), 1..2));
        assert_eq!(bytes(&["abc", "de"], 1, 6), ("file0".to_owned(), 1..3));
        assert_eq!(bytes(&["abc", "de"], 3, 3), ("file0".to_owned(), 3..3));
        assert_eq!(bytes(&["abc", "de"], 4, 5), ("file1".to_owned(), 0..1));
        assert_eq!(bytes(&["abc", "de"], 99, 120), ("file1".to_owned(), 2..2));
    }

    #[test]
    fn bounds_inside_a_character_move_outward() {
        assert_eq!(bytes(&["aéb"], 2, 2), ("file0".to_owned(), 1..3));
        assert_eq!(bytes(&["a😀b"], 2, 4), ("file0".to_owned(), 1..5));
    }

    #[test]
    fn end_of_file_is_shown_on_the_last_visible_character() {
        let sources = sources(&["abc é \n\n"]);
        let (_, shown) = clamp_visible(Span::new(9, 9), &sources).unwrap();
        assert_eq!(shown, 4..6);
    }

    #[test]
    fn nothing_can_be_placed_without_files() {
        assert!(Place::of(Span::new(0, 1), &SourceMap::new()).is_none());
    }

    #[test]
    fn columns_count_characters() {
        let sources = sources(&["aé\nöx"]);
        let place = Place::of(Span::new(6, 7), &sources).unwrap();
        assert_eq!((place.start.line, place.start.column), (2, 2));
        assert_eq!((place.end.line, place.end.column), (2, 3));
    }

    proptest! {
        #[test]
        fn clamped_ranges_are_always_text(
            texts in prop::collection::vec("\\PC{0,12}|[ \n\r\té😀a]{0,12}", 1..4),
            start in 0..60_u32,
            length in 0..40_u32,
        ) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let sources = sources(&texts);
            let span = Span::new(start, start + length);
            let (file, bytes) = clamp(span, &sources).unwrap();
            prop_assert!(file.text.get(bytes).is_some());
            let (file, bytes) = clamp_visible(span, &sources).unwrap();
            prop_assert!(file.text.is_empty() || bytes.start < file.text.len());
            prop_assert!(file.text.get(bytes).is_some());
        }
    }
}
