//! The journal 审计日志, unit of work by unit of work, as its hashes cover it.

use actix_web::{HttpResponse, get};
use bangfu_app::{
    Names,
    use_cases::journal::{self, JournalPage},
};
use bangfu_domain::{actor::Actor, ids::UnitOfWorkId, invalid::Invalid, stream::StreamKind, time::Instant};
use bangfu_persistence::query::{JournalEvent, SealedUnit};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, problems::ReadProblems, refs::ActorRef};
use crate::{
    edge::{ApiRequest, List, ListParams, Params, Present},
    problem::Problem,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_journal);
}

/// Which part of the journal.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct JournalParams {
    /// Only what comes after this position.
    #[param(minimum = 0, default = 0)]
    pub after: Option<i64>,
    /// How many units of work, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The `next_cursor` of the page before; the other parameters stay the same.
    pub cursor: Option<String>,
}

/// An event, as its hash covers it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JournalEvent)]
pub struct JournalEventView {
    /// The kind of the stream.
    pub stream_kind: StreamKind,
    /// The thing whose history the stream is.
    #[schema(format = "uuid")]
    pub stream_id: String,
    /// The version that the event makes of it.
    pub version: u32,
    /// The name of the event's form.
    #[schema(example = "referral.acknowledged", pattern = "^[a-z_]+[.][a-z_]+$")]
    pub event_type: &'static str,
    /// The version of its form.
    pub event_version: u16,
    /// The payload, exactly the text that was hashed.
    #[schema(example = "{\"version\":2}", content_media_type = "application/json")]
    pub payload: String,
    /// The hash of the stream's event before.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub previous_hash: String,
    /// Its own hash.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub hash: String,
}

impl From<&JournalEvent> for JournalEventView {
    fn from(it: &JournalEvent) -> Self {
        Self {
            stream_kind: it.stream.kind,
            stream_id: it.stream.id.to_string(),
            version: it.version,
            event_type: it.event_type,
            event_version: it.event_version,
            payload: it.payload.clone(),
            previous_hash: HEXLOWER.encode(&it.previous_hash),
            hash: HEXLOWER.encode(&it.hash),
        }
    }
}

/// A unit of work: all that one request changed, with its place in the one order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JournalUnit)]
pub struct JournalUnitView {
    /// Its position; positions run 1, 2, 3 without gaps.
    pub position: i64,
    /// When the position became known.
    pub known_at: Instant,
    /// The unit of work.
    pub unit_of_work: UnitOfWorkId,
    /// Who acted: `person/…/account/…`, `client/…`, `installer` or `system`.
    pub actor: Actor,
    /// Who that is, with the name, which no hash covers.
    pub acted_by: ActorRef,
    /// The instant of the unit of work.
    pub recorded_at: Instant,
    /// The hash of the seal before.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub previous_hash: String,
    /// The hash of its own seal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub hash: String,
    /// Its events, in the order in which the seal's hash covers them.
    pub events: Vec<JournalEventView>,
}

impl Present<SealedUnit> for JournalUnitView {
    fn of(it: &SealedUnit, names: &mut Names) -> Self {
        Self {
            position: it.seal.position,
            known_at: it.seal.known_at,
            unit_of_work: it.seal.unit,
            actor: it.actor,
            acted_by: ActorRef::of(&it.actor, names),
            recorded_at: it.recorded_at,
            previous_hash: HEXLOWER.encode(&it.previous_hash),
            hash: HEXLOWER.encode(&it.seal.hash),
            events: it.events.iter().map(Into::into).collect(),
        }
    }
}

/// A page of the journal, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JournalPage)]
pub struct JournalView {
    /// The units of work.
    pub items: Vec<JournalUnitView>,
    /// The cursor of the next page; null where nothing more was sealed yet. Ask later with `after`, the last position
    /// read.
    #[schema(pattern = "^[A-Za-z0-9_-]{43}$")]
    pub next_cursor: Option<String>,
    /// The last position of the journal; 0 while nothing is sealed.
    pub last_position: i64,
}

/// Read the journal
///
/// Every event of the city in the one order, for auditors and audit administrators of the city. A unit of work
/// appears once it is sealed, a fraction of a second after its commit. Personal values are not in it, only
/// commitments to them. `docs/journal-format.md` says how to verify the hashes: instants count there as whole
/// microseconds.
#[utoipa::path(tag = "audit", security(("bearer" = [])), params(JournalParams),
    responses((status = 200, body = JournalView, description = "A page"), ReadProblems))]
#[get("/audit/journal")]
pub async fn read_journal(request: ApiRequest, params: Params<JournalParams>) -> Answer {
    let JournalParams { after, limit, cursor } = params.0;
    let after = after.unwrap_or_default();
    if after < 0 {
        return Err(Problem::invalid_parameter("after", Invalid::Negative.code()));
    }
    let params = ListParams::new(limit, cursor, format!("journal?after={after}"))?;
    let view = request.read(move |ctx| {
        let page = params.page(ctx.services, ctx.caller);
        let JournalPage { units, last_position } = match journal::read(ctx, after, page)? {
            Ok(found) => found,
            Err(problem) => return Ok(Err(problem)),
        };
        let list = params.list(ctx.services, ctx.caller, units);
        let List { items, next_cursor } = ctx.render(|names| List::<JournalUnitView>::of(&list, names))?;
        Ok(Ok(JournalView { items, next_cursor, last_position }))
    });
    Ok(HttpResponse::Ok().json(view.await??))
}
