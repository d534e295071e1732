//! Traces for an OpenTelemetry collector: OTLP over HTTP, as JSON. They are sent where the environment names a
//! collector, by OpenTelemetry's own variables.
//!
//! A span has what the log line of a request has, and no event: no message of a library leaves with it.

use std::time::Duration;

use opentelemetry::{
    KeyValue, global,
    trace::{SpanKind, Status, TracerProvider},
};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    propagation::TraceContextPropagator,
    trace::{SdkTracerProvider, SpanData, SpanExporter as Export},
};
use tracing::{Level, Subscriber};
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

/// The variables that name a collector.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
/// How long a collector may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Sends spans until it is stopped.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Begins to send, if a collector is named.
    pub fn start() -> Result<Option<Self>, ExporterBuildError> {
        if ENDPOINTS.iter().all(|name| std::env::var_os(name).is_none_or(|value| value.is_empty())) {
            return Ok(None);
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new())
            .with_protocol(Protocol::HttpJson)
            .with_timeout(TIMEOUT)
            .build()?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder().with_service_name("bangfu").with_attribute(version).build();
        global::set_text_map_propagator(TraceContextPropagator::new());
        let provider = SdkTracerProvider::builder().with_batch_exporter(Named(exporter)).with_resource(resource);
        Ok(Some(Self(provider.build())))
    }

    /// What collects the spans of this program.
    pub fn layer<S: Subscriber + for<'s> LookupSpan<'s>>(&self) -> impl Layer<S> {
        let is_ours = |it: &tracing::Metadata<'_>| {
            it.is_span() && it.target().starts_with("bangfu") && *it.level() <= Level::DEBUG
        };
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("bangfu"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(is_ours))
    }

    /// Sends what is left. A collector that is not there is not waited for.
    pub fn stop(self) {
        let _ = self.0.shutdown_with_timeout(Duration::from_secs(2));
    }
}

/// Gives spans the names of OpenTelemetry's conventions on their way out.
#[derive(Debug)]
struct Named(SpanExporter);

impl Export for Named {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.export(batch.into_iter().map(named).collect()).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

/// A request by its method and route. A route is a pattern, so there are few names.
fn named(mut span: SpanData) -> SpanData {
    if span.name != "request" {
        return span;
    }
    span.span_kind = SpanKind::Server;
    let text = |name: &str| {
        let found = span.attributes.iter().find(|it| it.key.as_str() == name);
        found.map(|it| it.value.to_string()).unwrap_or_default()
    };
    let (method, route, failed) = (text("method"), text("route"), text("status").starts_with('5'));
    span.name = format!("{method} {route}").into();
    if failed {
        span.status = Status::error("");
    }
    for attribute in &mut span.attributes {
        // A status comes as text, and is a number by the conventions.
        if attribute.key.as_str() == "status"
            && let Ok(status) = attribute.value.as_str().parse::<i64>()
        {
            attribute.value = status.into();
        }
        let conventional = match attribute.key.as_str() {
            "id" => "http.request.header.x-request-id",
            "method" => "http.request.method",
            "route" => "http.route",
            "status" => "http.response.status_code",
            "actor" => "enduser.id",
            _ => continue,
        };
        attribute.key = conventional.into();
    }
    span
}

/// The way to the collector.
#[derive(Debug)]
struct Collector(ureq::Agent);

impl Collector {
    fn new() -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false);
        Self(config.build().into())
    }
}

#[async_trait::async_trait]
impl HttpClient for Collector {
    /// Spans are sent by a thread of their own, so this may wait.
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let (parts, mut body) = self.0.run(Request::from_parts(parts, body.as_ref()))?.into_parts();
        Ok(Response::from_parts(parts, Bytes::from(body.read_to_vec()?)))
    }
}
