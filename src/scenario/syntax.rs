//! What breaks the rules of the text itself - a quote, comma or bracket that is missing - in the words of a planner.
//!
//! The parser says what it met and what it expected. Here its message becomes what a planner has to do; and since one
//! bracket or quote left open makes nonsense of everything after it, that is looked for first and told alone.

use std::ops::Range;

use super::codes;
use super::problems::Problems;
use crate::units::{Per, PerDay, Points, Pounds, Span};

/// The most places that are shown.
const MOST_SYNTAX: usize = 3;

/// Quotes that word processors put in the place of straight ones.
const CURLY: [char; 7] = ['“', '”', '„', '‘', '’', '«', '»'];

/// One fault: what, what to do, where.
struct Fault {
    message: String,
    help: Option<String>,
    range: Range<usize>,
    /// What it clashes with, and what that is.
    beside: Option<(Range<usize>, &'static str)>,
    /// Whether what the parser says of the text after it means nothing.
    last: bool,
}

impl Fault {
    fn new(range: &Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        let help = help.into();
        Self {
            message: message.into(),
            help: (!help.is_empty()).then_some(help),
            range: range.clone(),
            beside: None,
            last: false,
        }
    }

    /// At one point of the text.
    fn at(self, place: usize) -> Self {
        Self {
            range: place..place,
            ..self
        }
    }
}

/// Reports what the parser could not read of a text whose places begin there: one fault a line, the first few.
pub(super) fn report(errors: &[toml::de::Error], text: &str, begins: usize, problems: &mut Problems) {
    let mut errors: Vec<(Range<usize>, &str)> =
        errors.iter().map(|e| (e.span().unwrap_or(0..0), e.message())).collect();
    errors.sort_by_key(|(range, _)| range.start);
    let mut faults: Vec<Fault> = Vec::new();
    let mut more = false;
    if let Some(other) = another_kind(text) {
        faults.push(other);
    } else {
        let open = left_open(text);
        let mut line_end = 0;
        for (range, message) in &errors {
            if !faults.is_empty() && range.start <= line_end {
                continue;
            }
            let inside = open
                .as_ref()
                .and_then(|o| o.beside.as_ref())
                .is_some_and(|(opener, _)| opener.start < range.start);
            if inside && !message.contains("recurs") {
                break;
            }
            if faults.len() == MOST_SYNTAX {
                more = true;
                break;
            }
            line_end = text[range.start.min(text.len())..]
                .find('\n')
                .map_or(text.len(), |at| range.start + at);
            let fault = explain(text, range, message);
            let last = fault.last;
            faults.push(fault);
            if last {
                break;
            }
        }
        if faults.len() < MOST_SYNTAX && !faults.iter().any(|f| f.last) {
            faults.extend(open);
        }
    }
    let count = faults.len();
    let moved = |range: &Range<usize>| begins + range.start..begins + range.end;
    for (i, fault) in faults.into_iter().enumerate() {
        let mut added = problems.error(codes::SYNTAX, &moved(&fault.range), fault.message, "");
        if let Some((range, what)) = &fault.beside {
            added = added.beside(&moved(range), *what);
        }
        if let Some(help) = fault.help {
            added = added.help(help);
        }
        if i == 0 && more {
            added = added.help(
                "a bracket or quote may be missing here or on the line before; what follows may only follow from that",
            );
        }
        if i + 1 == count {
            added.help("the rest of the file is checked once this can be read");
        }
    }
}

/// A file of another program.
fn another_kind(text: &str) -> Option<Fault> {
    let start = text.len()
        - text
            .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
            .len();
    let first = text[start..].chars().next()?;
    ['{', '<'].contains(&first).then(|| {
        Fault::new(
            &(start..start + 1),
            format!("this is no scenario: a scenario does not begin with `{first}`"),
            "a scenario is plain text and begins with `format = 1`; from a word processor, save it as plain text",
        )
    })
}

/// The line around a place: its start and its text.
fn line_at(text: &str, at: usize) -> (usize, &str) {
    let at = at.min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    (start, text[start..end].trim_end_matches('\r'))
}

/// The length of a string from its opening quote to its closing one on the same line; `None` if it is not closed.
fn string_length(text: &str) -> Option<usize> {
    let quote = text.chars().next()?;
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return None,
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// A line without its comment and the spaces before it.
fn without_comment(line: &str) -> &str {
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        match c {
            '#' => return line[..at].trim_end(),
            '"' | '\'' => at += string_length(&line[at..]).unwrap_or(line.len() - at),
            _ => at += c.len_utf8(),
        }
    }
    line.trim_end()
}

/// The end of whatever stands before a place, blanks and comments left out.
fn content_end(text: &str, at: usize) -> usize {
    let (mut start, _) = line_at(text, at);
    let mut content = text[start..at].trim_end();
    while content.is_empty() && start > 0 {
        let (before, line) = line_at(text, start - 1);
        start = before;
        content = without_comment(line);
    }
    start + content.len()
}

/// Whether a line is a header such as `[role.nurse]`.
fn is_header(line: &str) -> bool {
    let line = without_comment(line).trim();
    let inner = line.trim_start_matches('[');
    inner.len() < line.len()
        && inner.ends_with(']')
        && inner.starts_with(char::is_alphabetic)
        && !inner.contains([',', '=', '{'])
}

/// Whether a line begins with a key and `=`.
fn is_key(line: &str) -> bool {
    line.split_once('=')
        .is_some_and(|(key, _)| !key.trim().is_empty() && key.trim().chars().all(is_word))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

/// The first bracket or brace that is still open where something new begins, or that another one closes.
fn left_open(text: &str) -> Option<Fault> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut many_lines: Option<&str> = None;
    let mut end = 0;
    let mut start = 0;
    let fault = |(at, opener): (usize, char), place: usize, before: Option<char>, key: bool| {
        let closer = if opener == '[' { ']' } else { '}' };
        let message = match before {
            Some(other) => format!("`{closer}` is missing before this `{other}`"),
            None => format!("`{closer}` is missing here"),
        };
        let help = if key {
            "if the next line belongs to it, a comma is missing instead"
        } else {
            ""
        };
        Fault {
            beside: Some((at..at + 1, "opened here")),
            last: true,
            ..Fault::new(&(place..place + usize::from(before.is_some())), message, help)
        }
    };
    for line in text.split_inclusive('\n') {
        let here = start;
        start += line.len();
        let mut at = 0;
        if many_lines.is_none()
            && let Some(&top) = open.last()
        {
            let typed = line.trim();
            let last = text[..end].chars().next_back();
            let key = is_key(typed) && (top.1 == '[' || !matches!(last, Some(',' | '{')));
            if key || is_header(typed) {
                return Some(fault(top, end, None, key && top.1 == '{'));
            }
        }
        while let Some(c) = line[at..].chars().next() {
            let rest = &line[at..];
            if let Some(quotes) = many_lines {
                let Some(close) = rest.find(quotes) else { break };
                many_lines = None;
                at += close + 3;
                end = here + at;
                continue;
            }
            match c {
                '#' => break,
                '"' | '\'' => {
                    if let Some(quotes) = ["\"\"\"", "'''"].into_iter().find(|q| rest.starts_with(q)) {
                        many_lines = Some(quotes);
                        at += 3;
                    } else {
                        // With a quote missing, nothing can be said of brackets.
                        at += string_length(rest)?;
                    }
                }
                '[' if open.is_empty() && line[..at].trim().is_empty() => break,
                '[' | '{' => {
                    open.push((here + at, c));
                    at += 1;
                }
                ']' | '}' => {
                    let opener = if c == ']' { '[' } else { '{' };
                    match open.pop() {
                        Some(top) if top.1 != opener => return Some(fault(top, here + at, Some(c), false)),
                        _ => at += 1,
                    }
                }
                _ => at += c.len_utf8(),
            }
            if !c.is_whitespace() {
                end = here + at;
            }
        }
    }
    open.last().map(|&top| fault(top, end, None, false))
}

/// The text that runs on too far where a quote is missing on a line; with `to_the_end`, what the last quote opens.
fn missing_quote(line_start: usize, line: &str, to_the_end: bool) -> Option<Range<usize>> {
    let quotes: Vec<usize> = line
        .match_indices('"')
        .map(|(at, _)| at)
        .filter(|&at| !line[..at].ends_with('\\'))
        .collect();
    if quotes.len().is_multiple_of(2) || line.contains("\"\"\"") {
        return None;
    }
    let swallows = |text: &str| text.trim_end().ends_with(['=', ',', '[', '{', ':']);
    let (open, end) = quotes.chunks(2).find_map(|pair| match *pair {
        [open, close] if swallows(&line[open + 1..close]) => Some((open, close + 1)),
        [open] if to_the_end => Some((open, line.len())),
        _ => None,
    })?;
    Some(line_start + open..line_start + end)
}

/// What a message of the parser means.
fn explain(text: &str, range: &Range<usize>, message: &str) -> Fault {
    let message = message.lines().next().unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|w| message.contains(w));
    let at = range.start.min(text.len());
    let (line_start, line) = line_at(text, at);
    let (before, rest) = (&text[line_start..at], text[at..].lines().next().unwrap_or_default());
    let (before_trimmed, rest_trimmed) = (before.trim_end(), rest.trim());
    let fault = |message: &str, help: String| Fault::new(range, message, help);
    if says(&["recurs"]) {
        return Fault {
            last: true,
            ..fault("brackets are nested too deep", String::new())
        };
    }
    if says(&["multi-line"]) {
        let open = text[..at].rfind("\"\"\"").or_else(|| text[..at].rfind("'''"));
        let place = open.map_or(range.clone(), |open| open..open + 3);
        return Fault::new(
            &place,
            "the text that these three quotes open never ends",
            "put three quotes at its end, too",
        );
    }
    if let Some(place) = missing_quote(line_start, line, says(&["invalid basic string"])) {
        let help = "text begins and ends with a quote";
        return Fault {
            last: true,
            ..Fault::new(&place, "the closing quote is missing in here", help)
        };
    }
    if before_trimmed.ends_with('=') && (rest_trimmed.is_empty() || rest_trimmed.starts_with('#')) {
        return fault(
            "there is nothing after `=`",
            "give the key a value, or leave the line out".into(),
        );
    }
    if let Some(n) = typed_per_cent(before, rest_trimmed) {
        return fault("a share is a number from 0 to 1, without `%`", format!("write {n}"));
    }
    if says(&["duplicate key"]) {
        return duplicate(text, range, line);
    }
    let first = rest_trimmed.chars().next().unwrap_or(' ');
    if CURLY.contains(&first) {
        let inner: String = rest_trimmed[first.len_utf8()..]
            .chars()
            .take_while(|c| !CURLY.contains(c))
            .collect();
        return fault(
            "curly quotes are not understood",
            format!("type straight ones: `\"{inner}\"`"),
        );
    }
    if let Some(hidden) = rest
        .chars()
        .next()
        .filter(|c| (c.is_whitespace() && !c.is_ascii()) || *c == '\u{200b}')
    {
        let help = "delete it and type a space, if one is needed";
        return Fault::new(
            &(at..at + hidden.len_utf8()),
            "there is an invisible character here",
            help,
        );
    }
    let key = before_trimmed.strip_suffix('=').map(str::trim_end).unwrap_or_default();
    let key = key.rsplit(|c| !is_word(c)).next().unwrap_or_default();
    if says(&["must be quoted", "invalid boolean", "expected `nan`", "expected `inf`"]) {
        return not_quoted(range, before, rest_trimmed, key);
    }
    if before.ends_with(|c: char| c.is_ascii_digit()) && rest.starts_with(',') {
        return comma_in_number(range, before, rest);
    }
    if says(&["invalid date", "invalid time", "invalid datetime"]) {
        return date_or_time(range, rest_trimmed, message);
    }
    if says(&["escape"]) {
        let back = if before.ends_with('\\') {
            at - 1..at
        } else {
            range.clone()
        };
        let help = "write paths with forward slashes: \"profiles/week.csv\"";
        return Fault::new(&back, "a backslash cannot stand here", help);
    }
    if rest_trimmed.starts_with('.') && before_trimmed.ends_with(['=', '[', ',', '-']) {
        let digits: String = rest_trimmed[1..].chars().take_while(char::is_ascii_digit).collect();
        return fault("a number begins with a digit", format!("write 0.{digits}"));
    }
    if says(&["leading zero"]) {
        return fault(
            "a number does not begin with a 0 that has no point after it",
            "leave the 0 out; a time of day is \"08:00\"".into(),
        );
    }
    if first == ';' {
        return fault("`;` has no meaning here", "leave it out; a note begins with `#`".into());
    }
    if says(&["invalid float", "invalid integer", "invalid mantissa"]) {
        return fault(
            "this is not a number",
            "a number has digits and at most one point, as in 4.5".into(),
        );
    }
    if says(&["key with no value"]) {
        return no_value(range, line);
    }
    if says(&["missing assignment"]) {
        return fault("`=` is missing here", String::new()).at(content_end(text, at));
    }
    if says(&["unquoted key", "expected key", "expected letters"]) && first == ':' {
        return fault("between a key and its value stands `=`, not `:`", String::new());
    }
    if says(&["cannot be empty"]) {
        return fault("there is no key before `=`", String::new());
    }
    if says(&["extra `=`"]) {
        return fault("there is one `=` too many", String::new());
    }
    if says(&["missing comma"]) {
        return fault("a comma is missing here", String::new()).at(content_end(text, at));
    }
    if says(&["extra comma"]) {
        return fault("there is one comma too many", String::new());
    }
    if says(&["unclosed table", "unclosed array table"]) {
        if rest.contains(']') {
            return fault(
                "a header has no spaces",
                "join its words by dots, as in `[role.nurse]`".into(),
            );
        }
        let closer = if line.trim_start().starts_with("[[") { "]]" } else { "]" };
        return fault("this header is not closed", format!("it ends with `{closer}`"));
    }
    if says(&["missing opening quote"]) {
        return fault("the opening quote is missing", String::new());
    }
    if says(&["basic string", "literal string"]) {
        return fault(
            "the closing quote is missing",
            "text begins and ends with the same quote".into(),
        );
    }
    if says(&["carriage return"]) {
        return fault(
            "the lines of this file end in an old way",
            "save it again with Windows or Unix line ends".into(),
        );
    }
    if [']', '}'].contains(&first) {
        return fault(&format!("there is one `{first}` too many"), String::new());
    }
    if says(&["unquoted key"]) {
        let help = match first {
            '(' => "a header stands in square brackets, as in `[role.nurse]`",
            '/' | '<' | '>' | '=' => "a note begins with `#`",
            _ => "a key has letters, digits and hyphens; a name with anything else stands in quotes",
        };
        return fault(&format!("a key cannot hold `{first}`"), help.into());
    }
    if says(&["expected newline"]) {
        return fault(
            "there is more on this line than one key and its value",
            "begin a new line here".into(),
        );
    }
    fault(&format!("this cannot be read: {message}"), String::new())
}

/// The number of a `90%` or `90 %` outside of quotes at a fault or just before it, as a share.
fn typed_per_cent(before: &str, rest: &str) -> Option<f64> {
    let line = format!("{before}{rest}");
    let (number, _) = line
        .match_indices('%')
        .map(|(at, _)| line.split_at(at))
        .find(|(left, _)| {
            let open = left.matches('"').count() % 2 == 1 || left.contains('#');
            !open && left.trim_end().ends_with(|c: char| c.is_ascii_digit())
        })?;
    let number = number.trim_end();
    let digits = number
        .rfind(|c: char| !(c.is_ascii_digit() || c == '.'))
        .map_or(0, |at| at + number[at..].chars().next().map_or(1, char::len_utf8));
    number[digits..].parse().ok().map(super::decode::per_cent)
}

/// A key or a header that stands twice, with the first of them.
fn duplicate(text: &str, range: &Range<usize>, line: &str) -> Fault {
    let typed = text.get(range.clone()).unwrap_or_default();
    let (start, _) = line_at(text, range.start);
    let several = line.trim_start().starts_with('[')
        && !line.trim_start().starts_with("[[")
        && text[..start]
            .lines()
            .any(|l| l.trim_start().starts_with(&format!("[[{typed}]]")));
    if several {
        let help = format!("use two square brackets, once for each: `[[{typed}]]`");
        return Fault::new(range, format!("there are several of `{typed}`"), help);
    }
    let first = if line.trim_start().starts_with('[') {
        lines_before(text, start).find(|(_, l)| without_comment(l).trim() == without_comment(line).trim())
    } else {
        let same = |l: &str| is_key(l) && l.split('=').next().map(str::trim) == Some(typed);
        lines_before(text, start)
            .take_while(|(_, l)| !l.starts_with('['))
            .find(|(_, l)| same(l))
    };
    Fault {
        beside: first.map(|(at, l)| (at..at + without_comment(l).len(), "the first")),
        ..Fault::new(
            range,
            format!("`{typed}` stands here for the second time"),
            "it may stand only once; remove or rename one of them",
        )
    }
}

/// The lines before a place, from the last to the first, with their starts.
fn lines_before(text: &str, at: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut end = at;
    text[..at].split_inclusive('\n').rev().map(move |line| {
        end -= line.len();
        (end, line)
    })
}

/// A value that is neither a number nor text in quotes.
fn not_quoted(range: &Range<usize>, before: &str, rest: &str, key: &str) -> Fault {
    let value = without_comment(rest);
    let value = value.split([',', '}', ']']).next().unwrap_or_default().trim();
    if let yes @ ("yes" | "true" | "no" | "false") = value.to_lowercase().as_str() {
        let word = if ["yes", "true"].contains(&yes) {
            "true"
        } else {
            "false"
        };
        let help = format!("write `{key} = {word}`, in small letters and without quotes");
        return Fault::new(range, format!("`{value}` is not understood here"), help);
    }
    if is_date(value) {
        let help = "the first of June 2020 is `2020-06-01`";
        return Fault::new(range, "a date is written year-month-day", help);
    }
    // A number and then a key: what should stand between them?
    let number = value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let next = value[number..].trim_start();
    if number > 0 && next.len() < value.len() - number && is_key(next) {
        let inside = before.matches('{').count() > before.matches('}').count();
        let message = if inside {
            "a comma is missing here"
        } else {
            "there is more on this line than one key and its value"
        };
        let help = if inside { "" } else { "begin a new line here" };
        return Fault::new(range, message, help).at(range.start + number);
    }
    if value.contains('"') || value.is_empty() {
        return Fault::new(
            range,
            "text must stand in quotes",
            "for example: `run-length = \"52 weeks\"`",
        );
    }
    let example = if key.is_empty() {
        format!("`\"{value}\"`")
    } else {
        format!("`{key} = \"{value}\"`")
    };
    if value.starts_with(|c: char| c.is_ascii_digit()) {
        let quantity = Span::parse(value).is_ok() || PerDay::parse(value).is_ok() || Points::parse(value).is_ok();
        let cost = [Per::Hour, Per::Day, Per::Year, Per::Once]
            .into_iter()
            .any(|per| Pounds::parse_price(value, per).is_ok());
        let help = if quantity || cost {
            format!("a number with its unit stands in quotes: {example}")
        } else {
            "a plain number stands alone, as in `share = 0.5`; one with its unit stands in quotes, as in `run-length = \
             \"52 weeks\"`"
                .into()
        };
        return Fault::new(range, "this is neither a number nor text in quotes", help);
    }
    Fault::new(range, "text must stand in quotes", format!("as in {example}"))
}

/// Whether something looks like a date in another order or with a month in words.
fn is_date(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['/', '.', ' ']).filter(|p| !p.is_empty()).collect();
    let digits = |p: &&str| p.bytes().all(|b| b.is_ascii_digit());
    let year = |p: &&str| p.len() == 4 && digits(p);
    parts.len() == 3 && parts.iter().any(year) && parts.iter().filter(|p| digits(p)).count() >= 2
}

/// A comma inside or after a number.
fn comma_in_number(range: &Range<usize>, before: &str, rest: &str) -> Fault {
    let whole = &before[before.trim_end_matches(|c: char| c.is_ascii_digit()).len()..];
    let after: String = rest[1..].chars().take_while(char::is_ascii_digit).collect();
    match after.len() {
        0 => Fault::new(range, "there is one comma too many", "leave it out"),
        3 if whole != "0" => Fault::new(
            range,
            "a number has no commas",
            format!("write {whole}{after}; the decimal sign is a point"),
        ),
        _ => Fault::new(
            range,
            "a number has a decimal point, not a comma",
            format!("write {whole}.{after}"),
        ),
    }
}

/// A date that does not exist or has another form, or a time of day that has.
fn date_or_time(range: &Range<usize>, rest: &str, message: &str) -> Fault {
    let date = |t: &str| t.len() >= 10 && t.is_char_boundary(10) && t[..10].bytes().filter(|b| *b == b'-').count() == 2;
    if date(rest) && rest[10..].starts_with(' ') && date(rest[10..].trim_start()) {
        return Fault::new(range, "a comma is missing here", "").at(range.start + 10);
    }
    if let Some((_, expected)) = message.split_once("expected day ") {
        let help = format!("the day of this month is {expected}");
        return Fault::new(range, "there is no such date", help);
    }
    if let Some((_, expected)) = message.split_once("expected month ") {
        let help = format!("the month is {expected}, after the year: `2020-06-01`");
        return Fault::new(range, "there is no such date", help);
    }
    if message.contains("invalid time") {
        let help = "for example: `08:00`";
        return Fault::new(
            range,
            "a time of day has two digits for the hour and two for the minutes",
            help,
        );
    }
    let help = "the first of June 2020 is `2020-06-01`";
    Fault::new(range, "a date is written year-month-day", help)
}

/// A line that begins like a key and has no value.
fn no_value(range: &Range<usize>, line: &str) -> Fault {
    let line = without_comment(line).trim();
    if let Some((key, value)) = line.split_once('=')
        && key.split_whitespace().all(|w| w.chars().all(is_word))
        && !value.is_empty()
    {
        let joined = key.split_whitespace().collect::<Vec<_>>().join("-");
        return Fault::new(
            range,
            "a key has no spaces",
            format!("join its words by hyphens: `{joined}`"),
        );
    }
    if line.contains(':') {
        return Fault::new(range, "between a key and its value stands `=`, not `:`", "");
    }
    if line.chars().all(|c| is_word(c) || c == '.') {
        let help = format!("a header stands in brackets: `[{line}]`, or `[[{line}]]` if there are several");
        return Fault::new(range, "this key has no value", help);
    }
    Fault::new(
        range,
        "`=` is missing between a key and its value",
        "for example: `share = 0.5`",
    )
}

#[cfg(test)]
mod tests {
    use super::{content_end, left_open};

    #[test]
    fn a_bracket_left_open_is_found_where_the_next_thing_begins() {
        for (text, place) in [
            ("a = { b = 1\nc = 2\n", Some(11)),
            ("a = [1, 2 # of ]\n\n[c]\n", Some(9)),
            ("a = [{ b = 1 ]\n", Some(13)),
            ("a = [", Some(5)),
            ("a = [\n  [1, 2],\n  [3]\n]\n[b]\n", None),
            ("a = { b = 1,\n c = 2 }\n[[b.c]]\nd = \"[\"\n", None),
            ("a = \"\"\"\n[\n\"\"\"\nb = 1", None),
            ("a = \"[\nb = [\n", None),
        ] {
            assert_eq!(left_open(text).map(|f| f.range.start), place, "{text}");
        }
        assert_eq!(content_end("a = [1 # x\n\n  2", 14), 6);
    }
}
