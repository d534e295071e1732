//! Lists by page, each limited to a scope.

use std::collections::HashMap;

use bangfu_domain::{
    account::Account,
    case::Case,
    client::Client,
    ids::{CaseId, ComparisonId, OrganizationId, SourceId},
    person::Person,
    referral::Referral,
    relief::Relief,
    source::Source,
    vault::SubjectKind,
};
use diesel::prelude::*;

use super::{Page, Scope};
use crate::{
    blind_index::BlindIndexKey,
    connection::on_backend,
    error::StoreError,
    keyring::BLIND_INDEX_KEY_VERSION,
    read_transaction::ReadTransaction,
    rows::{
        AccountRow, CaseRow, ClientRow, DocumentRow, Listed, PersonRow, PolicySummary, PolicySummaryRow, ReferralRow,
        ReliefRow, SourceRow, Versioned, at_or_below, page_of,
    },
    schema::{
        accounts as account_table, blind_index as index_table, case_evidence as evidence_table,
        case_members as member_table, cases as case_table, clients as client_table, people as person_table,
        policies as policy_table, referrals as referral_table, reliefs as relief_table, sources as source_table,
    },
    sql_types::DbUuid,
};

/// Which referrals a list shows.
#[derive(Debug, Clone, Default)]
pub struct ReferralFilter {
    pub state: Option<String>,
    pub source: Option<SourceId>,
    /// Only final ones whose outcome the referrer has, or has not, acknowledged.
    pub outcome_acknowledged: Option<bool>,
}

/// A page of things by the organizations in scope, newest first.
pub fn list<T: Listed>(
    reader: &mut ReadTransaction<'_>,
    scope: &Scope,
    filter: T::Filter,
    page: Page,
) -> Result<Vec<Versioned<T>>, StoreError> {
    T::page(&mut reader.conn, scope, filter, page)
}

/// Referrals in scope.
pub fn referrals(
    reader: &mut ReadTransaction<'_>,
    scope: &Scope,
    filter: &ReferralFilter,
    page: Page,
) -> Result<Vec<Versioned<Referral>>, StoreError> {
    page_of!(&mut reader.conn, referral_table, ReferralRow, page, |query| {
        let mut query = query.filter(
            referral_table::organization_id
                .eq_any(at_or_below!(scope))
                .or(referral_table::source_id.eq_any(scope.source_ids())),
        );
        if let Some(state) = filter.state.clone() {
            query = query.filter(referral_table::state.eq(state));
        }
        if let Some(source) = filter.source {
            query = query.filter(referral_table::source_id.eq(DbUuid(source.as_uuid())));
        }
        if let Some(acknowledged) = filter.outcome_acknowledged {
            let ended = referral_table::closed_at_version.is_not_null();
            let unknown = referral_table::acknowledged.is_null();
            let before = referral_table::acknowledged.lt(referral_table::closed_at_version);
            let after = referral_table::acknowledged.ge(referral_table::closed_at_version);
            query = query.filter(ended);
            query = if acknowledged { query.filter(after) } else { query.filter(unknown.or(before)) };
        }
        query
    })
}

/// Which cases a list shows.
#[derive(Debug, Clone, Default)]
pub struct CaseFilter {
    pub state: Option<String>,
    /// Only those of this organization itself, not of those below it.
    pub organization: Option<OrganizationId>,
    /// Only cases whose household holds a person with this value.
    pub person: Option<BlindIndexKey>,
}

/// Cases in scope.
pub fn cases(
    reader: &mut ReadTransaction<'_>,
    scope: &Scope,
    filter: &CaseFilter,
    page: Page,
) -> Result<Vec<Versioned<Case>>, StoreError> {
    page_of!(&mut reader.conn, case_table, CaseRow, page, |query| {
        let mut query = query.filter(case_table::organization_id.eq_any(at_or_below!(scope)));
        if let Some(state) = filter.state.clone() {
            query = query.filter(case_table::state.eq(state));
        }
        if let Some(organization) = filter.organization {
            query = query.filter(case_table::organization_id.eq(DbUuid(organization.as_uuid())));
        }
        if let Some(sought) = filter.person.clone() {
            let found = index_table::table
                .filter(index_table::kind.eq(sought.kind))
                .filter(index_table::key_version.eq(BLIND_INDEX_KEY_VERSION))
                .filter(index_table::value.eq(sought.value))
                .filter(index_table::subject_kind.eq(SubjectKind::Person.code()))
                .select(index_table::subject_id);
            let theirs =
                member_table::table.filter(member_table::person_id.eq_any(found)).select(member_table::case_id);
            query = query.filter(case_table::id.eq_any(theirs));
        }
        query
    })
}

/// Comparisons of cases in scope, each with its case.
pub fn comparisons(
    reader: &mut ReadTransaction<'_>,
    scope: &Scope,
    state: Option<&str>,
    page: Page,
) -> Result<Vec<(ComparisonId, Versioned<Case>)>, StoreError> {
    let found: Vec<(DbUuid, DbUuid)> = on_backend!(&mut reader.conn, c => {
        let mut query = evidence_table::table
            .filter(evidence_table::kind.eq("comparison"))
            .filter(evidence_table::organization_id.eq_any(at_or_below!(scope)))
            .select((evidence_table::id, evidence_table::case_id))
            .into_boxed();
        if let Some(before) = page.before {
            query = query.filter(evidence_table::id.lt(DbUuid(before)));
        }
        if let Some(state) = state {
            query = query.filter(evidence_table::state.eq(state));
        }
        query.order(evidence_table::id.desc()).limit(i64::from(page.limit)).load(c)
    })?;
    let ids: Vec<DbUuid> = found.iter().map(|(_, case)| *case).collect();
    let rows: Vec<CaseRow> = on_backend!(&mut reader.conn, c => case_table::table
        .filter(case_table::id.eq_any(ids))
        .select(CaseRow::as_select())
        .load(c))?;
    let mut cases = HashMap::new();
    for row in rows {
        cases.insert(row.id, row.into_versioned()?);
    }
    let with_case = |(id, case): (DbUuid, DbUuid)| Some((ComparisonId::from_uuid(id.0), cases.get(&case)?.clone()));
    Ok(found.into_iter().filter_map(with_case).collect())
}

/// Which reliefs a list shows.
#[derive(Debug, Clone, Default)]
pub struct ReliefFilter {
    pub state: Option<String>,
    pub case: Option<CaseId>,
}

/// Reliefs of cases in scope.
pub fn reliefs(
    reader: &mut ReadTransaction<'_>,
    scope: &Scope,
    filter: &ReliefFilter,
    page: Page,
) -> Result<Vec<Versioned<Relief>>, StoreError> {
    page_of!(&mut reader.conn, relief_table, ReliefRow, page, |query| {
        let in_scope =
            case_table::table.filter(case_table::organization_id.eq_any(at_or_below!(scope))).select(case_table::id);
        let mut query = query.filter(relief_table::case_id.eq_any(in_scope));
        if let Some(state) = filter.state.clone() {
            query = query.filter(relief_table::state.eq(state));
        }
        if let Some(case) = filter.case {
            query = query.filter(relief_table::case_id.eq(DbUuid(case.as_uuid())));
        }
        query
    })
}

/// Sources in scope.
pub fn sources(
    reader: &mut ReadTransaction<'_>,
    scope: &Scope,
    page: Page,
) -> Result<Vec<Versioned<Source>>, StoreError> {
    page_of!(&mut reader.conn, source_table, SourceRow, page, |query| query.filter(
        source_table::organization_id.eq_any(at_or_below!(scope)).or(source_table::id.eq_any(scope.source_ids()))
    ))
}

/// Machine clients; they belong to the city as a whole.
pub fn clients(reader: &mut ReadTransaction<'_>, page: Page) -> Result<Vec<Versioned<Client>>, StoreError> {
    page_of!(&mut reader.conn, client_table, ClientRow, page, |query| query)
}

/// Accounts, open and closed; they belong to the city as a whole.
pub fn accounts(reader: &mut ReadTransaction<'_>, page: Page) -> Result<Vec<Versioned<Account>>, StoreError> {
    page_of!(&mut reader.conn, account_table, AccountRow, page, |query| query)
}

/// Members of staff; they belong to the city as a whole.
pub fn people(reader: &mut ReadTransaction<'_>, page: Page) -> Result<Vec<Versioned<Person>>, StoreError> {
    page_of!(&mut reader.conn, person_table, PersonRow, page, |query| query.filter(person_table::staff.eq(true)))
}

/// Policies, without document and examples; they belong to the city as a whole.
pub fn policies(reader: &mut ReadTransaction<'_>, page: Page) -> Result<Vec<PolicySummary>, StoreError> {
    page_of!(&mut reader.conn, policy_table, PolicySummaryRow, page, PolicySummaryRow::read, |query| query)
}
