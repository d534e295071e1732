//! Funds 资金: earmarked money, what was allocated to it, and what it has where.

use actix_web::{get, post};
use bangfu_domain::{
    fund::{Allocation, DocumentNumber, Fund, FundSource, NewFund, PayerAccount},
    hardship::AidType,
    ids::{FundId, SourceId},
    invalid::Invalid,
    money::Fen,
    organization::{Organization, Title},
};
use bangfu_persistence::{FundBalance, Loaded, WorkError, query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Answer,
    deciding::decided,
    organizations::PageParams,
    problems::{ReadProblems, WriteProblems},
    refuse,
};
use crate::{
    access::{Action, Place, Resource},
    edge::{
        ApiRequest, Body, Condition, Id, List, Outcome, Params, Parse, Reply, Sight, Validation,
        resource, staged,
    },
    problem::{Code, Problem},
};

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

impl Parse for OpenFund {
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
        let payer_account =
            validation.parse("/payer_account", &self.payer_account, PayerAccount::parse);
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

impl Parse for AllocateFund {
    type Command = Allocation;

    fn parse(self, validation: &mut Validation) -> Option<Allocation> {
        let amount = validation.parse("/amount", &self.amount, Fen::parse_yuan);
        if amount == Some(Fen::ZERO) {
            validation.refuse("/amount", Invalid::OutOfRange);
        }
        let effective_on = validation.past_day("/effective_day", &self.effective_day);
        let number = &self.document_number;
        let document_number = validation.parse("/document_number", number, DocumentNumber::parse);
        Some(Allocation {
            amount: amount?,
            effective_on: effective_on?,
            document_number: document_number?,
        })
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

impl BalanceView {
    fn new(it: &FundBalance) -> Result<Self, Problem> {
        let allocated = Fen::sum([it.available, it.held, it.in_transit, it.paid]);
        Ok(Self {
            allocated: allocated.ok_or(Problem::new(Code::Internal))?.to_string(),
            available: it.available.to_string(),
            held: it.held.to_string(),
            in_transit: it.in_transit.to_string(),
            paid: it.paid.to_string(),
        })
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

impl FundView {
    fn new(loaded: &Loaded<Fund>, balance: &FundBalance) -> Result<Self, Problem> {
        let it = &loaded.value;
        Ok(Self {
            id: it.id.to_string(),
            version: loaded.version,
            organization_id: it.organization.to_string(),
            name: it.name.as_str().to_owned(),
            source: it.source.code(),
            year: it.year,
            aid_types: it.aid_types.iter().map(|aid_type| aid_type.code()).collect(),
            payer_account: it.payer_account.as_str().to_owned(),
            balance: BalanceView::new(balance)?,
            allocations: None,
            allowed_actions: None,
        })
    }

    fn with_details(self, fund: &Fund, allowed: Vec<&'static str>) -> Self {
        let allocations = fund.allocations.iter().map(Into::into).collect();
        Self { allocations: Some(allocations), allowed_actions: Some(allowed), ..self }
    }
}

/// What the access policies ask about a fund.
pub fn fund_resource(sight: &mut Sight<'_, '_>, fund: &Fund) -> Result<Resource, Problem> {
    Ok(Resource::Fund(sight.place(fund.organization)?))
}

/// What the caller may do with a fund: it has no states, so this is a question of power alone.
fn allowed_actions(sight: &Sight<'_, '_>, on: &Resource) -> Vec<&'static str> {
    let commands = [("allocate", Action::AllocateFund), ("make_batch", Action::MakeBatch)];
    let mine = commands.into_iter().filter(|(_, action)| sight.permits(*action, on));
    mine.map(|(command, _)| command).collect()
}

/// Open a fund for an organization
///
/// Earmarked money 专项资金, of one source, one year and for stated kinds of aid. It has no money until some is
/// allocated to it.
#[utoipa::path(tag = "funds", security(("bearer" = [])), request_body = OpenFund,
    responses((status = 201, body = FundView, description = "Opened"), WriteProblems))]
#[post("/funds")]
pub async fn open_fund(request: ApiRequest, body: Body<OpenFund>) -> Answer {
    request
        .change("fund.open", body, |deed, new| {
            let unknown = || refuse(Problem::unknown_reference("/organization_id"));
            let found = deed.tx.find::<Organization>(new.organization)?.ok_or_else(unknown)?;
            let on = Resource::Organization(Place::from(&found.value));
            let sight = deed.sight();
            if !sight.permits(Action::ViewOrganization, &on) {
                return Err(unknown());
            }
            sight.require(Action::OpenFund, &on).map_err(WorkError::Refused)?;
            let mut ctx = deed.tx.context(deed.caller.actor);
            let (id, decision) = Fund::open(&mut ctx, new.clone())?;
            let stage = deed.stage(decision)?;
            let fund = staged::<Fund>(&stage, id)?;
            let on = Resource::Fund(Place::from(&found.value));
            let allowed = allowed_actions(&deed.sight(), &on);
            let view = FundView::new(&fund, &FundBalance::default()).map_err(WorkError::Refused)?;
            let view = view.with_details(&fund.value, allowed);
            let reply = Reply::created(format!("/v1/funds/{id}"), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

/// Allocate money to a fund
///
/// Once for each document: 409 `allocation_known` where the same number, day and amount is entered a second time.
#[utoipa::path(tag = "funds", security(("bearer" = [])), request_body = AllocateFund,
    params(("id" = String, Path, description = "The fund")),
    responses((status = 201, body = FundView, description = "Allocated"), WriteProblems))]
#[post("/funds/{id}/allocations")]
pub async fn allocate_fund(
    request: ApiRequest,
    id: Id<FundId>,
    body: Body<AllocateFund>,
) -> Answer {
    request
        .change("fund.allocate", body, move |deed, allocation| {
            let (view, allocate) = (Action::ViewFund, Action::AllocateFund);
            let (fund, on) =
                deed.take::<Fund>(id.0, fund_resource, view, allocate, Condition::None)?;
            let ctx = deed.tx.context(deed.caller.actor);
            let outcome = fund.value.allocate(&ctx, allocation.clone());
            let (stage, after) = decided::<Fund>(deed, id.0, outcome, |deed| {
                Ok(allowed_actions(&deed.sight(), &on))
            })?;
            // The balance is written with the commit; the answer tells what it will be then.
            let before = deed.tx.balance_for_update(id.0)?;
            let available = before.available.checked_add(allocation.amount);
            let available = available.ok_or_else(|| refuse(Problem::new(Code::Internal)))?;
            let balance = FundBalance { available, ..before };
            let allowed = allowed_actions(&deed.sight(), &on);
            let view = FundView::new(&after, &balance).map_err(WorkError::Refused)?;
            let view = view.with_details(&after.value, allowed);
            let reply = Reply::created(format!("/v1/funds/{}", id.0), view.version, &view);
            Ok(Outcome { staged: stage, reply: reply.map_err(WorkError::Refused)? })
        })
        .await
}

/// Read a fund
///
/// With what it has where, what was allocated to it, and what you may do.
#[utoipa::path(tag = "funds", security(("bearer" = [])),
    params(("id" = String, Path, description = "The fund")),
    responses((status = 200, body = FundView, description = "The fund"), ReadProblems))]
#[get("/funds/{id}")]
pub async fn get_fund(request: ApiRequest, id: Id<FundId>) -> Answer {
    let view = request.read("fund.get", move |sight| {
        let not_found = || Problem::new(Code::NotFound);
        let found = sight.tx.find::<Fund>(id.0)?.ok_or_else(not_found)?;
        let on = fund_resource(sight, &found.value)?;
        sight.require_sight(Action::ViewFund, &on)?;
        let balances = sight.tx.balances(&[id.0])?;
        let balance = balances.get(&id.0).ok_or(Problem::new(Code::Internal))?;
        let allowed = allowed_actions(sight, &on);
        Ok(FundView::new(&found, balance)?.with_details(&found.value, allowed))
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

/// List funds
#[utoipa::path(tag = "funds", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<FundView>, description = "A page"), ReadProblems))]
#[get("/funds")]
pub async fn list_funds(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("funds")?;
    let list = request.read("fund.list", move |sight| {
        let thing = |place, _: SourceId| Resource::Fund(place);
        let scope = sight.app.access.scope(sight.caller, Action::ViewFund, thing);
        let page = params.page(sight.app, sight.caller)?;
        let found = query::funds(sight.tx, &scope, page)?;
        let ids: Vec<FundId> = found.iter().map(|fund| fund.value.id).collect();
        let balances = sight.tx.balances(&ids)?;
        let id = |it: &Loaded<Fund>| it.value.id.as_uuid();
        let list = params.list(sight.app, sight.caller, found, id, |fund| {
            let balance = balances.get(&fund.value.id).ok_or(Problem::new(Code::Internal))?;
            FundView::new(&fund, balance)
        });
        let items = list.items.into_iter().collect::<Result<_, Problem>>()?;
        Ok::<List<FundView>, Problem>(List { items, next_cursor: list.next_cursor })
    });
    Ok(actix_web::HttpResponse::Ok().json(list.await?))
}
