use super::place::clamp;
use crate::{Diagnostic, SourceMap};

/// The problems in the order in which every format shows them.
///
/// Problems without a place come first, then by file name, offset and code. The order in which
/// files were read or problems found does not matter.
pub(super) fn ordered<'a>(
    diagnostics: &'a [Diagnostic],
    sources: &SourceMap,
) -> Vec<&'a Diagnostic> {
    let mut ordered: Vec<&Diagnostic> = diagnostics.iter().collect();
    ordered.sort_by_cached_key(|diagnostic| {
        let place = diagnostic.span().and_then(|span| clamp(span, sources));
        let place = place.map(|(file, bytes)| (file.name.clone(), bytes.start, bytes.end));
        (place, diagnostic.code, diagnostic.message.clone())
    });
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn order_of_discovery_does_not_matter() {
        let (mut diagnostics, sources) = fixture::two_files();
        let codes = |diagnostics: &[Diagnostic]| -> Vec<&str> {
            ordered(diagnostics, &sources).iter().map(|found| found.code.0).collect()
        };
        assert_eq!(codes(&diagnostics), ["E0801", "E0504", "W0901", "E0201"]);
        diagnostics.reverse();
        assert_eq!(codes(&diagnostics), ["E0801", "E0504", "W0901", "E0201"]);
    }
}
