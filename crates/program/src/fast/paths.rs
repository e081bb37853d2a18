//! Runs that go the same way come to the same.
//!
//! What a run comes to depends on the cells of the columns that it asks, and on nothing else. The cells that cost
//! nothing to read are the key, all at once; behind a key stands a tree of the columns that have to be
//! computed, in the order in which runs asked them, with a branch for each cell that was met, and at its ends
//! what those runs came to. A run that finds its way to an end is done; any other is made as always, and its
//! way is added. Orders differ in numbers and names far more than in cells.

use exeat_hir::RuleId;

use super::keys::Keys;
use super::memory::Owner;
use super::run::FastRun;
use super::{Fast, Settled};

/// For how many sets of decisions ways are kept at a time.
const MOST_SETS: usize = 8;
/// How many nodes there may be behind all keys: beyond that all are forgotten.
const MOST_NODES: usize = 16_384;
/// After how many runs is asked whether it is worth it, how many of them have to have found their way, and for
/// how many runs nothing is looked for if they have not.
const WINDOW: u32 = 1_024;
const FEWEST: u32 = 128;
const REST: u32 = 16_384;

/// The ways that runs went, by the epoch whose rules they were of and the decisions that were wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths {
    sets: Vec<(Owner, Option<Vec<bool>>, Option<Ways>)>,
}

/// The ways for one set of decisions of one epoch.
#[derive(Clone, Debug)]
struct Ways {
    keys: Keys,
    /// The first node behind each key.
    roots: Vec<Option<usize>>,
    nodes: Vec<Node>,
    /// A cell, the node behind it, the next branch of the same node.
    branches: Vec<(u16, usize, Option<usize>)>,
    answers: Vec<Answer>,
    /// How many runs there were in this window, and how many of them found their way.
    runs: u32,
    met: u32,
    /// For how many runs nothing is looked for.
    rest: u32,
}

#[derive(Clone, Copy, Debug)]
enum Node {
    /// The column that is asked, and its first branch.
    Column(usize, Option<usize>),
    /// What a run came to, by its place.
    Answer(usize),
    /// A column is asked that depends on more than cells: on what decisions came to.
    Beyond,
}

/// What a run came to.
#[derive(Clone, Debug)]
struct Answer {
    settled: Vec<Settled>,
    because: Vec<(u32, RuleId)>,
    ends: Vec<usize>,
    whole: bool,
}

/// Where a run came to on the ways that are known.
#[derive(Clone, Copy, Debug)]
enum Reached {
    Answer(usize),
    New(Branch),
    Beyond,
}

/// A branch that is not there yet: of a node, for a cell; of no node, for the key itself.
#[derive(Clone, Copy, Debug)]
struct Branch {
    key: usize,
    node: Option<(usize, u16)>,
}

impl Paths {
    /// Makes a run by the ways that are known, or as always. Whether all is settled.
    pub(super) fn run(
        &mut self,
        owner: Owner,
        run: &mut FastRun<'_>,
        wanted: Option<&[bool]>,
    ) -> bool {
        match self.ways(owner, run.fast, wanted) {
            Some(ways) => ways.run(run, wanted),
            None => run.decide_these(wanted),
        }
    }

    fn ways(&mut self, owner: Owner, fast: &Fast, wanted: Option<&[bool]>) -> Option<&mut Ways> {
        let known =
            (self.sets.iter()).position(|(of, set, _)| *of == owner && set.as_deref() == wanted);
        let at = known.unwrap_or_else(|| {
            if self.sets.len() >= MOST_SETS {
                self.sets.remove(0);
            }
            let set = wanted.map(<[bool]>::to_vec);
            self.sets.push((owner, set, Keys::new(fast, wanted).map(Ways::new)));
            self.sets.len().saturating_sub(1)
        });
        self.sets.get_mut(at)?.2.as_mut()
    }
}

impl Ways {
    fn new(keys: Keys) -> Self {
        Self {
            keys,
            roots: Vec::new(),
            nodes: Vec::new(),
            branches: Vec::new(),
            answers: Vec::new(),
            runs: 0,
            met: 0,
            rest: 0,
        }
    }

    fn run(&mut self, run: &mut FastRun<'_>, wanted: Option<&[bool]>) -> bool {
        if self.rest > 0 {
            self.rest = self.rest.saturating_sub(1);
            return run.decide_these(wanted);
        }
        let reached = self.reach(run);
        self.count(matches!(reached, Reached::Answer(_)));
        match reached {
            Reached::Answer(at) => match self.answers.get(at) {
                Some(answer) => answer.give(run),
                None => run.decide_these(wanted),
            },
            Reached::Beyond => run.decide_these(wanted),
            Reached::New(branch) => {
                let whole = run.decide_noting(wanted);
                self.learn(branch, run, whole);
                whole
            }
        }
    }

    fn count(&mut self, met: bool) {
        self.runs = self.runs.saturating_add(1);
        self.met = self.met.saturating_add(met.into());
        if self.runs >= WINDOW {
            if self.met < FEWEST {
                self.rest = REST;
            }
            (self.runs, self.met) = (0, 0);
        }
    }

    /// Goes the known ways with a run, as far as they lead.
    fn reach(&mut self, run: &mut FastRun<'_>) -> Reached {
        if self.nodes.len() >= MOST_NODES {
            self.forget();
        }
        let number = self.keys.number(run);
        let number = number.or_else(|| {
            self.forget();
            self.keys.number(run)
        });
        let Some(key) = number else { return Reached::Beyond };
        let Some(mut at) = self.roots.get(key).copied().flatten() else {
            return Reached::New(Branch { key, node: None });
        };
        loop {
            match self.nodes.get(at) {
                Some(Node::Answer(answer)) => return Reached::Answer(*answer),
                Some(Node::Column(column, first)) => {
                    let cell = run.cell(*column);
                    match self.behind(*first, cell) {
                        Some(next) => at = next,
                        None => return Reached::New(Branch { key, node: Some((at, cell)) }),
                    }
                }
                Some(Node::Beyond) | None => return Reached::Beyond,
            }
        }
    }

    fn behind(&self, first: Option<usize>, wanted: u16) -> Option<usize> {
        let mut branch = first;
        while let Some((cell, node, next)) = branch.and_then(|at| self.branches.get(at)) {
            if *cell == wanted {
                return Some(*node);
            }
            branch = *next;
        }
        None
    }

    fn forget(&mut self) {
        self.keys.clear();
        self.roots.clear();
        self.nodes.clear();
        self.branches.clear();
        self.answers.clear();
    }

    /// Adds the way of a run that was made as always: the columns that it asked beyond a branch, and what it came
    /// to.
    fn learn(&mut self, branch: Branch, run: &FastRun<'_>, whole: bool) {
        let mut from = branch.node;
        if from.is_none() {
            if self.roots.len() <= branch.key {
                self.roots.resize(branch.key.saturating_add(1), None);
            }
            if let Some(root) = self.roots.get_mut(branch.key) {
                *root = Some(self.nodes.len());
            }
        }
        let scratch = &*run.scratch;
        for (column, cell) in &scratch.noted {
            if run.fast.columns.get(*column).is_none_or(|column| column.reads_decisions) {
                self.add(Node::Beyond, from);
                return;
            }
            from = Some((self.add(Node::Column(*column, None), from), *cell));
        }
        let answer = Node::Answer(self.answers.len());
        self.answers.push(Answer {
            settled: scratch.settled.clone(),
            because: scratch.because.clone(),
            ends: scratch.ends.clone(),
            whole,
        });
        self.add(answer, from);
    }

    /// Adds a node behind a branch that is not there yet; its place.
    fn add(&mut self, node: Node, from: Option<(usize, u16)>) -> usize {
        let at = self.nodes.len();
        self.nodes.push(node);
        if let Some((from, cell)) = from
            && let Some(Node::Column(_, first)) = self.nodes.get_mut(from)
        {
            let next = first.replace(self.branches.len());
            self.branches.push((cell, at, next));
        }
        at
    }
}

impl Answer {
    fn give(&self, run: &mut FastRun<'_>) -> bool {
        run.scratch.settled.extend_from_slice(&self.settled);
        run.scratch.because.extend_from_slice(&self.because);
        run.scratch.ends.extend_from_slice(&self.ends);
        self.whole
    }
}
