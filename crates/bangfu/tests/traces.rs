//! Traces as a collector gets them from the program: named by the conventions, below the caller's span, with ids only.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use bangfu_client::PreparedRequest;
use harness::Client;
use serde_json::{Value, json};

/// A collector that takes what it is sent.
fn collector() -> (String, Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let tell = tell.clone();
            std::thread::spawn(move || take(stream, &tell));
        }
    });
    (format!("http://{address}"), told)
}

/// Answers the requests of one connection.
fn take(mut stream: TcpStream, tell: &mpsc::Sender<Value>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a reader"));
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).is_ok_and(|read| read == 0) {
                return;
            }
        }
        assert!(head.starts_with("POST /v1/traces "), "{head}");
        let head = head.to_ascii_lowercase();
        assert!(head.contains("content-type: application/json"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.expect("a length").parse().expect("a number")];
        reader.read_exact(&mut body).expect("a body");
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}");
        let _ = tell.send(serde_json::from_slice(&body).expect("JSON"));
    }
}

/// A running program, which is ended with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn attribute(span: &Value, name: &str) -> Value {
    let all = span["attributes"].as_array().expect("attributes");
    all.iter().find(|it| it["key"] == name).map_or(Value::Null, |it| it["value"].clone())
}

#[test]
fn a_collector_gets_requests_below_the_callers_span() {
    let (endpoint, told) = collector();
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bangfu"));
    command.args(["serve", "--init", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path());
    command.env_remove("DATABASE_URL").env("BANGFU_LOG", "error");
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint).env("OTEL_BSP_SCHEDULE_DELAY", "50");
    let mut child = Serving(command.stdout(Stdio::piped()).spawn().expect("the program"));
    let mut said = BufReader::new(child.0.stdout.take().expect("its words")).lines();
    let first = said.next().expect("a line").expect("a text");
    let base = first.split(' ').find(|word| word.starts_with("http://")).expect("an address").to_owned();

    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let sign_in = json!({ "login": "zq7marker", "password": "zq7marker zq7marker" });
    let request = PreparedRequest::post("/v1/sessions", &sign_in).with_header("traceparent", parent);
    let answer = Client::anonymous(&base).call(&request).expect(401);

    let mut spans: Vec<Value> = Vec::new();
    while !spans.iter().any(|span| span["name"] == "POST /v1/sessions") {
        let sent = told.recv_timeout(Duration::from_secs(30)).expect("spans");
        assert!(!sent.to_string().contains("zq7marker"), "{sent:#}");
        let resource = &sent["resourceSpans"][0];
        assert!(resource["resource"].to_string().contains("bangfu"), "{resource:#}");
        spans.extend(resource["scopeSpans"][0]["spans"].as_array().expect("spans").clone());
    }
    let span = spans.iter().find(|span| span["name"] == "POST /v1/sessions").expect("found");
    assert_eq!(span["traceId"], "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(span["parentSpanId"], "b7ad6b7169203331");
    assert_eq!(span["kind"], 2, "a server's");
    assert_eq!(attribute(span, "http.route")["stringValue"], "/v1/sessions");
    assert_eq!(attribute(span, "http.request.method")["stringValue"], "POST");
    assert_eq!(attribute(span, "http.response.status_code")["intValue"].to_string().trim_matches('"'), "401");
    let id = answer.header("x-request-id").expect("an id");
    assert_eq!(attribute(span, "http.request.header.x-request-id")["stringValue"], id);
    assert!(span["events"].as_array().is_none_or(Vec::is_empty), "{span:#}");
    let inside = spans.iter().filter(|it| it["parentSpanId"] == span["spanId"]);
    assert!(inside.clone().all(|it| it["name"] == "read" || it["name"] == "write"), "{spans:#?}");
    assert!(inside.count() > 0, "what it asked of the database");
}
