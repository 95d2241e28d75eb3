use crate::engine::ValueId;

/// How far the value of each name has come, by the number of the name: four bytes each, since there may be a million.
#[derive(Default)]
pub(super) struct States(Vec<u32>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// The name is used, and no value has it, so far.
    Undeclared,
    /// A value has it, at this place of the file.
    Declared(u32),
    /// It is begun, and waits for others.
    Waiting,
    /// It is there.
    Made(ValueId),
}

const UNDECLARED: u32 = u32::MAX;
const WAITING: u32 = u32::MAX - 1;
/// A place has this bit; a value does not, since the largest file has fewer.
const PLACE: u32 = 1 << 31;

impl States {
    pub fn get(&self, name: u32) -> State {
        match self.0.get(name as usize).copied() {
            None | Some(UNDECLARED) => State::Undeclared,
            Some(WAITING) => State::Waiting,
            Some(place) if place & PLACE != 0 => State::Declared(place & !PLACE),
            Some(value) => State::Made(value),
        }
    }

    pub fn set(&mut self, name: u32, state: State) {
        let name = name as usize;
        if self.0.len() <= name {
            self.0.resize(name + 1, UNDECLARED);
        }
        self.0[name] = match state {
            State::Undeclared => UNDECLARED,
            State::Waiting => WAITING,
            State::Declared(place) => place | PLACE,
            State::Made(value) => value,
        };
    }

    /// The value of each name, now that all are made.
    pub fn into_values(self) -> Vec<ValueId> {
        debug_assert!(self.0.iter().all(|&state| state & PLACE == 0), "every value is made");
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{State, States};

    #[test]
    fn a_state_is_what_was_set() {
        let mut states = States::default();
        let all = [State::Made(0), State::Declared(0), State::Waiting, State::Made(7), State::Declared(1 << 30)];
        for (name, state) in (1..).zip(all) {
            states.set(name, state);
        }
        assert_eq!([0, 6].map(|name| states.get(name)), [State::Undeclared; 2]);
        assert_eq!([1, 2, 3, 4, 5].map(|name| states.get(name)), all);
    }
}
