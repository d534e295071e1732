//! The year, day by day: people and machines do their tasks, several at once.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use bangfu_domain::time::Instant;

use crate::{
    DemoError,
    city::City,
    plan::{Agenda, Task},
    progress::Progress,
};

/// How many people work at the same time.
const THREADS: usize = 12;

/// The tasks of one household or referral at one time of a day, in their order.
struct Job {
    day: usize,
    tasks: Vec<Task>,
}

/// Runs the year from where the clock stands. What was done before is found done.
pub fn run(
    city: &City<'_>,
    agenda: &Agenda,
    now: Instant,
    progress: &Progress,
    set_clock: impl Fn(Instant) -> Result<(), DemoError>,
) -> Result<(), DemoError> {
    let (jobs, queue) = mpsc::channel::<Job>();
    let (results, finished) = mpsc::channel();
    let queue = Mutex::new(queue);
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
    let failed = &AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            let results = results.clone();
            scope.spawn(move || {
                while let Ok(Job { day, tasks }) = next() {
                    // After a failure nothing more is begun; a panic is a failure like any other.
                    let run = || tasks.into_iter().try_for_each(|task| act(city, day, task));
                    let done = if failed.load(Ordering::Acquire) {
                        Ok(())
                    } else {
                        catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(DemoError::Panicked))
                    };
                    failed.fetch_or(done.is_err(), Ordering::AcqRel);
                    if results.send(done).is_err() {
                        return;
                    }
                }
            });
        }
        // The threads end when it is dropped.
        let jobs = jobs;
        for (number, hour, tasks) in agenda.times() {
            let day = city.plan.calendar.day(number);
            let time = day.start().and_then(|it| it.checked_add_seconds(hour.of_day() * 3_600));
            let time = time.ok_or(DemoError::Unplanned)?;
            if time >= now {
                set_clock(time)?;
                let of_time = jobs_of(number, tasks);
                let count = of_time.len();
                for job in of_time {
                    jobs.send(job).map_err(|_| DemoError::Unplanned)?;
                }
                for _ in 0..count {
                    finished.recv().map_err(|_| DemoError::Unplanned)??;
                }
            }
            progress.done(day, tasks.len());
        }
        Ok(())
    })
}

/// The tasks of one time of a day: those of one subject in their order, those of several at once.
fn jobs_of(day: usize, tasks: &[Task]) -> Vec<Job> {
    let mut by_subject: BTreeMap<(bool, usize), Vec<Task>> = BTreeMap::new();
    for task in tasks {
        by_subject.entry(subject(*task)).or_default().push(*task);
    }
    by_subject.into_values().map(|tasks| Job { day, tasks }).collect()
}

/// The subject of a task: a household or not, and its number.
fn subject(task: Task) -> (bool, usize) {
    match task {
        Task::Send(n) | Task::SendAgain(n) | Task::Settle(n) => (false, n),
        Task::Identify(n, _)
        | Task::Compare(n, _)
        | Task::Assess(n, _)
        | Task::Withdraw(n)
        | Task::Reject(n)
        | Task::Submit(n, _)
        | Task::Enrol(n)
        | Task::Apply(n, _)
        | Task::Grant(n, _)
        | Task::Correct(n, _)
        | Task::Exit(n)
        | Task::Reopen(n) => (true, n),
        Task::Pay | Task::Answer | Task::Bounce | Task::Read => (false, usize::MAX),
    }
}

fn act(city: &City<'_>, day: usize, task: Task) -> Result<(), DemoError> {
    match task {
        Task::Send(n) => city.send(n).map(|_| ()),
        Task::SendAgain(n) => city.send_again(n),
        Task::Settle(n) => city.settle(n),
        Task::Identify(n, round) => city.identify(n, round),
        Task::Compare(n, round) => city.compare(n, round),
        Task::Assess(n, round) => city.assess(n, round),
        Task::Withdraw(n) => city.withdraw(n),
        Task::Reject(n) => city.reject(n),
        Task::Submit(n, round) => city.submit(n, round),
        Task::Enrol(n) => city.enrol(n),
        Task::Apply(n, at) => city.apply(n, at),
        Task::Grant(n, at) => city.grant(n, at),
        Task::Correct(n, at) => city.correct(n, at),
        Task::Exit(n) => city.exit(n),
        Task::Reopen(n) => city.reopen(n),
        Task::Pay => city.pay(day),
        Task::Answer => city.answer(day),
        Task::Bounce => city.bounce(day.saturating_sub(3), day),
        Task::Read => city.read(),
    }
}
