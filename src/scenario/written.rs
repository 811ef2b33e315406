//! A what-if and its base as one file: the base's text, comments and all, with the changes made in it.

use toml::de::DeValue;
use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::decode::{Node, in_file_order};
use super::merge::{Edit, NAMES, Step, What};
use crate::units::Share;

/// A text to which changes are made.
#[derive(Debug)]
pub(crate) struct Written {
    text: String,
    /// The same, once something has been changed.
    document: Option<DocumentMut>,
}

impl Written {
    /// A sound TOML text.
    pub(crate) fn new(text: &str) -> Self {
        Self {
            text: text.to_string(),
            document: None,
        }
    }

    /// Makes the changes of a what-if.
    pub(crate) fn apply(&mut self, edits: &[Edit<'_>]) {
        let Some(document) = self.document() else { return };
        for edit in edits {
            edit_table(document.as_table_mut(), &edit.path, &edit.what);
        }
    }

    /// Sets a whole number in a table, where nothing that a what-if says is to be noted.
    pub(crate) fn set_number(&mut self, table: &str, key: &str, number: u64) {
        self.set(table, key, &number.to_string());
    }

    /// The same for a text.
    pub(crate) fn set_text(&mut self, table: &str, key: &str, text: &str) {
        self.set(table, key, &format!("\"{text}\""));
    }

    /// The same for a share.
    pub(crate) fn set_share(&mut self, table: &str, key: &str, share: Share) {
        self.set(table, key, &share.get().to_string());
    }

    /// Takes a key out of a table.
    pub(crate) fn take_away(&mut self, table: &str, key: &str) {
        let Some(document) = self.document() else { return };
        if let Some(table) = document.as_table_mut().get_mut(table).and_then(Item::as_table_like_mut) {
            table.remove(key);
        }
    }

    /// Sets a text at the top of the file; an empty one takes the key away.
    pub(crate) fn set_at_top(&mut self, key: &str, text: &str) {
        let Some(document) = self.document() else { return };
        if text.is_empty() {
            document.remove(key);
            return;
        }
        let mut value: Value = text.into();
        let old = document.get(key).and_then(Item::as_value);
        if let Some(old) = old {
            *value.decor_mut() = old.decor().clone();
        }
        document.insert(key, Item::Value(value));
    }

    /// Sets an entry of a table to a table of texts, in one line.
    pub(crate) fn set_entry<'t>(&mut self, table: &str, key: &str, entries: impl Iterator<Item = (&'t str, &'t str)>) {
        let Some(document) = self.document() else { return };
        let entry: InlineTable = entries.collect();
        let tables = document.entry(table).or_insert(Item::Table(Table::new()));
        if let Some(table) = tables.as_table_like_mut() {
            table.insert(key, Item::Value(Value::InlineTable(entry)));
        }
    }

    fn set(&mut self, table: &str, key: &str, typed: &str) {
        let Ok(value) = DeValue::parse(typed) else { return };
        let path = [table, key].map(|key| Step::Key(key.into())).to_vec();
        let what = What::Set(value, None);
        self.apply(&[Edit { path, what }]);
    }

    fn document(&mut self) -> Option<&mut DocumentMut> {
        if self.document.is_none() {
            self.document = self.text.trim_start_matches('\u{feff}').parse().ok();
        }
        self.document.as_mut()
    }

    /// The text as it is now.
    pub(crate) fn into_text(self) -> String {
        self.document.map_or(self.text, |document| document.to_string())
    }
}

/// Makes a change in a table.
fn edit_table(table: &mut dyn TableLike, path: &[Step], what: &What<'_>) {
    let Some((Step::Key(key), rest)) = path.split_first() else {
        return;
    };
    if !rest.is_empty() {
        if let Some(item) = table.get_mut(key) {
            edit_item(item, rest, what);
        }
        return;
    }
    match what {
        What::Gone(_) => {
            table.remove(key);
        }
        What::Added(node) => match table.get_mut(key) {
            Some(Item::ArrayOfTables(list)) => list.push(header_table(node)),
            Some(item) => {
                if let Some(list) = item.as_array_mut() {
                    list.push(inline(node.get_ref()));
                }
            }
            None => {}
        },
        What::Set(node, _) => {
            let new = match (node.get_ref(), table.get(key)) {
                (value, Some(Item::Value(old))) => {
                    // The comment at the end of the line stays.
                    let mut new = inline(value);
                    *new.decor_mut() = old.decor().clone();
                    Item::Value(new)
                }
                (DeValue::Table(_), _) => Item::Table(header_table(node)),
                (DeValue::Array(list), _) if !list.is_empty() && list.iter().all(|i| i.get_ref().is_table()) => {
                    Item::ArrayOfTables(list.iter().map(header_table).collect())
                }
                (value, _) => Item::Value(inline(value)),
            };
            table.insert(key, new);
        }
    }
}

/// Makes a change in what stands at a key.
fn edit_item(item: &mut Item, path: &[Step], what: &What<'_>) {
    let Some(Step::Named(name)) = path.first() else {
        if let Some(table) = item.as_table_like_mut() {
            edit_table(table, path, what);
        }
        return;
    };
    let rest = &path[1..];
    let mut called: Option<&mut dyn TableLike> = None;
    if let Item::ArrayOfTables(list) = item {
        called = list
            .iter_mut()
            .find(|t| is_called(*t, name))
            .map(|t| t as &mut dyn TableLike);
    } else if let Some(list) = item.as_array_mut() {
        let mut tables = list.iter_mut().filter_map(Value::as_inline_table_mut);
        called = tables.find(|t| is_called(*t, name)).map(|t| t as &mut dyn TableLike);
    }
    if let Some(table) = called {
        edit_table(table, rest, what);
    }
}

fn is_called(table: &dyn TableLike, name: &str) -> bool {
    NAMES.iter().find_map(|key| table.get(key)).and_then(Item::as_str) == Some(name)
}

/// A table under a header of its own, its values in one line each.
fn header_table(node: &Node<'_>) -> Table {
    let mut table = Table::new();
    if let DeValue::Table(entries) = node.get_ref() {
        for (key, node) in in_file_order(entries) {
            table.insert(&key.text, Item::Value(inline(node.get_ref())));
        }
    }
    table
}

/// A value in one line.
fn inline(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => number.to_string().parse().unwrap_or_else(|_| number.to_string().into()),
        DeValue::Float(number) => number.to_string().parse().unwrap_or_else(|_| number.to_string().into()),
        DeValue::Boolean(yes) => (*yes).into(),
        DeValue::Datetime(time) => (*time).into(),
        DeValue::Array(list) => Value::Array(list.iter().map(|item| inline(item.get_ref())).collect()),
        DeValue::Table(entries) => {
            let entries = in_file_order(entries).into_iter();
            Value::InlineTable(entries.map(|(key, node)| (key.text, inline(node.get_ref()))).collect())
        }
    }
}

/// A value as in a file, in one line and without the quotes of a text.
pub(crate) fn typed(node: &Node<'_>) -> String {
    match node.get_ref() {
        DeValue::String(text) => text.to_string(),
        value => inline(value).to_string(),
    }
}
