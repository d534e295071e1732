//! What operators and integrators ask for: health, figures, keys, problem texts, the API's description.

use std::time::Duration;

use actix_web::{
    HttpResponse, get,
    http::header,
    web::{self, Data, Path},
};
use bangfu_persistence::{
    StoreError,
    query::{self, Figures},
};
use serde_json::json;
use tokio::time::timeout;

use crate::{
    metrics::CONTENT_TYPE,
    problem::{Code, Language, Problem},
    state::App,
};

/// Whether the process lives. It asks nothing of the database.
#[get("/healthz")]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

/// How long the database may take to say that it is there.
const READY_WITHIN: Duration = Duration::from_millis(900);

/// Whether the server can answer: the database is there, and answers within a second.
#[get("/readyz")]
pub async fn readyz(app: Data<App>) -> Result<HttpResponse, Problem> {
    let asked = app.store.read(|reader| -> Result<(), Problem> {
        reader.city()?;
        Ok(())
    });
    timeout(READY_WITHIN, asked).await.map_err(|_| Problem::new(Code::Unavailable))??;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}

/// Figures about the server, for its operators. They name nobody and need no token, so a proxy must not pass this
/// address on. Without the database it answers with what the process itself knows.
#[get("/metrics")]
pub async fn metrics(app: Data<App>) -> Result<HttpResponse, Problem> {
    let figures = app
        .store
        .read(|reader| -> Result<Figures, StoreError> { query::figures(reader) })
        .await
        .inspect_err(|error| tracing::warn!(error = error.log(), "figures are missing"));
    let text = app.metrics.text(app.store.pressure(), figures.ok());
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, CONTENT_TYPE))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text.map_err(|_| Problem::new(Code::Internal))?))
}

/// The API's description, as text.
#[derive(Debug, Clone)]
pub struct Description(pub web::Bytes);

/// The API's description (OpenAPI 3.1).
#[get("/openapi.json")]
pub async fn description(text: Data<Description>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(text.0.clone())
}

/// The public key of the access tokens.
#[get("/.well-known/jwks.json")]
pub async fn key_set(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(app.tokens.key_set())
}

/// What a problem's `type` stands for, in both languages.
#[get("/problems/{code}")]
pub async fn problem_text(code: Path<String>) -> Result<HttpResponse, Problem> {
    let known = Code::ALL.iter().find(|known| known.name() == code.as_str());
    let code = known.ok_or_else(|| Problem::new(Code::NotFound))?;
    let texts = |language| {
        let texts = code.texts(language);
        json!({ "title": texts.title, "detail": texts.detail })
    };
    Ok(HttpResponse::Ok().json(json!({
        "type": format!("/problems/{}", code.name()),
        "code": code.name(),
        "status": code.status(),
        "zh-CN": texts(Language::Chinese),
        "en": texts(Language::English),
    })))
}
