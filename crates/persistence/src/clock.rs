//! The clocks of a store.

use std::time::{SystemTime, UNIX_EPOCH};

use bangfu_domain::{invalid::Invalid, time::Instant};

/// A clock. Every instant of the system is read from it, in whole microseconds.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Result<Instant, Invalid>;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Result<Instant, Invalid> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| Invalid::OutOfRange)?;
        let micros = i64::try_from(elapsed.as_micros()).map_err(|_| Invalid::OutOfRange)?;
        Instant::from_micros(micros)
    }
}
