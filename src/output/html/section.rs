//! The sections of the report, in the order in which a committee reads.

use maud::{Markup, html};

use super::logic;
use super::page::{Part, Section, bullets, dense, figure, joined, table, untitled};
use super::sliders;
use crate::answers::check::CheckAnswer;
use crate::answers::equity::View;
use crate::answers::run::RunAnswer;
use crate::answers::trajectory::Level;
use crate::model::{PackageId, PathwayId, RoleId, Scenario};
use crate::output::{
    RunContext, changes, chart, digits, equity, grid, months, over_time, published, reported, results, sentence,
    uncertain, why, words,
};

/// The answer before everything else.
pub(super) fn opening(scenario: &Scenario, answer: &RunAnswer) -> Markup {
    let alarm = sentence::overloads(scenario, answer);
    let by_month = months::from_first_to_last(scenario, &answer.trajectory, None);
    html! {
        div.answer {
            @if answer.asked_of.is_some() {
                p { strong { (of_one_hub(scenario, answer)) } }
                @for line in asked_of(scenario, answer) { p { (joined(&line)) } }
                p { "All hubs together:" }
            }
            @if !by_month.is_empty() {
                @for line in &by_month { p { (joined(line)) } }
                p { "Over the whole measured time:" }
            }
            @for line in sentence::answers(scenario, answer) { p { (joined(&line)) } }
            @for line in why::sentences(scenario, answer) { p.why { (joined(&line)) } }
            p.doubt { (joined(sentence::DOUBT)) }
        }
        @if !alarm.is_empty() {
            div.alarm { @for line in &alarm { p { strong { (joined(line)) } } } }
        }
        p.basis { "From " (joined(&sentence::basis(scenario, answer))) }
        @if let Some(line) = sentence::precision(answer) { p.basis { (joined(&line)) } }
        @if !scenario.notes.is_empty() { p.basis { (joined(&scenario.notes)) } }
    }
}

/// What was asked of one hub.
fn of_one_hub(scenario: &Scenario, answer: &RunAnswer) -> String {
    format!("Asked of {} only:", words::hub(scenario, answer.asked_of))
}

/// The answer of the hub that was asked about: from first to last where the service changes, and else from when on targets are met.
fn asked_of(scenario: &Scenario, answer: &RunAnswer) -> Vec<String> {
    let trajectory = &answer.trajectory;
    let mut said = months::from_first_to_last(scenario, trajectory, answer.asked_of);
    if said.is_empty() {
        said = months::met(scenario, trajectory, answer.asked_of);
    }
    said.extend(months::deadlines(scenario, trajectory, answer.asked_of));
    said
}

/// Every section after the opening, except the glossary.
pub(super) fn all(scenario: &Scenario, answer: &RunAnswer, check: &CheckAnswer, ctx: &RunContext) -> Vec<Section> {
    let found = sentence::findings(scenario, answer);
    let mut out = Vec::new();
    if let Some(changed) = changes::table(scenario, &ctx.what_if) {
        out.push(Section {
            id: "changes",
            part: Part::Purpose,
            title: "What this scenario changes",
            content: html! {
                p { (changes::basis(&ctx.what_if)) }
                (untitled(&changed))
            },
        });
    }
    out.extend([
        Section {
            id: "findings",
            part: Part::Findings,
            title: "Findings",
            content: findings(&found),
        },
        Section {
            id: "limits",
            part: Part::Limits,
            title: "What the simulation cannot say",
            content: bullets(&found.limits),
        },
        Section {
            id: "position",
            part: Part::Position,
            title: "Position against each standard",
            content: position(scenario, answer),
        },
    ]);
    if let Some(of) = &answer.uncertain {
        out.push(Section {
            id: "uncertain",
            part: Part::Risks,
            title: "Uncertain inputs",
            content: html! {
                (bullets(&uncertain::sentences(scenario, of)))
                @for grid in uncertain::grids(scenario, None, of) { (table(&grid)) }
                (uncertain_note())
                (dense(&uncertain::drawn::list(&of.inputs, &of.held, &of.about)))
            },
        });
    }
    out.extend(answer.sliders.iter().map(|of| sliders::section(scenario, of)));
    if !answer.equity.rows.is_empty() {
        out.push(Section {
            id: "fairness",
            part: Part::Position,
            title: "Fairness between hubs",
            content: fairness(scenario, answer),
        });
    }
    out.extend([
        Section {
            id: "staff",
            part: Part::Position,
            title: "Staff and how busy they are",
            content: staff(scenario, answer, check),
        },
        Section {
            id: "causes",
            part: Part::Position,
            title: "Why standards are missed",
            content: causes(scenario, answer),
        },
        Section {
            id: "waits",
            part: Part::Position,
            title: "Waits",
            content: waits(scenario, answer),
        },
        Section {
            id: "visits",
            part: Part::Position,
            title: "Visits, caseload and consequences",
            content: visits(scenario, answer),
        },
    ]);
    let later = over_time::sentences(scenario);
    if !later.is_empty() {
        let over_time = !scenario.later.is_empty() || !scenario.recruits.is_empty();
        let title = if over_time {
            "What changes over time"
        } else {
            "What is changed from the beginning"
        };
        out.push(Section { id: "over-time", part: Part::Position, title, content: html! {
            (bullets(&later))
            @if over_time {
                p.note { "Tables of offered load, of WTE on shift and of durations show the service on its first day. Costs and \
                          simulated figures are of the whole window, with these changes." }
            }
        } });
    }
    if answer.trajectory.months.len() > 1 && words::standards(scenario).next().is_some() {
        out.push(Section {
            id: "months",
            part: Part::Position,
            title: "Month by month",
            content: by_month(scenario, answer),
        });
    }
    if !answer.published.is_empty() {
        out.push(Section {
            id: "published",
            part: Part::Position,
            title: "Published months",
            content: published(scenario, answer),
        });
    }
    if let Some(known) = grid::observed(scenario, answer) {
        out.push(Section { id: "known", part: Part::Position, title: "What is known of the service", content: html! {
            @if scenario.observed.iter().any(|o| o.before_change) {
                p { "These figures were reported of the base, before the change that this scenario makes. They stand beside \
                     the simulation to show where the service comes from; that the simulation differs is what the change does." }
            } @else {
                p { "Reported figures stand beside the simulation; they are not fed into it unless the assumptions book says \
                     that an input was calibrated to them." }
            }
            (bullets(&reported::standing(scenario, &answer.reported)))
            (table(&known))
        } });
    }
    out.push(Section {
        id: "assumptions",
        part: Part::Assumptions,
        title: "Assumptions book",
        content: assumptions(scenario),
    });
    out.push(Section {
        id: "inputs",
        part: Part::Inputs,
        title: "What the inputs mean",
        content: inputs(scenario, check),
    });
    out.push(Section {
        id: "method",
        part: Part::Method,
        title: "Method and limits",
        content: method(scenario, answer, ctx),
    });
    out.push(Section {
        id: "repeat",
        part: Part::Repeat,
        title: "How to repeat this",
        content: repeat(scenario, answer, ctx),
    });
    out
}

fn findings(found: &sentence::Findings) -> Markup {
    html! {
        h3 { "Against the standards" }
        (bullets(&found.position))
        @if !found.staff.is_empty() { h3 { "Staff" } (bullets(&found.staff)) }
        @if !found.visits.is_empty() { h3 { "Visits and people who left" } (bullets(&found.visits)) }
    }
}

/// How the two kinds of uncertainty are told apart.
pub(super) fn uncertain_note() -> Markup {
    html! {
        p.note {
            "Inputs: what differs between draws of the inputs when chance is taken off (two-way analysis of variance, draws by \
             replications). Chance: the error of the mean that is left because replications are few. “By inputs” is where the middle \
             of the draws lies, “with both” the same with that error. Everything else in this report is at the values of the file. \
             Every figure is also in " code { "uncertain.csv" } "."
        }
    }
}

fn position(scenario: &Scenario, answer: &RunAnswer) -> Markup {
    html! {
        @if let Some(overall) = grid::overall(scenario, answer) {
            (table(&overall))
            p.note {
                (joined(&words::what_met_means(answer.replications, answer.confidence, scenario.required.is_some())))
                " The last column is the share of simulated periods that reach the target by \
                 themselves."
            }
        }
        @for (id, _, _) in words::standards(scenario) {
            h3 { (grid::standard_caption(scenario, id).unwrap_or_default()) }
            @if let Some(f) = chart::service_level(scenario, answer, id) {
                (figure(&f, "Its numbers are in the table below."))
            }
            @if let Some(g) = grid::standard(scenario, answer, id) { (untitled(&g)) }
        }
    }
}

fn fairness(scenario: &Scenario, answer: &RunAnswer) -> Markup {
    let elsewhere = equity::served_elsewhere(scenario);
    let by_hub = equity::per_resident_by_hub(scenario, answer);
    html! {
        @if let Some(g) = equity::gaps(scenario, answer, View::ServedBy) {
            (table(&g))
            p.note { (joined(equity::NOTE)) }
        }
        (bullets(&equity::not_told_apart(scenario, answer)))
        @if !elsewhere.is_empty() {
            h3 { "By where people live" }
            (bullets(&elsewhere))
            p { "What is counted at a hub is of those whom it serves. Taken by where people live, those whom other hubs serve \
                 are counted where they live. Both ways are the same people, and add up to the same totals." }
            @for p in 0..scenario.pathways.len() {
                @if let Some(g) = equity::by_home(scenario, answer, PathwayId(p)) { (table(&g)) }
            }
            @if let Some(g) = equity::gaps(scenario, answer, View::Home) { (table(&g)) }
        }
        @if let Some(g) = equity::per_resident(scenario, answer, false) {
            h3 { "Per resident" }
            p { "Referrals are those of the people who live in the area, whoever serves them; staff are those of the area's \
                 hub. Where demand is shared out over hubs by the same count of residents, referrals per resident are alike \
                 because they were typed so, and say nothing of need." }
            (table(&g))
            @if !by_hub.is_empty() {
                details {
                    summary { "Area by area" }
                    @for g in &by_hub { (table(g)) }
                }
            }
        }
    }
}

fn staff(scenario: &Scenario, answer: &RunAnswer, check: &CheckAnswer) -> Markup {
    let roles: Vec<RoleId> = (0..scenario.roles.len()).map(RoleId).collect();
    let by_hour: Vec<_> = roles
        .iter()
        .filter_map(|&r| grid::hours_of_week(scenario, answer, r))
        .collect();
    html! {
        (table(&grid::staff(scenario, answer, check)))
        h3 { "By hub and role" }
        @if let Some(f) = chart::utilisation(scenario, answer) {
            (figure(&f, "Its numbers are in the table below."))
        }
        @for abreast in roles.chunks(5) { (table(&grid::utilisation(scenario, answer, abreast))) }
        @if let Some(f) = chart::staffing(scenario, answer) {
            h3 { "By hour of the week" }
            (figure(&f, "Where the line touches the top of the area everybody is at work, and whoever calls next waits."))
            @if !by_hour.is_empty() {
                details {
                    summary { "The numbers of this figure" }
                    @for g in &by_hour { (dense(g)) }
                }
            }
        }
    }
}

fn causes(scenario: &Scenario, answer: &RunAnswer) -> Markup {
    html! {
        p { "Every referral that missed its standard has one cause, found at the last moment at which sending somebody would \
             still have been in time. So causes add up exactly to the misses. The first that holds counts, in this order: "
             (words::list(&sentence::causes_in_order())) ". If nobody of the role was on shift at that moment, the last \
             moment before it counts at which somebody was." }
        @for (id, _, _) in words::standards(scenario) {
            @if let Some(g) = grid::causes(scenario, answer, id) {
                h3 { (words::pathway(scenario, id)) }
                (bullets(&sentence::causes(scenario, answer, id)))
                @if let Some(f) = chart::causes(scenario, answer, id) {
                    (figure(&f, "Letters stand for the causes; their numbers are in the tables below."))
                }
                (table(&g))
                @if let Some(of) = &answer.uncertain {
                    (bullets(&uncertain::causes::sentences(scenario, of, id)))
                    @if let Some(g) = uncertain::causes::grid(scenario, of, id) {
                        (table(&g))
                        p.note { (uncertain::CAUSES_NOTE) " They are in " code { "uncertain_causes.csv" } "." }
                    }
                }
                @if let Some(g) = grid::causes_by_hub(scenario, answer, id) { (dense(&g)) }
                @if let Some(f) = chart::causes_by_hour(scenario, answer, id) {
                    (figure(&f, "By the hour in which the clock started; all of its numbers are in causes_hourly.csv."))
                    details {
                        summary { "The numbers of the largest cause" }
                        @if let Some((largest, _)) = grid::ordered_causes(answer, None, id).first() {
                            @if let Some(g) = grid::causes_by_hour(scenario, answer, id, *largest) { (dense(&g)) }
                        }
                    }
                }
                @if let Some(g) = grid::switched_off(scenario, answer, id) {
                    (table(&g))
                    p.note { (sentence::SWITCHES) }
                }
            }
        }
    }
}

fn waits(scenario: &Scenario, answer: &RunAnswer) -> Markup {
    html! {
        @if let Some(f) = chart::waits(scenario, answer) {
            (figure(&f, "Where the curve meets the dashed line is the share within the standard. Its numbers are in the \
                         tables below."))
        }
        @for p in 0..scenario.pathways.len() {
            @if let Some(g) = grid::waits(scenario, answer, PathwayId(p)) { (table(&g)) }
        }
    }
}

fn visits(scenario: &Scenario, answer: &RunAnswer) -> Markup {
    html! {
        @for k in 0..scenario.packages.len() {
            @if let Some(g) = grid::package(scenario, answer, PackageId(k)) { (table(&g)) }
        }
        p.note { "Late: begun after the visit's tolerance. Missed: given up, not done later." }
        @if let Some(g) = grid::consequences(scenario, answer) { (table(&g)) }
        @if let Some(g) = grid::beds(scenario, answer) { (table(&g)) }
        @if let Some(g) = grid::outcomes(scenario, answer) { (table(&g)) }
        @if let Some(g) = grid::money(scenario, answer) {
            (table(&g))
            p.note { (sentence::of_money(scenario)) }
        }
    }
}

fn by_month(scenario: &Scenario, answer: &RunAnswer) -> Markup {
    let trajectory = &answer.trajectory;
    let found = [
        months::met(scenario, trajectory, None),
        months::deadlines(scenario, trajectory, None),
        months::latest_adverts(scenario, trajectory, &answer.latest_adverts),
    ];
    let levels: Vec<&Level> = trajectory.levels.iter().filter(|l| l.hub.is_none()).collect();
    html! {
        @if answer.uncertain.is_some() { p { (months::STATED) } }
        @if answer.asked_of.is_some() {
            h3 { (words::hub(scenario, answer.asked_of)) }
            p { (of_one_hub(scenario, answer)) " these are its own months; further down stand those of all hubs together." }
            (bullets(&asked_of(scenario, answer)))
            @for (id, _, _) in words::standards(scenario) {
                @if let Some(g) = grid::months(scenario, trajectory, answer.asked_of, id) { (table(&g)) }
            }
            h3 { "All hubs together" }
        }
        (bullets(&found.concat()))
        p.note { (joined(&months::wanted(trajectory))) }
        @if let Some(of) = &answer.uncertain {
            p { (uncertain::months::DRAWN) }
            (bullets(&uncertain::months::sentences(scenario, of, trajectory, None)))
            @if let Some(by_month) = &of.months { p.note { (joined(&uncertain::months::wanted(by_month))) } }
        }
        @for (id, _, _) in words::standards(scenario) {
            h3 { (grid::standard_caption(scenario, id).unwrap_or_default()) }
            @if let Some(f) = chart::months(scenario, answer, id) {
                (figure(&f, "Each simulation (replication) is one way in which the months could go. Its numbers are in the tables below."))
            }
            @if let Some(mut g) = grid::months(scenario, trajectory, None, id) {
                // Otherwise it would be called as the table of the whole window.
                @let () = g.caption.push_str(", month by month");
                (untitled(&g))
            }
            @if let Some(g) = grid::fan(scenario, trajectory, None, id) {
                details { summary { "How replications spread in each month" } (dense(&g)) }
            }
            @if let Some(f) = chart::months_drawn(scenario, answer, id) {
                (figure(&f, "The level to expect of each month, over draws of the inputs. Its numbers are in the table below."))
            }
            @if let Some(g) = answer.uncertain.as_ref().and_then(|of| uncertain::months::grid(scenario, of, None, id)) {
                (table(&g))
            }
        }
        @for role in (0..scenario.roles.len()).map(RoleId) {
            @if let Some(f) = chart::recruitment(scenario, answer, role) {
                (figure(&f, "Its numbers are in the table below."))
            }
        }
        @for abreast in levels.chunks(5) { (table(&grid::levels(scenario, trajectory, abreast))) }
        p.note { "Hub by hub, these figures are in " code { "monthly.csv" } " and " code { "weekly.csv" } "." }
        @if answer.uncertain.is_some() {
            p.note { "Those under uncertain inputs are in " code { "uncertain_monthly.csv" } "." }
        }
    }
}

fn published(scenario: &Scenario, answer: &RunAnswer) -> Markup {
    html! {
        @for of in &answer.published {
            h3 { (grid::standard_caption(scenario, of.pathway).unwrap_or_default()) }
            (bullets(&published::sentences(scenario, answer, of)))
            (figure(&chart::xmr(scenario, answer, of), "Its numbers are in the tables below."))
            (table(&published::grid(scenario, of)))
            @if let Some(spread) = published::simulated(answer, of.pathway) { (table(&published::spread_grid(scenario, spread))) }
        }
        p.note { (published::note()) " Every figure is also in " code { "published.csv" } "." }
    }
}

pub(super) fn assumptions(scenario: &Scenario) -> Markup {
    html! {
        p { "Every number that has been given a reason, and where it comes from. A source was found and read; derived is \
             arithmetic on sources; an assumption is a judgement with a range; calibrated was set so that a reported \
             figure comes out; a choice was decided for the model, is not a number, and could have been made otherwise." }
        @if let Some(g) = grid::assumptions(scenario) { (table(&g)) } @else { p { "The scenario gives none." } }
        @if let Some(g) = grid::unknowns(scenario) { (table(&g)) }
    }
}

pub(super) fn inputs(scenario: &Scenario, check: &CheckAnswer) -> Markup {
    let roles: Vec<RoleId> = (0..scenario.roles.len()).map(RoleId).collect();
    html! {
        h3 { "Work against staff, before any simulation" }
        (bullets(&sentence::load(scenario, &check.load)))
        @for abreast in roles.chunks(5) { (table(&grid::load(scenario, &check.load, abreast))) }
        p.note { "! above 85 %, !! above 100 %. Means over all hours, nights included." }
        h3 { "What WTE mean on shift" }
        p { "Whole-time equivalents are contracts, not people present. After leave, training, sickness, early and late \
             shifts and weekends, this many are there. Under “People” stands the fewest who can hold these contracts, all \
             full time but the last; there are more where others work part time." }
        @for &role in &roles { (table(&grid::meaning(scenario, check, role))) }
        @if !check.inputs.is_empty() {
            h3 { "Durations" }
            (table(&grid::inputs(check)))
        }
    }
}

/// The parts of STRESS-DES, in its order.
fn method(scenario: &Scenario, answer: &RunAnswer, ctx: &RunContext) -> Markup {
    let objectives = "To estimate, for the service as described, the share of referrals answered within each standard, how busy \
                      staff are, and what is late or missed, hub by hub; as a basis for decisions on the number and place of staff.";
    let repeated = html! {
        p {
            "This is repeated " (digits::count(answer.replications.into())) " times with independent chance; intervals are "
            (digits::percent(answer.confidence)) " confidence intervals over these replications. A share is the sum of \
             those in time over the sum of all counted. Intervals are stated one by one, not for all tables at once."
        }
    };
    stress_des(scenario, ctx, objectives, &repeated, Some(answer.events))
}

/// The parts of STRESS-DES, in its order: what for, and how often it was repeated, differs between verbs.
pub(super) fn stress_des(
    scenario: &Scenario,
    ctx: &RunContext,
    objectives: &str,
    repeated: &Markup,
    events: Option<u64>,
) -> Markup {
    let x = &scenario.experiment;
    let holidays = x.calendar.bank_holidays().count();
    html! {
        p.note { "In the order of the STRESS-DES reporting guideline for discrete-event simulation." }
        h3 { "1. Objectives" }
        p { (objectives) }
        h3 { "2. Logic" }
        p { "Each referral is followed from receipt to discharge. First responses and the planned visits of packages \
             compete for the same staff. Waiting work is ordered by class, then by when it is due; work that has begun is \
             not interrupted. Travel is part of the wait." }
        (bullets(&logic::pathways(scenario)))
        (bullets(&logic::packages(scenario)))
        (bullets(&logic::roles(scenario)))
        h3 { "3. Data" }
        p { "Inputs are aggregate figures; no personal data are used. Sources, derivations and assumptions are in the "
            a href="#assumptions" { "assumptions book" } "; what is really sampled is under "
            a href="#inputs" { "what the inputs mean" } "." }
        h3 { "4. Experimentation" }
        p {
            (sentence::start(scenario)) " It runs for " (x.warm_up.days()) " days of warm-up, which are thrown away, then " (x.run_length.days()) " measured days from " (x.calendar.start()) ". Every referral that arrives \
             in the measured days is followed to its answer."
            @if holidays > 0 { " " (holidays) " bank holidays count as Sundays." }
        }
        (repeated)
        h3 { "5. Implementation" }
        p {
            "homefirst " (ctx.version) ", a discrete-event simulation written in Rust. Time is whole milliseconds. Every \
             chance draw belongs to one person and purpose, so that two staffings can be compared on the same people. "
            @if let Some(events) = events { (digits::count(events)) " events were simulated. " }
            "The same scenario and seed give the same results on any \
             machine."
        }
        h3 { "6. Code access" }
        p { "The program is open source; its licence is MIT or Apache 2.0. The scenario and every file it refers to lie \
             beside this report." }
    }
}

fn repeat(scenario: &Scenario, answer: &RunAnswer, ctx: &RunContext) -> Markup {
    let files: Vec<&str> = results::tables().collect();
    html! {
        dl {
            div { dt { "Command" } dd { code { (ctx.command_canonical) } } }
            div { dt { "Scenario" } dd { (scenario.name) " (hash " code { (ctx.hash) } ")" } }
            div { dt { "Seed" } dd { (scenario.experiment.seed) } }
            div { dt { "Replications" } dd { (digits::count(answer.replications.into())) } }
            div { dt { "Version" } dd { (ctx.program()) } }
        }
        p { "The scenario stands beside this report as " code { "scenario.toml" } ", with the files that it names. To repeat \
             the run from there, put that name into the command." }
        p {
            "All figures of this report are in "
            @for (n, file) in files.iter().enumerate() {
                @if n > 0 { @if n + 1 == files.len() { " and " } @else { ", " } }
                code { (file) }
            }
            " beside it"
            @if !answer.switched_off.is_empty() { ", what switching a cause off does in " code { "switched_off.csv" } }
            @if !answer.published.is_empty() { ", published months in " code { "published.csv" } }
            @if answer.sliders.is_some() { ", what more or fewer staff do in " code { "sliders.csv" } }
            "." }
    }
}
