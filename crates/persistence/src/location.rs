//! The location of the database. The scheme of the URL chooses the kind.

use std::path::PathBuf;

use crate::error::StoreError;

/// Where the data are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Location {
    /// Reads `postgres://…`, `postgresql://…` or `sqlite://path`. Anything else is an error, and so is
    /// a PostgreSQL server elsewhere without TLS.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        match url.split_once("://") {
            Some(("postgres" | "postgresql", rest)) => postgres(url, rest).map(Location::Postgres),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Location::Sqlite(path.into())),
            _ => Err(StoreError::Setup("DATABASE_URL must begin with postgres:// or sqlite://".to_owned())),
        }
    }
}

/// A server elsewhere is reached over TLS only. Parameters that could name another host are refused, so that the rule
/// cannot be bypassed.
fn postgres(url: &str, rest: &str) -> Result<String, StoreError> {
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = address.split('/').next().unwrap_or_default();
    let hosts = authority.rsplit('@').next().unwrap_or_default();
    let parameter = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.rev().find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let escaped = query.split('&').any(|p| p.split('=').next().is_some_and(|k| k.contains('%')));
    let beside = ["host", "hostaddr", "service", "servicefile"];
    if escaped || beside.iter().any(|name| parameter(name).is_some()) {
        return Err(StoreError::Setup("name the host in the address, as in postgres://user@host/database".to_owned()));
    }
    if hosts.split(',').all(is_here) {
        return Ok(url.to_owned());
    }
    match parameter("sslmode") {
        Some("require" | "verify-ca" | "verify-full") => Ok(url.to_owned()),
        Some(_) => Err(StoreError::Setup(
            "a PostgreSQL server that is not on this machine needs sslmode=require or stricter".to_owned(),
        )),
        None => {
            let separator = if url.contains('?') { '&' } else { '?' };
            Ok(format!("{url}{separator}sslmode=require"))
        }
    }
}

/// Whether a host with its port is this machine.
fn is_here(host: &str) -> bool {
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|name| host.strip_prefix(name).is_some_and(|r| r.is_empty() || r.starts_with(':')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides() {
        assert_eq!(Location::parse("sqlite:///var/lib/x.db").unwrap(), Location::Sqlite("/var/lib/x.db".into()));
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
        // Without a host libpq would ask the environment.
        let socket = Location::parse("postgres://u@/x").unwrap();
        assert_eq!(socket, Location::Postgres("postgres://u@/x?sslmode=require".to_owned()));
    }

    #[test]
    fn no_way_around_the_address() {
        for sly in [
            "postgres://u@/x?host=db.city.cn",
            "postgres://u@localhost/x?hostaddr=10.0.0.1",
            "postgres://u@localhost/x?service=far",
            "postgres://u@localhost/x?%68ost=db.city.cn",
            "postgres://u@localhost,db.city.cn/x?sslmode=disable",
            "postgres://db/x?sslmode=require&sslmode=disable",
        ] {
            assert!(Location::parse(sly).is_err(), "{sly}");
        }
        let several = Location::parse("postgres://localhost:1,db:2/x").unwrap();
        let Location::Postgres(url) = several else { panic!("not PostgreSQL") };
        assert!(url.ends_with("?sslmode=require"));
    }
}
