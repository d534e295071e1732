//! How problems are documented: the body, and the families of answers that endpoints share.

use std::borrow::Cow;

use bangfu_domain::codes::CodeList;
use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{RefOr, schema::Schema},
};

use crate::{
    missing::{BlockerView, WithheldReasonView},
    problem::{Code, VALUE_CODES},
};

/// A problem (RFC 9457). Its `type` can be resolved and says more in two languages.
#[derive(Debug, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `/problems/` and the code.
    #[schema(example = "/problems/wrong_state", format = "uri-reference")]
    pub r#type: String,
    /// What is wrong, in the language of `Accept-Language` (zh-CN or en).
    #[schema(max_length = 200)]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 409)]
    pub status: u16,
    /// What to do next.
    #[schema(max_length = 500)]
    pub detail: String,
    /// The stable code.
    pub code: Code,
    /// Every wrong value of the request, at once.
    #[schema(required = false)]
    pub errors: Vec<FieldErrorBody>,
    /// With `blocked`: what blocks the step.
    #[schema(required = false)]
    pub blockers: Vec<BlockerView>,
    /// With `nothing_to_pay`: why lines were left out.
    #[schema(required = false)]
    pub withheld: Vec<WithheldReasonView>,
}

/// One wrong value.
#[derive(Debug, ToSchema)]
#[schema(as = FieldError)]
pub struct FieldErrorBody {
    /// Where, as a JSON pointer into the body.
    #[schema(example = "/patient/identity_number", format = "json-pointer")]
    pub pointer: Option<String>,
    /// Or which parameter of the query.
    #[schema(max_length = 64)]
    pub parameter: Option<String>,
    /// Or which header.
    #[schema(max_length = 64)]
    pub header: Option<String>,
    /// Why, as a stable code.
    pub code: ValueCode,
    /// Why, in words.
    #[schema(max_length = 200)]
    pub detail: String,
}

/// Why a value is wrong. It stands here for the description of the codes only.
#[derive(Debug)]
pub struct ValueCode;

impl PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        Code::LIST.schema()
    }
}

impl ToSchema for Code {
    fn name() -> Cow<'static, str> {
        "ProblemCode".into()
    }
}

impl PartialSchema for ValueCode {
    fn schema() -> RefOr<Schema> {
        CodeList { description: "Why a value is wrong.", values: VALUE_CODES }.schema()
    }
}

impl ToSchema for ValueCode {
    fn name() -> Cow<'static, str> {
        "ValueCode".into()
    }
}

/// Answers of an endpoint beside success that anybody may read.
#[derive(IntoResponses)]
pub enum PublicProblems {
    /// The request is wrong.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(#[to_schema] ProblemBody),
    /// There is no such thing.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] ProblemBody),
}

/// Answers of every reading endpoint beside success.
#[derive(IntoResponses)]
pub enum ReadProblems {
    /// The request is wrong.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(#[to_schema] ProblemBody),
    /// Nobody is signed in.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(#[to_schema] ProblemBody),
    /// The caller may see this but not do it.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] ProblemBody),
    /// There is nothing here for the caller.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] ProblemBody),
    /// Too much work is waiting, or the database is unavailable; see `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(#[to_schema] ProblemBody),
}

/// The answer of a reading endpoint that waits for a state.
#[derive(IntoResponses)]
pub enum StateProblems {
    /// The state does not permit it.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] ProblemBody),
}

/// Answers of every changing endpoint beside success.
#[derive(IntoResponses)]
pub enum WriteProblems {
    /// The request is wrong; nothing was stored.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(#[to_schema] ProblemBody),
    /// Nobody is signed in.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(#[to_schema] ProblemBody),
    /// The caller may see this but not do it.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] ProblemBody),
    /// There is nothing here for the caller.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] ProblemBody),
    /// The state or a duplicate does not permit it.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] ProblemBody),
    /// The body was not sent in time.
    #[response(status = 408, content_type = "application/problem+json")]
    BodyTimeout(#[to_schema] ProblemBody),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] ProblemBody),
    /// The body is not `application/json`.
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(#[to_schema] ProblemBody),
    /// The Idempotency-Key was used for another request.
    #[response(status = 422, content_type = "application/problem+json")]
    KeyReused(#[to_schema] ProblemBody),
    /// Too much work is waiting, or the database is unavailable; see `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(#[to_schema] ProblemBody),
}

/// Further answers of endpoints that have a body and keep no answer: reading ones, and those that open personal values.
#[derive(IntoResponses)]
pub enum BodyProblems {
    /// The body was not sent in time.
    #[response(status = 408, content_type = "application/problem+json")]
    BodyTimeout(#[to_schema] ProblemBody),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] ProblemBody),
    /// The body is not `application/json`.
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(#[to_schema] ProblemBody),
}

/// Further answers of endpoints that take a file, which is no JSON.
#[derive(IntoResponses)]
pub enum UploadProblems {
    /// The file is not of a type that is taken, or not of the one in `Content-Type`.
    #[response(status = 415, content_type = "application/problem+json")]
    MediaTypeDiffers(#[to_schema] ProblemBody),
}

/// Further answers of endpoints that take or give a file.
#[derive(IntoResponses)]
pub enum FileProblems {
    /// This server keeps no attachments.
    #[response(status = 501, content_type = "application/problem+json")]
    Unsupported(#[to_schema] ProblemBody),
}

/// Further answers of endpoints that look at a password or a secret.
#[derive(IntoResponses)]
pub enum AttemptProblems {
    /// Too many attempts failed; see `Retry-After`.
    #[response(status = 429, content_type = "application/problem+json")]
    TooManyAttempts(#[to_schema] ProblemBody),
}

/// Further answers of endpoints that move a resource by a person's decision.
#[derive(IntoResponses)]
pub enum ConditionProblems {
    /// The resource has changed since it was read.
    #[response(status = 412, content_type = "application/problem+json")]
    Changed(#[to_schema] ProblemBody),
    /// `If-Match` is missing.
    #[response(status = 428, content_type = "application/problem+json")]
    ConditionRequired(#[to_schema] ProblemBody),
}
