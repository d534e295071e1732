//! Why a request has no usable answer.

/// Why a request has no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// There is no answer.
    #[error("{request}: {source}")]
    Unreachable { request: String, source: Box<ureq::Error> },
    /// The answer is not the one that is needed.
    #[error("{request} was answered {status}: {body}")]
    Unexpected { request: String, status: u16, body: String },
}
