//! Machine clients 机器客户端: hospital intake systems and other programs that call the API.

use serde::{Deserialize, Serialize};

use crate::{
    aggregate::{Aggregate, InvalidHistory},
    codes::codes,
    decision::{Context, Decision, RejectionContext},
    event::stream_events,
    ids::{ClientId, SourceId},
    organization::Title,
    rejection::{Cause, Rejection},
    stream::StreamKind,
};

stream_events! {
    /// What happens to a machine client.
    ClientEvent {
        /// It was made known; its powers are granted apart.
        Registered(ClientRegistered) = "client.registered" v 1,
        /// It was given a new secret.
        SecretRotated(ClientSecretRotated) = "client.secret_rotated" v 1,
        /// It was closed for good.
        Closed(ClientClosed) = "client.closed" v 1,
    }
}

/// Payload of `client.registered`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientRegistered {
    pub client: ClientId,
    /// The name of the system behind it.
    pub name: Title,
    /// The source for which it speaks, if it sends referrals.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<SourceId>,
}

/// Payload of `client.secret_rotated`. The secret is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientSecretRotated {}

/// Payload of `client.closed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientClosed {}

codes! {
    /// The state of a client.
    ClientState {
        /// It can get tokens.
        Open = "open" ("Open", "正常"),
        /// It cannot, ever again.
        Closed = "closed" ("Closed", "已停用"),
    }
}

/// A machine client. Registering it grants nothing; only a grant does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its id, which is also the `client_id` of its token requests.
    pub id: ClientId,
    /// The name of the system behind it.
    pub name: Title,
    /// The source for which it speaks.
    pub source: Option<SourceId>,
    pub state: ClientState,
}

codes! {
    /// A command on an existing client.
    ClientCommand {
        /// Give it a new secret.
        RotateSecret = "rotate_secret" ("Renew secret", "更换密钥"),
        /// Close it for good.
        Close = "close" ("Close client", "停用客户端"),
    }
}

impl Client {
    /// Whether the state permits the command.
    pub fn permits(&self, command: ClientCommand) -> bool {
        match command {
            ClientCommand::RotateSecret | ClientCommand::Close => self.state == ClientState::Open,
        }
    }

    /// Makes a client known.
    pub fn register(ctx: &mut Context<'_>, name: Title, source: Option<SourceId>) -> (ClientId, Decision) {
        let client = ctx.id(ClientId::from_uuid);
        let mut decision = Decision::default();
        decision.record(client, ClientEvent::Registered(ClientRegistered { client, name, source }));
        (client, decision)
    }

    /// Gives the client a new secret.
    pub fn rotate_secret(&self, ctx: &Context<'_>) -> Result<Decision, Rejection> {
        self.by_a_person(ctx, ClientCommand::RotateSecret)?;
        Ok(Decision::of(self.id, ClientEvent::SecretRotated(ClientSecretRotated {})))
    }

    /// Closes the client for good.
    pub fn close(&self, ctx: &Context<'_>) -> Result<Decision, Rejection> {
        self.by_a_person(ctx, ClientCommand::Close)?;
        Ok(Decision::of(self.id, ClientEvent::Closed(ClientClosed {})))
    }

    fn by_a_person(&self, ctx: &Context<'_>, command: ClientCommand) -> Result<(), Rejection> {
        let (stream, state) = (StreamKind::Client, self.state.code());
        let rejection = RejectionContext { stream, state, command: command.code() };
        rejection.unless(self.permits(command), Cause::WrongState)?;
        rejection.unless(ctx.actor.person().is_some(), Cause::NeedsPerson)
    }
}

impl Aggregate for Client {
    const KIND: StreamKind = StreamKind::Client;
    const FORM: u32 = 1;
    type Event = ClientEvent;

    fn evolve(state: Option<Self>, _version: u32, event: &ClientEvent) -> Result<Self, InvalidHistory> {
        match (state, event) {
            (None, ClientEvent::Registered(e)) => {
                Ok(Self { id: e.client, name: e.name.clone(), source: e.source, state: ClientState::Open })
            }
            (Some(client), ClientEvent::SecretRotated(_)) if client.state == ClientState::Open => Ok(client),
            (Some(client), ClientEvent::Closed(_)) if client.state == ClientState::Open => {
                Ok(Self { state: ClientState::Closed, ..client })
            }
            (_, ClientEvent::Registered(_) | ClientEvent::SecretRotated(_) | ClientEvent::Closed(_)) => {
                Err(InvalidHistory { stream: Self::KIND })
            }
        }
    }
}
