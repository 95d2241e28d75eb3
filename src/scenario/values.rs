//! The `values` of a file: the part there may be a million of.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::file::{NumberVisitor, Reader};
use super::place::Step;
use super::states::State;
use super::written::{Arg, Form, Problem, Spot, Value, Written, key, wrong_name};
use crate::formula::number::special;

pub(super) struct ValuesSeed<'r, 'p>(pub &'r mut Reader<'p>);

impl<'de> DeserializeSeed<'de> for ValuesSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ValuesSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object of values by their names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(NameSeed(self.0))? {
            if let Some((title, label)) = wrong_name(self.0.written.names.get(name)) {
                let spot = Spot::Key(vec![key("values"), key(self.0.written.names.get(name))]);
                return Err(self.0.stop(Problem::whole(spot, title, label)));
            }
            if !self.0.written.declare(name) {
                let name = self.0.written.names.get(name).to_owned();
                let spot = Spot::Key(vec![key("values"), Step::Repeated(name.clone(), 1)]);
                let problem = Problem::whole(spot, format!("there are two values called `{name}`"), "the second one");
                return Err(self.0.stop(problem.help(Some("names are unique; labels may repeat".into()))));
            }
            let form = map.next_value_seed(ValueSeed { reader: self.0, name })?;
            self.0.written.values.push(Value { name, form });
        }
        Ok(())
    }
}

impl Written {
    /// Notes that the next value has this name; false where another one has it already.
    pub fn declare(&mut self, name: u32) -> bool {
        let place = u32::try_from(self.values.len()).expect("a file has fewer than 2^32 values");
        let first = self.states.get(name) == State::Undeclared;
        self.states.set(name, State::Declared(place));
        first
    }

    pub fn add_formula(&mut self, text: &str) -> Form {
        Form::Formula(self.formulas.push(text))
    }
}

/// Reads a name without keeping a copy of it.
struct NameSeed<'r, 'p>(&'r mut Reader<'p>);

impl<'de> DeserializeSeed<'de> for NameSeed<'_, '_> {
    type Value = u32;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u32, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for NameSeed<'_, '_> {
    type Value = u32;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("the name of a value")
    }

    fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<u32, E> {
        if self.0.written.values.len().is_multiple_of(4096) {
            self.0.reached(name);
        }
        self.visit_str(name)
    }

    fn visit_str<E>(self, name: &str) -> Result<u32, E> {
        Ok(self.0.written.names.intern(name))
    }
}

struct ValueSeed<'r, 'p> {
    reader: &'r mut Reader<'p>,
    name: u32,
}

impl ValueSeed<'_, '_> {
    fn path(&self) -> Vec<Step> {
        vec![key("values"), key(self.reader.written.names.get(self.name))]
    }

    /// What is wrong with an object that is neither a leaf nor an operation.
    fn wrong_fields<E: de::Error>(self, data: bool, op: bool, args: bool) -> E {
        let (title, label) = match (data, op, args) {
            (true, ..) => ("a value is either given or made by an op, not both", "both `data` and `op` or `args`"),
            (_, true, _) => ("this op has no operands", "expected `args`"),
            (_, _, true) => ("these operands have no op", "expected `op`"),
            _ => ("this says neither what the value is nor how it is made", "expected `data`, or `op` and `args`"),
        };
        let spot = Spot::Value(self.path());
        self.reader.stop(Problem::whole(spot, title, label))
    }
}

const FIELDS: &[&str] = &["data", "op", "args", "label"];

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_> {
    type Value = Form;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Form, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_, '_> {
    type Value = Form;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a number, a formula as a string, or an object with `data` or with `op` and `args`")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Form, E> {
        Ok(Form::leaf(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Form, E> {
        NumberVisitor.visit_u64(number).map(Form::leaf)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Form, E> {
        NumberVisitor.visit_i64(number).map(Form::leaf)
    }

    fn visit_str<E>(self, text: &str) -> Result<Form, E> {
        if let Some(number) = special(text) {
            return Ok(Form::leaf(number));
        }
        Ok(self.reader.written.add_formula(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Form, A::Error> {
        let (mut seen, mut data, mut op, mut args) = (0, None, None, None);
        while let Some(field) = self.reader.next_key(&mut map, FIELDS, &mut seen, Some(self.name))? {
            match field {
                "data" => data = Some(map.next_value_seed(NumberSeed)?),
                "op" => op = Some(map.next_value_seed(OpSeed(&mut self.reader.written))?),
                "args" => args = Some(map.next_value_seed(ArgsSeed(&mut self.reader.written))?),
                _ => map.next_value_seed(LabelSeed(&mut self.reader.written))?,
            }
        }
        match (data, op, args) {
            (Some(data), None, None) => Ok(Form::leaf(data)),
            (None, Some(op), Some((count, args))) => Ok(Form::Node { op, count, args }),
            (data, op, args) => Err(self.wrong_fields(data.is_some(), op.is_some(), args.is_some())),
        }
    }
}

struct NumberSeed;

impl<'de> DeserializeSeed<'de> for NumberSeed {
    type Value = f64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<f64, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

/// Reads the name of an op: its number in `op_names`.
struct OpSeed<'w>(&'w mut Written);

impl<'de> DeserializeSeed<'de> for OpSeed<'_> {
    type Value = u16;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u16, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for OpSeed<'_> {
    type Value = u16;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(r#"the name of an op, such as "+""#)
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<u16, E> {
        u16::try_from(self.0.op_names.intern(name)).map_err(|_| E::custom("there are too many different ops"))
    }
}

/// Reads the label of the value that comes next.
struct LabelSeed<'w>(&'w mut Written);

impl<'de> DeserializeSeed<'de> for LabelSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for LabelSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a label, as a string")
    }

    fn visit_str<E>(self, label: &str) -> Result<(), E> {
        let value = u32::try_from(self.0.values.len()).expect("a file has fewer than 2^32 values");
        let label = self.0.label_texts.intern(label);
        self.0.labels.push((value, label));
        Ok(())
    }
}

/// Reads `args`: how many, and the first two.
struct ArgsSeed<'w>(&'w mut Written);

impl<'de> DeserializeSeed<'de> for ArgsSeed<'_> {
    type Value = (u8, [Arg; 2]);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ArgsSeed<'_> {
    type Value = (u8, [Arg; 2]);

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an array of names and numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let (mut count, mut args) = (0_u8, [Arg::NONE; 2]);
        while let Some(arg) = seq.next_element_seed(ArgSeed(self.0))? {
            if let Some(place) = args.get_mut(usize::from(count)) {
                *place = arg;
            }
            count = count.saturating_add(1);
        }
        Ok((count, args))
    }
}

struct ArgSeed<'w>(&'w mut Written);

impl<'de> DeserializeSeed<'de> for ArgSeed<'_> {
    type Value = Arg;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Arg, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for ArgSeed<'_> {
    type Value = Arg;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("the name of a value, or a number")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Arg, E> {
        match special(name) {
            Some(number) => self.visit_f64(number),
            None => Ok(Arg::name(self.0.names.intern(name))),
        }
    }

    fn visit_f64<E>(self, number: f64) -> Result<Arg, E> {
        self.0.constants.push(number);
        Ok(Arg::constant(u32::try_from(self.0.constants.len() - 1).expect("a file has fewer than 2^31 constants")))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Arg, E> {
        NumberVisitor.visit_u64(number).and_then(|number| self.visit_f64(number))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Arg, E> {
        NumberVisitor.visit_i64(number).and_then(|number| self.visit_f64(number))
    }
}
