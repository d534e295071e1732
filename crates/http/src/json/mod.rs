//! The endpoints: one file per resource. A handler parses the request, calls one use case and renders its output.

pub mod accounts;
pub mod batches;
pub mod cases;
pub mod clients;
pub mod code_lists;
pub mod funds;
pub mod grants;
pub mod installation;
pub mod journal;
pub mod me;
pub mod oauth;
pub mod organizations;
pub mod people;
pub mod policies;
pub mod problems;
pub mod referrals;
pub mod refs;
pub mod reliefs;
pub mod reports;
pub mod revealing;
pub mod sessions;
pub mod sources;
pub mod staff;
pub mod system;
pub mod trace;

use actix_web::HttpResponse;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::problem::Problem;

/// What every handler gives.
type Answer = Result<HttpResponse, Problem>;

/// A resource: its endpoints, and what the API's description tells of it.
pub struct Resource {
    pub routes: fn(&mut ServiceConfig<'_>),
    pub tags: &'static [Tag],
    pub collections: &'static [Collection],
}

/// A tag of endpoints, and its description.
type Tag = (&'static str, &'static str);

/// A collection with single things: its name below `/v1`, what one of them is called, and the schema of its id.
type Collection = (&'static str, &'static str, &'static str);

const fn resource(
    routes: fn(&mut ServiceConfig<'_>),
    tags: &'static [Tag],
    collections: &'static [Collection],
) -> Resource {
    Resource { routes, tags, collections }
}

/// The resources below `/v1`, in the order of the description. A tag that two resources share stands with the first.
pub const RESOURCES: &[Resource] = &[
    resource(installation::routes, &[("installation", "Once per city.")], &[]),
    resource(sessions::routes, &[("signing in", "Access tokens for people and machines.")], &[]),
    resource(code_lists::routes, &[("code lists", "The values of coded fields, with labels 代码表.")], &[]),
    resource(me::routes, &[], &[]),
    resource(
        organizations::routes,
        &[("organizations", "The union's tree 工会组织.")],
        &[("organizations", "organization", "OrganizationId")],
    ),
    resource(
        sources::routes,
        &[("sources", "Who refers workers in hardship 来源.")],
        &[("sources", "source", "SourceId")],
    ),
    resource(
        people::routes,
        &[("people", "Members of staff and their accounts 工作人员.")],
        &[("people", "person", "PersonId")],
    ),
    resource(
        staff::routes,
        &[("staff", "The directory of colleagues 工作人员名录.")],
        &[("staff", "member of staff", "PersonId")],
    ),
    resource(accounts::routes, &[], &[("accounts", "account", "AccountId")]),
    resource(clients::routes, &[("clients", "Machine clients 机器客户端.")], &[("clients", "client", "ClientId")]),
    resource(
        grants::routes,
        &[("grants", "Who holds which role, where and when 授权.")],
        &[("grants", "grant", "GrantId")],
    ),
    resource(
        referrals::routes,
        &[("referrals", "From discovery to acceptance 线索.")],
        &[("referrals", "referral", "ReferralId")],
    ),
    resource(
        cases::routes,
        &[
            ("cases", "One household, one case 帮扶个案, 一户一档."),
            ("evidence", "What identification rests on: consents, visits, comparisons, assessments, public notices."),
        ],
        &[
            ("cases", "case", "CaseId"),
            ("attachments", "attachment", "AttachmentId"),
            ("comparisons", "comparison", "ComparisonId"),
            ("notices", "notice", "NoticeId"),
            ("visits", "visit", "VisitId"),
        ],
    ),
    resource(
        funds::routes,
        &[("funds", "Earmarked money, and what was allocated to it 资金.")],
        &[("funds", "fund", "FundId")],
    ),
    resource(
        reliefs::routes,
        &[("reliefs", "Living, medical and education aid 救助.")],
        &[("reliefs", "relief", "ReliefId")],
    ),
    resource(
        batches::routes,
        &[("payments", "Payment batches, the bank's file and its word 发放批次.")],
        &[("payment-batches", "batch", "BatchId")],
    ),
    resource(
        policies::routes,
        &[("policies", "Thresholds, amounts and order of steps, by version 帮扶政策.")],
        &[("policies", "policy", "PolicyId")],
    ),
    resource(reports::routes, &[("reports", "What was paid, counted as of a position of the journal 统计.")], &[]),
    resource(journal::routes, &[("audit", "The journal, and how things hang together 审计.")], &[]),
    resource(trace::routes, &[], &[]),
];
