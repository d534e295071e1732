//! Tables of what each state answers to each command.

use std::fmt::Write;

use bangfu_domain::{
    aggregate::InState,
    codes::Code,
    decision::Decision,
    rejection::{Cause, Rejection},
};

use super::{names, office::Office};

/// A stream with all that is around it, whose answers to commands are a table.
pub trait StateMachine: Sized {
    /// The commands on an existing one.
    type Command: Code;

    /// The command that makes one.
    const BEGINNING: &'static str;

    /// What the table has rows for: every state, and perhaps a state in other circumstances; see [`states_and`].
    fn rows() -> Vec<&'static str>;

    /// What the first command comes to: the names of the events and the state.
    fn begin() -> (Vec<&'static str>, &'static str);

    /// One as a row names it, and what the command needs beside it, where that can be had.
    fn for_command(row: &str, command: Self::Command) -> Self;

    /// Gives a command, and keeps what it decides.
    fn give(&mut self, command: Self::Command) -> Result<Decision, Rejection>;

    /// Whether the state permits the command.
    fn permits(&self, command: Self::Command) -> bool;

    /// The state that it is in now.
    fn state(&self) -> &'static str;
}

/// Every state, and each of `others` below the state that it is a case of.
pub fn states_and<S: Code>(others: &[(S, &'static str)]) -> Vec<&'static str> {
    let below = |state: S| others.iter().filter(move |(of, _)| *of == state).map(|(_, row)| *row);
    S::ALL.iter().flat_map(|state| std::iter::once(state.code()).chain(below(*state))).collect()
}

/// A stream that its own commands bring to each state, and an office.
pub struct Standalone<T> {
    pub office: Office,
    pub state: T,
}

/// A stream that its own commands alone bring from the beginning to each state.
pub trait StandaloneStream: InState + Clone {
    type Command: Code;
    const BEGINNING: &'static str;

    /// The states that it can be in.
    fn states() -> Vec<&'static str>;

    fn begin(office: &mut Office) -> Decision;

    /// The commands that lead to a state.
    fn way_to(state: &str) -> &'static [Self::Command];

    fn decide(&self, office: &mut Office, command: Self::Command) -> Result<Decision, Rejection>;

    fn permits_it(&self, command: Self::Command) -> bool;

    fn state_code(&self) -> &'static str;
}

impl<T: StandaloneStream> Standalone<T> {
    fn begun() -> (Self, Decision) {
        let mut office = Office::new();
        let decision = T::begin(&mut office);
        office.keep(&decision).unwrap();
        let (stream, _) = decision.events.first().unwrap();
        (Self { state: office.state(*stream), office }, decision)
    }
}

impl<T: StandaloneStream> StateMachine for Standalone<T> {
    type Command = T::Command;

    const BEGINNING: &'static str = T::BEGINNING;

    fn rows() -> Vec<&'static str> {
        T::states()
    }

    fn begin() -> (Vec<&'static str>, &'static str) {
        let (fixture, decision) = Self::begun();
        (names(&decision), fixture.state())
    }

    fn for_command(row: &str, _: T::Command) -> Self {
        let (mut fixture, _) = Self::begun();
        for command in T::way_to(row) {
            fixture.give(*command).unwrap();
        }
        assert_eq!(fixture.state(), row);
        fixture
    }

    fn give(&mut self, command: T::Command) -> Result<Decision, Rejection> {
        let decision = self.state.decide(&mut self.office, command)?;
        self.office.keep(&decision).unwrap();
        self.state = self.office.state(self.state.stream());
        Ok(decision)
    }

    fn permits(&self, command: T::Command) -> bool {
        self.state.permits_it(command)
    }

    fn state(&self) -> &'static str {
        self.state.state_code()
    }
}

fn ran((events, state): (Vec<&'static str>, &'static str)) -> String {
    format!("{} → {state}", events.join(", "))
}

/// Only the cause `wrong_state` says that the state does not permit the command; every other refusal lies in the
/// circumstances.
fn answer<S: StateMachine>(row: &str, command: S::Command) -> String {
    let mut machine = S::for_command(row, command);
    let permitted = machine.permits(command);
    let (permits, answer) = match machine.give(command) {
        Ok(decision) => (true, ran((names(&decision), machine.state()))),
        Err(rejection) => (rejection.cause != Cause::WrongState, format!("refused: {}", rejection.cause.code())),
    };
    assert_eq!(permitted, permits, "{row} {}", command.code());
    answer
}

/// A heading and the rows of one kind of stream: each command in each state.
pub fn table<S: StateMachine>(heading: &str) -> String {
    let states: Vec<_> = std::iter::once("none").chain(S::rows()).collect();
    let commands: Vec<_> = S::Command::ALL.iter().map(|command| command.code()).collect();
    let wide = |words: &[&str], least: usize| words.iter().map(|word| word.len()).max().unwrap_or(0).max(least);
    let wide_state = wide(&states, 11);
    let wide_command = wide(&commands, 12).max(S::BEGINNING.len());
    let mut rows = format!("{heading}\n\n{:<wide_state$} {:<wide_command$} outcome\n", "state", "command");
    for (nth, state) in states.iter().enumerate() {
        let beginning = if nth == 0 { ran(S::begin()) } else { "· there already".to_owned() };
        let answers = S::Command::ALL.iter().map(|command| match nth {
            0 => (command.code(), "· nothing there yet".to_owned()),
            _ => (command.code(), answer::<S>(state, *command)),
        });
        rows.push('\n');
        for (command, outcome) in std::iter::once((S::BEGINNING, beginning)).chain(answers) {
            writeln!(rows, "{state:<wide_state$} {command:<wide_command$} {outcome}").unwrap();
        }
    }
    rows
}
