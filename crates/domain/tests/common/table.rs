//! Tables of what each state answers to each command.

use std::fmt::Write;

use bangfu_domain::{
    decision::Decision,
    rejection::{Cause, Rejection},
};

use super::{names, office::Office};

/// What a command came to.
pub enum Cell {
    /// There is nothing yet to which the command could go.
    Nothing,
    /// The command makes the thing, and it is there already.
    Once,
    /// The command was run: the events and the state after them, or the cause of the refusal.
    Ran(Result<(Vec<&'static str>, &'static str), Cause>),
}

impl Cell {
    /// Keeps what was decided; `after` reads the state that its events lead to.
    pub fn ran(
        office: &mut Office,
        outcome: Result<Decision, Rejection>,
        after: impl Fn(&Office) -> &'static str,
    ) -> Cell {
        Cell::Ran(outcome.map_err(|rejection| rejection.cause).map(|decision| {
            office.keep(&decision).unwrap();
            (names(&decision), after(office))
        }))
    }

    fn text(&self) -> String {
        match self {
            Cell::Nothing => "· nothing there yet".to_owned(),
            Cell::Once => "· there already".to_owned(),
            Cell::Ran(Ok((events, state))) => format!("{} → {state}", events.join(", ")),
            Cell::Ran(Err(cause)) => format!("refused: {}", cause.code()),
        }
    }

    /// Whether a state that answers like this permits the command. Only the cause `wrong_state`
    /// says that it does not; every other refusal lies in the circumstances.
    pub fn is_permitted(&self) -> bool {
        matches!(self, Cell::Ran(outcome) if *outcome != Err(Cause::WrongState))
    }
}

/// The rows of one kind of thing.
pub fn table(states: &[&str], commands: &[&str], cell: impl Fn(&str, &str) -> Cell) -> String {
    let wide = |words: &[&str], least: usize| words.iter().map(|word| word.len()).max().unwrap_or(0).max(least);
    let (wide_state, wide_command) = (wide(states, 11), wide(commands, 12));
    let mut rows = format!("{:<wide_state$} {:<wide_command$} outcome\n", "state", "command");
    for state in states {
        rows.push('\n');
        for command in commands {
            let outcome = cell(state, command).text();
            writeln!(rows, "{state:<wide_state$} {command:<wide_command$} {outcome}").unwrap();
        }
    }
    rows
}
