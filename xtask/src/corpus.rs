//! Generated corpora for measuring: articles put together from the samples' sentences, no two alike.
//!
//! Repeated text flatters: sentences come in random order and combination, and numbers, days and many names in them are changed.

use std::io::Write;
use std::path::{Path, PathBuf};

use miette::{IntoDiagnostic, Result, WrapErr};
use serde_json::json;

use crate::root;

/// A small generator of pseudo-random numbers (xorshift64*, Vigna 2016): the same corpus on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// Names that stand for one another in the samples' sentences.
const NAMES: &[&str] = &[
    "Canada", "Japan", "Kenya", "Brazil", "Germany", "India", "Turkey", "Poland", "Nigeria", "Chile", "France", "Vietnam",
    "Egypt", "Mexico", "Norway", "Peru", "Ghana", "Jordan", "Latvia", "Oman", "Qatar", "Serbia", "Sudan", "Spain", "Tokyo",
    "Ottawa", "Nairobi", "Berlin", "Ankara", "Warsaw", "Abuja", "Santiago", "Paris", "Hanoi", "Cairo", "Oslo", "Lima", "Accra",
    "Amman", "Riga", "Muscat", "Doha", "Belgrade", "Khartoum",
];

/// `cargo xtask corpus`.
pub fn command(megabytes: &str, file: &Path) -> Result<()> {
    let megabytes: u64 = megabytes.parse().into_diagnostic().wrap_err("the size is a number of megabytes")?;
    let documents = write(file, megabytes * 1_000_000)?;
    println!("{documents} documents in {}", file.display());
    Ok(())
}

/// Writes a corpus of at least so many bytes of text; gives the number of documents.
pub fn write(file: &Path, bytes: u64) -> Result<u64> {
    write_until(file, 8..26, |written, _| written >= bytes)
}

/// Writes a corpus of so many short documents: briefs of one to three paragraphs.
pub fn write_documents(file: &Path, count: u64) -> Result<u64> {
    write_until(file, 1..4, |_, documents| documents >= count)
}

fn write_until(file: &Path, length: std::ops::Range<usize>, enough: impl Fn(u64, u64) -> bool) -> Result<u64> {
    let paragraphs = paragraphs()?;
    let out = std::fs::File::create(file).into_diagnostic().wrap_err_with(|| format!("{} cannot be written", file.display()))?;
    let mut out = std::io::BufWriter::new(out);
    let (mut random, mut written, mut documents) = (Random(0x9e37_79b9_7f4a_7c15), 0u64, 0u64);
    while !enough(written, documents) {
        let mut text = String::new();
        for _ in 0..length.start + random.below(length.len()) {
            if !text.is_empty() {
                text.push('\n');
            }
            vary(&paragraphs[random.below(paragraphs.len())], &mut random, &mut text);
        }
        written += text.len() as u64;
        let (month, day) = (1 + random.below(12), 1 + random.below(28));
        let published = format!("{}-{month:02}-{day:02}", 2005 + random.below(20));
        let line = json!({ "id": format!("g{documents}"), "title": format!("Generated {documents}"), "published": published, "text": text });
        writeln!(out, "{line}").into_diagnostic()?;
        documents += 1;
    }
    out.flush().into_diagnostic()?;
    Ok(documents)
}

/// The paragraphs of the plain-text samples.
fn paragraphs() -> Result<Vec<String>> {
    let (mut folders, mut files) = (vec![root().join("seeds"), root().join("gold")], Vec::<PathBuf>::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_diagnostic()?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "txt" || ending == "md") {
                files.push(path);
            }
        }
    }
    files.sort();
    let texts = files.iter().filter_map(|path| std::fs::read_to_string(path).ok());
    let paragraphs: Vec<String> =
        texts.flat_map(|text| text.lines().filter(|line| line.len() > 60).map(str::to_owned).collect::<Vec<_>>()).collect();
    miette::ensure!(paragraphs.len() > 100, "there are too few samples to make a corpus from");
    Ok(paragraphs)
}

/// Adds a paragraph with other numbers and, here and there, other names.
fn vary(paragraph: &str, random: &mut Random, text: &mut String) {
    for (at, word) in paragraph.split(' ').enumerate() {
        if at > 0 {
            text.push(' ');
        }
        let bare = word.trim_end_matches([',', '.', ';', ':']);
        if NAMES.contains(&bare) && random.below(3) == 0 {
            text.push_str(NAMES[random.below(NAMES.len())]);
            text.push_str(&word[bare.len()..]);
        } else if bare.len() > 1 && bare.bytes().all(|byte| byte.is_ascii_digit()) && bare.len() != 4 {
            let digits = random.below(10usize.pow(bare.len().min(9) as u32 - 1) * 9) + 10usize.pow(bare.len().min(9) as u32 - 1);
            text.push_str(&digits.to_string());
            text.push_str(&word[bare.len()..]);
        } else {
            text.push_str(word);
        }
    }
}
