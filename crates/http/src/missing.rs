//! What is missing, in words and with the operation that supplies it: blockers, and gaps of records.
//!
//! The words stand in both languages, so that an answer that is kept for its key holds for every reader.

use bangfu_domain::{
    case::{HouseholdGap, VisitGap},
    codes::{Bilingual, Code, Explained},
    evidence::{Begun, Blocker, BlockerCode, Gate},
    ids::{CaseId, PersonId, VisitId},
    rejection::WithheldReason,
    time::Day,
};
use serde::Serialize;
use utoipa::ToSchema;

/// An operation of this API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Operation {
    /// Its `operationId` in this description.
    #[schema(example = "record_visit", pattern = "^[a-z_]+$")]
    pub operation_id: &'static str,
    /// Its method.
    #[schema(example = "POST", pattern = "^(POST|PUT)$")]
    pub method: &'static str,
    /// Its path, with the id of the thing. Where no thing is known, `{id}` stands in it.
    #[schema(example = "/v1/cases/0191e3a4-5b6c-7d8e-9f01-23456789abcd/visits", format = "uri-template")]
    pub path: String,
}

impl Operation {
    /// The operation on any thing of its kind.
    fn new(operation_id: &'static str, method: &'static str, path: &str) -> Self {
        Self { operation_id, method, path: path.to_owned() }
    }

    /// The same on one thing.
    fn on(self, id: &impl ToString) -> Self {
        Self { path: self.path.replace("{id}", &id.to_string()), ..self }
    }

    fn put_household(case: CaseId) -> Self {
        Self::new("put_household", "PUT", "/v1/cases/{id}/household").on(&case)
    }

    fn put_visit(visit: VisitId) -> Self {
        Self::new("put_visit", "PUT", "/v1/visits/{id}").on(&visit)
    }

    /// The operation that ends what was begun, if anybody can end it now.
    fn ends(begun: Begun) -> Option<Self> {
        match begun {
            Begun::Visit(id) => Some(Self::put_visit(id)),
            Begun::Comparison(id) => {
                Some(Self::new("answer_comparison", "POST", "/v1/comparisons/{id}/result").on(&id))
            }
            Begun::Notice { until: Some(_), .. } => None,
            Begun::Notice { id, until: None } => {
                Some(Self::new("close_notice", "POST", "/v1/notices/{id}/close").on(&id))
            }
        }
    }

    /// The operation that supplies what is missing where nothing was begun.
    fn supplies(code: BlockerCode, case: CaseId) -> Self {
        match code {
            BlockerCode::NoPolicy => Self::new("approve_policy", "POST", "/v1/policies/{id}/approve"),
            BlockerCode::HouseholdIncomplete => Self::put_household(case),
            BlockerCode::ConsentMissing => Self::new("record_consent", "POST", "/v1/cases/{id}/consents").on(&case),
            BlockerCode::VisitMissing | BlockerCode::VisitExpired => {
                Self::new("record_visit", "POST", "/v1/cases/{id}/visits").on(&case)
            }
            BlockerCode::ComparisonMissing | BlockerCode::ComparisonExpired => {
                Self::new("request_comparison", "POST", "/v1/cases/{id}/comparisons").on(&case)
            }
            BlockerCode::AssessmentMissing | BlockerCode::AssessmentStale | BlockerCode::AssessmentExpired => {
                Self::new("assess_case", "POST", "/v1/cases/{id}/assessments").on(&case)
            }
            BlockerCode::NoticeMissing
            | BlockerCode::NoticeOpen
            | BlockerCode::NoticeStale
            | BlockerCode::NoticeExpired => Self::new("publish_notice", "POST", "/v1/cases/{id}/notices").on(&case),
        }
    }
}

/// What blocks a step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Blocker)]
pub struct BlockerView {
    /// The step.
    pub step: Gate,
    /// What is missing.
    #[schema(example = "visit_missing")]
    pub code: BlockerCode,
    /// What it is called.
    pub label: Bilingual,
    /// What is missing, and what to do about it.
    pub detail: Bilingual,
    /// The operation that removes it; null while there is nothing to do but wait.
    pub action: Option<Operation>,
    /// Of a public notice that still runs: the last day of its period. It can be closed on the day after.
    pub until: Option<Day>,
}

impl From<&Blocker> for BlockerView {
    fn from(it: &Blocker) -> Self {
        let until = match it.begun {
            Some(Begun::Notice { until, .. }) => until,
            Some(Begun::Visit(_) | Begun::Comparison(_)) | None => None,
        };
        Self {
            step: it.gate,
            code: it.code,
            label: it.code.label(),
            detail: it.code.detail(),
            action: it.begun.map_or_else(|| Some(Operation::supplies(it.code, it.case)), Operation::ends),
            until,
        }
    }
}

/// Something that the record of a household lacks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Gap)]
pub struct GapView {
    /// What.
    pub code: HouseholdGap,
    /// What it is called.
    pub label: Bilingual,
    /// What is missing, and what to do about it.
    pub detail: Bilingual,
    /// Of whom; null where it is the household's.
    pub person_id: Option<PersonId>,
    /// The operation that supplies it; null where the case has ended.
    pub action: Option<Operation>,
}

impl GapView {
    /// A gap in the household of a case, if the case has not ended.
    pub fn new(gap: &bangfu_domain::case::Gap, case: Option<CaseId>) -> Self {
        Self {
            code: gap.missing,
            label: gap.missing.label(),
            detail: gap.missing.detail(),
            person_id: gap.person,
            action: case.map(Operation::put_household),
        }
    }
}

/// Something that the record of a visit lacks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VisitRecordGap)]
pub struct VisitGapView {
    /// What.
    pub code: VisitGap,
    /// What it is called.
    pub label: Bilingual,
    /// What is missing, and what to do about it.
    pub detail: Bilingual,
    /// The operation that supplies it; null where the case has ended.
    pub action: Option<Operation>,
}

impl VisitGapView {
    /// A gap in the record of a visit, if its case has not ended.
    pub fn new(gap: VisitGap, visit: Option<VisitId>) -> Self {
        let action = visit.map(Operation::put_visit);
        Self { code: gap, label: gap.label(), detail: gap.detail(), action }
    }
}

/// Why lines that could be paid were left out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Withheld)]
pub struct WithheldReasonView {
    /// Why.
    pub code: WithheldReason,
    /// What it is called.
    pub label: Bilingual,
    /// What it means, and what to do about it.
    pub detail: Bilingual,
}

impl From<&WithheldReason> for WithheldReasonView {
    fn from(it: &WithheldReason) -> Self {
        Self { code: *it, label: it.label(), detail: it.detail() }
    }
}
