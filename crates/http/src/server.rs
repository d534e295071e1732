//! The server: started alike by the program, the demonstration and the tests.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{
    App as ActixApp, HttpServer,
    dev::Server,
    middleware::from_fn,
    web::{self, Data},
};
use bangfu_app::{
    Services, ServicesError, Worker,
    identity::{Lifetimes, TokenError, Tokens},
};
use bangfu_persistence::Store;
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{
    edge::{
        compression::compress,
        conditional::conditional_reads,
        cors::{Origin, cors},
        head::answer_head,
        methods::{Methods, unanswered},
        middleware::{RequestSpan, api_middleware},
    },
    json::{
        code_lists::CodeLists,
        system::{self, Description},
    },
    metrics::{Metrics, measure},
    openapi,
    routes::{BODIES, routes},
    state::App,
};

/// How long a client may take to send its request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How many connections may be open at once, per worker.
const CONNECTIONS_PER_WORKER: usize = 1_024;
/// How long running requests may take to end when the server stops, in seconds.
const SHUTDOWN_SECONDS: u64 = 20;

/// The server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The services cannot be set up.
    #[error(transparent)]
    Services(#[from] ServicesError),
    /// The signing key is unusable.
    #[error(transparent)]
    Tokens(#[from] TokenError),
    /// The description cannot be written.
    #[error("the description of the API: {0}")]
    Description(#[from] serde_json::Error),
    /// The address cannot be listened on.
    #[error("{address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
}

/// How the server listens and names itself.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    pub listen: SocketAddr,
    pub tokens: TokenSettings,
    /// The origins whose web pages may call the API.
    pub cors_origins: Vec<Origin>,
}

/// What access tokens say, and for how long.
#[derive(Debug, Clone)]
pub struct TokenSettings {
    /// The server's address as clients know it.
    pub issuer: String,
    pub lifetimes: Lifetimes,
}

impl TokenSettings {
    /// Issues and validates the tokens of a database.
    pub fn open(&self, store: &Store) -> Result<Tokens, TokenError> {
        Tokens::new(&store.keyring().signing, self.issuer.clone(), self.lifetimes)
    }
}

/// A server that listens.
pub struct Listening {
    /// The address, with the port that was given where none was asked for.
    pub address: SocketAddr,
    /// The server; it runs while it is awaited.
    pub server: Server,
    /// Its background work; it runs while it is awaited, too.
    pub worker: Worker,
}

/// What is made of the API's description, once.
type Described = (Data<Methods>, Data<CodeLists>, Data<Description>);

/// The methods that each path takes, the code lists, and the API's description as text. The description itself is
/// large, and is let go at once.
fn described() -> Result<Described, StartError> {
    let document = openapi::document();
    let text = serde_json::to_vec(&document)?;
    let lists = CodeLists::of(&document)?;
    Ok((Data::new(Methods::of(&document)), Data::new(lists), Data::new(Description(text.into()))))
}

/// Starts the server on an open store.
pub fn start(store: Store, settings: &ServerSettings) -> Result<Listening, StartError> {
    let tokens = settings.tokens.open(&store)?;
    let services = Arc::new(Services::new(store, tokens)?);
    let worker = Worker::new(Arc::clone(&services));
    let app = Data::new(App { services, metrics: Metrics::default() });
    let listen = |source| StartError::Listen { address: settings.listen, source };
    let (methods, lists, description) = described()?;
    let origins = settings.cors_origins.clone();
    let http = HttpServer::new(move || {
        let docs = SwaggerUi::new("/docs/{_:.*}").config(Config::from("/openapi.json").try_it_out_enabled(true));
        ActixApp::new()
            .into_utoipa_app()
            .configure(routes)
            .into_app()
            .app_data(app.clone())
            .app_data(methods.clone())
            .app_data(lists.clone())
            .app_data(BODIES)
            .app_data(description.clone())
            .service(system::description)
            .service(system::healthz)
            .service(system::readyz)
            .service(system::metrics)
            .service(system::key_set)
            .service(system::problem_text)
            .service(web::redirect("/docs", "/docs/"))
            .service(docs)
            .default_service(web::to(unanswered))
            .wrap(from_fn(conditional_reads))
            .wrap(from_fn(api_middleware))
            // A page reads problems, too, so this stands around what writes them.
            .wrap(cors(&origins))
            .wrap(from_fn(compress))
            .wrap(from_fn(answer_head))
            // From here on a HEAD is called so.
            .wrap(from_fn(measure))
            .wrap(TracingLogger::<RequestSpan>::new())
    })
    .client_request_timeout(HEAD_TIMEOUT)
    .keep_alive(KEEP_ALIVE)
    .max_connections(CONNECTIONS_PER_WORKER)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .bind(settings.listen)
    .map_err(listen)?;
    let address = http.addrs().first().copied().unwrap_or(settings.listen);
    Ok(Listening { address, server: http.run(), worker })
}
