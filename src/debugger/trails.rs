use crate::engine::{NONE, ValueId};

/// The values that ways from the root have come by: ways that part later share what lies before.
///
/// A place is freed with the last way that came by it. So of all ways through a million values no more is kept than what
/// the best of them, wherever they stand by now, have come by.
pub struct Trails {
    places: Vec<Place>,
    /// The first place that is free, which names the next one.
    free: Trail,
}

/// A way to a value that has been left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trail(u32);

/// The last part of a way: the value it led to before, and which line of its `_backward` led on from there. A rule has few
/// lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    pub from: Trail,
    pub line: u16,
}

/// Of a million values each may have one.
#[derive(Clone, Copy)]
struct Place {
    value: ValueId,
    from: Trail,
    line: u16,
    /// How many ways lead on from here, or may: no more than the value has lines, and one.
    users: u16,
}

impl Leg {
    /// The root's: it comes from nowhere.
    pub const START: Self = Self { from: Trail(NONE), line: 0 };
}

impl Trails {
    /// With room for so many places; there may be more.
    pub fn with_room(places: usize) -> Self {
        Self { places: Vec::with_capacity(places), free: Leg::START.from }
    }

    /// A way has come to `value`, which is left now. Whoever asks is its first user; the way is none of the place before
    /// any more.
    pub fn leave(&mut self, value: ValueId, Leg { from, line }: Leg) -> Trail {
        let left = Place { value, from, line, users: 1 };
        let trail = self.free;
        if let Some(place) = self.places.get_mut(trail.0 as usize) {
            self.free = place.from;
            *place = left;
            return trail;
        }
        self.places.push(left);
        Trail(u32::try_from(self.places.len() - 1).expect("there are fewer"))
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
            let before = std::mem::replace(&mut place.from, self.free);
            self.free = trail;
            trail = before;
        }
    }

    /// What a way has come by, the last first: each value, and the line of it that led on.
    pub fn back(&self, leg: Leg) -> impl Iterator<Item = (ValueId, usize)> {
        let mut leg = leg;
        std::iter::from_fn(move || {
            let place = self.places.get(leg.from.0 as usize)?;
            let line = std::mem::replace(&mut leg, Leg { from: place.from, line: place.line }).line;
            Some((place.value, line.into()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Leg, Trails};

    #[test]
    fn what_no_way_has_come_by_is_free_again() {
        let mut trails = Trails::with_room(0);
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
        for trail in [short, long] {
            trails.release(trail);
        }
        let free = std::iter::successors(Some(trails.free), |trail| Some(trails.places.get(trail.0 as usize)?.from));
        assert_eq!(free.count() - 1, trails.places.len());
    }
}
