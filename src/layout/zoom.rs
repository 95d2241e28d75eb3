//! How much of a value is shown, and how many cells that takes.

/// From everything to one cell, in the order in which detail is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zoom {
    /// Label, data, grad, order number, and room on the wires for `self += -1.5`.
    Full,
    /// The same without room on the wires.
    FullNarrow,
    /// Label, data and grad with three decimals, order number.
    Cards,
    /// Label over grad.
    NameGrad,
    /// Label.
    Names,
    /// Op letter and a dot for the state.
    Dots,
}

impl Zoom {
    pub const ALL: [Self; 6] = [Self::Full, Self::FullNarrow, Self::Cards, Self::NameGrad, Self::Names, Self::Dots];

    /// Cells of the op badge: `(tanh)`, or its first letter among dots; nothing for a leaf.
    pub fn badge_width(self, op_width: u16) -> u16 {
        match (op_width, self) {
            (0, _) => 0,
            (_, Self::Dots) => 1,
            (width, _) => width + 2,
        }
    }

    pub const fn sizes(self) -> Sizes {
        let (width, height, port_row) = match self {
            Self::Full | Self::FullNarrow => (18, 4, 1),
            Self::Cards => (17, 3, 1),
            Self::NameGrad => (9, 2, 0),
            Self::Names => (13, 1, 0),
            Self::Dots => (1, 1, 0),
        };
        let (lead, room, row_gap) = match self {
            Self::Full => (3, 14, 1),
            Self::FullNarrow => (1, 1, 0),
            _ => (1, 0, 0),
        };
        let boxed = matches!(self, Self::Full | Self::FullNarrow | Self::Cards);
        Sizes {
            zoom: self,
            width,
            height,
            port_row,
            lead,
            room,
            row_gap,
            arrow: boxed as i32,
            join: !matches!(self, Self::Dots) as i32,
        }
    }
}

/// Cells around one value. A caller may widen `room` where the terminal has space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    pub zoom: Zoom,
    /// The box; for `Names` its width is the widest allowed.
    pub width: i32,
    pub height: i32,
    /// The row of the box that wires meet, counted from its top.
    pub port_row: i32,
    /// Cells between a box and the first track: where `◀` arrives.
    pub lead: i32,
    /// Cells after the last track: where a wire's label is written.
    pub room: i32,
    /// Free rows between two boxes of a layer.
    pub row_gap: i32,
    /// 1 if a cell between badge and box is kept for `▶`.
    pub arrow: i32,
    /// 1 if a column is kept where operands join before the badge; dots join on their own row.
    pub join: i32,
}

impl Sizes {
    /// `Full` with room for `other += -1.5` in words; what to ask for when it fits.
    pub const WIDE: Self = Self { room: 20, ..Zoom::Full.sizes() };

    /// What a picture can be laid out in, the most detailed first.
    pub const LEVELS: [Self; 7] = [
        Self::WIDE,
        Zoom::Full.sizes(),
        Zoom::FullNarrow.sizes(),
        Zoom::Cards.sizes(),
        Zoom::NameGrad.sizes(),
        Zoom::Names.sizes(),
        Zoom::Dots.sizes(),
    ];

    /// Rows above the port row that a value with this many operands needs.
    pub const fn above(&self, operands: usize) -> i32 {
        let ports = if self.port_row == 0 { 0 } else { Self::upper(operands) };
        if ports > self.port_row { ports } else { self.port_row }
    }

    /// Rows below the port row.
    pub fn below(&self, operands: usize) -> i32 {
        let last = operands.checked_sub(1).map_or(0, |slot| self.port(operands, slot));
        last.max(self.height - 1 - self.port_row)
    }

    /// Where the operand that is `slot`-th from above arrives, relative to the port row.
    ///
    /// A joint where two wires arrive from left, above and below would be a 4-way joint, which
    /// reads as a crossing; so with several operands of a tall box none arrives on the port row.
    pub const fn port(&self, operands: usize, slot: usize) -> i32 {
        let (slot, upper) = (slot as i32, Self::upper(operands));
        match () {
            () if self.join == 0 || operands == 1 => 0,
            () if self.port_row == 0 => slot,
            () if slot < upper => slot - upper,
            () => slot - upper + 1,
        }
    }

    const fn upper(operands: usize) -> i32 {
        if operands == 1 { 0 } else { operands as i32 / 2 }
    }
}

impl Default for Sizes {
    fn default() -> Self {
        Zoom::Full.sizes()
    }
}
