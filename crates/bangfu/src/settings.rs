//! Settings: read once, from the command line and the environment.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use bangfu_app::identity::Lifetimes;
use bangfu_http::{
    edge::cors::Origin,
    server::{ServerSettings, TokenSettings},
};
use bangfu_persistence::{
    Location, MasterKey, NewDemo, Options, Store, StoreError,
    clock::{Clock, SystemClock},
    inspect,
};
use clap::Args;

/// The name of the database file in the data folder.
const DATABASE_FILE: &str = "bangfu.db";
/// The name of the master key's file in the data folder.
const MASTER_KEY_FILE: &str = "master.key";

/// The name of the folder of blobs in the data folder.
const BLOBS_FOLDER: &str = "blobs";

/// Variables by which libpq would go elsewhere than the database's address says.
const ELSEWHERE: [&str; 3] = ["PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE"];

/// Whether the database must be there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// A missing one is a mistake: the folder or the address is not the one that was meant.
    Required,
    /// A missing one is made.
    NotYet,
}

impl Existing {
    /// What `--init` says.
    pub const fn of(init: bool) -> Self {
        if init { Self::NotYet } else { Self::Required }
    }
}

/// The settings of `serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub server: ServerArgs,
    /// Migrate a PostgreSQL database at the start. An embedded one always is.
    #[arg(long, env = "BANGFU_AUTO_MIGRATE")]
    pub auto_migrate: bool,
}

/// Where the data are.
#[derive(Debug, Clone, Args)]
pub struct PlaceArgs {
    /// The database: `postgres://…` or `sqlite://path`. Without it, SQLite in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The folder of the embedded database and its master key.
    #[arg(long, env = "BANGFU_DATA", default_value = "data")]
    pub data: PathBuf,
}

/// Where the data are, and the key to them.
#[derive(Debug, Clone, Args)]
pub struct DatabaseArgs {
    #[command(flatten)]
    pub place: PlaceArgs,
    /// A file with the master key: 32 random bytes in base64 (`openssl rand -base64 32`). Required with
    /// PostgreSQL; an embedded database makes its own, and so does a demonstration.
    #[arg(long, env = "BANGFU_MASTER_KEY_FILE")]
    pub master_key_file: Option<PathBuf>,
    /// The folder of attached files, which are sealed. An embedded database has one beside it. On PostgreSQL there are
    /// no attachments without one; all servers of a database share it.
    #[arg(long, env = "BANGFU_BLOBS")]
    pub blobs: Option<PathBuf>,
}

/// The settings are wrong, or a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    /// The environment would lead the connection elsewhere.
    #[error("unset {0}: it would lead the connection elsewhere than DATABASE_URL says")]
    Elsewhere(&'static str),
    /// The embedded database is not there.
    #[error("{0}: there is no database; --data names its folder")]
    NoDatabase(PathBuf),
    /// There is no city where one is expected.
    #[error(
        "{0}: there is no city's database here. If a new city is to begin, say so once with --init; \
         if there is one already, --data names its folder, or --database-url (DATABASE_URL) its address"
    )]
    NoCity(Location),
    /// PostgreSQL without a master key.
    #[error(
        "PostgreSQL needs a master key of yours: make one with `openssl rand -base64 32 > master.key`, \
         keep a copy in a safe place, and name it with --master-key-file or BANGFU_MASTER_KEY_FILE"
    )]
    MasterKeyRequired,
    /// The database could not be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PlaceArgs {
    /// Which database.
    pub fn location(&self) -> Result<Location, ConfigError> {
        match &self.database_url {
            Some(url) => {
                refuse_elsewhere()?;
                Ok(Location::parse(url)?)
            }
            None => Ok(Location::Sqlite(self.data.join(DATABASE_FILE))),
        }
    }
}

/// What a backup is made of, as settings say.
pub struct Opened {
    pub store: Store,
    pub location: Location,
    pub master_key: MasterKey,
}

impl DatabaseArgs {
    fn location(&self) -> Result<Location, ConfigError> {
        self.place.location()
    }

    /// Which database. Where there is none it is refused, or its folder is made.
    pub fn location_for(&self, existing: Existing) -> Result<Location, ConfigError> {
        let location = self.location()?;
        match existing {
            Existing::Required if inspect::is_empty(&location)? => return Err(ConfigError::NoCity(location)),
            Existing::NotYet if self.place.database_url.is_none() => {
                fs::create_dir_all(&self.place.data).map_err(|e| file_error(&self.place.data, e))?;
            }
            Existing::Required | Existing::NotYet => {}
        }
        Ok(location)
    }

    /// Opens a database that is there already, as it is: nothing is made or migrated, and no folder of blobs is opened.
    pub fn open_existing(&self) -> Result<Store, ConfigError> {
        let location = self.location()?;
        open_as_it_is(location.clone(), &self.key_file(&location)?, None)
    }

    /// The same with its attached files, where it has any, and with what else a backup needs.
    pub fn open_for_backup(&self) -> Result<Opened, ConfigError> {
        let location = self.location()?;
        let key = self.key_file(&location)?;
        let blobs = self.blobs(&location).filter(|folder| folder.exists());
        let store = open_as_it_is(location.clone(), &key, blobs)?;
        Ok(Opened { store, location, master_key: read_key(&key)? })
    }

    fn key_file(&self, location: &Location) -> Result<PathBuf, ConfigError> {
        let key = self.master_key_file.clone().or_else(|| beside(location, MASTER_KEY_FILE));
        key.ok_or(ConfigError::MasterKeyRequired)
    }

    /// The same for a demonstration's database, with the master key that it made, where none is named.
    pub fn open_existing_demo(&self) -> Result<Store, ConfigError> {
        let location = self.location()?;
        let key = self.master_key_file.clone().unwrap_or_else(|| self.key_of_demo(&location));
        open_as_it_is(location, &key, None)
    }

    /// Where a demonstration keeps the master key that it makes: beside an embedded database, else in the data
    /// folder.
    fn key_of_demo(&self, location: &Location) -> PathBuf {
        beside(location, MASTER_KEY_FILE).unwrap_or_else(|| self.place.data.join(MASTER_KEY_FILE))
    }

    fn blobs(&self, location: &Location) -> Option<PathBuf> {
        self.blobs.clone().or_else(|| beside(location, BLOBS_FOLDER))
    }

    /// Opens the database. An embedded one is always migrated, and a new one gets a master key.
    pub fn open(&self, existing: Existing, auto_migrate: bool) -> Result<Store, ConfigError> {
        let location = self.location_for(existing)?;
        let beside = beside(&location, MASTER_KEY_FILE);
        let migrate = beside.is_some() || auto_migrate;
        let master_key = self.master_key(beside, existing)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let blobs = self.blobs(&location);
        Ok(Store::open(&Options { location, master_key, clock, migrate, blobs })?)
    }

    /// Opens a demonstration's database, migrated, or makes an empty one a demonstration's. It makes its own
    /// master key on PostgreSQL as well, in the data folder.
    pub fn open_demo(&self, new: &NewDemo) -> Result<Store, ConfigError> {
        let location = self.location()?;
        fs::create_dir_all(&self.place.data).map_err(|e| file_error(&self.place.data, e))?;
        let master_key = self.master_key(Some(self.key_of_demo(&location)), Existing::NotYet)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let blobs = self.blobs(&location);
        let options = Options { location, master_key, clock, migrate: true, blobs };
        Ok(Store::open_demo(&options, new)?)
    }

    /// Makes the master key of a new embedded database where it is missing.
    pub fn make_own_key(&self) -> Result<(), ConfigError> {
        match beside(&self.location()?, MASTER_KEY_FILE) {
            Some(own) => self.master_key(Some(own), Existing::NotYet).map(drop),
            None => Ok(()),
        }
    }

    /// The key in the file named, or of an embedded database in the file beside it. A new database's is made.
    fn master_key(&self, beside: Option<PathBuf>, existing: Existing) -> Result<MasterKey, ConfigError> {
        let may_be_made = beside.is_some() && existing == Existing::NotYet;
        let path = self.master_key_file.clone().or(beside).ok_or(ConfigError::MasterKeyRequired)?;
        match fs::read_to_string(&path) {
            Ok(text) => Ok(MasterKey::parse(&text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound && may_be_made => make_key(&path),
            Err(error) => Err(file_error(&path, error)),
        }
    }
}

/// Refuses an environment that would lead a connection to PostgreSQL elsewhere than the database's address says.
pub fn refuse_elsewhere() -> Result<(), ConfigError> {
    match ELSEWHERE.iter().find(|name| std::env::var_os(name).is_some()) {
        Some(name) => Err(ConfigError::Elsewhere(name)),
        None => Ok(()),
    }
}

/// Reads a key from its file.
pub fn read_key(path: &Path) -> Result<MasterKey, ConfigError> {
    let text = fs::read_to_string(path).map_err(|error| file_error(path, error))?;
    Ok(MasterKey::parse(&text)?)
}

fn open_as_it_is(location: Location, key: &Path, blobs: Option<PathBuf>) -> Result<Store, ConfigError> {
    if let Location::Sqlite(path) = &location
        && !path.exists()
    {
        return Err(ConfigError::NoDatabase(path.clone()));
    }
    let (master_key, clock) = (read_key(key)?, Arc::new(SystemClock));
    Ok(Store::open(&Options { location, master_key, clock, migrate: false, blobs })?)
}

/// The place of something that lies beside an embedded database.
fn beside(location: &Location, name: &str) -> Option<PathBuf> {
    match location {
        Location::Sqlite(path) => path.parent().map(|folder| folder.join(name)),
        Location::Postgres(_) => None,
    }
}

/// Makes the key of an embedded database, in a file that only its owner can read.
fn make_key(path: &Path) -> Result<MasterKey, ConfigError> {
    let key = MasterKey::generate();
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| {
            writeln!(file, "{}", key.to_text().as_str())?;
            file.sync_all()
        })
        .map_err(|error| file_error(path, error))?;
    tracing::warn!(
        path = %path.display(),
        "made a master key: without it nothing sealed can be opened, so keep a copy elsewhere"
    );
    Ok(key)
}

fn file_error(path: &Path, source: io::Error) -> ConfigError {
    ConfigError::File { path: path.to_owned(), source }
}

/// How the server listens and names itself.
#[derive(Debug, Clone, Args)]
pub struct ServerArgs {
    /// The address to listen on.
    #[arg(long, env = "BANGFU_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// An origin whose web pages may call the API from a browser, such as `https://bangfu.example.cn`. May be given
    /// several times, or in the environment with commas between.
    #[arg(long = "cors-origin", env = "BANGFU_CORS_ORIGINS", value_name = "ORIGIN", value_delimiter = ',')]
    pub cors_origins: Vec<Origin>,
    /// The tokens that it gives.
    #[command(flatten)]
    pub tokens: TokenArgs,
}

/// What access tokens say, and for how long.
#[derive(Debug, Clone, Args)]
pub struct TokenArgs {
    /// The issuer that access tokens name: the server's address as clients know it.
    #[arg(long, env = "BANGFU_ISSUER", default_value = "http://127.0.0.1:8080")]
    pub issuer: String,
    /// For how many seconds an access token is valid.
    #[arg(long, env = "BANGFU_TOKEN_SECONDS", default_value_t = 8 * 3_600,
        value_parser = clap::value_parser!(i64).range(60..=31 * 86_400))]
    pub token_seconds: i64,
    /// For how many seconds a person may renew tokens after signing in. No token of theirs outlives that.
    #[arg(long, env = "BANGFU_SESSION_SECONDS", default_value_t = 12 * 3_600,
        value_parser = clap::value_parser!(i64).range(60..=31 * 86_400))]
    pub session_seconds: i64,
}

impl From<ServerArgs> for ServerSettings {
    fn from(args: ServerArgs) -> Self {
        Self { listen: args.listen, tokens: args.tokens.into(), cors_origins: args.cors_origins }
    }
}

impl From<TokenArgs> for TokenSettings {
    fn from(args: TokenArgs) -> Self {
        let TokenArgs { issuer, token_seconds, session_seconds } = args;
        Self { issuer, lifetimes: Lifetimes { token_seconds, session_seconds } }
    }
}
