//! A scalar run asks for no memory: what it needs it has from runs before.

#![expect(unsafe_code, reason = "an allocator that counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::NoFunctions;
use exeat_model::date_from_text;
use exeat_program::{FastScratch, Program, Request};
use exeat_testing::checked;
use exeat_testing::yardstick::{LADDER, transactions};

thread_local! {
    /// How many times this thread asked for memory.
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: all is left to the system's allocator; to count touches no memory but a constant cell of the thread.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.with(|asked| asked.set(asked.get() + 1));
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[test]
fn a_scalar_run_asks_for_no_memory() {
    let program = Program::new(checked(LADDER).unwrap());
    let facts = transactions(2_000).into_iter().map(|one| one.facts(program.hir()));
    let facts: Vec<_> = facts.collect();
    let records: Vec<_> = facts.iter().map(|facts| program.encode(facts)).collect();
    let rows = program.encode_rows(&facts);
    let (readings, proposals) = (BTreeMap::new(), BTreeSet::new());
    let request = Request {
        as_of: date_from_text("2026-01-01").unwrap(),
        readings: &readings,
        proposals: &proposals,
        functions: &NoFunctions,
    };
    let mut scratch = FastScratch::default();
    let mut all = || {
        for (at, record) in records.iter().enumerate() {
            assert!(program.run_fast(&request, record, &mut scratch).unwrap());
            assert!(program.run_fast_row(&request, &rows, at, &mut scratch).unwrap());
        }
    };
    // The first runs make the room.
    all();
    let before = ASKED.get();
    assert!(before > 0, "nothing is counted");
    all();
    assert_eq!(ASKED.get() - before, 0);
}
