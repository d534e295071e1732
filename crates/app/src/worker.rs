//! Background work. Every server runs every job; a lease in the database lets one server at a time do each of them. A
//! job writes its progress, so that the next server continues from there; it acts at least once.
//!
//! Sealing has no lease: each server seals what it committed at once, and concurrent servers wait for the sealer's row.

use std::{sync::Arc, time::Duration};

use bangfu_persistence::{JobProgress, StoreError};

use crate::Services;

/// How long the sealer waits after a commit, so that it seals several units of work together.
const SEAL_GATHER: Duration = Duration::from_millis(100);
/// How often the sealer looks for units of work that another server committed.
const SEAL_INTERVAL: Duration = Duration::from_secs(1);
/// How often the other jobs look whether something is due.
const INTERVAL: Duration = Duration::from_mins(1);
/// How many units of work one step verifies.
const UNITS_PER_STEP: u16 = 200;
/// How many rows one step deletes.
const ROWS_PER_STEP: i64 = 200;

/// A piece of background work under a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Follows the sealed positions and verifies hashes, chains and seals.
    VerifyJournal,
    /// Once a day, deletes expired answers of idempotency keys.
    PurgeAnswers,
    /// Once a day, deletes ended sessions that no valid token can name any more.
    PurgeSessions,
    /// Once a day, deletes blobs that nobody can read.
    CollectBlobs,
}

/// When a job is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Schedule {
    /// As soon as there are sealed positions that it has not followed.
    Positions,
    /// Once a day. Never in a demonstration: its clock runs ahead of its clients, who may still repeat requests.
    Daily,
}

/// The result of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Everything due is done.
    Done,
    HeldElsewhere,
}

/// The result of one step.
struct Step {
    reached: JobProgress,
    /// Whether more may be due.
    more: bool,
    deleted: usize,
}

impl Job {
    /// Every job.
    pub const ALL: [Job; 4] = [Job::VerifyJournal, Job::PurgeAnswers, Job::PurgeSessions, Job::CollectBlobs];

    /// The name under which the database keeps its progress.
    pub const fn name(self) -> &'static str {
        match self {
            Job::VerifyJournal => "verify_journal",
            Job::PurgeAnswers => "purge_answers",
            Job::PurgeSessions => "purge_sessions",
            Job::CollectBlobs => "collect_blobs",
        }
    }

    const fn schedule(self) -> Schedule {
        match self {
            Job::VerifyJournal => Schedule::Positions,
            Job::PurgeAnswers | Job::PurgeSessions | Job::CollectBlobs => Schedule::Daily,
        }
    }
}

/// Runs the jobs of one server.
#[derive(Clone)]
pub struct Worker {
    services: Arc<Services>,
}

impl Worker {
    /// A worker on these services.
    pub fn new(services: Arc<Services>) -> Self {
        Self { services }
    }

    /// Runs every job, for as long as the future is polled.
    pub async fn run(self) {
        let [verify, answers, sessions, collect] = Job::ALL.map(|job| self.repeat(job));
        tokio::join!(self.seal(), verify, answers, sessions, collect);
    }

    /// Gives committed units of work their positions.
    async fn seal(&self) {
        let store = &self.services.store;
        loop {
            store.wait_for_commit(SEAL_INTERVAL).await;
            tokio::time::sleep(SEAL_GATHER).await;
            if let Err(error) = store.seal().await {
                tracing::warn!(error = error.log(), "sealing is delayed");
            }
        }
    }

    async fn repeat(&self, job: Job) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            match self.turn(job).await {
                Ok(Turn::Done | Turn::HeldElsewhere) => {}
                Err(error) if error.is_damage() => {
                    tracing::error!(job = job.name(), error = error.log(), "the record is damaged");
                }
                Err(error) => {
                    tracing::warn!(job = job.name(), error = error.log(), "background work failed");
                }
            }
        }
    }

    /// Does all that is due of a job, and logs how much it deleted.
    pub async fn turn(&self, job: Job) -> Result<Turn, StoreError> {
        // A server without a place of blobs leaves the job to those that have one.
        if job == Job::CollectBlobs && self.services.store.blobs().is_err() {
            return Ok(Turn::Done);
        }
        let mut deleted = 0;
        let turn = self.steps(job, &mut deleted).await;
        if deleted > 0 {
            tracing::info!(job = job.name(), deleted, "deleted what is not kept any longer");
        }
        turn
    }

    async fn steps(&self, job: Job, deleted: &mut usize) -> Result<Turn, StoreError> {
        let store = &self.services.store;
        let Some(mut progress) = store.lease_job(job.name()).await? else {
            return Ok(Turn::HeldElsewhere);
        };
        loop {
            let step = match self.step(job, progress).await {
                Ok(step) => step,
                Err(error) => {
                    // If the failure cannot be counted either, the lease runs out. The first error is returned.
                    let _ = store.fail_job(job.name()).await;
                    return Err(error);
                }
            };
            *deleted += step.deleted;
            if !store.advance_job(job.name(), step.reached).await? {
                return Ok(Turn::HeldElsewhere);
            }
            if !step.more {
                store.release_job(job.name()).await?;
                return Ok(Turn::Done);
            }
            progress = step.reached;
        }
    }

    async fn step(&self, job: Job, progress: JobProgress) -> Result<Step, StoreError> {
        let store = &self.services.store;
        let today = store.now()?.day();
        match job.schedule() {
            Schedule::Daily if progress.day == Some(today) || store.demo().is_some() => {
                return Ok(Step { reached: progress, more: false, deleted: 0 });
            }
            Schedule::Daily | Schedule::Positions => {}
        }
        let done_today = JobProgress { position: 0, day: Some(today) };
        let purged = |deleted| {
            let more = deleted > 0;
            Step { reached: if more { progress } else { done_today }, more, deleted }
        };
        match job {
            Job::VerifyJournal => {
                let position = store.verify(progress.position, UNITS_PER_STEP).await?;
                let more = position >= progress.position + i64::from(UNITS_PER_STEP);
                Ok(Step { reached: JobProgress { position, ..progress }, more, deleted: 0 })
            }
            Job::PurgeAnswers => Ok(purged(store.purge_answers(ROWS_PER_STEP).await?)),
            Job::PurgeSessions => Ok(purged(store.purge_sessions(ROWS_PER_STEP).await?)),
            Job::CollectBlobs => {
                // The position is the number of parts that are done with today.
                let part = u8::try_from(progress.position).map_err(|_| StoreError::Damaged {
                    table: "jobs",
                    column: "position",
                    row: job.name().to_owned(),
                })?;
                let deleted = store.collect_blobs(part).await?;
                let next = part.checked_add(1).map(|next| JobProgress { position: next.into(), ..progress });
                Ok(Step { reached: next.unwrap_or(done_today), more: next.is_some(), deleted })
            }
        }
    }
}
