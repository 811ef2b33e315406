//! The JSON Schema of scenario files, for editors that complete and check while a planner types.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::document::Document;

/// What the name of a definition ends with where all of its keys may be left out, since the base has them.
const PART: &str = "Part";

/// Makes a schema one of a part: nothing is required, here and in all that it refers to.
fn make_part(schema: &mut Value) {
    match schema {
        Value::Object(entries) => {
            entries.remove("required");
            for (key, value) in entries.iter_mut() {
                match value {
                    Value::String(to) if key == "$ref" => to.push_str(PART),
                    other => make_part(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_part),
        _ => {}
    }
}

/// The JSON Schema (draft 7) of a scenario file, as kept in `schema/scenario.schema.json`.
#[must_use]
pub fn schema() -> String {
    let schema = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<Document>();
    let Value::Object(mut whole) = schema.to_value() else {
        return String::new();
    };
    let mut definitions = whole.remove("definitions").unwrap_or_default();
    whole.remove("$schema");
    let mut part = Value::Object(whole.clone());
    make_part(&mut part);
    if let Value::Object(definitions) = &mut definitions {
        let parts: Vec<(String, Value)> = definitions
            .iter()
            .map(|(name, definition)| {
                let mut definition = definition.clone();
                make_part(&mut definition);
                (format!("{name}{PART}"), definition)
            })
            .collect();
        definitions.extend(parts);
    }
    let both = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A homefirst scenario",
        "if": { "required": ["base"] },
        "then": part,
        "else": whole,
        "definitions": definitions,
    });
    let mut text = serde_json::to_string_pretty(&both).unwrap_or_default();
    text.push('\n');
    text
}
