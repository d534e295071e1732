//! A body that is taken piece by piece: bounded in size, in time and in each pause.

use std::{
    cell::{Cell, RefCell},
    future::{Ready, poll_fn, ready},
    io,
    rc::Rc,
};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    error::PayloadError,
    http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ContentDisposition},
    web,
};
use futures_util::{Stream, StreamExt, stream};
use tokio::time::{Duration, Instant, timeout};

use super::BodyPolicy;
use crate::problem::{Code, Problem};

/// The body of a request as it comes in, shared by the handler, which takes it, and the edge, which has to know what is
/// left of it.
#[derive(Clone)]
pub(super) struct Incoming {
    payload: Rc<RefCell<Payload>>,
    is_complete: Rc<Cell<bool>>,
}

impl Incoming {
    pub fn new(payload: Payload) -> Self {
        Self { payload: Rc::new(RefCell::new(payload)), is_complete: Rc::default() }
    }

    /// What the handler takes, within the limits of its route.
    pub fn bounded(&self, policy: BodyPolicy, pause: Duration) -> Payload {
        let (all, ends) = (self.clone(), Instant::now() + policy.within);
        let pieces = stream::try_unfold(0, move |taken| {
            let all = all.clone();
            async move {
                let left = ends.saturating_duration_since(Instant::now());
                let piece = poll_fn(|context| all.payload.borrow_mut().poll_next_unpin(context));
                let Ok(piece) = timeout(pause.min(left), piece).await else {
                    return Err(PayloadError::Io(io::ErrorKind::TimedOut.into()));
                };
                let Some(piece) = piece.transpose()? else {
                    all.is_complete.set(true);
                    return Ok(None);
                };
                let taken = taken + piece.len();
                if taken > policy.bytes { Err(PayloadError::Overflow) } else { Ok(Some((piece, taken))) }
            }
        });
        let pieces: std::pin::Pin<Box<dyn Stream<Item = Result<web::Bytes, PayloadError>>>> = Box::pin(pieces);
        Payload::from(pieces)
    }

    /// What the client has not been asked for, if there is something.
    pub fn rest(self) -> Option<Payload> {
        (!self.is_complete.get()).then(|| self.payload.replace(Payload::None))
    }
}

/// The body of a request that is a file, and what its headers say of it.
pub struct Upload {
    payload: Payload,
    limit: usize,
    /// The media type, without parameters; empty where none was sent.
    pub media_type: String,
    /// The name from `Content-Disposition`.
    pub file_name: Option<String>,
}

impl Upload {
    /// The next piece of the body; none after the last.
    pub async fn next(&mut self) -> Result<Option<web::Bytes>, Problem> {
        let piece = self.payload.next().await.transpose();
        piece.map_err(|error| match error {
            PayloadError::Overflow => Problem::new(Code::TooLarge).with("limit", self.limit),
            PayloadError::Io(error) if error.kind() == io::ErrorKind::TimedOut => Problem::new(Code::BodyTimeout),
            PayloadError::Incomplete(_)
            | PayloadError::EncodingCorrupted
            | PayloadError::UnknownLength
            | PayloadError::Io(_)
            | _ => Problem::new(Code::BodyIncomplete),
        })
    }
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Self::open(request, payload.take()))
    }
}

impl Upload {
    fn open(request: &HttpRequest, payload: Payload) -> Result<Self, Problem> {
        let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
        let coded = header(CONTENT_ENCODING).is_some_and(|coding| !coding.eq_ignore_ascii_case("identity"));
        if coded {
            return Err(Problem::new(Code::MediaTypeDiffers));
        }
        let media_type = header(CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default();
        let file_name = request.headers().get(CONTENT_DISPOSITION).map(|value| {
            let disposition = ContentDisposition::from_raw(value).ok()?;
            let extended = disposition.get_filename_ext().map(|name| String::from_utf8(name.value.clone()).ok());
            extended.unwrap_or_else(|| disposition.get_filename().map(str::to_owned))
        });
        // A header without a name in it is a mistake of the client's.
        let file_name = file_name.map(Option::unwrap_or_default);
        let limit = BodyPolicy::of(request).bytes;
        let announced = header(CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
        if announced.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
            return Err(Problem::new(Code::TooLarge).with("limit", limit));
        }
        Ok(Self { payload, limit, media_type: media_type.trim().to_ascii_lowercase(), file_name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(20);

    /// Pieces of a body, each after a while; more come for ever where `goes_on`.
    fn body(pieces: usize, length: usize, after: Duration, goes_on: bool) -> Incoming {
        let piece = move |_| async move {
            tokio::time::sleep(after).await;
            Ok(web::Bytes::from(vec![b' '; length]))
        };
        let pieces = stream::iter(0..pieces).then(piece);
        let rest = if goes_on { stream::pending().left_stream() } else { stream::empty().right_stream() };
        let all: std::pin::Pin<Box<dyn Stream<Item = Result<web::Bytes, PayloadError>>>> = Box::pin(pieces.chain(rest));
        Incoming::new(Payload::from(all))
    }

    /// How many bytes came, and how it ended.
    async fn take(incoming: &Incoming) -> (usize, Option<Code>) {
        let policy = BodyPolicy::file(1_000);
        let payload = incoming.bounded(policy, PAUSE);
        let mut upload = Upload { payload, limit: policy.bytes, media_type: String::new(), file_name: None };
        let mut length = 0;
        loop {
            match upload.next().await {
                Ok(Some(piece)) => length += piece.len(),
                Ok(None) => return (length, None),
                Err(problem) => return (length, Some(problem.code())),
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_within_its_limits_is_taken_to_its_end() {
        let incoming = body(10, 100, Duration::from_secs(19), false);
        assert_eq!(take(&incoming).await, (1_000, None));
        assert!(incoming.rest().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn more_than_the_limit_is_not_taken() {
        let incoming = body(11, 100, Duration::ZERO, false);
        assert_eq!(take(&incoming).await, (1_000, Some(Code::TooLarge)));
        assert!(incoming.rest().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_and_the_whole_have_a_limit() {
        let begins = Instant::now();
        let incoming = body(1, 100, Duration::ZERO, true);
        assert_eq!(take(&incoming).await, (100, Some(Code::BodyTimeout)));
        assert_eq!(begins.elapsed().as_secs(), 20);
        assert!(incoming.rest().is_some());

        let begins = Instant::now();
        let incoming = body(100, 1, Duration::from_secs(19), false);
        assert_eq!(take(&incoming).await, (31, Some(Code::BodyTimeout)));
        assert_eq!(begins.elapsed().as_secs(), 600);
    }
}
