//! Which methods a path knows: what no endpoint answers is either another method or another path.

use actix_web::{HttpRequest, HttpResponse, dev::ResourceDef, web::Data};
use utoipa::openapi::{OpenApi, PathItem};

use crate::problem::{Code, Problem};

/// The paths that the description leaves out, with their methods.
const UNDESCRIBED: [(&str, &str); 6] = [
    ("/healthz", "GET, HEAD"),
    ("/readyz", "GET, HEAD"),
    ("/metrics", "GET"),
    ("/.well-known/jwks.json", "GET"),
    ("/problems/{code}", "GET"),
    ("/openapi.json", "GET"),
];

/// Every path with its methods, as `Allow` names them.
pub struct Methods(Vec<(ResourceDef, String)>);

impl Methods {
    /// The paths of the API's description, and the few beside it.
    pub fn of(document: &OpenApi) -> Self {
        let described = document.paths.paths.iter();
        let described = described.map(|(path, item)| (path.as_str(), methods(item)));
        let beside = UNDESCRIBED.iter().map(|(path, methods)| (*path, (*methods).to_owned()));
        let paths = described.chain(beside);
        Self(paths.map(|(path, methods)| (ResourceDef::new(path), methods)).collect())
    }

    /// The methods of a path, if there is such a path.
    fn of_path(&self, path: &str) -> Option<&str> {
        let known = self.0.iter().find(|(pattern, _)| pattern.is_match(path));
        known.map(|(_, methods)| methods.as_str())
    }
}

fn methods(item: &PathItem) -> String {
    let known = [
        ("DELETE", item.delete.is_some()),
        ("GET", item.get.is_some()),
        ("PATCH", item.patch.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
    ];
    let names: Vec<&str> = known.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    names.join(", ")
}

/// Where no endpoint answers: 405 for a known path, 404 for another.
pub async fn unanswered(request: HttpRequest, methods: Data<Methods>) -> Result<HttpResponse, Problem> {
    match methods.of_path(request.path()) {
        Some(allowed) => Err(Problem::new(Code::MethodNotAllowed).with("allow", allowed)),
        None => Err(Problem::new(Code::NotFound)),
    }
}
