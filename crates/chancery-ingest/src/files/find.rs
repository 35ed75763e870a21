//! Which files a pipeline's patterns name, in an order that never changes.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use walkdir::WalkDir;

/// A file to read: where it is, and its name in the datasets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Relative to the pipeline file, with `/`.
    pub uri: Box<str>,
    /// Size in bytes.
    pub bytes: u64,
}

/// What a pattern named.
#[derive(Debug, Default)]
pub struct Listing {
    /// The files, sorted by name.
    pub files: Vec<Found>,
    /// Files and folders that could not be looked at, with the reason.
    pub unreadable: Vec<(String, String)>,
    /// How many hidden files were left out.
    pub hidden: usize,
}

/// A compiled pattern, relative to the pipeline file.
///
/// # Errors
/// A pattern that is none, in the words of its compiler.
pub fn pattern(text: &str) -> Result<GlobMatcher, String> {
    let text = text.trim_start_matches("./");
    GlobBuilder::new(text)
        .literal_separator(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| error.kind().to_string())
}

/// The files that a path or pattern names.
///
/// # Errors
/// A path that is not there, a pattern that is none.
pub fn list(base: &Path, text: &str) -> Result<Listing, String> {
    let plain = base.join(text);
    let is_pattern = text.contains(['*', '?', '[', '{']);
    if !is_pattern {
        if plain.is_file() {
            let bytes = plain.metadata().map_or(0, |data| data.len());
            return Ok(Listing { files: vec![Found { uri: uri(base, &plain), bytes }], ..Listing::default() });
        }
        if plain.is_dir() {
            return Ok(walk(base, &plain, |_| true));
        }
        return Err(format!("there is no file or folder `{}`", plain.display()));
    }
    let glob = pattern(text)?;
    let root: PathBuf =
        Path::new(text).iter().take_while(|part| !part.to_string_lossy().contains(['*', '?', '[', '{'])).collect();
    let root = base.join(root);
    if !root.is_dir() {
        return Err(format!("there is no folder `{}`", root.display()));
    }
    Ok(walk(base, &root, |uri| glob.is_match(uri)))
}

fn walk(base: &Path, root: &Path, wanted: impl Fn(&str) -> bool) -> Listing {
    let mut listing = Listing::default();
    let mut hidden = 0;
    let entries = WalkDir::new(root).follow_links(true).into_iter().filter_entry(|entry| {
        let shown = entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
        hidden += usize::from(!shown);
        shown
    });
    for entry in entries {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let uri = uri(base, entry.path());
                if wanted(&uri) {
                    listing.files.push(Found { uri, bytes: entry.metadata().map_or(0, |data| data.len()) });
                }
            }
            Ok(_) => {}
            Err(error) => {
                let path = error.path().map_or_else(|| root.display().to_string(), |path| uri(base, path).into());
                listing.unreadable.push((path, error.to_string()));
            }
        }
    }
    listing.hidden = hidden;
    listing.files.sort();
    listing.unreadable.sort();
    listing
}

fn uri(base: &Path, path: &Path) -> Box<str> {
    let relative = path.strip_prefix(base).unwrap_or(path);
    let text = relative.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into() } else { text.replace(std::path::MAIN_SEPARATOR, "/").into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_files_in_order_and_leave_hidden_ones_out() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("in/deep")).unwrap();
        for name in ["in/b.txt", "in/a.txt", "in/deep/c.txt", "in/.hidden.txt", "in/d.html"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let names = |text: &str| {
            list(folder.path(), text).unwrap().files.into_iter().map(|file| file.uri.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names("in/**/*.txt"), ["in/a.txt", "in/b.txt", "in/deep/c.txt"]);
        assert_eq!(names("in/*.txt"), ["in/a.txt", "in/b.txt"]);
        assert_eq!(names("in"), ["in/a.txt", "in/b.txt", "in/d.html", "in/deep/c.txt"]);
        assert_eq!(list(folder.path(), "in/**/*").unwrap().hidden, 1);
        assert!(list(folder.path(), "nowhere/*.txt").unwrap_err().contains("nowhere"));
        assert!(list(folder.path(), "in/[").is_err());
    }
}
