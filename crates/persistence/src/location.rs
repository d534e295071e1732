//! The location of the database. The scheme of the URL chooses the kind.

use std::{fmt, path::PathBuf};

use crate::error::StoreError;

/// Where the data are. As text it has no password.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    Sqlite(PathBuf),
    Postgres(String),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(url) => f.write_str(&without_passwords(url)),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Location {
    /// Reads `postgres://…`, `postgresql://…` or `sqlite://path`. Anything else is an error, and so is
    /// a PostgreSQL server elsewhere without TLS. No error says anything that stands in the address.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        match url.split_once("://") {
            Some(("postgres" | "postgresql", rest)) => postgres(url, rest).map(Location::Postgres),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Location::Sqlite(path.into())),
            _ => {
                Err(wrong("it must begin with postgres:// or sqlite://, as in postgres://user:password@host/database"))
            }
        }
    }
}

fn wrong(what: &str) -> StoreError {
    StoreError::Setup(format!("the database's address (DATABASE_URL) cannot be used: {what}"))
}

/// What libpq would take otherwise than it was meant, and would then print with parts of the password.
fn refuse_ambiguous(authority: &str, path: &str, query: &str) -> Result<(), StoreError> {
    let encode = "in a user's name or password write % as %25, @ as %40, : as %3A, / as %2F, ? as %3F, \
                  # as %23 and a space as %20";
    let all = [authority, path, query];
    if all.iter().any(|part| part.chars().any(|it| it.is_whitespace() || it.is_control())) {
        return Err(wrong(&format!("it has spaces or control characters; {encode}")));
    }
    if !all.iter().all(|part| is_percent_encoded(part)) {
        return Err(wrong(&format!("it has a % that does not begin a code of two hexadecimal digits; {encode}")));
    }
    let (user, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    if user.contains('@') || path.contains('@') || query.contains('@') {
        return Err(wrong(&format!("it has an @ too many; {encode}")));
    }
    let port = |host: &str| host.rsplit_once(':').map(|(_, port)| port.to_owned());
    let bare = |host: &str| host.rsplit_once(']').map_or(host, |(_, rest)| rest).to_owned();
    let is_port = |port: String| port.parse::<u16>().is_ok();
    if !hosts.split(',').all(|host| port(&bare(host)).is_none_or(is_port)) {
        return Err(wrong(&format!("what follows the host's colon is no port; {encode}")));
    }
    let is_parameter = |pair: &str| pair.split_once('=').is_some_and(|(key, _)| !key.is_empty());
    if !query.is_empty() && !query.split('&').all(is_parameter) {
        return Err(wrong(&format!("after the ? stand name=value pairs, joined by &; {encode}")));
    }
    Ok(())
}

/// Whether every `%` begins a code, and none of them is of the byte 0.
fn is_percent_encoded(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| {
        let code: String = rest.chars().take(2).collect();
        code.len() == 2 && code.chars().all(|it| it.is_ascii_hexdigit()) && code != "00"
    })
}

/// The parameters of an address that are secrets.
const SECRET: [&str; 2] = ["password", "sslpassword"];

/// The parts of an address of `PostgreSQL`: scheme, authority, path and query.
fn parts(url: &str) -> (&str, &str, &str, &str) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = address.split_once('/').unwrap_or((address, ""));
    (scheme, authority, path, query)
}

/// The password of an address, if it has one in the place for it.
fn password(authority: &str) -> Option<&str> {
    authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')).map(|(_, password)| password)
}

/// The address for libpq's programs, and the password that goes to them in the environment: other users of the
/// machine see arguments.
pub(crate) fn for_programs(url: &str) -> (String, Option<String>) {
    let (scheme, authority, path, query) = parts(url);
    let secret = |pair: &&str| pair.split_once('=').is_some_and(|(key, _)| key == "password");
    let in_query = query.split('&').rfind(secret).and_then(|pair| pair.split_once('='));
    let given = in_query.map(|(_, value)| value).or_else(|| password(authority));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let user = authority.rsplit_once('@').map(|(user, _)| user.split(':').next().unwrap_or_default());
    let user = user.map_or(String::new(), |user| format!("{user}@"));
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !secret(pair)).collect();
    let mark = if rest.is_empty() { "" } else { "?" };
    (format!("{scheme}://{user}{host}/{path}{mark}{}", rest.join("&")), given.map(decoded))
}

/// The address with `***` in place of each password.
fn without_passwords(url: &str) -> String {
    let (scheme, authority, path, query) = parts(url);
    let authority = match authority.rsplit_once('@') {
        Some((user, host)) if user.contains(':') => {
            format!("{}:***@{host}", user.split(':').next().unwrap_or_default())
        }
        Some(_) | None => authority.to_owned(),
    };
    let hidden = |pair: &str| match pair.split_once('=') {
        Some((key, _)) if SECRET.contains(&key) => format!("{key}=***"),
        Some(_) | None => pair.to_owned(),
    };
    let query: Vec<String> = query.split('&').map(hidden).collect();
    let mark = if query.concat().is_empty() { "" } else { "?" };
    format!("{scheme}://{authority}/{path}{mark}{}", query.join("&"))
}

/// A text with its percent-encoded bytes decoded.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut pieces = text.split('%');
    bytes.extend(pieces.next().unwrap_or_default().bytes());
    for piece in pieces {
        let (code, rest) = piece.split_at_checked(2).unwrap_or((piece, ""));
        bytes.extend(u8::from_str_radix(code, 16).ok());
        bytes.extend(rest.bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Why libpq could not connect, without a password: where its message has one, the message is left out.
pub(crate) fn connect_error(url: &str, error: diesel::ConnectionError) -> StoreError {
    let (_, authority, _, query) = parts(url);
    let in_query = query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(key, _)| SECRET.contains(key));
    let secrets: Vec<&str> = in_query.map(|(_, value)| value).chain(password(authority)).collect();
    let message = error.to_string();
    let names = |secret: &str| !secret.is_empty() && message.contains(secret);
    if secrets.iter().any(|secret| names(secret) || names(&decoded(secret))) {
        return wrong("the message of the database's driver is left out, because the password stands in it");
    }
    StoreError::Unavailable(Box::new(error))
}

/// A server elsewhere is reached over TLS only. Parameters that could name another host are refused, so that the rule
/// cannot be bypassed.
fn postgres(url: &str, rest: &str) -> Result<String, StoreError> {
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = address.split_once('/').unwrap_or((address, ""));
    refuse_ambiguous(authority, path, query)?;
    let hosts = authority.rsplit('@').next().unwrap_or_default();
    let parameter = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.rev().find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let escaped = query.split('&').any(|p| p.split('=').next().is_some_and(|k| k.contains('%')));
    let beside = ["host", "hostaddr", "service", "servicefile"];
    if escaped || beside.iter().any(|name| parameter(name).is_some()) {
        return Err(wrong("name the host in the address, as in postgres://user@host/database"));
    }
    if hosts.split(',').all(is_here) {
        return Ok(url.to_owned());
    }
    match parameter("sslmode") {
        Some("require" | "verify-ca" | "verify-full") => Ok(url.to_owned()),
        Some(_) => Err(wrong("a PostgreSQL server that is not on this machine needs sslmode=require or stricter")),
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

    #[test]
    fn an_address_that_cannot_be_read_is_never_shown() {
        let wrong = [
            "postgres://u:geheim%zz@localhost/db",
            "postgres://u:geheim%@localhost/db",
            "postgres://u:geheim%00@localhost/db",
            "postgres://u:ge heim@localhost/db",
            "postgres://u:geheim\n@localhost/db",
            "postgres://u:geheim@x@localhost/db",
            "postgres://u:geheim/x@localhost/db",
            "postgres://u:7/geheim@localhost/db",
            "postgres://u:geheim?x@localhost/db",
            "postgres://u:7?geheim=x@localhost/db",
            "postgres://u@localhost/db?password=geheim%zz",
            "postgres://u@localhost/db?geheim",
            "host=localhost user=u password=geheim dbname=db",
            "mysql://u:geheim@localhost/db",
            "u:geheim@localhost/db",
        ];
        for address in wrong {
            let refused = Location::parse(address).unwrap_err().to_string();
            assert!(refused.contains("DATABASE_URL") && !refused.contains("geheim"), "{address}: {refused}");
        }
        assert!(Location::parse(wrong[0]).unwrap_err().to_string().contains("%25"));
    }

    #[test]
    fn an_address_is_shown_without_its_passwords() {
        let shown = |url: &str| Location::parse(url).unwrap().to_string();
        assert_eq!(shown("postgres://u:ge%40heim@[::1]:5432/db"), "postgres://u:***@[::1]:5432/db");
        let hidden = "postgres://u@localhost/db?password=***&sslpassword=***&application_name=x";
        assert_eq!(shown(&hidden.replace("***", "geheim")), hidden);
        assert_eq!(
            format!("{:?}", Location::parse("postgres://u:geheim@localhost").unwrap()),
            "postgres://u:***@localhost/"
        );
    }

    #[test]
    fn programs_are_given_the_password_apart() {
        let (address, password) = for_programs("postgres://u:ge%40heim@localhost/db?sslmode=disable");
        assert_eq!(
            (address.as_str(), password.as_deref()),
            ("postgres://u@localhost/db?sslmode=disable", Some("ge@heim"))
        );
        let (address, password) = for_programs("postgres://localhost/db?password=geheim");
        assert_eq!((address.as_str(), password.as_deref()), ("postgres://localhost/db", Some("geheim")));
    }

    #[test]
    fn a_message_with_the_password_is_left_out() {
        let url = "postgres://u:ge%40heim@localhost/db";
        let error = |text: &str| connect_error(url, diesel::ConnectionError::BadConnection(text.to_owned()));
        let logged =
            |error: StoreError| format!("{error} {:?}", std::error::Error::source(&error).map(ToString::to_string));
        assert!(!logged(error("no such host: ge@heim")).contains("heim"));
        assert!(!logged(error("invalid token: ge%40heim")).contains("heim"));
        assert!(logged(error("password authentication failed")).contains("authentication failed"));
    }
}
