//! Tests of the plan: its figures add up, and the same seed gives the same plan.

use bangfu_domain::hardship::AidType;

use super::*;
use crate::sample_policy;

fn plan(figures: Figures, seed: u64) -> Result<Plan, DemoError> {
    Plan::make(figures, sample_policy().unwrap(), seed)
}

fn tongling() -> Figures {
    Figures::read(None).unwrap()
}

fn given(plan: &Plan, aid_type: AidType) -> (usize, Fen) {
    let aids = plan.households.iter().flat_map(|it| &it.aids).filter(|it| it.aid_type == aid_type);
    let amounts: Vec<Fen> = aids.map(|it| it.amount).collect();
    (amounts.len(), Fen::sum(amounts).unwrap())
}

#[test]
fn the_plan_comes_to_the_figures_whatever_the_seed() {
    for seed in [1, 2, 2021] {
        let figures = tongling();
        let plan = plan(figures.clone(), seed).unwrap();
        for aid_type in AidType::ALL.iter().copied() {
            let target = figures.of(aid_type);
            assert_eq!(given(&plan, aid_type), (target.households, target.amount));
        }
        let helped = plan.households.iter().filter(|it| !it.aids.is_empty()).count();
        assert!((300..433).contains(&helped), "{helped}");
        assert!((560..660).contains(&plan.referrals.len()), "{}", plan.referrals.len());
    }
}

#[test]
fn everything_happens_within_the_year() {
    let plan = plan(tongling(), 7).unwrap();
    let last = plan.calendar.len() - 1;
    let agenda = Agenda::of(&plan);
    assert!(agenda.times().all(|(day, _, _)| day <= last));
    let last_pay_day = plan.pay_days().last().unwrap();
    for aid in plan.households.iter().flat_map(|it| &it.aids) {
        assert!(aid.applied < last_pay_day, "{aid:?}");
    }
    let of = |wanted: fn(&Ending) -> bool| plan.referrals.iter().filter(|it| wanted(&it.ending)).count();
    assert!(of(|it| matches!(it, Ending::Joins(_))) > 5);
    assert!(of(|it| matches!(it, Ending::Declined(_))) > 50);
    assert!(of(|it| matches!(it, Ending::Withdrawn)) > 10);
    assert!(plan.referrals.iter().any(|it| it.again));
    assert!(plan.referrals.iter().any(|it| it.worker.as_ref().is_some_and(|(_, as_)| *as_ == "spouse")));
    assert!(plan.households.iter().any(|it| it.back.is_some()));
    assert!(plan.households.iter().flat_map(|it| &it.aids).any(|it| it.wrong_account.is_some()));
}

#[test]
fn figures_out_of_reach_are_refused_with_the_reason() {
    let refused = |change: fn(&mut Figures)| {
        let mut figures = tongling();
        change(&mut figures);
        plan(figures, 1).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let much = refused(|it| it.living.amount = Fen::parse_yuan("4076000.00").unwrap());
    assert!(much.contains("living: 223 households can get 1") && much.contains("4076000.00"), "{much}");
    let none = refused(|it| it.education.households = 0);
    assert!(none.contains("education"), "{none}");
    let little = refused(|it| it.medical.amount = Fen::parse_yuan("0.05").unwrap());
    assert!(little.contains("medical: 0.05 yuan cannot be given to 119"), "{little}");
    let early = refused(|it| it.year = 2019);
    assert!(early.contains("2019"), "{early}");
}
