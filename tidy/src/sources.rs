//! The files of the repository, as git knows them.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A file with its path from the root of the repository.
pub(crate) struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    /// Whether it is code, and prose only in its comments.
    pub fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|it| it == "rs")
    }

    /// Its lines, numbered from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(i, line)| (i + 1, line))
    }

    /// A finding at a line of it.
    pub fn at(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_path_buf()
}

/// The files that git tracks or would track, of these endings.
pub(crate) fn sources(endings: &[&str]) -> Vec<Source> {
    let mut git = Command::new("git");
    git.current_dir(root()).args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let listed = git.output().expect("git runs");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let paths = String::from_utf8(listed.stdout).expect("paths in UTF-8");
    let wanted = paths.lines().filter(|path| endings.iter().any(|ending| path.ends_with(ending)));
    let read = |path: &str| {
        // A file that was deleted and not yet committed is listed still.
        let text = std::fs::read_to_string(root().join(path)).ok()?;
        Some(Source { path: path.to_owned(), text })
    };
    wanted.filter_map(read).collect()
}

/// The Rust files, but for this crate's own, which names what it forbids.
pub(crate) fn rust() -> Vec<Source> {
    sources(&[".rs"]).into_iter().filter(|it| !it.path.starts_with("tidy/")).collect()
}
