//! Derived tables are created by the program. A table whose declaration has changed is rebuilt from the journal, under
//! the lock of the migrations, instead of being migrated.

use std::collections::HashMap;

use diesel::{Connection, connection::SimpleConnection, prelude::*};

use crate::{
    columns::Dialect,
    connection::{Conn, on_backend},
    error::StoreError,
    projection::{PROJECTIONS, Projection},
    rebuild,
    schema::derived_tables,
};

/// The tables that are not of the form that the program declares.
fn outdated(conn: &mut Conn<'_>) -> Result<Vec<&'static Projection>, StoreError> {
    let made: HashMap<String, String> = on_backend!(conn, c => derived_tables::table.load(c))?.into_iter().collect();
    let is_made = |it: &Projection| made.get(it.table.name).is_some_and(|form| *form == it.table.fingerprint());
    Ok(PROJECTIONS.iter().copied().filter(|it| !is_made(it)).collect())
}

/// Whether a derived table has to be rebuilt.
pub(crate) fn is_pending(conn: &mut Conn<'_>) -> Result<bool, StoreError> {
    Ok(!outdated(conn)?.is_empty())
}

/// Recreates the tables whose declaration has changed, and fills them from the journal, in one transaction, so that no
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

/// Drops every derived table that is there.
pub(crate) fn drop_all(conn: &mut Conn<'_>) -> Result<(), StoreError> {
    for Projection { table, .. } in PROJECTIONS {
        let drop = format!("DROP TABLE IF EXISTS {}", table.name);
        on_backend!(conn, c => c.batch_execute(&drop))?;
    }
    Ok(())
}

fn make(conn: &mut Conn<'_>, outdated: &[&Projection]) -> Result<Vec<String>, StoreError> {
    for Projection { table, .. } in outdated {
        match conn {
            Conn::Sqlite(c) => c.batch_execute(&table.ddl(Dialect::Sqlite))?,
            Conn::Postgres(c) => c.batch_execute(&table.ddl(Dialect::Postgres))?,
        }
    }
    let streams = rebuild::refill(conn, outdated)?.streams;
    for Projection { table, .. } in outdated {
        tracing::info!(table = table.name, streams, "rebuilt from the journal");
        let form = table.fingerprint();
        let row = (derived_tables::name.eq(table.name), derived_tables::form.eq(&form));
        on_backend!(conn, c => diesel::insert_into(derived_tables::table)
            .values(&row)
            .on_conflict(derived_tables::name)
            .do_update()
            .set(derived_tables::form.eq(&form))
            .execute(c))?;
    }
    Ok(outdated.iter().map(|it| format!("table {}", it.table.name)).collect())
}
