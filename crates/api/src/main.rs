//! The `bangfu` program.

use std::process::ExitCode;

/// glibc's allocator keeps the 19 MiB of each password hash for ever; this one gives them back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    bangfu_api::cli::run()
}
