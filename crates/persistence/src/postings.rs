//! Postings in the database.

use bangfu_domain::{
    aggregate::State,
    posting::{Posting, Purpose},
};
use diesel::prelude::*;

use crate::{
    columns::derived_table,
    error::StoreError,
    journal::{Entry, EntryWithEffects, version_to_db},
    rows::Versioned,
    sql_types::{DbDay, DbUuid},
    write_batch::{WriteBatch, write_rows},
};

derived_table! {
    /// A posting 记账: it moves money from one account of a fund to another. What it says of organization, aid and
    /// household is as of the approval.
    PostingRow in postings (stream_kind, stream_id, version, ordinal), form 1 {
        columns {
            stream_kind: Text;
            stream_id: Uuid;
            version: Integer;
            ordinal: SmallInt;
            unit_of_work: Uuid;
            fund_id: Uuid;
            debit: Text;
            credit: Text;
            amount: BigInt;
            effective_on: Day;
            reverses: MaybeInteger;
            line: MaybeSmallInt;
            attempt: MaybeSmallInt;
            organization_id: MaybeUuid;
            division: MaybeText;
            aid_type: MaybeText;
            category: MaybeText;
            cause: MaybeText;
            household_id: MaybeUuid;
            case_id: MaybeUuid;
            beneficiary_id: MaybeUuid;
        }
        indexes {
            paid_idx "(effective_on) WHERE debit = 'paid' OR credit = 'paid'";
            unit_of_work_idx "(unit_of_work)";
        }
        checks {
            debit_check "debit IN ('source', 'available', 'held', 'in_transit', 'paid')";
            credit_check "credit IN ('source', 'available', 'held', 'in_transit', 'paid')";
            amount_check "amount > 0";
            accounts_check "debit <> credit";
        }
    }
}

impl PostingRow {
    fn new(entry: &Entry, ordinal: i16, it: &Posting) -> Result<Self, StoreError> {
        let purpose = it.purpose.as_ref();
        let dimensions = purpose.map(|purpose: &Purpose| &purpose.dimensions);
        Ok(Self {
            stream_kind: entry.stream.kind.code().to_owned(),
            stream_id: DbUuid(entry.stream.id),
            version: version_to_db(entry.version)?,
            ordinal,
            unit_of_work: DbUuid(entry.unit.as_uuid()),
            fund_id: DbUuid(it.fund.as_uuid()),
            debit: it.debit.code().to_owned(),
            credit: it.credit.code().to_owned(),
            amount: it.amount.get(),
            effective_on: DbDay(it.effective_on),
            reverses: it.reverses.map(version_to_db).transpose()?,
            line: purpose.map(|it| i16::from(it.line)),
            attempt: purpose.and_then(|it| it.attempt).map(i16::from),
            organization_id: dimensions.map(|it| DbUuid(it.organization.as_uuid())),
            division: dimensions.and_then(|it| it.division.as_ref()).map(ToString::to_string),
            aid_type: dimensions.map(|it| it.aid_type.code().to_owned()),
            category: dimensions.map(|it| it.category.code().to_owned()),
            cause: dimensions.and_then(|it| it.cause).map(|cause| cause.code().to_owned()),
            household_id: dimensions.map(|it| DbUuid(it.household.as_uuid())),
            case_id: dimensions.map(|it| DbUuid(it.case.as_uuid())),
            beneficiary_id: dimensions.map(|it| DbUuid(it.beneficiary.as_uuid())),
        })
    }
}

/// Writes the postings of the events.
pub(crate) fn project(
    writes: &mut WriteBatch<'_, '_>,
    entries: &[EntryWithEffects],
    _: &[&Versioned<State>],
) -> Result<(), StoreError> {
    let posted =
        entries.iter().flat_map(|it| it.effects.postings.iter().zip(0..).map(|(posting, n)| (&it.entry, n, posting)));
    let rows = posted.map(|(entry, ordinal, posting)| PostingRow::new(entry, ordinal, posting));
    let rows: Vec<PostingRow> = rows.collect::<Result<_, _>>()?;
    write_rows!(writes, postings::table, rows);
    Ok(())
}
