//! Events and commands of a version of the aid policy.

use bangfu_domain::{
    decision::Decision,
    ids::PolicyId,
    policy::{
        Policy, PolicyApproved, PolicyCommand, PolicyDiscarded, PolicyDrafted, PolicyEvent, PolicyProved, PolicyState,
    },
    rejection::Rejection,
};

use crate::common::{
    id,
    office::Office,
    person,
    policy::sample,
    signed_in,
    table::{Standalone, StandaloneStream, states_and, table},
    today,
};

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

pub const TRANSITIONS: Option<fn() -> String> = Some(transitions);

fn transitions() -> String {
    let heading = "Policy 政策版本: one person writes and proves it, a second one puts it in force;\n\
                   nothing ends it but the next one that begins.";
    table::<Standalone<Policy>>(heading)
}

impl StandaloneStream for Policy {
    type Command = PolicyCommand;
    const BEGINNING: &'static str = "draft";

    fn states() -> Vec<&'static str> {
        states_and::<PolicyState>(&[])
    }

    /// 90 writes a policy, and 91 is the second person.
    fn begin(office: &mut Office) -> Decision {
        let sample = sample();
        let drafted = Policy::draft(&mut office.ctx(signed_in(90)), sample.document, sample.examples);
        drafted.unwrap().1
    }

    fn way_to(state: &str) -> &'static [PolicyCommand] {
        match state {
            "draft" => &[],
            "proved" => &[PolicyCommand::Prove],
            "approved" => &[PolicyCommand::Prove, PolicyCommand::Approve],
            "discarded" => &[PolicyCommand::Discard],
            _ => panic!("no way to {state}"),
        }
    }

    fn decide(&self, office: &mut Office, command: PolicyCommand) -> Result<Decision, Rejection> {
        let ctx = office.ctx(signed_in(91));
        match command {
            PolicyCommand::Prove => self.prove(&ctx),
            PolicyCommand::Approve => self.approve(&ctx, today(), &[]),
            PolicyCommand::Discard => self.discard(&ctx),
        }
    }

    fn permits_it(&self, command: PolicyCommand) -> bool {
        self.permits(command)
    }

    fn state_code(&self) -> &'static str {
        self.state.code()
    }
}
