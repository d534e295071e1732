//! Records: what holds personal values. Most are streams of their own; a piece of evidence belongs to
//! its case's stream and keeps its values apart from the case's own.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    codes::codes,
    ids::{
        AccountId, AssessmentId, AttachmentId, BatchId, CaseId, ComparisonId, NoticeId, PersonId, ReferralId, ReliefId,
        RemarkId, ResultsId, VisitId,
    },
};

codes! {
    /// The kind of thing that holds personal values.
    RecordKind {
        /// A natural person.
        Person = "person" ("Person", "人员"),
        /// A sign-in account.
        Account = "account" ("Account", "账号"),
        /// A referral.
        Referral = "referral" ("Referral", "线索"),
        /// The case of a household.
        Case = "case" ("Case", "帮扶个案"),
        /// A home visit.
        Visit = "visit" ("Home visit", "入户走访"),
        /// A comparison with civil-affairs data.
        Comparison = "comparison" ("Comparison", "家庭经济状况核对"),
        /// An assessment by the policy.
        Assessment = "assessment" ("Assessment", "认定测算"),
        /// A public notice.
        Notice = "notice" ("Public notice", "公示"),
        /// A remark about a step 意见.
        Remark = "remark" ("Remark", "意见"),
        /// A relief.
        Relief = "relief" ("Relief", "救助"),
        /// A payment batch.
        Batch = "batch" ("Payment batch", "发放批次"),
        /// A file of a bank's results.
        Results = "results" ("Bank results", "银行回单"),
        /// A file attached to a case.
        Attachment = "attachment" ("Attachment", "附件"),
    }
}

/// Names one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordRef {
    pub kind: RecordKind,
    pub id: Uuid,
}

impl fmt::Display for RecordRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

macro_rules! records_of {
    ($($id:ident => $kind:ident,)+) => {$(
        impl From<$id> for RecordRef {
            fn from(id: $id) -> Self {
                Self { kind: RecordKind::$kind, id: id.as_uuid() }
            }
        }
    )+};
}

records_of! {
    PersonId => Person,
    AccountId => Account,
    ReferralId => Referral,
    CaseId => Case,
    VisitId => Visit,
    ComparisonId => Comparison,
    AssessmentId => Assessment,
    NoticeId => Notice,
    RemarkId => Remark,
    ReliefId => Relief,
    BatchId => Batch,
    ResultsId => Results,
    AttachmentId => Attachment,
}
