//! What a household gets, and the amounts of all households together.

use bangfu_domain::{
    hardship::{AidType, HardshipCategory, SchoolStage},
    invalid::Invalid,
    money::Fen,
    policy::PolicyDocument,
};

use super::{
    amounts,
    household::{Member, Outline},
    person,
    random::Random,
    steps::Steps,
    units::UNITS,
};
use crate::{DemoError, figures::Figures};

/// Grants that go to a household that gets another one as well, of each hundred.
const SECOND_GRANTS: usize = 22;
/// Payments that fail at first because of the account, of each hundred.
const FAILING_PAYMENTS: u32 = 5;
/// Grants planned at most.
const GRANTS_AT_MOST: usize = 20_000;

/// What one household gets of each kind.
#[derive(Debug, Clone, Copy, Default)]
pub struct Grants {
    /// Living aid.
    pub living: Option<Fen>,
    /// Medical aid.
    pub medical: Option<Fen>,
    /// Education aid.
    pub education: Option<Fen>,
}

impl Grants {
    fn slot(&mut self, aid_type: AidType) -> &mut Option<Fen> {
        match aid_type {
            AidType::Living => &mut self.living,
            AidType::Medical => &mut self.medical,
            AidType::Education => &mut self.education,
        }
    }
}

/// How a payment fails at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The bank does not pay it.
    Refused,
    /// The bank pays it, and it comes back.
    Returned,
}

/// A relief to be applied for.
#[derive(Debug, Clone)]
pub struct Relief {
    /// The kind.
    pub aid_type: AidType,
    /// How much.
    pub amount: Fen,
    /// For medical aid: what the household paid itself.
    pub self_paid: Option<Fen>,
    /// For education aid: which member is the student.
    pub student: Option<usize>,
    /// The worker's account, number and bank.
    pub account: (String, &'static str),
    /// The account that is written down at first where that is a wrong one, and how the payment fails.
    pub wrong_account: Option<(String, Failure)>,
    /// The working day of the application; the approval is on the next one.
    pub applied: usize,
}

impl Relief {
    /// What a household gets, in the order of its applications.
    pub fn of(
        outline: &Outline<'_>,
        category: HardshipCategory,
        members: &[Member],
        steps: Steps,
        random: &mut Random,
    ) -> Result<Vec<Self>, Invalid> {
        let Outline { seed, number, policy, mut grants, .. } = *outline;
        let mut aids = Vec::new();
        for (at, aid_type) in AidType::ALL.iter().copied().enumerate() {
            let Some(amount) = *grants.slot(aid_type) else { continue };
            let serial = number * AidType::ALL.len() + at;
            let account = person::account(seed, serial * 2)?;
            let applied = steps.application(aid_type, random);
            let fails = steps.leaves_time_after(applied) && random.percent(FAILING_PAYMENTS);
            let wrong_account = if fails {
                let failure = random.one_of(Failure::Returned, &[Failure::Refused]);
                Some((person::account(seed, serial * 2 + 1)?.0, failure))
            } else {
                None
            };
            let self_paid = match aid_type {
                AidType::Medical => Some(self_paid(policy, category, amount, random)?),
                AidType::Living | AidType::Education => None,
            };
            let student = match aid_type {
                AidType::Education => members.iter().position(|it| it.stage.is_some()),
                AidType::Living | AidType::Medical => None,
            };
            let aid = Self { aid_type, amount, self_paid, student, account, wrong_account, applied };
            aids.push(aid);
        }
        aids.sort_by_key(|aid| aid.applied);
        Ok(aids)
    }
}

/// What a household of the category has paid itself where it may get this amount.
fn self_paid(
    policy: &PolicyDocument,
    category: HardshipCategory,
    amount: Fen,
    random: &mut Random,
) -> Result<Fen, Invalid> {
    let percent = i64::from(policy.aid.medical.percent.get(category)).max(1);
    let least = (amount.get() * 100 + percent - 1) / percent;
    Fen::new(least + random.between(0, 3_000) * 100)
}

/// The stage of schooling at which most may be given.
pub fn richest_stage(policy: &PolicyDocument) -> SchoolStage {
    let by_cap = |stage: &SchoolStage| policy.education_cap(*stage);
    let stages = [SchoolStage::Compulsory, SchoolStage::Senior, SchoolStage::Higher];
    stages.into_iter().max_by_key(by_cap).unwrap_or(SchoolStage::Higher)
}

/// Who gets what, so that the figures come out: a unit and grants for each household.
pub fn distribute(figures: &Figures, policy: &PolicyDocument, seed: u64) -> Result<Vec<(usize, Grants)>, DemoError> {
    let each = AidType::ALL.iter().map(|it| figures.of(*it).households);
    let all = each.clone().try_fold(0_usize, usize::checked_add);
    let Some(all) = all.filter(|all| *all <= GRANTS_AT_MOST) else {
        return Err(DemoError::Figures(format!("at most {GRANTS_AT_MOST} grants of aid are shown")));
    };
    let households = each.max().unwrap_or(0).max(all - all * SECOND_GRANTS / 100);
    let mut random = Random::of(seed, b'g', 0);
    let shares: Vec<(usize, u32)> = UNITS.iter().enumerate().map(|(at, unit)| (at, unit.share)).collect();
    let mut distributed: Vec<(usize, Grants)> =
        (0..households).map(|_| (random.weighted(0, &shares), Grants::default())).collect();
    let holders = holders(figures, households, &mut random);
    for (aid_type, holders) in AidType::ALL.iter().copied().zip(holders) {
        let caps: Result<Vec<Fen>, DemoError> = holders
            .iter()
            .map(|at| {
                let unit = distributed.get(*at).map_or(0, |(unit, _)| *unit);
                cap(policy, figures.year, aid_type, unit)
            })
            .collect();
        let caps = caps?;
        let target = figures.of(aid_type);
        let parts = amounts::part(target.amount, &caps, &mut random)
            .ok_or_else(|| out_of_reach(aid_type, target.amount, &caps))?;
        for (at, amount) in holders.into_iter().zip(parts) {
            if let Some((_, grants)) = distributed.get_mut(at) {
                *grants.slot(aid_type) = Some(amount);
            }
        }
    }
    Ok(distributed)
}

/// Which households get each kind of aid: every household at least one.
fn holders(figures: &Figures, households: usize, random: &mut Random) -> Vec<Vec<usize>> {
    let mut grants: Vec<usize> = AidType::ALL
        .iter()
        .enumerate()
        .flat_map(|(kind, it)| std::iter::repeat_n(kind, figures.of(*it).households))
        .collect();
    random.shuffle(&mut grants);
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); AidType::ALL.len()];
    for (at, kind) in grants.into_iter().enumerate() {
        let Some(of_kind) = holders.get_mut(kind) else { continue };
        let start = if at < households { at } else { random.between(0, households - 1) };
        // The first household from there on that has none of this kind yet.
        let free = (start..households).chain(0..start).find(|it| !of_kind.contains(it));
        of_kind.extend(free);
    }
    holders
}

/// The most that one household of a unit may get.
fn cap(policy: &PolicyDocument, year: i16, aid_type: AidType, unit: usize) -> Result<Fen, DemoError> {
    Ok(match aid_type {
        AidType::Living => {
            let unit = UNITS.get(unit).or(UNITS.first());
            let line = unit.map(|unit| unit.lowest_line(policy, year)).transpose()?;
            let line = line.unwrap_or(Fen::ZERO);
            policy.living_cap(HardshipCategory::Deep, line).unwrap_or(Fen::ZERO)
        }
        AidType::Medical => {
            let rule = &policy.aid.medical;
            rule.cap_household_lifetime
                .map_or(rule.cap_household_year, |lifetime| lifetime.min(rule.cap_household_year))
        }
        AidType::Education => policy.education_cap(richest_stage(policy)),
    })
}

fn out_of_reach(aid_type: AidType, amount: Fen, caps: &[Fen]) -> DemoError {
    let (kind, households) = (aid_type.code(), caps.len());
    let most = Fen::sum(caps.iter().copied()).unwrap_or(Fen::ZERO);
    let rule = match aid_type {
        AidType::Living => "the months of the dibao line that the policy gives a household a year",
        AidType::Medical => "the policy's cap for a household and year",
        AidType::Education => "the policy's cap for a student and year",
    };
    let text = if amount > most {
        format!(
            "{kind}: {households} households can get {most} yuan at most by {rule}, and {amount} are \
             asked for; ask for less, or for more households"
        )
    } else {
        format!(
            "{kind}: {amount} yuan cannot be given to {households} households, each of which gets at \
             least 0.01"
        )
    };
    DemoError::Figures(text)
}
