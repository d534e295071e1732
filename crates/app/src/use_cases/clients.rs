//! Machine clients 机器客户端.

use bangfu_domain::{
    client::{Client, ClientCommand},
    ids::{ClientId, SourceId},
    organization::Title,
    source::Source,
};
use bangfu_persistence::{
    NewCredential, Staged, StoreError, Versioned,
    query::{self, Page},
};
use zeroize::Zeroizing;

use crate::{
    AccessControlled, Condition, ReadContext, Refusal, UnitOfWork, UseCaseResult,
    access::{Action, Resource},
    identity::{hash_client_secret, new_client_secret},
};

impl AccessControlled for Client {
    type Command = ClientCommand;

    const VIEW: Action = Action::ViewClient;

    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError> {
        ctx.registry()
    }
}

/// A new machine client. It has no power until a role is granted to it.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// The name of the system behind it.
    pub name: Title,
    /// The source for which it speaks, if it sends referrals.
    pub source: Option<SourceId>,
}

/// A client with its new secret, which is shown once: only its hash is stored.
pub struct WithSecret {
    pub client: Versioned<Client>,
    pub secret: Zeroizing<String>,
}

/// Registers a machine client.
pub fn register(work: &mut UnitOfWork<'_, '_>, new: &NewClient) -> UseCaseResult<(Staged, WithSecret)> {
    let mut ctx = work.reading();
    let registry = ctx.registry()?;
    ctx.require(Action::RegisterClient, &registry)?;
    if let Some(source) = new.source {
        let unknown = || Refusal::unknown_reference("/source_id");
        work.tx.find::<Source>(source)?.ok_or_else(unknown)?;
    }
    let secret = new_client_secret();
    let secret_hash = hash_client_secret(&secret);
    let (id, decision) = Client::register(&mut work.context(), new.name.clone(), new.source);
    let (stage, client) = work.stage_of(id, decision)?;
    let stage = stage.with_credential(NewCredential::Client { client: id, secret_hash });
    Ok((stage, WithSecret { client, secret }))
}

/// Gives a client a new secret. The previous one stays valid for a day.
pub fn rotate_secret(work: &mut UnitOfWork<'_, '_>, id: ClientId) -> UseCaseResult<(Staged, WithSecret)> {
    let locked = work.lock_for::<Client>(id, ClientCommand::RotateSecret, Condition::Required)?;
    let decision = locked.thing.value.rotate_secret(&work.context())?;
    let secret = new_client_secret();
    let secret_hash = hash_client_secret(&secret);
    let (stage, client) = work.stage_of(id, decision)?;
    let stage = stage.with_credential(NewCredential::Secret { client: id, secret_hash });
    Ok((stage, WithSecret { client, secret }))
}

/// Closes a client for good.
pub fn close(work: &mut UnitOfWork<'_, '_>, id: ClientId) -> UseCaseResult<(Staged, Versioned<Client>)> {
    let locked = work.lock_for::<Client>(id, ClientCommand::Close, Condition::Required)?;
    let decision = locked.thing.value.close(&work.context())?;
    let (stage, client) = work.stage_of(id, decision)?;
    Ok((stage.with_credential(NewCredential::NoClient(id)), client))
}

/// A machine client.
pub fn get(ctx: &mut ReadContext<'_, '_>, id: ClientId) -> UseCaseResult<Versioned<Client>> {
    Ok(ctx.get(id)?.0)
}

/// A page of the machine clients, for a caller who may see them.
pub fn list(ctx: &mut ReadContext<'_, '_>, page: Page) -> UseCaseResult<Vec<Versioned<Client>>> {
    let registry = ctx.registry()?;
    if !ctx.permits(Client::VIEW, &registry) {
        return Ok(Vec::new());
    }
    Ok(query::clients(ctx.tx, page)?)
}
