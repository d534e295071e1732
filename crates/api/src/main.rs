//! The `bangfu` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    bangfu_api::cli::run()
}
