//! The JSON Schema of scenario files, for editors that complete and check while a planner types.

use schemars::generate::SchemaSettings;

use super::document::Document;

/// The JSON Schema (draft 7) of a scenario file, as kept in `schema/scenario.schema.json`.
#[must_use]
pub fn schema() -> String {
    let mut schema = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<Document>();
    schema.insert("title".into(), "A homefirst scenario".into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
