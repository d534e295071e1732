//! Evidence: what the identification of a household rests on. Its kinds, and where a policy asks for it.

use crate::{
    codes::codes,
    ids::{CaseId, ComparisonId, NoticeId, VisitId},
    time::Day,
};

codes! {
    /// A kind of evidence.
    EvidenceKind {
        /// Each member's consent 授权.
        Consent = "consent" ("Consent", "授权同意"),
        /// A home visit by at least two visitors 入户走访.
        Visit = "visit" ("Home visit", "入户走访"),
        /// The comparison with civil-affairs data, of every member who counts 民政核对.
        Comparison = "comparison" ("Civil-affairs comparison", "家庭经济状况核对"),
        /// The assessment by the policy 认定测算.
        Assessment = "assessment" ("Assessment", "认定测算"),
        /// The public notice, closed without an upheld objection 公示.
        Notice = "notice" ("Public notice", "公示"),
    }
}

codes! {
    /// A step that missing evidence blocks.
    Gate {
        /// The case is submitted for review 报审.
        Submit = "submit" ("Submission", "报审"),
        /// The reviewer agrees 审核.
        Review = "review" ("Review", "审核"),
        /// The approver decides 审批.
        Approve = "approve" ("Approval", "审批"),
        /// A relief of the enrolled household is approved.
        Relief = "relief" ("Relief approval", "救助审批"),
    }
}

codes! {
    /// The procedure by which a case is decided.
    Path {
        /// Evidence first, then aid.
        Regular = "regular" ("Regular procedure", "一般程序"),
        /// Aid first, evidence within a deadline 救急难.
        Emergency = "emergency" ("Emergency procedure", "急难程序"),
    }
}

/// The path of a case for which no other is asked.
impl Default for Path {
    fn default() -> Self {
        Self::Regular
    }
}

codes! {
    /// The purposes for which a person agreed to the use of their data (《个人信息保护法》 articles 13, 23, 25, 29).
    ConsentPurpose {
        /// The union works on the application.
        Processing = "processing" ("Processing of the application", "办理困难职工帮扶"),
        /// Health, money and other sensitive data are kept.
        Sensitive = "sensitive" ("Sensitive personal data", "处理敏感个人信息"),
        /// The civil-affairs office compares the household's data 核对授权.
        Comparison = "comparison" ("Civil-affairs comparison", "家庭经济状况核对授权"),
        /// The public notice names the household.
        Publication = "publication" ("Public notice", "同意公示"),
        /// Feedback of the outcome to the referrer.
        Feedback = "feedback" ("Feedback to the referrer", "向转介方反馈"),
    }
}

codes! {
    /// What blocks a step.
    BlockerCode {
        /// No policy is in force for the case.
        NoPolicy = "no_policy" ("No policy in force", "无适用政策") {
            "No aid policy is in force for this case. Have a policy proved and approved.",
            "本个案没有可适用的帮扶政策，请先验证并批准政策。"
        },
        /// The household is not written down, or something of it is missing.
        HouseholdIncomplete = "household_incomplete" ("Household incomplete", "家庭情况不完整") {
            "The household is not fully written down. Complete what `gaps` of the case names.",
            "家庭情况登记不完整，请按个案 gaps 所列内容补全。"
        },
        /// The worker or a member who counts has not consented to all that the policy names.
        ConsentMissing = "consent_missing" ("Consent missing", "缺少授权同意") {
            "The worker or a member who counts has not signed every consent. Record the signed ones.",
            "职工本人或共同生活的家庭成员尚未签署政策要求的全部授权书，请取得签字后登记。"
        },
        /// No complete visit.
        VisitMissing = "visit_missing" ("Home visit missing", "缺少入户走访") {
            "There is no complete home visit by enough visitors. Record one, or complete the draft.",
            "尚无完整有效的入户走访记录，请组织入户走访并登记，或补全已有草稿。"
        },
        /// The last complete visit is too long ago.
        VisitExpired = "visit_expired" ("Home visit expired", "入户走访已过期") {
            "The last complete home visit is too long ago. Visit the household again.",
            "最近一次入户走访已超过有效期，请重新入户走访。"
        },
        /// The worker or a member who counts was not compared.
        ComparisonMissing = "comparison_missing" ("Comparison missing", "缺少经济状况核对") {
            "A person who counts was not compared. Ask for a comparison, or wait for the office's answer.",
            "职工本人或共同生活的家庭成员尚无核对结果，请发起家庭经济状况核对；已发起的，等待民政部门反馈。"
        },
        /// The last comparison of a member is too long ago.
        ComparisonExpired = "comparison_expired" ("Comparison expired", "经济状况核对已过期") {
            "A member's comparison is too old. Ask for a new one, or wait for the office's answer.",
            "有成员的核对结果已超过有效期，请重新发起家庭经济状况核对；已发起的，等待民政部门反馈。"
        },
        /// No assessment.
        AssessmentMissing = "assessment_missing" ("Assessment missing", "缺少认定测算") {
            "The household was not assessed in this application. Have it assessed by the policy.",
            "本次申请尚未进行认定测算，请按政策进行测算。"
        },
        /// The household or the policy has changed since the assessment.
        AssessmentStale = "assessment_stale" ("Assessment outdated", "认定测算已失效") {
            "The household or the policy has changed since the assessment. Have it assessed again.",
            "认定测算后家庭情况或政策已有变化，请重新测算。"
        },
        /// The assessment is too long ago.
        AssessmentExpired = "assessment_expired" ("Assessment expired", "认定测算已过期") {
            "The assessment is too long ago. Have the household assessed again.",
            "认定测算已超过有效期，请重新测算。"
        },
        /// No public notice has ended without an objection that held.
        NoticeMissing = "notice_missing" ("Public notice missing", "缺少公示") {
            "No public notice of this application has ended without an upheld objection. Publish one.",
            "本次申请尚无公示期满且无异议（或异议不成立）的公示，请发布公示。"
        },
        /// The public notice is not closed.
        NoticeOpen = "notice_open" ("Public notice not closed", "公示尚未结束") {
            "The public notice is not closed. Close it once its last day, `until`, has passed.",
            "公示尚未办结，请在公示期（至 until 当日）届满后办理公示结束。"
        },
        /// Main cause, number who count, or category proposed is another than the notice shows.
        NoticeStale = "notice_stale" ("Public notice outdated", "公示内容已变化") {
            "Main cause, number of members or category differ from what the notice shows. Publish a new notice.",
            "主要致困原因、家庭人口或困难类别与公示内容不一致，请重新公示。"
        },
        /// The public notice is too long ago.
        NoticeExpired = "notice_expired" ("Public notice expired", "公示已过期") {
            "The public notice is too long ago. Publish a new one.",
            "公示已超过有效期，请重新公示。"
        },
    }
}

/// One thing that blocks one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocker {
    pub case: CaseId,
    pub gate: Gate,
    pub code: BlockerCode,
    /// What was begun and has to come to its end, where that is what removes the blocker.
    pub begun: Option<Begun>,
}

/// A piece of evidence that was begun and not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// A visit whose record lacks something.
    Visit(VisitId),
    /// A comparison that waits for its answer.
    Comparison(ComparisonId),
    /// A public notice that is not closed.
    Notice {
        id: NoticeId,
        /// The last day of its period, while nobody can close it.
        until: Option<Day>,
    },
}
