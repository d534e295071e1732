//! A server as a process of its own, in a folder that goes with it.

use std::{
    env, fs,
    fs::{DirBuilder, File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use bangfu_persistence::MasterKey;

use crate::{BenchError, print_status};

/// How many lines of a failed server's log are shown.
const LOG_LINES: usize = 15;

/// A folder that only its owner can read, removed in the end.
pub(super) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// Makes a folder in the one named, or where temporary files go.
    pub fn make(parent: Option<&Path>) -> Result<Self, BenchError> {
        let parent = parent.map_or_else(env::temp_dir, Path::to_owned);
        let path = parent.join(format!("bangfu-bench-{:016x}", rand::random::<u64>()));
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|source| BenchError::File { path: path.clone(), source })?;
        Ok(Self { path })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The embedded database of a server that has the folder for its data.
    pub fn database(&self) -> PathBuf {
        self.path.join("bangfu.db")
    }

    /// Makes a master key in the folder, and gives its file.
    pub fn master_key(&self) -> Result<PathBuf, BenchError> {
        let path = self.path.join("master.key");
        let key = MasterKey::generate();
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        file.and_then(|mut file| writeln!(file, "{}", key.to_text().as_str()))
            .map_err(|source| BenchError::File { path: path.clone(), source })?;
        Ok(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            print_status(&format!("{} stays behind: {error}", self.path.display()));
        }
    }
}

/// A server that runs until this is dropped.
pub(super) struct Server {
    /// Its address.
    pub base: String,
    /// The one-time token, as long as there is no city.
    pub installation_token: String,
    child: Child,
    /// Held open, so that the server may go on printing.
    _output: BufReader<ChildStdout>,
}

impl Server {
    /// Starts this very program as a server on a free port: on the PostgreSQL database named, or else on an
    /// embedded one in the folder.
    pub fn start(scratch: &Scratch, database_url: Option<&str>) -> Result<Self, BenchError> {
        let in_folder = |source| BenchError::File { path: scratch.path.clone(), source };
        let log = scratch.path.join("server.log");
        let log_file = File::create(&log).map_err(in_folder)?;
        let mut command = Command::new(env::current_exe().map_err(in_folder)?);
        command
            .args(["serve", "--init", "--auto-migrate", "--listen", "127.0.0.1:0"])
            .args(["--token-seconds", "86400", "--data"])
            .arg(&scratch.path)
            .env_remove("BANGFU_CONFIG")
            .env_remove("BANGFU_BLOBS")
            .env_remove("DATABASE_URL")
            .env_remove("BANGFU_MASTER_KEY_FILE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log_file);
        if let Some(url) = database_url {
            // In the environment, since others on this machine see a program's arguments.
            command.env("DATABASE_URL", url).arg("--master-key-file").arg(scratch.master_key()?);
        }
        let mut child = command.spawn().map_err(in_folder)?;
        let started = child.stdout.take().map(BufReader::new).and_then(|mut output| {
            let (base, token) = read_greeting(&mut output).ok()?;
            Some((base, token, output))
        });
        let Some((base, installation_token, output)) = started else {
            end(&mut child);
            return Err(BenchError::NotStarted(last_lines(&log)));
        };
        Ok(Self { base, installation_token, child, _output: output })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Ends this process and waits until it is gone.
fn end(child: &mut Child) {
    let ended = child.kill().and_then(|()| child.wait());
    if let Err(error) = ended {
        print_status(&format!("the server {} could not be ended: {error}", child.id()));
    }
}

/// Reads the address and the installation token that `serve` prints.
fn read_greeting(output: &mut impl BufRead) -> io::Result<(String, String)> {
    let mut base = None;
    let mut line = String::new();
    loop {
        line.clear();
        if output.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let words = line.split_whitespace();
        if let Some(address) = words.clone().find(|word| word.starts_with("http://")) {
            base = Some(address.to_owned());
        } else if let (Some(base), Some(token)) = (&base, line.strip_prefix("  ")) {
            return Ok((base.clone(), token.trim().to_owned()));
        }
    }
}

fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let (_, last) = lines.split_at(lines.len().saturating_sub(LOG_LINES));
    last.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_address_and_token() {
        let greeting = "listening on http://127.0.0.1:4711  (documentation at /docs)\n\
                        this city is not installed yet; the one-time installation token is\n  \
                        ABC\n";
        let found = read_greeting(&mut greeting.as_bytes()).unwrap();
        assert_eq!(found, ("http://127.0.0.1:4711".to_owned(), "ABC".to_owned()));
        assert!(read_greeting(&mut "".as_bytes()).is_err());
    }
}
