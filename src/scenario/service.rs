//! What of a scenario makes the simulated service: the same for every question that is asked of it.

use super::Loaded;

/// Tables and keys that say what is asked, what is known, or what it is called, and change nothing that is simulated.
const ASKED: [&str; 7] = [
    "title",
    "notes",
    "required",
    "trajectory",
    "observed",
    "unknown",
    "assumptions",
];
/// Keys of `[experiment]` that say when and how often the service is simulated; bank holidays are its own.
const SIMULATED: [&str; 7] = [
    "start",
    "warm-up",
    "run-length",
    "replications",
    "precision",
    "seed",
    "confidence",
];

impl Loaded {
    /// Its text without all that changes nothing in the simulated service: questions, reported figures, reasons, comments, and when
    /// and how often it is simulated. For comparing, not for reading.
    #[must_use]
    pub fn service_text(&self) -> String {
        let Ok(mut values) = self.text.trim_start_matches('\u{feff}').parse::<toml::Table>() else {
            return self.text.clone();
        };
        for key in ASKED {
            values.remove(key);
        }
        if let Some(experiment) = values.get_mut("experiment").and_then(toml::Value::as_table_mut) {
            for key in SIMULATED {
                experiment.remove(key);
            }
        }
        values.to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::scenario::{Loaded, TEMPLATE, read_text};

    fn of(text: &str) -> Loaded {
        read_text(Path::new("scenarios/service.toml"), text.to_owned()).unwrap()
    }

    /// What is asked of a service, and how often it is simulated, leaves it the same; any number of it does not.
    #[test]
    fn only_what_changes_the_simulated_service_counts() {
        let same = of(TEMPLATE).service_text();
        let asked = format!(
            "{TEMPLATE}\n# A question.\n[required]\nfree = [{{ path = \"hub.*.staff.crisis-worker\", from = 2, to = 9 }}]\n\
             standards = {{ crisis = 0.8 }}\n"
        );
        assert_eq!(of(&asked).service_text(), same);
        let mut again = of(TEMPLATE);
        again.repeat(Some(7), Some(8));
        assert_eq!(again.service_text(), same);
        let other = TEMPLATE.replacen("admin-share    = 0.08", "admin-share    = 0.5", 1);
        assert_ne!(other, TEMPLATE);
        assert_ne!(of(&other).service_text(), same);
    }
}
