//! The year, day by day: everybody does what is theirs to do, several at once.

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

use super::{
    DemoError,
    plan::{Agenda, Task},
    progress::Progress,
    world::World,
};

/// How many people work at the same time.
const AT_ONCE: usize = 12;

/// What one person after another does about one matter on one day.
struct Errand {
    day: usize,
    tasks: Vec<Task>,
}

/// Lives through the year from where the clock stands. What was done before is found done.
pub fn live(
    world: &World<'_>,
    agenda: &Agenda,
    clock_stands: Instant,
    progress: &Progress,
    put_clock: impl Fn(Instant) -> Result<(), DemoError>,
) -> Result<(), DemoError> {
    let (give, errands) = mpsc::channel::<Errand>();
    let (tell, told) = mpsc::channel();
    let errands = Mutex::new(errands);
    let next = || errands.lock().unwrap_or_else(PoisonError::into_inner).recv();
    let failed = &AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let tell = tell.clone();
            scope.spawn(move || {
                while let Ok(Errand { day, tasks }) = next() {
                    // Once something failed, nothing more is begun; a panic is told like any other failure.
                    let all = || tasks.into_iter().try_for_each(|task| act(world, day, task));
                    let done = if failed.load(Ordering::Acquire) {
                        Ok(())
                    } else {
                        catch_unwind(AssertUnwindSafe(all)).unwrap_or(Err(DemoError::Panicked))
                    };
                    failed.fetch_or(done.is_err(), Ordering::AcqRel);
                    if tell.send(done).is_err() {
                        return;
                    }
                }
            });
        }
        // When it is dropped, everybody goes home.
        let give = give;
        for (number, hour, tasks) in agenda.times() {
            let day = world.plan.calendar.day(number);
            let time = day.start().and_then(|it| it.checked_add_seconds(hour.of_day() * 3_600));
            let time = time.ok_or(DemoError::Unplanned)?;
            if time >= clock_stands {
                put_clock(time)?;
                let errands = errands_of(number, tasks);
                let count = errands.len();
                for errand in errands {
                    give.send(errand).map_err(|_| DemoError::Unplanned)?;
                }
                for _ in 0..count {
                    told.recv().map_err(|_| DemoError::Unplanned)??;
                }
            }
            progress.done(day, tasks.len());
        }
        Ok(())
    })
}

/// The tasks of one time of a day: those of one matter in their order, those of several at once.
fn errands_of(day: usize, tasks: &[Task]) -> Vec<Errand> {
    let mut by_matter: BTreeMap<(bool, usize), Vec<Task>> = BTreeMap::new();
    for task in tasks {
        by_matter.entry(matter(*task)).or_default().push(*task);
    }
    by_matter.into_values().map(|tasks| Errand { day, tasks }).collect()
}

/// To what a task belongs: a household, or something else.
fn matter(task: Task) -> (bool, usize) {
    match task {
        Task::Send(n) | Task::SendAgain(n) | Task::Settle(n) => (false, n),
        Task::Identify(n, _)
        | Task::Compare(n, _)
        | Task::Assess(n, _)
        | Task::Withdraw(n)
        | Task::Reject(n)
        | Task::Submit(n, _)
        | Task::Archive(n)
        | Task::Apply(n, _)
        | Task::Grant(n, _)
        | Task::Correct(n, _)
        | Task::Exit(n)
        | Task::Reopen(n) => (true, n),
        Task::Pay | Task::Answer | Task::Bounce | Task::Read => (false, usize::MAX),
    }
}

fn act(world: &World<'_>, day: usize, task: Task) -> Result<(), DemoError> {
    match task {
        Task::Send(n) => world.send(n).map(|_| ()),
        Task::SendAgain(n) => world.send_again(n),
        Task::Settle(n) => world.settle(n),
        Task::Identify(n, round) => world.identify(n, round),
        Task::Compare(n, round) => world.compare(n, round),
        Task::Assess(n, round) => world.assess(n, round),
        Task::Withdraw(n) => world.withdraw(n),
        Task::Reject(n) => world.reject(n),
        Task::Submit(n, round) => world.submit(n, round),
        Task::Archive(n) => world.archive(n),
        Task::Apply(n, at) => world.apply(n, at),
        Task::Grant(n, at) => world.grant(n, at),
        Task::Correct(n, at) => world.correct(n, at),
        Task::Exit(n) => world.exit(n),
        Task::Reopen(n) => world.reopen(n),
        Task::Pay => world.pay(day),
        Task::Answer => world.answer(day),
        Task::Bounce => world.bounce(day.saturating_sub(3), day),
        Task::Read => world.read(),
    }
}
