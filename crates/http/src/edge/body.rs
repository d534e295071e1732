//! The body of a request: read as JSON within its limits and checked before use.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_TYPE},
    web,
};
use bangfu_domain::{invalid::Invalid, time::Day};
use serde_json::{Map, Value};
use validator::Validate;

use super::{Input, Pointer, Validation};
use crate::problem::{Code, FieldError, Problem};

/// A shape of a body from which a command is made.
pub trait IntoCommand: Input + Validate {
    /// The typed command.
    type Command;

    /// Makes the command, noting the values that do not go together. `None` only if something was noted.
    fn into_command(self, validation: &mut Validation) -> Option<Self::Command>;
}

/// A JSON body that is deserialized, not yet validated.
pub struct Body<T: Input> {
    raw: T::Raw,
    bytes: Vec<u8>,
}

impl<T: IntoCommand> Body<T> {
    /// The command, or a problem that names every wrong value at once; with the bytes as sent.
    pub fn parse(self, today: Day) -> Result<(T::Command, Vec<u8>), Problem> {
        let mut validation = Validation::new(today);
        let command = T::read(self.raw, &Pointer::Body, &mut validation).and_then(|shape| {
            if let Err(found) = shape.validate() {
                validation.gather(&found);
            }
            shape.into_command(&mut validation)
        });
        Ok((validation.finish(command)?, self.bytes))
    }
}

impl<T: IntoCommand + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json = is_plain_json(request);
        let payload = web::Payload::from_request(request, payload).into_inner();
        Box::pin(async move {
            let mut bytes = read(payload).await?;
            if bytes.is_empty() {
                // Nothing says nothing: a command whose fields are all optional needs no body.
                bytes = b"{}".to_vec();
            } else if !json {
                return Err(Problem::new(Code::UnsupportedMediaType));
            }
            Ok(Self { raw: from_json::<T>(&bytes)?, bytes })
        })
    }
}

/// Whether the body is said to be JSON in UTF-8, and not compressed.
fn is_plain_json(request: &HttpRequest) -> bool {
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    let content_type = header(CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    let mut parts = content_type.split(';').map(str::trim);
    let is_utf8 = |part: &str| match part.split_once('=') {
        Some(("charset", charset)) => matches!(charset.trim_matches('"'), "utf-8" | "utf8"),
        Some(_) | None => true,
    };
    parts.next() == Some("application/json")
        && parts.all(is_utf8)
        && header(CONTENT_ENCODING).is_none_or(|coding| coding.eq_ignore_ascii_case("identity"))
}

/// The body of a request that needs none: nothing, or an empty object.
#[derive(Debug, Clone, Copy)]
pub struct NoBody;

impl FromRequest for NoBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let payload = web::Payload::from_request(request, payload).into_inner();
        Box::pin(async move {
            let bytes = read(payload).await?;
            if bytes.trim_ascii().is_empty() {
                return Ok(Self);
            }
            let fields: Map<String, Value> =
                serde_json::from_slice(&bytes).map_err(|_| Problem::new(Code::MalformedJson))?;
            if fields.is_empty() { Ok(Self) } else { Err(wrong(String::new(), "unknown_field")) }
        })
    }
}

/// The body, which `api_middleware` took in within its limits.
async fn read(payload: Result<web::Payload, actix_web::Error>) -> Result<Vec<u8>, Problem> {
    let malformed = |_| Problem::new(Code::MalformedJson);
    Ok(payload.map_err(malformed)?.to_bytes().await.map_err(malformed)?.to_vec())
}

/// Reads JSON in which lists stand only where the shape has them.
fn from_json<T: Input>(bytes: &[u8]) -> Result<T::Raw, Problem> {
    let any: Value = serde_json::from_slice(bytes).map_err(|_| Problem::new(Code::MalformedJson))?;
    if let Some(pointer) = T::misplaced_list(&any, &Pointer::Body) {
        return Err(wrong(pointer, "wrong_type"));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = segments(error.path());
        let inner = error.into_inner();
        if !inner.is_data() {
            return Problem::new(Code::MalformedJson);
        }
        let (pointer, code) = classify(path, &inner.to_string());
        wrong(pointer, code)
    })
}

fn wrong(pointer: String, code: &'static str) -> Problem {
    Problem::invalid(vec![FieldError::at(pointer, code)])
}

/// What serde's message says, as a code. A missing field is one of ours and may be named; an unknown
/// one is the client's, and is not repeated.
fn classify(mut path: Vec<String>, message: &str) -> (String, &'static str) {
    let code = if let Some(rest) = message.strip_prefix("missing field `") {
        path.push(rest.split('`').next().unwrap_or_default().to_owned());
        "required"
    } else if message.starts_with("unknown field") {
        path.pop();
        "unknown_field"
    } else {
        of_invalid(message).unwrap_or("wrong_type")
    };
    (path.join("/"), code)
}

/// The code of a domain's value that refused to be read: serde passes its words on.
pub(super) fn of_invalid(message: &str) -> Option<&'static str> {
    let words = message.rsplit_once(" at line ").map_or(message, |(words, _)| words);
    if words.starts_with("longer than ") && words.ends_with(" characters") {
        return Some(Invalid::TooLong { limit: 0 }.code());
    }
    Invalid::ALL.iter().find(|invalid| invalid.to_string() == words).map(|invalid| invalid.code())
}

/// The segments of a JSON pointer, which begins with an empty one.
fn segments(path: &serde_path_to_error::Path) -> Vec<String> {
    use serde_path_to_error::Segment;
    let named = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { variant } => Some(variant.clone()),
        Segment::Unknown => None,
    });
    std::iter::once(String::new()).chain(named).collect()
}
