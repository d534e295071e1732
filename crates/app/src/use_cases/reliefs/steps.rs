//! The steps of a relief. Each is one command of the domain, given by a person who has read the relief as it stands.

use bangfu_domain::{
    case::Words,
    fund::Fund,
    hardship::AidType,
    ids::{FundId, ReliefId},
    invalid::Invalid,
    organization::Organization,
    relief::{Approval, Relief, ReliefCommand, ReliefRejectReason, SelfPaid, Standing},
    role::Role,
    vault::Group,
};
use bangfu_persistence::{Staged, StoreError};
use serde::de::DeserializeOwned;

use super::{Detailed, LockedRelief};
use crate::{
    Refusal, UnitOfWork, UseCase, Worked,
    unit_of_work::missing,
    use_cases::cases::{Deciding, division_of, highest_level, in_force, policy_for},
};

type Done = Worked<(Staged, Detailed)>;

/// Submits a relief for review.
pub struct SubmitRelief(pub ReliefId);

impl UseCase for SubmitRelief {
    type Output = Detailed;

    const NAME: &'static str = "relief.submit";

    fn run(&self, work: &mut UnitOfWork<'_, '_>) -> Done {
        let it = LockedRelief::take(work, self.0, ReliefCommand::Submit)?;
        let outcome = it.relief.value.submit(&work.context(), &it.case);
        it.conclude(work, outcome)
    }
}

/// Takes a relief back before it is reviewed.
pub struct RecallRelief(pub ReliefId);

impl UseCase for RecallRelief {
    type Output = Detailed;

    const NAME: &'static str = "relief.recall";

    fn run(&self, work: &mut UnitOfWork<'_, '_>) -> Done {
        let it = LockedRelief::take(work, self.0, ReliefCommand::Recall)?;
        let outcome = it.relief.value.recall(&work.context(), &it.case);
        it.conclude(work, outcome)
    }
}

/// Returns a relief for supplement.
pub struct ReturnRelief {
    /// The relief.
    pub relief: ReliefId,
    /// What is missing or wrong.
    pub words: Words,
}

impl UseCase for ReturnRelief {
    type Output = Detailed;

    const NAME: &'static str = "relief.return";

    fn run(&self, work: &mut UnitOfWork<'_, '_>) -> Done {
        let it = LockedRelief::take(work, self.relief, ReliefCommand::Return)?;
        let ctx = &mut work.context();
        let outcome = it.relief.value.return_for_supplement(ctx, &it.case, &self.words);
        it.conclude(work, outcome)
    }
}

/// Agrees to a relief, as its reviewer.
pub struct ReviewRelief {
    /// The relief.
    pub relief: ReliefId,
    /// An opinion.
    pub words: Option<Words>,
}

impl UseCase for ReviewRelief {
    type Output = Detailed;

    const NAME: &'static str = "relief.review";

    fn run(&self, work: &mut UnitOfWork<'_, '_>) -> Done {
        let it = LockedRelief::take(work, self.relief, ReliefCommand::Review)?;
        let ctx = &mut work.context();
        let outcome = it.relief.value.review(ctx, &it.case, self.words.as_ref());
        it.conclude(work, outcome)
    }
}

/// Approves a relief: its fund holds the money from now on, and the policy's caps count it.
pub struct ApproveRelief {
    /// The relief.
    pub relief: ReliefId,
    /// The fund that pays it; without one, the fund that the draft names.
    pub fund: Option<FundId>,
    /// An opinion.
    pub words: Option<Words>,
}

impl UseCase for ApproveRelief {
    type Output = Detailed;

    const NAME: &'static str = "relief.approve";

    fn run(&self, work: &mut UnitOfWork<'_, '_>) -> Done {
        let it = LockedRelief::take(work, self.relief, ReliefCommand::Approve)?;
        let relief = &it.relief.value;
        let fund = self.fund.or(relief.terms.fund);
        let fund = fund.ok_or_else(|| Refusal::invalid("/fund_id", Invalid::Required))?;
        let unknown = || Refusal::unknown_reference("/fund_id");
        let fund = work.load.find::<Fund>(fund)?.ok_or_else(unknown)?.value;
        let policy = policy_for(work.load, &it.case)?;
        let organization = work.load.find::<Organization>(it.case.organization)?;
        let organization =
            organization.ok_or_else(|| missing("organizations", it.case.organization))?;
        let division = division_of(work.load, it.case.organization)?;
        let level = highest_level(&mut work.reading(), Role::Approver, &it.on)?;
        let self_paid: Option<SelfPaid> = match relief.terms.aid_type {
            AidType::Medical => opened(work, relief, Group::Money, relief.basis_version)?,
            AidType::Living | AidType::Education => None,
        };
        let today = work.load.now().day();
        // Caps before funds, and funds last of all.
        let used = work.load.caps_for_update(&relief.cap_keys(today))?;
        let available = work.load.balance_for_update(fund.id)?.available;
        let approval = Approval {
            policy: in_force(policy.as_ref()),
            division: division.as_ref(),
            organization: &organization.value,
            level,
            self_paid: self_paid.map(|it| it.self_paid),
            used: &used,
            fund: &fund,
            available,
            words: self.words.as_ref(),
        };
        let outcome = relief.approve(&mut work.context(), &it.case, &approval);
        it.conclude(work, outcome)
    }
}

/// Rejects a relief, at the level that would approve it.
pub struct RejectRelief {
    /// The relief.
    pub relief: ReliefId,
    /// Why.
    pub reason: ReliefRejectReason,
    /// The reason as the household gets it in writing.
    pub words: Words,
}

impl UseCase for RejectRelief {
    type Output = Detailed;

    const NAME: &'static str = "relief.reject";

    fn run(&self, work: &mut UnitOfWork<'_, '_>) -> Done {
        let it = LockedRelief::take(work, self.relief, ReliefCommand::Reject)?;
        let policy = policy_for(work.load, &it.case)?;
        let standing = standing(work, &it, policy.as_ref())?;
        let ctx = &mut work.context();
        let outcome = it.relief.value.reject(ctx, &it.case, self.reason, &self.words, standing);
        it.conclude(work, outcome)
    }
}

/// Cancels what is not paid of a relief.
pub struct CancelRelief {
    /// The relief.
    pub relief: ReliefId,
    /// Why.
    pub words: Words,
}

impl UseCase for CancelRelief {
    type Output = Detailed;

    const NAME: &'static str = "relief.cancel";

    fn run(&self, work: &mut UnitOfWork<'_, '_>) -> Done {
        let it = LockedRelief::take(work, self.relief, ReliefCommand::Cancel)?;
        let policy = policy_for(work.load, &it.case)?;
        let standing = standing(work, &it, policy.as_ref())?;
        let ctx = &mut work.context();
        let outcome = it.relief.value.cancel(ctx, &it.case, &self.words, standing);
        it.conclude(work, outcome)
    }
}

/// Opens one document of a relief to decide on it, and not to be shown.
fn opened<T: DeserializeOwned>(
    work: &mut UnitOfWork<'_, '_>,
    relief: &Relief,
    group: Group,
    version: u32,
) -> Result<Option<T>, StoreError> {
    let documents = work.load.open_each(&[relief.id.into()], &[group])?;
    let found = documents.into_iter().find(|it| it.version == version);
    let read = found.map(|it| serde_json::from_value(it.values)).transpose();
    read.map_err(|_| missing("vault", relief.id))
}

/// At which level the caller decides, by the policy in force.
fn standing<'p>(
    work: &mut UnitOfWork<'_, '_>,
    it: &LockedRelief,
    policy: Option<&'p Deciding>,
) -> Result<Standing<'p>, StoreError> {
    let level = highest_level(&mut work.reading(), Role::Approver, &it.on)?;
    Ok(Standing { policy: in_force(policy), level })
}
