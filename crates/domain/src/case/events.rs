//! What happens to a case, as the journal keeps it: codes, days, ids and commitments.

use serde::{Deserialize, Serialize};

use crate::{
    codes::codes,
    event::stream_events,
    evidence::{ConsentPurpose, Path},
    hardship::{AidType, HardshipCategory, HardshipCause, SchoolStage},
    ids::{
        AssessmentId, CaseId, ComparisonId, ConsentId, NoticeId, ObjectionId, OrganizationId,
        PersonId, PolicyId, ReferralId, RemarkId, VisitId,
    },
    policy::RuleFinding,
    relation::Relation,
    time::Day,
    vault::Commitment,
};

stream_events! {
    /// What happens to a case.
    CaseEvent {
        /// It was opened.
        Opened(CaseOpened) = "case.opened" v 1,
        /// A further referral of the same household was linked to it.
        ReferralLinked(CaseReferralLinked) = "case.referral_linked" v 1,
        /// The household was written down, as a whole.
        HouseholdRecorded(HouseholdRecorded) = "case.household_recorded" v 1,
        /// A member consented.
        ConsentRecorded(ConsentRecorded) = "case.consent_recorded" v 1,
        /// A home visit was written down, or its draft was completed.
        VisitRecorded(VisitRecorded) = "case.visit_recorded" v 1,
        /// The civil-affairs office was asked to compare.
        ComparisonRequested(ComparisonRequested) = "case.comparison_requested" v 1,
        /// The civil-affairs office answered.
        ComparisonAnswered(ComparisonAnswered) = "case.comparison_answered" v 1,
        /// The household was assessed by a policy.
        Assessed(Assessed) = "case.assessed" v 1,
        /// A public notice began.
        NoticePublished(NoticePublished) = "case.notice_published" v 1,
        /// Somebody objected to it.
        NoticeObjected(NoticeObjected) = "case.notice_objected" v 1,
        /// The public notice was closed.
        NoticeClosed(NoticeClosed) = "case.notice_closed" v 1,
        /// It was submitted for review.
        Submitted(CaseSubmitted) = "case.submitted" v 1,
        /// It was returned for supplement.
        Returned(CaseReturned) = "case.returned" v 1,
        /// The reviewer agreed.
        Reviewed(CaseReviewed) = "case.reviewed" v 1,
        /// It was approved and archived.
        Approved(CaseApproved) = "case.approved" v 1,
        /// It was rejected.
        Rejected(CaseRejected) = "case.rejected" v 1,
        /// The household withdrew.
        Withdrawn(CaseWithdrawn) = "case.withdrawn" v 1,
        /// The archive was closed.
        Exited(CaseExited) = "case.exited" v 1,
        /// The household fell back into hardship.
        Reopened(CaseReopened) = "case.reopened" v 1,
    }
}

impl CaseEvent {
    /// The command that leads to it, where it is one on an existing case. A referral is linked by its
    /// acceptance.
    pub(super) fn command(&self) -> Option<&'static str> {
        Some(match self {
            CaseEvent::Opened(_) | CaseEvent::ReferralLinked(_) => return None,
            CaseEvent::HouseholdRecorded(_) => "record_household",
            CaseEvent::ConsentRecorded(_) => "record_consent",
            CaseEvent::VisitRecorded(_) => "record_visit",
            CaseEvent::ComparisonRequested(_) => "request_comparison",
            CaseEvent::ComparisonAnswered(_) => "answer_comparison",
            CaseEvent::Assessed(_) => "assess",
            CaseEvent::NoticePublished(_) => "publish_notice",
            CaseEvent::NoticeObjected(_) => "object",
            CaseEvent::NoticeClosed(_) => "close_notice",
            CaseEvent::Submitted(_) => "submit",
            CaseEvent::Returned(_) => "return",
            CaseEvent::Reviewed(_) => "review",
            CaseEvent::Approved(_) => "approve",
            CaseEvent::Rejected(_) => "reject",
            CaseEvent::Withdrawn(_) => "withdraw",
            CaseEvent::Exited(_) => "exit",
            CaseEvent::Reopened(_) => "reopen",
        })
    }

    /// What somebody wrote about the step, if anything. Objections to a notice are evidence, no step.
    pub fn remark(&self) -> Option<&Remark> {
        match self {
            CaseEvent::Submitted(e) => e.remark.as_ref(),
            CaseEvent::Returned(e) => Some(&e.remark),
            CaseEvent::Reviewed(e) => e.remark.as_ref(),
            CaseEvent::Approved(e) => e.remark.as_ref(),
            CaseEvent::Rejected(e) => Some(&e.remark),
            CaseEvent::Exited(e) => e.remark.as_ref(),
            CaseEvent::Opened(_)
            | CaseEvent::ReferralLinked(_)
            | CaseEvent::HouseholdRecorded(_)
            | CaseEvent::ConsentRecorded(_)
            | CaseEvent::VisitRecorded(_)
            | CaseEvent::ComparisonRequested(_)
            | CaseEvent::ComparisonAnswered(_)
            | CaseEvent::Assessed(_)
            | CaseEvent::NoticePublished(_)
            | CaseEvent::NoticeObjected(_)
            | CaseEvent::NoticeClosed(_)
            | CaseEvent::Withdrawn(_)
            | CaseEvent::Reopened(_) => None,
        }
    }
}

/// A member of the household as a referral or an application names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// What the person is to the hardship worker.
    pub relation: Relation,
}

/// Payload of `case.opened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseOpened {
    /// Its own id.
    pub case: CaseId,
    /// The organization in charge.
    pub organization: OrganizationId,
    /// The household as far as it is known; the worker first.
    pub members: Vec<Member>,
    /// The referral that opened it; without one the household applied by itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub referral: Option<ReferralId>,
    /// The day of application.
    pub applied_on: Day,
    /// Who registered it.
    pub registered_by: PersonId,
}

/// Payload of `case.referral_linked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReferralLinked {
    /// The referral.
    pub referral: ReferralId,
}

codes! {
    /// Why a member does not count in the household's formula
    /// (《最低生活保障审核确认办法》 article 7).
    NotCounted {
        /// Lives elsewhere for good 不共同生活.
        LivesApart = "lives_apart",
        /// A grown child who supports itself 已独立生活.
        Independent = "independent",
        /// A postgraduate student 研究生.
        Postgraduate = "postgraduate",
        /// In prison, in compulsory treatment, or declared missing 服刑、强制戒毒、宣告失踪.
        Absent = "absent",
        /// A cleric who has lived in a monastery for three years 宗教教职人员.
        Cleric = "cleric",
        /// Died 已故.
        Deceased = "deceased",
    }
}

/// A member of the household as written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdMember {
    /// The person.
    pub person: PersonId,
    /// What the person is to the hardship worker.
    pub relation: Relation,
    /// Why the member does not count; a member without a reason counts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub not_counted: Option<NotCounted>,
    /// The stage of schooling, for a member at school.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub school_stage: Option<SchoolStage>,
}

impl HouseholdMember {
    /// Whether the member counts in the household's formula.
    pub fn is_counted(&self) -> bool {
        self.not_counted.is_none()
    }

    /// Whether the case holds the member's identity number: the worker's, and that of everybody who counts.
    pub fn is_held(&self) -> bool {
        self.is_counted() || self.relation == Relation::Worker
    }
}

/// The causes of the hardship: one main cause and at most three others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Causes {
    /// The main cause.
    pub main: HardshipCause,
    /// The others.
    pub others: Vec<HardshipCause>,
}

codes! {
    /// What a record of a household still lacks.
    HouseholdGap {
        /// A member's identity number.
        IdentityNumber = "identity_number",
        /// A member's incomes; none is said by an empty list.
        Incomes = "incomes",
        /// A member's rigid expenses; none is said by an empty list.
        Expenses = "expenses",
        /// The worker's employer.
        Employer = "employer",
        /// The household's address.
        Address = "address",
        /// The main cause of the hardship.
        Causes = "causes",
        /// Dwellings, vehicles and businesses.
        Assets = "assets",
        /// Whether the worker is a union member, and whether retired.
        Standing = "standing",
    }
}

/// One thing that is missing, of one member or of the household as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// What is missing.
    pub missing: HouseholdGap,
    /// Of whom; nobody where it is the household's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<PersonId>,
}

/// Payload of `case.household_recorded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdRecorded {
    /// Counts from 1; the documents carry the same version.
    pub household_version: u32,
    /// The household; the worker first.
    pub members: Vec<HouseholdMember>,
    /// The causes, once they are known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub causes: Option<Causes>,
    /// Members of the union's staff who are close relatives of the household 近亲属备案. They do not act on
    /// the case.
    pub related_staff: Vec<PersonId>,
    /// What is still missing.
    pub gaps: Vec<Gap>,
    /// Who wrote it down.
    pub recorded_by: PersonId,
    /// Commitments to the values sealed.
    pub documents: Vec<Commitment>,
}

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

/// Payload of `case.submitted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseSubmitted {
    /// The round.
    pub round: u32,
    /// By which way it is to be decided.
    pub path: Path,
    /// Who submitted it.
    pub submitted_by: PersonId,
    /// In their words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
}

/// Payload of `case.returned`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReturned {
    /// The round that begins.
    pub round: u32,
    /// Who registered the case: they stay its registrars in the new round.
    pub registered_by: Vec<PersonId>,
    /// Who returned it.
    pub returned_by: PersonId,
    /// What is to be supplemented.
    pub remark: Remark,
}

/// Payload of `case.reviewed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReviewed {
    /// The round.
    pub round: u32,
    /// Who reviewed it.
    pub reviewed_by: PersonId,
    /// In their words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
}

/// Payload of `case.approved`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseApproved {
    /// The round.
    pub round: u32,
    /// The category decided.
    pub category: HardshipCategory,
    /// By which policy.
    pub policy: PolicyId,
    /// The day.
    pub approved_on: Day,
    /// Who approved it.
    pub approved_by: PersonId,
    /// In their words; required where the category is not the one that the assessment proposes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
}

codes! {
    /// Why a case was rejected.
    RejectReason {
        /// The household is not entitled 不符合条件.
        NotEntitled = "not_entitled",
        /// The household refuses the visit or the comparison 拒不配合核查.
        NotCooperating = "not_cooperating",
        /// What it declared is false 弄虚作假.
        FalseDeclaration = "false_declaration",
        /// The household belongs to another city's union 不属于本市.
        OutsideCity = "outside_city",
    }
}

/// Payload of `case.rejected`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRejected {
    /// The round.
    pub round: u32,
    /// Why.
    pub reason: RejectReason,
    /// Who rejected it.
    pub rejected_by: PersonId,
    /// In their words.
    pub remark: Remark,
}

/// Payload of `case.withdrawn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseWithdrawn {
    /// Who recorded the household's wish.
    pub withdrawn_by: PersonId,
}

codes! {
    /// Why an archive was closed.
    ExitReason {
        /// Out of hardship by the policy's condition 已脱困. This alone is *lifted*, all others *cancelled*.
        Lifted = "lifted",
        /// Retired 退休.
        Retired = "retired",
        /// Moved to another city's union 调离.
        Moved = "moved",
        /// The worker died 死亡.
        Died = "died",
        /// Excluded assets came to light 核查发现不符合条件.
        NotEntitled = "not_entitled",
        /// What was declared is false 弄虚作假.
        FalseDeclaration = "false_declaration",
        /// Nobody can be reached 失联.
        Unreachable = "unreachable",
        /// Refuses the review 拒绝复核.
        ReviewRefused = "review_refused",
        /// By the household's own wish 自愿放弃.
        OwnWish = "own_wish",
    }
}

/// Payload of `case.exited`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseExited {
    /// Why.
    pub reason: ExitReason,
    /// The day.
    pub exited_on: Day,
    /// Who decided it.
    pub exited_by: PersonId,
    /// In their words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remark: Option<Remark>,
}

/// Payload of `case.reopened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReopened {
    /// The round that begins.
    pub round: u32,
    /// The new day of application.
    pub applied_on: Day,
    /// Who registered it anew.
    pub reopened_by: PersonId,
}
