//! The outbox: what referrers have to be told, written in the unit of work that made it so.

use std::collections::BTreeMap;

use bangfu_domain::{
    aggregate::State, event::Event, referral::ReferralEvent, stream::StreamRef, time::Instant,
};
use diesel::prelude::*;

use crate::{
    error::StoreError,
    journal::{Entry, version_to_db},
    rows::Loaded,
    schema::outbox,
    sql_types::{DbInstant, DbUuid},
    write_batch::{WriteBatch, write_rows},
};

/// Whether the source of a referral has to be told of the event. What it did itself it knows.
fn is_news(event: &Event) -> bool {
    let Event::Referral(event) = event else { return false };
    match event {
        ReferralEvent::Accepted(_) | ReferralEvent::Declined(_) | ReferralEvent::Progressed(_) => {
            true
        }
        ReferralEvent::Received(_)
        | ReferralEvent::Withdrawn(_)
        | ReferralEvent::Acknowledged(_) => false,
    }
}

/// Writes what has to be told of these entries.
pub(crate) fn write(
    writes: &mut WriteBatch<'_, '_>,
    entries: &[Entry],
    after: &BTreeMap<StreamRef, Loaded<State>>,
    now: Instant,
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for entry in entries.iter().filter(|entry| is_news(&entry.event)) {
        let Some(State::Referral(referral)) = after.get(&entry.stream).map(|it| &it.value) else {
            continue;
        };
        rows.push((
            outbox::referral_id.eq(DbUuid(referral.id.as_uuid())),
            outbox::version.eq(version_to_db(entry.version)?),
            outbox::source_id.eq(DbUuid(referral.source.as_uuid())),
            outbox::unit_of_work.eq(DbUuid(entry.unit.as_uuid())),
            outbox::event_type.eq(entry.event.event_type().name),
            outbox::recorded_at.eq(DbInstant(now)),
        ));
    }
    write_rows!(writes, outbox::table, rows);
    Ok(())
}
