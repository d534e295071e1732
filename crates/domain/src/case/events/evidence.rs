//! Consents, visits, comparisons, assessments and public notices as the journal keeps them.

use serde::{Deserialize, Serialize};

use crate::{
    codes::codes,
    content::ContentCommitment,
    evidence::ConsentPurpose,
    hardship::{AidType, HardshipCategory, HardshipCause},
    ids::{
        AssessmentId, AttachmentId, ComparisonId, ConsentId, NoticeId, ObjectionId, PersonId, PolicyId, RemarkId,
        VisitId,
    },
    policy::RuleFinding,
    time::Day,
    vault::{Commitment, Group},
};

codes! {
    /// Who signed a member's consent.
    ConsentSigner {
        /// The member in person 本人.
        Member = "self",
        /// The guardian of a minor or of an adult without capacity 监护人.
        Guardian = "guardian",
    }
}

/// Payload of `case.consent_recorded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentRecorded {
    pub consent: ConsentId,
    pub person: PersonId,
    pub purposes: Vec<ConsentPurpose>,
    pub signed_on: Day,
    pub signer: ConsentSigner,
    pub recorded_by: PersonId,
}

codes! {
    /// How a visit was made.
    VisitMode {
        /// At the home 入户.
        Home = "home",
        /// By telephone or video, where nobody could go 视频电话.
        Remote = "remote",
    }
}

codes! {
    /// What a record of a visit still lacks.
    VisitGap {
        /// The day.
        VisitedOn = "visited_on",
        /// Enough visitors.
        Visitors = "visitors",
        /// What was found.
        Findings = "findings",
        /// Which member was there and signed.
        PresentMember = "present_member",
        /// Why the visit was remote.
        RemoteReason = "remote_reason",
    }
}

/// Payload of `case.visit_recorded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitRecorded {
    pub visit: VisitId,
    /// Counts from 1; the documents carry the same version.
    pub version: u32,
    /// The day of the visit, apart from the day of entry.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub visited_on: Option<Day>,
    pub mode: VisitMode,
    pub visitors: Vec<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub present_member: Option<PersonId>,
    pub gaps: Vec<VisitGap>,
    pub recorded_by: PersonId,
    pub documents: Vec<Commitment>,
}

/// Payload of `case.comparison_requested`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparisonRequested {
    pub comparison: ComparisonId,
    pub round: u32,
    /// Whose data are compared: the worker and every member who counts.
    pub members: Vec<PersonId>,
    pub requested_on: Day,
    pub requested_by: PersonId,
    /// Commitments to the names and numbers that the office is given.
    pub documents: Vec<Commitment>,
}

/// Payload of `case.comparison_answered`. What was found is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparisonAnswered {
    pub comparison: ComparisonId,
    /// The day as of which the data were compared.
    pub compared_on: Day,
    pub documents: Vec<Commitment>,
}

/// Payload of `case.assessed`. Values and input are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessed {
    pub assessment: AssessmentId,
    pub round: u32,
    pub policy: PolicyId,
    /// The deciding day, for which the policy's lines were taken.
    pub deciding_day: Day,
    pub assessed_on: Day,
    /// Which record of the household it rests on.
    pub household_version: u32,
    /// The category that the policy proposes, if any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<HardshipCategory>,
    pub findings: Vec<RuleFinding>,
    pub assessed_by: PersonId,
    pub documents: Vec<Commitment>,
}

codes! {
    /// Where a public notice hangs.
    NoticePlace {
        /// At the workplace 单位.
        Workplace = "workplace",
        /// In the community 社区.
        Community = "community",
        /// On a public website 网站.
        Website = "website",
    }
}

/// Payload of `case.notice_published`. What it shows is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticePublished {
    pub notice: NoticeId,
    pub round: u32,
    pub place: NoticePlace,
    pub published_on: Day,
    pub until: Day,
    pub aid_types: Vec<AidType>,
    /// The category that it shows, where one was proposed before.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<HardshipCategory>,
    pub cause: HardshipCause,
    pub household_size: u16,
    pub published_by: PersonId,
    pub documents: Vec<Commitment>,
}

/// Payload of `case.notice_objected`. The words are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeObjected {
    pub notice: NoticeId,
    pub objection: ObjectionId,
    pub received_on: Day,
    pub recorded_by: PersonId,
    pub remark: Remark,
}

codes! {
    /// How a public notice ended.
    NoticeOutcome {
        /// Nobody objected 无异议.
        Undisputed = "undisputed",
        /// The objections were looked into and did not hold 异议不成立.
        Dismissed = "dismissed",
        /// An objection held 异议成立.
        Upheld = "upheld",
    }
}

/// Payload of `case.notice_closed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeClosed {
    pub notice: NoticeId,
    pub outcome: NoticeOutcome,
    pub closed_on: Day,
    pub closed_by: PersonId,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
}

/// A remark about a step: sealed, with its commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    pub remark: RemarkId,
    pub document: Commitment,
}

codes! {
    /// What a file attached to a case is.
    AttachmentKind {
        /// The application 申请书.
        Application = "application",
        /// A proof of who someone is: identity card, household register 身份证、户口簿.
        IdentityProof = "identity_proof",
        /// A signed consent 授权书.
        Consent = "consent",
        /// A proof of school attendance 在校证明.
        SchoolProof = "school_proof",
        /// A doctor's diagnosis 诊断证明.
        Diagnosis = "diagnosis",
        /// A bill for treatment 医疗费用票据.
        MedicalBill = "medical_bill",
        /// A proof of income or expenses 收入、支出证明.
        IncomeProof = "income_proof",
        /// The signed record of a home visit 入户走访记录.
        VisitRecord = "visit_record",
        /// A photograph of a public notice 公示照片.
        NoticePhoto = "notice_photo",
        /// The minutes of a meeting 会议纪要.
        Minutes = "minutes",
        /// Something else 其他.
        Other = "other",
    }
}

impl AttachmentKind {
    /// The group of values that such a file shows.
    pub const fn group(self) -> Group {
        match self {
            Self::Application | Self::IdentityProof | Self::Consent | Self::SchoolProof => Group::Identity,
            Self::Diagnosis | Self::MedicalBill => Group::Health,
            Self::IncomeProof => Group::Money,
            Self::VisitRecord | Self::NoticePhoto | Self::Minutes | Self::Other => Group::Narrative,
        }
    }
}

codes! {
    /// The media type of a file: what scanners and cameras make, and nothing that is executed.
    MediaType {
        /// PDF.
        Pdf = "application/pdf",
        /// JPEG.
        Jpeg = "image/jpeg",
        /// PNG.
        Png = "image/png",
        /// TIFF.
        Tiff = "image/tiff",
    }
}

/// Payload of `case.attachment_added`. The content is sealed apart, and the file's name is a sealed document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentAdded {
    pub attachment: AttachmentId,
    pub kind: AttachmentKind,
    /// The member whom it is about, and under whose key it is sealed; else the household as a whole.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<PersonId>,
    pub media_type: MediaType,
    /// How many bytes it has.
    pub length: u64,
    pub content: ContentCommitment,
    pub added_on: Day,
    pub added_by: PersonId,
    pub documents: Vec<Commitment>,
}
