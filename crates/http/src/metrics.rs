//! Figures about the running server, as `OpenMetrics` text: what was asked and how long it took, and how much waits.
//!
//! Every label has few values, and none comes from a client: an address that no endpoint knows is the route `none`.

use std::{fmt, sync::Arc, time::Instant};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web::Data,
};
use bangfu_persistence::{JobRecord, Pressure, query::Figures};
use prometheus_client::{
    encoding::{
        EncodeLabelSet,
        text::{encode_eof, encode_registry},
    },
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};

use crate::state::App;

/// What the text is, as its header says.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The upper bounds of the buckets of durations, in seconds: a read takes milliseconds, a password some tens of them,
/// and a request that waits for a connection gives up after three seconds.
const BOUNDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// The name before every figure.
const PREFIX: &str = "bangfu";

/// A kind of request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: Arc<str>,
}

/// A kind of request, and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: Arc<str>,
    status: u16,
}

/// A piece of background work.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct JobLabel {
    job: String,
}

type Durations = Family<Asked, Histogram, fn() -> Histogram>;

/// Counts what is asked and answered, from the start of the process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    answers: Family<Answered, Counter>,
    durations: Durations,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let answers = Family::default();
        let durations = Durations::new_with_constructor(|| Histogram::new(BOUNDS));
        registry.register("http_requests", "Requests answered", answers.clone());
        registry.register_with_unit(
            "http_request_duration",
            "How long it took until the answer began, with the taking in of the request's body",
            Unit::Seconds,
            durations.clone(),
        );
        let version = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "What is running", version);
        Self { registry, answers, durations }
    }
}

impl Metrics {
    fn count(&self, asked: Asked, status: u16, since: Instant) {
        self.durations.get_or_create(&asked).observe(since.elapsed().as_secs_f64());
        let Asked { method, route } = asked;
        self.answers.get_or_create(&Answered { method, route, status }).inc();
    }

    /// All figures as text. `figures` are missing where the database gave none.
    pub fn text(&self, pressure: Pressure, figures: Option<Figures>) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode_registry(&mut text, &self.registry)?;
        encode_registry(&mut text, &of_now(pressure, figures))?;
        encode_eof(&mut text)?;
        Ok(text)
    }
}

/// What holds at this moment. It is made each time, so that no figure is older than the request.
fn of_now(pressure: Pressure, figures: Option<Figures>) -> Registry {
    let mut registry = Registry::with_prefix(PREFIX);
    let mut gauge = |name: &str, help: &str, value: i64| {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    let up = i64::from(figures.is_some());
    gauge("database_up", "1 where the database answered this scrape, 0 where it did not", up);
    match pressure {
        Pressure::UnitsWaiting(count) => {
            gauge("sqlite_units_waiting", "Units of work that wait for the writer", count.into());
        }
        Pressure::ConnectionsInUse(count) => {
            gauge("postgres_connections_in_use", "Connections that are at work", count.into());
        }
    }
    let Some(it) = figures else { return registry };
    for figure in it.counts {
        gauge(figure.name, figure.meaning, figure.value);
    }
    register_jobs(&mut registry, it.jobs);
    registry
}

/// How background work stands, whichever server does it.
fn register_jobs(registry: &mut Registry, jobs: Vec<JobRecord>) {
    let [positions, successes, failures]: [Family<JobLabel, Gauge>; 3] = Default::default();
    for job in jobs {
        let label = JobLabel { job: job.name };
        positions.get_or_create(&label).set(job.progress.position);
        failures.get_or_create(&label).set(job.failures.into());
        if let Some(at) = job.succeeded_at {
            successes.get_or_create(&label).set(at.as_micros() / 1_000_000);
        }
    }
    registry.register(
        "job_position",
        "How far a job has come: the last sealed position, or the number of parts",
        positions,
    );
    registry.register("job_failures", "How often a job failed since it last went well", failures);
    let name = "job_last_success_timestamp";
    let help = "When a job last went well, in seconds since 1970";
    registry.register_with_unit(name, help, Unit::Seconds, successes);
}

/// Counts a request and its answer, whatever comes of it.
pub async fn measure(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let since = Instant::now();
    let app = request.app_data::<Data<App>>().cloned();
    let asked = Asked { method: method(request.method()), route: route(&request) };
    let outcome = next.call(request).await;
    let status = match &outcome {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    if let Some(app) = app {
        app.metrics.count(asked, status.as_u16(), since);
    }
    outcome
}

/// The pattern of the address.
fn route(request: &ServiceRequest) -> Arc<str> {
    request.match_pattern().map_or_else(|| Arc::from("none"), Arc::from)
}

/// The method, where it is one that a server is asked with; a client may invent others.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
