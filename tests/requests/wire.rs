//! Requests and answers as bytes, for what a client of ours hides: heads, compressed bodies, connections that end.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use crate::copy::Copy;

/// An answer as it came.
pub struct Raw {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
    /// How long it took until the connection ended.
    pub took: Duration,
}

impl Raw {
    /// A header, if it is there. Names are compared in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Every value of a header, in one text.
    pub fn all(&self, name: &str) -> String {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let values = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        values.collect::<Vec<_>>().join(", ").to_ascii_lowercase()
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        let body: serde_json::Value = serde_json::from_slice(&self.body).expect("JSON");
        body["code"].as_str().expect("a code").to_owned()
    }
}

/// Sends a head, line by line, and what follows it, and reads until the server closes the connection.
pub fn talk(copy: &Copy, head: &[&str], body: &[u8]) -> Raw {
    let began = Instant::now();
    let address = copy.base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(50))).expect("a timeout");
    let head = format!("{}\r\nhost: test\r\n\r\n", head.join("\r\n"));
    stream.write_all(&[head.as_bytes(), body].concat()).expect("a request");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|it| it == b"\r\n\r\n").expect("a head");
    let (head, body) = answer.split_at(end + 4);
    let head = String::from_utf8(head.to_vec()).expect("a head");
    let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).expect("a status");
    Raw { status, head, body: body.to_vec(), took: began.elapsed() }
}

/// Sends a request on a connection of its own, which ends with the answer.
pub fn ask(copy: &Copy, method: &str, path: &str, headers: &[&str]) -> Raw {
    let line = format!("{method} {path} HTTP/1.1");
    talk(copy, &[&[line.as_str(), "connection: close"], headers].concat(), b"")
}
