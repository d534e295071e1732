//! Who may end a relief before it is paid: rejecting and cancelling ask for the level that would have approved it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    decision::Decision,
    organization::OrganizationLevel,
    rejection::{Cause, Rejection},
    relief::{ApprovalAuthority, NewRelief, ReliefState},
};

use common::{
    casework::{approver, yuan},
    caseworker,
    money::{Grounds, MoneyFixture, grounds, medical, steps::at},
};

const NEEDED: Cause = Cause::LevelTooLow { needed: OrganizationLevel::City };

fn cause(outcome: Result<Decision, Rejection>) -> Cause {
    outcome.unwrap_err().cause
}

/// Medical aid of 20 000.01 yuan, on which the city decides.
fn much(fixture: &MoneyFixture) -> NewRelief {
    let instalments = vec![yuan("10000.00"), yuan("10000.01")];
    NewRelief { instalments, ..medical(fixture.fund, fixture.family.worker, "40000.00", "1.00") }
}

#[test]
fn a_level_that_may_not_approve_does_not_reject_either() {
    for reviewed in [false, true] {
        let mut fixture = MoneyFixture::new();
        let new = much(&fixture);
        let relief = if reviewed {
            fixture.reviewed(&new)
        } else {
            let relief = fixture.office.draft(caseworker(), fixture.family.case, &new).unwrap();
            fixture.office.submit(caseworker(), relief).unwrap();
            relief
        };
        let low = at(OrganizationLevel::County);
        let before = fixture.office.journal.len();
        assert_eq!(cause(fixture.office.reject_at(approver(), relief, low)), NEEDED);
        assert_eq!(fixture.office.journal.len(), before, "a refusal leaves no trace");
        fixture.office.reject_at(approver(), relief, at(OrganizationLevel::City)).unwrap();
    }
}

#[test]
fn what_the_city_approved_the_district_does_not_cancel() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.reviewed(&much(&fixture));
    let city = Grounds { level: OrganizationLevel::City, ..grounds(fixture.fund) };
    fixture.office.approve_on(approver(), relief, &city).unwrap();
    let low = at(OrganizationLevel::County);
    assert_eq!(cause(fixture.office.cancel_at(approver(), relief, low)), NEEDED);
    fixture.office.cancel_at(approver(), relief, at(OrganizationLevel::City)).unwrap();
}

#[test]
fn a_caseworker_throws_a_relief_away_before_its_approval_at_any_level() {
    let lowest = at(OrganizationLevel::BasicUnion);
    let mut fixture = MoneyFixture::new();
    let relief = fixture.reviewed(&much(&fixture));
    fixture.office.cancel_at(caseworker(), relief, lowest).unwrap();
    assert_eq!(fixture.office.relief(relief).state, ReliefState::Cancelled);
}

#[test]
fn at_the_bound_the_lower_level_decides_and_without_a_policy_every_level() {
    let mut fixture = MoneyFixture::new();
    let at_the_bound = medical(fixture.fund, fixture.family.worker, "40000.00", "20000.00");
    let relief = fixture.reviewed(&at_the_bound);
    fixture.office.reject_at(approver(), relief, at(OrganizationLevel::County)).unwrap();
    let relief = fixture.reviewed(&much(&fixture));
    let none = ApprovalAuthority { policy: None, level: Some(OrganizationLevel::BasicUnion) };
    fixture.office.reject_at(approver(), relief, none).unwrap();
}

#[test]
fn the_level_is_told_beforehand() {
    let mut fixture = MoneyFixture::new();
    let relief = fixture.reviewed(&much(&fixture));
    let it = fixture.office.relief(relief);
    let county = |command: &str| it.is_level_for(command.parse().unwrap(), at(OrganizationLevel::County));
    assert_eq!(["approve", "reject", "return", "cancel"].map(county), [false, false, true, true]);
    let city = Grounds { level: OrganizationLevel::City, ..grounds(fixture.fund) };
    fixture.office.approve_on(approver(), relief, &city).unwrap();
    let approved = fixture.office.relief(relief);
    assert!(!approved.is_level_for("cancel".parse().unwrap(), at(OrganizationLevel::County)));
    assert!(approved.is_level_for("cancel".parse().unwrap(), at(OrganizationLevel::City)));
    let no_approver = ApprovalAuthority { level: None, ..at(OrganizationLevel::City) };
    assert!(!approved.is_level_for("cancel".parse().unwrap(), no_approver));
}
