//! How far a demonstration has come: a bar on a terminal, a line a month elsewhere.

use std::{
    io::IsTerminal,
    sync::{Mutex, PoisonError},
};

use bangfu_domain::time::Day;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows how far the year has come, on the standard error.
pub struct Progress {
    bar: ProgressBar,
    month: Mutex<i8>,
    is_plain: bool,
}

impl Progress {
    /// At the beginning of this number of tasks.
    pub fn of(tasks: usize) -> Self {
        let is_plain = !std::io::stderr().is_terminal();
        let length = u64::try_from(tasks).unwrap_or(u64::MAX);
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg} [{bar:40}] {percent:>3}% · {elapsed}");
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, month: Mutex::new(0), is_plain }
    }

    /// A further number of tasks is done, on this day.
    pub fn done(&self, day: Day, tasks: usize) {
        self.bar.inc(u64::try_from(tasks).unwrap_or(0));
        self.bar.set_message(day.to_string());
        let mut month = self.month.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_plain && *month != day.month() {
            *month = day.month();
            self.print(&format!("{}-{:02} …", day.year(), day.month()));
        }
    }

    /// Prints a line.
    #[expect(clippy::print_stderr, reason = "the standard output is the report's")]
    fn print(&self, text: &str) {
        if self.is_plain { eprintln!("{text}") } else { self.bar.println(text) }
    }

    /// The end.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
