//! What is logged, and in which form. Logs go to standard error.

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};
use tracing_subscriber::{EnvFilter, Layer, filter::ParseError, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::traces::Traces;

/// What is logged, and how.
#[derive(Debug, Clone, Args)]
pub struct LogArgs {
    /// What is logged, as a filter such as `info,bangfu_app=debug`.
    #[arg(long, env = "BANGFU_LOG", global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// The form of logs: text for people, or one JSON object a line.
    #[arg(long, env = "BANGFU_LOG_FORMAT", global = true, value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// The form of logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum LogFormat {
    /// Lines for people, in colours on a terminal.
    #[default]
    Text,
    /// One JSON object a line: `timestamp`, `level`, `target`, `message`, the event's own fields, and `span`.
    Json,
}

/// The filter cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the log filter {filter:?} (--log, BANGFU_LOG): {source}; a filter is such as `info,bangfu_app=debug`")]
pub struct LogFilterError {
    filter: String,
    source: ParseError,
}

impl LogArgs {
    /// Begins to log, and to send traces. Without a filter of the operator's, `usual` is the filter.
    pub fn start(&self, usual: &str, traces: Option<&Traces>) -> Result<(), LogFilterError> {
        let filter = self.log.as_deref().filter(|it| !it.trim().is_empty()).unwrap_or(usual);
        let parsed = EnvFilter::builder().parse(filter);
        let parsed = parsed.map_err(|source| LogFilterError { filter: filter.to_owned(), source })?;
        let logs = fmt::layer().with_writer(io::stderr);
        let logs = match self.log_format {
            LogFormat::Text => logs.with_ansi(io::stderr().is_terminal()).boxed(),
            LogFormat::Json => logs.json().flatten_event(true).with_span_list(false).boxed(),
        };
        tracing_subscriber::registry().with(logs.with_filter(parsed)).with(traces.map(Traces::layer)).init();
        Ok(())
    }
}
