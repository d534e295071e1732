//! The sample of an aid policy, which lies beside the program.

use bangfu_domain::policy::{Example, PolicyDocument};
use serde::Deserialize;

/// A policy with its examples, in the form of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    pub document: PolicyDocument,
    pub examples: Vec<Example>,
}

/// `policies/aid/sample.json`.
pub fn sample() -> Sample {
    serde_json::from_str(include_str!("../../../../policies/aid/sample.json")).unwrap()
}
