//! Beds, allotted once more from what was seen to happen.

use std::collections::{BTreeMap, BTreeSet};

use homefirst::engine::{BedRecord, HubRecord};
use homefirst::model::Scenario;

use super::referrals::followed;
use super::{Ran, Verdict, ensure_eq};

/// Somebody's wait: number, pathway, from and to \[ms\], whether it counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait {
    pub(crate) number: u64,
    pub(crate) pathway: usize,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) counted: bool,
}

/// What the books of a hub say of beds, by pathway and by kind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BedBooks {
    in_beds: Vec<Vec<i64>>,
    outside: Vec<i64>,
    in_vain: Vec<u64>,
    kinds: Vec<BedRecord>,
}

impl BedBooks {
    pub(crate) fn of(record: &HubRecord) -> Self {
        Self {
            in_beds: record.pathways.iter().map(|p| p.bed_ms.clone()).collect(),
            outside: record.pathways.iter().map(|p| p.outside_ms).collect(),
            in_vain: record.pathways.iter().map(|p| p.found_no_bed).collect(),
            kinds: record.beds.clone(),
        }
    }

    /// Worked out instant by instant over everybody who waits, with nothing kept from one instant to the next but who is
    /// where: whoever waits is in the first kind of their pathway that was free, or outside until one came free, longest
    /// wait first.
    pub(crate) fn allot(s: &Scenario, hub: usize, waits: &[Wait]) -> Self {
        let window = s.experiment.run_length.ms();
        let first = -s.experiment.warm_up.ms();
        let places = &s.hubs[hub].beds;
        let has_bed = |w: &&Wait| !s.pathways[w.pathway].waits_in.is_empty();
        let mut waits: Vec<Wait> = waits.iter().filter(has_bed).copied().collect();
        waits.iter_mut().for_each(|w| w.from = w.from.max(first));
        waits.sort_by_key(|w| (w.from, w.number));
        let ends = waits.iter().flat_map(|w| [w.from, w.to]);
        let instants: BTreeSet<i64> = ends.chain([first, window]).collect();
        let mut bed_of: BTreeMap<u64, usize> = BTreeMap::new();
        let mut made = Self {
            in_beds: vec![vec![0; s.beds.len()]; s.pathways.len()],
            outside: vec![0; s.pathways.len()],
            in_vain: vec![0; s.pathways.len()],
            kinds: vec![BedRecord::default(); s.beds.len()],
        };
        let taken = |bed_of: &BTreeMap<u64, usize>, kind: usize| bed_of.values().filter(|bed| **bed == kind).count();
        let mut last = first;
        for now in instants {
            let inside = (now.min(window) - last.max(0)).max(0);
            for (kind, limit) in places.iter().enumerate() {
                let taken = taken(&bed_of, kind);
                made.kinds[kind].occupied_ms += inside * i64::try_from(taken).unwrap();
                made.kinds[kind].full_ms += if limit.is_some_and(|n| taken >= n as usize) {
                    inside
                } else {
                    0
                };
            }
            for w in waits.iter().filter(|w| w.counted && w.from <= last && now <= w.to) {
                match bed_of.get(&w.number) {
                    Some(kind) => made.in_beds[w.pathway][*kind] += now - last,
                    None => made.outside[w.pathway] += now - last,
                }
            }
            for w in waits.iter().filter(|w| w.to == now) {
                bed_of.remove(&w.number);
            }
            for w in waits.iter().filter(|w| w.from <= now && now < w.to) {
                if bed_of.contains_key(&w.number) {
                    continue;
                }
                let free = |kind: &usize| places[*kind].is_none_or(|limit| taken(&bed_of, *kind) < limit as usize);
                match s.pathways[w.pathway].waits_in.iter().map(|bed| bed.0).find(free) {
                    Some(kind) => drop(bed_of.insert(w.number, kind)),
                    None => made.in_vain[w.pathway] += u64::from(w.from == now && w.counted),
                }
            }
            last = now;
        }
        made
    }
}

/// Beds are taken in the order of the file and of waiting.
pub(super) fn beds_are_taken_in_order(ran: &Ran<'_>) -> Verdict {
    let all = followed(ran)?;
    let wait = |(n, r): (&u64, &super::referrals::Followed)| Wait {
        number: *n,
        pathway: r.pathway,
        from: r.clock.ms(),
        to: r.ends[0].0.ms(),
        counted: ran.inside(r.clock),
    };
    let waits: Vec<Wait> = all.iter().map(wait).collect();
    ensure_eq!(
        BedBooks::of(&ran.record),
        BedBooks::allot(ran.s, ran.hub, &waits),
        "beds"
    );
    Ok(())
}
