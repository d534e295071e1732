//! Which database: chosen by the URL's scheme, and never by trying.

use std::path::PathBuf;

use crate::error::StoreError;

/// Where the data are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// An embedded SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database, by its URL.
    Postgres(String),
}

impl Location {
    /// Reads `postgres://…`, `postgresql://…` or `sqlite://path`. Anything else is an error, and so is
    /// a PostgreSQL server elsewhere without TLS.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        match url.split_once("://") {
            Some(("postgres" | "postgresql", rest)) => postgres(url, rest).map(Location::Postgres),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Location::Sqlite(path.into())),
            _ => Err(StoreError::Setup(
                "DATABASE_URL must begin with postgres:// or sqlite://".to_owned(),
            )),
        }
    }
}

fn postgres(url: &str, rest: &str) -> Result<String, StoreError> {
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let loopback = ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|name| host == *name || host.strip_prefix(name).is_some_and(|r| r.starts_with(':')));
    // Without a host libpq takes the Unix socket, which does not leave the machine.
    if loopback || host.is_empty() {
        return Ok(url.to_owned());
    }
    let mode = rest
        .split_once('?')
        .into_iter()
        .flat_map(|(_, query)| query.split('&'))
        .find_map(|pair| pair.strip_prefix("sslmode="));
    match mode {
        Some("require" | "verify-ca" | "verify-full") => Ok(url.to_owned()),
        Some(_) => Err(StoreError::Setup(
            "a PostgreSQL server that is not on this machine needs sslmode=require or stricter"
                .to_owned(),
        )),
        None => {
            let separator = if url.contains('?') { '&' } else { '?' };
            Ok(format!("{url}{separator}sslmode=require"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides() {
        assert_eq!(
            Location::parse("sqlite:///var/lib/x.db").unwrap(),
            Location::Sqlite("/var/lib/x.db".into())
        );
        let local = "postgres://u@127.0.0.1:5432/city";
        assert_eq!(Location::parse(local).unwrap(), Location::Postgres(local.to_owned()));
        for wrong in ["host=db dbname=city", "mysql://db/city", "city.db", "", "sqlite://"] {
            assert!(Location::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn elsewhere_needs_tls() {
        assert_eq!(
            Location::parse("postgres://u:p@db.city.cn/x").unwrap(),
            Location::Postgres("postgres://u:p@db.city.cn/x?sslmode=require".to_owned())
        );
        assert!(Location::parse("postgres://db/x?sslmode=disable").is_err());
        assert!(Location::parse("postgres://localhost.evil.example/x?sslmode=prefer").is_err());
        assert!(Location::parse("postgres://db/x?sslmode=verify-full").is_ok());
    }
}
