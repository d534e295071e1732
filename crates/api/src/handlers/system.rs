//! What operators and integrators ask for: health, keys, problem texts, the API's description.

use actix_web::{
    HttpResponse, get, route,
    web::{Data, Path},
};
use serde_json::json;

use crate::{
    problem::{Code, Language, Problem},
    state::App,
};

/// Whether the process lives. It asks nothing of the database.
#[route("/healthz", method = "GET", method = "HEAD")]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

/// Whether the server can answer: the database is there.
#[route("/readyz", method = "GET", method = "HEAD")]
pub async fn readyz(app: Data<App>) -> Result<HttpResponse, Problem> {
    app.store
        .read("readyz", |reader| -> Result<(), Problem> {
            reader.city()?;
            Ok(())
        })
        .await?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
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
