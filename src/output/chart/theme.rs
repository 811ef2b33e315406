//! How figures look: colours, type, marks and scales.
//!
//! The palette is the Government Analysis Function's; each of its colours stands out from white by 3:1 or more. Words
//! are always in ink, never in a palette colour.

use plotters::coord::Shift;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingArea, IntoDrawingArea, SVGBackend};
pub(super) use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontFamily, FontStyle, IntoFont, ShapeStyle, TextStyle};

use crate::model::{PathwayId, Scenario};
use crate::output::chart::Figure;

/// Dark blue: what was found.
pub(super) const BLUE: RGBColor = RGBColor(0x12, 0x43, 0x6D);
/// Turquoise: what was reported for the service.
pub(super) const TURQUOISE: RGBColor = RGBColor(0x28, 0xA1, 0x97);
/// Dark pink: thresholds, and work against staff.
pub(super) const PINK: RGBColor = RGBColor(0x80, 0x16, 0x50);
/// Orange: targets.
pub(super) const ORANGE: RGBColor = RGBColor(0xF4, 0x6A, 0x25);
/// Words.
pub(super) const INK: RGBColor = RGBColor(0x0B, 0x0C, 0x0C);
/// Words of less weight; 6:1 on white.
pub(super) const MUTED: RGBColor = RGBColor(0x50, 0x5A, 0x5F);
/// Lines that help the eye.
pub(super) const FAINT: RGBColor = RGBColor(0xD0, 0xD3, 0xD6);
/// Areas of which nothing sure is known; 9:1 under words.
pub(super) const UNSURE: RGBColor = RGBColor(0xA9, 0xB1, 0xB6);
/// Lines behind the one that matters.
pub(super) const BACK: RGBColor = RGBColor(0x8A, 0x93, 0x99);
/// Behind marks that stand out from others.
pub(super) const WHITE: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
/// Usual variation, as Making Data Count has it; 2.4:1 on white, and so only within a dark edge.
pub(super) const COMMON: RGBColor = RGBColor(0xA6, 0xA6, 0xA6);
/// Improvement, as Making Data Count has it; 2.5:1 on white, and so only within a dark edge.
pub(super) const IMPROVEMENT: RGBColor = RGBColor(0x00, 0xB0, 0xF0);
/// Concern, as Making Data Count has it.
pub(super) const CONCERN: RGBColor = RGBColor(0xE4, 0x6C, 0x0A);
/// Areas.
pub(super) const TINT: RGBColor = RGBColor(0xC9, 0xD8, 0xE6);

/// Arial and typefaces exactly as wide, so that words take the room that they were given wherever one of them is installed. Where none
/// is, they are wider: every figure leaves room for `DejaVu` Sans (`fits`).
const TYPEFACES: &str = "Liberation Sans, Arimo, Arial, Helvetica, sans-serif";

/// Width of every figure.
pub(super) const WIDTH: u32 = 960;
/// Size of words and of titles, in pixels.
const WORDS: u32 = 14;
const TITLE: u32 = 17;
/// A title of more letters is set smaller, and one of more than the second number cut; the whole of it is in the SVG's own title.
const LONG_TITLE: (usize, usize) = (78, 94);
/// The backend divides sizes by this.
const BACKEND_SIZE: f64 = 1.24;

/// Where words stand against their point.
#[derive(Clone, Copy)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// Shapes of marks.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    Disc,
    Diamond,
    Triangle,
    /// A triangle that stands on its point.
    Down,
}

/// A figure being drawn. Writing into a string cannot fail, so drawing returns nothing.
pub(super) struct Canvas<'a>(DrawingArea<SVGBackend<'a>, Shift>);

impl Canvas<'_> {
    pub(super) fn words(&self, text: &str, at: (i32, i32), align: Align) {
        self.text(text, at, align, INK, WORDS, false);
    }

    pub(super) fn bold(&self, text: &str, at: (i32, i32), align: Align) {
        self.text(text, at, align, INK, WORDS, true);
    }

    /// Words on a dark fill.
    pub(super) fn light(&self, text: &str, at: (i32, i32), align: Align) {
        self.text(text, at, align, RGBColor(255, 255, 255), WORDS, true);
    }

    pub(super) fn muted(&self, text: &str, at: (i32, i32), align: Align) {
        self.text(text, at, align, MUTED, WORDS - 1, false);
    }

    fn text(&self, text: &str, at: (i32, i32), align: Align, colour: RGBColor, size: u32, bold: bool) {
        let h = match align {
            Align::Left => HPos::Left,
            Align::Centre => HPos::Center,
            Align::Right => HPos::Right,
        };
        let weight = if bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = (FontFamily::SansSerif, f64::from(size) * BACKEND_SIZE, weight).into_font();
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(h, VPos::Center));
        drop(self.0.draw(&Text::new(text.to_owned(), at, style)));
    }

    pub(super) fn line(&self, points: Vec<(i32, i32)>, colour: RGBColor, width: u32) {
        let style = ShapeStyle {
            color: colour.to_rgba(),
            filled: false,
            stroke_width: width,
        };
        drop(self.0.draw(&PathElement::new(points, style)));
    }

    /// A dashed line, level or upright.
    pub(super) fn dashed(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor, width: u32) {
        let (dx, dy) = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
        let length = (to.0 - from.0).abs().max((to.1 - from.1).abs());
        let mut at = 0;
        while at < length {
            let end = (at + 7).min(length);
            let point = |d: i32| (from.0 + dx * d, from.1 + dy * d);
            self.line(vec![point(at), point(end)], colour, width);
            at += 12;
        }
    }

    pub(super) fn area(&self, points: Vec<(i32, i32)>, colour: RGBColor) {
        drop(self.0.draw(&Polygon::new(points, colour.filled())));
    }

    pub(super) fn box_filled(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) {
        drop(self.0.draw(&Rectangle::new([from, to], colour.filled())));
    }

    pub(super) fn mark(&self, mark: Mark, (x, y): (i32, i32), size: i32, colour: RGBColor) {
        match mark {
            Mark::Disc => drop(self.0.draw(&Circle::new((x, y), size, colour.filled()))),
            Mark::Diamond => self.area(
                vec![
                    (x, y - size - 1),
                    (x + size + 1, y),
                    (x, y + size + 1),
                    (x - size - 1, y),
                ],
                colour,
            ),
            Mark::Triangle => self.area(vec![(x, y - size), (x + size, y + size), (x - size, y + size)], colour),
            Mark::Down => self.area(vec![(x, y + size), (x + size, y - size), (x - size, y - size)], colour),
        }
    }

    /// A mark with a dark edge, for fills that do not stand out from white by themselves.
    pub(super) fn edged(&self, mark: Mark, at: (i32, i32), size: i32, colour: RGBColor) {
        self.mark(mark, at, size + 2, INK);
        self.mark(mark, at, size, colour);
    }

    /// The white edge of a whisker that lies on fills as dark as itself; drawn before all whiskers of its row, or it cuts into them.
    pub(super) fn whisker_edge(&self, y: i32, low: i32, high: i32) {
        self.box_filled((low - 2, y - 3), (high + 2, y + 3), WHITE);
        if high - low >= 16 {
            for x in [low, high] {
                self.box_filled((x - 3, y - 7), (x + 3, y + 7), WHITE);
            }
        }
    }

    /// A mean with its interval.
    pub(super) fn whisker(&self, y: i32, low: i32, high: i32, colour: RGBColor) {
        self.line(vec![(low, y), (high, y)], colour, 2);
        // Caps that would hide behind the mark only spoil its shape.
        if high - low < 16 {
            return;
        }
        for x in [low, high] {
            self.line(vec![(x, y - 5), (x, y + 5)], colour, 2);
        }
    }
}

/// The most letters of a scenario's title below a figure.
const TITLE_BELOW: usize = 60;

/// What stands below every figure: out of its report it would be taken for what has happened, and nobody would know of which plan.
fn simulated(scenario: &str) -> String {
    format!(
        "Simulated: {}. Not what happened, unless marked so.",
        fit(scenario, TITLE_BELOW)
    )
}

/// Room for that \[pixels\].
const BELOW: u32 = 22;

/// Draws a figure of a given height under its title, and says below it of which scenario it is, and that it is simulated.
pub(super) fn figure(
    scenario: &str,
    name: String,
    title: String,
    description: String,
    height: u32,
    draw: impl FnOnce(&Canvas<'_>),
) -> Figure {
    let mut svg = String::new();
    let below = pixel(f64::from(height)) + 4;
    let height = height + BELOW;
    {
        let canvas = Canvas(SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area());
        canvas.box_filled(
            (0, 0),
            (pixel(f64::from(WIDTH)), pixel(f64::from(height))),
            RGBColor(255, 255, 255),
        );
        let size = if title.chars().count() > LONG_TITLE.0 {
            WORDS
        } else {
            TITLE
        };
        canvas.text(&fit(&title, LONG_TITLE.1), (12, 20), Align::Left, INK, size, true);
        draw(&canvas);
        canvas.words(&simulated(scenario), (12, below), Align::Left);
        drop(canvas.0.present());
    }
    let id: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    // Said once for all words of it. No words can be taken for an attribute, since quotes are escaped in them.
    let svg = svg.replace(" font-family=\"sans-serif\"", "");
    let head = format!("<svg role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" font-family=\"{TYPEFACES}\" ");
    let svg = svg.replacen("<svg ", &head, 1);
    #[cfg(test)]
    assert_eq!(super::fits::faults(&svg, WIDTH), "", "{name}");
    let words = format!(
        ">\n<title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n",
        escape(&title),
        escape(&description)
    );
    let svg = svg.replacen(">\n", &words, 1);
    Figure {
        name,
        title,
        description,
        svg,
    }
}

/// Text inside XML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A label of at most so many letters; the whole of it is in the description and the table.
pub(super) fn fit(label: &str, letters: usize) -> String {
    if label.chars().count() <= letters {
        return label.into();
    }
    let short: String = label.chars().take(letters - 1).collect();
    format!("{}…", short.trim_end())
}

/// A label in lines of at most so many letters, broken between words.
pub(super) fn lines(label: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in label.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.into()),
        }
    }
    lines
}

/// A name as part of a file name: letters, digits and hyphens.
pub(super) fn file_part(name: &str) -> String {
    let part: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    part.trim_matches('-').to_lowercase()
}

/// A pathway as part of a file name; names that differ only in signs get their place beside them.
pub(super) fn pathway_part(scenario: &Scenario, id: PathwayId) -> String {
    let own = file_part(&scenario.pathways[id.0].name);
    let shared = scenario.pathways.iter().filter(|p| file_part(&p.name) == own).count() > 1;
    if shared || own.is_empty() {
        format!("{own}_{}", id.0 + 1)
    } else {
        own
    }
}

/// From numbers to pixels, linearly.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) start: i32,
    pub(super) end: i32,
}

impl Scale {
    /// The pixel of a value; values outside stop at the ends.
    pub(super) fn at(&self, value: f64) -> i32 {
        let part = ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        pixel(f64::from(self.start) + part * f64::from(self.end - self.start))
    }
}

/// The nearest pixel.
pub(super) fn pixel(v: f64) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "casts saturate, and figures are a few thousand pixels"
    )]
    let p = v.round() as i32;
    p
}

/// A step of 1, 2 or 5 times a power of ten that divides a range into at most `most` parts.
pub(super) fn step(range: f64, most: f64) -> f64 {
    let mut unit = 1e-6;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if range / (unit * factor) <= most || unit > 1e12 {
                return unit * factor;
            }
        }
        unit *= 10.0;
    }
}

/// The multiples of a step from one value to another.
pub(super) fn ticks(from: f64, to: f64, step: f64) -> impl Iterator<Item = f64> {
    let first = (from / step - 1e-9).ceil();
    (0..)
        .map(move |i| (first + f64::from(i)) * step)
        .take_while(move |v| *v <= to + step * 1e-9)
}
