//! The file of a piece.
//!
//! ```text
//! homefirst piece 1⏎                      what it is, and the number of this layout
//! length of the header                    4 bytes, as all lengths the lowest byte first
//! header                                  JSON: question, and which piece of it
//! length of the list                      4 bytes
//! list of units                           postcard: world, island, replication, length of each record
//! records                                 postcard in deflate, end to end in the order of the list
//! SHA-256 of all before                   32 bytes
//! ```
//!
//! The header is JSON so that a person can see what lies there; units are whole numbers mostly near 0, which postcard writes in one
//! byte each and deflate in much less. Nothing is believed before the checksum has been compared, and no length is used
//! before it has been held against that of the file.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::folder::{PiecesError, of_another};
use super::{Unit, WorldId};

/// How the names of pieces end.
pub(super) const ENDING: &str = "piece";

/// The layout of this version of the program. Another layout, or records with other things in them, takes another number.
const LAYOUT: u32 = 1;

/// What the first line says before the number.
const MAGIC: &str = "homefirst piece ";

/// The longest first line \[bytes\].
const LONGEST_LINE: usize = 32;

/// The largest header \[bytes\].
const MOST_HEADER: usize = 1 << 20;

/// The largest record, unpacked \[bytes\].
const MOST_RECORD: u64 = 1 << 30;

/// What is older than this, and hidden, is nobody's who is still writing: a file is written in seconds.
const LONGEST_WRITING: Duration = Duration::from_secs(3600);

/// Bytes of the checksum.
const CHECKSUM: usize = 32;

/// What is asked, as far as the answer depends on it: pieces of two questions are never mixed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Version of the program, and what it was built from.
    pub version: String,
    /// The command that gives the answer on one machine.
    pub canonical_command: String,
    /// Hash of the scenario, as results have it; of a comparison, of the base.
    pub scenario_sha256: String,
    /// Seed.
    pub seed: u64,
    /// Hash of all that the answer rests on: the above, and options and draws.
    pub question_sha256: String,
}

impl Question {
    /// A question that rests on these and on what `more` says.
    #[must_use]
    pub fn new(version: &str, canonical_command: String, scenario_sha256: String, seed: u64, more: &[String]) -> Self {
        let mut hash = Sha256::new();
        let seed_text = seed.to_string();
        let own = [version, &canonical_command, &scenario_sha256, &seed_text];
        for part in own.into_iter().chain(more.iter().map(String::as_str)) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Self {
            version: version.into(),
            question_sha256: hex(&hash.finalize()),
            canonical_command,
            scenario_sha256,
            seed,
        }
    }
}

/// Which part of a round a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The round, from 1.
    pub round: u32,
    /// Hash of the units of the round, in their order.
    pub asked_sha256: String,
    /// Which piece, from 1.
    pub piece: u32,
    /// How many there are.
    pub pieces: u32,
}

impl Part {
    /// The name of its file.
    #[must_use]
    pub fn file_name(&self) -> String {
        let width = self.pieces.to_string().len();
        format!(
            "round-{}-piece-{:0width$}-of-{}.{ENDING}",
            self.round, self.piece, self.pieces
        )
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    question: Question,
    /// `None` where a run kept what it had finished.
    part: Option<Part>,
}

/// A unit in the list of a file.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    world: [u8; 16],
    island: u32,
    replication: u32,
    /// Of its record \[bytes\].
    length: u32,
}

impl Entry {
    pub(super) fn of(unit: Unit, packed: &[u8]) -> Option<Self> {
        Some(Self {
            world: unit.world.0,
            island: unit.island,
            replication: unit.replication,
            length: u32::try_from(packed.len()).ok()?,
        })
    }

    fn unit(&self) -> Unit {
        Unit {
            world: WorldId(self.world),
            island: self.island,
            replication: self.replication,
        }
    }

    /// Says to a hash which unit it is.
    pub(super) fn tell(&self, hash: &mut Sha256) {
        hash.update(self.world);
        hash.update(self.island.to_le_bytes());
        hash.update(self.replication.to_le_bytes());
    }
}

/// Where a record lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// A place in a list of files.
    pub(super) file: usize,
    offset: u64,
    length: u32,
}

impl Place {
    pub(super) fn in_file(self, file: usize) -> Self {
        Self { file, ..self }
    }
}

/// A sound file, with its records left where they are.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) path: PathBuf,
    pub(super) question: Question,
    pub(super) part: Option<Part>,
    pub(super) units: Vec<(Unit, Place)>,
    checksum: [u8; CHECKSUM],
}

impl Opened {
    /// Whether another file holds the same bytes.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.checksum == other.checksum
    }
}

/// What a value is on disk.
pub(super) fn packed<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    let plain = postcard::to_allocvec(value).map_err(io::Error::other)?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&plain)?;
    encoder.finish()
}

/// The value that bytes stand for; `None` if they stand for none.
pub(super) fn unpacked<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let mut plain = Vec::new();
    DeflateDecoder::new(bytes)
        .take(MOST_RECORD)
        .read_to_end(&mut plain)
        .ok()?;
    match postcard::take_from_bytes(&plain) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}

/// The bytes of a record.
pub(super) fn read_at(path: &Path, place: Place) -> Result<Vec<u8>, PiecesError> {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(place.offset))?;
        let mut bytes = Vec::new();
        file.take(u64::from(place.length)).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|source| PiecesError::unreadable(path, source))
}

/// Writes a piece whole: under another name in the same folder, through to the disk, and then under its own. What stands there is written
/// over if it is of the same question or of no use, and never if it is of another one, were that begun at the same time.
pub(super) fn write(
    folder: &Path,
    name: &str,
    question: &Question,
    part: Option<&Part>,
    records: impl Iterator<Item = (Entry, Vec<u8>)>,
) -> Result<(), PiecesError> {
    let fresh = fresh(folder, name, question, part, records)?;
    if fresh.put_new()? {
        return Ok(());
    }
    match open(&folder.join(name)) {
        Ok(there) if there.question != *question => Err(of_another(&there, question)),
        Err(error) if error.is_of_another() => Err(error),
        _ => fresh.put(),
    }
}

/// Says in a folder whose it is, by a piece without records: of two questions that begin there at once, one is first.
pub(super) fn claim(folder: &Path, name: &str, question: &Question) -> Result<(), PiecesError> {
    let fresh = fresh(folder, name, question, None, std::iter::empty())?;
    if fresh.put_new()? {
        return Ok(());
    }
    let there = open(&folder.join(name))?;
    if there.question == *question {
        Ok(())
    } else {
        Err(of_another(&there, question))
    }
}

/// A piece under a hidden name.
fn fresh(
    folder: &Path,
    name: &str,
    question: &Question,
    part: Option<&Part>,
    records: impl Iterator<Item = (Entry, Vec<u8>)>,
) -> Result<Fresh, PiecesError> {
    let header = Header {
        question: question.clone(),
        part: part.cloned(),
    };
    let (entries, records): (Vec<Entry>, Vec<Vec<u8>>) = records.unzip();
    let bytes = || -> io::Result<Vec<u8>> {
        let header = serde_json::to_vec(&header)?;
        let list = postcard::to_allocvec(&entries).map_err(io::Error::other)?;
        let mut bytes = format!("{MAGIC}{LAYOUT}\n").into_bytes();
        for part in [&header, &list] {
            let length = u32::try_from(part.len()).map_err(io::Error::other)?;
            bytes.extend(length.to_le_bytes());
            bytes.extend(part);
        }
        Ok(bytes)
    };
    let write = |file: &mut BufWriter<File>| -> io::Result<()> {
        let mut hash = Sha256::new();
        let begins = bytes()?;
        for part in std::iter::once(&begins).chain(&records) {
            hash.update(part);
            file.write_all(part)?;
        }
        file.write_all(&hash.finalize())?;
        file.flush()
    };
    Fresh::write(folder, name, write)
}

/// A file that is whole, under a hidden name beside its own. Dropped before it is put there, it is taken away.
pub(super) struct Fresh {
    path: PathBuf,
    folder: PathBuf,
    name: String,
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // Best effort; once it is put there, there is nothing.
        drop(fs::remove_file(&self.path));
    }
}

impl Fresh {
    /// Writes a file, through to the disk.
    pub(super) fn write(
        folder: &Path,
        name: &str,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<Self, PiecesError> {
        let failed = |source| PiecesError::unwritable(&folder.join(name), source);
        let (path, file) = unused(folder, name).map_err(failed)?;
        let fresh = Self {
            path,
            folder: folder.to_path_buf(),
            name: name.into(),
        };
        let mut file = BufWriter::new(file);
        write(&mut file)
            .and_then(|()| file.get_ref().sync_all())
            .map_err(failed)?;
        Ok(fresh)
    }

    fn place(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// Gives it its name, in the place of what stands there.
    pub(super) fn put(&self) -> Result<(), PiecesError> {
        fs::rename(&self.path, self.place()).map_err(|source| PiecesError::unwritable(&self.place(), source))?;
        self.is_put();
        Ok(())
    }

    /// Gives it its name if nothing stands there, whoever else does so at the same time; whether nothing stood there.
    pub(super) fn put_new(&self) -> Result<bool, PiecesError> {
        let place = self.place();
        match fs::hard_link(&self.path, &place) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            // Not every file system has links; there two at the same instant are not told apart.
            Err(_) if fs::symlink_metadata(&place).is_ok() => return Ok(false),
            Err(_) => {
                self.put()?;
                return Ok(true);
            }
        }
        drop(fs::remove_file(&self.path));
        self.is_put();
        Ok(true)
    }

    fn is_put(&self) {
        // The name as well, where the system can; whoever lost it would make the piece again.
        drop(File::open(&self.folder).and_then(|folder| folder.sync_all()));
        sweep(&self.folder, &format!(".{}.new-", self.name));
    }
}

/// Takes away what the dead have left under hidden names that begin so.
pub(super) fn sweep(folder: &Path, begin: &str) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // As `unused` names them.
        let numbered = name
            .split_once(".new-")
            .and_then(|(_, numbers)| numbers.split_once('-'));
        if !name.starts_with(begin) || !numbered.is_some_and(|(process, n)| number(process) && number(n)) {
            continue;
        }
        let age = entry
            .metadata()
            .and_then(|meta| meta.modified())
            .map(|time| time.elapsed());
        if age.is_ok_and(|age| age.is_ok_and(|age| age > LONGEST_WRITING)) {
            // What cannot be taken away is no reason to fail.
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// That a file of this name can be written, before there is anything to write: the hidden one is made and taken away again.
pub(super) fn can_write(folder: &Path, name: &str) -> Result<(), PiecesError> {
    let failed = |source| PiecesError::unwritable(&folder.join(name), source);
    let (path, _) = unused(folder, name).map_err(failed)?;
    fs::remove_file(path).map_err(failed)
}

/// A new file beside a place, whoever else writes there at the same time, from whatever machine.
fn unused(folder: &Path, name: &str) -> io::Result<(PathBuf, File)> {
    let mut n = 0;
    loop {
        let path = folder.join(format!(".{name}.new-{}-{n}", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && n < 10_000 => n += 1,
            opened => return opened.map(|file| (path, file)),
        }
    }
}

/// Reads a file up to its records.
pub(super) fn open(path: &Path) -> Result<Opened, PiecesError> {
    let unreadable = |source| PiecesError::unreadable(path, source);
    let damaged = || PiecesError::damaged(path);
    // Whoever opens a pipe waits for its other end.
    let size = match fs::metadata(path).map_err(unreadable)? {
        about if about.is_file() => about.len(),
        _ => return Err(PiecesError::foreign(path)),
    };
    let file = File::open(path).map_err(unreadable)?;
    let mut file = BufReader::new(file);
    let layout = layout(&mut file).map_err(unreadable)?;
    let layout = layout.ok_or_else(|| PiecesError::foreign(path))?;
    if layout != LAYOUT {
        return Err(PiecesError::layout(path, layout));
    }
    let content = size.checked_sub(CHECKSUM as u64).ok_or_else(damaged)?;
    let checksum = checksum(&mut file, content).map_err(unreadable)?.ok_or_else(damaged)?;
    file.seek(SeekFrom::Start((MAGIC.len() + layout_digits(layout) + 1) as u64))
        .map_err(unreadable)?;
    let header = part(&mut file, content).map_err(unreadable)?.ok_or_else(damaged)?;
    if header.len() > MOST_HEADER {
        return Err(damaged());
    }
    let header: Header = serde_json::from_slice(&header).map_err(|_| damaged())?;
    let list = part(&mut file, content).map_err(unreadable)?.ok_or_else(damaged)?;
    let entries: Vec<Entry> = postcard::from_bytes(&list).map_err(|_| damaged())?;
    let mut offset = file.stream_position().map_err(unreadable)?;
    let mut units = Vec::with_capacity(entries.len());
    for entry in entries {
        let place = Place {
            file: 0,
            offset,
            length: entry.length,
        };
        units.push((entry.unit(), place));
        offset += u64::from(entry.length);
    }
    if offset != content {
        return Err(damaged());
    }
    Ok(Opened {
        path: path.to_path_buf(),
        question: header.question,
        part: header.part,
        units,
        checksum,
    })
}

fn layout_digits(layout: u32) -> usize {
    layout.to_string().len()
}

/// The number in the first line; `None` if it is not the first line of a piece.
fn layout(file: &mut BufReader<File>) -> io::Result<Option<u32>> {
    let mut line = Vec::new();
    file.take(LONGEST_LINE as u64).read_to_end(&mut line)?;
    let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let number = line.strip_prefix(MAGIC.as_bytes()).map(<[u8]>::to_vec);
    Ok(number.and_then(|number| String::from_utf8(number).ok()?.parse().ok()))
}

/// Reads it all from the start; `None` if the checksum at the end is another.
fn checksum(file: &mut BufReader<File>, content: u64) -> io::Result<Option<[u8; CHECKSUM]>> {
    file.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut left = content;
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let read = file.read(&mut buffer[..most])?;
        if read == 0 {
            return Ok(None);
        }
        hash.update(&buffer[..read]);
        left -= read as u64;
    }
    let mut written = [0; CHECKSUM];
    file.read_exact(&mut written)?;
    let found: [u8; CHECKSUM] = hash.finalize().into();
    Ok((found == written).then_some(found))
}

/// A length and so many bytes; `None` if that would be more than there are.
fn part(file: &mut BufReader<File>, content: u64) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    file.read_exact(&mut length)?;
    let length = u64::from(u32::from_le_bytes(length));
    if file.stream_position()? + length > content {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 == length).then_some(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
