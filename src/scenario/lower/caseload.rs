//! What stands at the hubs when the simulation begins.

use super::{Lower, MOST_NOTES};
use crate::model::{Hub, PackageId, Pathway, PathwayId};
use crate::scenario::codes;
use crate::scenario::decode::{At, Decode as _, Field};
use crate::scenario::document::CaseloadTable;

/// The most packages open, or people waiting, of one line.
const MOST_AT_START: u32 = 10_000;

/// Numbers said of a kind of thing (a package or a pathway), each with the table that says it.
struct Said<'t, Id> {
    /// (hub, or every other hub; which; how many; the table)
    lines: Vec<(Option<usize>, Id, u32, &'t CaseloadTable)>,
}

impl<'t, Id: Copy + PartialEq> Said<'t, Id> {
    /// Adds a line; the earlier one if the same has been said before.
    fn add(&mut self, hub: Option<usize>, id: Id, count: u32, table: &'t CaseloadTable) -> Option<&'t CaseloadTable> {
        let earlier = self.lines.iter().find(|line| (line.0, line.1) == (hub, id));
        let earlier = earlier.map(|line| line.3);
        self.lines.push((hub, id, count, table));
        earlier
    }

    /// What holds at a hub: its own lines, then those of every hub where it has none.
    fn at(&self, hub: usize) -> Vec<(Id, u32)> {
        let own = |id: Id| self.lines.iter().any(|line| line.0 == Some(hub) && line.1 == id);
        self.lines
            .iter()
            .filter(|line| line.0 == Some(hub) || (line.0.is_none() && !own(line.1)))
            .map(|line| (line.1, line.2))
            .collect()
    }
}

impl Lower<'_, '_> {
    /// Sets what stands at each hub.
    pub(super) fn lower_caseload(&mut self, hubs: &mut [Hub], pathways: &[Pathway]) {
        let Some(list) = self.document.caseload.get() else {
            return;
        };
        self.check_count("lines of the caseload", list.items.len(), MOST_NOTES, &list.range);
        let (mut open, mut waiting) = (Said { lines: Vec::new() }, Said { lines: Vec::new() });
        for table in list.iter().take(MOST_NOTES) {
            let hub = self.caseload_hub(table, hubs);
            let count = |lower: &mut Self, key: &str, field: &Field<At<u64>>| {
                (!field.is_absent()).then(|| lower.whole(key, field, 0, MOST_AT_START, 0))
            };
            let (is_open, waits) = (count(self, "open", &table.open), count(self, "waiting", &table.waiting));
            if is_open.is_none() && waits.is_none() && !table.strange() {
                self.problems
                    .error(
                        codes::CHOICE,
                        &table.range,
                        "this line says of nothing how many there are",
                        "",
                    )
                    .help("give `open`, `waiting` or both");
            }
            let package = table.package.get().map(|at| self.package_id(&at.value, &at.range));
            let pathway = table.pathway.get().map(|at| self.pathway_id(&at.value, &at.range));
            if matches!(package, Some(None)) || matches!(pathway, Some(None)) || table.strange() {
                continue;
            }
            let (package, pathway) = (package.flatten(), pathway.flatten());
            if is_open.is_some() && package.is_none() {
                self.problems
                    .error(
                        codes::MISSING_KEY,
                        &table.range,
                        "of which package these are open is not said",
                        "",
                    )
                    .help("add `package = \"...\"`");
                continue;
            }
            let waits_for = if waits.is_some() {
                self.waits_for(table, package, pathway, pathways)
            } else {
                if let Some(at) = table.pathway.get() {
                    self.problems
                        .error(codes::CLASH, &at.range, "a pathway, but nobody who waits for it", "")
                        .help("add `waiting = 5`, or leave `pathway` out");
                }
                None
            };
            let Some(hub) = hub else { continue };
            let twice = [
                is_open.zip(package).and_then(|(n, id)| open.add(hub, id, n, table)),
                waits.zip(waits_for).and_then(|(n, id)| waiting.add(hub, id, n, table)),
            ];
            if let Some(earlier) = twice.into_iter().flatten().next() {
                self.problems
                    .error(
                        codes::TWICE,
                        &table.range,
                        "how many there are is said twice",
                        "the second time",
                    )
                    .beside(&earlier.range, "the first time")
                    .help("leave one of them out");
            }
        }
        for (n, hub) in hubs.iter_mut().enumerate() {
            hub.at_start.open = open.at(n);
            hub.at_start.waiting = waiting.at(n);
        }
    }

    /// The hub of a line: `Some(None)` is every hub, `None` one that cannot be used.
    fn caseload_hub(&mut self, table: &CaseloadTable, hubs: &[Hub]) -> Option<Option<usize>> {
        let at = table.hub.get()?;
        if at.value == "*" {
            return Some(None);
        }
        let found = hubs.iter().position(|h| h.name == at.value);
        if found.is_none() {
            let names = self.hubs.clone();
            self.unknown_name("hub", &at.value, &at.range, &names);
        }
        found.map(Some)
    }

    /// The pathway for which people wait: the one named, or the only one that begins the package.
    fn waits_for(
        &mut self,
        table: &CaseloadTable,
        package: Option<PackageId>,
        pathway: Option<PathwayId>,
        pathways: &[Pathway],
    ) -> Option<PathwayId> {
        let place = table.waiting.place().unwrap_or(&table.range).clone();
        if let Some(id) = pathway {
            let begins = pathways.get(id.0)?.package;
            if let (Some(package), Some(at)) = (package, table.pathway.get())
                && begins != Some(package)
            {
                let message = format!(
                    "pathway `{}` does not begin package `{}`",
                    at.value, self.packages[package.0]
                );
                let mut error = self.problems.error(codes::CLASH, &at.range, message, "");
                if let Some(at) = table.package.get() {
                    error = error.beside(&at.range, "the package");
                }
                error.help("name one that does, or give people who wait for this pathway a line without `package`");
                return None;
            }
            return Some(id);
        }
        let Some(package) = package else {
            self.problems
                .error(codes::MISSING_KEY, &place, "for what these people wait is not said", "")
                .help("add `pathway = \"...\"`, or `package = \"...\"` if only one pathway begins it");
            return None;
        };
        let ids = (0..pathways.len()).filter(|&n| pathways[n].package == Some(package));
        let ids: Vec<usize> = ids.collect();
        if let [only] = ids[..] {
            return Some(PathwayId(only));
        }
        let name = self.packages[package.0].clone();
        if ids.is_empty() {
            self.problems
                .error(
                    codes::CHOICE,
                    &place,
                    format!("no pathway begins package `{name}`"),
                    "nobody can wait for it",
                )
                .help("leave `waiting` out here, or name a `pathway` with first responses");
        } else {
            let names: Vec<String> = ids.iter().map(|&n| format!("`{}`", pathways[n].name)).collect();
            let message = format!(
                "package `{name}` is begun by {} pathways: {}",
                ids.len(),
                names.join(", ")
            );
            self.problems
                .error(codes::CHOICE, &place, message, "people waiting, but for which of them?")
                .help(format!("add `pathway = \"{}\"`", pathways[ids[0]].name));
        }
        None
    }
}
