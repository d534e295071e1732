//! Funds 资金: earmarked money, what was allocated to it, and what it has where.

use actix_web::{get, post};
use bangfu_app::{
    Detailed,
    use_cases::funds::{self, Funded},
};
use bangfu_domain::{
    fund::{Allocation, DocumentNumber, Fund, FundSource, NewFund, PayerAccount},
    hardship::AidType,
    ids::FundId,
    invalid::Invalid,
    money::Fen,
    organization::Title,
};
use bangfu_persistence::Loaded;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Answer,
    organizations::PageParams,
    problems::{ReadProblems, WriteProblems},
};
use crate::edge::{ApiRequest, Id, List, OldBody, OldParse, Params, Validation, created, shown, views};

/// A new fund, without any money yet.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenFund {
    /// The organization that spends it.
    pub organization_id: String,
    /// Its name.
    #[validate(length(max = 100))]
    #[schema(example = "2021年中央财政帮扶资金", max_length = 100)]
    pub name: String,
    /// Where its money comes from: `central`, `provincial`, `local`, `union_dues`, `donation`, `interest` or
    /// `other`.
    #[schema(example = "central")]
    pub source: String,
    /// The year of the grant.
    #[validate(range(min = 2000, max = 2200))]
    #[schema(example = 2021, minimum = 2000, maximum = 2200)]
    pub year: i16,
    /// The kinds of aid that it may pay, at least one: `living`, `medical`, `education`.
    #[schema(example = json!(["living", "medical"]))]
    pub aid_types: Vec<String>,
    /// The account from which it pays, as the paying bank knows it: letters, digits and hyphens.
    #[schema(example = "34050166880800000123", min_length = 4, max_length = 40)]
    pub payer_account: String,
}

impl OldParse for OpenFund {
    type Command = NewFund;

    const LISTS: &'static [&'static str] = &["/aid_types"];

    fn parse(self, validation: &mut Validation) -> Option<NewFund> {
        let organization = validation.parse("/organization_id", &self.organization_id, str::parse);
        let name = validation.parse("/name", &self.name, Title::parse);
        let source = validation.parse("/source", &self.source, str::parse::<FundSource>);
        if self.aid_types.is_empty() {
            validation.refuse("/aid_types", Invalid::OutOfRange);
        }
        let aid_types: Vec<Option<AidType>> = self
            .aid_types
            .iter()
            .enumerate()
            .map(|(i, code)| validation.parse(&format!("/aid_types/{i}"), code, str::parse))
            .collect();
        let payer_account = validation.parse("/payer_account", &self.payer_account, PayerAccount::parse);
        Some(NewFund {
            organization: organization?,
            name: name?,
            source: source?,
            year: self.year,
            aid_types: aid_types.into_iter().collect::<Option<_>>()?,
            payer_account: payer_account?,
        })
    }
}

/// Money that comes into a fund.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllocateFund {
    /// How much, in yuan.
    #[schema(example = "500000.00")]
    pub amount: String,
    /// The day from which it counts; not in the future.
    #[schema(example = "2021-03-15")]
    pub effective_day: String,
    /// The number of the document that allocates it.
    #[schema(example = "皖财社〔2021〕211号", max_length = 64)]
    pub document_number: String,
}

impl OldParse for AllocateFund {
    type Command = Allocation;

    fn parse(self, validation: &mut Validation) -> Option<Allocation> {
        let amount = validation.parse("/amount", &self.amount, Fen::parse_yuan);
        if amount == Some(Fen::ZERO) {
            validation.refuse("/amount", Invalid::OutOfRange);
        }
        let effective_on = validation.past_day("/effective_day", &self.effective_day);
        let number = &self.document_number;
        let document_number = validation.parse("/document_number", number, DocumentNumber::parse);
        Some(Allocation { amount: amount?, effective_on: effective_on?, document_number: document_number? })
    }
}

/// What a fund has where, in yuan. What was allocated is the other four together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FundBalance)]
pub struct BalanceView {
    /// All that was allocated to it.
    #[schema(example = "500000.00")]
    pub allocated: String,
    /// What may still be promised.
    #[schema(example = "492000.00")]
    pub available: String,
    /// What is promised to households, and not with the bank.
    #[schema(example = "3000.00")]
    pub held: String,
    /// What the bank was told to pay.
    #[schema(example = "1000.00")]
    pub in_transit: String,
    /// What the bank paid, less what came back.
    #[schema(example = "4000.00")]
    pub paid: String,
}

impl<T> From<&Funded<T>> for BalanceView {
    fn from(it: &Funded<T>) -> Self {
        Self {
            allocated: it.allocated.to_string(),
            available: it.balance.available.to_string(),
            held: it.balance.held.to_string(),
            in_transit: it.balance.in_transit.to_string(),
            paid: it.balance.paid.to_string(),
        }
    }
}

/// Money that came into a fund.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Allocation)]
pub struct AllocationView {
    /// How much, in yuan.
    pub amount: String,
    /// The day from which it counts.
    pub effective_day: String,
    /// The number of the document that allocates it.
    pub document_number: String,
}

impl From<&Allocation> for AllocationView {
    fn from(it: &Allocation) -> Self {
        Self {
            amount: it.amount.to_string(),
            effective_day: it.effective_on.to_string(),
            document_number: it.document_number.as_str().to_owned(),
        }
    }
}

/// A fund.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fund)]
pub struct FundView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// The organization that spends it.
    pub organization_id: String,
    /// Its name.
    pub name: String,
    /// Where its money comes from: `central`, `provincial`, `local`, `union_dues`, `donation`, `interest` or
    /// `other`.
    pub source: &'static str,
    /// The year of the grant.
    pub year: i16,
    /// The kinds of aid that it may pay.
    pub aid_types: Vec<&'static str>,
    /// The account from which it pays.
    pub payer_account: String,
    /// What it has where.
    pub balance: BalanceView,
    /// What was allocated to it, oldest first; only on the single fund and in answers to decisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocations: Option<Vec<AllocationView>>,
    /// What this caller may do with it now; only on the single fund and in answers to decisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_actions: Option<Vec<&'static str>>,
}

views! {
    FundView at "/v1/funds";
}

impl FundView {
    fn new(loaded: &Loaded<Fund>, balance: BalanceView) -> Self {
        let it = &loaded.value;
        Self {
            id: it.id.to_string(),
            version: loaded.version,
            organization_id: it.organization.to_string(),
            name: it.name.as_str().to_owned(),
            source: it.source.code(),
            year: it.year,
            aid_types: it.aid_types.iter().map(|aid_type| aid_type.code()).collect(),
            payer_account: it.payer_account.as_str().to_owned(),
            balance,
            allocations: None,
            allowed_actions: None,
        }
    }
}

impl From<&Funded<Loaded<Fund>>> for FundView {
    fn from(it: &Funded<Loaded<Fund>>) -> Self {
        Self::new(&it.fund, it.into())
    }
}

impl From<&Funded<Detailed<Fund>>> for FundView {
    fn from(it: &Funded<Detailed<Fund>>) -> Self {
        let Detailed { thing, allowed } = &it.fund;
        Self {
            allocations: Some(thing.value.allocations.iter().map(Into::into).collect()),
            allowed_actions: Some(allowed.clone()),
            ..Self::new(thing, it.into())
        }
    }
}

/// Open a fund for an organization
///
/// Earmarked money 专项资金, of one source, one year and for stated kinds of aid. It has no money until some is
/// allocated to it.
#[utoipa::path(tag = "funds", security(("bearer" = [])), request_body = OpenFund,
    responses((status = 201, body = FundView, description = "Opened"), WriteProblems))]
#[post("/funds")]
pub async fn open_fund(request: ApiRequest, body: OldBody<OpenFund>) -> Answer {
    request.execute_with("fund.open", body, funds::open, created::<FundView, _>).await
}

/// Allocate money to a fund
///
/// Once for each document: 409 `allocation_known` where the same number, day and amount is entered a second time.
#[utoipa::path(tag = "funds", security(("bearer" = [])), request_body = AllocateFund,
    responses((status = 201, body = FundView, description = "Allocated"), WriteProblems))]
#[post("/funds/{id}/allocations")]
pub async fn allocate_fund(request: ApiRequest, id: Id<FundId>, body: OldBody<AllocateFund>) -> Answer {
    request
        .execute_with(
            "fund.allocate",
            body,
            move |work, allocation| funds::allocate(work, id.0, allocation),
            created::<FundView, _>,
        )
        .await
}

/// Read a fund
///
/// With what it has where, what was allocated to it, and what you may do.
#[utoipa::path(tag = "funds", security(("bearer" = [])),
    responses((status = 200, body = FundView, description = "The fund"), ReadProblems))]
#[get("/funds/{id}")]
pub async fn get_fund(request: ApiRequest, id: Id<FundId>) -> Answer {
    let found = request.read("fund.get", move |ctx| funds::get(ctx, id.0));
    Ok(shown::<FundView, _>(&found.await?))
}

/// List funds
#[utoipa::path(tag = "funds", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<FundView>, description = "A page"), ReadProblems))]
#[get("/funds")]
pub async fn list_funds(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("funds")?;
    request.list::<FundView, _>("fund.list", params, funds::list).await
}
