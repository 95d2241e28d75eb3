//! The JSON Schema: committed as it is generated, and true of scenario files.

use serde_json::Value as Json;
use stepgrad::front::schema;
use stepgrad::scenario::builtin;

#[test]
fn the_committed_schema_is_not_stale() {
    let committed = std::fs::read_to_string("src/front/scenario.schema.json").unwrap();
    assert!(committed == schema::text(), "it is stale: `cargo run -- schema > src/front/scenario.schema.json`");
}

#[test]
fn every_shipped_scenario_fits() {
    let schema = Schema::new();
    for entry in builtin::all() {
        assert!(schema.fits(&serde_json::from_str(entry.text).unwrap()), "{}", entry.name);
    }
}

/// Files that are wrong in their shape, and not only in what they mean.
#[test]
fn wrong_shapes_do_not_fit() {
    let schema = Schema::new();
    let shapes =
        ["type-", "node-", "unknown-field", "values-missing", "not-json", "graph-empty", "tolerance-", "arity-none"];
    let mut seen = 0;
    for entry in std::fs::read_dir("tests/complaints").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let Ok(json) = serde_json::from_str(&text) else { continue };
        if shapes.iter().any(|shape| name.starts_with(shape)) {
            seen += 1;
            assert!(!schema.fits(&json), "{name}");
        }
    }
    assert!(seen > 30, "only {seen} files");
}

/// As much of a validator as this schema needs. A keyword that it does not know is a failure, so none goes unchecked.
struct Schema(Json);

impl Schema {
    fn new() -> Self {
        Self(serde_json::from_str(&schema::text()).unwrap())
    }

    fn fits(&self, json: &Json) -> bool {
        self.meets(json, &self.0)
    }

    fn meets(&self, json: &Json, schema: &Json) -> bool {
        schema.as_object().unwrap().iter().all(|(keyword, wanted)| self.keyword(json, schema, keyword, wanted))
    }

    fn keyword(&self, json: &Json, schema: &Json, keyword: &str, wanted: &Json) -> bool {
        let any = |schemas: &Json| schemas.as_array().unwrap().iter().any(|schema| self.meets(json, schema));
        match keyword {
            "$schema" | "title" | "description" | "default" | "examples" | "$defs" => true,
            // Looked at where `additionalProperties` is, which stands beside them always.
            "patternProperties" | "properties" => schema.get("additionalProperties").is_some(),
            "$ref" => self.meets(json, self.0.pointer(wanted.as_str().unwrap().trim_start_matches('#')).unwrap()),
            "type" if wanted.is_array() => wanted.as_array().unwrap().iter().any(|name| is(json, name)),
            "type" => is(json, wanted),
            "enum" => wanted.as_array().unwrap().contains(json),
            "anyOf" => any(wanted),
            "minimum" => json.as_f64() >= wanted.as_f64(),
            "required" => wanted.as_array().unwrap().iter().all(|name| json.get(name.as_str().unwrap()).is_some()),
            "minProperties" => json.as_object().is_none_or(|object| object.len() as u64 >= wanted.as_u64().unwrap()),
            "minItems" => json.as_array().is_none_or(|array| array.len() as u64 >= wanted.as_u64().unwrap()),
            "maxItems" => json.as_array().is_none_or(|array| array.len() as u64 <= wanted.as_u64().unwrap()),
            "items" => json.as_array().is_none_or(|array| array.iter().all(|item| self.meets(item, wanted))),
            "additionalProperties" => json
                .as_object()
                .is_none_or(|object| object.iter().all(|(key, value)| self.property(key, value, schema))),
            unknown => panic!("this test does not know the keyword {unknown}"),
        }
    }

    fn property(&self, key: &str, value: &Json, schema: &Json) -> bool {
        let ends = matches!(key.rsplit_once('.'), Some((_, "data" | "grad")));
        let pattern = schema.pointer("/patternProperties/\\.(data|grad)$").filter(|_| ends);
        let own = schema.get("properties").and_then(|properties| properties.get(key)).or(pattern);
        match own.unwrap_or(&schema["additionalProperties"]) {
            Json::Bool(allowed) => *allowed,
            schema => self.meets(value, schema),
        }
    }
}

fn is(json: &Json, name: &Json) -> bool {
    match name.as_str().unwrap() {
        "object" => json.is_object(),
        "array" => json.is_array(),
        "string" => json.is_string(),
        "number" => json.is_number(),
        unknown => panic!("this test does not know the type {unknown}"),
    }
}
