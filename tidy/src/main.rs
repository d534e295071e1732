//! The house rules as tests: what the compiler and clippy do not see. Each failure names the file, the line and the rule.
//!
//! The lists of exceptions only shrink.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod dependencies;
mod layers;
mod size;
mod sources;
mod words;

/// Fails with every finding on a line of its own.
#[track_caller]
fn assert_none(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}:\n  {}\n", findings.join("\n  "));
}
