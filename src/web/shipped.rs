//! Scenarios that come with the program, to be copied into the folder.

use super::folder::{Folder, NotKept};
use crate::scenario::TEMPLATE;

/// A scenario that comes with the program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shipped {
    /// Its file.
    pub(super) name: &'static str,
    text: &'static str,
}

/// The scenario of the project's own service, on which all but the last are based.
const BASELINE: &str = "home-first-2020.toml";

/// A profile that the baseline names: folder, name, text.
const PROFILE: (&str, &str, &str) = (
    "profiles",
    "crisis_24x7.csv",
    include_str!("../../scenarios/profiles/crisis_24x7.csv"),
);

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        /// All of them, the baseline first, a small service to start from last.
        pub(super) const SHIPPED: &[Shipped] = &[
            $(Shipped { name: $name, text: include_str!(concat!("../../scenarios/", $name)) },)*
            Shipped { name: "my-service.toml", text: TEMPLATE },
        ];
    };
}

shipped![
    "home-first-2020.toml",
    "care-led-start.toml",
    "clock-all-roles.toml",
    "clock-first-contact.toml",
    "co-location-and-24.toml",
    "co-location.toml",
    "community-beds.toml",
    "day-and-night.toml",
    "demand-plus-10.toml",
    "eight-hubs.toml",
    "gate-on-the-package.toml",
    "joint-reserved.toml",
    "joint-together.toml",
    "one-hub-closed.toml",
    "plus-24-crisis-workers.toml",
    "plus-24-recruited.toml",
    "rutland-gp.toml",
    "snow.toml",
    "therapists-doubled.toml",
    "therapists-monday-to-friday.toml",
    "winter.toml",
];

impl Shipped {
    /// The one of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        SHIPPED.iter().copied().find(|shipped| shipped.name == name)
    }

    /// What it is called.
    pub(super) fn title(&self) -> &'static str {
        self.value("title").unwrap_or(self.name)
    }

    /// The scenario that it changes.
    fn base(&self) -> Option<Self> {
        self.value("base").and_then(Self::named)
    }

    /// What stands in quotes after a key at the beginning of a line.
    fn value(&self, key: &str) -> Option<&'static str> {
        let after = |line: &'static str| line.strip_prefix(key)?.trim_start().strip_prefix('=');
        let quoted = self.text.lines().find_map(after)?;
        quoted.split('"').nth(1)
    }

    /// Copies it, what it is based on, and what that names. What is there already as it is here may stay.
    pub(super) fn copy(&self, folder: &Folder) -> Result<(), NotKept> {
        if let Some(base) = self.base() {
            base.copy(folder)?;
        }
        if self.name == BASELINE {
            let (below, name, text) = PROFILE;
            unless_there(folder.keep_data(below, name, text.as_bytes()))?;
        }
        let there = folder
            .scenario(self.name)
            .and_then(|path| std::fs::read_to_string(path).ok());
        if there.is_some_and(|there| there.replace("\r\n", "\n") == self.text) {
            return Ok(());
        }
        folder.keep_scenario(self.name, self.text.as_bytes())
    }
}

/// A profile that is there already is the planner's.
fn unless_there(kept: Result<(), NotKept>) -> Result<(), NotKept> {
    match kept {
        Err(NotKept::Taken(_)) => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::SHIPPED;
    use crate::scenario;
    use crate::web::folder::Folder;

    #[test]
    fn every_scenario_that_comes_along_can_be_copied_and_read() {
        for shipped in SHIPPED {
            let home = tempfile::tempdir().unwrap();
            let folder = Folder::open(home.path()).unwrap();
            shipped.copy(&folder).unwrap();
            shipped.copy(&folder).unwrap();
            let read = scenario::read(&folder.scenario(shipped.name).unwrap());
            assert!(read.is_ok(), "{}", shipped.name);
            assert_eq!(read.unwrap().scenario.title, shipped.title());
        }
    }

    #[test]
    fn all_of_the_folder_come_along() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".toml") {
                assert!(super::Shipped::named(&name).is_some(), "{name} does not come along");
            }
        }
    }
}
