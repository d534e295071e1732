//! Machine clients 机器客户端.

use actix_web::{get, post};
use bangfu_domain::{
    client::Client,
    ids::{ClientId, SourceId},
    organization::Title,
    source::Source,
};
use bangfu_persistence::{Loaded, NewCredential, WorkError, query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Answer,
    organizations::PageParams,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
    refuse,
};
use crate::{
    access::Action,
    auth::{hash_client_secret, new_client_secret},
    edge::{
        ApiRequest, Body, Condition, Deed, Id, List, NoBody, Outcome, Params, Parse, Reply, Sight,
        Validation, resource, staged,
    },
    problem::{Code, Problem},
};

/// A new machine client. It has no power until a role is granted to it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterClient {
    /// The name of the system behind it.
    #[validate(length(max = 100))]
    #[schema(example = "市人民医院 HIS", max_length = 100)]
    pub name: String,
    /// The source for which it speaks, if it sends referrals.
    pub source_id: Option<String>,
}

impl Parse for RegisterClient {
    type Command = (Title, Option<SourceId>);

    fn parse(self, validation: &mut Validation) -> Option<Self::Command> {
        let name = validation.parse("/name", &self.name, Title::parse);
        let source = validation.optional("/source_id", self.source_id.as_deref(), str::parse);
        Some((name?, source?))
    }
}

/// A machine client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Client)]
pub struct ClientView {
    /// Its id, which is also its `client_id` at `/oauth/token`.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// `open` or `closed`.
    pub state: &'static str,
    /// The name of the system behind it.
    pub name: String,
    /// The source for which it speaks.
    pub source_id: Option<String>,
    /// Its secret: in the answer to its registration or to a rotation, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
}

impl From<Loaded<Client>> for ClientView {
    fn from(loaded: Loaded<Client>) -> Self {
        let it = loaded.value;
        Self {
            id: it.id.to_string(),
            version: loaded.version,
            state: it.state.code(),
            name: it.name.as_str().to_owned(),
            source_id: it.source.map(|id| id.to_string()),
            client_secret: None,
        }
    }
}

/// Make a machine client known
///
/// The answer holds `client_secret`, once: a repetition of the request is answered without it.
#[utoipa::path(tag = "clients", security(("bearer" = [])), request_body = RegisterClient,
    responses((status = 201, body = ClientView, description = "Made known"), WriteProblems))]
#[post("/clients")]
pub async fn register_client(request: ApiRequest, body: Body<RegisterClient>) -> Answer {
    request
        .change("client.register", body, |deed, (name, source)| {
            let mut sight = deed.sight();
            let registry = sight.registry().map_err(WorkError::Refused)?;
            sight.require(Action::RegisterClient, &registry).map_err(WorkError::Refused)?;
            if let Some(source) = source {
                let unknown = || refuse(Problem::unknown_reference("/source_id"));
                deed.tx.find::<Source>(*source)?.ok_or_else(unknown)?;
            }
            let secret = new_client_secret();
            let mut ctx = deed.tx.context(deed.caller.actor);
            let (id, decision) = Client::register(&mut ctx, name.clone(), *source);
            let stage = deed.stage(decision)?.with_credential(NewCredential::Client {
                client: id,
                secret_hash: hash_client_secret(&secret),
            });
            let view = ClientView::from(staged::<Client>(&stage, id)?);
            let reply = Reply::created(format!("/v1/clients/{id}"), view.version, &view);
            let reply = reply.map_err(WorkError::Refused)?;
            let reply = reply.with_secret("client_secret", secret.to_string());
            Ok(Outcome { staged: stage, reply })
        })
        .await
}

/// Read a machine client
#[utoipa::path(tag = "clients", security(("bearer" = [])),
    params(("id" = String, Path, description = "The client")),
    responses((status = 200, body = ClientView, description = "The client"), ReadProblems))]
#[get("/clients/{id}")]
pub async fn get_client(request: ApiRequest, id: Id<ClientId>) -> Answer {
    let view = request.read("client.get", move |sight| {
        let registry = sight.registry()?;
        sight.require_sight(Action::ViewClient, &registry)?;
        let found = sight.tx.find::<Client>(id.0)?;
        found.map(ClientView::from).ok_or_else(|| Problem::new(Code::NotFound))
    });
    let view = view.await?;
    Ok(resource(view.version, &view))
}

/// List machine clients
#[utoipa::path(tag = "clients", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<ClientView>, description = "A page"), ReadProblems))]
#[get("/clients")]
pub async fn list_clients(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("clients")?;
    let list = request.read("client.list", move |sight| {
        let registry = sight.registry()?;
        let page = params.page(sight.app, sight.caller)?;
        let found = if sight.permits(Action::ViewClient, &registry) {
            query::clients(sight.tx, page)?
        } else {
            Vec::new()
        };
        let id = |it: &Loaded<Client>| it.value.id.as_uuid();
        Ok(params.list(sight.app, sight.caller, found, id, ClientView::from))
    });
    Ok(actix_web::HttpResponse::Ok().json(list.await?))
}

fn take(
    deed: &mut Deed<'_, '_>,
    id: ClientId,
    action: Action,
) -> Result<Loaded<Client>, WorkError<Problem>> {
    let registry = |sight: &mut Sight<'_, '_>, _: &Client| sight.registry();
    let taken = deed.take(id, registry, Action::ViewClient, action, Condition::IfMatch)?;
    Ok(taken.0)
}

/// Give a machine client a new secret
///
/// The answer holds `client_secret`, once. The secret before is good for 24 hours still, so that the client
/// can be changed over; a second rotation makes it void at once. Tokens stay good until they expire.
#[utoipa::path(tag = "clients", security(("bearer" = [])),
    params(("id" = String, Path, description = "The client")),
    responses((status = 200, body = ClientView, description = "Rotated"), WriteProblems, ConditionProblems))]
#[post("/clients/{id}/secret")]
pub async fn rotate_secret(request: ApiRequest, id: Id<ClientId>, _: NoBody) -> Answer {
    let client = id.0;
    request
        .change_by("client.rotate_secret", b"", move |deed| {
            let found = take(deed, client, Action::RotateSecret)?.value;
            let decision = found.rotate_secret(&deed.tx.context(deed.caller.actor))?;
            let secret = new_client_secret();
            let secret_hash = hash_client_secret(&secret);
            let credential = NewCredential::Secret { client, secret_hash };
            let stage = deed.stage(decision)?.with_credential(credential);
            let view = ClientView::from(staged::<Client>(&stage, client)?);
            let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
            let reply = reply.with_secret("client_secret", secret.to_string());
            Ok(Outcome { staged: stage, reply })
        })
        .await
}

/// Close a machine client for good
///
/// Its tokens are refused from the next request on.
#[utoipa::path(tag = "clients", security(("bearer" = [])),
    params(("id" = String, Path, description = "The client")),
    responses((status = 200, body = ClientView, description = "Closed"), WriteProblems, ConditionProblems))]
#[post("/clients/{id}/close")]
pub async fn close_client(request: ApiRequest, id: Id<ClientId>, _: NoBody) -> Answer {
    let client = id.0;
    request
        .change_by("client.close", b"", move |deed| {
            let found = take(deed, client, Action::CloseClient)?.value;
            let decision = found.close(&deed.tx.context(deed.caller.actor))?;
            let stage = deed.stage(decision)?.with_credential(NewCredential::NoClient(client));
            let view = ClientView::from(staged::<Client>(&stage, client)?);
            let reply = Reply::ok(view.version, &view).map_err(WorkError::Refused)?;
            Ok(Outcome { staged: stage, reply })
        })
        .await
}
