//! Streams: the histories that the journal keeps, one per thing.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    codes::codes,
    ids::{
        AccountId, BatchId, CaseId, ClientId, FundId, GrantId, OrganizationId, PersonId, PolicyId,
        ReferralId, ReliefId, SourceId,
    },
};

codes! {
    /// The kind of thing whose history a stream is.
    StreamKind {
        /// A union organization.
        Organization = "organization",
        /// A source of referrals.
        Source = "source",
        /// A natural person.
        Person = "person",
        /// A sign-in account.
        Account = "account",
        /// A machine client.
        Client = "client",
        /// A grant of a role.
        Grant = "grant",
        /// A referral.
        Referral = "referral",
        /// The case of a household.
        Case = "case",
        /// A version of the aid policy.
        Policy = "policy",
        /// A fund.
        Fund = "fund",
        /// A relief.
        Relief = "relief",
        /// A payment batch.
        Batch = "batch",
    }
}

/// Names one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamRef {
    /// What kind of thing it is.
    pub kind: StreamKind,
    /// Which one.
    pub id: Uuid,
}

impl fmt::Display for StreamRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

macro_rules! streams_of {
    ($($id:ident => $kind:ident,)+) => {$(
        impl From<$id> for StreamRef {
            fn from(id: $id) -> Self {
                Self { kind: StreamKind::$kind, id: id.as_uuid() }
            }
        }
    )+};
}

streams_of! {
    OrganizationId => Organization,
    SourceId => Source,
    PersonId => Person,
    AccountId => Account,
    ClientId => Client,
    GrantId => Grant,
    ReferralId => Referral,
    CaseId => Case,
    PolicyId => Policy,
    FundId => Fund,
    ReliefId => Relief,
    BatchId => Batch,
}
