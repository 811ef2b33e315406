//! Answers in the terminal: the answer first, then small tables that fit 80 columns and need no colour.

use std::collections::BTreeSet;

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle,
    Width as ColumnWidth,
};

use crate::answers::check::CheckAnswer;
use crate::answers::equity::View;
use crate::answers::latest_advert::LatestAdvert;
use crate::answers::run::RunAnswer;
use crate::answers::trajectory::Level;
use crate::model::{HubId, PackageId, PathwayId, RoleId, Scenario};
use crate::output::grid::{self, Grid};
use crate::output::{WhatIf, changes, equity, months, over_time, published, sentence, sliders, uncertain, words};

/// Columns of the narrowest terminal that tables are made for.
const WIDTH: u16 = 80;
/// Roles side by side in one table.
const ROLES_ABREAST: usize = 4;

/// One rule under the headings and nothing else: readable aloud, in grey, and in a fixed-width mail.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none())
    .header_separator(LineStyle::none().fill('-'))
    .content_lines(ContentLineStyle::none());

/// The headline of a run.
#[must_use]
pub fn run(scenario: &Scenario, answer: &RunAnswer, what_if: &WhatIf) -> String {
    let mut out = Text::default();
    out.prose(&scenario.title);
    out.prose(&format!("Scenario file: {}.toml", scenario.name));
    for line in changes::lines(scenario, what_if, "in the report") {
        out.prose(&line);
    }
    out.prose(&format!("{} {}", sentence::basis(scenario, answer), sentence::DOUBT));
    if let Some(line) = sentence::precision(answer) {
        out.prose(&line);
    }
    out.gap();
    let by_month = months::from_first_to_last(scenario, &answer.trajectory, None);
    if !by_month.is_empty() {
        for line in &by_month {
            out.prose(line);
        }
        out.gap();
        out.prose("Over the whole measured time:");
    }
    for line in sentence::answers(scenario, answer) {
        out.prose(&line);
    }
    for line in sentence::overloads(scenario, answer) {
        out.prose(&line);
    }
    if let Some(of) = &answer.uncertain {
        out.gap();
        for line in uncertain::sentences(scenario, of) {
            out.prose(&line);
        }
        out.gap();
    }
    for of in &answer.published {
        for line in published::sentences(scenario, answer, of) {
            out.prose(&line);
        }
        out.gap();
    }
    if let Some(of) = &answer.sliders {
        out.prose(&sliders::told(scenario, of));
        out.gap();
    }
    if let Some(line) = sentence::start_if_given(scenario) {
        out.prose(&line);
    }
    for line in sentence::sharing(scenario)
        .into_iter()
        .chain(equity::served_elsewhere(scenario))
    {
        out.prose(&line);
    }
    for p in 0..scenario.pathways.len() {
        if let Some(grid) = grid::standard(scenario, answer, PathwayId(p)) {
            out.grid(&grid);
        }
    }
    if sentence::anything(words::Verdict::TooClose, scenario, answer) {
        let certified = scenario.required.is_some();
        out.prose(&words::what_met_means(
            answer.replications,
            answer.confidence,
            certified,
        ));
    }
    fairness(scenario, answer, &mut out);
    let roles: Vec<RoleId> = (0..scenario.roles.len()).map(RoleId).collect();
    for abreast in roles.chunks(ROLES_ABREAST) {
        out.grid(&grid::utilisation(scenario, answer, abreast));
    }
    for k in 0..scenario.packages.len() {
        if let Some(grid) = grid::package(scenario, answer, PackageId(k)) {
            out.grid(&grid);
        }
    }
    out.0
}

/// Best and worst hub, by who serves and by where people live, and what falls to a resident of each.
fn fairness(scenario: &Scenario, answer: &RunAnswer, out: &mut Text) {
    if let Some(grid) = equity::gaps(scenario, answer, View::ServedBy) {
        out.grid(&grid);
    }
    for p in 0..scenario.pathways.len() {
        if let Some(grid) = equity::by_home(scenario, answer, PathwayId(p)) {
            out.grid(&grid);
        }
    }
    if let Some(grid) = equity::gaps(scenario, answer, View::Home) {
        out.grid(&grid);
    }
    let unsure = equity::not_told_apart(scenario, answer);
    if !unsure.is_empty() {
        out.gap();
    }
    for line in unsure {
        out.prose(&line);
    }
    if let Some(grid) = equity::per_resident(scenario, answer, true) {
        out.grid(&grid);
    }
}

/// Why standards are missed, by hub, and what switching a cause off does.
#[must_use]
pub fn explain(scenario: &Scenario, answer: &RunAnswer, what_if: &WhatIf) -> String {
    let mut out = Text::default();
    out.prose(&scenario.title);
    out.prose(&format!("Scenario file: {}.toml", scenario.name));
    for line in changes::lines(scenario, what_if, "in the report") {
        out.prose(&line);
    }
    out.prose(&format!("{} {}", sentence::basis(scenario, answer), sentence::DOUBT));
    if let Some(line) = sentence::precision(answer) {
        out.prose(&line);
    }
    out.gap();
    for line in sentence::answers(scenario, answer) {
        out.prose(&line);
    }
    for line in sentence::overloads(scenario, answer) {
        out.prose(&line);
    }
    for (id, _, _) in words::standards(scenario) {
        out.gap();
        for line in sentence::causes(scenario, answer, id) {
            out.prose(&line);
        }
        let grids = [grid::causes, grid::largest_causes, grid::switched_off];
        for grid in grids.into_iter().filter_map(|g| g(scenario, answer, id)) {
            out.grid(&grid);
        }
    }
    if !answer.switched_off.is_empty() {
        out.gap();
        out.prose(sentence::SWITCHES);
    }
    if let Some(of) = &answer.uncertain {
        out.gap();
        for line in uncertain::basis(scenario, of) {
            out.prose(&line);
        }
        out.prose(uncertain::CAUSES_NOTE);
        for (id, _, _) in words::standards(scenario) {
            out.gap();
            for line in uncertain::causes::sentences(scenario, of, id) {
                out.prose(&line);
            }
            if let Some(grid) = uncertain::causes::grid(scenario, of, id) {
                out.grid(&grid);
            }
        }
    }
    out.0
}

/// When targets are met: the answer of `trajectory`, for one hub or all together.
#[must_use]
pub fn trajectory(
    scenario: &Scenario,
    answer: &RunAnswer,
    hub: Option<HubId>,
    latest: Option<&[LatestAdvert]>,
    what_if: &WhatIf,
) -> String {
    let trajectory = &answer.trajectory;
    let mut out = Text::default();
    out.prose(&scenario.title);
    out.prose(&format!("Scenario file: {}.toml", scenario.name));
    for line in changes::lines(scenario, what_if, "in the report") {
        out.prose(&line);
    }
    if hub.is_some() {
        out.prose(&format!("Hub: {}", words::hub(scenario, hub)));
    }
    out.gap();
    if answer.uncertain.is_some() {
        out.prose(months::STATED);
    }
    let met = months::met(scenario, trajectory, hub);
    if met.is_empty() {
        out.prose("No pathway has a target, so there is no month from which on one is met.");
    }
    let found = met.into_iter().chain(months::deadlines(scenario, trajectory, hub));
    for line in found.chain(months::latest_adverts(scenario, trajectory, latest.unwrap_or_default())) {
        out.prose(&line);
    }
    for line in sentence::overloads(scenario, answer) {
        out.prose(&line);
    }
    if let Some(of) = &answer.uncertain {
        out.gap();
        out.prose(uncertain::months::DRAWN);
        for line in uncertain::basis(scenario, of) {
            out.prose(&line);
        }
        for line in uncertain::months::sentences(scenario, of, trajectory, hub) {
            out.prose(&line);
        }
    }
    out.gap();
    out.prose(&months::wanted(trajectory));
    if let Some(by_month) = answer.uncertain.as_ref().and_then(|of| of.months.as_ref()) {
        out.prose(&uncertain::months::wanted(by_month));
    }
    out.prose(&format!("{} {}", sentence::basis(scenario, answer), sentence::DOUBT));
    if let Some(line) = sentence::precision(answer) {
        out.prose(&line);
    }
    for p in 0..scenario.pathways.len() {
        if let Some(grid) = grid::months(scenario, trajectory, hub, PathwayId(p)) {
            out.grid(&grid);
        }
        let drawn = answer.uncertain.as_ref();
        if let Some(grid) = drawn.and_then(|of| uncertain::months::grid(scenario, of, hub, PathwayId(p))) {
            out.grid(&grid);
        }
    }
    let levels: Vec<&Level> = trajectory.levels.iter().filter(|l| l.hub == hub).collect();
    for abreast in levels.chunks(ROLES_ABREAST) {
        out.grid(&grid::levels(scenario, trajectory, abreast));
    }
    out.0
}

/// What a scenario means before a single event.
#[must_use]
pub fn check(scenario: &Scenario, check: &CheckAnswer, what_if: &WhatIf) -> String {
    let mut out = Text::default();
    out.prose(&scenario.title);
    let what_it_changes = changes::lines(scenario, what_if, "in the report of a run");
    for line in &what_it_changes {
        out.prose(line);
    }
    let (hubs, roles) = (scenario.hubs.len(), scenario.roles.len());
    let (pathways, packages) = (scenario.pathways.len(), scenario.packages.len());
    out.prose(&format!(
        "The file is sound. Hubs: {hubs}. Roles: {roles}. Pathways: {pathways}. Packages: {packages}."
    ));
    let names: Vec<String> = scenario.hubs.iter().map(|h| h.name.clone()).collect();
    out.prose(&format!("Hubs: {}.", names.join("; ")));
    let mut changes = over_time::sentences(scenario);
    changes.retain(|change| !what_it_changes.iter().any(|line| line.ends_with(change.as_str())));
    if !changes.is_empty() {
        out.gap();
        for line in &changes {
            out.prose(line);
        }
    }
    if !scenario.later.is_empty() || !scenario.recruits.is_empty() {
        let posts = if scenario.recruits.is_empty() {
            ""
        } else {
            ", and without the posts of [[recruit]], filled or not"
        };
        out.prose(&format!(
            "What follows is the service on its first day, before anything changes{posts}."
        ));
    }
    out.gap();
    if let Some(line) = sentence::start_if_given(scenario) {
        out.prose(&line);
    }
    for line in sentence::sharing(scenario)
        .into_iter()
        .chain(equity::served_elsewhere(scenario))
    {
        out.prose(&line);
    }
    for line in sentence::load(scenario, &check.load) {
        out.prose(&line);
    }
    let roles: Vec<RoleId> = (0..scenario.roles.len()).map(RoleId).collect();
    for abreast in roles.chunks(ROLES_ABREAST) {
        out.grid(&grid::load(scenario, &check.load, abreast));
    }
    for &role in &roles {
        out.grid(&grid::meaning(scenario, check, role));
    }
    if !check.inputs.is_empty() {
        out.grid(&grid::inputs(check));
    }
    out.0
}

/// Paragraphs, broken to the width of the terminal.
#[must_use]
pub fn prose(paragraphs: &[String]) -> String {
    let mut out = Text::default();
    for paragraph in paragraphs {
        out.prose(paragraph);
    }
    out.0
}

/// A table on its own.
#[must_use]
pub fn grid(grid: &Grid) -> String {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH);
    table.set_header(
        grid.columns
            .iter()
            .enumerate()
            .map(|(i, c)| heading(grid, i, &c.heading)),
    );
    let totals = grid.rows.iter().any(|r| r.total);
    for row in &grid.rows {
        if row.total && totals && grid.rows.len() > 1 {
            // Sums stand apart by a blank line, not by weight or colour.
            table.add_row(grid.columns.iter().map(|_| ""));
        }
        table.add_row(row.cells.iter().map(|cell| together(&hung(cell))));
    }
    let gap = |i: usize| if i + 1 == grid.columns.len() { 0 } else { 2 };
    for (i, column) in grid.columns.iter().enumerate() {
        if let Some(c) = table.column_mut(i) {
            c.set_padding((0, gap(i)));
            if column.number {
                c.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    let least: Vec<u16> = (0..grid.columns.len())
        .map(|i| longest_word(grid, i) + gap(i))
        .collect();
    if least.iter().sum::<u16>() <= WIDTH && breaks_words(grid, &table.to_string()) {
        for (i, least) in least.into_iter().enumerate() {
            if let Some(c) = table.column_mut(i) {
                c.set_constraint(ColumnConstraint::LowerBoundary(ColumnWidth::Fixed(least)));
            }
        }
    }
    let mut out = Text::default();
    out.prose(&grid.caption);
    for line in table.to_string().lines() {
        out.line(line.replace('\u{a0}', " ").trim_end());
    }
    out.0
}

/// A number and its sign stay together.
fn together(text: &str) -> String {
    text.replace(" %", "\u{a0}%").replace("± ", "±\u{a0}")
}

/// The words of a column, heading and all.
fn words_of(grid: &Grid, column: usize) -> Vec<String> {
    let cells = grid.rows.iter().filter_map(|row| row.cells.get(column));
    let all = cells.chain(grid.columns.get(column).map(|c| &c.heading));
    all.flat_map(|text| together(text).split([' ', '\n']).map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// The most letters of a word in a column.
fn longest_word(grid: &Grid, column: usize) -> u16 {
    let longest = words_of(grid, column).iter().map(|word| word.chars().count()).max();
    u16::try_from(longest.unwrap_or(0)).unwrap_or(WIDTH)
}

/// Whether a table as drawn has a part of a word where the word should be.
fn breaks_words(grid: &Grid, drawn: &str) -> bool {
    let whole: BTreeSet<String> = (0..grid.columns.len()).flat_map(|i| words_of(grid, i)).collect();
    let mut parts = drawn
        .split([' ', '\n'])
        .filter(|part| !part.is_empty() && !part.starts_with("--"));
    parts.any(|part| !whole.contains(part))
}

/// A heading broken over lines where it is wider than everything below it.
fn heading(grid: &Grid, column: usize, text: &str) -> String {
    let cells = grid
        .rows
        .iter()
        .filter_map(|r| r.cells.get(column))
        .flat_map(|c| c.lines());
    let width = cells.map(|line| line.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let n = word.chars().count();
        if used > 0 && used + 1 + n > width {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += n;
    }
    out
}

/// A cell whose indented lines stay indented where they are broken.
fn hung(cell: &str) -> String {
    const MOST: usize = 44;
    let mut out = String::new();
    for (i, line) in cell.lines().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        let Some(rest) = line.strip_prefix("  ") else {
            out.push_str(line);
            continue;
        };
        let mut used = 0;
        for word in rest.split(' ') {
            let n = word.chars().count();
            if used > 0 && used + 1 + n > MOST {
                out.push('\n');
                used = 0;
            }
            out.push_str(if used == 0 { "  " } else { " " });
            used += n + if used == 0 { 2 } else { 1 };
            out.push_str(word);
        }
    }
    out
}

/// Lines of text, none longer than the terminal is wide.
#[derive(Default)]
pub(super) struct Text(String);

impl Text {
    pub(super) fn into_string(self) -> String {
        self.0
    }

    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    pub(super) fn gap(&mut self) {
        self.0.push('\n');
    }

    pub(super) fn prose(&mut self, text: &str) {
        let mut line = String::new();
        // A number and its sign stay together.
        for word in together(text).split(' ') {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > usize::from(WIDTH) {
                self.line(&line.replace('\u{a0}', " "));
                line.clear();
                line.push_str("  ");
            } else if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.line(&line.replace('\u{a0}', " "));
    }

    pub(super) fn grid(&mut self, g: &Grid) {
        self.gap();
        self.0.push_str(&grid(g));
    }
}

#[cfg(test)]
mod tests {
    use super::{check, run, trajectory};
    use crate::output::{WhatIf, sample};

    fn fits(text: &str) {
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
        }
    }

    #[test]
    fn the_headline_fits_eighty_columns() {
        let text = run(&sample::scenario(), &sample::overloaded(), &sample::what_if());
        fits(&text);
        insta::assert_snapshot!("run_headline", text);
    }

    #[test]
    fn many_roles_and_long_names_fit_too() {
        let (scenario, mut answer) = (sample::odd(), sample::overloaded());
        for row in &mut answer.summary {
            // Wide intervals, large numbers.
            if let Some(e) = row
                .estimate
                .as_mut()
                .filter(|_| row.measure == crate::answers::Measure::Referrals)
            {
                e.mean *= 1e4;
            }
        }
        fits(&run(&scenario, &answer, &WhatIf::default()));
        fits(&check(&scenario, &sample::check(), &WhatIf::default()));
    }

    #[test]
    fn the_trajectory_fits_eighty_columns() {
        let (scenario, answer) = (sample::scenario(), sample::overloaded());
        let text = trajectory(&scenario, &answer, None, Some(&sample::adverts()), &WhatIf::default());
        fits(&text);
        insta::assert_snapshot!("trajectory", text);
        fits(&trajectory(
            &scenario,
            &answer,
            Some(crate::model::HubId(3)),
            None,
            &WhatIf::default(),
        ));
    }

    #[test]
    fn no_word_is_broken_where_there_is_room_for_it() {
        let mut grid = crate::output::grid::Grid::new("x", &[("Hub", false), ("Staff", false), ("Shown to be", true)]);
        let staff = "Crisis worker at most 7.5 WTE; therapist at most 5.5 WTE; and some more words to make this long";
        let cells = ["North West Leicestershire", staff, "at least 95.0 % ± 0.3"].map(str::to_owned);
        grid.row(cells.to_vec(), false);
        for n in 0..5 {
            grid.column(format!("Replications {n}"), true);
            grid.rows[0].cells.push("1,234".into());
        }
        grid.columns.truncate(6);
        grid.rows[0].cells.truncate(6);
        let text = super::grid(&grid);
        fits(&text);
        for word in ["Leicestershire", "Replications", "therapist", "95.0 %", "± 0.3"] {
            assert!(text.contains(word), "{word}: {text}");
        }
    }

    #[test]
    fn the_check_fits_eighty_columns() {
        let text = check(&sample::scenario(), &sample::check(), &WhatIf::default());
        fits(&text);
        insta::assert_snapshot!("check", text);
    }
}
