//! The pieces of JSON that several commands write.

use serde::ser::{Serialize, SerializeSeq, Serializer};

use crate::engine::{Graph, ValueId};
use crate::scenario::ValueNames;

/// A number; one that JSON lacks is the string that scenario files have for it.
#[derive(Clone, Copy)]
pub struct Num(pub f64);

impl Serialize for Num {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            x if x.is_nan() => serializer.serialize_str("NaN"),
            f64::INFINITY => serializer.serialize_str("inf"),
            f64::NEG_INFINITY => serializer.serialize_str("-inf"),
            x => serializer.serialize_f64(x),
        }
    }
}

/// An array made on the way out, of which no copy is ever in memory.
pub struct Seq<F>(pub F);

impl<F, I> Serialize for Seq<F>
where
    F: Fn() -> I,
    I: Iterator<Item: Serialize>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// The operands of a value as scenario files have them: names, then the exponent that belongs to its op.
pub struct OperandNames<'a> {
    pub graph: &'a Graph,
    pub names: &'a ValueNames,
    pub of: ValueId,
}

impl Serialize for OperandNames<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        for &operand in self.graph.operands_of(self.of) {
            seq.serialize_element(self.names.name(operand))?;
        }
        if let Some(exponent) = self.graph.exponent_of(self.of) {
            seq.serialize_element(&Num(exponent))?;
        }
        seq.end()
    }
}
