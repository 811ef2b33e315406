//! Figures as pictures of dots, for slides and documents that take no SVG.
//!
//! They are drawn from the SVG with a typeface that the program carries (Liberation Sans, as wide as Arial), so that they look the same on
//! every machine, whatever is installed there.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};

/// Dots by pixel of the SVG: 1,920 across, as a slide has.
const SCALE: f32 = 2.0;
const TYPEFACE: &str = "Liberation Sans";

fn typefaces() -> &'static Arc<fontdb::Database> {
    static TYPEFACES: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    TYPEFACES.get_or_init(|| {
        let mut all = fontdb::Database::new();
        all.load_font_data(include_bytes!("../../assets/fonts/LiberationSans-Regular.ttf").to_vec());
        all.load_font_data(include_bytes!("../../assets/fonts/LiberationSans-Bold.ttf").to_vec());
        all.set_sans_serif_family(TYPEFACE);
        Arc::new(all)
    })
}

/// A figure as a PNG file of 1,920 dots across; `None` if it is no SVG that can be drawn.
#[must_use]
pub fn png(svg: &str) -> Option<Vec<u8>> {
    let options = usvg::Options {
        font_family: TYPEFACE.into(),
        fontdb: Arc::clone(typefaces()),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(svg, &options).ok()?;
    let size = tree.size().to_int_size().scale_by(SCALE)?;
    let mut dots = Pixmap::new(size.width(), size.height())?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut dots.as_mut());
    dots.encode_png().ok()
}

#[cfg(test)]
mod tests {
    use resvg::tiny_skia::Pixmap;

    use super::png;
    use crate::output::{chart, sample};

    fn dots(svg: &str) -> Pixmap {
        Pixmap::decode_png(&png(svg).unwrap()).unwrap()
    }

    /// How many dots are not white.
    fn drawn(picture: &Pixmap) -> usize {
        let white = |dot: &&[u8]| dot[..] == [255; 4];
        picture.data().len() / 4 - picture.data().chunks(4).filter(white).count()
    }

    #[test]
    fn figures_become_pictures_of_the_width_of_a_slide() {
        for figure in chart::all(&sample::scenario(), &sample::answer()) {
            let picture = dots(&figure.svg);
            assert_eq!(picture.width(), 1920, "{}", figure.name);
            assert!(drawn(&picture) > 2000, "{}", figure.name);
            assert_eq!(png(&figure.svg), png(&figure.svg));
        }
    }

    /// Words are drawn, in both weights, whatever typefaces the machine has; signs that figures use are no empty boxes, which would
    /// all have the same dots.
    #[test]
    fn words_are_drawn_with_the_typeface_that_the_program_carries() {
        let words = |text: &str, weight: &str| {
            let head = r##"<svg width="960" height="40" viewBox="0 0 960 40" xmlns="http://www.w3.org/2000/svg"><rect width="960" height="40" fill="#FFFFFF"/>"##;
            let text = format!(
                r#"<text x="10" y="30" font-family="sans-serif" font-size="20" font-weight="{weight}">{text}</text></svg>"#
            );
            dots(&format!("{head}{text}"))
        };
        let [normal, bold] = ["normal", "bold"].map(|weight| drawn(&words("Seen in time", weight)));
        assert!(normal > 300 && bold > normal + normal / 10, "{normal} {bold}");
        let missing = words("\u{E123}", "normal");
        for sign in ["±", "–", "…", "£", "≥", "%", "é", "≤", "×"] {
            let picture = words(sign, "normal");
            assert!(
                drawn(&picture) > 0 && picture.data() != missing.data(),
                "{sign}: {}",
                drawn(&picture)
            );
        }
    }

    #[test]
    fn what_is_no_figure_makes_no_picture() {
        assert_eq!(png("<p>no figure</p>"), None);
        assert_eq!(png(""), None);
    }
}
