//! The state of the HTTP server.

use std::{ops::Deref, sync::Arc};

use bangfu_app::Services;

use crate::metrics::Metrics;

/// The state of the HTTP server, shared by all requests.
pub struct App {
    /// The services of the application, which know no HTTP.
    pub services: Arc<Services>,
    /// Counts what is asked and answered.
    pub metrics: Metrics,
}

impl Deref for App {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.services
    }
}
