//! Where amounts stand in sealed documents, by what seals them.

use crate::{
    case::{AssessmentValues, CompareResult, MemberMoney},
    record::RecordKind,
    referral::Costs,
    relief::SelfPaid,
    vault::{Group, VaultDocument},
};

impl RecordKind {
    /// Where amounts stand in what a record of this kind seals of a group: see [`VaultDocument::AMOUNTS`].
    pub fn amounts(self, group: Group) -> &'static [&'static str] {
        fn of<T: VaultDocument>(group: Group) -> &'static [&'static str] {
            if group == T::GROUP { T::AMOUNTS } else { &[] }
        }
        match self {
            RecordKind::Referral => of::<Costs>(group),
            RecordKind::Case => of::<MemberMoney>(group),
            RecordKind::Comparison => of::<CompareResult>(group),
            RecordKind::Assessment => of::<AssessmentValues>(group),
            RecordKind::Relief => of::<SelfPaid>(group),
            RecordKind::Person
            | RecordKind::Account
            | RecordKind::Visit
            | RecordKind::Attachment
            | RecordKind::Notice
            | RecordKind::Remark
            | RecordKind::Batch
            | RecordKind::Results => &[],
        }
    }
}
