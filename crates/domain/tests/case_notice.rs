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
    let mut desk = Fixture::with_consents();
    for command in ["record_visit", "request_comparison", "answer_comparison", "assess", "submit"] {
        desk.run(command).unwrap();
    }
    desk.review(reviewer()).unwrap();
    desk
}

#[test]
fn the_approval_waits_for_the_end_of_the_notice() {
    let mut desk = reviewed_without_notice();
    assert_eq!(blocked(desk.approve(approver())), [Code::NoticeMissing]);
    desk.run("publish_notice").unwrap();
    assert_eq!(cause(desk.publish_notice(caseworker())), Cause::NoticeOpen);
    desk.office.wait(8);
    assert_eq!(blocked(desk.approve(approver())), [Code::NoticeOpen]);
    desk.run("close_notice").unwrap();
    assert_eq!(desk.blockers(Gate::Approve), []);
    assert_eq!(cause(desk.run("close_notice")), Cause::Settled);
    desk.office.wait(181);
    assert_eq!(blocked(desk.approve(approver())), [Code::NoticeExpired]);
}

/// Sunday 7 and Saturday 20 February are worked; 11 to 17 February are off.
#[test]
fn the_notice_hangs_to_the_end_of_its_last_working_day_over_the_spring_festival_of_2021() {
    let mut desk = Fixture::applied_on(day("2021-02-05"));
    desk.sign();
    desk.run("request_comparison").unwrap();
    desk.run("answer_comparison").unwrap();
    desk.run("publish_notice").unwrap();
    let until = day("2021-02-18");
    for _ in 5..=18 {
        assert_eq!(cause(desk.run("close_notice")), Cause::NoticeRunning { until });
        desk.office.wait(1);
    }
    assert_eq!(desk.today(), day("2021-02-19"));
    desk.run("close_notice").unwrap();
}

#[test]
fn the_end_of_a_notice_is_never_guessed() {
    let mut desk = Fixture::applied_on(day("2026-12-28"));
    desk.sign();
    desk.run("request_comparison").unwrap();
    desk.run("answer_comparison").unwrap();
    assert_eq!(cause(desk.run("publish_notice")), Cause::CalendarUnknown { year: 2027 });
}

#[test]
fn an_objection_that_holds_needs_a_new_notice() {
    let mut desk = reviewed_without_notice();
    desk.run("publish_notice").unwrap();
    desk.run("object").unwrap();
    desk.office.wait(8);
    let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
    let undisputed = cause(desk.close_notice(caseworker(), NoticeOutcome::Undisputed));
    assert_eq!(undisputed, wrong("/outcome", Invalid::OutOfRange));
    let notice = desk.case().evidence.notices.first().unwrap().published.notice;
    let silent = desk.act(caseworker(), |case, ctx| case.close_notice(ctx, notice, NoticeOutcome::Dismissed, None));
    assert_eq!(cause(silent), wrong("/remark", Invalid::Required));
    desk.close_notice(caseworker(), NoticeOutcome::Upheld).unwrap();
    assert_eq!(blocked(desk.approve(approver())), [Code::NoticeMissing]);
    assert_eq!(cause(desk.run("object")), Cause::Settled);

    desk.run("publish_notice").unwrap();
    desk.run("object").unwrap();
    desk.office.wait(8);
    desk.close_notice(caseworker(), NoticeOutcome::Dismissed).unwrap();
    desk.approve(approver()).unwrap();
}

#[test]
fn an_objection_without_an_objector_is_refused_as_an_outcome_and_days_must_fit() {
    let mut desk = reviewed_without_notice();
    desk.run("publish_notice").unwrap();
    let notice = desk.case().evidence.notices.first().unwrap().published.notice;
    let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
    for (days, invalid) in [(-1, Invalid::TooEarly), (1, Invalid::InFuture)] {
        let on = desk.today().plus_days(days).unwrap();
        let objected =
            desk.act(caseworker(), |case, ctx| case.object(ctx, notice, on, &words("不符合条件")).map(|(_, it)| it));
        assert_eq!(cause(objected), wrong("/received_on", invalid));
    }
    desk.office.wait(8);
    for outcome in [NoticeOutcome::Dismissed, NoticeOutcome::Upheld] {
        let refused = cause(desk.close_notice(caseworker(), outcome));
        assert_eq!(refused, wrong("/outcome", Invalid::OutOfRange));
    }
}

#[test]
fn the_notice_comes_after_the_comparison_and_with_the_workers_consent() {
    let mut desk = Fixture::applied();
    desk.run("record_household").unwrap();
    assert_eq!(cause(desk.run("publish_notice")), Cause::PublicationNotAgreed);
    for person in desk.people() {
        desk.consent(caseworker(), person).unwrap();
    }
    assert_eq!(cause(desk.run("publish_notice")), Cause::ComparisonFirst);
    desk.change_policy(2, |policy| policy.notice.after_comparison = false);
    desk.run("publish_notice").unwrap();
}

#[test]
fn a_notice_shows_a_masked_name_and_nobody_elses() {
    let mut desk = Fixture::with_consents();
    desk.run("request_comparison").unwrap();
    desk.run("answer_comparison").unwrap();
    let published = desk.run("publish_notice").unwrap();
    let shown = published.documents.first().unwrap().values.to_string();
    assert!(shown.contains("李*"), "{shown}");
    for hidden in ["李建国", "王芳", "李小明", WORKER_NUMBER, "长江路", "50000"] {
        assert!(!shown.contains(hidden), "{hidden}");
    }
}

#[test]
fn a_notice_that_shows_another_household_does_not_count() {
    let mut desk = Fixture::in_state("identifying").unwrap();
    assert_eq!(desk.blockers(Gate::Approve), []);
    let mut smaller = desk.family();
    smaller.members.truncate(2);
    desk.record_household(caseworker(), &smaller).unwrap();
    desk.run("assess").unwrap();
    assert_eq!(desk.blockers(Gate::Approve), [Code::NoticeStale]);
}
