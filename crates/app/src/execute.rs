//! Execution of use cases: in one unit of work, and only once for repeated requests.

use std::sync::Arc;

use bangfu_domain::decision::Decision;
use bangfu_persistence::{
    KeyClaim, ReadTransaction, SealedBlob, Staged, StoreError, StoredAnswer, WorkError, WriteTransaction,
};

use crate::{
    Names, Precondition, ReadContext, Refusal, RequestContext, Services, UnitOfWork,
    identity::{Caller, Verified},
};

/// The result of work within a unit of work.
pub type UseCaseResult<T> = Result<T, WorkError<Refusal>>;

/// The outcome of a request with a key.
pub enum Executed<A> {
    /// It was executed now.
    Now(A),
    /// It was executed before, and this was the answer.
    Replayed(A),
}

/// An answer in the format of the transport.
pub trait Presented: Sized + Send + 'static {
    /// What is stored of it under the request's key: a secret is shown once.
    fn stored(&self) -> StoredAnswer;

    /// The answer of an earlier request, with the names of members of staff again, which are not stored.
    fn replayed(stored: &StoredAnswer, names: &mut Names) -> Result<Self, StoreError>;
}

impl Services {
    /// Reads one moment of the database, with the caller's powers of that moment.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        who: Verified,
        read: impl FnOnce(&mut ReadContext<'_, '_>) -> UseCaseResult<T> + Send + 'static,
    ) -> UseCaseResult<T> {
        let services = Arc::clone(self);
        let read = move |tx: &mut ReadTransaction<'_>| {
            let caller = Caller::load(tx, who)?.ok_or(Refusal::Unauthenticated)?;
            read(&mut ReadContext { tx, caller: &caller, services: &services })
        };
        self.store.read(read).await
    }

    /// Checks a request before its content is received. A request whose key is used is not checked: it has to get its
    /// answer again, whatever has become of what it changed.
    pub async fn check_first(
        self: &Arc<Self>,
        who: Verified,
        key: Option<String>,
        check: impl FnOnce(&mut ReadContext<'_, '_>) -> UseCaseResult<()> + Send + 'static,
    ) -> UseCaseResult<()> {
        let subject = who.subject.to_string();
        let check = move |ctx: &mut ReadContext<'_, '_>| match key {
            Some(key) if ctx.tx.is_key_used(&subject, &key)? => Ok(()),
            Some(_) | None => check(ctx),
        };
        self.read(who, check).await
    }

    /// Executes a use case for a caller that wants its typed output, and stores no answer: the opening of personal
    /// values, a job, a transport without keys.
    pub async fn perform<T: Send + 'static>(
        self: &Arc<Self>,
        request: RequestContext,
        use_case: impl Fn(&mut UnitOfWork<'_, '_>) -> UseCaseResult<(Staged, T)> + Send + 'static,
    ) -> UseCaseResult<T> {
        let services = Arc::clone(self);
        let work = move |tx: &mut WriteTransaction<'_>| {
            let caller = Caller::load(tx, request.who)?.ok_or(Refusal::Unauthenticated)?;
            let (caller, services) = (&caller, &*services);
            let precondition = Precondition::new(request.expected.clone());
            let done = use_case(&mut UnitOfWork { tx, caller, services, precondition: &precondition })?;
            precondition.require_compared()?;
            Ok(done)
        };
        refused(self.store.write(work).await)
    }

    /// Executes a use case only once, however often its request is repeated. `present` renders the answer in the format
    /// of the transport, within the unit of work. An answer that names staff is rendered once more, since what is
    /// stored names nobody.
    pub async fn execute<T, A: Presented>(
        self: &Arc<Self>,
        request: RequestContext,
        use_case: impl Fn(&mut UnitOfWork<'_, '_>) -> UseCaseResult<(Staged, T)> + Send + 'static,
        present: impl Fn(&T, &mut Names) -> Result<A, StoreError> + Send + 'static,
    ) -> UseCaseResult<Executed<A>> {
        let services = Arc::clone(self);
        let work = move |tx: &mut WriteTransaction<'_>| {
            let RequestContext { who, expected, key } = &request;
            let caller = Caller::load(tx, *who)?.ok_or(Refusal::Unauthenticated)?;
            let subject = who.subject.to_string();
            let claimed = match key {
                None => None,
                Some(key) => {
                    let powers = caller.powers();
                    match tx.claim_key(&subject, &key.key, &key.fingerprint, &powers)? {
                        KeyClaim::Fresh(claimed) => Some(claimed),
                        // An answer that was given under grants that ended since is not shown again.
                        KeyClaim::Replay(_, powers) if !caller.still_has(&powers) => {
                            return Err(Refusal::Forbidden.into());
                        }
                        KeyClaim::Replay(answer, _) => {
                            let nothing = tx.stage(caller.actor, Decision::default())?;
                            let mut names = Names::for_caller(&caller);
                            let again = names.render(tx, None, |names| A::replayed(&answer, names))?;
                            return Ok((nothing, Executed::Replayed(again)));
                        }
                        KeyClaim::OtherRequest => return Err(Refusal::KeyReused.into()),
                        KeyClaim::InProgress => return Err(Refusal::InProgress.into()),
                    }
                }
            };
            let (caller, services, precondition) = (&caller, &*services, &Precondition::new(expected.clone()));
            let (staged, output) = use_case(&mut UnitOfWork { tx, caller, services, precondition })?;
            precondition.require_compared()?;
            let mut names = Names::for_caller(caller);
            let answer = names.render(tx, Some(&staged), |names| present(&output, names))?;
            let staged = match claimed {
                Some(claimed) if names.name_staff() => {
                    staged.with_answer(claimed, present(&output, &mut names.for_store())?.stored())
                }
                Some(claimed) => staged.with_answer(claimed, answer.stored()),
                None => staged,
            };
            Ok((staged, Executed::Now(answer)))
        };
        refused(self.store.write(work).await)
    }
}

impl Services {
    /// Executes a use case that records a file which was received. A file that is not recorded in the end is deleted.
    pub async fn execute_with_file<T, A: Presented>(
        self: &Arc<Self>,
        request: RequestContext,
        file: SealedBlob,
        use_case: impl Fn(&mut UnitOfWork<'_, '_>, &SealedBlob) -> UseCaseResult<(Staged, T)> + Send + 'static,
        present: impl Fn(&T, &mut Names) -> Result<A, StoreError> + Send + 'static,
    ) -> UseCaseResult<Executed<A>> {
        let received = file.clone();
        let executed = self.execute(request, move |work| use_case(work, &file), present).await;
        // After a failure of the store it is not certain that nothing was committed.
        if matches!(executed, Ok(Executed::Replayed(_)) | Err(WorkError::Refused(_))) {
            self.store.discard_blob(&received).await;
        }
        executed
    }
}

/// What was done, with what a guard of the database found told as a refusal.
fn refused<T>(done: UseCaseResult<T>) -> UseCaseResult<T> {
    done.map_err(|error| match error {
        WorkError::Failed(StoreError::Duplicate(guard)) => match Refusal::of(&guard) {
            Some(refusal) => refusal.into(),
            None => StoreError::Duplicate(guard).into(),
        },
        WorkError::Refused(_) | WorkError::Failed(_) => error,
    })
}
