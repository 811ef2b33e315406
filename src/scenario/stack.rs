//! A scenario with everything under it: the file, its bases, and what was set on the command line, put together.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::codes;
use super::dated::{CHANGE, Made, Texts, Undone, make_under, warn_of_dated};
use super::decode::{At, Node, in_file_order};
use super::files::{Folder, MOST_SCENARIO_BYTES};
use super::merge::{Edit, Step, What, merge, name_of};
use super::paths;
use super::problems::Problems;
use super::setting::set;
use super::sources::MOST_BASES;
use super::syntax;
use super::written::{Written, typed};
use crate::diagnostic::Source;

/// A scenario put together.
pub(crate) struct Stack<'i> {
    /// The values, each with its place in [`Problems::sources`].
    pub(crate) root: Node<'i>,
    /// One file that says the same.
    pub(crate) text: String,
    /// What the what-ifs and settings changed in what they are based on.
    pub(crate) changes: Vec<Change>,
    /// What that means for what is said of the service.
    pub(crate) outdated: Outdated,
    /// Changes of files that what was set undoes.
    pub(crate) undone: Vec<Undone>,
}

/// What is said in a base of something that has been changed since.
#[derive(Debug, Default)]
pub(crate) struct Outdated {
    /// Paths of assumptions.
    pub(crate) assumptions: BTreeSet<String>,
    /// Whether the observed figures are of the service before a change.
    pub(crate) observed: bool,
}

impl Outdated {
    /// A layer was put over the others, and made these edits.
    fn note(&mut self, root: &DeTable<'_>, edits: &[Edit<'_>]) {
        let own = |table: &str, edit: &Edit<'_>| edit.path.first().is_some_and(|step| step.name() == table);
        let changed: Vec<Vec<String>> = edits
            .iter()
            .filter(|edit| change(edit).is_some())
            .map(|edit| place(edit).iter().map(|step| step.name().to_string()).collect())
            .chain(edits.iter().flat_map(paths_of_changes))
            .collect();
        let assumptions = root.get("assumptions").and_then(|node| node.get_ref().as_table());
        for (key, _) in assumptions.into_iter().flat_map(in_file_order) {
            let of = paths::split(&key.text).unwrap_or_default();
            if changed.iter().any(|path| paths::touch(path, &of)) {
                self.assumptions.insert(key.text);
            }
        }
        // What the layer itself says of them holds.
        for edit in edits.iter().filter(|edit| own("assumptions", edit)) {
            match edit.path.get(1) {
                Some(step) => {
                    self.assumptions.remove(step.name());
                }
                None => self.assumptions.clear(),
            }
        }
        let of_the_service = |path: &&Vec<String>| !["experiment", "observed", "unknown"].contains(&path[0].as_str());
        self.observed |= changed.iter().any(|path| of_the_service(&path));
        self.observed &= !edits.iter().any(|edit| own("observed", edit));
    }
}

/// One thing that a what-if, or the command line, changes in what it is based on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Path, as for `--set`.
    pub path: String,
    /// As typed before; `None` if there was nothing.
    pub before: Option<String>,
    /// As typed now; `None` if it is gone.
    pub after: Option<String>,
    /// Whether it was set on the command line, so that `before` is what the file makes of it.
    pub set: bool,
    /// The assumption that speaks of the new value: its place in [`crate::model::Scenario::assumptions`].
    pub assumption: Option<usize>,
}

/// A text of the stack: where its places begin in all texts together.
pub(crate) struct Layer {
    source: Arc<Source>,
    begins: usize,
    /// What a total that it sets comes to, hub by hub.
    shared: OnceCell<Vec<String>>,
}

impl Layer {
    fn new(source: Arc<Source>, begins: usize) -> Self {
        Self {
            source,
            begins,
            shared: OnceCell::new(),
        }
    }
}

/// The file and its bases, each sound TOML; `None` has been reported.
pub(crate) fn layers(source: Source, problems: &mut Problems, folder: &mut Folder) -> Option<Vec<Layer>> {
    let mut layers: Vec<Layer> = Vec::new();
    let mut next = Some(Arc::new(source));
    while let Some(source) = next.take() {
        let begins = problems.sources.add(Arc::clone(&source));
        layers.push(Layer::new(source, begins));
        let layer = layers.last()?;
        let base = layer.parse(problems)?.remove("base");
        if let Some(node) = base {
            next = Some(open_base(&node, &layers, problems, folder)?);
        }
    }
    Some(layers)
}

/// The base that a file names; `None` has been reported.
fn open_base(node: &Node<'_>, layers: &[Layer], problems: &mut Problems, folder: &mut Folder) -> Option<Arc<Source>> {
    let Some(typed) = node.get_ref().as_str() else {
        problems
            .error(
                codes::WRONG_TYPE,
                &node.span(),
                "`base` must be the name of a scenario file",
                "",
            )
            .help("for example: `base = \"home-first-2020.toml\"`");
        return None;
    };
    let at = At {
        value: typed.to_string(),
        range: node.span(),
    };
    if typed.contains('/') {
        problems
            .error(
                codes::FILE_PATH,
                &at.range,
                "the base lies in the folder of the what-if",
                "",
            )
            .help("put both files into one folder, and name the base without it");
        return None;
    }
    let source = folder.open_base(&at, problems)?;
    if layers.iter().any(|layer| layer.source.path == source.path) {
        problems
            .error(codes::CLASH, &at.range, "a scenario cannot be its own base", "")
            .help("one of the files that it is based on must have no `base`");
        return None;
    }
    if layers.len() >= MOST_BASES {
        problems.error(
            codes::TOO_MANY,
            &at.range,
            format!("more than {MOST_BASES} files are based on each other"),
            "",
        );
        return None;
    }
    Some(source)
}

impl Layer {
    /// The path of a text that sets something, and where it stands.
    fn path_set(&self) -> Option<(Vec<String>, Range<usize>)> {
        let text = &self.source.text;
        let path = paths::split(text[..paths::equals(text)?].trim())?;
        Some((path, self.begins..self.begins + text.len()))
    }

    /// A what-if without a title is called as its file, and not as its base.
    fn give_title<'i>(&'i self, table: &mut DeTable<'i>) {
        let place = self.begins..self.begins;
        let stem = self.source.path.file_stem().unwrap_or_default().to_string_lossy();
        table
            .entry(Spanned::new(place.clone(), "title".into()))
            .or_insert_with(|| Spanned::new(place, DeValue::String(stem)));
    }

    /// The values of the text, with places in all texts together; `None` has been reported. They borrow from the text, so
    /// a file is read once for its base and, when all files are at hand, once more for its values.
    fn parse(&self, problems: &mut Problems) -> Option<DeTable<'_>> {
        let (text, begins) = (&self.source.text, self.begins);
        let start = begins..begins;
        if text.len() as u64 > MOST_SCENARIO_BYTES {
            problems
                .error(codes::TOO_LARGE, &start, "the text is larger than 2 MB", "")
                .help("a scenario is a text file of a few pages; is this another file?");
            return None;
        }
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            problems
                .error(codes::EMPTY, &start, "the file is empty", "")
                .help("start from one of the scenarios that come with homefirst");
            return None;
        }
        let (table, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            syntax::report(&errors, text, begins, problems);
            return None;
        }
        Some(moved_table(table.into_inner(), begins))
    }
}

/// Puts the layers, the values of inputs, and over them what was set, together; `None` has been reported.
pub(crate) fn put_together<'i>(
    layers: &'i [Layer],
    inputs: &'i [Layer],
    settings: &'i [Layer],
    texts: &'i Texts,
    problems: &mut Problems,
) -> Option<Stack<'i>> {
    let mut tables = Vec::new();
    let mut base = None;
    for layer in layers {
        let mut table = layer.parse(problems)?;
        if let Some(named) = table.remove_entry("base") {
            layer.give_title(&mut table);
            base = base.or(Some(named));
        }
        tables.push(table);
    }
    let mut pile = Pile {
        root: tables.pop()?,
        written: Written::new(&layers.last()?.source.text),
        changes: Vec::new(),
        outdated: Outdated::default(),
    };
    while let Some(mut over) = tables.pop() {
        keep_notes(&pile.root, &mut over);
        let edits = merge(&mut pile.root, over);
        pile.note(&edits);
    }
    let paths_set: Vec<(Vec<String>, Range<usize>)> = settings.iter().filter_map(Layer::path_set).collect();
    // Changes act on the value of an input; only what is itself set has its value over that.
    let is_set = |input: &&Layer| {
        let path = input.path_set();
        path.is_some_and(|(path, _)| paths_set.iter().any(|(set, _)| paths::touch(set, &path)))
    };
    let (over, below): (Vec<&Layer>, Vec<&Layer>) = inputs.iter().partition(is_set);
    // A change itself can be set, so that comes before changes are made.
    let of_changes = |setting: &&Layer| {
        let path = setting.path_set();
        path.is_some_and(|(path, _)| path.first().is_some_and(|first| first == CHANGE))
    };
    let (first, rest): (Vec<&Layer>, Vec<&Layer>) = settings.iter().partition(of_changes);
    for setting in below.into_iter().chain(first) {
        pile.set(setting, problems)?;
    }
    let mut undone = Vec::new();
    if let Some(under) = make_under(&mut pile.root, &paths_set, texts, problems) {
        undone.clone_from(&under.undone);
        tell_made(&mut pile.changes, &under);
        under.each.iter().for_each(|(_, edits)| pile.written.apply(edits));
        pile.written.apply(std::slice::from_ref(&under.list));
    }
    warn_of_dated(&pile.root, &paths_set, problems);
    for setting in rest.into_iter().chain(over) {
        pile.set(setting, problems)?;
    }
    let Pile {
        mut root,
        written,
        changes,
        outdated,
    } = pile;
    let changes = set_first(changes);
    if let Some((key, node)) = base {
        root.insert(key, node);
    }
    let begins = layers.first()?.begins;
    Some(Stack {
        root: Spanned::new(begins..begins, DeValue::Table(root)),
        text: written.into_text(),
        changes,
        outdated,
        undone,
    })
}

/// What has been put together so far.
struct Pile<'i> {
    root: DeTable<'i>,
    written: Written,
    changes: Vec<Change>,
    outdated: Outdated,
}

impl<'i> Pile<'i> {
    /// Edits have been made in the values.
    fn note(&mut self, edits: &[Edit<'i>]) {
        self.outdated.note(&self.root, edits);
        self.changes.extend(edits.iter().filter_map(change));
        self.written.apply(edits);
    }

    /// Sets what a text of the command line says; `None` has been reported.
    fn set(&mut self, setting: &'i Layer, problems: &mut Problems) -> Option<()> {
        let edits = set(
            &mut self.root,
            &setting.source.text,
            &setting.shared,
            setting.begins,
            problems,
        )?;
        let told = self.changes.len();
        self.note(&edits);
        self.changes[told..].iter_mut().for_each(|change| change.set = true);
        Some(())
    }
}

/// Tells what changes of a what-if did, in place of the changes themselves, which are made now. Those of the base itself were not
/// told, and are not.
fn tell_made(changes: &mut Vec<Change>, made: &Made<'_>) {
    let whole = paths::join(&made.list.path);
    let left = match &made.list.what {
        What::Set(node, _) => node.get_ref().as_array().map_or(0, |list| list.len()),
        _ => 0,
    };
    for (path, edits) in &made.each {
        if changes.iter().any(|told| told.path == whole || told.path == *path) {
            changes.extend(edits.iter().filter_map(change));
        }
    }
    let gone = |told: &Change| told.path == whole && left == 0 || made.each.iter().any(|(path, _)| told.path == *path);
    changes.retain(|told| !gone(told));
}

/// What was set first, then what the files change, once for each path: what is set stands over the files, so that what they change
/// there is told no more.
fn set_first(changes: Vec<Change>) -> Vec<Change> {
    let (set, of_the_files): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(|change| change.set);
    let mut first = from_first_to_last(set);
    let told: BTreeSet<String> = first.iter().map(|change| change.path.clone()).collect();
    let others = of_the_files.into_iter().filter(|change| !told.contains(&change.path));
    first.extend(from_first_to_last(others));
    first
}

/// A change for each path: from what was there at first to what is there at last.
fn from_first_to_last(changes: impl IntoIterator<Item = Change>) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for change in changes {
        match places.get(&change.path).and_then(|place| all.get_mut(*place)) {
            Some(known) => known.after = change.after,
            None => {
                places.insert(change.path.clone(), all.len());
                all.push(change);
            }
        }
    }
    all.retain(|change| change.before != change.after);
    all
}

/// What the base says of itself still holds.
fn keep_notes<'i>(base: &DeTable<'i>, over: &mut DeTable<'i>) {
    if let (Some(below), Some(own)) = (base.get("notes"), over.get_mut("notes"))
        && let (Some(below), Some(text)) = (below.get_ref().as_str(), own.get_ref().as_str())
    {
        let both = format!("{}\n\nNotes of the base: {}", text.trim_end(), below.trim_start());
        *own = Spanned::new(own.span(), DeValue::String(both.into()));
    }
}

/// What an edit says in a report; nothing for assumptions, and for what was typed again as it was.
fn change(edit: &Edit<'_>) -> Option<Change> {
    let path = paths::join(&place(edit));
    if ["assumptions", "notes", "title"].contains(&edit.path.first()?.name()) {
        return None;
    }
    let (before, after) = match &edit.what {
        What::Set(now, before) => (before.as_ref().map(typed), Some(typed(now))),
        What::Added(now) => (None, Some(typed(now))),
        What::Gone(before) => (Some(typed(before)), None),
    };
    (before != after).then_some(Change {
        path,
        before,
        after,
        set: false,
        assumption: None,
    })
}

/// What the dated changes that an edit brings lead to: a number that changes on a date is another from then on.
fn paths_of_changes(edit: &Edit<'_>) -> Vec<Vec<String>> {
    let (What::Set(node, _) | What::Added(node)) = &edit.what else {
        return Vec::new();
    };
    if edit.path.first().is_none_or(|step| step.name() != CHANGE) {
        return Vec::new();
    }
    let path = |item: &Node<'_>| paths::split(item.get_ref().as_table()?.get("path")?.get_ref().as_str()?);
    match node.get_ref() {
        DeValue::Array(list) => list.iter().filter_map(path).collect(),
        _ => path(node).into_iter().collect(),
    }
}

/// Where an edit changes something: of a new entry, its own place.
fn place(edit: &Edit<'_>) -> Vec<Step> {
    let mut path = edit.path.clone();
    if let What::Added(node) = &edit.what {
        path.extend(name_of(node).map(|name| Step::Named(name.to_string())));
    }
    path
}

/// The same values `by` bytes further on.
fn moved_table(table: DeTable<'_>, by: usize) -> DeTable<'_> {
    let mut moved = DeTable::new();
    for (key, node) in table {
        let at = key.span();
        moved.insert(
            Spanned::new(at.start + by..at.end + by, key.into_inner()),
            moved_node(node, by),
        );
    }
    moved
}

pub(crate) fn moved_node(node: Node<'_>, by: usize) -> Node<'_> {
    let at = node.span();
    let value = match node.into_inner() {
        DeValue::Table(table) => DeValue::Table(moved_table(table, by)),
        DeValue::Array(array) => {
            let items = array.into_iter().map(|item| moved_node(item, by));
            DeValue::Array(items.collect::<DeArray<'_>>())
        }
        leaf => leaf,
    };
    Spanned::new(at.start + by..at.end + by, value)
}

/// Values for paths (`path=value`), each a text of its own; `from` says in messages where they come from: `--set`.
pub(crate) fn settings(typed: &[String], from: &str, problems: &mut Problems) -> Vec<Layer> {
    typed
        .iter()
        .map(|text| {
            let source = Arc::new(Source {
                path: PathBuf::from(from),
                text: text.clone(),
            });
            let begins = problems.sources.add_above(Arc::clone(&source));
            Layer::new(source, begins)
        })
        .collect()
}
