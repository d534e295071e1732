//! How this program's own clients of the API reach a server: the demonstration and the benchmarks.

use std::time::Duration;

use ureq::Agent;

/// An agent that keeps so many connections, asks no proxy, and waits so long for each part of an exchange.
///
/// A limit for the whole exchange would have ureq look the name up on a thread of its own, anew for each request.
pub(crate) fn agent(patience: Duration, connections: usize) -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(patience))
        .timeout_send_request(Some(patience))
        .timeout_send_body(Some(patience))
        .timeout_recv_response(Some(patience))
        .timeout_recv_body(Some(patience))
        .max_idle_connections(connections)
        .max_idle_connections_per_host(connections)
        .proxy(None)
        .build()
        .into()
}
