//! The `bangfu` program.

#![deny(clippy::wildcard_enum_match_arm)]

mod cli;
mod config;
mod logs;
mod settings;
mod traces;

use std::process::ExitCode;

/// glibc's allocator keeps the 19 MiB of each password hash for ever; this one gives back what is free.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    cli::run()
}
