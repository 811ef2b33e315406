//! The codes of everything that can be wrong with a scenario file. Once published, a code keeps its meaning.

macro_rules! codes {
    ($($name:ident = $code:literal, $meaning:literal;)*) => {
        $(#[doc = $meaning] pub(crate) const $name: &str = $code;)*

        /// Every code with its meaning in one line, in order: below `HF100` errors, from there on warnings.
        pub const CODES: &[(&str, &str)] = &[$(($code, $meaning),)*];
    };
}

codes! {
    UNREADABLE = "HF001", "The scenario file cannot be opened or read.";
    TOO_LARGE = "HF002", "A file is larger than the reader accepts.";
    NOT_TEXT = "HF003", "A file is not text in UTF-8.";
    EMPTY = "HF004", "The scenario file says nothing.";
    SYNTAX = "HF005", "The text breaks the rules of TOML.";
    FORMAT = "HF006", "The format number is missing or is one that this version does not read.";
    UNKNOWN_KEY = "HF007", "A key is not one that the format has at this place.";
    MISSING_KEY = "HF008", "A key that is needed is not there.";
    WRONG_TYPE = "HF009", "A value is of another kind: text for a number, a number for a list.";
    UNIT = "HF010", "A value lacks its unit, has a unit that does not fit, or cannot be read.";
    RANGE = "HF011", "A value lies outside its allowed range.";
    WORD = "HF012", "A word is not one of those allowed here.";
    TOO_MANY = "HF014", "There are more entries than the limit allows.";
    CHOICE = "HF015", "Exactly one of several keys is needed, and there are none or several.";
    SUM = "HF016", "Shares that must add up to 1 do not.";
    REFERENCE = "HF017", "A name that is referred to is not defined.";
    TWICE = "HF018", "A name is used twice.";
    NAME = "HF019", "A name is empty or holds what names must not hold.";
    NOTHING = "HF020", "A list or table needs at least one entry.";
    LENGTH = "HF021", "A list has the wrong number of entries.";
    SHIFT = "HF022", "A shift has no length, or its break is as long as the shift.";
    OVERLAP = "HF023", "Two stretches of the day overlap.";
    NO_STAFF = "HF024", "A role is needed but never on shift at any hub.";
    NO_SHIFTS = "HF025", "Staff are given in WTE, but their role has no shifts to deal them over.";
    DISTRIBUTION = "HF026", "The parameters make no distribution.";
    FILE_PATH = "HF027", "The path of a data file leaves the scenario's folder or is not portable.";
    FILE_READ = "HF028", "A data file cannot be read.";
    CSV = "HF029", "A data file has the wrong layout or a cell that cannot be read.";
    PATH = "HF030", "A path names nothing in this file.";
    NO_DEMAND = "HF031", "No hub receives any referral.";
    CLASH = "HF032", "Two settings exclude each other.";
    NOBODY_AT_HUB = "HF101", "A role that work at a hub needs is never on shift there.";
    UNUSED = "HF102", "Something is defined but never used.";
    DEADLINE = "HF103", "A deadline lies before the measured time, or after it.";
    WARM_UP = "HF104", "The warm-up is shorter than the longest package and two weeks.";
    CASELOAD = "HF105", "A caseload at the start stands before a warm-up longer than it needs.";
    PRICE_RANGE = "HF106", "The range of a price is not in its unit, or leaves the price out.";
    SET_AND_DATED = "HF107", "A change on a date takes the place of what is set on the command line.";
    SET_OVER_CHANGE = "HF108", "What is set on the command line undoes a change of the file.";
    SET_OVER_SPREAD = "HF109", "What is set on the command line is always the same, where the file has a distribution.";
}
