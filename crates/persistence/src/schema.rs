//! The tables as diesel sees them. It is written by hand; a test compares it with the catalogues of both databases.

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    journal (stream_kind, stream_id, version) {
        stream_kind -> Text,
        stream_id -> UuidSql,
        version -> Integer,
        event_type -> Text,
        event_version -> SmallInt,
        unit_of_work -> UuidSql,
        recorded_at -> InstantSql,
        actor -> Text,
        previous_hash -> Binary,
        payload -> Text,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    seals (position) {
        position -> BigInt,
        unit_of_work -> UuidSql,
        known_at -> InstantSql,
        previous_hash -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    vault_keys (subject_kind, subject_id, class) {
        subject_kind -> Text,
        subject_id -> UuidSql,
        class -> Text,
        wrapped -> Nullable<Binary>,
        created_at -> InstantSql,
        destroyed_at -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    vault (record_kind, record_id, group_name, version, subject_kind, subject_id) {
        record_kind -> Text,
        record_id -> UuidSql,
        group_name -> Text,
        version -> Integer,
        subject_kind -> Text,
        subject_id -> UuidSql,
        class -> Text,
        sealed -> Binary,
        masked -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    blobs (id) {
        id -> UuidSql,
        subject_kind -> Text,
        subject_id -> UuidSql,
        class -> Text,
        record_kind -> Text,
        record_id -> UuidSql,
        media_type -> Text,
        length -> BigInt,
        chunk_bytes -> Integer,
        commitment -> Text,
        wrapped -> Binary,
        created_at -> InstantSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    blind_index (kind, key_version, value, subject_id) {
        subject_kind -> Text,
        subject_id -> UuidSql,
        kind -> Text,
        key_version -> SmallInt,
        value -> Binary,
        holder -> Nullable<UuidSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    source_references (key_version, value) {
        key_version -> SmallInt,
        value -> Binary,
        source_id -> UuidSql,
        referral_id -> UuidSql,
        content_mac -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    system_keys (purpose, version) {
        purpose -> Text,
        version -> Integer,
        wrapped -> Binary,
        created_at -> InstantSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    credentials (holder_id) {
        holder_id -> UuidSql,
        holder_kind -> Text,
        login -> Nullable<Text>,
        secret_hash -> Text,
        set_at -> InstantSql,
        previous_hash -> Nullable<Text>,
        previous_until -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    access_log (id) {
        id -> UuidSql,
        accessed_at -> InstantSql,
        actor -> Text,
        record_kind -> Text,
        record_id -> UuidSql,
        groups -> Text,
        reason -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    organization_ancestors (organization_id, ancestor_id) {
        organization_id -> UuidSql,
        ancestor_id -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    case_members (case_id, person_id) {
        case_id -> UuidSql,
        person_id -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    case_evidence (id) {
        id -> UuidSql,
        case_id -> UuidSql,
        organization_id -> UuidSql,
        kind -> Text,
        state -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    duties (subject_kind, subject_id, round, person_id) {
        subject_kind -> Text,
        subject_id -> UuidSql,
        round -> Integer,
        person_id -> UuidSql,
        duty -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    idempotency (caller, key) {
        caller -> Text,
        key -> Text,
        fingerprint -> Binary,
        powers -> Text,
        claimed_at -> InstantSql,
        status -> Nullable<SmallInt>,
        media_type -> Nullable<Text>,
        location -> Nullable<Text>,
        etag -> Nullable<Text>,
        body -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    sign_in_attempts (subject) {
        subject -> Binary,
        failures -> Integer,
        since -> InstantSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    unsealed (unit_of_work) {
        unit_of_work -> UuidSql,
        recorded_at -> InstantSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    sealer (id) {
        id -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    fund_balances (fund_id) {
        fund_id -> UuidSql,
        available -> BigInt,
        held -> BigInt,
        in_transit -> BigInt,
        paid -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    cap_counters (scope, subject_id, year) {
        scope -> Text,
        subject_id -> UuidSql,
        year -> Integer,
        amount -> BigInt,
        times -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    payment_attempts (reference) {
        reference -> Text,
        relief_id -> UuidSql,
        line -> SmallInt,
        attempt -> SmallInt,
        fund_id -> UuidSql,
        batch_id -> Nullable<UuidSql>,
        amount -> BigInt,
        state -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    postings (stream_kind, stream_id, version, ordinal) {
        stream_kind -> Text,
        stream_id -> UuidSql,
        version -> Integer,
        ordinal -> SmallInt,
        unit_of_work -> UuidSql,
        fund_id -> UuidSql,
        debit -> Text,
        credit -> Text,
        amount -> BigInt,
        effective_on -> DaySql,
        reverses -> Nullable<Integer>,
        line -> Nullable<SmallInt>,
        attempt -> Nullable<SmallInt>,
        organization_id -> Nullable<UuidSql>,
        division -> Nullable<Text>,
        aid_type -> Nullable<Text>,
        category -> Nullable<Text>,
        cause -> Nullable<Text>,
        household_id -> Nullable<UuidSql>,
        case_id -> Nullable<UuidSql>,
        beneficiary_id -> Nullable<UuidSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    jobs (name) {
        name -> Text,
        position -> BigInt,
        day -> Nullable<DaySql>,
        holder -> Nullable<UuidSql>,
        leased_until -> Nullable<InstantSql>,
        succeeded_at -> Nullable<InstantSql>,
        failures -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;

    demo (id) {
        id -> Integer,
        plan -> Text,
        clock_at -> InstantSql,
        runs_since -> Nullable<InstantSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    derived_tables (name) {
        name -> Text,
        form -> Text,
    }
}

pub use crate::rows::{
    accounts, batches, cases, clients, funds, grants, organizations, people, policies, referrals, reliefs, sources,
};

diesel::allow_tables_to_appear_in_same_query!(
    organizations,
    organization_ancestors,
    sources,
    people,
    accounts,
    clients,
    grants,
    referrals,
    cases,
    case_members,
    case_evidence,
    policies,
    funds,
    fund_balances,
    cap_counters,
    reliefs,
    payment_attempts,
    batches,
    postings,
    seals,
    credentials,
    vault,
    vault_keys,
    blobs,
    blind_index,
    journal,
    unsealed,
);
