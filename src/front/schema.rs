//! `stepgrad schema`: the JSON Schema of scenario files, for editors to complete and check them with.
//!
//! What it says is what [`crate::scenario`] reads, in so far as a schema can say it: that names exist and that there is
//! no cycle, only the reader knows. It is committed as `src/front/scenario.schema.json`; a test says when that is stale, and
//! another one checks every shipped scenario against it.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::output;
use crate::engine::ops::builtin_ops;
use crate::scenario::Kind;

pub(super) fn run() -> io::Result<()> {
    let mut out = output::raw();
    out.write_all(text().as_bytes())?;
    out.flush()
}

/// The schema as it is printed and committed.
pub fn text() -> String {
    format!("{:#}\n", schema())
}

fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "stepgrad scenario",
        "description": "A scalar computational graph, what is run on it, and what should come of it.",
        "type": "object",
        "required": ["values"],
        "additionalProperties": false,
        "properties": fields(),
        "$defs": {
            "number": {
                "description": "A number; those that JSON lacks are strings.",
                "anyOf": [{ "type": "number" }, { "enum": ["NaN", "inf", "-inf"] }]
            },
            "value": value(),
            "rules": rules(),
        }
    })
}

/// The fields of a scenario.
fn fields() -> Value {
    json!({
        "$schema": { "type": "string" },
        "title": { "type": "string", "description": "One line that says what this is." },
        "about": { "type": "string", "description": "What this shows and what to look for." },
        "values": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": { "$ref": "#/$defs/value" },
            "description": "The values by their names, in the order in which they are made."
        },
        "root": { "type": "string", "description": "The value to run backward from; the last one if left out." },
        "script": {
            "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }],
            "description": "Statements to run after the forward pass: o.backward(), n._backward(), zero_grad(), \
                forward(), x1.data = 3.0, o.grad = 1.0, assert x1.grad == -1.5. The root's backward() if left out.",
            "examples": [["o.grad = 1.0", "o._backward()"]]
        },
        "expect": {
            "type": "object",
            "patternProperties": { "\\.(data|grad)$": { "$ref": "#/$defs/number" } },
            "additionalProperties": false,
            "description": "What numbers should be at the end, by name.data and name.grad."
        },
        "tolerance": {
            "type": "number",
            "minimum": 0,
            "default": 1e-9,
            "description": "Relative tolerance of `expect` and of == in the script."
        },
        "findings": {
            "type": "array",
            "items": { "enum": Kind::NAMES.map(|row| row.1) },
            "description": "The kinds of findings that the run should have, and no others: what `stepgrad check` finds."
        },
        "ops": {
            "type": "object",
            "additionalProperties": { "$ref": "#/$defs/rules" },
            "description": "Rules of the scenario's own, for a new op or in place of a built-in one."
        }
    })
}

/// One of `values`: a leaf, a formula, or one node.
fn value() -> Value {
    let label = json!({ "type": "string", "description": "What pictures call it; its name if left out." });
    let names: Vec<String> = builtin_ops().into_iter().map(|op| op.name).collect();
    json!({
        "anyOf": [
            { "$ref": "#/$defs/number" },
            { "type": "string", "description": "A formula in Python: x1*w1 + x2*w2, tanh(n), n.tanh(), x**3." },
            {
                "type": "object",
                "description": "A leaf.",
                "required": ["data"],
                "additionalProperties": false,
                "properties": { "data": { "$ref": "#/$defs/number" }, "label": label.clone() }
            },
            {
                "type": "object",
                "description": "What one op makes of other values.",
                "required": ["op", "args"],
                "additionalProperties": false,
                "properties": {
                    "op": { "anyOf": [{ "enum": unique(names) }, { "type": "string" }] },
                    "args": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 2,
                        "items": { "type": ["string", "number"] },
                        "description": "Its operands, left to right: names, or numbers for constants."
                    },
                    "label": label
                }
            }
        ]
    })
}

/// One of `ops`.
fn rules() -> Value {
    json!({
        "type": "object",
        "required": ["forward", "backward"],
        "additionalProperties": false,
        "properties": {
            "forward": {
                "type": "string",
                "description": "What it makes of self and other.",
                "examples": ["self + other"]
            },
            "backward": {
                "type": "array",
                "items": { "type": "string" },
                "description": "The lines of its _backward.",
                "examples": [["self.grad += 1.0 * out.grad", "other.grad += 1.0 * out.grad"]]
            }
        }
    })
}

/// `**` stands twice in the table, once for exponents that are numbers.
fn unique(mut names: Vec<String>) -> Vec<String> {
    names.dedup();
    names
}
