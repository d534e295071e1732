//! Answers as JSON, and the headers that belong to them.

use actix_web::{HttpResponse, http::header};
use bangfu_app::{Names, Presented};
use bangfu_domain::ids::PersonId;
use bangfu_persistence::{StoreError, StoredAnswer};
use serde::Serialize;
use serde_json::Value;

use super::Present;
use crate::problem::{Code, Problem};

/// The media type of answers as JSON.
const JSON: &str = "application/json";

/// An answer to a change: what is stored under the request's key, and what is shown once only.
#[derive(Debug, Clone)]
pub struct Reply {
    answer: StoredAnswer,
    once: Option<(&'static str, String)>,
}

impl Reply {
    /// 200: the resource in its present state. A view that cannot be written is a fault of ours.
    pub fn ok(version: u32, view: &impl Serialize) -> Result<Self, StoreError> {
        let body = serde_json::to_string(view).map_err(unwritable)?;
        let etag = Some(etag(version));
        let answer = StoredAnswer { status: 200, media_type: JSON.into(), location: None, etag, body };
        Ok(Self { answer, once: None })
    }

    /// 201: something new stands at `location`.
    pub fn created(location: String, version: u32, view: &impl Serialize) -> Result<Self, StoreError> {
        let mut reply = Self::ok(version, view)?;
        reply.answer.status = 201;
        reply.answer.location = Some(location);
        Ok(reply)
    }

    /// Adds a secret that is shown now and never again: it is left out of the stored answer.
    #[must_use]
    pub fn with_secret(mut self, field: &'static str, secret: String) -> Self {
        self.once = Some((field, secret));
        self
    }

    pub(super) fn into_response(self, replayed: bool) -> Result<HttpResponse, Problem> {
        let Reply { answer, once } = self;
        let status = actix_web::http::StatusCode::from_u16(answer.status).map_err(|_| Problem::new(Code::Internal))?;
        let mut response = HttpResponse::build(status);
        if let Some(location) = answer.location {
            response.insert_header((header::LOCATION, location));
        }
        if let Some(etag) = answer.etag {
            response.insert_header((header::ETAG, etag));
        }
        if replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        let mut body = answer.body;
        if let Some((field, secret)) = once {
            let mut object: Value = serde_json::from_str(&body).map_err(|_| Problem::new(Code::Internal))?;
            if let Some(object) = object.as_object_mut() {
                object.insert(field.to_owned(), Value::String(secret));
            }
            body = object.to_string();
        }
        Ok(response.content_type(answer.media_type).body(body))
    }
}

impl Presented for Reply {
    fn stored(&self) -> StoredAnswer {
        self.answer.clone()
    }

    fn replayed(stored: &StoredAnswer, names: &mut Names) -> Result<Self, StoreError> {
        let mut answer = stored.clone();
        let mut body: Value = serde_json::from_str(&answer.body).map_err(unwritable)?;
        name_staff(&mut body, names);
        answer.body = body.to_string();
        Ok(Self { answer, once: None })
    }
}

/// Writes the names of members of staff where a stored answer has none: it has their ids alone.
fn name_staff(value: &mut Value, names: &mut Names) {
    match value {
        Value::Object(fields) => {
            let id = fields.get("id").and_then(Value::as_str).and_then(|id| id.parse::<PersonId>().ok());
            match (id, fields.get_mut("name")) {
                (Some(id), Some(name)) if name.is_null() => *name = names.of(id).into(),
                (Some(_) | None, Some(_) | None) => {}
            }
            fields.values_mut().for_each(|field| name_staff(field, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| name_staff(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The error for an answer that is no JSON: a fault of ours.
fn unwritable(_: serde_json::Error) -> StoreError {
    StoreError::InternalValue(bangfu_domain::invalid::Invalid::Format)
}

/// The entity tag of a version.
pub(super) fn etag(version: u32) -> String {
    format!("\"{version}\"")
}

/// A resource as JSON, with its address and its version, which is its entity tag.
pub trait View: Serialize {
    /// Where resources of this kind stand, such as `/v1/organizations`.
    const COLLECTION: &'static str;

    /// Its id.
    fn id(&self) -> String;

    /// Its version.
    fn version(&self) -> u32;
}

/// Declares views that have an `id` and a `version`, each with the address of its collection.
macro_rules! views {
    ($($view:ident at $collection:literal;)+) => {
        $(impl $crate::edge::View for $view {
            const COLLECTION: &'static str = $collection;

            fn id(&self) -> String {
                self.id.to_string()
            }

            fn version(&self) -> u32 {
                self.version
            }
        })+
    };
}

pub(crate) use views;

/// 201: what a use case made, at its own address.
pub fn created<V: View + Present<T>, T>(output: &T, names: &mut Names) -> Result<Reply, StoreError> {
    let view = V::of(output, names);
    Reply::created(format!("{}/{}", V::COLLECTION, view.id()), view.version(), &view)
}

/// 200: how it stands after the use case.
pub fn changed<V: View + Present<T>, T>(output: &T, names: &mut Names) -> Result<Reply, StoreError> {
    let view = V::of(output, names);
    Reply::ok(view.version(), &view)
}
