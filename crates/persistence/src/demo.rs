//! The mark and the clock of a demonstration: one row, which only a demonstration's database has.
//!
//! While the demonstration acts, it sets its clock; afterwards the clock runs at normal speed. Every command on such a
//! database reads this clock.

use std::sync::{Arc, Mutex, PoisonError};

use bangfu_domain::{invalid::Invalid, time::Instant};
use diesel::{prelude::*, upsert::excluded};

use crate::{
    clock::Clock,
    connection::{Conn, on_backend},
    error::StoreError,
    schema::{demo, journal, system_keys},
    sql_types::DbInstant,
};

/// The key of the one row.
const ROW: i32 = 1;

/// A demonstration that is to begin where none has begun yet.
#[derive(Debug, Clone)]
pub struct NewDemo {
    /// Its plan in its own format, stored so that a restart continues with the same plan.
    pub plan: String,
    pub begins_at: Instant,
}

/// A demonstration's mark.
#[derive(Clone)]
pub struct Demo {
    pub plan: String,
    clock: Arc<DemoClock>,
}

impl Demo {
    /// Whether the demonstration has ended and its clock runs.
    pub fn is_over(&self) -> bool {
        matches!(*self.clock.lock(), Time::Runs { .. })
    }

    /// The clock, for the store.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }
}

/// A clock that is stopped until it is released.
struct DemoClock {
    time: Mutex<Time>,
    wall: Arc<dyn Clock>,
}

#[derive(Debug, Clone, Copy)]
enum Time {
    Stands(Instant),
    Runs { from: Instant, since: Instant },
}

impl DemoClock {
    fn lock(&self) -> std::sync::MutexGuard<'_, Time> {
        self.time.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for DemoClock {
    fn now(&self) -> Result<Instant, Invalid> {
        let time = *self.lock();
        match time {
            Time::Stands(at) => Ok(at),
            Time::Runs { from, since } => {
                let passed = self.wall.now()?.as_micros() - since.as_micros();
                Instant::from_micros(from.as_micros() + passed.max(0))
            }
        }
    }
}

/// The mark of the database, if it is a demonstration's.
pub(crate) fn find(conn: &mut Conn<'_>, wall: &Arc<dyn Clock>) -> Result<Option<Demo>, StoreError> {
    let row: Option<(String, DbInstant, Option<DbInstant>)> = on_backend!(conn, c => demo::table
        .find(ROW)
        .select((demo::plan, demo::clock_at, demo::runs_since))
        .get_result(c)
        .optional())?;
    Ok(row.map(|(plan, clock_at, runs_since)| {
        let time = match runs_since {
            None => Time::Stands(clock_at.0),
            Some(since) => Time::Runs { from: clock_at.0, since: since.0 },
        };
        let clock = DemoClock { time: Mutex::new(time), wall: Arc::clone(wall) };
        Demo { plan, clock: Arc::new(clock) }
    }))
}

/// Marks an empty database as a demonstration's. A database that is marked and begun stays as it is; one that a city's
/// server has used is refused, installed or not.
pub(crate) fn begin(conn: &mut Conn<'_>, new: &NewDemo) -> Result<(), StoreError> {
    let marked: Option<i32> = on_backend!(conn, c => demo::table.find(ROW).select(demo::id).get_result(c).optional())?;
    let event: Option<i32> = on_backend!(conn, c => journal::table.select(journal::version).first(c).optional())?;
    let keys = system_keys::table.select(system_keys::version);
    let key: Option<i32> = on_backend!(conn, c => keys.first(c).optional())?;
    match (marked, event, key) {
        (Some(_), Some(_), _) => return Ok(()),
        (Some(_), None, _) | (None, None, None) => {}
        (None, Some(_), _) | (None, None, Some(_)) => {
            return Err(StoreError::Setup(
                "this database is a city's: a demonstration needs an empty one of its own".to_owned(),
            ));
        }
    }
    let row = (
        demo::id.eq(ROW),
        demo::plan.eq(&new.plan),
        demo::clock_at.eq(DbInstant(new.begins_at)),
        demo::runs_since.eq(None::<DbInstant>),
    );
    // Before the demonstration has begun, another plan replaces the stored one.
    on_backend!(conn, c => diesel::insert_into(demo::table)
        .values(&row)
        .on_conflict(demo::id)
        .do_update()
        .set((
            demo::plan.eq(excluded(demo::plan)),
            demo::clock_at.eq(excluded(demo::clock_at)),
        ))
        .execute(c))?;
    Ok(())
}

/// Sets the clock forward to an instant, first in the database. It never goes back: if the clock in the database is
/// later already, another process moves it, and this one has to stop.
pub(crate) fn put_forward(conn: &mut Conn<'_>, of: &Demo, to: Instant) -> Result<Instant, StoreError> {
    let now = of.clock.now()?;
    if to <= now || of.is_over() {
        return Ok(now);
    }
    let row = demo::table.find(ROW).filter(demo::runs_since.is_null()).filter(demo::clock_at.lt(DbInstant(to)));
    let set = demo::clock_at.eq(DbInstant(to));
    let moved = on_backend!(conn, c => diesel::update(row).set(set).execute(c))?;
    if moved == 1 { Ok(to) } else { Err(another_moves_it()) }
}

/// Lets the clock run from its present instant.
pub(crate) fn let_go(conn: &mut Conn<'_>, of: &Demo) -> Result<Instant, StoreError> {
    let since = of.clock.wall.now()?;
    let row = demo::table.find(ROW).filter(demo::runs_since.is_null());
    let set = demo::runs_since.eq(Some(DbInstant(since)));
    let moved = on_backend!(conn, c => diesel::update(row).set(set).execute(c))?;
    if moved == 1 { Ok(since) } else { Err(another_moves_it()) }
}

fn another_moves_it() -> StoreError {
    StoreError::Setup("another process moves this demonstration's clock: let one run alone".to_owned())
}

impl Demo {
    /// The clock is set to another instant, as now in the database.
    pub(crate) fn stands(&self, at: Instant) {
        let mut time = self.clock.lock();
        if let Time::Stands(before) = *time {
            *time = Time::Stands(at.max(before));
        }
    }

    /// The clock runs, as now in the database.
    pub(crate) fn runs(&self, since: Instant) {
        let mut time = self.clock.lock();
        if let Time::Stands(from) = *time {
            *time = Time::Runs { from, since };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Wall(Mutex<i64>);

    impl Clock for Wall {
        fn now(&self) -> Result<Instant, Invalid> {
            Instant::from_micros(*self.0.lock().unwrap())
        }
    }

    #[test]
    fn the_clock_stands_until_it_is_let_go_and_never_goes_back() {
        let at = |micros| Instant::from_micros(micros).unwrap();
        let wall = Arc::new(Wall(Mutex::new(9_000_000)));
        let clock = Arc::new(DemoClock { time: Mutex::new(Time::Stands(at(1_000))), wall: wall.clone() });
        let demo = Demo { plan: String::new(), clock: clock.clone() };
        *wall.0.lock().unwrap() += 50;
        assert_eq!(clock.now(), Ok(at(1_000)));
        demo.stands(at(3_000));
        demo.stands(at(2_000));
        assert_eq!(clock.now(), Ok(at(3_000)));
        assert!(!demo.is_over());
        demo.runs(at(9_000_050));
        *wall.0.lock().unwrap() += 7;
        assert_eq!(clock.now(), Ok(at(3_007)));
        *wall.0.lock().unwrap() = 0;
        assert_eq!(clock.now(), Ok(at(3_000)));
        demo.stands(at(8_000));
        assert_eq!(clock.now(), Ok(at(3_000)));
        assert!(demo.is_over());
    }
}
