//! Whether the words of a figure have room, in a typeface wider than ours: what is not installed where a figure is looked at is
//! replaced there, often by `DejaVu` Sans, the widest of the common ones. Every figure that a test draws is looked at.

use std::fmt::Write as _;

/// Widths of the printable ASCII signs of `DejaVu` Sans 2.37, in thousandths of the type size.
#[rustfmt::skip]
const REGULAR: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
    636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
    1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
    500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
    635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];
/// The same of `DejaVu` Sans Bold.
#[rustfmt::skip]
const BOLD: [u16; 95] = [
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365,
    696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580,
    1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995, 837, 850,
    733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500,
    500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687,
    716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838,
];
/// Any other sign: ± in either.
const OTHER: u16 = 838;
/// Half of the height of letters above and below their middle, by type size.
const HALF: f64 = 0.36;
/// Pixels that may lie on each other: typefaces have as much white on either side of a sign.
const SLACK: f64 = 1.0;

struct Words<'a> {
    text: &'a str,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

fn width(text: &str, bold: bool, size: f64) -> f64 {
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    let of = |sign: char| {
        let place = (sign as usize).checked_sub(32);
        let table = if bold { &BOLD } else { &REGULAR };
        f64::from(place.and_then(|place| table.get(place)).copied().unwrap_or(OTHER))
    };
    text.chars().map(of).sum::<f64>() * size / 1000.0
}

fn words(svg: &str) -> impl Iterator<Item = Words<'_>> {
    svg.split("<text ").skip(1).filter_map(|element| {
        let (head, rest) = element.split_once('>')?;
        let text = rest.split_once("</text>")?.0.trim();
        let value = |name: &str| {
            head.split_once(&format!("{name}=\""))?
                .1
                .split_once('"')
                .map(|found| found.0)
        };
        let number = |name: &str| value(name)?.parse::<f64>().ok();
        let (x, y, size) = (
            number(" x").or_else(|| number("x"))?,
            number("y")?,
            number("font-size")?,
        );
        let width = width(text, value("font-weight") == Some("bold"), size);
        let left = match value("text-anchor")? {
            "middle" => x - width / 2.0,
            "end" => x - width,
            _ => x,
        };
        let (right, top, bottom) = (left + width, y - HALF * size, y + HALF * size);
        Some(Words {
            text,
            left,
            right,
            top,
            bottom,
        })
    })
}

/// What is cut off or lies on other words; empty where all have room.
pub(super) fn faults(svg: &str, wide: u32) -> String {
    let mut out = String::new();
    let all: Vec<Words<'_>> = words(svg).collect();
    for (n, one) in all.iter().enumerate() {
        if one.left < -SLACK || one.right > f64::from(wide) + SLACK {
            let _ = writeln!(out, "cut off, {:.0} to {:.0}: {}", one.left, one.right, one.text);
        }
        for other in &all[..n] {
            let across = one.right.min(other.right) - one.left.max(other.left);
            let down = one.bottom.min(other.bottom) - one.top.max(other.top);
            if across > SLACK && down > SLACK {
                let _ = writeln!(out, "{across:.0} pixels on each other: {} | {}", other.text, one.text);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::faults;

    fn text(x: u32, y: u32, anchor: &str, words: &str) -> String {
        format!("<text x=\"{x}\" y=\"{y}\" dy=\"0.5ex\" text-anchor=\"{anchor}\" font-size=\"14\">\n{words}\n</text>")
    }

    #[test]
    fn words_that_are_cut_off_or_lie_on_others_are_found() {
        let apart =
            text(12, 20, "start", "Crisis") + &text(12, 40, "start", "Reablement") + &text(948, 20, "end", "points");
        assert_eq!(faults(&apart, 960), "");
        let long = "The scenario's own staffing lies outside this grid.";
        assert!(faults(&text(620, 20, "start", long), 960).contains("cut off"));
        assert!(faults(&text(12, 20, "end", "Crisis"), 960).contains("cut off"));
        let two = text(12, 20, "start", long) + &text(324, 20, "start", long);
        assert!(faults(&two, 960).contains("on each other"), "{}", faults(&two, 960));
    }
}
