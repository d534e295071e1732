//! Derived tables are created by the program. A table whose declaration has changed is rebuilt from the journal, under
//! the lock of the migrations, instead of being migrated.

use bangfu_domain::stream::StreamKind;
use diesel::{Connection, connection::SimpleConnection, prelude::*};

use crate::{
    columns::{Dialect, DocumentTable},
    connection::{Conn, on_backend},
    error::StoreError,
    projection::documents,
    rebuild,
    schema::derived_tables,
};

/// The tables of documents that are not of the form that the program declares.
fn outdated(conn: &mut Conn<'_>) -> Result<Vec<(StreamKind, DocumentTable)>, StoreError> {
    let made: Vec<(String, String)> = on_backend!(conn, c => derived_tables::table.load(c))?;
    let is_made =
        |spec: &DocumentTable| made.iter().any(|(name, form)| name == spec.name && *form == spec.fingerprint());
    Ok(documents().into_iter().filter(|(_, spec)| !is_made(spec)).collect())
}

/// Whether a derived table has to be rebuilt.
pub(crate) fn is_pending(conn: &mut Conn<'_>) -> Result<bool, StoreError> {
    Ok(!outdated(conn)?.is_empty())
}

/// Rebuilds each table whose declaration has changed, and fills it from its streams, in one transaction, so that no
/// unit of work sees a table without its guards. Returns their names.
pub(crate) fn sync(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    let outdated = outdated(conn)?;
    if outdated.is_empty() {
        return Ok(Vec::new());
    }
    match conn {
        Conn::Sqlite(c) => c.immediate_transaction(|c| make(&mut Conn::Sqlite(c), &outdated)),
        Conn::Postgres(c) => c.transaction(|c| {
            c.batch_execute("LOCK TABLE journal IN EXCLUSIVE MODE")?;
            make(&mut Conn::Postgres(c), &outdated)
        }),
    }
}

fn make(conn: &mut Conn<'_>, outdated: &[(StreamKind, DocumentTable)]) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for (kind, spec) in outdated {
        match conn {
            Conn::Sqlite(c) => c.batch_execute(&spec.ddl(Dialect::Sqlite))?,
            Conn::Postgres(c) => c.batch_execute(&spec.ddl(Dialect::Postgres))?,
        }
        let streams = rebuild::refill(conn, *kind)?;
        tracing::info!(table = spec.name, streams, "made anew from the journal");
        let form = spec.fingerprint();
        let row = (derived_tables::name.eq(spec.name), derived_tables::form.eq(&form));
        on_backend!(conn, c => diesel::insert_into(derived_tables::table)
            .values(&row)
            .on_conflict(derived_tables::name)
            .do_update()
            .set(derived_tables::form.eq(&form))
            .execute(c))?;
        names.push(format!("table {}", spec.name));
    }
    Ok(names)
}
