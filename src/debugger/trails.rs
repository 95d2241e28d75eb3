use crate::engine::{NONE, ValueId};

/// The values that ways from the root have come by: ways that part later share what lies before.
///
/// A place is freed with the last way that came by it. So of all ways through a million values no more is kept than what
/// the best of them, wherever they stand by now, have come by.
#[derive(Default)]
pub struct Trails {
    places: Vec<Place>,
    /// Places that are free.
    free: Vec<Trail>,
}

/// A way to a value that has been left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trail(u32);

/// The last part of a way: the value it led to before, and which line of its `_backward` led on from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    pub from: Trail,
    pub line: u32,
}

#[derive(Clone, Copy)]
struct Place {
    value: ValueId,
    leg: Leg,
    /// How many ways lead on from here, or may.
    users: u32,
}

impl Leg {
    /// The root's: it comes from nowhere.
    pub const START: Self = Self { from: Trail(NONE), line: 0 };
}

impl Trails {
    /// A way has come to `value`, which is left now. Whoever asks is its first user; the way is none of the place before
    /// any more.
    pub fn leave(&mut self, value: ValueId, leg: Leg) -> Trail {
        let place = Place { value, leg, users: 1 };
        if let Some(trail) = self.free.pop() {
            self.places[trail.0 as usize] = place;
            return trail;
        }
        self.places.push(place);
        Trail(u32::try_from(self.places.len() - 1).expect("there are fewer values"))
    }

    /// One user more.
    pub fn share(&mut self, trail: Trail) {
        self.places[trail.0 as usize].users += 1;
    }

    /// One user less. Where it was the last one, neither is the place one of that before it.
    pub fn release(&mut self, mut trail: Trail) {
        while let Some(place) = self.places.get_mut(trail.0 as usize) {
            place.users -= 1;
            if place.users > 0 {
                break;
            }
            let before = place.leg.from;
            self.free.push(trail);
            trail = before;
        }
    }

    /// What a way has come by, the last first: each value, and the line of it that led on.
    pub fn back(&self, leg: Leg) -> impl Iterator<Item = (ValueId, usize)> {
        let place = |leg: Leg| self.places.get(leg.from.0 as usize).map(|place| (leg, place));
        std::iter::successors(place(leg), move |(_, at)| place(at.leg)).map(|(leg, at)| (at.value, leg.line as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::{Leg, Trails};

    #[test]
    fn what_no_way_has_come_by_is_free_again() {
        let mut trails = Trails::default();
        let root = trails.leave(9, Leg::START);
        // Two ways lead on from the root, and one of them no further than this.
        let on = |line| Leg { from: root, line };
        trails.share(root);
        let (short, long) = (trails.leave(7, on(0)), trails.leave(5, on(1)));
        let way = Leg { from: long, line: 3 };
        assert_eq!(trails.back(way).collect::<Vec<_>>(), [(5, 3), (9, 1)]);
        trails.release(short);
        trails.share(root);
        assert_eq!(trails.leave(6, on(0)), short, "its place is free, that before it is not");
        assert_eq!(trails.back(way).collect::<Vec<_>>(), [(5, 3), (9, 1)]);
        [short, long].into_iter().for_each(|trail| trails.release(trail));
        assert_eq!(trails.free.len(), trails.places.len());
    }
}
