//! Consents, visits, comparisons, assessments and public notices as the journal keeps them.

use serde::{Deserialize, Serialize};

use crate::{
    codes::codes,
    evidence::ConsentPurpose,
    hardship::{AidType, HardshipCategory, HardshipCause},
    ids::{AssessmentId, ComparisonId, ConsentId, NoticeId, ObjectionId, PersonId, PolicyId, RemarkId, VisitId},
    policy::RuleFinding,
    time::Day,
    vault::Commitment,
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
    /// The consent.
    pub consent: ConsentId,
    /// Whose data it is about.
    pub person: PersonId,
    /// For what.
    pub purposes: Vec<ConsentPurpose>,
    /// The day of the signature.
    pub signed_on: Day,
    /// Who signed.
    pub signer: ConsentSigner,
    /// Who took it down.
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
    /// The visit.
    pub visit: VisitId,
    /// Counts from 1; the documents carry the same version.
    pub version: u32,
    /// The day of the visit, apart from the day of entry.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub visited_on: Option<Day>,
    /// How it was made.
    pub mode: VisitMode,
    /// Who went.
    pub visitors: Vec<PersonId>,
    /// Which member was there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub present_member: Option<PersonId>,
    /// What is still missing.
    pub gaps: Vec<VisitGap>,
    /// Who wrote it down.
    pub recorded_by: PersonId,
    /// Commitments to the values sealed.
    pub documents: Vec<Commitment>,
}

/// Payload of `case.comparison_requested`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparisonRequested {
    /// The comparison.
    pub comparison: ComparisonId,
    /// The round.
    pub round: u32,
    /// Whose data are compared: the worker and every member who counts.
    pub members: Vec<PersonId>,
    /// The day of the request.
    pub requested_on: Day,
    /// Who asked.
    pub requested_by: PersonId,
    /// Commitments to the names and numbers that the office is given.
    pub documents: Vec<Commitment>,
}

/// Payload of `case.comparison_answered`. What was found is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparisonAnswered {
    /// The comparison.
    pub comparison: ComparisonId,
    /// The day as of which the data were compared.
    pub compared_on: Day,
    /// Commitments to the findings.
    pub documents: Vec<Commitment>,
}

/// Payload of `case.assessed`. Values and input are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessed {
    /// The assessment.
    pub assessment: AssessmentId,
    /// The round.
    pub round: u32,
    /// By which policy.
    pub policy: PolicyId,
    /// The deciding day, for which the policy's lines were taken.
    pub deciding_day: Day,
    /// The day of the assessment.
    pub assessed_on: Day,
    /// Which record of the household it rests on.
    pub household_version: u32,
    /// The category that the policy proposes, if any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<HardshipCategory>,
    /// What each rule came to.
    pub findings: Vec<RuleFinding>,
    /// Who had it made.
    pub assessed_by: PersonId,
    /// Commitment to the input and the values.
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
    /// The notice.
    pub notice: NoticeId,
    /// The round.
    pub round: u32,
    /// Where it hangs.
    pub place: NoticePlace,
    /// The day of publication.
    pub published_on: Day,
    /// The last day of the period.
    pub until: Day,
    /// The kinds of aid that are proposed.
    pub aid_types: Vec<AidType>,
    /// The category that it shows, where one was proposed before.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<HardshipCategory>,
    /// The main cause that it shows.
    pub cause: HardshipCause,
    /// How many people it says the household counts.
    pub household_size: u16,
    /// Who published it.
    pub published_by: PersonId,
    /// Commitment to what it shows.
    pub documents: Vec<Commitment>,
}

/// Payload of `case.notice_objected`. The words are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeObjected {
    /// The notice.
    pub notice: NoticeId,
    /// The objection.
    pub objection: ObjectionId,
    /// The day on which it came.
    pub received_on: Day,
    /// Who took it down.
    pub recorded_by: PersonId,
    /// What was said.
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
    /// The notice.
    pub notice: NoticeId,
    /// How it ended.
    pub outcome: NoticeOutcome,
    /// The day.
    pub closed_on: Day,
    /// Who closed it.
    pub closed_by: PersonId,
    /// How the objections were answered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
}

/// What somebody wrote about a step: sealed, with its commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// The remark.
    pub remark: RemarkId,
    /// Commitment to its words.
    pub document: Commitment,
}
