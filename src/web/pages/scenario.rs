//! The page of a scenario: numbers to change, and what to ask.

use maud::{Markup, html};

use super::problems::{counted, problems};
use super::{alarm, at_scenario, page};
use crate::answers::explain::simulations;
use crate::diagnostic::Diagnostic;
use crate::model::{Smallest, Where};
use crate::output::{digits, words};
use crate::scenario::Loaded;
use crate::web::ask::{CHANGED, Dial, MOST, Verb, dials};
use crate::web::inputs::{Field, Inputs, OTHER, RoleFields, Typed, shown, typed};

/// What the page shows.
#[derive(Debug)]
pub(in crate::web) struct Shown<'a> {
    pub(in crate::web) name: &'a str,
    pub(in crate::web) loaded: &'a Loaded,
    pub(in crate::web) warnings: &'a [Diagnostic],
    /// Other scenarios of the folder, with their titles.
    pub(in crate::web) others: &'a [(String, String)],
    /// What was typed before, where something is wrong with it.
    pub(in crate::web) before: &'a Typed,
    /// What is wrong with it.
    pub(in crate::web) refused: &'a [String],
    pub(in crate::web) problems: &'a [Diagnostic],
}

impl Shown<'_> {
    /// What stands in a field.
    fn value(&self, name: &str, usual: &str) -> String {
        if self.before.is_empty() {
            usual.to_owned()
        } else {
            typed(self.before, name).unwrap_or_default().to_owned()
        }
    }

    fn is_chosen(&self, name: &str, value: &str) -> bool {
        self.before.iter().any(|(own, typed)| own == name && typed == value)
    }
}

/// The page.
pub(in crate::web) fn scenario(page_of: &Shown<'_>) -> Markup {
    let (loaded, at) = (page_of.loaded, at_scenario(page_of.name));
    let scenario = &loaded.scenario;
    let inputs = Inputs::of(loaded);
    let body = html! {
        h1 { (scenario.title) }
        p.basis { "Scenario file: " code { (page_of.name) } ". "
            a href={ (at) "/text" } { "See and edit the text" } ", " a href={ (at) "/file" } download { "download it" } "." }
        @if !scenario.notes.is_empty() { p.basis { (scenario.notes) } }
        (alarm("Not asked yet", page_of.refused))
        @if !page_of.problems.is_empty() {
            div.alarm role="alert" {
                h2 { "With these numbers: " (counted(page_of.problems)) }
                (problems(page_of.problems))
            }
        }
        @if !page_of.warnings.is_empty() {
            details {
                summary { (counted(page_of.warnings)) }
                (problems(page_of.warnings))
            }
        }
        form.ask method="post" action=(at) {
            section aria-labelledby="staff-heading" {
                h2 #staff-heading { "Staff" }
                p.hint { "Change what you like; what is left as it is stays as the file has it. WTE are contracts, not the \
                          people present: leave, sickness, nights and weekends come off." }
                div.cards { @for role in &inputs.staff { (staff(page_of, role)) } }
            }
            @if !inputs.inputs.is_empty() {
                section aria-labelledby="inputs-heading" {
                    h2 #inputs-heading { "Other inputs" }
                    p.hint { "These are the numbers of which the file says how far they may be off. Sliders end where the file's \
                              range does; other numbers can be typed." }
                    details open[changed(page_of, &inputs.inputs)] {
                        summary { "Inputs with a range (" (inputs.inputs.len()) ")" }
                        fieldset.fields {
                            legend { "Inputs" }
                            @for (n, field) in inputs.inputs.iter().enumerate() { (number_field(page_of, field, &format!("i{n}"))) }
                        }
                    }
                    details open[!page_of.value(OTHER, "").is_empty()] {
                        summary { "Anything else of the file" }
                        p.field {
                            label for="other" { "One change a line: path = value" }
                            textarea #other name=(OTHER) rows="4" spellcheck="false" autocomplete="off" aria-describedby="other-hint" {
                                "\n" (page_of.value(OTHER, ""))
                            }
                            span.hint #other-hint { "As after --set on the command line, such as pathway.crisis.triage=\"5 min\"." }
                        }
                    }
                }
            }
            section aria-labelledby="ask-heading" {
                h2 #ask-heading { "What to ask" }
                (questions(page_of))
                (of_compare(page_of))
                (of_required(page_of, &inputs))
                (exactness(page_of))
                button.go type="submit" { "Ask" }
                p.hint { "It goes on when you close this page or the browser, and its results are kept in the folder. It ends when it \
                          is done, when you stop it, or when the program is ended." }
            }
        }
    };
    // What a screen reader says first of a page that came back.
    let back = !page_of.refused.is_empty() || !page_of.problems.is_empty();
    let title = if back {
        format!("Not asked yet: {}", scenario.title)
    } else {
        scenario.title.clone()
    };
    page(&title, &body)
}

fn changed(page_of: &Shown<'_>, fields: &[Field]) -> bool {
    let moved = |f: &Field| page_of.value(&f.name, &shown(f.now)) != shown(f.now);
    fields.iter().any(moved)
}

fn staff(page_of: &Shown<'_>, role: &RoleFields) -> Markup {
    let unit = role.fields.first().map_or("", |field| &field.unit);
    let sum: f64 = role.fields.iter().map(|field| field.now).sum();
    html! {
        fieldset.fields.card {
            legend { (role.role) " (" (unit) ")" }
            @for (n, field) in role.fields.iter().enumerate() {
                (number_field(page_of, field, &format!("s-{}-{n}", role.name)))
            }
            @if unit == crate::web::inputs::WTE {
                p.total data-total { "Over all hubs: " output { (digits::wte(sum)) } " " (unit) ", " (digits::wte(sum)) " in the file" }
            }
            @if !role.elsewhere.is_empty() {
                p.hint { "Not here: " (words::list(&role.elsewhere)) ", of which the file has a table by the hour. Edit the text." }
            }
        }
    }
}

/// A number with its label and unit; the script puts a slider beside it.
fn number_field(page_of: &Shown<'_>, field: &Field, id: &str) -> Markup {
    let id = id.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "-");
    let (low, high, step) = field.slider;
    let now = shown(field.now);
    html! {
        p.number {
            label for=(id) { (field.label) }
            span.entry {
                input id=(id) type="number" name=(field.name) value=(page_of.value(&field.name, &now)) step="any"
                    inputmode="decimal" autocomplete="off" data-file=(now) data-low=(shown(low)) data-high=(shown(high)) data-step=(shown(step))
                    aria-describedby={ (id) "-unit" };
                span.unit id={ (id) "-unit" } { @if !field.unit.is_empty() { (field.unit) ", " } (now) " in the file" }
            }
        }
    }
}

fn questions(page_of: &Shown<'_>) -> Markup {
    let chosen = page_of.value("ask", Verb::Run.name());
    let explained = simulations(&page_of.loaded.scenario);
    let hint = |verb: Verb| match verb {
        Verb::Run => "Simulates the service with these numbers.".to_owned(),
        Verb::Compare => "The file as it is against your changes, with the same people in both.".to_owned(),
        Verb::Required => {
            "The least staff that meets the levels you ask for, with a certificate. May take minutes.".to_owned()
        }
        Verb::Explain => format!(
            "The causes of every miss, and what it would change if each were taken away. As long as {explained} runs."
        ),
    };
    html! {
        fieldset.choice {
            legend { "Question" }
            @for verb in Verb::ALL {
                p.radio {
                    input type="radio" name="ask" id={ "ask-" (verb.name()) } value=(verb.name()) checked[chosen == verb.name()]
                        aria-describedby={ "ask-" (verb.name()) "-hint" };
                    label for={ "ask-" (verb.name()) } { (verb.question()) }
                    span.hint id={ "ask-" (verb.name()) "-hint" } { (hint(verb)) }
                }
            }
        }
    }
}

fn of_compare(page_of: &Shown<'_>) -> Markup {
    html! {
        @if !page_of.others.is_empty() {
            details.only data-ask=(Verb::Compare.name()) {
                summary { "To compare with other files" }
                fieldset.choice {
                    legend { "Options beside “" (CHANGED) "”" }
                    @for (n, (name, title)) in page_of.others.iter().enumerate() {
                        p.radio {
                            input type="checkbox" name="option" id={ "option-" (n) } value=(name) checked[page_of.is_chosen("option", name)];
                            label for={ "option-" (n) } { (title) @if title != name { " (" (name) ")" } }
                        }
                    }
                }
            }
        }
    }
}

fn of_required(page_of: &Shown<'_>, inputs: &Inputs) -> Markup {
    let scenario = &page_of.loaded.scenario;
    let question = scenario.required.as_ref();
    let at = match question.map(|q| q.at) {
        Some(Where::Overall) => "overall",
        _ => "every hub",
    };
    let at = page_of.value("at", at);
    let smallest = match question.map(|q| q.smallest) {
        Some(Smallest::YearlyCost) => "yearly cost",
        _ => "WTE",
    };
    let smallest = page_of.value("smallest", smallest);
    let confidence = question.map_or(scenario.experiment.confidence, |q| q.confidence);
    html! {
        details.only data-ask=(Verb::Required.name()) {
            summary { "For how many staff are needed" }
            @if let Some(question) = question {
                p.hint { "The file asks this already, and lets these be moved: "
                    (words::list(&question.free.iter().map(|dial| words::input(&dial.path)).collect::<Vec<_>>()))
                    ". What you say here stands over it." }
            }
            p.hint { "Replications are made where they are needed: of “How exact” only the seed counts here." }
            fieldset.choice {
                legend { "Staff that may be moved" }
                @for (n, dial) in dials(inputs).iter().enumerate() { (dial_fields(page_of, dial, n)) }
            }
            fieldset.fields {
                legend { "Levels to be met" }
                @for (n, (id, pathway, standard)) in words::standards(scenario).enumerate() {
                    @let asked = question.and_then(|q| q.standards.iter().find(|(own, _)| *own == id)).map(|(_, share)| *share);
                    @let level = asked.or(if question.is_some() { None } else { standard.target });
                    @let level = level.map_or_else(String::new, |share| shown(share.get() * 100.0));
                    p.number {
                        label for={ "level-" (n) } { (words::pathway(scenario, id)) " " (words::within_short(standard.within)) }
                        span.entry {
                            input id={ "level-" (n) } type="number" name={ "level:" (pathway.name) } step="any" min="0" max="100"
                                value=(page_of.value(&format!("level:{}", pathway.name), &level)) autocomplete="off" aria-describedby={ "level-" (n) "-unit" };
                            span.unit id={ "level-" (n) "-unit" } {
                                @if asked.is_some() { "%; empty: as the file has it" } @else { "%; empty: not asked for" }
                            }
                        }
                    }
                }
                p.field {
                    label for="at" { "Where" }
                    select #at name="at" {
                        option value="every hub" selected[at == "every hub"] { "At every hub" }
                        option value="overall" selected[at == "overall"] { "Over all hubs together" }
                    }
                }
                p.field {
                    label for="smallest" { "As small as possible" }
                    select #smallest name="smallest" {
                        option value="WTE" selected[smallest == "WTE"] { "Posts (WTE)" }
                        option value="yearly cost" selected[smallest == "yearly cost"] { "What they cost in a year" }
                    }
                }
                p.number {
                    label for="confidence" { "How sure the answer is to be" }
                    span.entry {
                        input #confidence type="number" name="confidence" step="any" min="50" max="99.9"
                            value=(page_of.value("confidence", &shown(confidence.get() * 100.0))) autocomplete="off" aria-describedby="confidence-unit";
                        span.unit #confidence-unit { "%" }
                    }
                }
                p.number {
                    label for="most" { "Most replications of one staffing" }
                    span.entry {
                        input #most type="number" name="most" step="1" min=(MOST.0) max=(MOST.1)
                            value=(page_of.value("most", &MOST.2.to_string())) autocomplete="off";
                    }
                }
            }
        }
    }
}

fn dial_fields(page_of: &Shown<'_>, dial: &Dial, n: usize) -> Markup {
    let name = |what: &str| format!("{what}:{}", dial.path);
    let ends = [
        ("from", "from", dial.from),
        ("to", "to", dial.to),
        ("step", "in steps of", dial.step),
    ];
    html! {
        div.dial {
            p.radio {
                input type="checkbox" id={ "free-" (n) } name=(name("free")) value="yes" checked[page_of.is_chosen(&name("free"), "yes")];
                label for={ "free-" (n) } { (dial.role) " at every hub (" (dial.unit) ")" }
            }
            p.ends {
                @for (what, word, usual) in ends {
                    label for={ (what) "-" (n) } { (word) }
                    input id={ (what) "-" (n) } type="number" name=(name(what)) step="any" min="0"
                        value=(page_of.value(&name(what), &shown(usual))) autocomplete="off"
                        aria-label={ (dial.role) ", " (word) };
                }
                span.tied {
                    input type="checkbox" id={ "tied-" (n) } name=(name("tied")) value="yes" checked[page_of.is_chosen(&name("tied"), "yes")]
                        aria-label={ (dial.role) ", the same everywhere" };
                    label for={ "tied-" (n) } { "the same everywhere" }
                }
            }
        }
    }
}

fn exactness(page_of: &Shown<'_>) -> Markup {
    let experiment = &page_of.loaded.scenario.experiment;
    let precision = experiment.precision.map_or_else(String::new, |p| shown(p.get()));
    html! {
        fieldset.fields {
            legend { "How exact" }
            p.number {
                label for="replications" { "Replications" }
                span.entry {
                    input #replications type="number" name="replications" step="1" min="2" max="100000"
                        value=(page_of.value("replications", &experiment.replications.to_string())) autocomplete="off" aria-describedby="replications-unit";
                    span.unit #replications-unit { "more are surer and take longer; with a precision, the most" }
                }
            }
            p.number {
                label for="precision" { "Until service levels are known to ±" }
                span.entry {
                    input #precision type="number" name="precision" step="any" min="0"
                        value=(page_of.value("precision", &precision)) autocomplete="off" aria-describedby="precision-unit";
                    span.unit #precision-unit {
                        @if experiment.precision.is_some() { "points; empty: as the file has it" } @else { "points; empty: all replications" }
                    }
                }
            }
            p.number {
                label for="seed" { "Seed" }
                span.entry {
                    input #seed type="number" name="seed" step="1" min="0"
                        value=(page_of.value("seed", &experiment.seed.to_string())) autocomplete="off" aria-describedby="seed-unit";
                    span.unit #seed-unit { "the same seed gives the same results" }
                }
            }
        }
    }
}
