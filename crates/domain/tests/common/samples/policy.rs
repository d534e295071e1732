//! Events of a version of the aid policy.

use bangfu_domain::{
    ids::PolicyId,
    policy::{PolicyApproved, PolicyDiscarded, PolicyDrafted, PolicyEvent, PolicyProved},
};

use crate::common::{id, person, policy::sample, today};

pub const HISTORIES: &[&str] = &["drafted proved approved!", "drafted discarded"];

/// The sample, as it was when the form came about, with one example.
pub fn events() -> Vec<PolicyEvent> {
    let (policy, author, approver) = (id(PolicyId::from_uuid, 30), person(90), person(91));
    let mut sample = sample();
    sample.examples.truncate(1);
    let drafted =
        PolicyDrafted { policy, document: Box::new(sample.document), examples: sample.examples, drafted_by: author };
    let approved = PolicyApproved { in_force_from: today(), approved_by: approver };
    vec![
        PolicyEvent::Drafted(drafted),
        PolicyEvent::Proved(PolicyProved { proved_by: author }),
        PolicyEvent::Approved(approved),
        PolicyEvent::Discarded(PolicyDiscarded {}),
    ]
}
