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
    codes::Code,
    grant::{Candidate, Grant, GrantCommand, GrantState, NewGrant},
    name::PersonName,
    person::Person,
    policy::{Policy, PolicyCommand, PolicyState},
    referral::{Accept, DeclineReason, Destination, Referral, ReferralCommand},
    role::Role,
    source::SourceKind,
};
use expect_test::expect_file;

use common::{
    casework::{CASE_STATES, Fixture, own_application},
    caseworker, district, documents, names, new_referral,
    office::Office,
    person,
    policy::sample,
    signed_in, source, street,
    table::{Cell, table},
    text, today,
};

const REFERRAL_STATES: [&str; 5] = ["none", "received", "accepted", "declined", "withdrawn"];
const REFERRAL_COMMANDS: [&str; 5] = ["receive", "accept", "decline", "withdraw", "acknowledge"];
const ACCOUNT_STATES: [&str; 3] = ["none", "open", "closed"];
const ACCOUNT_COMMANDS: [&str; 4] = ["open", "change_password", "reset_password", "close"];
const CLIENT_STATES: [&str; 3] = ["none", "open", "closed"];
const CLIENT_COMMANDS: [&str; 3] = ["register", "rotate_secret", "close"];
const GRANT_STATES: [&str; 5] = ["none", "proposed", "in_force", "refused", "ended"];
const GRANT_COMMANDS: [&str; 4] = ["propose", "approve", "refuse", "end"];
const POLICY_STATES: [&str; 5] = ["none", "draft", "proved", "approved", "discarded"];
const POLICY_COMMANDS: [&str; 4] = ["draft", "prove", "approve", "discard"];

fn case_commands() -> Vec<&'static str> {
    std::iter::once("apply").chain(CaseCommand::ALL.iter().map(|it| it.code())).collect()
}

fn run_referral(office: &mut Office, referral: &Referral, command: &str) -> Cell {
    let outcome = match command {
        "receive" => return Cell::Once,
        "accept" => {
            let accept = Accept {
                documents: documents(),
                known_patient: None,
                known_worker: None,
                held_by: Vec::new(),
                destination: Destination::NewCase(&street()),
            };
            referral.accept(&mut office.ctx(caseworker()), accept).map(|(_, decision)| decision)
        }
        "decline" => {
            let concerned = [person(10), person(11)];
            referral.decline(&office.ctx(caseworker()), &concerned, DeclineReason::Unreachable)
        }
        "withdraw" => referral.withdraw(),
        "acknowledge" => {
            let current = office.version(referral.id);
            referral.acknowledge(current, current)
        }
        _ => panic!("no command {command}"),
    };
    Cell::ran(office, outcome, |office| office.referral(referral.id).state.code())
}

/// A referral in the state, or none.
fn referral_in(office: &mut Office, state: &str) -> Option<Referral> {
    let command = match state {
        "none" => return None,
        "received" => None,
        "accepted" => Some("accept"),
        "declined" => Some("decline"),
        "withdrawn" => Some("withdraw"),
        _ => panic!("no state {state}"),
    };
    let received = office.receive(&new_referral(80, documents()));
    if let Some(command) = command {
        run_referral(office, &received, command);
    }
    let referral = office.referral(received.id);
    assert_eq!(referral.state.code(), state);
    Some(referral)
}

fn referral_cell(state: &str, command: &str) -> Cell {
    let mut office = Office::new();
    if let Some(referral) = referral_in(&mut office, state) {
        let cell = run_referral(&mut office, &referral, command);
        let permitted = command.parse().is_ok_and(|it| referral.permits(it));
        assert_eq!(permitted, cell.is_permitted(), "{state} {command}");
        return cell;
    }
    if command != "receive" {
        return Cell::Nothing;
    }
    let (hospital, new) = (source(SourceKind::Hospital), new_referral(80, documents()));
    let received = Referral::receive(&mut office.ctx(Actor::System), &hospital, &new);
    Cell::ran(&mut office, received, |office| office.referral(new.referral).state.code())
}

/// 92 is to become a caseworker. 90 proposes it, and 91 is the second administrator.
fn propose(office: &mut Office) -> (Grant, Cell) {
    let new = NewGrant {
        candidate: Candidate::Person(person(92)),
        role: Role::Caseworker,
        organization: district().id,
        from: today(),
        to: None,
    };
    let (id, decision) = Grant::propose(&mut office.ctx(signed_in(90)), new, &[]).unwrap();
    let cell = Cell::ran(office, Ok(decision), |office| office.grant(id).state.code());
    (office.grant(id), cell)
}

fn run_grant(office: &mut Office, grant: &Grant, command: &str) -> Cell {
    let ctx = office.ctx(signed_in(91));
    let outcome = match command {
        "propose" => return Cell::Once,
        "approve" => grant.approve(&ctx, &[]),
        "refuse" => grant.refuse(&ctx),
        "end" => grant.end(&ctx, None),
        _ => panic!("no command {command}"),
    };
    Cell::ran(office, outcome, |office| office.grant(grant.id).state.code())
}

/// A grant in the state, or none.
fn grant_in(office: &mut Office, state: &str) -> Option<Grant> {
    let commands: &[&str] = match state {
        "none" => return None,
        "proposed" => &[],
        "in_force" => &["approve"],
        "refused" => &["refuse"],
        "ended" => &["approve", "end"],
        _ => panic!("no state {state}"),
    };
    let (mut grant, _) = propose(office);
    for command in commands {
        run_grant(office, &grant, command);
        grant = office.grant(grant.id);
    }
    assert_eq!(grant.state.code(), state);
    Some(grant)
}

fn grant_cell(state: &str, command: &str) -> Cell {
    let mut office = Office::new();
    match grant_in(&mut office, state) {
        Some(grant) => {
            let cell = run_grant(&mut office, &grant, command);
            let permitted = command.parse().is_ok_and(|it| grant.permits(it));
            assert_eq!(permitted, cell.is_permitted(), "{state} {command}");
            cell
        }
        None if command == "propose" => propose(&mut office).1,
        None => Cell::Nothing,
    }
}

/// 90 writes a policy, and 91 is the second person.
fn draft(office: &mut Office) -> (Policy, Cell) {
    let sample = sample();
    let drafted = Policy::draft(&mut office.ctx(signed_in(90)), sample.document, sample.examples);
    let (id, decision) = drafted.unwrap();
    let cell = Cell::ran(office, Ok(decision), |office| office.policy(id).state.code());
    (office.policy(id), cell)
}

fn run_policy(office: &mut Office, policy: &Policy, command: &str) -> Cell {
    let ctx = office.ctx(signed_in(91));
    let outcome = match command {
        "draft" => return Cell::Once,
        "prove" => policy.prove(&ctx),
        "approve" => policy.approve(&ctx, today(), &[]),
        "discard" => policy.discard(&ctx),
        _ => panic!("no command {command}"),
    };
    Cell::ran(office, outcome, |office| office.policy(policy.id).state.code())
}

/// A policy in the state, or none.
fn policy_in(office: &mut Office, state: &str) -> Option<Policy> {
    let commands: &[&str] = match state {
        "none" => return None,
        "draft" => &[],
        "proved" => &["prove"],
        "approved" => &["prove", "approve"],
        "discarded" => &["discard"],
        _ => panic!("no state {state}"),
    };
    let (mut policy, _) = draft(office);
    for command in commands {
        run_policy(office, &policy, command);
        policy = office.policy(policy.id);
    }
    assert_eq!(policy.state.code(), state);
    Some(policy)
}

fn policy_cell(state: &str, command: &str) -> Cell {
    let mut office = Office::new();
    match policy_in(&mut office, state) {
        Some(policy) => {
            let cell = run_policy(&mut office, &policy, command);
            let permitted = command.parse().is_ok_and(|it| policy.permits(it));
            assert_eq!(permitted, cell.is_permitted(), "{state} {command}");
            cell
        }
        None if command == "draft" => draft(&mut office).1,
        None => Cell::Nothing,
    }
}

/// A case in the state, or none, and what the command needs beside it, where it can be had: a comparison
/// to answer, a notice to object to or to close.
fn case_for(state: &str, command: &str) -> Option<Fixture> {
    let mut desk = Fixture::in_state(state)?;
    let first = match command {
        "answer_comparison" => Some("request_comparison"),
        "object" | "close_notice" => Some("publish_notice"),
        _ => None,
    };
    let begins_identification = ["applied", "reopened"].contains(&state);
    if let Some(first) = first.filter(|first| desk.case().permits(first.parse().unwrap()) && !begins_identification) {
        desk.run(first).unwrap();
        desk.office.wait(20);
    }
    assert_eq!(desk.state(), state);
    Some(desk)
}

fn case_cell(state: &str, command: &str) -> Cell {
    let Some(mut desk) = case_for(state, command) else {
        if command != "apply" {
            return Cell::Nothing;
        }
        let mut office = Office::new();
        let (id, decision) = own_application(&mut office, caseworker()).unwrap();
        return Cell::Ran(Ok((names(&decision), office.case(id).state.code())));
    };
    if command == "apply" {
        return Cell::Once;
    }
    let before = desk.case();
    let outcome = desk.run(command);
    let outcome = outcome.map(|decision| (names(&decision), desk.state()));
    let cell = Cell::Ran(outcome.map_err(|rejection| rejection.cause));
    assert_eq!(before.permits(command.parse().unwrap()), cell.is_permitted(), "{state} {command}");
    cell
}

/// The account of 92, opened by 90.
fn open_account(office: &mut Office) -> (Account, Cell) {
    let holder = Person { id: person(92), staff: true };
    let name = PersonName::parse("王芳").unwrap();
    let opened = Account::open(&mut office.ctx(signed_in(90)), &holder, false, name);
    let (id, decision) = opened.unwrap();
    let cell = Cell::ran(office, Ok(decision), |office| office.account(id).state.code());
    (office.account(id), cell)
}

fn run_account(office: &mut Office, account: &Account, command: &str) -> Cell {
    let outcome = match command {
        "open" => return Cell::Once,
        "change_password" => account.change_password(&office.ctx(signed_in(92))),
        "reset_password" => account.reset_password(&office.ctx(signed_in(90))),
        "close" => account.close(&office.ctx(signed_in(90)), None),
        _ => panic!("no command {command}"),
    };
    Cell::ran(office, outcome, |office| office.account(account.id).state.code())
}

fn account_cell(state: &str, command: &str) -> Cell {
    let mut office = Office::new();
    if state == "none" {
        return if command == "open" { open_account(&mut office).1 } else { Cell::Nothing };
    }
    let (mut account, _) = open_account(&mut office);
    if state == "closed" {
        run_account(&mut office, &account, "close");
        account = office.account(account.id);
    }
    let cell = run_account(&mut office, &account, command);
    let permitted = command.parse().is_ok_and(|it| account.permits(it));
    assert_eq!(permitted, cell.is_permitted(), "{state} {command}");
    cell
}

fn register_client(office: &mut Office) -> (Client, Cell) {
    let (id, decision) = Client::register(&mut office.ctx(signed_in(90)), text("HIS"), None);
    let cell = Cell::ran(office, Ok(decision), |office| office.client(id).state.code());
    (office.client(id), cell)
}

fn run_client(office: &mut Office, client: &Client, command: &str) -> Cell {
    let outcome = match command {
        "register" => return Cell::Once,
        "rotate_secret" => client.rotate_secret(&office.ctx(signed_in(90))),
        "close" => client.close(&office.ctx(signed_in(90))),
        _ => panic!("no command {command}"),
    };
    Cell::ran(office, outcome, |office| office.client(client.id).state.code())
}

fn client_cell(state: &str, command: &str) -> Cell {
    let mut office = Office::new();
    if state == "none" {
        return if command == "register" { register_client(&mut office).1 } else { Cell::Nothing };
    }
    let (mut client, _) = register_client(&mut office);
    if state == "closed" {
        run_client(&mut office, &client, "close");
        client = office.client(client.id);
    }
    let cell = run_client(&mut office, &client, command);
    let permitted = command.parse().is_ok_and(|it| client.permits(it));
    assert_eq!(permitted, cell.is_permitted(), "{state} {command}");
    cell
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
        table(&REFERRAL_STATES, &REFERRAL_COMMANDS, referral_cell),
        table(&GRANT_STATES, &GRANT_COMMANDS, grant_cell),
        table(&ACCOUNT_STATES, &ACCOUNT_COMMANDS, account_cell),
        table(&CLIENT_STATES, &CLIENT_COMMANDS, client_cell),
        table(&POLICY_STATES, &POLICY_COMMANDS, policy_cell),
        table(&CASE_STATES, &case_commands(), case_cell),
    );
    expect_file!["golden/transitions.txt"].assert_eq(&text);
}

/// Whether a table's columns are the command that begins the stream, and every command of the enumeration.
fn begins_with<C: Code>(columns: &[&str], first: &str) -> bool {
    let rest = C::ALL.iter().map(|command| command.code());
    std::iter::once(first).chain(rest).eq(columns.iter().copied())
}

#[test]
fn the_tables_have_every_state_and_command() {
    assert!(begins_with::<ReferralCommand>(&REFERRAL_COMMANDS, "receive"));
    assert!(begins_with::<GrantCommand>(&GRANT_COMMANDS, "propose"));
    assert!(begins_with::<PolicyCommand>(&POLICY_COMMANDS, "draft"));
    assert!(begins_with::<AccountCommand>(&ACCOUNT_COMMANDS, "open"));
    assert!(begins_with::<ClientCommand>(&CLIENT_COMMANDS, "register"));
    let account_states = AccountState::ALL.iter().map(|state| state.code());
    assert!(account_states.eq(ACCOUNT_STATES.into_iter().skip(1)));
    let client_states = ClientState::ALL.iter().map(|state| state.code());
    assert!(client_states.eq(CLIENT_STATES.into_iter().skip(1)));
    let policy_states = PolicyState::ALL.iter().map(|state| state.code());
    assert!(policy_states.eq(POLICY_STATES.into_iter().skip(1)));
    let grant_states = GrantState::ALL.iter().map(|state| state.code());
    assert!(grant_states.eq(GRANT_STATES.into_iter().skip(1)));
    let case_states = CASE_STATES.into_iter().skip(1).filter(|state| *state != "reviewed");
    assert!(case_states.eq(CaseStateKind::ALL.iter().map(|state| state.code())));
}
