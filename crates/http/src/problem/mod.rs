//! Problems: what an answer says when it is not what was asked for (RFC 9457).

mod catalogue;
mod rejection;

use std::fmt;

use actix_web::{HttpResponse, ResponseError, body::BoxBody, http::StatusCode};
use bangfu_app::Refusal;
use bangfu_domain::invalid::Invalid;
use bangfu_persistence::{StoreError, WorkError};
use serde::Serialize;
use serde_json::{Map, Value};

pub use catalogue::{Code, Language, Texts, VALUE_CODES};

/// After how many seconds a client may try again when there is too much work.
const RETRY_AFTER_SECONDS: &str = "2";

/// Where in a request a value stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the body, by a JSON pointer (RFC 6901).
    Pointer(String),
    /// In the query, by the parameter's name; without one where the name is not ours.
    Parameter(Option<String>),
    Header(&'static str),
}

impl Place {
    /// The member of the answer that names the place, and what it says.
    fn member(&self) -> Option<(&'static str, &str)> {
        match self {
            Place::Pointer(pointer) => Some(("pointer", pointer)),
            Place::Parameter(name) => Some(("parameter", name.as_deref()?)),
            Place::Header(name) => Some(("header", name)),
        }
    }
}

/// One wrong value of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub place: Place,
    /// Why, by a code of [`VALUE_CODES`].
    pub code: &'static str,
}

impl FieldError {
    /// A wrong value in the body.
    pub fn at(pointer: impl Into<String>, code: &'static str) -> Self {
        Self { place: Place::Pointer(pointer.into()), code }
    }
}

/// A problem. It holds codes and ids; never a value that a client sent, never an inside cause.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
}

impl Problem {
    /// A problem that its code says all about.
    pub fn new(code: Code) -> Self {
        Self { code, errors: Vec::new(), members: Map::new() }
    }

    /// A request with wrong values.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(Code::InvalidRequest) }
    }

    /// A request with one wrong value.
    pub fn invalid_at(pointer: &str, invalid: Invalid) -> Self {
        Self::invalid(vec![FieldError::at(pointer, invalid.code())])
    }

    /// A request that names something which the caller may not see, or which does not exist.
    pub fn unknown_reference(pointer: &str) -> Self {
        Self::invalid(vec![FieldError::at(pointer, "not_found")])
    }

    /// A query with one wrong parameter.
    pub fn invalid_parameter(name: &str, code: &'static str) -> Self {
        let place = Place::Parameter(Some(name.to_owned()));
        Self { errors: vec![FieldError { place, code }], ..Self::new(Code::InvalidQuery) }
    }

    /// A query with a parameter that is none of the known ones.
    pub fn unknown_parameter(known: &[&str]) -> Self {
        let errors = vec![FieldError { place: Place::Parameter(None), code: "unknown_parameter" }];
        Self { errors, ..Self::new(Code::InvalidQuery) }.with("known_parameters", known)
    }

    /// A request with a header that is not as it must be.
    pub fn invalid_header(name: &'static str, code: &'static str) -> Self {
        let place = Place::Header(name);
        Self { errors: vec![FieldError { place, code }], ..Self::new(Code::InvalidHeader) }
    }

    /// Adds a member to the answer: an id, a code, a limit.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a member that is a list of things in words.
    #[must_use]
    pub fn with_each<T, V: Serialize + for<'a> From<&'a T>>(self, name: &str, things: &[T]) -> Self {
        let views: Vec<V> = things.iter().map(Into::into).collect();
        // A view that cannot be written is left out: the code says enough.
        self.with(name, serde_json::to_value(views).unwrap_or_default())
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The answer's body in one language.
    pub fn body(&self, language: Language) -> Value {
        let texts = self.code.texts(language);
        let mut body = Map::new();
        body.insert("type".to_owned(), format!("/problems/{}", self.code.name()).into());
        body.insert("title".to_owned(), texts.title.into());
        body.insert("status".to_owned(), self.code.status().into());
        body.insert("detail".to_owned(), texts.detail.into());
        body.insert("code".to_owned(), self.code.name().into());
        if !self.errors.is_empty() {
            let errors = self.errors.iter().map(|e| field_error(e, language)).collect();
            body.insert("errors".to_owned(), Value::Array(errors));
        }
        body.extend(self.members.clone());
        Value::Object(body)
    }
}

fn field_error(error: &FieldError, language: Language) -> Value {
    let detail = VALUE_CODES.iter().find(|it| it.code == error.code).map_or("", |it| match language {
        Language::English => it.label.en,
        Language::Chinese => it.label.zh,
    });
    let mut said = Map::from_iter([("code".to_owned(), error.code.into()), ("detail".to_owned(), detail.into())]);
    said.extend(error.place.member().map(|(member, place)| (member.to_owned(), place.into())));
    Value::Object(said)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.name())
    }
}

impl Problem {
    /// The header by which the client learns when or how to ask again.
    fn header(&self) -> Option<(&'static str, String)> {
        let member = |name: &str| self.members.get(name);
        let is = |codes: &[Code]| codes.contains(&self.code);
        if is(&[Code::Overloaded, Code::Unavailable, Code::RequestInProgress]) {
            Some(("Retry-After", RETRY_AFTER_SECONDS.to_owned()))
        } else if is(&[Code::TooManyAttempts]) {
            let seconds = member("retry_after").and_then(Value::as_i64).unwrap_or(1);
            Some(("Retry-After", seconds.to_string()))
        } else if is(&[Code::MethodNotAllowed]) {
            Some(("Allow", member("allow")?.as_str()?.to_owned()))
        } else if is(&[Code::Unauthenticated]) {
            Some(("WWW-Authenticate", "Bearer".to_owned()))
        } else {
            None
        }
    }
}

/// The body is written later, by the middleware that knows the client's language.
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut answer = HttpResponse::build(self.status_code());
        if let Some((name, value)) = self.header() {
            answer.insert_header((name, value));
        }
        let mut answer = answer.finish();
        answer.extensions_mut().insert(self.clone());
        answer
    }
}

/// The inside cause goes to the log, once; the client learns what it can act on.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Unavailable(_) | StoreError::CommitFailed | StoreError::BlobsAway(_) => Code::Unavailable,
            // A duplicate that is no refusal: others were faster, as often as the work was done again.
            StoreError::Overloaded
            | StoreError::LockTimeout
            | StoreError::Contention(_)
            | StoreError::StaleRead
            | StoreError::Duplicate(_) => Code::Overloaded,
            StoreError::Erased => Code::Erased,
            StoreError::NoBlobs => Code::NoBlobs,
            StoreError::Damaged { .. }
            | StoreError::Undecryptable(_)
            | StoreError::EventForm(_)
            | StoreError::InvalidHistory(_)
            | StoreError::InternalValue(_)
            | StoreError::Database(_)
            | StoreError::Panicked
            | StoreError::Setup(_) => Code::Internal,
        };
        if code == Code::Overloaded {
            tracing::warn!(error = error.log(), "refused under load");
        } else if code.status() >= 500 {
            tracing::error!(error = error.log(), "the store failed");
        }
        Problem::new(code)
    }
}

/// How a refusal of the application is told to a client.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unauthenticated => Self::new(Code::Unauthenticated),
            Refusal::NotFound => Self::new(Code::NotFound),
            Refusal::Forbidden => Self::new(Code::Forbidden),
            Refusal::VersionRequired => Self::new(Code::PreconditionRequired),
            Refusal::VersionChanged { version } => Self::new(Code::PreconditionFailed).with("version", version),
            Refusal::VersionNotApplicable => Self::invalid_header("If-Match", "not_applicable"),
            Refusal::KeyReused => Self::new(Code::KeyReused),
            Refusal::InProgress => Self::new(Code::RequestInProgress),
            Refusal::Invalid(errors) => Self::invalid(
                errors
                    .into_iter()
                    // A body is shaped like the input, so a field's path is its pointer.
                    .map(|it| FieldError::at(it.field, it.code))
                    .collect(),
            ),
            Refusal::WrongState { state } => Self::new(Code::WrongState).with("state", state),
            Refusal::MediaTypeDiffers => Self::new(Code::MediaTypeDiffers),
            Refusal::NotSealed => Self::invalid_parameter("position", "out_of_range"),
            Refusal::Erased => Self::new(Code::Erased),
            Refusal::Rejected { rejection, allowed } => {
                let problem = Self::from(*rejection);
                match allowed {
                    Some(allowed) => problem.with("allowed_actions", allowed),
                    None => problem,
                }
            }
            Refusal::Because(cause) => cause.into(),
            Refusal::ReferralExists { referral } => {
                let problem = Self::new(Code::ReferralExists);
                match referral {
                    Some(referral) => problem.with("referral_id", referral.to_string()),
                    None => problem,
                }
            }
            Refusal::ActiveCaseExists { case } => {
                let problem = Self::new(Code::ActiveCaseExists);
                match case {
                    Some(case) => problem.with("case_id", case.to_string()),
                    None => problem,
                }
            }
            Refusal::PersonDiffers { field } => {
                let problem = Self::new(Code::PersonDiffers);
                match field {
                    Some(field) => problem.with("pointer", field),
                    None => problem,
                }
            }
            Refusal::NumberTaken { field } => Self::new(Code::NumberTaken).with("pointer", field),
            Refusal::LoginTaken => Self::new(Code::LoginTaken),
            Refusal::Duplicate => Self::new(Code::Duplicate),
            Refusal::SignInFailed => Self::new(Code::SignInFailed),
            Refusal::WrongPassword => Self::new(Code::WrongPassword),
            Refusal::TooManyAttempts { retry_after } => {
                Self::new(Code::TooManyAttempts).with("retry_after", retry_after)
            }
            Refusal::Busy => Self::new(Code::Overloaded),
        }
    }
}

impl From<WorkError<Refusal>> for Problem {
    fn from(error: WorkError<Refusal>) -> Self {
        match error {
            WorkError::Refused(refusal) => refusal.into(),
            WorkError::Failed(error) => error.into(),
        }
    }
}
