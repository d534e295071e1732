//! Machine clients 机器客户端.

use actix_web::{get, post};
use bangfu_app::{
    Names,
    use_cases::clients::{self, NewClient, WithSecret},
};
use bangfu_domain::{
    client::{Client, ClientState},
    ids::{ClientId, SourceId},
    organization::Title,
};
use bangfu_persistence::Versioned;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::refs::SourceRef;
use super::{
    Answer,
    organizations::PageParams,
    problems::{ConditionProblems, ReadProblems, WriteProblems},
};
use crate::edge::{
    ApiRequest, Body, Id, IntoCommand, List, NoBody, Params, Present, Reply, Validation, changed, created, input, views,
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(register_client)
        .service(list_clients)
        .service(get_client)
        .service(rotate_secret)
        .service(close_client);
}

input! {
    /// A new machine client. It has no power until a role is granted to it.
    pub struct RegisterClient {
        /// The name of the system behind it.
        pub name: Title,
        /// The source for which it speaks, if it sends referrals.
        pub source_id: Option<SourceId>,
    }
}

impl IntoCommand for RegisterClient {
    type Command = NewClient;

    fn into_command(self, _: &mut Validation) -> Option<Self::Command> {
        Some(NewClient { name: self.name, source: self.source_id })
    }
}

/// A machine client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Client)]
pub struct ClientView {
    /// Its id, which is also its `client_id` at `/oauth/token`.
    pub id: ClientId,
    /// Its version.
    pub version: u32,
    /// Its state.
    pub state: ClientState,
    /// The name of the system behind it.
    pub name: Title,
    /// The source for which it speaks.
    pub source: Option<SourceRef>,
    /// Its secret: in the answer to its registration or to a rotation, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "password")]
    pub client_secret: Option<String>,
}

views! {
    ClientView at "/v1/clients";
}

impl Present<Versioned<Client>> for ClientView {
    fn of(versioned: &Versioned<Client>, names: &mut Names) -> Self {
        let it = &versioned.value;
        Self {
            id: it.id,
            version: versioned.version,
            state: it.state,
            name: it.name.clone(),
            source: Option::of(&it.source, names),
            client_secret: None,
        }
    }
}

fn with_secret(reply: Reply, it: &WithSecret) -> Reply {
    reply.with_secret("client_secret", it.secret.to_string())
}

/// Register a machine client
///
/// The answer holds `client_secret`, once: a repetition of the request is answered without it.
#[utoipa::path(tag = "clients", security(("bearer" = [])), request_body = RegisterClient,
    responses((status = 201, body = ClientView, description = "Registered"), WriteProblems))]
#[post("/clients")]
pub async fn register_client(request: ApiRequest, body: Body<RegisterClient>) -> Answer {
    request
        .execute_with(body, clients::register, |it, names| {
            Ok(with_secret(created::<ClientView, _>(&it.client, names)?, it))
        })
        .await
}

/// Read a machine client
#[utoipa::path(tag = "clients", security(("bearer" = [])),
    responses((status = 200, body = ClientView, description = "The client"), ReadProblems))]
#[get("/clients/{id}")]
pub async fn get_client(request: ApiRequest, id: Id<ClientId>) -> Answer {
    request.show::<ClientView, _>(move |ctx| clients::get(ctx, id.0)).await
}

/// List machine clients
#[utoipa::path(tag = "clients", security(("bearer" = [])), params(PageParams),
    responses((status = 200, body = List<ClientView>, description = "A page"), ReadProblems))]
#[get("/clients")]
pub async fn list_clients(request: ApiRequest, params: Params<PageParams>) -> Answer {
    let params = params.0.of("clients")?;
    request.list::<ClientView, _>(params, clients::list).await
}

/// Give a machine client a new secret
///
/// The answer holds `client_secret`, once. The secret before is good for 24 hours still, so that the client
/// can be changed over; a second rotation makes it void at once. Tokens stay good until they expire.
#[utoipa::path(tag = "clients", security(("bearer" = [])),
    responses((status = 200, body = ClientView, description = "Rotated"), WriteProblems, ConditionProblems))]
#[post("/clients/{id}/secret")]
pub async fn rotate_secret(request: ApiRequest, id: Id<ClientId>, _: NoBody) -> Answer {
    request
        .execute(
            b"",
            move |work| clients::rotate_secret(work, id.0),
            |it, names| Ok(with_secret(changed::<ClientView, _>(&it.client, names)?, it)),
        )
        .await
}

/// Close a machine client for good
///
/// Its tokens are refused from the next request on.
#[utoipa::path(tag = "clients", security(("bearer" = [])),
    responses((status = 200, body = ClientView, description = "Closed"), WriteProblems, ConditionProblems))]
#[post("/clients/{id}/close")]
pub async fn close_client(request: ApiRequest, id: Id<ClientId>, _: NoBody) -> Answer {
    request.execute(b"", move |work| clients::close(work, id.0), changed::<ClientView, _>).await
}
