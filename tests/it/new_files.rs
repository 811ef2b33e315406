//! `homefirst new`: what it writes can be checked and run, and nothing is written over.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn homefirst(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_homefirst"))
        .current_dir(folder)
        .args(words)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_template_is_sound_without_a_warning_and_runs() {
    let home = tempfile::tempdir().unwrap();
    let (code, out, err) = homefirst(home.path(), &["new"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(
        out,
        "Written: my-service.toml\nCheck it with: homefirst check my-service.toml\n"
    );
    let (code, out, err) = homefirst(home.path(), &["check", "my-service.toml"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("Offered load is at most 85 %"), "{out}");
    let (code, out, err) = homefirst(home.path(), &["run", "my-service.toml", "--replications", "4"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(!out.contains("Overload"), "{out}");
    // Every number of the service that is not the experiment's is said to be made up.
    let text = fs::read_to_string(home.path().join("my-service.toml")).unwrap();
    assert!(text.contains("EVERY NUMBER HERE IS AN ASSUMPTION"));
    assert!(!text.contains("kind = \"source\"") || text.contains("# kind: \"source\""));
}

#[test]
fn a_what_if_of_five_lines_lies_beside_its_base() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("services");
    fs::create_dir(&folder).unwrap();
    assert_eq!(homefirst(home.path(), &["new", "services/a.toml"]).0, Some(0));
    let (code, _, err) = homefirst(home.path(), &["new", "--base", "services/a.toml"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(fs::read_to_string(folder.join("what-if.toml")).unwrap(), @r#"
    base  = "a.toml"   # everything else is as there
    title = "What if: one more crisis-worker at North"

    [[hub]]
    name  = "North"
    staff = { crisis-worker = 6 }   # WTE; 5 in the base
    "#);
    let (code, out, err) = homefirst(home.path(), &["check", "services/what-if.toml"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(
        out.contains("What it changes in a.toml:\n- hub.North.staff.crisis-worker: 6, was 5\n"),
        "{out}"
    );
    // From within the folder too, under a name of one's own.
    let (code, _, err) = homefirst(&folder, &["new", "./mine.toml", "--base", "a.toml"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let (code, out, err) = homefirst(home.path(), &["new", "mine.toml", "--base", "services/a.toml"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert_eq!(
        err,
        "error: a what-if lies in the folder of its base: services/mine.toml would do\n"
    );
    assert!(!home.path().join("mine.toml").exists());
}

#[test]
fn nothing_is_written_over_and_a_base_must_be_sound() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("mine.toml"), "years of work").unwrap();
    let (code, out, err) = homefirst(home.path(), &["new", "mine.toml"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert_eq!(err, "error: mine.toml is there already; choose another name\n");
    let (code, _, err) = homefirst(home.path(), &["new", "--base", "mine.toml"]);
    assert_eq!(code, Some(3));
    assert!(err.contains("HF005"), "{err}");
    let (code, _, err) = homefirst(home.path(), &["new", "--base", "none.toml"]);
    assert_eq!(code, Some(3));
    assert!(err.contains("HF001"), "{err}");
    let (code, _, err) = homefirst(home.path(), &["new", "no/such/folder.toml"]);
    assert_eq!(code, Some(2));
    assert!(err.starts_with("error: cannot write no/such/folder.toml: "), "{err}");
    assert_eq!(
        fs::read_to_string(home.path().join("mine.toml")).unwrap(),
        "years of work"
    );
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}
