//! The test harness: a real server on a real database, and the people who use it.

#![expect(clippy::panic, clippy::expect_used, reason = "a harness fails the test by panicking")]
#![expect(clippy::disallowed_methods, reason = "a client makes its own keys, and tests their names")]

pub mod casework;
pub mod city;
pub mod http;
pub mod money;
pub mod postgres;
pub mod server;

pub use casework::Office;
pub use city::{City, Person};
pub use http::{Answer, Client};
pub use money::Treasury;
pub use server::{Database, TestServer};

/// Runs a test on both databases: a module of that name with a test for each.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* fn $name:ident($database:ident: $kind:ty) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$meta])*
            fn story($database: $kind) $body

            #[test]
            fn on_sqlite() {
                story($crate::Database::Sqlite);
            }

            #[test]
            fn on_postgres() {
                story($crate::Database::Postgres);
            }
        }
    )+};
}
