//! Which methods a path knows: what no endpoint answers is either another method or another path.

use actix_web::{
    HttpRequest, HttpResponse,
    dev::ResourceDef,
    http::{Method, header},
    web::Data,
};
use utoipa::openapi::{HttpMethod, OpenApi, PathItem, path::Operation};

use crate::problem::{Code, Problem};

/// The paths that the description leaves out. Each is read.
const UNDESCRIBED: [&str; 6] =
    ["/healthz", "/readyz", "/metrics", "/.well-known/jwks.json", "/problems/{code}", "/openapi.json"];

/// Every path with its methods, as `Allow` names them.
pub struct Methods(Vec<(ResourceDef, String)>);

impl Methods {
    /// The paths of the API's description, and the few beside it.
    pub fn of(document: &OpenApi) -> Self {
        let described = document.paths.paths.iter();
        let described = described.map(|(path, item)| (path.as_str(), methods(item)));
        let read = PathItem::new(HttpMethod::Get, Operation::new());
        let beside = UNDESCRIBED.iter().map(|path| (*path, methods(&read)));
        let paths = described.chain(beside);
        Self(paths.map(|(path, methods)| (ResourceDef::new(path), methods)).collect())
    }

    /// The methods of a path, if there is such a path.
    fn of_path(&self, path: &str) -> Option<&str> {
        let known = self.0.iter().find(|(pattern, _)| pattern.is_match(path));
        known.map(|(_, methods)| methods.as_str())
    }
}

/// The methods of a path. What answers GET answers HEAD (`answer_head`), and all answer OPTIONS.
fn methods(item: &PathItem) -> String {
    let known = [
        ("DELETE", item.delete.is_some()),
        ("GET", item.get.is_some()),
        ("HEAD", item.get.is_some()),
        ("OPTIONS", true),
        ("PATCH", item.patch.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
    ];
    let names: Vec<&str> = known.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    names.join(", ")
}

/// Where no endpoint answers: 404 for an unknown path; for a known one what it takes, with 204 where that was asked
/// and 405 for another method.
pub async fn unanswered(request: HttpRequest, methods: Data<Methods>) -> Result<HttpResponse, Problem> {
    match methods.of_path(request.path()) {
        Some(allowed) if request.method() == Method::OPTIONS => {
            Ok(HttpResponse::NoContent().insert_header((header::ALLOW, allowed)).finish())
        }
        Some(allowed) => Err(Problem::new(Code::MethodNotAllowed).with("allow", allowed)),
        None => Err(Problem::new(Code::NotFound)),
    }
}
