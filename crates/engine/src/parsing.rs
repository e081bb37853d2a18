use std::sync::Arc;

use exeat_diagnostics::SourceMap;
use exeat_syntax::Parsed;

use crate::sources::SourceTexts;

/// Parses all files so, on as many threads as there are processors. A file for which there is no room in
/// the offset space has no tree.
pub(crate) fn parse_all(
    texts: &SourceTexts,
    sources: &mut SourceMap,
    parse: fn(Arc<str>, u32) -> Parsed,
) -> Vec<Option<Parsed>> {
    let placed: Vec<(Arc<str>, Option<u32>)> = texts
        .policies
        .iter()
        .map(|policy| {
            let added = sources.add(&*policy.name, Arc::clone(&policy.text));
            let base = added.and_then(|id| sources.file(id)).map(|file| file.base);
            (Arc::clone(&policy.text), base)
        })
        .collect();
    let parse_one =
        |(text, base): &(Arc<str>, Option<u32>)| base.map(|base| parse(Arc::clone(text), base));
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    // Long files first, each to whom has least to do.
    let mut order: Vec<usize> = (0..placed.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(placed.get(*at).map_or(0, |(text, _)| text.len())));
    let mut shares: Vec<(usize, Vec<usize>)> = vec![(0, Vec::new()); processors];
    for at in order {
        let length = placed.get(at).map_or(0, |(text, _)| text.len());
        if let Some((sum, share)) = shares.iter_mut().min_by_key(|(sum, _)| *sum) {
            *sum = sum.saturating_add(length);
            share.push(at);
        }
    }
    let mut parsed: Vec<Option<Parsed>> = placed.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        let (placed, parse_one) = (&placed, &parse_one);
        let work = move |share: Vec<usize>| -> Vec<(usize, Option<Parsed>)> {
            share.into_iter().filter_map(|at| Some((at, parse_one(placed.get(at)?)))).collect()
        };
        let mut shares =
            shares.into_iter().map(|(_, share)| share).filter(|share| !share.is_empty());
        let own = shares.next();
        let others: Vec<_> = shares.map(|share| scope.spawn(move || work(share))).collect();
        let mut done = own.map(work).unwrap_or_default();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        for (at, tree) in done {
            if let Some(place) = parsed.get_mut(at) {
                *place = tree;
            }
        }
    });
    parsed
}
