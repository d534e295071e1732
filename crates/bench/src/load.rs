//! The two ways of loading a server.
//!
//! *Fixed connections*, a closed loop: each connection sends the next request as soon as it is answered. This
//! finds how much the server does; its times say little, since a slow server is asked less often.
//!
//! *Fixed rate*, an open loop: requests are due at even intervals, answered or not, and a time counts from when
//! the request was due. A server that halts for a second makes all that second's requests late, as it would
//! for people who do not wait for each other.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use bangfu_client::{Client, PreparedRequest};
use ureq::http::Response;

use crate::{
    BenchError, LoadArgs, client_of,
    tally::{Figures, Tally},
};

/// How long after the end of a load at a fixed rate what is overdue is still sent.
const OVERDUE: Duration = Duration::from_secs(30);

/// A server, and what is asked of it.
pub(super) struct Target<'a> {
    /// Its address.
    pub base: &'a str,
    /// The token of the caller.
    pub token: &'a str,
    /// The status of an answer as expected.
    pub expected: u16,
    /// Makes the request of this number; no number comes twice.
    pub request: &'a (dyn Fn(u64) -> Result<PreparedRequest, BenchError> + Sync),
    /// How many requests were made so far.
    pub made: &'a AtomicU64,
}

type Sent = Result<Response<String>, ureq::Error>;

impl Target<'_> {
    fn client(&self) -> Client {
        client_of(self.base).with_token(self.token)
    }

    fn next(&self) -> Result<PreparedRequest, BenchError> {
        (self.request)(self.made.fetch_add(1, Ordering::Relaxed))
    }

    fn count(&self, tally: &mut Tally, sent: &Sent, took: Duration) {
        match sent {
            Ok(answer) if answer.status() == self.expected => tally.answered(took),
            Ok(answer) => tally.failed(format!("status {}", answer.status().as_u16())),
            Err(error) => tally.failed(format!("no answer: {error}")),
        }
    }
}

/// Loads the server with connections that are always busy.
pub(super) fn fixed_connections(target: &Target<'_>, args: &LoadArgs) -> Result<Figures, BenchError> {
    let measured_from = Instant::now() + args.warming();
    let end = measured_from + args.measured();
    let work = || {
        let client = target.client();
        let mut tally = Tally::new()?;
        loop {
            let request = target.next()?;
            let begun = Instant::now();
            if begun >= end {
                return Ok(tally);
            }
            let sent = client.send(&request);
            if begun >= measured_from {
                target.count(&mut tally, &sent, begun.elapsed());
            }
        }
    };
    // Requests that were begun in time are waited for, and so is the time they took.
    let tally = on_threads(args.connections, &work)?;
    Ok(tally.figures(measured_from.elapsed()))
}

/// Loads the server with requests that are due at even intervals.
pub(super) fn fixed_rate(target: &Target<'_>, args: &LoadArgs) -> Result<Figures, BenchError> {
    let begin = Instant::now();
    let measured_from = begin + args.warming();
    let end = measured_from + args.measured();
    let in_all = args.rate.saturating_mul(args.warm_up.saturating_add(args.seconds));
    let due_at = |number: u64| {
        let nanos = u128::from(number) * 1_000_000_000 / u128::from(args.rate);
        begin + Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    };
    let sent_so_far = AtomicU64::new(0);
    let work = || {
        let client = target.client();
        let mut tally = Tally::new()?;
        loop {
            let number = sent_so_far.fetch_add(1, Ordering::Relaxed);
            if number >= in_all {
                return Ok(tally);
            }
            let due = due_at(number);
            if Instant::now() > end + OVERDUE {
                tally.failed("never sent: overdue".to_owned());
                continue;
            }
            let request = target.next()?;
            wait_until(due);
            let sent = client.send(&request);
            if due >= measured_from {
                target.count(&mut tally, &sent, due.elapsed());
            }
        }
    };
    let tally = on_threads(args.connections, &work)?;
    // A server that is quick enough is done a little before the end of the last interval.
    Ok(tally.figures(measured_from.elapsed().max(args.measured())))
}

/// Runs the same work on several threads and adds up what they counted.
fn on_threads(threads: u32, work: &(impl Fn() -> Result<Tally, BenchError> + Sync)) -> Result<Tally, BenchError> {
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut all = Tally::new()?;
        for thread in running {
            all.add(&thread.join().map_err(|_| BenchError::Panicked)??)?;
        }
        Ok(all)
    })
}

#[expect(clippy::disallowed_methods, reason = "a load at a fixed rate is made of waiting")]
fn wait_until(due: Instant) {
    thread::sleep(due.saturating_duration_since(Instant::now()));
}
