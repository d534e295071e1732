//! Requests of several people at once.

use std::{sync::Barrier, thread};

use bangfu_persistence::rebuild;
use harness::{Answer, City, Client, http::Headers};
use serde_json::Value;

/// A request that is ready to be sent.
pub type Act<'a> = Box<dyn Fn() -> Answer + Send + Sync + 'a>;

pub fn ready<'a>(act: impl Fn() -> Answer + Send + Sync + 'a) -> Act<'a> {
    Box::new(act)
}

/// A decision upon the version that stands now, read already.
pub fn decision<'a>(by: &Client, path: &str, command: &str, body: &Value) -> Act<'a> {
    let headers = Headers::if_match(by.get(path).expect(200).etag());
    let (client, path, body) = (by.clone(), format!("{path}/{command}"), body.clone());
    ready(move || client.post_with(&path, &body, &headers))
}

/// A message that no version is asked of.
pub fn message<'a>(by: &Client, path: &str, body: &Value) -> Act<'a> {
    let (client, path, body) = (by.clone(), path.to_owned(), body.clone());
    ready(move || client.post(&path, &body))
}

/// Sends each in a thread of its own, all at once; the answers in order.
pub fn at_once(acts: &[Act<'_>]) -> Vec<Answer> {
    let start = &Barrier::new(acts.len());
    thread::scope(|scope| {
        let run = |act| {
            scope.spawn(move || {
                start.wait();
                let act: &Act<'_> = act;
                act()
            })
        };
        let threads: Vec<_> = acts.iter().map(run).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

pub fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut all: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    all.sort_unstable();
    all
}

/// How many answers are this problem.
pub fn problems(answers: &[Answer], status: u16, code: &str) -> usize {
    let these = |answer: &&Answer| answer.status == status && answer.body["code"] == code;
    answers.iter().filter(these).count()
}

pub fn assert_equal(city: &City) {
    let report = rebuild::check(&city.server.store).unwrap();
    assert!(report.is_equal(), "{report}");
}
