//! Bytes of all kinds at every door: the reader of scenarios, merging and settings, the files of pieces. Nothing may panic, take
//! for ever, or say something else the second time. `fuzz/` feeds these from a fuzzer; here a few thousand inputs, always the
//! same, are made from the corpus that it found.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use homefirst::engine::World;
use homefirst::model::Scenario;
use homefirst::pieces::{Folder, Made, Pieces, Question, Unit};
use homefirst::scenario::{Loaded, read_text, read_with};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What separates the files of one input, a line of its own.
const NEXT: &str = "\n=====\n";

/// Looks at every part of what the reader says of a file that it refuses.
fn tell(problems: &homefirst::diagnostic::Diagnostics) {
    assert!(problems.iter().count() > 0, "refused without a reason");
    for problem in problems.iter() {
        assert!(!problem.message.is_empty() && !problem.code.is_empty());
        let _ = problem.line_column();
    }
}

/// A world that is read can be made: nothing that the engine needs is left to chance.
fn make(scenario: &Scenario) {
    let people: f64 = scenario
        .hubs
        .iter()
        .flat_map(|hub| &hub.referrals)
        .map(|rate| rate.get())
        .sum();
    assert!(people.is_finite() && people >= 0.0);
    let _ = World::new(scenario);
}

/// The text that results keep says the same as what it was made from.
fn says_the_same(loaded: &Loaded, again: &Loaded) {
    let but_the_name = |loaded: &Loaded| {
        let mut scenario = loaded.scenario.clone();
        scenario.name = String::new();
        for later in &mut scenario.later {
            later.scenario.name = String::new();
        }
        format!("{scenario:?}")
    };
    assert_eq!(but_the_name(loaded), but_the_name(again));
}

/// A file of these bytes.
pub(crate) fn reader(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match read_text(Path::new("fuzzed.toml"), text.to_owned()) {
        Ok(loaded) => {
            make(&loaded.scenario);
            let again = read_text(Path::new("fuzzed.toml"), loaded.text.clone());
            says_the_same(&loaded, &again.expect("what is kept can be read"));
        }
        Err(problems) => tell(&problems),
    }
}

/// A what-if on a base, and settings, a line each.
pub(crate) fn merging(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut parts = text.splitn(3, NEXT);
    let (Some(base), Some(what_if)) = (parts.next(), parts.next()) else {
        return;
    };
    let settings: Vec<String> = parts.next().unwrap_or_default().lines().map(str::to_owned).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("base.toml"), base).unwrap();
    fs::write(path("what-if.toml"), format!("base = \"base.toml\"\n{what_if}")).unwrap();
    match read_with(&path("what-if.toml"), &settings) {
        Ok(loaded) => {
            make(&loaded.scenario);
            fs::write(path("kept.toml"), &loaded.text).unwrap();
            let again = read_with(&path("kept.toml"), &[]).unwrap_or_else(|problems| {
                let list: Vec<_> = problems.iter().map(|d| (d.code, d.line_column(), &d.message)).collect();
                panic!("what is kept cannot be read: {list:?}\n{}", loaded.text)
            });
            says_the_same(&loaded, &again);
        }
        Err(problems) => tell(&problems),
    }
}

/// What a unit of work leaves, of every shape that postcard knows how to pack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    counts: Vec<u64>,
    name: String,
    sum: i64,
    some: Option<(u8, f64)>,
}

fn record(n: usize) -> Record {
    Record {
        counts: vec![n as u64, 0, u64::MAX],
        name: "hub".into(),
        sum: -5,
        some: n.is_multiple_of(2).then_some((7, 0.5)),
    }
}

fn question() -> Question {
    Question::new("0", "homefirst run fuzzed.toml".into(), "00".into(), 1, &[])
}

fn units(pieces: &Pieces) -> Vec<Unit> {
    let world = pieces.world(&read_text(Path::new("small.toml"), SMALL.into()).unwrap().scenario);
    (0..4)
        .map(|replication| Unit {
            world,
            island: 0,
            replication,
        })
        .collect()
}

const SMALL: &str = include_str!("../../../scenarios/theory/mm3.toml");

/// All units of a folder, made where they are not there.
fn take(folder: &Path) -> Result<Vec<Record>, String> {
    let folder = Folder::read(folder).map_err(|error| error.to_string())?;
    let pieces = Pieces::resume(&folder, &question()).map_err(|error| error.to_string())?;
    let (stop, nothing) = (AtomicBool::new(false), || {});
    let made = pieces.make(&units(&pieces), (&stop, &nothing), |n| (record(n), 0.0), |_, _| true)?;
    pieces.save().map_err(|error| error.to_string())?;
    let done = made.into_iter().filter_map(|made| match made {
        Made::Done(record, _) => Some(record),
        Made::Left | Made::Stopped => None,
    });
    Ok(done.collect())
}

/// The file that a run of four units leaves, without its checksum.
pub(crate) fn a_piece() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    take(folder.path()).unwrap();
    let file = fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(file).unwrap();
    bytes.truncate(bytes.len() - 32);
    bytes
}

/// A file of these bytes among the pieces: as they are, and with the checksum that belongs to them. What is not as it should be is
/// refused, and a second look finds what the first left.
pub(crate) fn pieces(bytes: &[u8]) {
    let sum = Sha256::digest(bytes);
    for file in [bytes.to_vec(), [bytes, sum.as_slice()].concat()] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("round-1-piece-1-of-1.piece"), file).unwrap();
        if let Ok(first) = take(folder.path()) {
            assert_eq!(first.len(), 4);
            assert_eq!(
                take(folder.path()).as_ref(),
                Ok(&first),
                "a second look finds something else"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use rand_xoshiro::SplitMix64;
    use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

    use super::{a_piece, merging, pieces, reader};

    /// The files of a corpus by name, and those besides.
    fn corpus(name: &str, more: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let mut files: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        let read = files.iter().map(|file| fs::read(file).unwrap());
        read.chain(more).collect()
    }

    /// Every input as it is, then so many others made from them: bytes changed, cut out, doubled, or put in from another input.
    fn feed(inputs: &[Vec<u8>], others: u64, door: fn(&[u8])) {
        inputs.iter().for_each(|input| door(input));
        let mut random = SplitMix64::seed_from_u64(1);
        let mut next = |below: usize| usize::try_from(random.next_u64() % below.max(1) as u64).unwrap();
        for _ in 0..others {
            let mut input = inputs[next(inputs.len())].clone();
            for _ in 0..=next(4) {
                let (at, len) = (next(input.len()), next(24));
                let end = (at + len).min(input.len());
                match next(4) {
                    0 if at < input.len() => input[at] = u8::try_from(next(256)).unwrap(),
                    1 => drop(input.drain(at.min(end)..end)),
                    2 => {
                        let twice = input[at.min(end)..end].to_vec();
                        input.splice(end..end, twice);
                    }
                    _ => {
                        let other = &inputs[next(inputs.len())];
                        let from = next(other.len());
                        let taken = other[from..(from + len).min(other.len())].to_vec();
                        input.splice(at.min(input.len())..at.min(input.len()), taken);
                    }
                }
            }
            door(&input);
        }
    }

    #[test]
    fn the_reader_takes_any_bytes() {
        let whole =
            fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/mm4-neighbours.toml")).unwrap();
        feed(&corpus("reader", vec![whole]), 3000, reader);
    }

    #[test]
    fn merging_takes_any_bytes() {
        feed(&corpus("merging", Vec::new()), 2000, merging);
    }

    #[test]
    fn a_folder_of_pieces_takes_any_bytes() {
        feed(&corpus("pieces", vec![a_piece()]), 1000, pieces);
    }
}
