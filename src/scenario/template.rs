//! Files to start from: a small service with a comment on every line, and a what-if of five lines.

use toml_edit::{Key, Value};

use crate::model::{Scenario, Staffing};

/// A small service that runs as it is; all its numbers are assumptions.
pub const TEMPLATE: &str = include_str!("template.toml");

/// A what-if on this base, which lies beside it under this name: one more WTE where the first hub has any.
#[must_use]
pub fn what_if(base_file: &str, base: &Scenario) -> String {
    let text = |text: &str| Value::from(text).to_string();
    let hub_and_role = base.hubs.iter().find_map(|hub| {
        let given = hub.staff.iter().zip(&base.roles);
        let mut wte = given.filter_map(|(staff, role)| match staff {
            Staffing::Wte(wte) if wte.get() > 0.0 => Some((wte.get(), role)),
            _ => None,
        });
        wte.next().map(|(wte, role)| (hub, role, wte))
    });
    let base_file = text(base_file);
    let Some((hub, role, wte)) = hub_and_role else {
        let seed = base.experiment.seed;
        let another = seed.wrapping_add(1);
        return format!(
            "base  = {base_file}\ntitle = \"What if: another chance\"\n\n[experiment]\nseed = {another}   # {seed} in the base\n"
        );
    };
    let title = text(&format!("What if: one more {} at {}", role.name, hub.name));
    let (name, role) = (text(&hub.name), Key::new(role.name.as_str()).to_string());
    format!(
        "base  = {base_file}   # everything else is as there\n\
         title = {title}\n\n\
         [[hub]]\n\
         name  = {name}\n\
         staff = {{ {role} = {} }}   # WTE; {wte} in the base\n",
        wte + 1.0
    )
}

#[cfg(test)]
mod tests {
    use super::{TEMPLATE, what_if};
    use crate::scenario::read_text;

    #[test]
    fn the_what_if_changes_one_number_of_any_base() {
        let named = TEMPLATE
            .replace("\"North\"", "'North \\ East'")
            .replace("crisis-worker", "care worker")
            .replace("role.care worker", "role.\"care worker\"")
            .replace("{ care worker =", "{ \"care worker\" =");
        for base in [TEMPLATE.to_string(), named] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("a base.toml"), &base).unwrap();
            let read = |text: String| read_text(&folder.path().join("x.toml"), text).unwrap();
            let text = what_if("a base.toml", &read(base).scenario);
            let changes = read(text).changes;
            assert_eq!(changes.len(), 1, "{changes:?}");
            assert_eq!(
                (changes[0].before.as_deref(), changes[0].after.as_deref()),
                (Some("5"), Some("6"))
            );
        }
    }

    /// Every example in a comment can be used by taking its `#` away.
    #[test]
    fn what_stands_in_comments_is_sound_too() {
        let (before, rest) = TEMPLATE.split_once("what stands at the start\n").expect("the examples");
        let (examples, after) = rest.split_once("\n\n# ------").expect("what follows them");
        let blocks: Vec<&str> = examples.split("\n\n").collect();
        assert_eq!(blocks.len(), 6);
        for block in blocks {
            let used: String = block
                .lines()
                .map(|line| format!("{}\n", line.trim_start_matches("# ")))
                .collect();
            let text = format!("{before}what stands at the start\n{used}\n# ------{after}");
            let read = read_text(std::path::Path::new("t.toml"), text);
            assert!(read.is_ok(), "{used}: {read:?}");
        }
    }
}
