//! From TOML values to the structs of [`super::document`], collecting everything that does not fit.
//!
//! Deserialising through serde stops at the first value that does not fit and loses the place of unknown keys in
//! lists. Here every field is looked at on its own, so that one reading of a file names all its problems; and one
//! definition of a table gives the struct, its decoder and its part of the JSON Schema, which therefore agree.

use std::borrow::Cow;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::codes;
use super::problems::{EXAMPLE, Problems, nearest, suggestion};

/// How many unknown keys of one table are reported: more mean that the table is another thing altogether.
const MOST_UNKNOWN: usize = 50;

/// A TOML value with its place.
pub(crate) type Node<'i> = Spanned<DeValue<'i>>;

/// A key as typed, with its place.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) range: Range<usize>,
}

/// A value with its place in the file.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) range: Range<usize>,
}

/// What stands at a key.
#[derive(Clone, Debug)]
pub(crate) enum Field<T> {
    /// Nothing.
    Absent,
    /// Something that could not be used and has been reported.
    Bad,
    /// A value.
    Given(T),
}

impl<T: Decode> Field<T> {
    /// Where the value stands, if there is a sound one.
    pub(crate) fn place(&self) -> Option<&Range<usize>> {
        self.get().map(T::place)
    }
}

impl<T> Field<T> {
    /// The value, if there is a sound one.
    pub(crate) fn get(&self) -> Option<&T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Absent | Self::Bad => None,
        }
    }

    /// Whether nothing was typed.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    fn from_decoded(value: Option<T>) -> Self {
        value.map_or(Self::Bad, Self::Given)
    }
}

impl<T: Copy> Field<At<T>> {
    /// The value itself, if there is a sound one.
    pub(crate) fn value(&self) -> Option<T> {
        self.get().map(|at| at.value)
    }
}

/// A list with its place.
#[derive(Clone, Debug)]
pub(crate) struct List<T> {
    pub(crate) items: Vec<Field<T>>,
    pub(crate) range: Range<usize>,
}

impl<T> List<T> {
    /// The sound entries.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter().filter_map(Field::get)
    }
}

/// A table whose keys are names given by the planner, in file order.
#[derive(Clone, Debug)]
pub(crate) struct Entries<T> {
    pub(crate) list: Vec<(Key, Field<T>)>,
    pub(crate) range: Range<usize>,
}

impl<T> Entries<T> {
    /// The names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.list.iter().map(|(key, _)| key.text.as_str())
    }

    /// The sound entries.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, &T)> {
        self.list
            .iter()
            .filter_map(|(key, field)| field.get().map(|v| (key, v)))
    }
}

/// A short form or a full form of the same thing.
#[derive(Clone, Debug)]
pub(crate) enum Either<A, B> {
    Short(A),
    Full(B),
}

/// Something that can be read from a TOML value.
pub(crate) trait Decode: Sized {
    /// Whether the value is of the right kind at all; decides between the two forms of an [`Either`].
    fn fits(value: &DeValue<'_>) -> bool;
    /// Reads it; `None` if it is of no use, which has then been reported.
    fn decode(node: &Node<'_>, key: &Key, problems: &mut Problems) -> Option<Self>;
    /// Where it stands.
    fn place(&self) -> &Range<usize>;
    /// Whether it is a table with keys that it should not have, which has been reported: then nothing is said of keys
    /// that seem to be missing.
    fn strange(&self) -> bool {
        false
    }
    /// An example of what to type, if one line shows it.
    fn example() -> Option<&'static str> {
        None
    }
}

/// Why a single value cannot be used.
pub(crate) enum Fault {
    /// It is of another kind.
    Kind,
    /// It cannot be read: why, in a few words.
    Unit(String),
    /// It lies outside its range: which, in a few words.
    Range(String),
    /// It is not one of these words.
    Word(&'static [&'static str]),
}

/// A single value: number, text, date.
pub(crate) trait Leaf: Sized {
    /// What it is, with article: `a length of time`.
    const WHAT: &'static str;
    /// What to type, as TOML.
    const EXAMPLE: &'static str;
    /// Reads it.
    fn read(value: &DeValue<'_>) -> Result<Self, Fault>;
    /// Its part of the JSON Schema.
    fn schema() -> Value;
}

/// What a value is, in words.
pub(crate) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

impl<T: Leaf> Decode for At<T> {
    fn fits(value: &DeValue<'_>) -> bool {
        !value.is_array() && !value.is_table()
    }

    fn decode(node: &Node<'_>, key: &Key, problems: &mut Problems) -> Option<Self> {
        let (range, key, value) = (node.span(), &key.text, node.get_ref());
        let fault = match T::read(value) {
            Ok(value) => return Some(Self { value, range }),
            Err(fault) => fault,
        };
        let example = match key.as_str() {
            "opens" => "for example: `opens = \"Mon-Fri 08:00-18:00\"`; leave it out for day and night".into(),
            _ => format!("{EXAMPLE}{}`", with_number(&example_line(key, T::EXAMPLE), value)),
        };
        match fault {
            Fault::Kind => {
                let is_number = matches!(value, DeValue::Integer(_) | DeValue::Float(_));
                if is_number && T::EXAMPLE.starts_with('"') && T::WHAT != "text" {
                    let message = format!("`{key}` must be {} with its unit, in quotes", T::WHAT);
                    problems.error(codes::UNIT, &range, message, "no unit").help(example);
                    return None;
                }
                let message = format!("`{key}` must be {}, not {}", T::WHAT, kind(value));
                let help = match value {
                    DeValue::String(text) if T::EXAMPLE.parse::<f64>().is_ok() => match number_in(text) {
                        Some((n, true)) => format!("leave out the quotes: `{key} = {n}`"),
                        // 15 % more is something else than 15 % of it.
                        Some((n, false)) if key == "times" => format!(
                            "for so much more: `times = {}`; for so much of it: `times = {n}`",
                            ((1.0 + n) * 1e6).round() / 1e6
                        ),
                        Some((n, false)) => format!("write the number alone: `{key} = {n}`"),
                        None => example,
                    },
                    _ => example,
                };
                problems
                    .error(codes::WRONG_TYPE, &range, message, format!("this is {}", kind(value)))
                    .help(help);
            }
            Fault::Unit(why) => {
                let message = format!("`{key}` must be {}", T::WHAT);
                let bare = value.as_str().is_some_and(|text| text.trim().parse::<f64>().is_ok());
                let why = if bare { "no unit".into() } else { why };
                problems.error(codes::UNIT, &range, message, why).help(example);
            }
            Fault::Range(allowed) => {
                let message = format!("`{key}` is out of range");
                let allowed = allowed_for(key).unwrap_or(&allowed);
                let added = problems.error(codes::RANGE, &range, message, format!("must be {allowed}"));
                // Where the label shows how to write this very number, another example would confuse.
                if !allowed.contains(" % is ") {
                    added.help(example);
                }
            }
            Fault::Word(words) => {
                let typed = value.as_str().unwrap_or_default();
                problems
                    .error(codes::WORD, &range, format!("`{typed}` is not a word for `{key}`"), "")
                    .help(suggestion(typed, words.iter().copied()));
            }
        }
        None
    }

    fn place(&self) -> &Range<usize> {
        &self.range
    }

    fn example() -> Option<&'static str> {
        Some(T::EXAMPLE)
    }
}

impl<T: Leaf> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::WHAT.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        Schema::try_from(T::schema()).unwrap_or_default()
    }
}

/// A share that was typed as so many per cent.
pub(crate) fn per_cent(n: f64) -> f64 {
    (n * 1e4).round() / 1e6
}

/// The number that a text begins with, as a share if per cent follow it, and whether it is all of the text.
fn number_in(text: &str) -> Option<(f64, bool)> {
    let text = text.trim();
    let digits = text.len()
        - text
            .trim_start_matches(|c: char| c.is_ascii_digit() || ['.', '-'].contains(&c))
            .len();
    let n: f64 = text[..digits].parse().ok()?;
    match text[digits..].trim() {
        "" => Some((n, true)),
        rest if rest.starts_with('%') => Some((per_cent(n), false)),
        rest if rest.starts_with(char::is_alphabetic) => Some((n, false)),
        _ => None,
    }
}

/// What a key may be, where that is narrower than its kind of value.
fn allowed_for(key: &str) -> Option<&'static str> {
    Some(match key {
        "warm-up" => "0 to 20 years in whole days, as in \"10 weeks\"",
        "run-length" => "1 hour to 20 years, as in \"52 weeks\"",
        "replications" => "a whole number from 2 to 100,000",
        "confidence" => "0.5 to 0.999; 95 % is 0.95",
        "priority" => "a whole number from 1 to 9",
        "on-shift" | "count" => "a whole number from 0 to 10,000",
        _ => return None,
    })
}

/// A key with a value that suits it; `example` if there is nothing better.
/// The line with the number that was typed in the place of the example's, where only the unit was missing.
fn with_number(line: &str, typed: &DeValue<'_>) -> String {
    let number = match typed {
        DeValue::Integer(n) => n.to_string(),
        DeValue::Float(n) => n.to_string(),
        _ => return line.into(),
    };
    let replaced = line.split_once(" = \"").and_then(|(key, example)| {
        let (shown, unit) = example.split_once(' ')?;
        shown.parse::<f64>().ok()?;
        Some(format!("{key} = \"{number} {unit}"))
    });
    replaced.unwrap_or_else(|| line.into())
}

fn example_line(key: &str, example: &str) -> String {
    let value = match key {
        "format" => "1",
        "replications" => "400",
        "seed" => "2020",
        "confidence" => "0.95",
        "warm-up" => "\"10 weeks\"",
        "run-length" => "\"52 weeks\"",
        "break" => "\"30 min\"",
        "tolerance" | "first-after" => "\"2 h\"",
        "give-up" | "start-due" => "\"4 h\"",
        "low" | "mode" | "high" | "mean" | "median" => "\"35 min\"",
        "min" => "\"5 min\"",
        "max" => "\"72 h\"",
        "to" if example == "\"08:00\"" => "\"20:00\"",
        "hours-per-week" => "37.5",
        "from" | "until" | "advertised" if example == "2020-06-01" => "2020-10-05",
        "time-to-start" => "\"14 weeks\"",
        "induction" => "\"3 weeks\"",
        "posts" => "24",
        "turnover" => "0.3",
        "times" => "1.2",
        "bank-holidays" => "[2020-12-25, 2020-12-28]",
        "at" => "[\"08:00\", \"18:00\"]",
        "or" | "or-second" | "starts-with" => "[\"nurse\"]",
        "role" | "lead" => "\"nurse\"",
        "measure" => "\"service_level\"",
        "growth" => "0.03",
        "gate" | "dispersion" => "1.0",
        "target" | "value" => "0.9",
        "hours" | "days" | "months" if example == "1.5" => "[1, 1, ...]",
        "cv" => "0.4",
        _ => example,
    };
    format!("{key} = {value}")
}

/// A table as it may be typed in one line, by its key.
fn example_table(key: &str, of_names: bool) -> Option<&'static str> {
    Some(match key {
        "staff" if of_names => "{ nurse = 4, therapist = 2.5 }",
        "staff" => "{ role = \"nurse\", length = \"40 min\" }",
        "travel" => "{ urgent = \"15 min\", round = \"11 min\", cv = 0.4 }",
        "standard" => "{ within = \"2 h\", target = 0.9 }",
        "outcome" => "{ home = 0.7, hospital = 0.3 }",
        "headroom" => "{ planned = 0.16, absence = 0.06 }",
        "on-leaving" => "{ hospital = 0.47, home = 0.53 }",
        "beds" => "{ community-hospital = 6 }",
        "costs" => "{ year = \"2024/25\", admission = \"2711 GBP\" }",
        "lognormal" | "gamma" | "hyper-exponential" => "{ mean = \"15 min\", cv = 0.6 }",
        "exponential" => "{ mean = \"15 min\" }",
        "caseload-limit" | "also" | "referrals" => "{ NAME = ... }",
        path if path.contains('.') => "{ kind = \"source\", source = \"...\" }",
        _ => return None,
    })
}

/// Reports a value that is no list or table where one is needed.
fn wrong_kind(node: &Node<'_>, key: &Key, wanted: &str, problems: &mut Problems) {
    let (name, value) = (&key.text, node.get_ref());
    let message = format!("`{name}` must be {wanted}, not {}", kind(value));
    let label = format!("this is {}", kind(value));
    let place = node.span();
    let typed = problems.sources.text(&place);
    let header = typed.strip_suffix(']').and_then(|t| t.strip_prefix('['));
    let one_line = (!typed.contains('\n') && typed.len() <= 80).then_some(typed);
    let help = match (value, header) {
        (DeValue::Array(_), None) if !wanted.starts_with("a table") => None,
        (_, None) if wanted.starts_with("a list") => one_line.map(|one| format!("for one entry: `{name} = [{one}]`")),
        (_, None) => {
            let example = example_table(name, wanted.contains("names"));
            example.map(|example| match name.as_str() {
                path if path.contains('.') => format!("for example: `\"{path}\" = {example}`"),
                "staff" if !wanted.contains("names") => format!("for example: `staff = [{example}]`"),
                _ => format!("for example: `{name} = {example}`"),
            })
        }
        (DeValue::Table(_), Some(path)) => Some(format!("use two square brackets, once for each: `[[{path}]]`")),
        (DeValue::Array(_), Some(path)) if path.starts_with('[') => Some(format!("use one square bracket: `{path}`")),
        _ => None,
    };
    let added = problems.error(codes::WRONG_TYPE, &place, message, label);
    if let Some(help) = help {
        added.help(help);
    }
}

impl<T: Decode> Decode for List<T> {
    fn fits(value: &DeValue<'_>) -> bool {
        value.is_array()
    }

    fn decode(node: &Node<'_>, key: &Key, problems: &mut Problems) -> Option<Self> {
        let Some(array) = node.get_ref().as_array() else {
            wrong_kind(node, key, "a list in square brackets", problems);
            return None;
        };
        let items = array
            .iter()
            .map(|item| Field::from_decoded(T::decode(item, key, problems)))
            .collect();
        Some(Self {
            items,
            range: node.span(),
        })
    }

    fn place(&self) -> &Range<usize> {
        &self.range
    }
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("list of {}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<T>();
        schemars::json_schema!({ "type": "array", "items": items })
    }
}

impl<T: Decode> Decode for Entries<T> {
    fn fits(value: &DeValue<'_>) -> bool {
        value.is_table()
    }

    fn decode(node: &Node<'_>, key: &Key, problems: &mut Problems) -> Option<Self> {
        let Some(table) = node.get_ref().as_table() else {
            wrong_kind(node, key, "a table of names and values", problems);
            return None;
        };
        let entries = in_file_order(table);
        let halves = two_halves(&entries, &key.text, problems);
        let mut list: Vec<(Key, Field<T>)> = entries
            .into_iter()
            .map(|(key, value)| {
                let field = if halves.contains(&key.text) {
                    Field::Bad
                } else {
                    Field::from_decoded(T::decode(value, &key, problems))
                };
                (key, field)
            })
            .collect();
        list.sort_by_key(|(key, _)| key.range.start);
        Some(Self {
            list,
            range: node.span(),
        })
    }

    fn place(&self) -> &Range<usize> {
        &self.range
    }
}

/// Reports a slip in one of two headers that belong together, such as `[package.weeks]` and `[[package.week.visits]]`:
/// what is one package then looks like two, and neither is whole. Returns the names of both.
fn two_halves(entries: &[(Key, &Node<'_>)], kind: &str, problems: &mut Problems) -> Vec<String> {
    let (part, other) = match kind {
        "package" => ("visits", "visits"),
        "pathway" => ("response", "package"),
        _ => return Vec::new(),
    };
    if entries.len() > MOST_UNKNOWN {
        return Vec::new();
    }
    let Some((first, _)) = entries.first() else {
        return Vec::new();
    };
    let source = std::sync::Arc::clone(problems.sources.locate(&first.range).0);
    let has_header = |node: &Node<'_>| problems.sources.text(&node.span()).starts_with(['[', '{']);
    let holds = |node: &Node<'_>, name: &str| node.get_ref().as_table().is_some_and(|t| t.contains_key(name));
    let (with_header, without): (Vec<_>, Vec<_>) = entries.iter().partition(|(_, node)| has_header(node));
    let whole: Vec<&Key> = with_header
        .into_iter()
        .filter(|(_, node)| node.get_ref().is_table() && !holds(node, part) && !holds(node, other))
        .map(|(key, _)| key)
        .collect();
    let mut names = Vec::new();
    for (key, _) in without.into_iter().filter(|(_, node)| holds(node, part)) {
        let Some(near) = nearest(&key.text, whole.iter().map(|k| k.text.as_str())) else {
            continue;
        };
        let Some(twin) = whole.iter().find(|k| k.text == near) else {
            continue;
        };
        // The name that is used more often is taken to be right.
        let uses = |name: &str| {
            let forms = [format!(".{name}]"), format!(".{name}."), format!("\"{name}\"")];
            forms
                .iter()
                .map(|form| source.text.matches(form.as_str()).count())
                .sum::<usize>()
        };
        let (wrong, right) = if uses(&twin.text) > uses(&key.text) {
            (key, *twin)
        } else {
            (*twin, key)
        };
        problems
            .error(
                codes::REFERENCE,
                &wrong.range,
                format!(
                    "`{kind}.{}` and `{kind}.{}` look like one {kind}",
                    wrong.text, right.text
                ),
                "this name",
            )
            .beside(&right.range, "and this one")
            .help(format!(
                "did you mean `{}`? Both headers need the same name",
                right.text
            ));
        problems.slip(&wrong.text, &right.text);
        problems.slip(&right.text, &wrong.text);
        names.extend([wrong.text.clone(), right.text.clone()]);
    }
    names
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("table of {}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let values = generator.subschema_for::<T>();
        schemars::json_schema!({ "type": "object", "additionalProperties": values })
    }
}

impl<A: Decode, B: Decode> Decode for Either<A, B> {
    fn fits(value: &DeValue<'_>) -> bool {
        A::fits(value) || B::fits(value)
    }

    fn decode(node: &Node<'_>, key: &Key, problems: &mut Problems) -> Option<Self> {
        if B::fits(node.get_ref()) {
            B::decode(node, key, problems).map(Self::Full)
        } else {
            A::decode(node, key, problems).map(Self::Short)
        }
    }

    fn place(&self) -> &Range<usize> {
        match self {
            Self::Short(short) => short.place(),
            Self::Full(full) => full.place(),
        }
    }

    fn example() -> Option<&'static str> {
        A::example()
    }
}

impl<A: JsonSchema, B: JsonSchema> JsonSchema for Either<A, B> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{} or {}", A::schema_name(), B::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (short, full) = (generator.subschema_for::<A>(), generator.subschema_for::<B>());
        schemars::json_schema!({ "anyOf": [short, full] })
    }
}

/// A value that is read later, at the place that it is for.
#[derive(Clone, Debug)]
pub(crate) struct Anything {
    pub(crate) range: Range<usize>,
}

impl Decode for Anything {
    fn fits(_: &DeValue<'_>) -> bool {
        true
    }

    fn decode(node: &Node<'_>, _: &Key, _: &mut Problems) -> Option<Self> {
        Some(Self { range: node.span() })
    }

    fn place(&self) -> &Range<usize> {
        &self.range
    }
}

impl JsonSchema for Anything {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "anything".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        Schema::default()
    }
}

/// The entries of a table in file order.
pub(crate) fn in_file_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<(Key, &'a Node<'i>)> {
    let mut list: Vec<(Key, &Node<'i>)> = table
        .iter()
        .map(|(key, value)| {
            let text = key.get_ref().to_string();
            let range = key.span();
            (Key { text, range }, value)
        })
        .collect();
    list.sort_by_key(|(key, _)| key.range.start);
    list
}

/// The entries of a table of known keys; unknown ones and values that are no table are reported.
pub(crate) fn known_entries<'a, 'i>(
    node: &'a Node<'i>,
    key: &Key,
    known: &'static [&'static str],
    problems: &mut Problems,
) -> Option<Vec<(Key, &'a Node<'i>)>> {
    let Some(table) = node.get_ref().as_table() else {
        wrong_kind(node, key, "a table", problems);
        return None;
    };
    let entries = in_file_order(table);
    let is_known = |found: &Key| known.contains(&found.text.as_str());
    // A table without any key that is known here is another thing, which is said once.
    let none_known = !entries.iter().any(|(found, _)| is_known(found));
    let most = if none_known && !key.text.is_empty() {
        1
    } else {
        MOST_UNKNOWN
    };
    for (found, _) in entries.iter().filter(|(found, _)| !is_known(found)).take(most) {
        let place = if key.text.is_empty() {
            "at the top of a scenario".into()
        } else {
            format!("in `{}`", key.text)
        };
        let homes = super::document::homes(&found.text);
        let near = nearest(&found.text, known.iter().copied());
        let help = if known.contains(&"kind") && ["hub", "role", "pathway", "package"].contains(&key.text.as_str()) {
            format!(
                "a path in `[assumptions]` stands in quotes as a whole: `\"{}.{}...\"`",
                key.text, found.text
            )
        } else if known.contains(&"lognormal") && ["mean", "cv", "median", "sigma"].contains(&found.text.as_str()) {
            "say of which distribution: `{ lognormal = { mean = \"15 min\", cv = 0.6 } }`".into()
        } else if homes.is_empty() || near.is_some() {
            if let Some(near) = near {
                problems.slip(near, &found.text);
                if key.text.is_empty() {
                    problems.slip(&format!("/{near}"), &found.text);
                }
            }
            suggestion(&found.text, known.iter().copied())
        } else {
            format!("`{}` belongs in {}", found.text, homes.join(" or "))
        };
        problems
            .error(
                codes::UNKNOWN_KEY,
                &found.range,
                format!("unknown key `{}` {place}", found.text),
                "",
            )
            .help(help);
    }
    Some(entries)
}

/// One field of a table of known keys.
pub(crate) fn field<T: Decode>(
    entries: &[(Key, &Node<'_>)],
    name: &str,
    required: bool,
    (parent, range, known): (&Key, &Range<usize>, &[&str]),
    problems: &mut Problems,
) -> Field<T> {
    if let Some((key, node)) = entries.iter().find(|(key, _)| key.text == name) {
        return Field::from_decoded(T::decode(node, key, problems));
    }
    if !required {
        return Field::Absent;
    }
    // Of a table that is another thing, that has been said.
    let is_known = |key: &Key| known.contains(&key.text.as_str());
    if !parent.text.is_empty() && !entries.is_empty() && !entries.iter().any(|(key, _)| is_known(key)) {
        return Field::Bad;
    }
    let message = if parent.text.is_empty() {
        format!("`{name}` is missing")
    } else {
        format!("`{}` has no `{name}`", parent.text)
    };
    // A slip in the key itself has been reported as an unknown key that suggests this one.
    let slip = |key: &Key| !is_known(key) && nearest(&key.text, known.iter().copied()) == Some(name);
    if entries.len() <= MOST_UNKNOWN && entries.iter().any(|(key, _)| slip(key)) {
        return Field::Bad;
    }
    let code = if name == "format" {
        codes::FORMAT
    } else {
        codes::MISSING_KEY
    };
    let added = problems.error(code, range, message, format!("`{name}` is needed here"));
    if let Some(example) = T::example() {
        added.help(format!("for example: `{}`", example_line(name, example)));
    } else if parent.text.is_empty() {
        let header = match name {
            "hub" => "[[hub]]",
            "role" => "[role.nurse]",
            "pathway" => "[pathway.crisis]",
            _ => "[experiment]",
        };
        added.help(format!("add a line `{header}` with its keys below it"));
    }
    Field::Bad
}

/// Defines tables of the format: the struct, how it is read, and its part of the JSON Schema.
macro_rules! tables {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $about:literal])+ $need:ident $field:ident = $key:literal: $ty:ty,)* })*) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        pub(crate) struct $name {
            /// Where the table stands: its header, or all of an inline table.
            pub(crate) range: std::ops::Range<usize>,
            /// Whether it holds keys that it should not, which has been reported.
            strange: bool,
            $($(#[doc = $about])+ pub(crate) $field: $crate::scenario::decode::Field<$ty>,)*
        }

        impl $name {
            /// The keys of the table.
            pub(crate) const KNOWN: &[&str] = &[$($key),*];
        }

        impl $crate::scenario::decode::Decode for $name {
            fn fits(value: &toml::de::DeValue<'_>) -> bool {
                value.is_table()
            }

            fn decode(
                node: &$crate::scenario::decode::Node<'_>,
                key: &$crate::scenario::decode::Key,
                problems: &mut $crate::scenario::problems::Problems,
            ) -> Option<Self> {
                let entries = $crate::scenario::decode::known_entries(node, key, Self::KNOWN, problems)?;
                let range = node.span();
                let place = (key, &range, Self::KNOWN);
                let strange = entries.iter().any(|(key, _)| !Self::KNOWN.contains(&key.text.as_str()));
                Some(Self {
                    $($field: $crate::scenario::decode::field(&entries, $key, tables!(@$need), place, problems),)*
                    range: range.clone(),
                    strange,
                })
            }

            fn place(&self) -> &std::ops::Range<usize> {
                &self.range
            }

            fn strange(&self) -> bool {
                self.strange
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut properties = serde_json::Map::new();
                let mut required: Vec<&str> = Vec::new();
                $(
                    let mut property = generator.subschema_for::<$ty>();
                    property.insert("description".into(), $crate::scenario::decode::words(&[$($about),+]).into());
                    properties.insert($key.into(), property.into());
                    if tables!(@$need) {
                        required.push($key);
                    }
                )*
                schemars::json_schema!({
                    "type": "object",
                    "description": $crate::scenario::decode::words(&[$($doc),+]),
                    "properties": properties,
                    "required": required,
                    "additionalProperties": false,
                })
            }
        }
    )*};
    (@required) => { true };
    (@optional) => { false };
}
pub(crate) use tables;

/// The lines of a doc comment as one paragraph.
pub(crate) fn words(lines: &[&str]) -> String {
    lines.iter().map(|l| l.trim()).collect::<Vec<_>>().join(" ")
}

/// The JSON Schema of a text with a pattern.
pub(crate) fn text_schema(pattern: &str, example: &str) -> Value {
    json!({ "type": "string", "pattern": pattern, "examples": [example] })
}
