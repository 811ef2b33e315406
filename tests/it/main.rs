//! Tests of the whole, one file a subject.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed, and may say why"
)]
#![cfg_attr(
    not(feature = "cli"),
    allow(
        dead_code,
        unused_imports,
        reason = "what helps to test the command is left over without it"
    )
)]

#[cfg(feature = "cli")]
mod allocate;
#[cfg(feature = "cli")]
mod bad_files;
mod baseline;
#[cfg(feature = "cli")]
#[path = "../../build.rs"]
#[expect(dead_code, reason = "what cargo calls")]
mod build;
mod calibrate;
#[cfg(feature = "cli")]
mod certificates;
#[cfg(feature = "cli")]
mod charts;
#[cfg(feature = "cli")]
mod command;
#[cfg(feature = "cli")]
mod compare;
#[cfg(feature = "cli")]
mod confirmed;
#[cfg(feature = "cli")]
mod enumerated;
#[cfg(feature = "cli")]
mod equity;
mod explain;
#[cfg(feature = "cli")]
mod faults;
#[cfg(feature = "cli")]
#[path = "../../src/output/chart/fits.rs"]
mod fits;
mod floors;
mod fuzzed;
#[cfg(feature = "cli")]
mod glossary;
mod good_files;
#[cfg(feature = "cli")]
mod guides;
mod laws;
mod library;
mod limits;
mod merging;
#[cfg(feature = "cli")]
mod misread;
mod money;
mod mutations;
#[cfg(feature = "cli")]
mod new_files;
mod over_time;
mod paths;
mod people;
#[cfg(feature = "cli")]
mod pieces;
mod plain;
#[cfg(feature = "cli")]
mod pooling;
#[cfg(feature = "cli")]
mod precision;
#[cfg(feature = "cli")]
mod published;
mod queues;
#[cfg(feature = "cli")]
mod required;
#[cfg(feature = "cli")]
mod required_overall;
mod rules;
mod schema;
#[cfg(feature = "cli")]
mod sensitivity;
mod simultaneous;
#[cfg(feature = "cli")]
mod sliders;
mod support;
#[cfg(feature = "cli")]
mod tied;
#[cfg(feature = "cli")]
mod trace;
#[cfg(feature = "cli")]
mod trajectory;
#[cfg(feature = "cli")]
mod uncertain;
#[cfg(feature = "cli")]
mod uncertain_allocate;
#[cfg(feature = "cli")]
mod uncertain_causes;
#[cfg(feature = "cli")]
mod uncertain_months;
#[cfg(feature = "cli")]
mod uncertain_pooling;
#[cfg(feature = "cli")]
mod uncertain_required;
#[cfg(feature = "cli")]
mod warm_up;
mod what_ifs;
#[cfg(feature = "cli")]
mod workbook;
mod worlds;
