//! What each state answers to each command, as a table for everyone: `golden/transitions.txt`.
//!
//! The table is made by running the commands. `UPDATE_EXPECT=1` writes it anew after a change that
//! is meant; the reviewer of the change reads the table.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    account::{Account, AccountCommand, AccountState},
    actor::Actor,
    case::{CaseCommand, CaseStateKind},
    client::{Client, ClientCommand, ClientState},
    decision::Decision,
    grant::{Candidate, Grant, GrantCommand, GrantState, NewGrant},
    name::PersonName,
    person::Person,
    policy::{Policy, PolicyCommand, PolicyState},
    referral::{Accept, DeclineReason, Destination, Referral, ReferralCommand, ReferralStateKind},
    rejection::Rejection,
    role::Role,
    source::SourceKind,
};
use expect_test::expect_file;

use common::{
    casework::{Fixture, own_application},
    caseworker, district, documents, names, new_referral,
    office::Office,
    person,
    policy::sample,
    signed_in, source, street,
    table::{Asked, Desk, Subject, states_and, table},
    text, today,
};

impl Asked for Referral {
    type Command = ReferralCommand;
    type State = ReferralStateKind;
    const BEGINNING: &'static str = "receive";

    fn begin(office: &mut Office) -> Decision {
        let (hospital, new) = (source(SourceKind::Hospital), new_referral(80, documents()));
        Referral::receive(&mut office.ctx(Actor::System), &hospital, &new).unwrap()
    }

    fn way_to(state: &str) -> &'static [ReferralCommand] {
        match state {
            "received" => &[],
            "accepted" => &[ReferralCommand::Accept],
            "declined" => &[ReferralCommand::Decline],
            "withdrawn" => &[ReferralCommand::Withdraw],
            _ => panic!("no way to {state}"),
        }
    }

    fn decide(&self, office: &mut Office, command: ReferralCommand) -> Result<Decision, Rejection> {
        match command {
            ReferralCommand::Accept => {
                let accept = Accept {
                    documents: documents(),
                    known_patient: None,
                    known_worker: None,
                    held_by: Vec::new(),
                    destination: Destination::NewCase(&street()),
                };
                self.accept(&mut office.ctx(caseworker()), accept).map(|(_, decision)| decision)
            }
            ReferralCommand::Decline => {
                let concerned = [person(10), person(11)];
                self.decline(&office.ctx(caseworker()), &concerned, DeclineReason::Unreachable)
            }
            ReferralCommand::Withdraw => self.withdraw(),
            ReferralCommand::Acknowledge => {
                let current = office.version(self.id);
                self.acknowledge(current, current)
            }
        }
    }

    fn permits_it(&self, command: ReferralCommand) -> bool {
        self.permits(command)
    }

    fn state_code(&self) -> &'static str {
        self.state.code()
    }
}

impl Asked for Grant {
    type Command = GrantCommand;
    type State = GrantState;
    const BEGINNING: &'static str = "propose";

    /// 92 is to become a caseworker. 90 proposes it, and 91 is the second administrator.
    fn begin(office: &mut Office) -> Decision {
        let new = NewGrant {
            candidate: Candidate::Person(person(92)),
            role: Role::Caseworker,
            organization: district().id,
            from: today(),
            to: None,
        };
        Grant::propose(&mut office.ctx(signed_in(90)), new, &[]).unwrap().1
    }

    fn way_to(state: &str) -> &'static [GrantCommand] {
        match state {
            "proposed" => &[],
            "in_force" => &[GrantCommand::Approve],
            "refused" => &[GrantCommand::Refuse],
            "ended" => &[GrantCommand::Approve, GrantCommand::End],
            _ => panic!("no way to {state}"),
        }
    }

    fn decide(&self, office: &mut Office, command: GrantCommand) -> Result<Decision, Rejection> {
        let ctx = office.ctx(signed_in(91));
        match command {
            GrantCommand::Approve => self.approve(&ctx, &[]),
            GrantCommand::Refuse => self.refuse(&ctx),
            GrantCommand::End => self.end(&ctx, None),
        }
    }

    fn permits_it(&self, command: GrantCommand) -> bool {
        self.permits(command)
    }

    fn state_code(&self) -> &'static str {
        self.state.code()
    }
}

impl Asked for Policy {
    type Command = PolicyCommand;
    type State = PolicyState;
    const BEGINNING: &'static str = "draft";

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

impl Asked for Account {
    type Command = AccountCommand;
    type State = AccountState;
    const BEGINNING: &'static str = "open";

    /// The account of 92, opened by 90.
    fn begin(office: &mut Office) -> Decision {
        let holder = Person { id: person(92), staff: true };
        let name = PersonName::parse("王芳").unwrap();
        Account::open(&mut office.ctx(signed_in(90)), &holder, false, name).unwrap().1
    }

    fn way_to(state: &str) -> &'static [AccountCommand] {
        match state {
            "open" => &[],
            "closed" => &[AccountCommand::Close],
            _ => panic!("no way to {state}"),
        }
    }

    fn decide(&self, office: &mut Office, command: AccountCommand) -> Result<Decision, Rejection> {
        match command {
            AccountCommand::ChangePassword => self.change_password(&office.ctx(signed_in(92))),
            AccountCommand::ResetPassword => self.reset_password(&office.ctx(signed_in(90))),
            AccountCommand::Close => self.close(&office.ctx(signed_in(90)), None),
        }
    }

    fn permits_it(&self, command: AccountCommand) -> bool {
        self.permits(command)
    }

    fn state_code(&self) -> &'static str {
        self.state.code()
    }
}

impl Asked for Client {
    type Command = ClientCommand;
    type State = ClientState;
    const BEGINNING: &'static str = "register";

    fn begin(office: &mut Office) -> Decision {
        Client::register(&mut office.ctx(signed_in(90)), text("HIS"), None).1
    }

    fn way_to(state: &str) -> &'static [ClientCommand] {
        match state {
            "open" => &[],
            "closed" => &[ClientCommand::Close],
            _ => panic!("no way to {state}"),
        }
    }

    fn decide(&self, office: &mut Office, command: ClientCommand) -> Result<Decision, Rejection> {
        let ctx = office.ctx(signed_in(90));
        match command {
            ClientCommand::RotateSecret => self.rotate_secret(&ctx),
            ClientCommand::Close => self.close(&ctx),
        }
    }

    fn permits_it(&self, command: ClientCommand) -> bool {
        self.permits(command)
    }

    fn state_code(&self) -> &'static str {
        self.state.code()
    }
}

impl Subject for Fixture {
    type Command = CaseCommand;

    const BEGINNING: &'static str = "apply";

    fn rows() -> Vec<&'static str> {
        states_and(&[(CaseStateKind::UnderReview, "reviewed")])
    }

    fn begin() -> (Vec<&'static str>, &'static str) {
        let mut office = Office::new();
        let (id, decision) = own_application(&mut office, caseworker()).unwrap();
        (names(&decision), office.case(id).state.code())
    }

    /// With a comparison to answer, a notice to object to or to close.
    fn for_command(row: &str, command: CaseCommand) -> Self {
        let mut desk = Fixture::in_state(row).unwrap();
        let first = match command {
            CaseCommand::AnswerComparison => Some(CaseCommand::RequestComparison),
            CaseCommand::Object | CaseCommand::CloseNotice => Some(CaseCommand::PublishNotice),
            _ => None,
        };
        let begins_identification = ["applied", "reopened"].contains(&row);
        if let Some(first) = first.filter(|first| desk.case().permits(*first) && !begins_identification) {
            desk.give(first).unwrap();
            desk.office.wait(20);
        }
        assert_eq!(desk.state(), row);
        desk
    }

    fn give(&mut self, command: CaseCommand) -> Result<Decision, Rejection> {
        self.run(command.code())
    }

    fn permits(&self, command: CaseCommand) -> bool {
        self.case().permits(command)
    }

    fn state(&self) -> &'static str {
        Fixture::state(self)
    }
}

#[test]
fn every_state_answers_every_command() {
    let text = format!(
        "What each state answers to each command, found by running every command in every state.\n\
         After an arrow stands the new state; after \"refused\" the cause that the API names.\n\n\
         Referral 线索: a hospital sends it, a caseworker accepts or declines it.\n\n{}\n\
         Grant 授权: one administrator proposes it, a second one approves it;\n\
         one alone refuses it, takes it back or ends it.\n\n{}\n\
         Account 账号: its person changes the password, an administrator resets it.\n\n{}\n\
         Client 机器客户端.\n\n{}\n\
         Policy 政策版本: one person writes and proves it, a second one puts it in force;\n\
         nothing ends it but the next one that begins.\n\n{}\n\
         Case 帮扶个案: a referral opened it, and its papers are in order. A caseworker registers and\n\
         submits it, a reviewer agrees, an approver decides; \"reviewed\" is the state under_review\n\
         once the reviewer has agreed.\n\n{}",
        table::<Desk<Referral>>(),
        table::<Desk<Grant>>(),
        table::<Desk<Account>>(),
        table::<Desk<Client>>(),
        table::<Desk<Policy>>(),
        table::<Fixture>(),
    );
    expect_file!["golden/transitions.txt"].assert_eq(&text);
}
