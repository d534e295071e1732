//! What every request to this server shares.

use std::{ops::Deref, sync::Arc};

use bangfu_app::Services;

use crate::{
    auth::{Passwords, Tokens},
    metrics::Metrics,
};

/// What every request to this server shares.
pub struct App {
    /// What every request shares.
    pub services: Arc<Services>,
    /// Issues and validation access tokens.
    pub tokens: Tokens,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Counts what is asked and answered.
    pub metrics: Metrics,
}

impl Deref for App {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.services
    }
}
