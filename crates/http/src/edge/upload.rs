//! A body that is taken piece by piece: bounded in size, in time and in the time between two pieces.

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

use super::BodyLimits;
use crate::problem::{Code, Problem};

/// The body of a request as it comes in, shared by the handler, which takes it, and the edge, which has to know what is
/// left of it.
#[derive(Clone)]
pub(super) struct Incoming {
    payload: Rc<RefCell<Payload>>,
    is_complete: Rc<Cell<bool>>,
}

impl Incoming {
    /// All of a request's body.
    pub fn new(payload: Payload) -> Self {
        Self { payload: Rc::new(RefCell::new(payload)), is_complete: Rc::default() }
    }

    /// What the handler takes: at most this number of bytes, within a time, and without a longer pause.
    pub fn bounded(&self, bytes: usize, within: Duration, idle_timeout: Duration) -> Payload {
        let (all, ends) = (self.clone(), Instant::now() + within);
        let pieces = stream::try_unfold(0, move |taken| {
            let all = all.clone();
            async move {
                let left = ends.saturating_duration_since(Instant::now());
                let piece = poll_fn(|context| all.payload.borrow_mut().poll_next_unpin(context));
                let Ok(piece) = timeout(idle_timeout.min(left), piece).await else {
                    return Err(PayloadError::Io(io::ErrorKind::TimedOut.into()));
                };
                let Some(piece) = piece.transpose()? else {
                    all.is_complete.set(true);
                    return Ok(None);
                };
                let taken = taken + piece.len();
                if taken > bytes { Err(PayloadError::Overflow) } else { Ok(Some((piece, taken))) }
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
        let limit = BodyLimits::of(request).max_bytes;
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

    const LONG: Duration = Duration::from_mins(1);
    const SHORT: Duration = Duration::from_secs(20);

    type Pieces = std::pin::Pin<Box<dyn Stream<Item = Result<web::Bytes, PayloadError>>>>;

    /// This number of pieces of a hundred bytes.
    fn pieces(count: usize) -> impl Stream<Item = Result<web::Bytes, PayloadError>> {
        stream::iter(0..count).map(|_| Ok(web::Bytes::from_static(&[b' '; 100])))
    }

    /// How many bytes come of a body, how it ends, and whether the client has more.
    async fn take(body: Pieces, timeout: Duration, idle_timeout: Duration) -> (usize, Option<Code>, bool) {
        let incoming = Incoming::new(Payload::from(body));
        let payload = incoming.bounded(1_000, timeout, idle_timeout);
        let mut upload = Upload { payload, limit: 1_000, media_type: String::new(), file_name: None };
        let mut length = 0;
        let ended = loop {
            match upload.next().await {
                Ok(Some(piece)) => length += piece.len(),
                Ok(None) => break None,
                Err(problem) => break Some(problem.code()),
            }
        };
        (length, ended, incoming.rest().is_some())
    }

    #[tokio::test]
    async fn a_body_within_its_limits_is_taken_to_its_end() {
        assert_eq!(take(Box::pin(pieces(10)), LONG, LONG).await, (1_000, None, false));
    }

    #[tokio::test]
    async fn more_than_the_limit_is_not_taken() {
        assert_eq!(take(Box::pin(pieces(11)), LONG, LONG).await, (1_000, Some(Code::TooLarge), true));
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_between_two_pieces_has_a_limit() {
        let stops = pieces(2).chain(stream::pending());
        assert_eq!(take(Box::pin(stops), LONG, SHORT).await, (200, Some(Code::BodyTimeout), true));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_trickles_has_a_limit_too() {
        let trickle = stream::repeat(()).then(|()| async {
            tokio::time::sleep(SHORT / 10).await;
            Ok(web::Bytes::new())
        });
        assert_eq!(take(Box::pin(trickle), SHORT, LONG).await, (0, Some(Code::BodyTimeout), true));
    }
}
