//! The access log: who opened which personal values, when and why.

use bangfu_domain::{actor::Actor, record::RecordRef, time::Instant, vault::Group};
use diesel::prelude::*;
use uuid::Uuid;

use crate::{
    connection::{Conn, on_backend},
    error::StoreError,
    schema::access_log,
    sql_types::{DbInstant, DbUuid},
};

/// One opening of personal values.
#[derive(Debug, Clone)]
pub struct AccessRecord {
    /// Whose values: the record that holds them.
    pub record: RecordRef,
    pub groups: Vec<Group>,
    pub reason: String,
}

pub(crate) fn write(
    conn: &mut Conn<'_>,
    id: Uuid,
    access: &AccessRecord,
    actor: &Actor,
    now: Instant,
) -> Result<(), StoreError> {
    let groups: Vec<&str> = access.groups.iter().map(|group| group.code()).collect();
    let row = (
        access_log::id.eq(DbUuid(id)),
        access_log::accessed_at.eq(DbInstant(now)),
        access_log::actor.eq(actor.to_string()),
        access_log::record_kind.eq(access.record.kind.code()),
        access_log::record_id.eq(DbUuid(access.record.id)),
        access_log::groups.eq(groups.join(",")),
        access_log::reason.eq(&access.reason),
    );
    on_backend!(conn, c => diesel::insert_into(access_log::table).values(&row).execute(c))?;
    Ok(())
}
