//! What was paid, counted from the postings as of a position of the journal.

use actix_web::get;
use bangfu_app::{
    Names,
    use_cases::reports::{self, Count, Disbursements, GroupBy, Measures, Row, Value, yuan},
};
use bangfu_domain::{
    division::Division,
    hardship::{AidType, HardshipCategory, HardshipCause},
    invalid::Invalid,
    time::{Day, Instant},
};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::{
    Answer,
    problems::ReadProblems,
    refs::{FundRef, OrganizationRef},
};
use crate::{
    edge::{ApiRequest, Params, Present},
    problem::Problem,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(count_disbursements);
}

/// What is counted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DisbursementParams {
    /// The first effective day.
    #[param(example = "2021-01-01")]
    pub from: Day,
    /// The last effective day; not before the first.
    #[param(example = "2021-12-31")]
    pub to: Day,
    /// The fields by which rows are grouped, separated by commas, each once: `aid_type`, `category`, `cause`,
    /// `organization`, `division`, `fund`.
    #[param(default = "aid_type", example = "aid_type,cause", pattern = "^[a-z_]+(,[a-z_]+)*$")]
    pub group_by: Option<String>,
    /// As of which position of the journal: what was known then. Without one, as of the last.
    #[param(minimum = 1)]
    pub position: Option<i64>,
}

impl DisbursementParams {
    fn parse(self) -> Result<Count, Problem> {
        let Self { from, to, group_by, position } = self;
        let group_by = match group_by.as_deref() {
            None => vec![GroupBy::AidType],
            Some(list) => GroupBy::parse_list(list).map_err(|it| Problem::invalid_parameter("group_by", it.code()))?,
        };
        if from > to {
            return Err(Problem::invalid_parameter("to", Invalid::TooEarly.code()));
        }
        if position.is_some_and(|position| position < 1) {
            return Err(Problem::invalid_parameter("position", Invalid::OutOfRange.code()));
        }
        Ok(Count { from, to, group_by, position })
    }
}

/// What was measured of all that was paid.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DisbursementTotal)]
pub struct TotalView {
    /// Households that were paid something, net of what came back 户数.
    pub households: usize,
    /// Households once for each kind of aid 户次.
    pub grants: usize,
    /// People for whom something was paid, net of what came back 人数.
    pub persons: usize,
    /// Payments, less those that came back 笔数; below zero where more came back.
    pub payments: i64,
    /// How much, in yuan, net of what came back 金额; below zero where more came back.
    #[schema(example = "12000.00", pattern = "^-?[0-9]+[.][0-9]{2}$")]
    pub amount: String,
}

impl From<&Measures> for TotalView {
    fn from(it: &Measures) -> Self {
        Self {
            households: it.households,
            grants: it.grants,
            persons: it.persons,
            payments: it.payments,
            amount: yuan(it.amount),
        }
    }
}

/// A code or an id; null where it was not written down.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum GroupValue {
    /// Not asked for, so not shown.
    NotAsked,
    /// Asked for.
    Asked(Option<String>),
}

impl GroupValue {
    fn is_not_asked(&self) -> bool {
        matches!(self, GroupValue::NotAsked)
    }
}

/// A row. Of the first six fields it has those that `group_by` names.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DisbursementRow)]
pub struct RowView {
    /// The kind of aid.
    #[serde(skip_serializing_if = "GroupValue::is_not_asked")]
    #[schema(value_type = Option<AidType>, required = false)]
    pub aid_type: GroupValue,
    /// The category at the approval.
    #[serde(skip_serializing_if = "GroupValue::is_not_asked")]
    #[schema(value_type = Option<HardshipCategory>, required = false)]
    pub category: GroupValue,
    /// The main cause of the hardship at the approval; null where it was not written down.
    #[serde(skip_serializing_if = "GroupValue::is_not_asked")]
    #[schema(value_type = Option<HardshipCause>, required = false)]
    pub cause: GroupValue,
    /// The organization in charge at the approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub organization: Option<OrganizationRef>,
    /// Its administrative division; null where it has none.
    #[serde(skip_serializing_if = "GroupValue::is_not_asked")]
    #[schema(value_type = Option<Division>, required = false)]
    pub division: GroupValue,
    /// The fund that pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fund: Option<FundRef>,
    /// Households that were paid something in this row 户数.
    pub households: usize,
    /// Households once for each kind of aid 户次.
    pub grants: usize,
    /// People for whom something was paid in this row 人数.
    pub persons: usize,
    /// Payments, less those that came back 笔数.
    pub payments: i64,
    /// How much, in yuan, net of what came back 金额.
    #[schema(example = "12000.00", pattern = "^-?[0-9]+[.][0-9]{2}$")]
    pub amount: String,
}

impl RowView {
    fn new(group_by: &[GroupBy], (values, measured): &Row, names: &mut Names) -> Self {
        let value = |asked: GroupBy| {
            let mut values = group_by.iter().zip(values);
            let found = values.find(|(by, _)| **by == asked);
            found.map_or(GroupValue::NotAsked, |(_, value): (_, &Value)| GroupValue::Asked(value.text()))
        };
        let organization = values.iter().find_map(Value::organization);
        let fund = values.iter().find_map(Value::fund);
        let TotalView { households, grants, persons, payments, amount } = measured.into();
        Self {
            aid_type: value(GroupBy::AidType),
            category: value(GroupBy::Category),
            cause: value(GroupBy::Cause),
            organization: organization.map(|id| OrganizationRef::of(&id, names)),
            division: value(GroupBy::Division),
            fund: fund.map(|id| FundRef::of(&id, names)),
            households,
            grants,
            persons,
            payments,
            amount,
        }
    }
}

/// What was paid on some days, as known at a position.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Disbursements)]
pub struct DisbursementsView {
    /// The first effective day.
    pub from: Day,
    /// The last effective day.
    pub to: Day,
    /// The fields by which rows are grouped.
    pub group_by: Vec<GroupBy>,
    /// Of these organizations and all below them: those for which you may count.
    pub organizations: Vec<OrganizationRef>,
    /// Row by row, in the order of their values; nothing is left out but what was neither paid nor came back.
    pub rows: Vec<RowView>,
    /// The same measures over all rows. A household in two rows is one household here.
    pub total: TotalView,
    /// The position as of which this is told; 0 while nothing is sealed.
    pub position: i64,
    /// When that position became known; null at position 0.
    pub known_at: Option<Instant>,
    /// The hash of the seal at that position; null at position 0.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub seal: Option<String>,
    /// `sha256:` and the SHA-256 of this answer's text form. The same question at the same position gives the same
    /// digest for ever.
    #[schema(pattern = "^sha256:[0-9a-f]{64}$")]
    pub digest: String,
}

impl Present<Disbursements> for DisbursementsView {
    fn of(it: &Disbursements, names: &mut Names) -> Self {
        let Disbursements { question, totals, seal, digest } = it;
        let seal = seal.as_ref();
        Self {
            from: question.from,
            to: question.to,
            group_by: question.group_by.clone(),
            organizations: Vec::of(question.organizations.as_slice(), names),
            rows: totals.rows.iter().map(|row| RowView::new(&question.group_by, row, names)).collect(),
            total: (&totals.total).into(),
            position: seal.map_or(0, |seal| seal.position),
            known_at: seal.map(|seal| seal.known_at),
            seal: seal.map(|seal| HEXLOWER.encode(&seal.hash)),
            digest: digest.clone(),
        }
    }
}

/// Count what was paid
///
/// Out of the postings 记账, by the bank's booking day, of your organizations and all below them. What came back counts
/// against what was paid, on the day on which it came back. A payment of which the bank reports only the return counts
/// on the day on which it was sent. What each measure means, and the text form
/// behind `digest`, stands in `docs/totals.md`. With the `position` of an earlier answer the same question gives
/// the same answer, whatever was entered since.
#[utoipa::path(tag = "reports", security(("bearer" = [])), params(DisbursementParams),
    responses((status = 200, body = DisbursementsView, description = "The totals"), ReadProblems))]
#[get("/reports/disbursements")]
pub async fn count_disbursements(request: ApiRequest, params: Params<DisbursementParams>) -> Answer {
    let (count, app) = (params.0.parse()?, request.app());
    let counted = reports::disbursements(&app.services, request.who(), count).await?;
    request.answer::<DisbursementsView, _>(move |_| Ok(counted)).await
}
