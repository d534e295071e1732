//! Funds 资金: earmarked money, what was allocated to it, and its balances.

use actix_web::{get, post};
use bangfu_app::{
    Names, WithAllowedActions,
    use_cases::funds::{self, FundFollowUp, Funded},
};
use bangfu_domain::{
    fund::{Allocation, DocumentNumber, Fund, FundCommand, FundSource, NewFund, PayerAccount},
    hardship::AidType,
    ids::{FundId, OrganizationId},
    invalid::Invalid,
    organization::Title,
    time::Day,
};
use bangfu_persistence::Versioned;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::refs::OrganizationRef;
use super::{
    Answer,
    organizations::PageParams,
    problems::{ReadProblems, WriteProblems},
};
use crate::edge::{
    ApiRequest, Body, FundYear, Id, IntoCommand, List, Params, PastDay, PositiveYuan, Present, Validation, Yuan,
    created, input, views,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(open_fund).service(list_funds).service(get_fund).service(allocate_fund);
}

input! {
    /// A new fund, without any money yet.
    pub struct OpenFund {
        /// The organization that spends it.
        pub organization_id: OrganizationId,
        /// Its name.
        pub name: Title,
        /// Where its money comes from.
        pub source: FundSource,
        /// The year of the grant.
        pub year: FundYear,
        /// The kinds of aid that it may pay, at least one.
        pub aid_types: Vec<AidType>,
        /// The account from which it pays, as the paying bank knows it: letters, digits and hyphens.
        pub payer_account: PayerAccount,
    }

    /// Money that comes into a fund.
    pub struct AllocateFund {
        /// How much.
        pub amount: PositiveYuan,
        /// The day from which it counts; not in the future.
        pub effective_day: PastDay,
        /// The number of the document that allocates it.
        pub document_number: DocumentNumber,
    }
}

impl IntoCommand for OpenFund {
    type Command = NewFund;

    fn into_command(self, validation: &mut Validation) -> Option<NewFund> {
        let Self { organization_id: organization, name, source, year, aid_types, payer_account } = self;
        if aid_types.is_empty() {
            validation.refuse("/aid_types", Invalid::OutOfRange);
        }
        Some(NewFund { organization, name, source, year: year.0, aid_types, payer_account })
    }
}

impl IntoCommand for AllocateFund {
    type Command = Allocation;

    fn into_command(self, _: &mut Validation) -> Option<Allocation> {
        let Self { amount, effective_day, document_number } = self;
        Some(Allocation { amount: amount.0, effective_on: effective_day.0, document_number })
    }
}

/// The balances of a fund. `allocated` is the sum of the other four.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FundBalance)]
pub struct BalanceView {
    /// All that was allocated to it.
    pub allocated: Yuan,
    /// What may still be promised.
    pub available: Yuan,
    /// What is promised to households, and not with the bank.
    pub held: Yuan,
    /// What the bank was told to pay.
    pub in_transit: Yuan,
    /// What the bank paid, less what came back.
    pub paid: Yuan,
}

impl<T> From<&Funded<T>> for BalanceView {
    fn from(it: &Funded<T>) -> Self {
        Self {
            allocated: it.allocated.into(),
            available: it.balance.available.into(),
            held: it.balance.held.into(),
            in_transit: it.balance.in_transit.into(),
            paid: it.balance.paid.into(),
        }
    }
}

/// Money that came into a fund.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Allocation)]
pub struct AllocationView {
    /// How much.
    pub amount: Yuan,
    /// The day from which it counts.
    pub effective_day: Day,
    /// The number of the document that allocates it.
    pub document_number: DocumentNumber,
}

impl From<&Allocation> for AllocationView {
    fn from(it: &Allocation) -> Self {
        Self { amount: it.amount.into(), effective_day: it.effective_on, document_number: it.document_number.clone() }
    }
}

/// What a caller may do with a fund.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(untagged)]
pub enum FundAction {
    Command(FundCommand),
    FollowUp(FundFollowUp),
}

/// A fund.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fund)]
pub struct FundView {
    /// Its id.
    pub id: FundId,
    /// Its version.
    pub version: u32,
    /// The organization that spends it.
    pub organization: OrganizationRef,
    /// Its name.
    pub name: Title,
    /// Where its money comes from.
    pub source: FundSource,
    /// The year of the grant.
    pub year: i16,
    /// The kinds of aid that it may pay.
    pub aid_types: Vec<AidType>,
    /// The account from which it pays.
    pub payer_account: PayerAccount,
    /// Its balances.
    pub balance: BalanceView,
    /// What was allocated to it, oldest first; only on the single fund and in answers to decisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocations: Option<Vec<AllocationView>>,
    /// What this caller may do with it now; only on the single fund and in answers to decisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<FundAction>>)]
    pub allowed_actions: Option<Vec<&'static str>>,
}

views! {
    FundView at "/v1/funds";
}

impl FundView {
    fn new(versioned: &Versioned<Fund>, balance: BalanceView, names: &mut Names) -> Self {
        let it = &versioned.value;
        Self {
            id: it.id,
            version: versioned.version,
            organization: OrganizationRef::of(&it.organization, names),
            name: it.name.clone(),
            source: it.source,
            year: it.year,
            aid_types: it.aid_types.clone(),
            payer_account: it.payer_account.clone(),
            balance,
            allocations: None,
            allowed_actions: None,
        }
    }
}

impl Present<Funded<Versioned<Fund>>> for FundView {
    fn of(it: &Funded<Versioned<Fund>>, names: &mut Names) -> Self {
        Self::new(&it.fund, it.into(), names)
    }
}

impl Present<Funded<WithAllowedActions<Fund>>> for FundView {
    fn of(it: &Funded<WithAllowedActions<Fund>>, names: &mut Names) -> Self {
        let WithAllowedActions { thing, allowed } = &it.fund;
        Self {
            allocations: Some(thing.value.allocations.iter().map(Into::into).collect()),
            allowed_actions: Some(allowed.clone()),
            ..Self::new(thing, it.into(), names)
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
pub async fn open_fund(request: ApiRequest, body: Body<OpenFund>) -> Answer {
    request.execute_with(body, funds::open, created::<FundView, _>).await
}

/// Allocate money to a fund
///
/// Once for each document: 409 `allocation_known` where the same number, day and amount is entered a second time.
#[utoipa::path(tag = "funds", security(("bearer" = [])), request_body = AllocateFund,
    responses((status = 201, body = FundView, description = "Allocated"), WriteProblems))]
#[post("/funds/{id}/allocations")]
pub async fn allocate_fund(request: ApiRequest, id: Id<FundId>, body: Body<AllocateFund>) -> Answer {
    request
        .execute_with(body, move |work, allocation| funds::allocate(work, id.0, allocation), created::<FundView, _>)
        .await
}

/// Read a fund
///
/// With its balances, what was allocated to it, and what you may do.
#[utoipa::path(tag = "funds", security(("bearer" = [])),
    responses((status = 200, body = FundView, description = "The fund"), ReadProblems))]
#[get("/funds/{id}")]
pub async fn get_fund(request: ApiRequest, id: Id<FundId>) -> Answer {
    request.show::<FundView, _>(move |ctx| funds::get(ctx, id.0)).await
}

/// List funds
#[utoipa::path(tag = "funds", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<FundView>, description = "A page"), ReadProblems))]
#[get("/funds")]
pub async fn list_funds(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("funds")?;
    request.list::<FundView, _>(params, funds::list).await
}
