//! A request of a caller who is signed in: its token, its key and its condition, and how use cases are called for it.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        Method,
        header::{self, HeaderMap, HeaderValue},
    },
    web::Data,
};
use bangfu_app::{
    Executed, Expected, IdempotencyKey, Item, Names, ReadContext, RequestContext, Services, UnitOfWork, UseCaseResult,
    identity::{Subject, Verified},
};
use bangfu_domain::time::Day;
use bangfu_persistence::{SealedBlob, Staged, StoreError, query::Page};
use serde::Serialize;
use subtle::ConstantTimeEq;

use super::{
    Body, BodyLimits, IntoCommand, List, ListParams, Present, Reply, View,
    entity_tag::{EntityTags, IF_MATCH, IF_NONE_MATCH},
    middleware::tell_actor,
};
use crate::{
    problem::{Code, Problem},
    state::App,
};

/// The header that tells a repeated request from a new one.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// The one endpoint that takes the installation token.
const INSTALLATION: &str = "/v1/installation";

/// A request of a caller who is signed in.
pub struct ApiRequest {
    app: Data<App>,
    token: Verified,
    endpoint: String,
    key: Key,
    expected: Expected,
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
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let mut sent = request.headers().get_all(IDEMPOTENCY_KEY);
        match (sent.next(), sent.next()) {
            (Some(_), Some(_)) => Err(Problem::invalid_header(IDEMPOTENCY_KEY, "exactly_one")),
            (Some(key), None) => checked_key(key).map(|key| Key::Sent(Some(key))),
            (None, _) if request.method() == Method::PUT => Ok(Key::NotNeeded),
            (None, _) => Ok(Key::Sent(None)),
        }
    }

    /// The key, if one is needed; the problem, if it is missing.
    fn check(&self) -> Result<Option<String>, Problem> {
        match self {
            Key::NotNeeded => Ok(None),
            Key::Sent(Some(key)) => Ok(Some(key.clone())),
            Key::Sent(None) => Err(Problem::new(Code::IdempotencyKeyRequired)),
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
        // A document says everything; beside a file there may be parameters.
        let may_have_query = request.method() == Method::GET || BodyLimits::of(request).is_streamed();
        if !may_have_query && !request.query_string().is_empty() {
            return Err(Problem::unknown_parameter(&[]));
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
            Verified { subject: Subject::Installer, generation: 0, session: None, expires_at: now }
        } else {
            app.tokens.verify(token, now).map_err(|_| unauthenticated())?
        };
        tell_actor(request, token.subject);
        Ok(Self {
            app,
            token,
            endpoint: format!("{} {}", request.method(), request.path()),
            key: Key::of(request)?,
            expected: expected(request)?,
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

    /// The services of the application, which know no HTTP.
    pub fn services(&self) -> &Arc<Services> {
        &self.app.services
    }

    /// The present day.
    pub fn today(&self) -> Result<Day, Problem> {
        Ok(self.app.store.now()?.day())
    }

    /// The state of the HTTP server.
    pub fn app(&self) -> Data<App> {
        self.app.clone()
    }

    /// Reads one moment of the database.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut ReadContext<'_, '_>) -> UseCaseResult<T> + Send + 'static,
    ) -> Result<T, Problem> {
        Ok(self.app.services.read(self.token, read).await?)
    }

    /// Reads one moment of the database, as it is shown.
    async fn present<V: Present<T> + Send + 'static, T>(
        &self,
        read: impl FnOnce(&mut ReadContext<'_, '_>) -> UseCaseResult<T> + Send + 'static,
    ) -> Result<V, Problem> {
        let presented = self.read(|ctx| {
            let found = read(ctx)?;
            Ok(ctx.render(|names| V::of(&found, names))?)
        });
        presented.await
    }

    /// Reads one moment of the database, and shows what was read.
    pub async fn answer<V: Present<T> + Serialize + Send + 'static, T>(
        self,
        read: impl FnOnce(&mut ReadContext<'_, '_>) -> UseCaseResult<T> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        Ok(HttpResponse::Ok().json(self.present::<V, T>(read).await?))
    }

    /// Reads a single resource, and shows it with its entity tag.
    pub async fn show<V: View + Present<T> + Send + 'static, T>(
        self,
        read: impl FnOnce(&mut ReadContext<'_, '_>) -> UseCaseResult<T> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let view = self.present::<V, T>(read).await?;
        let etag = super::reply::etag(view.version());
        Ok(HttpResponse::Ok().insert_header((header::ETAG, etag)).json(view))
    }

    /// Reads a page of a list.
    pub async fn list<V, T>(
        self,
        params: ListParams,
        read: impl FnOnce(&mut ReadContext<'_, '_>, Page) -> UseCaseResult<Vec<T>> + Send + 'static,
    ) -> Result<HttpResponse, Problem>
    where
        V: Present<T> + Serialize + Send + 'static,
        T: Item,
    {
        let list = self.read(move |ctx| {
            let page = match params.page(ctx.services, ctx.caller) {
                Ok(page) => page,
                Err(problem) => return Ok(Err(problem)),
            };
            let read = read(ctx, page)?;
            let list = params.list(ctx.services, ctx.caller, read);
            Ok(Ok(ctx.render(|names| List::<V>::of(&list, names))?))
        });
        Ok(HttpResponse::Ok().json(list.await??))
    }

    /// Performs a use case whose answer is never stored: personal values are opened, and the access record is
    /// committed before anything is shown.
    pub async fn perform<T: Send + 'static>(
        self,
        use_case: impl Fn(&mut UnitOfWork<'_, '_>) -> UseCaseResult<(Staged, T)> + Send + 'static,
    ) -> Result<T, Problem> {
        let request = RequestContext { who: self.token, expected: self.expected, key: None };
        Ok(self.app.services.perform(request, use_case).await?)
    }

    /// [`Self::perform`] for a use case that takes a body.
    pub async fn perform_with<B: IntoCommand, T: Send + 'static>(
        self,
        body: Body<B>,
        use_case: impl Fn(&mut UnitOfWork<'_, '_>, &B::Command) -> UseCaseResult<(Staged, T)> + Send + 'static,
    ) -> Result<T, Problem>
    where
        B::Command: Send + 'static,
    {
        let (command, _) = body.parse(self.today()?)?;
        self.perform(move |work| use_case(work, &command)).await
    }

    /// Executes a use case, once however often the request is sent. `reply` says what is answered.
    pub async fn execute<T: Send + 'static>(
        self,
        bytes: &[u8],
        use_case: impl Fn(&mut UnitOfWork<'_, '_>) -> UseCaseResult<(Staged, T)> + Send + 'static,
        reply: impl Fn(&T, &mut Names) -> Result<Reply, StoreError> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let request = self.keyed(bytes)?;
        rendered(self.app.services.execute(request, use_case, reply).await?)
    }

    /// What the use case is told of this request, with its key and the fingerprint of all that it says.
    fn keyed(&self, bytes: &[u8]) -> Result<RequestContext, Problem> {
        let condition = self.expected.to_string();
        let fingerprint = self.app.fingerprint(&[self.endpoint.as_bytes(), condition.as_bytes(), bytes]);
        let key = self.key.check()?.map(|key| IdempotencyKey { key, fingerprint });
        Ok(RequestContext { who: self.token, expected: self.expected.clone(), key })
    }

    /// Refuses what would be refused anyway, before a file is received for it.
    pub async fn check_first(
        &self,
        check: impl FnOnce(&mut ReadContext<'_, '_>) -> UseCaseResult<()> + Send + 'static,
    ) -> Result<(), Problem> {
        Ok(self.app.services.check_first(self.token, self.key.check()?, check).await?)
    }

    /// [`Self::execute`] for a use case that records a received file. `described` is what the request says beside its
    /// content.
    pub async fn execute_with_file<T: Send + 'static>(
        self,
        described: &str,
        file: SealedBlob,
        use_case: impl Fn(&mut UnitOfWork<'_, '_>, &SealedBlob) -> UseCaseResult<(Staged, T)> + Send + 'static,
        reply: impl Fn(&T, &mut Names) -> Result<Reply, StoreError> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let bytes = [file.content.sha256.as_slice(), described.as_bytes()].concat();
        let request = self.keyed(&bytes)?;
        rendered(self.app.services.execute_with_file(request, file, use_case, reply).await?)
    }

    /// [`Self::execute`] for a use case that takes a body.
    pub async fn execute_with<B: IntoCommand, T: Send + 'static>(
        self,
        body: Body<B>,
        use_case: impl Fn(&mut UnitOfWork<'_, '_>, &B::Command) -> UseCaseResult<(Staged, T)> + Send + 'static,
        reply: impl Fn(&T, &mut Names) -> Result<Reply, StoreError> + Send + 'static,
    ) -> Result<HttpResponse, Problem>
    where
        B::Command: Send + 'static,
    {
        let (command, bytes) = body.parse(self.today()?)?;
        self.execute(&bytes, move |work| use_case(work, &command), reply).await
    }
}

fn rendered(executed: Executed<Reply>) -> Result<HttpResponse, Problem> {
    match executed {
        Executed::Now(reply) => reply.into_response(false),
        Executed::Replayed(reply) => reply.into_response(true),
    }
}

/// The versions that `If-Match` names. `If-None-Match` is for reads: a change that it should prevent would be made.
fn expected(request: &HttpRequest) -> Result<Expected, Problem> {
    let (headers, is_read) = (request.headers(), matches!(*request.method(), Method::GET | Method::HEAD));
    if is_read {
        return Ok(Expected::Missing);
    }
    if headers.contains_key(IF_NONE_MATCH) {
        return Err(Problem::invalid_header(IF_NONE_MATCH, "not_applicable"));
    }
    Ok(match EntityTags::of(headers, IF_MATCH)? {
        None => Expected::Missing,
        Some(tags) => tags.versions().map_or(Expected::Any, Expected::OneOf),
    })
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn checked_key(key: &HeaderValue) -> Result<String, Problem> {
    let key = key.to_str().ok().filter(|key| (8..=128).contains(&key.len()));
    let key = key.filter(|key| key.bytes().all(|byte| byte.is_ascii_graphic()));
    key.map(str::to_owned).ok_or_else(|| Problem::invalid_header(IDEMPOTENCY_KEY, "format"))
}
