//! What every request to this server shares.

use std::{ops::Deref, sync::Arc};

use bangfu_app::Services;

use crate::metrics::Metrics;

/// What every request to this server shares.
pub struct App {
    /// What all requests share.
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
