//! The stored sums of postings: the balances of each fund, and the used part of each cap.
//!
//! A running server adds to the sums with conditional updates, in the unit of work that posts. A rebuild sums up all
//! events first. So comparing the two checks both.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bangfu_domain::{
    ids::{FundId, PersonId},
    money::Fen,
    posting::FundAccount,
    relief::{CapChange, CapCounter, CapKey},
    stream::StreamKind,
};
use diesel::prelude::*;
use uuid::Uuid;

use crate::{
    columns::derived_table,
    connection::{Conn, on_backend},
    error::StoreError,
    journal::EntryWithEffects,
    sql_types::DbUuid,
    write_batch::{WriteBatch, write_rows},
};

derived_table! {
    /// The balances of a fund, in fen: the sums of its postings. None of them is ever below zero.
    FundBalanceRow in fund_balances (fund_id), form 1 {
        columns {
            fund_id: Uuid;
            available: BigInt;
            held: BigInt;
            in_transit: BigInt;
            paid: BigInt;
        }
        indexes {}
        checks {
            available_check "available >= 0";
            held_check "held >= 0";
            in_transit_check "in_transit >= 0";
            paid_check "paid >= 0";
        }
    }
}

derived_table! {
    /// What was approved and not cancelled, per cap 救助限额. Year 0 is for ever.
    CapRow in cap_counters (scope, subject_id, year), form 1 {
        columns {
            scope: Text;
            subject_id: Uuid;
            year: Integer;
            amount: BigInt;
            times: Integer;
        }
        indexes {}
        checks {
            amount_check "amount >= 0";
            times_check "times >= 0";
        }
    }
}

/// The balances of a fund, in fen. As a change it may be below zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Balances {
    available: i64,
    held: i64,
    in_transit: i64,
    paid: i64,
}

impl Balances {
    fn add(&mut self, account: FundAccount, amount: i64) {
        match account {
            FundAccount::Source => {}
            FundAccount::Available => self.available += amount,
            FundAccount::Held => self.held += amount,
            FundAccount::InTransit => self.in_transit += amount,
            FundAccount::Paid => self.paid += amount,
        }
    }
}

/// What is added to one cap's counter, and the limits under which.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counted {
    amount: i64,
    times: i64,
    limit: i64,
    times_limit: Option<i64>,
}

/// Sums of what postings and caps add up to.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    opened: BTreeSet<Uuid>,
    funds: BTreeMap<Uuid, Balances>,
    caps: BTreeMap<CapKey, Counted>,
}

impl Sums {
    /// Adds what the events move and count. A fund's first event opens it.
    pub fn count(&mut self, entries: &[EntryWithEffects]) {
        for EntryWithEffects { entry, effects } in entries {
            if entry.stream.kind == StreamKind::Fund && entry.version == 1 {
                self.opened.insert(entry.stream.id);
            }
            self.count_caps(&effects.caps_taken, 1);
            self.count_caps(&effects.caps_released, -1);
            for posting in &effects.postings {
                let fund = self.funds.entry(posting.fund.as_uuid()).or_default();
                fund.add(posting.debit, posting.amount.get());
                fund.add(posting.credit, -posting.amount.get());
            }
        }
    }

    fn count_caps(&mut self, uses: &[CapChange], sign: i64) {
        for CapChange { key, amount, times, limit, times_limit } in uses {
            let counted = self.caps.entry(*key).or_default();
            counted.amount += sign * amount.get();
            counted.times += sign * i64::from(*times);
            counted.limit = limit.get();
            counted.times_limit = times_limit.map(i64::from);
        }
    }

    /// Adds to the stored sums, caps before funds and each in order. If a sum would pass a limit or fall below zero,
    /// the decision was based on state that has changed since, and the work is done again.
    pub fn write(self, writes: &mut WriteBatch<'_, '_>) -> Result<(), StoreError> {
        let conn = writes.flushed_connection()?;
        for (key, counted) in self.caps {
            if add_to_cap(conn, &key, &counted)? != 1 {
                return Err(StoreError::StaleRead);
            }
        }
        let opened: Vec<_> = self.opened.into_iter().map(|id| balance_row(id, Balances::default())).collect();
        write_rows!(writes, fund_balances::table, opened);
        let conn = writes.flushed_connection()?;
        for (fund, change) in self.funds {
            if change != Balances::default() && add_to_fund(conn, fund, &change)? != 1 {
                return Err(StoreError::StaleRead);
            }
        }
        Ok(())
    }

    /// Writes the balances of all funds into an empty table.
    pub fn write_balances(&self, writes: &mut WriteBatch<'_, '_>) -> Result<(), StoreError> {
        let mut funds = self.funds.clone();
        for id in &self.opened {
            funds.entry(*id).or_default();
        }
        let rows: Vec<FundBalanceRow> = funds.into_iter().map(|(id, it)| balance_row(id, it)).collect();
        write_rows!(writes, fund_balances::table, rows);
        Ok(())
    }

    /// Writes the counters of all caps into an empty table.
    pub fn write_caps(&self, writes: &mut WriteBatch<'_, '_>) -> Result<(), StoreError> {
        let rows = self.caps.iter().map(|(key, it)| cap_row(key, it));
        let rows: Vec<CapRow> = rows.collect::<Result<_, _>>()?;
        write_rows!(writes, cap_counters::table, rows);
        Ok(())
    }
}

fn balance_row(fund: Uuid, it: Balances) -> FundBalanceRow {
    let Balances { available, held, in_transit, paid } = it;
    FundBalanceRow { fund_id: DbUuid(fund), available, held, in_transit, paid }
}

fn cap_row(key: &CapKey, counted: &Counted) -> Result<CapRow, StoreError> {
    let out_of_range = |_| StoreError::InternalValue(bangfu_domain::invalid::Invalid::OutOfRange);
    Ok(CapRow {
        scope: key.scope.code().to_owned(),
        subject_id: DbUuid(key.subject.as_uuid()),
        year: i32::from(key.year),
        amount: counted.amount,
        times: i32::try_from(counted.times).map_err(out_of_range)?,
    })
}

fn add_to_fund(conn: &mut Conn<'_>, fund: Uuid, change: &Balances) -> Result<usize, StoreError> {
    let Balances { available, held, in_transit, paid } = *change;
    Ok(on_backend!(conn, c => diesel::update(fund_balances::table.find(DbUuid(fund)))
        .filter((fund_balances::available + available).ge(0))
        .filter((fund_balances::held + held).ge(0))
        .filter((fund_balances::in_transit + in_transit).ge(0))
        .filter((fund_balances::paid + paid).ge(0))
        .set((
            fund_balances::available.eq(fund_balances::available + available),
            fund_balances::held.eq(fund_balances::held + held),
            fund_balances::in_transit.eq(fund_balances::in_transit + in_transit),
            fund_balances::paid.eq(fund_balances::paid + paid),
        ))
        .execute(c))?)
}

fn add_to_cap(conn: &mut Conn<'_>, key: &CapKey, counted: &Counted) -> Result<usize, StoreError> {
    let row = cap_row(key, counted)?;
    let times = row.times;
    let given_back = counted.amount < 0;
    let limit = if given_back { i64::MAX } else { counted.limit };
    let times_limit = counted.times_limit.filter(|_| !given_back);
    let times_limit = times_limit.and_then(|it| i32::try_from(it).ok()).unwrap_or(i32::MAX);
    let known = cap_counters::table.find((&row.scope, row.subject_id, row.year));
    let updated = on_backend!(conn, c => diesel::update(known)
        .filter((cap_counters::amount + counted.amount).le(limit))
        .filter((cap_counters::times + times).le(times_limit))
        .set((
            cap_counters::amount.eq(cap_counters::amount + counted.amount),
            cap_counters::times.eq(cap_counters::times + times),
        ))
        .execute(c))?;
    if updated == 1 || given_back || counted.amount > limit || times > times_limit {
        return Ok(updated);
    }
    // The first of its year. If a concurrent unit was faster, or the limit is reached, nothing is inserted.
    let inserted = on_backend!(conn, c => diesel::insert_into(cap_counters::table)
        .values(&row)
        .on_conflict((cap_counters::scope, cap_counters::subject_id, cap_counters::year))
        .do_nothing()
        .execute(c))?;
    Ok(inserted)
}

/// The balances of a fund.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FundBalance {
    /// What may still be promised.
    pub available: Fen,
    /// What is promised to households.
    pub held: Fen,
    /// What the bank was told to pay.
    pub in_transit: Fen,
    /// What the bank paid.
    pub paid: Fen,
}

impl FundBalance {
    /// All that was allocated: every allocated yuan is in one of the four places.
    pub fn allocated(&self) -> Option<Fen> {
        Fen::sum([self.available, self.held, self.in_transit, self.paid])
    }
}

/// The balances of funds, locked until the unit of work ends if requested.
pub(crate) fn balances(
    conn: &mut Conn<'_>,
    funds: &[FundId],
    lock: bool,
) -> Result<HashMap<FundId, FundBalance>, StoreError> {
    let ids: Vec<DbUuid> = funds.iter().map(|id| DbUuid(id.as_uuid())).collect();
    let rows = fund_balances::table.filter(fund_balances::fund_id.eq_any(ids)).order(fund_balances::fund_id);
    let columns = FundBalanceRow::as_select();
    let rows: Vec<FundBalanceRow> = match conn {
        Conn::Sqlite(c) => rows.select(FundBalanceRow::as_select()).load(*c)?,
        Conn::Postgres(c) if lock => rows.select(columns).for_update().load(*c)?,
        Conn::Postgres(c) => rows.select(columns).load(*c)?,
    };
    let fen = |row: &FundBalanceRow, column, fen| {
        let row = row.fund_id.0.to_string();
        Fen::new(fen).map_err(|_| StoreError::Damaged { table: "fund_balances", column, row })
    };
    let read = |row: FundBalanceRow| {
        let balance = FundBalance {
            available: fen(&row, "available", row.available)?,
            held: fen(&row, "held", row.held)?,
            in_transit: fen(&row, "in_transit", row.in_transit)?,
            paid: fen(&row, "paid", row.paid)?,
        };
        Ok((FundId::from_uuid(row.fund_id.0), balance))
    };
    rows.into_iter().map(read).collect()
}

/// The counters of caps, locked until the unit of work ends.
pub(crate) fn caps(conn: &mut Conn<'_>, keys: &[CapKey]) -> Result<Vec<CapCounter>, StoreError> {
    let mut all = Vec::new();
    for key in keys {
        let subject = DbUuid(key.subject.as_uuid());
        let row = cap_counters::table.find((key.scope.code(), subject, i32::from(key.year)));
        let row: Option<CapRow> = match conn {
            Conn::Sqlite(c) => row.select(CapRow::as_select()).first(*c).optional()?,
            Conn::Postgres(c) => row.select(CapRow::as_select()).for_update().first(*c).optional()?,
        };
        let Some(row) = row else { continue };
        let damaged = |column| StoreError::Damaged {
            table: "cap_counters",
            column,
            row: format!("{}/{}/{}", row.scope, row.subject_id.0, row.year),
        };
        all.push(CapCounter {
            key: CapKey { subject: PersonId::from_uuid(row.subject_id.0), ..*key },
            amount: Fen::new(row.amount).map_err(|_| damaged("amount"))?,
            times: u32::try_from(row.times).map_err(|_| damaged("times"))?,
        });
    }
    Ok(all)
}
