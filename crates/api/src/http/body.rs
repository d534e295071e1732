use std::{fmt::Write, future::Future, pin::Pin, time::Duration};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::CONTENT_TYPE, web};
use bangfu_domain::time::Day;
use serde::de::DeserializeOwned;
use validator::Validate;

use super::Checks;
use crate::problem::{Code, FieldError, Problem};

/// The largest body that is read, in bytes.
pub const MAX_BODY_BYTES: usize = 256 * 1_024;
/// How long a client may take to send its body.
const BODY_TIMEOUT: Duration = Duration::from_secs(20);

/// The shape of a request's body, and how it becomes a command.
pub trait Parse: DeserializeOwned + Validate {
    /// The typed command.
    type Command;

    /// Parses every field, noting all that are wrong. `None` only if something was noted.
    fn parse(self, checks: &mut Checks) -> Option<Self::Command>;
}

/// A JSON body of the right shape.
#[derive(Debug)]
pub struct Body<T> {
    shape: T,
    bytes: Vec<u8>,
}

impl<T: Parse> Body<T> {
    /// The command, or a problem that names every wrong value at once; with the bytes as sent.
    pub fn parse(self, today: Day) -> Result<(T::Command, Vec<u8>), Problem> {
        let found = self.shape.validate().err().unwrap_or_default();
        let mut checks = Checks::new(today, &found);
        let command = self.shape.parse(&mut checks);
        Ok((checks.finish(command)?, self.bytes))
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(
                |value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase(),
            );
        let payload = web::Payload::from_request(request, payload).into_inner();
        Box::pin(async move {
            if content_type.as_deref() != Some("application/json") {
                return Err(Problem::new(Code::UnsupportedMediaType));
            }
            let payload = payload.map_err(|_| Problem::new(Code::MalformedJson))?;
            let bytes = tokio::time::timeout(BODY_TIMEOUT, read(payload))
                .await
                .unwrap_or_else(|_| Err(Problem::new(Code::MalformedJson)))?;
            let shape = from_json(&bytes)?;
            Ok(Self { shape, bytes })
        })
    }
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
            let payload = payload.map_err(|_| Problem::new(Code::MalformedJson))?;
            let bytes = read(payload).await?;
            match bytes.trim_ascii() {
                b"" | b"{}" => Ok(Self),
                _ => Err(Problem::invalid(vec![FieldError {
                    pointer: String::new(),
                    code: "unknown_field",
                }])),
            }
        })
    }
}

async fn read(payload: web::Payload) -> Result<Vec<u8>, Problem> {
    match payload.to_bytes_limited(MAX_BODY_BYTES).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(_)) => Err(Problem::new(Code::MalformedJson)),
        Err(_) => Err(Problem::new(Code::TooLarge).with("limit", MAX_BODY_BYTES)),
    }
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let shape = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let pointer = pointer(error.path());
        let inner = error.into_inner();
        if !inner.is_data() {
            return Problem::new(Code::MalformedJson);
        }
        let (pointer, code) = classify(pointer, &inner.to_string());
        Problem::invalid(vec![FieldError { pointer, code }])
    })?;
    json.end().map_err(|_| Problem::new(Code::MalformedJson))?;
    Ok(shape)
}

/// What serde's message says, as a code. A missing field is one of ours and may be named; an unknown
/// one is the client's, and is not repeated.
fn classify(pointer: String, message: &str) -> (String, &'static str) {
    if let Some(rest) = message.strip_prefix("missing field `") {
        let field = rest.split('`').next().unwrap_or_default();
        return (format!("{pointer}/{field}"), "required");
    }
    if message.starts_with("unknown field") {
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        return (parent.to_owned(), "unknown_field");
    }
    (pointer, "wrong_type")
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        // Writing to a String cannot fail.
        let _ = match segment {
            Segment::Seq { index } => write!(pointer, "/{index}"),
            Segment::Map { key } => write!(pointer, "/{key}"),
            Segment::Enum { variant } => write!(pointer, "/{variant}"),
            Segment::Unknown => Ok(()),
        };
    }
    pointer
}
