//! One report of several results folders: the parts that were written are put in the order of a committee, none is made anew.
//!
//! Each `report.html` says in its head what it is of, and marks its answer and its sections with comments. So the joint report
//! has the very words, tables and pictures that were handed over with each folder, needs no simulation, and costs nothing
//! but reading. The head has the hash of the page as well: what somebody changed by hand is not passed on as the program's.

mod repeated;

use std::collections::BTreeSet;

use maud::{Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::page::{END, MARK, Part, table};
use super::{common, document, glossary};
use crate::model::Scenario;
use crate::output::grid::Grid;
use crate::output::{RunContext, words};
use repeated::{ROUNDS, alike, is_repeated, told};

/// The form of the marks. A page of another form is not read.
const FORM: &str = "1";

/// Characters of a hash that are enough to tell two apart in a table.
const SHORT: usize = 12;

/// What a page says of itself in its head.
pub(super) fn facts(title: &str, scenario: &Scenario, ctx: &RunContext) -> Vec<(&'static str, String)> {
    vec![
        ("form", FORM.into()),
        ("version", ctx.version.clone()),
        ("build", ctx.build.clone()),
        ("verb", common::verb(ctx).into()),
        ("title", title.into()),
        ("scenario", scenario.name.clone()),
        ("scenario-title", scenario.title.clone()),
        ("hash", ctx.hash.clone()),
        ("service", ctx.service.clone()),
        ("seed", scenario.experiment.seed.to_string()),
        ("measured", measured(scenario)),
        ("command", ctx.command_canonical.clone()),
    ]
}

/// When the service is measured.
fn measured(scenario: &Scenario) -> String {
    let x = &scenario.experiment;
    format!(
        "{} from {}, after {} of warm-up",
        words::weeks(x.run_length.days()),
        words::date(x.calendar.start()),
        words::weeks(x.warm_up.days())
    )
}

/// SHA-256 of a page's body.
pub(super) fn digest(body: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(body.as_bytes())
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Why a file cannot be put into a joint report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// It is something else.
    #[error("it is no report of homefirst, or one of a version that did not mark its parts")]
    Foreign,
    /// It was changed after it was written.
    #[error("it was changed after it was written, so that it is not what the program said")]
    Changed,
    /// It is a joint report.
    #[error("it is put together of several results itself; name the folders of those")]
    Joint,
}

/// A report that was written with its results, in its parts.
#[derive(Clone, Debug)]
pub struct Kept {
    facts: Vec<(String, String)>,
    answer: String,
    sections: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    part: Part,
    id: String,
    title: String,
    html: String,
}

impl Kept {
    /// The parts of a `report.html`.
    ///
    /// # Errors
    /// [`NotKept`] if it was not written by a version that marks them, or was changed since.
    pub fn parse(text: &str) -> Result<Self, NotKept> {
        let mut facts = Vec::new();
        let head = text.split("<style>").next().unwrap_or_default();
        for meta in head.split("<meta name=\"homefirst-").skip(1) {
            let (name, rest) = meta.split_once("\" content=\"").ok_or(NotKept::Foreign)?;
            let (value, _) = rest.split_once("\">").ok_or(NotKept::Foreign)?;
            facts.push((name.to_owned(), plain(value)));
        }
        let mut kept = Self {
            facts,
            answer: String::new(),
            sections: Vec::new(),
        };
        if kept.fact("form") != FORM {
            return Err(NotKept::Foreign);
        }
        if kept.fact("verb") == JOINT {
            return Err(NotKept::Joint);
        }
        let body = text
            .find("<body>")
            .and_then(|from| text.get(from..text.rfind("</html>")?));
        let body = body.ok_or(NotKept::Foreign)?;
        if digest(body) != kept.fact("body") {
            return Err(NotKept::Changed);
        }
        let mut at = body.split(MARK);
        // What stands before the first mark is the header.
        let mut before = at.next().unwrap_or_default();
        for piece in at {
            let (mark, html) = piece.split_once("-->").ok_or(NotKept::Foreign)?;
            let mut words = mark.split(' ');
            match (words.next(), words.next(), words.next()) {
                (Some("answer"), ..) => html.clone_into(&mut kept.answer),
                (Some("section"), Some(part), Some(id)) => {
                    let part = Part::ALL.into_iter().find(|own| own.name() == part);
                    let title = before
                        .rsplit_once("<h2")
                        .and_then(|(_, h2)| h2.split_once('>')?.1.split_once("</h2>"));
                    kept.sections.push(Piece {
                        part: part.ok_or(NotKept::Foreign)?,
                        id: id.to_owned(),
                        title: plain(title.map_or("", |(title, _)| title)),
                        html: html.to_owned(),
                    });
                }
                (Some(END), ..) => {}
                _ => return Err(NotKept::Foreign),
            }
            before = html;
        }
        Ok(kept)
    }

    fn fact(&self, name: &str) -> &str {
        let found = self.facts.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value)
    }

    /// The title of the scenario.
    #[must_use]
    pub fn scenario_title(&self) -> &str {
        self.fact("scenario-title")
    }
}

/// Text that was escaped for a page.
fn plain(escaped: &str) -> String {
    let text = escaped
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    text.replace("&amp;", "&")
}

/// The verb of joint reports.
const JOINT: &str = "report";

/// What a joint report is made of, in the order in which it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Together<'a> {
    /// Its heading.
    pub title: &'a str,
    /// The reports, and the folders that they lie in, as typed.
    pub reports: &'a [(String, Kept)],
    /// The version that puts them together.
    pub version: &'a str,
}

/// In which order questions are answered.
const ORDER: [&str; 8] = [
    "run",
    "trajectory",
    "explain",
    "compare",
    "allocate",
    "required",
    "sensitivity",
    "calibrate",
];

/// One report of several, as an offline page.
#[must_use]
pub fn together(of: &Together<'_>) -> String {
    let mut reports: Vec<&Kept> = of.reports.iter().map(|(_, kept)| kept).collect();
    reports.sort_by_key(|kept| ORDER.iter().position(|verb| *verb == kept.fact("verb")));
    let said = differences(&reports);
    let parts: Vec<(Part, Markup)> = Part::ALL
        .into_iter()
        .filter_map(|part| Some((part, part_of(part, &reports)?)))
        .collect();
    let inside = html! {
        @for (part, content) in &parts {
            section id=(part.name()) aria-labelledby={ (part.name()) "-heading" } {
                h2 id={ (part.name()) "-heading" } { (part.title()) }
                (content)
            }
        }
    };
    let glossary = glossary::section(&inside.0);
    let body = html! {
        header {
            h1 { (of.title) }
            p.lead { "What simulations of the service say: " (words::list(&asked(&reports))) "." }
        }
        main {
            @if !said.is_empty() {
                div.alarm { @for line in &said { p { (line) } } }
            }
            section #answers aria-labelledby="answers-heading" {
                h2 #answers-heading { "The answers" }
                @if alike(&reports) { p.basis { (ROUNDS) } }
                @for (n, kept) in (1..).zip(&reports) {
                    h3 { (label(n, kept)) }
                    (PreEscaped(prefixed(&kept.answer, n)))
                }
            }
            nav aria-label="Contents" {
                ol {
                    @for (part, _) in &parts { li { a href={ "#" (part.name()) } { (part.title()) } } }
                    li { a href="#made-from" { "What this report is made from" } }
                    li { a href={ "#" (glossary.id) } { (glossary.title) } }
                }
            }
            (inside)
            section #made-from aria-labelledby="made-from-heading" {
                h2 #made-from-heading { "What this report is made from" }
                p { "Each part above was written by the question that it answers, with its results; here they are put in order, and \
                     nothing was simulated or reckoned anew." }
                (table(&made_from(&reports)))
                ul { @for line in lacking(&reports) { li { (line) } } }
            }
            (glossary.markup())
        }
    };
    let facts = [
        ("form", FORM.to_owned()),
        ("version", of.version.to_owned()),
        ("verb", JOINT.to_owned()),
        ("title", of.title.to_owned()),
    ];
    document(of.title, &facts, &body)
}

/// A report by its number and question.
fn label(n: usize, kept: &Kept) -> String {
    format!(
        "{n}. {} {}",
        common::question(kept.fact("verb")),
        kept.fact("scenario-title")
    )
}

/// The questions, each once.
fn asked(reports: &[&Kept]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for kept in reports {
        let question = words::inside(common::question(kept.fact("verb")).trim_end_matches('?'));
        if !out.contains(&question) {
            out.push(question);
        }
    }
    out
}

/// Everything that reports say in one part; what several say in the same words stands once.
fn part_of(part: Part, reports: &[&Kept]) -> Option<Markup> {
    if part == Part::Words {
        return None;
    }
    let mut found: Vec<(&Piece, Vec<usize>)> = Vec::new();
    for (n, kept) in (1..).zip(reports) {
        for piece in kept.sections.iter().filter(|piece| piece.part == part) {
            match found.iter_mut().find(|(other, _)| *other == piece) {
                Some((_, of)) => of.push(n),
                None => found.push((piece, vec![n])),
            }
        }
    }
    if found.is_empty() {
        return None;
    }
    // One section that is called as its part needs no heading of its own.
    let alone = found.len() == 1 && found[0].0.title == part.title();
    let whole = |(piece, of): &(&Piece, Vec<usize>)| {
        let first = of.first().copied().unwrap_or(1);
        html! {
            @for n in of.iter().skip(1) { span id={ "r" (n) "-" (piece.id) } {} }
            div id={ "r" (first) "-" (piece.id) } {
                @if alone {
                    (PreEscaped(prefixed(&piece.html, first)))
                } @else {
                    h3 { (piece.title) @if reports.len() > 1 { (whose(of, reports)) } }
                    (PreEscaped(prefixed(&piece.html, first).replace("<h3", "<h4").replace("</h3>", "</h4>")))
                }
            }
        }
    };
    let (folded, shown): (Vec<_>, Vec<_>) = found
        .iter()
        .enumerate()
        .partition(|(place, (piece, of))| of.iter().all(|n| is_repeated(piece, *n, *place, reports)));
    Some(html! {
        @for (_, found) in &shown { (whole(found)) }
        @if !folded.is_empty() {
            details {
                summary { "What other answers say of the same: " (words::list(&told(&folded))) }
                @for (_, found) in &folded { (whole(found)) }
            }
        }
    })
}

/// Which of the results a section is of.
fn whose(of: &[usize], reports: &[&Kept]) -> String {
    if of.len() == reports.len() {
        return " (of all)".into();
    }
    let numbers: Vec<String> = of.iter().map(usize::to_string).collect();
    format!(" (of {})", words::list(&numbers))
}

/// The same HTML with names of its own, so that several pages fit into one.
fn prefixed(html: &str, n: usize) -> String {
    let mut out = html.to_owned();
    for before in [" id=\"", " href=\"#", "url(#", " aria-describedby=\""] {
        out = out.replace(before, &format!("{before}r{n}-"));
    }
    // May name several.
    let by = " aria-labelledby=\"";
    let mut parts = out.split(by);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (names, rest) = part.split_once('"').unwrap_or((part, ""));
        let names: Vec<String> = names.split(' ').map(|name| format!("r{n}-{name}")).collect();
        text.push_str(by);
        text.push_str(&names.join(" "));
        text.push('"');
        text.push_str(rest);
    }
    text
}

/// What is not the same in all: nobody should take figures of two services for those of one.
fn differences(reports: &[&Kept]) -> Vec<String> {
    let mut out = Vec::new();
    let distinct = |name: &str| reports.iter().map(|kept| kept.fact(name)).collect::<BTreeSet<_>>();
    let by = |name: &str, show: &dyn Fn(&Kept) -> String| {
        let mut groups: Vec<(String, String, Vec<String>)> = Vec::new();
        for (n, kept) in (1..).zip(reports) {
            match groups.iter_mut().find(|(key, ..)| key == kept.fact(name)) {
                Some((.., of)) => of.push(n.to_string()),
                None => groups.push((kept.fact(name).into(), show(kept), vec![n.to_string()])),
            }
        }
        let told: Vec<String> = groups
            .iter()
            .map(|(_, shown, of)| format!("{} {shown}", words::list(of)))
            .collect();
        told.join("; ")
    };
    if distinct("service").len() > 1 {
        let named = |kept: &Kept| format!("of “{}” ({}.toml)", kept.fact("scenario-title"), kept.fact("scenario"));
        let mut said = format!(
            "These results are not all of the same service: {}. Each figure stands under the results that it is of; figures of \
             different services are not to be read as one.",
            by("service", &named)
        );
        if distinct("scenario").len() < distinct("service").len() {
            said.push_str(" Files of the same name differ in what they say.");
        }
        out.push(said);
    }
    if distinct("measured").len() > 1 {
        let shown = |kept: &Kept| match kept.fact("measured") {
            "" => "not said".to_owned(),
            said => said.to_owned(),
        };
        out.push(format!(
            "They are measured over different times, and figures may differ for that alone: {}.",
            by("measured", &shown)
        ));
    }
    if distinct("version").len() > 1 {
        let shown = |kept: &Kept| format!("by homefirst {}", kept.fact("version"));
        out.push(format!(
            "They were made by different versions of the program, which may simulate differently: {}.",
            by("version", &shown)
        ));
    } else if distinct("build").len() > 1 {
        let shown = |kept: &Kept| format!("by build {}", kept.fact("build"));
        out.push(format!(
            "They were made by programs of one version but of different sources, which may simulate differently: {}.",
            by("build", &shown)
        ));
    }
    if distinct("seed").len() > 1 {
        let shown = |kept: &Kept| format!("seed {}", kept.fact("seed"));
        out.push(format!(
            "They have different seeds, so that other people come in them, and small differences between them may be chance: {}.",
            by("seed", &shown)
        ));
    }
    out
}

/// What was put together.
fn made_from(reports: &[&Kept]) -> Grid {
    let columns = [
        ("Results", false),
        ("Scenario", false),
        ("Version", false),
        ("Seed", true),
        ("Hash", false),
        ("Command", false),
    ];
    let mut grid = Grid::new("Results in this report", &columns);
    for (n, kept) in (1..).zip(reports) {
        let hash: String = kept.fact("hash").chars().take(SHORT).collect();
        let cells = [
            &format!("{n}. {}", common::question(kept.fact("verb"))),
            kept.fact("scenario"),
            kept.fact("version"),
            kept.fact("seed"),
            &hash,
            kept.fact("command"),
        ];
        grid.row(cells.map(str::to_owned).to_vec(), false);
    }
    grid
}

/// What nobody asked, so that its absence is no answer.
fn lacking(reports: &[&Kept]) -> Vec<String> {
    let asked = |verbs: &[&str]| reports.iter().any(|kept| verbs.contains(&kept.fact("verb")));
    let lacks = [
        (
            &["run", "trajectory", "explain"][..],
            "where the service stands against its standards",
            "run",
        ),
        (&["compare", "allocate"], "what options change", "compare"),
        (&["required"], "how many staff are needed", "required"),
        (&["sensitivity"], "which uncertain input matters", "sensitivity"),
    ];
    let lacks = lacks.iter().filter(|(verbs, ..)| !asked(verbs));
    lacks
        .map(|(_, what, verb)| format!("Not asked: {what}. The command homefirst {verb} answers it."))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Kept, NotKept, Together, together};
    use crate::model::Scenario;
    use crate::output::html::report;
    use crate::output::{RunContext, sample};

    fn page(scenario: &Scenario, ctx: &RunContext) -> String {
        report(scenario, &sample::answer(), &sample::check(), ctx)
    }

    fn kept(text: &str) -> Kept {
        Kept::parse(text).unwrap()
    }

    fn of(texts: &[String]) -> String {
        let reports: Vec<_> = texts.iter().map(|text| ("a".to_owned(), kept(text))).collect();
        together(&Together {
            title: "Six hubs & more",
            reports: &reports,
            version: "0.1.0",
        })
    }

    #[test]
    fn every_part_of_a_report_comes_back() {
        let mut scenario = sample::scenario();
        scenario.title = "Six \"hubs\" & <more>".into();
        let text = page(&scenario, &sample::context());
        let found = kept(&text);
        assert_eq!(found.scenario_title(), scenario.title);
        assert_eq!(found.sections.len(), text.matches("<section ").count());
        assert!(
            found
                .sections
                .iter()
                .any(|piece| piece.id == "position" && piece.title == "Position against each standard")
        );
        // In the order of a committee already.
        assert!(found.sections.windows(2).all(|two| two[0].part <= two[1].part));
        for piece in &found.sections {
            assert!(
                text.contains(&piece.html) && !piece.html.contains("homefirst:"),
                "{}",
                piece.id
            );
        }
    }

    #[test]
    fn what_is_no_report_or_was_changed_is_not_passed_on() {
        let text = page(&sample::scenario(), &sample::context());
        assert_eq!(Kept::parse("<html></html>").unwrap_err(), NotKept::Foreign);
        assert_eq!(
            Kept::parse(&text.replacen("Findings</h2>", "Findings!</h2>", 1)).unwrap_err(),
            NotKept::Changed
        );
        let joint = of(std::slice::from_ref(&text));
        assert_eq!(Kept::parse(&joint).unwrap_err(), NotKept::Joint);
    }

    #[test]
    fn a_joint_report_has_every_table_once_and_no_name_twice() {
        let text = page(&sample::scenario(), &sample::context());
        let other = RunContext {
            command_canonical: "homefirst explain home-first-2020.toml".into(),
            ..sample::context()
        };
        let both = of(&[text.clone(), page(&sample::scenario(), &other)]);
        // Of the same scenario: the assumptions stand once.
        assert_eq!(both.matches("<caption>Assumptions book</caption>").count(), 1);
        assert_eq!(both.matches("<caption>Who answers for this work</caption>").count(), 1);
        assert!(!both.contains("not all of the same service"));
        let after = |mark: &str| -> Vec<String> {
            let found = both.split(mark).skip(1);
            found.filter_map(|t| t.split('"').next().map(str::to_owned)).collect()
        };
        let mut ids = after(" id=\"");
        for link in after("href=\"#") {
            assert!(ids.contains(&link), "{link}");
        }
        for names in after("aria-labelledby=\"") {
            for name in names.split(' ') {
                assert!(ids.contains(&name.to_owned()), "{name}");
            }
        }
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all);
        let mut level = 0;
        for (at, _) in both.match_indices("<h") {
            if let Some(n) = both[at + 2..].chars().next().and_then(|c| c.to_digit(10)) {
                assert!(n <= level + 1, "a heading of level {n} after one of level {level}");
                level = n;
            }
        }
        assert_eq!(both.matches("<h1>").count(), 1);
        assert!(both.contains("<h1>Six hubs &amp; more</h1>"));
    }

    /// A second answer of the same service says in other digits what the first said: all but its own subject is folded away.
    #[test]
    fn what_is_said_already_is_folded_and_the_digits_explained() {
        let run = page(&sample::scenario(), &sample::context());
        let explain = |service: &str| {
            let context = RunContext {
                command_canonical: "homefirst explain home-first-2020.toml".into(),
                service: service.into(),
                ..sample::context()
            };
            report(&sample::scenario(), &sample::overloaded(), &sample::check(), &context)
        };
        let open = |text: &str| {
            let mut open = String::new();
            for (n, part) in text.split("<details").enumerate() {
                open.push_str(if n == 0 {
                    part
                } else {
                    part.split_once("</details>").map_or("", |(_, rest)| rest)
                });
            }
            open
        };
        let both = of(&[run.clone(), explain(&sample::context().service)]);
        assert!(both.contains("id=\"r2-causes\"") && open(&both).contains("id=\"r2-causes\""));
        assert!(both.contains("id=\"r2-position\"") && !open(&both).contains("id=\"r2-position\""));
        assert!(both.contains("may differ in its last digits"));
        // Of another service nothing was said before.
        let both = of(&[run.clone(), explain("another")]);
        assert!(open(&both).contains("id=\"r2-position\""));
        assert!(!both.contains("may differ in its last digits"));
        // Nor of other people, of another time, or of what was drawn besides.
        let mut other = sample::scenario();
        other.experiment.seed += 1;
        let mut later = sample::scenario();
        later.experiment.run_length = crate::units::Span::from_days(180);
        for second in [page(&other, &sample::context()), page(&later, &sample::context())] {
            let both = of(&[run.clone(), second]);
            assert!(open(&both).contains("id=\"r2-position\""), "{both}");
            assert!(!both.contains("may differ in its last digits"));
        }
        let drawn = RunContext {
            command_canonical: "homefirst run home-first-2020.toml --uncertain".into(),
            ..sample::context()
        };
        let both = of(&[run.clone(), page(&sample::scenario(), &drawn)]);
        assert!(open(&both).contains("id=\"r2-position\""), "{both}");
        assert!(!of(&[run]).contains("may differ in its last digits"));
    }

    #[test]
    fn other_times_are_said_and_are_no_other_service() {
        let run = page(&sample::scenario(), &sample::context());
        let mut longer = sample::scenario();
        longer.experiment.run_length = crate::units::Span::from_days(180);
        let both = of(&[run, page(&longer, &sample::context())]);
        assert!(both.contains("measured over different times"), "{both}");
        assert!(!both.contains("not all of the same service"));
    }

    #[test]
    fn what_is_of_different_services_versions_or_seeds_is_said() {
        let text = page(&sample::scenario(), &sample::context());
        let rebuilt = RunContext {
            build: "fedcba9876543210".into(),
            ..sample::context()
        };
        let both = of(&[text.clone(), page(&sample::scenario(), &rebuilt)]);
        assert!(both.contains("by build 0123456789abcdef") && both.contains("by build fedcba9876543210"));
        assert!(!both.contains("different versions"));
        let mut scenario = sample::scenario();
        scenario.experiment.seed += 1;
        let other = RunContext {
            version: "0.2.0".into(),
            service: "another".into(),
            ..sample::context()
        };
        let both = of(&[text.clone(), page(&scenario, &other)]);
        for said in [
            "not all of the same service",
            "Files of the same name differ",
            "different versions",
            "different seeds",
            "Not asked: how many staff are needed",
        ] {
            assert!(both.contains(said), "{said}");
        }
        assert!(!of(&[text]).contains("class=\"alarm\""));
    }
}
