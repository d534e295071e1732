use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        Method,
        header::{self, HeaderMap},
    },
    web::Data,
};
use bangfu_app::{
    Executed, Expected, IdempotencyKey, Item, ReadContext, RequestContext, Services, UnitOfWork,
    Worked,
};
use bangfu_domain::{
    aggregate::InState, decision::Decision, ids::OrganizationId, organization::Organization,
    time::Day,
};
use bangfu_persistence::{
    KeyClaim, Loaded, ReadTransaction, Staged, StoreError, Stored, WorkError, WriteTransaction,
    query::Page,
};
use serde::Serialize;
use subtle::ConstantTimeEq;

use super::{Body, ListParams, Outcome, Parse, Reply};
use crate::{
    access::{Action, Place, Resource},
    auth::{Caller, Subject, Verified},
    problem::{Code, Problem},
    state::App,
};

/// The one endpoint that takes the installation token.
const INSTALLATION: &str = "/v1/installation";

/// A request of somebody who is signed in.
pub struct ApiRequest {
    app: Data<App>,
    token: Verified,
    endpoint: String,
    key: Key,
    if_match: Option<String>,
}

/// The Idempotency-Key of a request.
#[derive(Debug, Clone)]
enum Key {
    /// As sent. A POST must have one.
    Sent(Option<String>),
    /// A PUT without one: `If-Match` alone keeps it from being done twice.
    NotNeeded,
}

impl Key {
    fn of(request: &HttpRequest) -> Self {
        let sent = text(request.headers(), "idempotency-key").map(str::to_owned);
        match sent {
            None if request.method() == Method::PUT => Key::NotNeeded,
            sent => Key::Sent(sent),
        }
    }

    /// The key, if one is needed; the problem, if it is not as it must be.
    fn check(&self) -> Result<Option<String>, Problem> {
        match self {
            Key::NotNeeded => Ok(None),
            Key::Sent(key) => checked_key(key.as_deref()).map(Some),
        }
    }
}

impl FromRequest for ApiRequest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::open(request))
    }
}

impl ApiRequest {
    fn open(request: &HttpRequest) -> Result<Self, Problem> {
        let app = request.app_data::<Data<App>>().cloned().ok_or(Problem::new(Code::Internal))?;
        let headers = request.headers();
        if request.method() != Method::GET && !request.query_string().is_empty() {
            return Err(Problem::new(Code::InvalidQuery));
        }
        if headers.get_all("idempotency-key").count() > 1 {
            return Err(Problem::new(Code::IdempotencyKeyRequired));
        }
        let unauthenticated = || Problem::new(Code::Unauthenticated);
        let token = text(headers, header::AUTHORIZATION.as_str())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(unauthenticated)?;
        let installer = app.store.keyring().installation_token().as_bytes();
        let installs = request.path() == INSTALLATION && token.as_bytes().ct_eq(installer).into();
        let now = app.store.now()?;
        let token = if installs {
            Verified { subject: Subject::Installer, epoch: 0, expires_at: now }
        } else {
            app.tokens.verify(token, now).map_err(|_| unauthenticated())?
        };
        Ok(Self {
            app,
            token,
            endpoint: format!("{} {}", request.method(), request.path()),
            key: Key::of(request),
            if_match: text(headers, header::IF_MATCH.as_str()).map(str::to_owned),
        })
    }

    /// 401 for everybody but the holder of the installation token.
    pub fn require_installer(&self) -> Result<(), Problem> {
        match self.token.subject {
            Subject::Installer => Ok(()),
            Subject::Account(_) | Subject::Client(_) => Err(Problem::new(Code::Unauthenticated)),
        }
    }

    /// 400 for a request that cannot be executed, before any costly work for it.
    pub fn require_key(&self) -> Result<(), Problem> {
        self.key.check().map(|_| ())
    }

    /// Whom the token names.
    pub fn who(&self) -> Verified {
        self.token
    }

    /// What every door shares.
    pub fn services(&self) -> &Arc<Services> {
        &self.app.services
    }

    /// Looks at something before the change itself, which must look again.
    pub async fn before<T: Send + 'static>(
        &self,
        name: &'static str,
        look: impl FnOnce(&mut Sight<'_, '_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.key.check()?;
        let app = self.app.clone().into_inner();
        let token = self.token;
        self.app
            .store
            .read(name, move |reader| {
                let caller = load_caller(reader, token)?;
                look(&mut Sight { tx: reader, caller: &caller, app: &app })
            })
            .await
    }

    /// The present day.
    pub fn today(&self) -> Result<Day, Problem> {
        Ok(self.app.store.now()?.day())
    }

    /// What every request shares.
    pub fn app(&self) -> Data<App> {
        self.app.clone()
    }

    /// Reads, with the caller's powers of this moment.
    pub async fn read<T: Send + 'static>(
        &self,
        name: &'static str,
        read: impl FnOnce(&mut Sight<'_, '_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = self.app.clone().into_inner();
        let token = self.token;
        self.app
            .store
            .read(name, move |reader| {
                let caller = load_caller(reader, token)?;
                read(&mut Sight { tx: reader, caller: &caller, app: &app })
            })
            .await
    }

    /// Reads one moment of the database. What is read is rendered outside it.
    pub async fn query<T: Send + 'static>(
        &self,
        name: &'static str,
        read: impl FnOnce(&mut ReadContext<'_, '_>) -> Worked<T> + Send + 'static,
    ) -> Result<T, Problem> {
        Ok(self.app.services.read(name, self.token, read).await?)
    }

    /// Reads a page of a list.
    pub async fn list<V, T>(
        self,
        name: &'static str,
        params: ListParams,
        read: impl FnOnce(&mut ReadContext<'_, '_>, Page) -> Worked<Vec<T>> + Send + 'static,
    ) -> Result<HttpResponse, Problem>
    where
        V: Serialize + for<'i> From<&'i T> + Send + 'static,
        T: Item + 'static,
    {
        let services = &self.app.services;
        let list = services.read(name, self.token, move |ctx| {
            let (services, caller) = (ctx.services, ctx.caller);
            let page = match params.page(services, caller) {
                Ok(page) => page,
                Err(problem) => return Ok(Err(problem)),
            };
            let read = read(ctx, page)?;
            Ok(Ok(params.list(services, caller, read, Item::id, |item| V::from(&item))))
        });
        Ok(HttpResponse::Ok().json(list.await??))
    }

    /// Performs a use case whose answer is never stored: personal values are opened, and the access record is
    /// committed before anything is shown.
    pub async fn perform<T: Send + 'static>(
        self,
        name: &'static str,
        use_case: impl Fn(&mut UnitOfWork<'_, '_>) -> Worked<(Staged, T)> + Send + 'static,
    ) -> Result<T, Problem> {
        let request = RequestContext { who: self.token, expected: Expected::Unsaid, key: None };
        Ok(self.app.services.perform(name, request, use_case).await?)
    }

    /// The same, for what has a body.
    pub async fn perform_with<B: Parse, T: Send + 'static>(
        self,
        name: &'static str,
        body: Body<B>,
        use_case: impl Fn(&mut UnitOfWork<'_, '_>, &B::Command) -> Worked<(Staged, T)> + Send + 'static,
    ) -> Result<T, Problem>
    where
        B::Command: Send + 'static,
    {
        let (command, _) = body.parse(self.today()?)?;
        self.perform(name, move |work| use_case(work, &command)).await
    }

    /// Executes a use case, once however often the request is sent. `reply` says what is answered.
    pub async fn execute<T: Send + 'static>(
        self,
        name: &'static str,
        bytes: &[u8],
        use_case: impl Fn(&mut UnitOfWork<'_, '_>) -> Worked<(Staged, T)> + Send + 'static,
        reply: impl Fn(&T) -> Result<Reply, StoreError> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let condition = self.if_match.as_deref().unwrap_or_default();
        let fingerprint =
            self.app.fingerprint(&[self.endpoint.as_bytes(), condition.as_bytes(), bytes]);
        let key = self.key.check()?.map(|key| IdempotencyKey { key, fingerprint });
        let expected = expected(self.if_match.as_deref());
        let request = RequestContext { who: self.token, expected, key };
        let present = move |output: &T| {
            let reply = reply(output)?;
            let stored = reply.stored();
            Ok((reply, stored))
        };
        match self.app.services.execute(name, request, use_case, present).await? {
            Executed::Now(reply) => reply.into_response(false),
            Executed::Before(answer) => Reply::replayed(answer).into_response(true),
        }
    }

    /// The same, for what has a body.
    pub async fn execute_with<B: Parse, T: Send + 'static>(
        self,
        name: &'static str,
        body: Body<B>,
        use_case: impl Fn(&mut UnitOfWork<'_, '_>, &B::Command) -> Worked<(Staged, T)> + Send + 'static,
        reply: impl Fn(&T) -> Result<Reply, StoreError> + Send + 'static,
    ) -> Result<HttpResponse, Problem>
    where
        B::Command: Send + 'static,
    {
        let (command, bytes) = body.parse(self.today()?)?;
        self.execute(name, &bytes, move |work| use_case(work, &command), reply).await
    }

    /// Changes something: one unit of work, done once however often the request is sent.
    pub async fn change<B: Parse>(
        self,
        name: &'static str,
        body: Body<B>,
        work: impl Fn(&mut Deed<'_, '_>, &B::Command) -> Result<Outcome, WorkError<Problem>>
        + Send
        + 'static,
    ) -> Result<HttpResponse, Problem>
    where
        B::Command: Send + 'static,
    {
        let (command, bytes) = body.parse(self.today()?)?;
        self.change_by(name, &bytes, move |deed| work(deed, &command)).await
    }

    /// Changes something, where there is no body, or it is parsed already; `bytes` are it as sent.
    pub async fn change_by(
        self,
        name: &'static str,
        bytes: &[u8],
        work: impl Fn(&mut Deed<'_, '_>) -> Result<Outcome, WorkError<Problem>> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let key = self.key.check()?;
        let condition = self.if_match.as_deref().unwrap_or_default();
        let fingerprint =
            self.app.fingerprint(&[self.endpoint.as_bytes(), condition.as_bytes(), bytes]);
        let app = self.app.clone().into_inner();
        let (token, if_match) = (self.token, self.if_match);
        let subject = token.subject;
        let done = self.app.store.write(name, move |load| {
            let caller = load_caller(load, token).map_err(WorkError::Refused)?;
            let powers = caller.powers();
            let claim = match &key {
                None => None,
                Some(key) => {
                    Some(load.claim_key(&subject.to_string(), key, &fingerprint, &powers)?)
                }
            };
            let claimed = match claim {
                None => None,
                Some(KeyClaim::Fresh(claimed)) => Some(claimed),
                Some(KeyClaim::Replay(answer, powers)) => {
                    // What was answered under a power that is gone is not shown again.
                    if !caller.still_has(&powers) {
                        return refused(Problem::new(Code::Forbidden));
                    }
                    let nothing = load.stage(caller.actor, Decision::default())?;
                    return Ok((nothing, (Reply::replayed(answer), true)));
                }
                Some(KeyClaim::OtherRequest) => return refused(Problem::new(Code::KeyReused)),
                Some(KeyClaim::InProgress) => {
                    return refused(Problem::new(Code::RequestInProgress));
                }
            };
            let mut deed =
                Deed { tx: load, caller: &caller, app: &app, if_match: if_match.as_deref() };
            let Outcome { staged, reply } = work(&mut deed)?;
            let staged = match claimed {
                Some(claimed) => staged.with_answer(claimed, reply.stored()),
                None => staged,
            };
            Ok((staged, (reply, false)))
        });
        let (reply, replayed) = done.await?;
        reply.into_response(replayed)
    }

    /// Opens personal values: the access record is committed before anything is shown, and the answer
    /// is never stored.
    pub async fn reveal<B: Parse, T: Send + 'static>(
        self,
        name: &'static str,
        body: Body<B>,
        work: impl Fn(&mut Deed<'_, '_>, &B::Command) -> Result<(Staged, T), WorkError<Problem>>
        + Send
        + 'static,
    ) -> Result<T, Problem>
    where
        B::Command: Send + 'static,
    {
        let (command, _) = body.parse(self.today()?)?;
        self.open_values(name, move |deed| work(deed, &command)).await
    }

    /// The same, where nothing is said but what is asked for.
    pub async fn open_values<T: Send + 'static>(
        self,
        name: &'static str,
        work: impl Fn(&mut Deed<'_, '_>) -> Result<(Staged, T), WorkError<Problem>> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = self.app.clone().into_inner();
        let token = self.token;
        let done = self.app.store.write(name, move |load| {
            let caller = load_caller(load, token).map_err(WorkError::Refused)?;
            work(&mut Deed { tx: load, caller: &caller, app: &app, if_match: None })
        });
        Ok(done.await?)
    }
}

/// What a read may look at.
pub struct Sight<'s, 'a> {
    /// The database, for reading.
    pub tx: &'s mut ReadTransaction<'a>,
    /// Who asks.
    pub caller: &'s Caller,
    /// What every request shares.
    pub app: &'s Arc<App>,
}

impl<'a> Sight<'_, 'a> {
    /// The same, as use cases look.
    pub fn context(&mut self) -> ReadContext<'_, 'a> {
        ReadContext { tx: self.tx, caller: self.caller, services: &self.app.services }
    }

    /// Where an organization stands in the tree. One that is not there is a fault of the database.
    pub fn place(&mut self, id: OrganizationId) -> Result<Place, StoreError> {
        let found: Option<Loaded<Organization>> = self.tx.find(id)?;
        let missing =
            || StoreError::Damaged { table: "organizations", column: "id", row: id.to_string() };
        Ok(Place::from(&found.ok_or_else(missing)?.value))
    }

    /// The city's registers of people and clients.
    pub fn registry(&mut self) -> Result<Resource, Problem> {
        let city = self.tx.city()?.ok_or(Problem::new(Code::NotFound))?;
        Ok(Resource::Registry(Place { organization: city, above: Vec::new() }))
    }

    /// The city's aid policies.
    pub fn policies(&mut self) -> Result<Resource, Problem> {
        let city = self.tx.city()?.ok_or(Problem::new(Code::NotFound))?;
        Ok(Resource::Policy(Place { organization: city, above: Vec::new() }))
    }

    /// Whether the caller may do it.
    pub fn permits(&self, action: Action, resource: &Resource) -> bool {
        self.app.access.permits(self.caller, action, resource)
    }

    /// 404 for what the caller may not see.
    pub fn require_sight(&self, view: Action, resource: &Resource) -> Result<(), Problem> {
        if self.permits(view, resource) { Ok(()) } else { Err(Problem::new(Code::NotFound)) }
    }

    /// 403 for what the caller may not do.
    pub fn require(&self, action: Action, resource: &Resource) -> Result<(), Problem> {
        if self.permits(action, resource) { Ok(()) } else { Err(Problem::new(Code::Forbidden)) }
    }
}

/// A change being made: what it may claim, load and decide.
pub struct Deed<'s, 'a> {
    /// The database, for one unit of work.
    pub tx: &'s mut WriteTransaction<'a>,
    /// Who acts.
    pub caller: &'s Caller,
    /// What every request shares.
    pub app: &'s Arc<App>,
    if_match: Option<&'s str>,
}

impl<'a> Deed<'_, 'a> {
    /// The same, as use cases work.
    pub fn work(&mut self) -> UnitOfWork<'_, 'a> {
        let expected = expected(self.if_match);
        UnitOfWork { tx: self.tx, caller: self.caller, services: &self.app.services, expected }
    }

    /// The same, for looking.
    pub fn sight(&mut self) -> Sight<'_, 'a> {
        Sight { tx: self.tx, caller: self.caller, app: self.app }
    }

    /// Locks a thing and validation that the caller may see it (404), may do this to it (403), and has its
    /// present version (428, 412). In this order nobody learns of what they may not see.
    pub fn take<T: Stored>(
        &mut self,
        id: impl Into<bangfu_domain::stream::StreamRef>,
        resource: impl FnOnce(&mut Sight<'_, '_>, &T) -> Result<Resource, Problem>,
        view: Action,
        action: Action,
        condition: Condition,
    ) -> Result<(Loaded<T>, Resource), WorkError<Problem>> {
        let not_found = || WorkError::Refused(Problem::new(Code::NotFound));
        let found = self.tx.for_update::<T>(id)?.ok_or_else(not_found)?;
        let mut sight = self.sight();
        let resource = resource(&mut sight, &found.value).map_err(WorkError::Refused)?;
        sight.require_sight(view, &resource).map_err(WorkError::Refused)?;
        sight.require(action, &resource).map_err(WorkError::Refused)?;
        if condition == Condition::IfMatch {
            self.check_version(found.version).map_err(WorkError::Refused)?;
        }
        Ok((found, resource))
    }

    /// 428 or 412 unless the caller has read this version.
    pub fn check_version(&self, version: u32) -> Result<(), Problem> {
        match self.if_match {
            None => Err(Problem::new(Code::PreconditionRequired)),
            Some(tag) if tag.trim() == super::reply::etag(version) => Ok(()),
            Some(_) => Err(Problem::new(Code::PreconditionFailed).with("version", version)),
        }
    }

    /// Puts a decision into the chains of its streams.
    pub fn stage(&mut self, decision: Decision) -> Result<Staged, StoreError> {
        self.tx.stage(self.caller.actor, decision)
    }
}

/// Whether a change asks for the version that its caller last read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// A person decides on what they saw: `If-Match` is required.
    IfMatch,
    /// Machines' results, evidence, acknowledgements: the order in which they come is as good as any.
    None,
}

/// The thing that a unit of work staged.
pub fn staged<T: InState + Clone>(
    staged: &Staged,
    id: impl Into<bangfu_domain::stream::StreamRef>,
) -> Result<Loaded<T>, WorkError<Problem>> {
    staged.after(id).ok_or_else(|| WorkError::Refused(Problem::new(Code::Internal)))
}

/// The version that `If-Match` names.
fn expected(if_match: Option<&str>) -> Expected {
    let Some(tag) = if_match.map(str::trim) else { return Expected::Unsaid };
    let version = tag.trim_matches('"').parse().ok();
    match version.filter(|version| super::reply::etag(*version) == tag) {
        Some(version) => Expected::Version(version),
        None => Expected::Unreadable,
    }
}

fn load_caller(reader: &mut ReadTransaction<'_>, token: Verified) -> Result<Caller, Problem> {
    Caller::load(reader, token)?.ok_or_else(|| Problem::new(Code::Unauthenticated))
}

fn refused<T>(problem: Problem) -> Result<T, WorkError<Problem>> {
    Err(WorkError::Refused(problem))
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn checked_key(key: Option<&str>) -> Result<String, Problem> {
    key.filter(|key| (8..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()))
        .map(str::to_owned)
        .ok_or_else(|| Problem::new(Code::IdempotencyKeyRequired))
}
