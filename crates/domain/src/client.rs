//! Machine clients 机器客户端: hospital intake systems and other programs that call the API.

use serde::{Deserialize, Serialize};

use crate::{
    aggregate::{Aggregate, Misfit},
    decision::{Context, Decision},
    event::stream_events,
    ids::{ClientId, SourceId},
    organization::Title,
    stream::StreamKind,
};

stream_events! {
    /// What happens to a machine client.
    ClientEvent {
        /// It was made known; its powers are granted apart.
        Registered(ClientRegistered) = "client.registered" v 1,
    }
}

/// Payload of `client.registered`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientRegistered {
    /// Its own id.
    pub client: ClientId,
    /// The name of the system behind it.
    pub name: Title,
    /// The source for which it speaks, if it sends referrals.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<SourceId>,
}

/// A machine client. Registering it gives it no power; a grant does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id, which is also the `client_id` of its token requests.
    pub id: ClientId,
    /// The name of the system behind it.
    pub name: Title,
    /// The source for which it speaks.
    pub source: Option<SourceId>,
}

impl Client {
    /// Makes a client known.
    pub fn register(
        ctx: &mut Context<'_>,
        name: Title,
        source: Option<SourceId>,
    ) -> (ClientId, Decision) {
        let client = ctx.id(ClientId::from_uuid);
        let mut decision = Decision::default();
        decision.record(client, ClientEvent::Registered(ClientRegistered { client, name, source }));
        (client, decision)
    }
}

impl Aggregate for Client {
    const KIND: StreamKind = StreamKind::Client;
    type Event = ClientEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &ClientEvent) -> Result<Self, Misfit> {
        match (state, event) {
            (None, ClientEvent::Registered(e)) => {
                Ok(Self { id: e.client, name: e.name.clone(), source: e.source })
            }
            (Some(_), _) => Err(Misfit { stream: Self::KIND }),
        }
    }
}
