//! Work that is done ahead on all processors, while what was done is used.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How many results may be in the making or wait, for each processor. They may hold diagrams, which are large.
const MOST_AHEAD: usize = 2;

/// Works through some items on all processors, while `using` takes the results in the order of the items:
/// what comes of it does not depend on who is faster. Where there can be no other thread, each item is worked
/// on when its result is taken.
pub(crate) fn ahead<T, R: Send, A>(
    items: impl Iterator<Item = T> + Send,
    work: impl Fn(T) -> R + Sync,
    using: impl FnOnce(&mut dyn Iterator<Item = R>) -> A,
) -> A {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let bench = Bench {
        state: Mutex::new(State {
            items,
            begun: 0,
            taken: 0,
            done: BTreeMap::new(),
            open: true,
            workers: 0,
        }),
        changed: Condvar::new(),
        most_ahead: processors.saturating_mul(MOST_AHEAD),
    };
    let (bench, work) = (&bench, &work);
    thread::scope(|scope| {
        for _ in 0..processors {
            bench.enter();
            let worker = move || {
                let _leaving = Leaving(bench);
                while let Some((at, item)) = bench.next_item() {
                    let result = work(item);
                    bench.lay_down(at, result);
                }
            };
            if thread::Builder::new().spawn_scoped(scope, worker).is_err() {
                bench.leave();
            }
        }
        let _closing = Closing(bench);
        using(&mut std::iter::from_fn(|| bench.take(work)))
    })
}

/// Where items are fetched, and where results lie until they are taken.
struct Bench<I, R> {
    state: Mutex<State<I, R>>,
    changed: Condvar,
    most_ahead: usize,
}

struct State<I, R> {
    items: I,
    /// How many items were fetched, and how many results were taken.
    begun: usize,
    taken: usize,
    done: BTreeMap<usize, R>,
    /// Whether more is wanted.
    open: bool,
    workers: usize,
}

impl<I: Iterator, R> State<I, R> {
    fn fetch(&mut self) -> Option<(usize, I::Item)> {
        let item = self.items.next()?;
        let at = self.begun;
        self.begun = at.saturating_add(1);
        Some((at, item))
    }
}

impl<I: Iterator, R> Bench<I, R> {
    /// Whoever fails with the lock held leaves a count behind that is still right.
    fn state(&self) -> MutexGuard<'_, State<I, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State<I, R>>) -> MutexGuard<'s, State<I, R>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// The next item, once there is room for its result; none when there is nothing more to do.
    fn next_item(&self) -> Option<(usize, I::Item)> {
        let mut state = self.state();
        while state.open && state.begun >= state.taken.saturating_add(self.most_ahead) {
            state = self.wait(state);
        }
        if state.open { state.fetch() } else { None }
    }

    fn lay_down(&self, at: usize, result: R) {
        self.state().done.insert(at, result);
        self.changed.notify_all();
    }

    /// The next result.
    fn take(&self, work: &impl Fn(I::Item) -> R) -> Option<R> {
        let mut state = self.state();
        loop {
            let next = state.taken;
            if let Some(result) = state.done.remove(&next) {
                state.taken = next.saturating_add(1);
                self.changed.notify_all();
                return Some(result);
            }
            if state.workers == 0 {
                let (_, item) = state.fetch()?;
                state.taken = next.saturating_add(1);
                drop(state);
                return Some(work(item));
            }
            state = self.wait(state);
        }
    }

    fn enter(&self) {
        let mut state = self.state();
        state.workers = state.workers.saturating_add(1);
    }

    fn leave(&self) {
        let mut state = self.state();
        state.workers = state.workers.saturating_sub(1);
        // The result of one who failed never comes: nobody is to wait for it.
        state.open &= !thread::panicking();
        self.changed.notify_all();
    }
}

struct Leaving<'b, I: Iterator, R>(&'b Bench<I, R>);

impl<I: Iterator, R> Drop for Leaving<'_, I, R> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

struct Closing<'b, I: Iterator, R>(&'b Bench<I, R>);

impl<I: Iterator, R> Drop for Closing<'_, I, R> {
    fn drop(&mut self) {
        self.0.state().open = false;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::ahead;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let slow = |item: u64| {
            std::thread::sleep(std::time::Duration::from_micros((item * 7) % 5 * 100));
            item * 2
        };
        let doubled = ahead(0..100, slow, |results| results.collect::<Vec<_>>());
        assert_eq!(doubled, (0..100).map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn who_has_enough_may_leave() {
        let first = ahead(0_u64.., |item| item + 1, |results| results.next());
        assert_eq!(first, Some(1));
    }

    #[test]
    fn who_fails_stops_all() {
        let failing = |item: u64| {
            assert_ne!(item, 3, "this one fails");
            item
        };
        let ended = std::panic::catch_unwind(|| ahead(0..50, failing, |results| results.count()));
        ended.expect_err("a worker failed");
    }
}
