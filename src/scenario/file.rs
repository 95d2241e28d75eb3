use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::place::Step;
use super::strings::Strings;
use super::suggest::{did_you_mean, one_of};
use super::syntax::syntax;
use super::values::ValuesSeed;
use super::written::{OwnOp, Problem, Spot, Stand, Texts, Written, key};
use super::{Complaint, Progress, Source};
use crate::formula::number::special;

/// Reads a scenario file as a stream. What it means is not asked here.
pub(super) fn parse(source: &Source, progress: &Progress) -> Result<Written, Complaint> {
    let mut reader =
        Reader { written: Written::default(), problem: None, start: source.text.as_ptr().addr(), progress };
    let mut json = serde_json::Deserializer::from_str(&source.text);
    let read = TopSeed(&mut reader).deserialize(&mut json).and_then(|()| json.end());
    match (reader.problem.take(), read) {
        (Some(problem), _) => Err(problem.complaint(source)),
        (None, Err(error)) => Err(syntax(source, &error)),
        (None, Ok(())) => Ok(reader.written),
    }
}

/// What has been read so far, and what stopped it: serde's own errors cannot carry a place and advice.
pub(super) struct Reader<'p> {
    pub written: Written,
    problem: Option<Problem>,
    /// Where the text begins in memory: what is borrowed from it tells by its own place how far reading has come.
    start: usize,
    progress: &'p Progress,
}

impl Reader<'_> {
    /// Notes that reading has come to this word of the text.
    pub fn reached(&self, word: &str) {
        self.progress.reached(word.as_ptr().addr().saturating_sub(self.start) as u64);
    }

    /// Keeps the problem and gives the error that stops serde.
    pub fn stop<E: de::Error>(&mut self, problem: Problem) -> E {
        self.problem = Some(problem);
        E::custom("stopped")
    }

    fn path(&self, of_value: Option<u32>, field: Step) -> Vec<Step> {
        let value = of_value.map(|name| [key("values"), key(self.written.names.get(name))]);
        value.into_iter().flatten().chain([field]).collect()
    }

    fn unknown<E: de::Error>(&mut self, word: &str, path: Vec<Step>, known: &[&str]) -> E {
        let problem = Problem::whole(Spot::Key(path), format!("there is no field `{word}` here"), "not a field");
        let help = did_you_mean(word, known.iter().copied()).unwrap_or_else(|| format!("expected {}", one_of(known)));
        self.stop(problem.help(Some(help)))
    }

    /// Which of the known keys comes next, after checking that it is one and has not been before. `of_value` is the
    /// name of the value whose object this is; `None` for the scenario itself.
    pub fn next_key<'de, A: MapAccess<'de>>(
        &mut self,
        map: &mut A,
        known: &[&'static str],
        seen: &mut u32,
        of_value: Option<u32>,
    ) -> Result<Option<&'static str>, A::Error> {
        let Some(found) = map.next_key_seed(KeySeed(known))? else { return Ok(None) };
        match found {
            Err(word) => Err(self.unknown(&word, self.path(of_value, key(&word)), known)),
            Ok(index) if *seen & (1 << index) != 0 => {
                let again = self.path(of_value, Step::Repeated(known[index].to_owned(), 1));
                Err(self.stop(Problem::whole(Spot::Key(again), "this field is given twice", "the second one")))
            }
            Ok(index) => {
                *seen |= 1 << index;
                Ok(Some(known[index]))
            }
        }
    }
}

/// Reads a key: the index of the one it is, or its text.
struct KeySeed<'k>(&'k [&'static str]);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Result<usize, String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Result<usize, String>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E>(self, word: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|known| *known == word).ok_or_else(|| word.to_owned()))
    }
}

const FIELDS: &[&str] =
    &["title", "about", "values", "root", "script", "expect", "tolerance", "findings", "ops", "$schema"];

struct TopSeed<'r, 'p>(&'r mut Reader<'p>);

impl<'de> DeserializeSeed<'de> for TopSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TopSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a scenario: an object with `values`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = 0;
        while let Some(field) = self.0.next_key(&mut map, FIELDS, &mut seen, None)? {
            let written = &mut self.0.written;
            match field {
                "title" => written.title = Some(map.next_value()?),
                "about" => written.about = Some(map.next_value()?),
                "root" => written.root = Some(map.next_value()?),
                "tolerance" => written.tolerance = Some(map.next_value()?),
                "values" => {
                    written.has_values = true;
                    map.next_value_seed(ValuesSeed(self.0))?;
                }
                "findings" => written.findings = Some(map.next_value_seed(TextsSeed("findings"))?),
                "script" => written.script = Some(map.next_value_seed(TextsSeed("script"))?),
                "expect" => {
                    let Pairs(pairs) = map.next_value::<Pairs<Number>>()?;
                    let pairs = self.0.once(pairs, field)?;
                    self.0.written.expect = pairs.into_iter().map(|(name, Number(number))| (name, number)).collect();
                }
                "ops" => {
                    let Pairs(pairs) = map.next_value::<Pairs<Rules>>()?;
                    let own = |(name, Rules { forward, backward })| OwnOp { name, forward, backward };
                    self.0.written.ops = self.0.once(pairs, field)?.into_iter().map(own).collect();
                }
                _ => drop(map.next_value::<String>()?),
            }
        }
        Ok(())
    }
}

/// A string, or an array of strings: the value of a field.
struct TextsSeed(&'static str);

impl<'de> DeserializeSeed<'de> for TextsSeed {
    type Value = Texts;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Texts, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TextsSeed {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an array of statements, each a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<Texts, E> {
        let mut strings = Strings::default();
        strings.push(text);
        Ok(Texts { strings, stand: Stand::Alone(self.0) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Texts, A::Error> {
        let mut strings = Strings::default();
        while let Some(text) = seq.next_element::<String>()? {
            strings.push(&text);
        }
        Ok(Texts { strings, stand: Stand::Among(self.0) })
    }
}

/// An object, as its keys and what stands behind them, in order.
struct Pairs<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor(PhantomData))
    }
}

struct PairsVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PairsVisitor<T> {
    type Value = Pairs<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

impl Reader<'_> {
    /// Refuses an object in which a key stands twice.
    fn once<T, E: de::Error>(&mut self, pairs: Vec<(String, T)>, field: &str) -> Result<Vec<(String, T)>, E> {
        let mut seen = HashSet::new();
        let twice = pairs.iter().find(|(name, _)| !seen.insert(name)).map(|(name, _)| name.clone());
        let Some(name) = twice else { return Ok(pairs) };
        let spot = Spot::Key(vec![key(field), Step::Repeated(name.clone(), 1)]);
        Err(self.stop(Problem::whole(spot, format!("`{name}` is given twice"), "the second one")))
    }
}

/// A number, or one of the strings for those that JSON lacks.
struct Number(f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor).map(Number)
    }
}

pub(super) struct NumberVisitor;

#[allow(clippy::cast_precision_loss, reason = "a whole number in a file is read as Python would make a float of it")]
impl Visitor<'_> for NumberVisitor {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(r#"a number, "NaN", "inf" or "-inf""#)
    }

    fn visit_f64<E>(self, number: f64) -> Result<f64, E> {
        Ok(number)
    }

    fn visit_u64<E>(self, number: u64) -> Result<f64, E> {
        Ok(number as f64)
    }

    fn visit_i64<E>(self, number: i64) -> Result<f64, E> {
        Ok(number as f64)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<f64, E> {
        special(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    forward: String,
    backward: Vec<String>,
}
