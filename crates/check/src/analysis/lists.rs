//! The values of types that can be listed, each list made once, and which of them answer a question
//! about codes: conditions ask the same few questions over and over.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use exeat_hir::{CodeList, CodeListId, EnumId, Hir, Ty};
use exeat_model::{Code, Country, Date, Truth, Value};

use super::code_lists::Hierarchy;
use super::marks::Marks;

/// What was listed so far. It holds for one program.
#[derive(Debug, Default)]
pub(super) struct Lists {
    all: RefCell<BTreeMap<Listable, Rc<[Value]>>>,
    standing: RefCell<BTreeMap<(Listable, Date), Marks>>,
    hierarchies: RefCell<BTreeMap<CodeListId, Rc<Hierarchy>>>,
    answers: RefCell<BTreeMap<(CodeListId, bool), ByCodes>>,
}

/// What each set of codes was answered.
type ByCodes = BTreeMap<Vec<Code>, Rc<Answers>>;

/// A type whose values can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Listable {
    YesNo,
    Country,
    Enum(EnumId),
    Code(CodeListId),
}

/// Which values of a code list answer a question with yes, and which with no; those that are too
/// coarse to say do neither.
#[derive(Debug)]
pub(super) struct Answers {
    yes: Marks,
    no: Marks,
}

impl Answers {
    /// The values with that answer.
    pub(super) fn with(&self, wanted: bool) -> &Marks {
        if wanted { &self.yes } else { &self.no }
    }
}

impl Lists {
    /// All values of a type in their order, with those marked that stand on a day, if one is given.
    /// None for types whose values cannot be listed.
    pub(super) fn values(
        &self,
        hir: &Hir,
        ty: &Ty,
        day: Option<Date>,
    ) -> Option<(Rc<[Value]>, Marks)> {
        let listable = match ty {
            Ty::YesNo => Listable::YesNo,
            Ty::Country => Listable::Country,
            Ty::Enum(id) => Listable::Enum(*id),
            Ty::Code(id) => Listable::Code(*id),
            _ => return None,
        };
        let all = match self.all.borrow_mut().entry(listable) {
            std::collections::btree_map::Entry::Occupied(entry) => Rc::clone(entry.get()),
            std::collections::btree_map::Entry::Vacant(entry) => {
                Rc::clone(entry.insert(list(hir, listable)?))
            }
        };
        let dated = matches!(listable, Listable::Country | Listable::Code(_));
        let Some(day) = day.filter(|_| dated) else {
            let marks = Marks::all(all.len());
            return Some((all, marks));
        };
        let mut standing = self.standing.borrow_mut();
        let marks = standing
            .entry((listable, day))
            .or_insert_with(|| Marks::of(&all, |value| stands(hir, listable, value, day)));
        Some((Rc::clone(&all), marks.clone()))
    }

    /// Which entries of a list are, or meet, one of the targets.
    pub(super) fn answers(
        &self,
        hir: &Hir,
        list: CodeListId,
        targets: &[Code],
        meets: bool,
    ) -> Option<Rc<Answers>> {
        let known = self
            .answers
            .borrow()
            .get(&(list, meets))
            .and_then(|questions| questions.get(targets).map(Rc::clone));
        if known.is_some() {
            return known;
        }
        let found = Rc::new(self.ask(hir, list, targets, meets)?);
        let mut answers = self.answers.borrow_mut();
        answers.entry((list, meets)).or_default().insert(targets.to_vec(), Rc::clone(&found));
        Some(found)
    }

    /// What one code answers; unknown too where it does not belong to the list.
    pub(super) fn answer(
        &self,
        hir: &Hir,
        list: CodeListId,
        code: &Code,
        targets: &[Code],
    ) -> Option<Truth> {
        let answers = self.answers(hir, list, targets, false)?;
        let (all, _) = self.values(hir, &Ty::Code(list), None)?;
        let at = all.binary_search(&Value::Code(code.clone())).ok();
        Some(at.map_or(Truth::Unknown, |at| {
            if answers.yes.has(at) {
                Truth::True
            } else if answers.no.has(at) {
                Truth::False
            } else {
                Truth::Unknown
            }
        }))
    }

    fn ask(&self, hir: &Hir, id: CodeListId, targets: &[Code], meets: bool) -> Option<Answers> {
        let list = hir.code_lists.get(id)?;
        let (all, _) = self.values(hir, &Ty::Code(id), None)?;
        let mut hierarchies = self.hierarchies.borrow_mut();
        let hierarchy = hierarchies.entry(id).or_insert_with(|| Rc::new(Hierarchy::of(list)));
        let question = hierarchy.question(list, targets, meets);
        let truths: Vec<Truth> = all
            .iter()
            .map(|value| match value {
                Value::Code(code) => question.answer(code),
                _ => Truth::Unknown,
            })
            .collect();
        let yes = Marks::of(&truths, |truth| *truth == Truth::True);
        let no = Marks::of(&truths, |truth| *truth == Truth::False);
        Some(Answers { yes, no })
    }
}

fn list(hir: &Hir, listable: Listable) -> Option<Rc<[Value]>> {
    let mut values: Vec<Value> = match listable {
        Listable::YesNo => vec![Value::YesNo(false), Value::YesNo(true)],
        Listable::Country => {
            let codes = Country::table().iter();
            let countries = codes.filter_map(|entry| Country::from_code(entry.alpha2));
            countries.map(Value::Country).collect()
        }
        Listable::Enum(id) => {
            let values = &hir.enums.get(id)?.values;
            values.iter().map(|value| Value::Symbol(value.name.clone())).collect()
        }
        Listable::Code(id) => {
            let codes = hir.code_lists.get(id)?.entries.keys().cloned().map(Code::Entry);
            codes.chain([Code::None]).map(Value::Code).collect()
        }
    };
    values.sort();
    values.dedup();
    Some(values.into())
}

fn stands(hir: &Hir, listable: Listable, value: &Value, day: Date) -> bool {
    match (listable, value) {
        (_, Value::Country(country)) => country.stands_on(day),
        (Listable::Code(id), Value::Code(Code::Entry(code))) => {
            let list: Option<&CodeList> = hir.code_lists.get(id);
            let entry = list.and_then(|list| list.entries.get(code));
            entry.is_some_and(|entry| entry.interval.contains(day))
        }
        _ => true,
    }
}
