//! The case 帮扶个案 of a family, from the application to the exit and back: who may take which step.
//!
//! 李建国 is the hardship worker, 王芳 his wife, 李小明 their son. The conditions of a step are covered in `case_evidence.rs`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    case::{BlockerCode, CaseCommand, CaseState, Enrolment, ExitReason, NewVisit},
    duty::Duty,
    evidence::{Gate, Path},
    hardship::HardshipCategory,
    invalid::Invalid,
    organization::OrganizationLevel,
    referral::{Progress, ReferralState},
    rejection::Cause,
};

use common::{
    PATIENT_NUMBER, acting,
    casework::{
        Fixture, approver, cancelled, cause, civil_affairs, colleague, lifted, own_application, reviewer, visit, words,
    },
    caseworker, day, documents_of_spouse, names, new_referral,
    office::Office,
    person, street,
};

const OWN: Cause = Cause::OwnMatter;
const CONFLICT: Cause = Cause::DutyConflict;

/// The colleague submits, 92 reviews and 93 approves. The caseworker had registered it.
fn archived_by_four() -> Fixture {
    let mut fixture = Fixture::with_papers();
    fixture.submit(colleague(), Path::Regular).unwrap();
    fixture.review(reviewer()).unwrap();
    fixture.approve(approver()).unwrap();
    fixture
}

#[test]
fn a_family_is_helped_and_comes_out_of_hardship() {
    let mut fixture = Fixture::applied();
    assert_eq!((fixture.state(), fixture.progress()), ("applied", Progress::InProgress));
    fixture.gather();
    assert_eq!(fixture.state(), "identifying");
    for gate in [Gate::Submit, Gate::Review, Gate::Approve] {
        assert_eq!(fixture.blockers(gate), []);
    }
    assert_eq!(names(&fixture.submit(caseworker(), Path::Regular).unwrap()), ["case.submitted"]);
    assert_eq!(names(&fixture.review(reviewer()).unwrap()), ["case.reviewed"]);
    assert_eq!(names(&fixture.approve(approver()).unwrap()), ["case.approved"]);
    let enrolment = Enrolment {
        category: HardshipCategory::Deep,
        policy: fixture.policy.unwrap().id,
        approved_on: day("2021-03-11"),
        approved_by: person(93),
    };
    assert_eq!(fixture.case().state, CaseState::Enrolled(enrolment.clone()));
    let duties = [(90, Duty::Register), (92, Duty::Review), (93, Duty::Approve)];
    assert_eq!(fixture.case().duties, duties.map(|(n, duty)| (person(n), duty)));
    assert_eq!(fixture.progress(), Progress::InProgress, "the help is still to come");
    assert_eq!(fixture.office.holds_of(fixture.id).len(), 3);

    fixture.office.wait(300);
    let exit = fixture.exit(approver(), &lifted()).unwrap();
    assert_eq!(names(&exit), ["case.exited", "referral.progressed"]);
    assert_eq!(fixture.case().state, CaseState::Exited { reason: ExitReason::Lifted, enrolment });
    assert_eq!(fixture.progress(), Progress::Completed);
    assert!(fixture.office.holds_of(fixture.id).is_empty(), "everybody is let go");
}

#[test]
fn a_worker_applies_without_a_referral_once() {
    let mut office = Office::new();
    let (id, decision) = own_application(&mut office, caseworker()).unwrap();
    assert_eq!(names(&decision), ["person.registered", "case.opened"]);
    let case = office.case(id);
    assert_eq!((case.referrals.len(), case.registered_by), (0, person(90)));
    assert_eq!(case.household.identified_members().collect::<Vec<_>>(), [case.household.worker().unwrap()]);
    assert_eq!(cause(own_application(&mut office, Actor::System)), Cause::NeedsPerson);
}

#[test]
fn a_registrar_neither_reviews_approves_returns_nor_rejects() {
    let mut fixture = Fixture::with_papers();
    fixture.submit(colleague(), Path::Regular).unwrap();
    for registrar in [caseworker(), colleague()] {
        assert_eq!(cause(fixture.review(registrar)), CONFLICT);
        assert_eq!(cause(fixture.return_for_supplement(registrar)), CONFLICT);
        assert_eq!(cause(fixture.reject(registrar)), CONFLICT);
    }
    fixture.review(reviewer()).unwrap();
    for other_duty in [caseworker(), colleague(), reviewer()] {
        assert_eq!(cause(fixture.approve(other_duty)), CONFLICT);
        assert_eq!(cause(fixture.reject(other_duty)), CONFLICT);
    }
    fixture.approve(approver()).unwrap();
}

#[test]
fn is_open_to_says_beforehand_whom_a_step_would_refuse() {
    let mut fixture = Fixture::with_papers();
    fixture.submit(colleague(), Path::Regular).unwrap();
    let case = fixture.case();
    let open_to = |command: &str| {
        let command = command.parse().unwrap();
        [90, 91, 92, 93].map(|n| case.is_open_to(person(n), command))
    };
    for command in ["review", "return", "reject"] {
        assert_eq!(open_to(command), [false, false, true, true], "{command}");
    }
    assert_eq!(open_to("approve"), [false; 4], "nobody has reviewed it");
    assert_eq!(open_to("withdraw"), [true; 4]);
    assert!(!case.is_open_to(fixture.worker(), CaseCommand::Withdraw));
}

#[test]
fn no_machine_takes_a_step_and_only_the_answer_comes_from_one() {
    for machine in [Actor::System, Actor::Installer, civil_affairs()] {
        let mut fixture = Fixture::with_papers();
        assert_eq!(cause(fixture.assess(machine)), Cause::NeedsPerson);
        assert_eq!(cause(fixture.submit(machine, Path::Regular)), Cause::NeedsPerson);
        assert_eq!(cause(fixture.withdraw(machine)), Cause::NeedsPerson);
        fixture.request_comparison(caseworker()).unwrap();
        assert!(fixture.answer_comparison(machine).is_ok());
    }
}

#[test]
fn a_member_of_the_household_on_the_staff_takes_no_step_and_visits_nobody() {
    let mut fixture = Fixture::with_papers();
    let wife = acting(fixture.office.known(PATIENT_NUMBER).unwrap());
    refuse_every_act_of(&mut fixture, wife);
}

#[test]
fn nor_does_a_declared_relative() {
    let mut fixture = Fixture::with_papers();
    let mut family = fixture.family();
    family.related_staff = vec![person(91), person(92)];
    // She declares it herself, and is out of it from then on.
    fixture.record_household(colleague(), &family).unwrap();
    refuse_every_act_of(&mut fixture, colleague());
    refuse_every_act_of(&mut fixture, reviewer());
}

fn refuse_every_act_of(fixture: &mut Fixture, own: Actor) {
    let before = fixture.case();
    let (today, worker) = (fixture.today(), fixture.worker());
    let family = fixture.family();
    let innocent = vec![person(90), person(95)];
    let by_others = NewVisit { visitors: innocent, ..visit(today, worker) };
    let with_visitor = NewVisit { visitors: vec![person(90), own.person().unwrap()], ..visit(today, worker) };
    assert_eq!(cause(fixture.record_visit(caseworker(), None, &with_visitor)), OWN);
    assert_eq!(cause(fixture.record_visit(own, None, &by_others)), OWN);
    assert_eq!(cause(fixture.record_household(own, &family)), OWN);
    assert_eq!(cause(fixture.consent(own, worker)), OWN);
    assert_eq!(cause(fixture.request_comparison(own)), OWN);
    assert_eq!(cause(fixture.assess(own)), OWN);
    assert_eq!(cause(fixture.publish_notice(own)), OWN);
    assert_eq!(cause(fixture.submit(own, Path::Regular)), OWN);
    assert_eq!(cause(fixture.reject(own)), OWN);
    assert_eq!(cause(fixture.withdraw(own)), OWN);
    assert_eq!(fixture.case(), before);
}

#[test]
fn a_relative_neither_answers_reviews_approves_nor_exits() {
    let mut fixture = Fixture::with_papers();
    let wife = acting(fixture.wife());
    fixture.request_comparison(caseworker()).unwrap();
    assert_eq!(cause(fixture.answer_comparison(wife)), OWN);
    fixture.submit(caseworker(), Path::Regular).unwrap();
    assert_eq!(cause(fixture.return_for_supplement(wife)), OWN);
    assert_eq!(cause(fixture.review(wife)), OWN);
    fixture.review(reviewer()).unwrap();
    assert_eq!(cause(fixture.approve(wife)), OWN);
    fixture.approve(approver()).unwrap();
    assert_eq!(cause(fixture.exit(wife, &lifted())), OWN);
    fixture.exit(approver(), &lifted()).unwrap();
    assert_eq!(cause(fixture.reopen(wife)), OWN);
}

#[test]
fn nobody_writes_themselves_into_a_household_or_opens_a_case_of_their_own() {
    let mut fixture = Fixture::with_papers();
    let husband = acting(fixture.worker());
    let wife = fixture.wife();
    let mut without_her = fixture.family();
    without_her.members.remove(1);
    fixture.record_household(caseworker(), &without_her).unwrap();
    let family = fixture.family();
    assert_eq!(cause(fixture.record_household(acting(wife), &family)), OWN);
    assert_eq!(cause(fixture.withdraw(husband)), OWN);
    let again = fixture.office.receive(&new_referral(81, documents_of_spouse()));
    let case = fixture.case();
    let accepted = fixture.office.accept(&again, &documents_of_spouse(), husband, Some(&case), &street());
    assert_eq!(cause(accepted), OWN);
}

#[test]
fn nobody_links_a_referral_to_a_case_of_their_own_or_of_a_relative() {
    let mut fixture = Fixture::with_papers();
    let mut family = fixture.family();
    family.related_staff = vec![person(91)];
    fixture.record_household(caseworker(), &family).unwrap();
    let (case, spouse) = (fixture.case(), documents_of_spouse());
    let further = fixture.office.receive(&new_referral(81, spouse.clone()));
    // The referral names the couple alone; the son is a member all the same.
    for own in [colleague(), acting(fixture.son())] {
        let linked = fixture.office.accept(&further, &spouse, own, Some(&case), &street());
        assert_eq!(cause(linked), OWN);
    }
    let linked = fixture.office.accept(&further, &spouse, reviewer(), Some(&case), &street());
    assert!(linked.is_ok());
}

#[test]
fn a_return_begins_a_round_in_which_registrars_stay_and_the_reviewer_may_approve() {
    let mut fixture = Fixture::with_papers();
    fixture.submit(colleague(), Path::Regular).unwrap();
    fixture.review(reviewer()).unwrap();
    fixture.return_for_supplement(approver()).unwrap();
    let case = fixture.case();
    assert_eq!((fixture.state(), case.round), ("returned", 2));
    assert_eq!(case.duties, [90, 91].map(|n| (person(n), Duty::Register)));
    assert_eq!(cause(fixture.reject(colleague())), CONFLICT);

    fixture.submit(caseworker(), Path::Regular).unwrap();
    for registrar in [caseworker(), colleague()] {
        assert_eq!(cause(fixture.review(registrar)), CONFLICT);
    }
    fixture.review(approver()).unwrap();
    assert_eq!(cause(fixture.approve(approver())), CONFLICT);
    fixture.approve(reviewer()).unwrap();
    assert_eq!(fixture.state(), "enrolled");
}

#[test]
fn a_former_reviewer_may_submit_it_in_the_next_round_and_is_then_a_registrar() {
    let mut fixture = Fixture::in_state("reviewed").unwrap();
    fixture.return_for_supplement(approver()).unwrap();
    fixture.submit(reviewer(), Path::Regular).unwrap();
    assert_eq!(cause(fixture.review(reviewer())), CONFLICT);
    fixture.review(approver()).unwrap();
}

#[test]
fn an_emergency_is_explained_and_helped_before_comparison_and_notice() {
    let mut fixture = Fixture::with_consents();
    fixture.run("record_visit").unwrap();
    let policy = fixture.policy;
    let silent = fixture.act(caseworker(), |case, ctx| case.submit(ctx, policy, Path::Emergency, None, &[]));
    let required = Cause::Value { pointer: "/remark", invalid: Invalid::Required };
    assert_eq!(cause(silent), required);

    fixture.submit(caseworker(), Path::Emergency).unwrap();
    assert!(!fixture.blockers(Gate::Review).is_empty(), "the regular way would wait");
    fixture.review(reviewer()).unwrap();
    fixture.assess(caseworker()).unwrap();
    fixture.approve(approver()).unwrap();
    let case = fixture.case();
    assert_eq!((fixture.state(), case.path), ("enrolled", Some(Path::Emergency)));
    assert!(case.evidence.comparisons.is_empty() && case.evidence.notices.is_empty());
}

#[test]
fn a_level_below_the_policys_archives_nothing() {
    let mut fixture = Fixture::in_state("reviewed").unwrap();
    let policy = fixture.policy;
    let mut approve = |level| {
        let before = fixture.case();
        let outcome = fixture.act(approver(), |case, ctx| case.approve(ctx, policy, None, None, level));
        if outcome.is_err() {
            assert_eq!(fixture.case(), before);
        }
        outcome
    };
    let needed = OrganizationLevel::County;
    assert_eq!(cause(approve(OrganizationLevel::BasicUnion)), Cause::LevelTooLow { needed });
    assert_eq!(cause(approve(OrganizationLevel::StreetTown)), Cause::LevelTooLow { needed });
    assert!(approve(OrganizationLevel::City).is_ok(), "a higher level may");
}

#[test]
fn another_category_than_proposed_is_explained() {
    let mut fixture = Fixture::in_state("reviewed").unwrap();
    let (policy, level) = (fixture.policy, OrganizationLevel::County);
    let other = Some(HardshipCategory::Relative);
    let silent = fixture.act(approver(), |case, ctx| case.approve(ctx, policy, other, None, level));
    let required = |pointer| Cause::Value { pointer, invalid: Invalid::Required };
    assert_eq!(cause(silent), required("/remark"));
    let why = words("收入不稳定");
    fixture.act(approver(), |case, ctx| case.approve(ctx, policy, other, Some(&why), level)).unwrap();
    assert_eq!(fixture.case().state.enrolment().unwrap().category, HardshipCategory::Relative);
}

#[test]
fn where_the_policy_proposes_nothing_a_category_is_named_and_explained() {
    let mut fixture = Fixture::with_papers();
    let mut rich = fixture.family();
    rich.money.vehicles = Some(1);
    fixture.record_household(caseworker(), &rich).unwrap();
    fixture.assess(caseworker()).unwrap();
    assert_eq!(fixture.blockers(Gate::Approve), [BlockerCode::NoticeStale], "it shows a category");
    fixture.run("publish_notice").unwrap();
    fixture.office.wait(20);
    fixture.run("close_notice").unwrap();
    fixture.submit(caseworker(), Path::Regular).unwrap();
    fixture.review(reviewer()).unwrap();
    let required = |pointer| Cause::Value { pointer, invalid: Invalid::Required };
    assert_eq!(cause(fixture.approve(approver())), required("/category"));
    let (policy, level) = (fixture.policy, OrganizationLevel::County);
    let deep = Some(HardshipCategory::Deep);
    let silent = fixture.act(approver(), |case, ctx| case.approve(ctx, policy, deep, None, level));
    assert_eq!(cause(silent), required("/remark"));
    let why = words("车辆为残疾人专用");
    fixture.act(approver(), |case, ctx| case.approve(ctx, policy, deep, Some(&why), level)).unwrap();
}

#[test]
fn hardship_is_lifted_only_after_the_policys_months() {
    let mut fixture = archived_by_four();
    for months in [None, Some(0), Some(5)] {
        let early = bangfu_domain::case::Exit { months_above_dibao: months, ..lifted() };
        assert_eq!(cause(fixture.exit(approver(), &early)), Cause::NotLifted { months: 6 });
    }
    let policy = fixture.policy.take();
    assert_eq!(cause(fixture.exit(approver(), &lifted())), Cause::NoPolicy);
    fixture.policy = policy;
    fixture.exit(approver(), &lifted()).unwrap();
}

#[test]
fn every_other_exit_needs_no_months_and_fails_the_referral() {
    for &reason in ExitReason::ALL.iter().filter(|it| **it != ExitReason::Lifted) {
        let mut fixture = archived_by_four();
        fixture.policy = None;
        fixture.exit(approver(), &cancelled(reason)).unwrap();
        assert_eq!(fixture.progress(), Progress::Failed, "{reason}");
    }
}

#[test]
fn the_hospital_is_told_each_change_and_the_end_stays() {
    let mut fixture = Fixture::in_state("under_review").unwrap();
    let returned = fixture.return_for_supplement(reviewer()).unwrap();
    assert_eq!(names(&returned), ["case.returned", "referral.progressed"]);
    assert_eq!(fixture.progress(), Progress::OnHold);
    let resubmitted = fixture.submit(caseworker(), Path::Regular).unwrap();
    assert_eq!(names(&resubmitted), ["case.submitted", "referral.progressed"]);
    assert_eq!(fixture.progress(), Progress::InProgress);
    fixture.reject(approver()).unwrap();
    assert_eq!(fixture.progress(), Progress::Failed);

    let mut fixture = Fixture::in_state("identifying").unwrap();
    fixture.withdraw(colleague()).unwrap();
    assert_eq!(fixture.progress(), Progress::Failed);

    let mut fixture = Fixture::in_state("reopened").unwrap();
    assert_eq!(fixture.progress(), Progress::Completed);
    let withdrawn = fixture.withdraw(caseworker()).unwrap();
    assert_eq!(names(&withdrawn), ["case.withdrawn"], "the first application was helped");
    assert_eq!(fixture.progress(), Progress::Completed);
}

#[test]
fn a_referral_that_joins_a_returned_case_is_told_that_it_waits_and_goes_on_with_it() {
    let mut fixture = Fixture::in_state("returned").unwrap();
    let (spouse, case) = (documents_of_spouse(), fixture.case());
    let second = fixture.office.receive(&new_referral(81, spouse.clone()));
    let joined = fixture.office.accept(&second, &spouse, caseworker(), Some(&case), &street());
    let (_, decision) = joined.unwrap();
    let expected = ["case.referral_linked", "referral.accepted", "referral.progressed"];
    assert_eq!(names(&decision), expected);
    let progress = |fixture: &Fixture| -> Vec<Progress> {
        let state = |it: bangfu_domain::referral::Referral| match it.state {
            ReferralState::Accepted { progress, .. } => progress,
            state => panic!("{}", state.code()),
        };
        fixture.referrals().into_iter().map(state).collect()
    };
    assert_eq!(progress(&fixture), [Progress::OnHold; 2]);
    fixture.submit(caseworker(), Path::Regular).unwrap();
    assert_eq!(progress(&fixture), [Progress::InProgress; 2]);
    fixture.reject(approver()).unwrap();
    assert_eq!(progress(&fixture), [Progress::Failed; 2]);
    assert!(fixture.referrals().iter().all(|it| it.closed_in_version.is_some() && !it.is_outcome_acknowledged()));
}

#[test]
fn an_exited_case_is_reopened_unless_another_holds_the_worker() {
    let mut fixture = Fixture::in_state("exited").unwrap();
    let mut elsewhere = Fixture::in_state("exited").unwrap();
    let again = elsewhere.office.receive(&new_referral(82, documents_of_spouse()));
    let accepted = elsewhere.office.accept(&again, &documents_of_spouse(), caseworker(), None, &street());
    let (case, _) = accepted.unwrap();
    assert_eq!(cause(elsewhere.reopen(caseworker())), Cause::ActiveCaseExists { case });

    let reopened = fixture.reopen(colleague()).unwrap();
    assert_eq!((names(&reopened), reopened.holds.len()), (vec!["case.reopened"], 3));
    let case = fixture.case();
    assert_eq!((case.round, case.path, case.applied_on), (2, None, fixture.today()));
    assert_eq!(case.duties, [(person(91), Duty::Register)], "a new application");
    assert_eq!(fixture.office.holds_of(fixture.id).len(), 3);
}
