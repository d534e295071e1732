//! The tables that migrations make, as diesel sees them. They are written by hand; a test compares them with the
//! catalogues of both databases. The derived tables are declared by `derived_table!` and `document_table!`.

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

    idempotency (caller, key) {
        caller -> Text,
        key -> Text,
        fingerprint -> Binary,
        claimed_at -> InstantSql,
        answer -> Nullable<PackedSql>,
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

    ended_sessions (session_id) {
        session_id -> UuidSql,
        ends_at -> InstantSql,
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

pub use crate::{
    postings::postings,
    rows::{
        accounts, batches, case_evidence, case_members, cases, clients, funds, grants, organization_ancestors,
        organizations, payment_attempts, people, policies, referrals, reliefs, sources,
    },
    sums::{cap_counters, fund_balances},
};

diesel::allow_tables_to_appear_in_same_query!(
    organizations,
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

// The others are joined with it by `document_table!`.
diesel::allow_tables_to_appear_in_same_query!(organization_ancestors, case_evidence);
diesel::allow_tables_to_appear_in_same_query!(organization_ancestors, postings);
diesel::allow_tables_to_appear_in_same_query!(organization_ancestors, seals);
diesel::allow_tables_to_appear_in_same_query!(ended_sessions, accounts);
diesel::allow_tables_to_appear_in_same_query!(ended_sessions, grants);
