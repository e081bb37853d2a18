use std::marker::PhantomData;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl From<u32> for $name {
            fn from(value: u32) -> Self {
                Self(value)
            }
        }

        impl From<$name> for u32 {
            fn from(value: $name) -> u32 {
                value.0
            }
        }
    )*};
}

ids! {
    /// A module.
    ModuleId,
    /// An enumeration.
    EnumId,
    /// A record type.
    RecordId,
    /// A unit.
    UnitId,
    /// An outcome scale.
    ScaleId,
    /// A code list.
    CodeListId,
    /// A group.
    GroupId,
    /// A fact.
    FactId,
    /// A define.
    DefineId,
    /// A table.
    TableId,
    /// A function of a jurisdiction.
    FunctionId,
    /// A reading.
    ReadingId,
    /// A decision.
    DecisionId,
    /// A rule or an exception.
    RuleId,
    /// A `not modelled` item.
    NotModelledId,
    /// A scenario.
    ScenarioId,
    /// An assertion.
    AssertionId,
    /// An assumption.
    AssumptionId,
    /// A parameter, or a name bound by a quantifier: unique within its define, table or rule.
    LocalId,
}

/// A vector that is indexed by one kind of id only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdVec<I, T> {
    items: Vec<T>,
    id: PhantomData<fn(I) -> I>,
}

impl<I, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Self { items: Vec::new(), id: PhantomData }
    }
}

impl<I: Copy + From<u32> + Into<u32>, T> IdVec<I, T> {
    /// Adds an item and gives its id.
    pub fn push(&mut self, item: T) -> I {
        let id = I::from(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
        self.items.push(item);
        id
    }

    /// The item with that id; `None` only for an id of another program.
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(usize::try_from(id.into()).ok()?)
    }

    /// The item with that id, to be changed.
    pub fn get_mut(&mut self, id: I) -> Option<&mut T> {
        self.items.get_mut(usize::try_from(id.into()).ok()?)
    }

    /// All items with their ids.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items
            .iter()
            .enumerate()
            .map(|(at, item)| (I::from(u32::try_from(at).unwrap_or(u32::MAX)), item))
    }

    /// All items.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// All items, to be changed.
    pub fn values_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
