//! New ids and salts for a decision, drawn from one seed.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::{time::Instant, vault::Salt};

/// Mints ids and salts for one unit of work.
///
/// The caller seeds it with true randomness; a test seeds it with a constant and gets the same decision every time.
/// Values are HMAC-SHA256 of a counter under the seed.
pub struct IdGenerator {
    now: Instant,
    seed: [u8; 32],
    drawn: u64,
}

impl IdGenerator {
    /// A generator whose time-ordered ids carry `now`.
    pub fn new(now: Instant, seed: [u8; 32]) -> Self {
        Self { now, seed, drawn: 0 }
    }

    /// A fresh time-ordered UUID, version 7.
    pub fn uuid(&mut self) -> Uuid {
        let millis = u64::try_from(self.now.as_micros() / 1_000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.draw()).into_uuid()
    }

    /// A fresh salt for one sealed document.
    pub fn salt(&mut self) -> Salt {
        Salt::from_bytes(self.draw())
    }

    fn draw<const N: usize>(&mut self) -> [u8; N] {
        self.drawn += 1;
        let mut out = [0; N];
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.seed) else {
            return out; // HMAC takes keys of every length.
        };
        mac.update(&self.drawn.to_be_bytes());
        for (to, from) in out.iter_mut().zip(mac.finalize().into_bytes()) {
            *to = from;
        }
        out
    }
}
