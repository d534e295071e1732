//! What each state answers to each command, as a table for everyone: `golden/transitions.txt`.
//!
//! The table is made by running the commands. `UPDATE_EXPECT=1` writes it anew after a change that
//! is meant; the reviewer of the change reads the table.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    account::Account,
    case::{CaseCommand, CaseStateKind},
    client::Client,
    decision::Decision,
    grant::Grant,
    policy::Policy,
    referral::Referral,
    rejection::Rejection,
};
use expect_test::expect_file;

use common::{
    casework::{Fixture, own_application},
    caseworker, names,
    office::Office,
    table::{InOffice, Subject, states_and, table},
};

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
        let mut fixture = Fixture::in_state(row).unwrap();
        let first = match command {
            CaseCommand::AnswerComparison => Some(CaseCommand::RequestComparison),
            CaseCommand::Object | CaseCommand::CloseNotice => Some(CaseCommand::PublishNotice),
            _ => None,
        };
        let begins_identification = ["applied", "reopened"].contains(&row);
        if let Some(first) = first.filter(|first| fixture.case().permits(*first) && !begins_identification) {
            fixture.give(first).unwrap();
            fixture.office.wait(20);
        }
        assert_eq!(fixture.state(), row);
        fixture
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
        table::<InOffice<Referral>>(),
        table::<InOffice<Grant>>(),
        table::<InOffice<Account>>(),
        table::<InOffice<Client>>(),
        table::<InOffice<Policy>>(),
        table::<Fixture>(),
    );
    expect_file!["golden/transitions.txt"].assert_eq(&text);
}
