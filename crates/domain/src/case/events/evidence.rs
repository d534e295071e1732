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
        Member = "self" ("Member in person", "本人"),
        /// The guardian of a minor or of an adult without capacity 监护人.
        Guardian = "guardian" ("Guardian", "监护人"),
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
        Home = "home" ("At the home", "入户"),
        /// By telephone or video, where nobody could go 视频电话.
        Remote = "remote" ("Telephone or video", "电话或视频"),
    }
}

codes! {
    /// What a record of a visit still lacks.
    VisitGap {
        /// The day.
        VisitedOn = "visited_on" ("Day of the visit", "走访日期") {
            "The day of the visit is missing. Complete the record of the visit.",
            "缺少走访日期，请补全走访记录。"
        },
        /// Enough visitors.
        Visitors = "visitors" ("Visitors", "走访人员") {
            "Fewer than two visitors are named. Complete the record of the visit.",
            "走访人员不足两人，请补全走访记录。"
        },
        /// What was found.
        Findings = "findings" ("Findings", "走访情况") {
            "What was found is missing. Complete the record of the visit.",
            "缺少走访情况，请补全走访记录。"
        },
        /// Which member was there and signed.
        PresentMember = "present_member" ("Member present", "在场家庭成员") {
            "It is missing which member was present and signed. Complete the record of the visit.",
            "缺少在场并签字的家庭成员，请补全走访记录。"
        },
        /// Why the visit was remote.
        RemoteReason = "remote_reason" ("Reason for a remote visit", "非入户原因") {
            "It is missing why the visit was not made at the home. Complete the record of the visit.",
            "缺少未能入户的原因，请补全走访记录。"
        },
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
        Workplace = "workplace" ("Workplace", "单位"),
        /// In the community 社区.
        Community = "community" ("Community", "社区"),
        /// On a public website 网站.
        Website = "website" ("Website", "网站"),
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
        Undisputed = "undisputed" ("Undisputed", "无异议"),
        /// The objections were looked into and did not hold 异议不成立.
        Dismissed = "dismissed" ("Objection dismissed", "异议不成立"),
        /// An objection held 异议成立.
        Upheld = "upheld" ("Objection upheld", "异议成立"),
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
        Application = "application" ("Application", "申请书"),
        /// A proof of who someone is: identity card, household register 身份证、户口簿.
        IdentityProof = "identity_proof" ("Proof of identity", "身份证、户口簿"),
        /// A signed consent 授权书.
        Consent = "consent" ("Signed consent", "授权书"),
        /// A proof of school attendance 在校证明.
        SchoolProof = "school_proof" ("Proof of schooling", "在校证明"),
        /// A doctor's diagnosis 诊断证明.
        Diagnosis = "diagnosis" ("Diagnosis", "诊断证明"),
        /// A bill for treatment 医疗费用票据.
        MedicalBill = "medical_bill" ("Medical bill", "医疗费用票据"),
        /// A proof of income or expenses 收入、支出证明.
        IncomeProof = "income_proof" ("Proof of income or expenses", "收入、支出证明"),
        /// The signed record of a home visit 入户走访记录.
        VisitRecord = "visit_record" ("Record of home visit", "入户走访记录"),
        /// A photograph of a public notice 公示照片.
        NoticePhoto = "notice_photo" ("Photograph of notice", "公示照片"),
        /// The minutes of a meeting 会议纪要.
        Minutes = "minutes" ("Minutes", "会议纪要"),
        /// Something else 其他.
        Other = "other" ("Other", "其他"),
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
        Pdf = "application/pdf" ("PDF document", "PDF 文件"),
        /// JPEG.
        Jpeg = "image/jpeg" ("JPEG image", "JPEG 图片"),
        /// PNG.
        Png = "image/png" ("PNG image", "PNG 图片"),
        /// TIFF.
        Tiff = "image/tiff" ("TIFF image", "TIFF 图片"),
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
