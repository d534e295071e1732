//! The public notice of a case: how long it hangs, who objects, and when it does not count.
//!
//! 李建国 is the hardship worker, 王芳 his wife, 李小明 their son.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    case::{BlockerCode, NoticeOutcome},
    evidence::Gate,
    invalid::Invalid,
    rejection::Cause,
};

use common::{
    WORKER_NUMBER,
    casework::{Fixture, approver, blocked, cause, reviewer, words},
    caseworker, day,
};

use BlockerCode as Code;

/// Reviewed, and no notice has been published yet.
fn reviewed_without_notice() -> Fixture {
    let mut fixture = Fixture::with_consents();
    for command in ["record_visit", "request_comparison", "answer_comparison", "assess", "submit"] {
        fixture.run(command).unwrap();
    }
    fixture.review(reviewer()).unwrap();
    fixture
}

#[test]
fn the_approval_waits_for_the_end_of_the_notice() {
    let mut fixture = reviewed_without_notice();
    assert_eq!(blocked(fixture.approve(approver())), [Code::NoticeMissing]);
    fixture.run("publish_notice").unwrap();
    assert_eq!(cause(fixture.publish_notice(caseworker())), Cause::NoticeOpen);
    fixture.office.wait(8);
    assert_eq!(blocked(fixture.approve(approver())), [Code::NoticeOpen]);
    fixture.run("close_notice").unwrap();
    assert_eq!(fixture.blockers(Gate::Approve), []);
    assert_eq!(cause(fixture.run("close_notice")), Cause::Settled);
    fixture.office.wait(181);
    assert_eq!(blocked(fixture.approve(approver())), [Code::NoticeExpired]);
}

/// Sunday 7 and Saturday 20 February are worked; 11 to 17 February are off.
#[test]
fn the_notice_hangs_to_the_end_of_its_last_working_day_over_the_spring_festival_of_2021() {
    let mut fixture = Fixture::applied_on(day("2021-02-05"));
    fixture.sign();
    fixture.run("request_comparison").unwrap();
    fixture.run("answer_comparison").unwrap();
    fixture.run("publish_notice").unwrap();
    let until = day("2021-02-18");
    for _ in 5..=18 {
        assert_eq!(cause(fixture.run("close_notice")), Cause::NoticeRunning { until });
        fixture.office.wait(1);
    }
    assert_eq!(fixture.today(), day("2021-02-19"));
    fixture.run("close_notice").unwrap();
}

#[test]
fn the_end_of_a_notice_is_never_guessed() {
    let mut fixture = Fixture::applied_on(day("2026-12-28"));
    fixture.sign();
    fixture.run("request_comparison").unwrap();
    fixture.run("answer_comparison").unwrap();
    assert_eq!(cause(fixture.run("publish_notice")), Cause::CalendarUnknown { year: 2027 });
}

#[test]
fn an_objection_that_holds_needs_a_new_notice() {
    let mut fixture = reviewed_without_notice();
    fixture.run("publish_notice").unwrap();
    fixture.run("object").unwrap();
    fixture.office.wait(8);
    let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
    let undisputed = cause(fixture.close_notice(caseworker(), NoticeOutcome::Undisputed));
    assert_eq!(undisputed, wrong("/outcome", Invalid::OutOfRange));
    let notice = fixture.case().evidence.notices.first().unwrap().published.notice;
    let silent = fixture.act(caseworker(), |case, ctx| case.close_notice(ctx, notice, NoticeOutcome::Dismissed, None));
    assert_eq!(cause(silent), wrong("/remark", Invalid::Required));
    fixture.close_notice(caseworker(), NoticeOutcome::Upheld).unwrap();
    assert_eq!(blocked(fixture.approve(approver())), [Code::NoticeMissing]);
    assert_eq!(cause(fixture.run("object")), Cause::Settled);

    fixture.run("publish_notice").unwrap();
    fixture.run("object").unwrap();
    fixture.office.wait(8);
    fixture.close_notice(caseworker(), NoticeOutcome::Dismissed).unwrap();
    fixture.approve(approver()).unwrap();
}

#[test]
fn an_objection_without_an_objector_is_refused_as_an_outcome_and_days_must_fit() {
    let mut fixture = reviewed_without_notice();
    fixture.run("publish_notice").unwrap();
    let notice = fixture.case().evidence.notices.first().unwrap().published.notice;
    let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
    for (days, invalid) in [(-1, Invalid::TooEarly), (1, Invalid::InFuture)] {
        let on = fixture.today().plus_days(days).unwrap();
        let objected =
            fixture.act(caseworker(), |case, ctx| case.object(ctx, notice, on, &words("不符合条件")).map(|(_, it)| it));
        assert_eq!(cause(objected), wrong("/received_on", invalid));
    }
    fixture.office.wait(8);
    for outcome in [NoticeOutcome::Dismissed, NoticeOutcome::Upheld] {
        let refused = cause(fixture.close_notice(caseworker(), outcome));
        assert_eq!(refused, wrong("/outcome", Invalid::OutOfRange));
    }
}

#[test]
fn the_notice_comes_after_the_comparison_and_with_the_workers_consent() {
    let mut fixture = Fixture::applied();
    fixture.run("record_household").unwrap();
    assert_eq!(cause(fixture.run("publish_notice")), Cause::PublicationNotAgreed);
    for person in fixture.people() {
        fixture.consent(caseworker(), person).unwrap();
    }
    assert_eq!(cause(fixture.run("publish_notice")), Cause::ComparisonFirst);
    fixture.change_policy(2, |policy| policy.notice.after_comparison = false);
    fixture.run("publish_notice").unwrap();
}

#[test]
fn a_notice_shows_a_masked_name_and_nobody_elses() {
    let mut fixture = Fixture::with_consents();
    fixture.run("request_comparison").unwrap();
    fixture.run("answer_comparison").unwrap();
    let published = fixture.run("publish_notice").unwrap();
    let shown = published.documents.first().unwrap().values.to_string();
    assert!(shown.contains("李*"), "{shown}");
    for hidden in ["李建国", "王芳", "李小明", WORKER_NUMBER, "长江路", "50000"] {
        assert!(!shown.contains(hidden), "{hidden}");
    }
}

#[test]
fn a_notice_that_shows_another_household_does_not_count() {
    let mut fixture = Fixture::in_state("identifying").unwrap();
    assert_eq!(fixture.blockers(Gate::Approve), []);
    let mut smaller = fixture.family();
    smaller.members.truncate(2);
    fixture.record_household(caseworker(), &smaller).unwrap();
    fixture.run("assess").unwrap();
    assert_eq!(fixture.blockers(Gate::Approve), [Code::NoticeStale]);
}
