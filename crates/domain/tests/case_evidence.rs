//! The evidence of a case: what each step waits for, and how each piece comes about.
//!
//! 李建国 is the hardship worker, 王芳 his wife, 李小明 their son.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    case::{
        BlockerCode, CaseEvent, CompareReport, Compared, HouseholdGap, NewHousehold, NewVisit,
        NotCounted, NoticeOutcome, VisitFindings, VisitGap, VisitMode, Who,
    },
    decision::Decision,
    event::Event,
    evidence::{ConsentPurpose, Gate, Path},
    identity_number::IdentityNumber,
    ids::{CaseId, PersonId},
    invalid::Invalid,
    person::PartyIdentity,
    rejection::Cause,
    relation::Relation,
};

use common::{
    SON_NUMBER, STRANGER_NUMBER, WORKER_NUMBER,
    casework::{Desk, approver, blocked, cause, civil_affairs, member, reviewer, visit, words},
    caseworker, day, id, identity, names, number, person, signed_in, text,
};

use BlockerCode as Code;

#[test]
fn what_is_missing_of_the_household_is_named_and_blocks() {
    let mut desk = Desk::with_consents();
    desk.run("record_visit").unwrap();
    let mut rest = desk.family();
    rest.contact.address = None;
    rest.money.retired = None;
    rest.members.last_mut().unwrap().money.incomes = None;
    desk.record_household(caseworker(), &rest).unwrap();
    let gaps = desk.case().household.gaps;
    let gaps: Vec<_> = gaps.iter().map(|gap| (gap.missing, gap.person)).collect();
    let expected = [
        (HouseholdGap::Incomes, Some(desk.son())),
        (HouseholdGap::Address, None),
        (HouseholdGap::Standing, None),
    ];
    assert_eq!(gaps, expected);
    assert_eq!(desk.blockers(Gate::Submit), [Code::HouseholdIncomplete]);
    assert_eq!(blocked(desk.submit(caseworker(), Path::Regular)), [Code::HouseholdIncomplete]);
    assert_eq!(cause(desk.assess(caseworker())), Cause::HouseholdIncomplete);

    let mut of_a_son_apart = rest.clone();
    of_a_son_apart.contact = desk.family().contact;
    of_a_son_apart.money = desk.family().money;
    of_a_son_apart.members.last_mut().unwrap().not_counted = Some(NotCounted::LivesApart);
    desk.record_household(caseworker(), &of_a_son_apart).unwrap();
    assert_eq!(desk.case().household.gaps, [], "of a son who does not count nothing is asked");
    desk.submit(caseworker(), Path::Regular).unwrap();
}

#[test]
fn a_household_that_nobody_wrote_down_is_incomplete() {
    let mut desk = Desk::applied();
    let all = [Code::HouseholdIncomplete, Code::ConsentMissing, Code::VisitMissing];
    assert_eq!(desk.blockers(Gate::Submit), all);
    desk.consent(caseworker(), desk.worker()).unwrap();
    assert_eq!(blocked(desk.submit(caseworker(), Path::Regular)), all);
}

#[test]
fn every_member_who_counts_signs_for_every_purpose_of_the_policy() {
    use ConsentPurpose::{Comparison, Processing, Publication, Sensitive};
    let mut desk = Desk::applied();
    desk.run("record_household").unwrap();
    desk.run("record_visit").unwrap();
    let [worker, wife, son] = [desk.worker(), desk.wife(), desk.son()];
    for person in [worker, wife] {
        desk.consent(caseworker(), person).unwrap();
    }
    desk.consent_to(caseworker(), son, &[Processing, Sensitive, Comparison]).unwrap();
    assert_eq!(blocked(desk.submit(caseworker(), Path::Regular)), [Code::ConsentMissing]);
    desk.consent_to(caseworker(), son, &[Publication]).unwrap();
    assert_eq!(desk.blockers(Gate::Submit), []);
    assert_eq!(cause(desk.consent(caseworker(), person(404))), Cause::NotAMember);
    let wrong = |invalid| Cause::Value { pointer: "/purposes", invalid };
    assert_eq!(cause(desk.consent_to(caseworker(), son, &[])), wrong(Invalid::Required));
    let twice = [Publication, Publication];
    assert_eq!(cause(desk.consent_to(caseworker(), son, &twice)), wrong(Invalid::NotDistinct));
}

#[test]
fn a_visit_holds_for_the_policys_days() {
    let mut desk = Desk::with_consents();
    assert_eq!(desk.blockers(Gate::Submit), [Code::VisitMissing]);
    desk.run("record_visit").unwrap();
    assert_eq!(desk.blockers(Gate::Submit), []);
    desk.office.wait(180);
    assert_eq!(desk.blockers(Gate::Submit), []);
    desk.office.wait(1);
    assert_eq!(blocked(desk.submit(caseworker(), Path::Regular)), [Code::VisitExpired]);
    assert_eq!(desk.blockers_on(Path::Emergency, Gate::Submit), [Code::VisitExpired]);
    desk.run("record_visit").unwrap();
    assert_eq!(desk.blockers(Gate::Submit), []);
}

#[test]
fn a_policy_may_ask_for_more_visitors_than_two() {
    let mut desk = Desk::with_consents();
    desk.run("record_visit").unwrap();
    desk.change_policy(2, |policy| policy.visit.min_visitors = 3);
    assert_eq!(desk.blockers(Gate::Submit), [Code::VisitMissing]);
    let visitors = vec![person(90), person(91), person(95)];
    let three = NewVisit { visitors, ..visit(desk.today(), desk.worker()) };
    desk.record_visit(caseworker(), None, &three).unwrap();
    assert_eq!(desk.blockers(Gate::Submit), []);
}

#[test]
fn the_draft_of_a_visit_is_completed_and_a_complete_one_stands() {
    let mut desk = Desk::with_consents();
    let draft = NewVisit {
        visited_on: None,
        mode: VisitMode::Remote,
        visitors: vec![person(90)],
        present_member: None,
        values: VisitFindings { findings: None, remote_reason: None },
    };
    desk.record_visit(caseworker(), None, &draft).unwrap();
    let first = desk.case().evidence.visits.first().unwrap().clone();
    assert_eq!((first.version, first.gaps.as_slice()), (1, VisitGap::ALL));
    assert_eq!(desk.blockers(Gate::Submit), [Code::VisitMissing]);

    let mut remote = NewVisit { mode: VisitMode::Remote, ..visit(desk.today(), desk.wife()) };
    desk.record_visit(caseworker(), Some(first.visit), &remote).unwrap();
    let second = desk.case().evidence.visit(first.visit).unwrap().clone();
    assert_eq!((second.version, second.gaps), (2, vec![VisitGap::RemoteReason]));
    assert_eq!(desk.blockers(Gate::Submit), [Code::VisitMissing]);
    remote.values.remote_reason = Some(text("疫情封控"));
    desk.record_visit(caseworker(), Some(first.visit), &remote).unwrap();
    assert_eq!(desk.blockers(Gate::Submit), []);
    assert_eq!(desk.case().evidence.visits.len(), 1, "one visit, written down three times");

    let again = desk.record_visit(caseworker(), Some(first.visit), &remote);
    assert_eq!(cause(again), Cause::Settled);
    let unknown = id(bangfu_domain::ids::VisitId::from_uuid, 404);
    assert_eq!(cause(desk.record_visit(caseworker(), Some(unknown), &draft)), Cause::Settled);
}

#[test]
fn a_visit_that_makes_no_sense_is_refused() {
    let mut desk = Desk::with_consents();
    let good = visit(desk.today(), desk.worker());
    let tomorrow = desk.today().plus_days(1);
    let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
    let crowd: Vec<PersonId> = (100..111).map(person).collect();
    for (visit, expected) in [
        (
            NewVisit { visited_on: tomorrow, ..good.clone() },
            wrong("/visited_on", Invalid::InFuture),
        ),
        (
            NewVisit { visitors: vec![person(90), person(90)], ..good.clone() },
            wrong("/visitors", Invalid::NotDistinct),
        ),
        (NewVisit { visitors: crowd, ..good.clone() }, wrong("/visitors", Invalid::OutOfRange)),
        (NewVisit { present_member: Some(person(90)), ..good.clone() }, Cause::NotAMember),
    ] {
        assert_eq!(cause(desk.record_visit(caseworker(), None, &visit)), expected);
    }
}

#[test]
fn a_comparison_is_asked_with_everybodys_authorisation_and_number() {
    let mut desk = Desk::applied();
    let mut family = desk.family();
    let son = PartyIdentity { identity_number: None, ..identity("李小明", SON_NUMBER) };
    family.members.last_mut().unwrap().who = Who::New(son);
    desk.record_household(caseworker(), &family).unwrap();
    let [worker, wife, son]: [PersonId; 3] = desk.people().try_into().unwrap();
    for person in [worker, wife] {
        let missing = cause(desk.request_comparison(caseworker()));
        assert_eq!(missing, Cause::ComparisonNotAuthorised { person });
        desk.consent(caseworker(), person).unwrap();
    }
    desk.consent_to(caseworker(), son, &[ConsentPurpose::Processing]).unwrap();
    let missing = cause(desk.request_comparison(caseworker()));
    assert_eq!(missing, Cause::ComparisonNotAuthorised { person: son });
    desk.consent(caseworker(), son).unwrap();
    let missing = cause(desk.request_comparison(caseworker()));
    assert_eq!(missing, Cause::NumberMissing { person: son });

    let named = PartyIdentity { identity_number: None, ..identity("李小明", SON_NUMBER) };
    let known = Who::Known {
        person: son,
        identity: named,
        identity_version: 1,
        adds_number: Some(number(SON_NUMBER)),
    };
    family.members.last_mut().unwrap().who = known;
    let recorded = desk.record_household(caseworker(), &family).unwrap();
    assert_eq!(names(&recorded), ["person.identified", "case.household_recorded"]);
    assert_eq!(held(&recorded).last(), Some(&(son, number(SON_NUMBER))));
    assert_eq!(desk.son(), son);
    desk.request_comparison(caseworker()).unwrap();
    assert_eq!(cause(desk.request_comparison(caseworker())), Cause::ComparisonWaiting);
}

#[test]
fn the_answer_speaks_of_everybody_asked_and_of_nobody_else() {
    let mut desk = Desk::with_consents();
    assert_eq!(cause(desk.answer_comparison(civil_affairs())), Cause::Settled);
    desk.request_comparison(caseworker()).unwrap();
    let [worker, wife, son] = [desk.worker(), desk.wife(), desk.son()];
    for others in [vec![worker, wife], vec![worker, wife, son, person(404)], vec![]] {
        assert_eq!(cause(desk.answer_about(civil_affairs(), &others)), Cause::OtherMembers);
    }
    let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
    let twice = cause(desk.answer_about(civil_affairs(), &[worker, wife, son, son]));
    assert_eq!(twice, wrong("/members", Invalid::NotDistinct));
    let early = Compared {
        report: CompareReport { number: text("HD-2021-0001") },
        compared_on: desk.today().plus_days(1).unwrap(),
        results: Vec::new(),
    };
    assert_eq!(cause(desk.answer_with(civil_affairs(), &early)), Cause::OtherMembers);
    desk.answer_about(civil_affairs(), &[son, worker, wife]).unwrap();
    assert_eq!(cause(desk.answer_comparison(civil_affairs())), Cause::Settled);
}

#[test]
fn a_comparison_holds_for_the_policys_days_and_for_the_members_asked_about() {
    let mut desk = Desk::with_consents();
    desk.run("record_visit").unwrap();
    desk.run("assess").unwrap();
    assert_eq!(desk.blockers(Gate::Review), [Code::ComparisonMissing]);
    desk.request_comparison(caseworker()).unwrap();
    assert_eq!(desk.blockers(Gate::Review), [Code::ComparisonMissing], "nobody has answered");
    desk.answer_comparison(civil_affairs()).unwrap();
    assert_eq!(desk.blockers(Gate::Review), []);
    desk.submit(caseworker(), Path::Regular).unwrap();
    desk.office.wait(181);
    assert_eq!(blocked(desk.review(reviewer())), [Code::ComparisonExpired]);
    desk.run("request_comparison").unwrap();
    desk.run("answer_comparison").unwrap();
    desk.return_for_supplement(reviewer()).unwrap();

    let mut larger = desk.family();
    let mother = Who::New(identity("陈秀英", STRANGER_NUMBER));
    larger.members.push(member(mother, Relation::Parent));
    desk.record_household(caseworker(), &larger).unwrap();
    assert_eq!(desk.blockers(Gate::Review), [Code::ComparisonMissing, Code::AssessmentStale]);
}

#[test]
fn an_assessment_is_of_this_household_and_this_policy() {
    let mut desk = Desk::with_consents();
    desk.run("record_visit").unwrap();
    desk.run("request_comparison").unwrap();
    desk.run("answer_comparison").unwrap();
    assert_eq!(desk.blockers(Gate::Review), [Code::AssessmentMissing]);
    desk.run("assess").unwrap();
    assert_eq!(desk.blockers(Gate::Review), []);
    desk.run("record_household").unwrap();
    assert_eq!(desk.blockers(Gate::Review), [Code::AssessmentStale]);
    desk.run("assess").unwrap();
    desk.change_policy(2, |_| ());
    assert_eq!(desk.blockers(Gate::Review), [Code::AssessmentStale]);
    desk.run("assess").unwrap();
    assert_eq!(desk.blockers(Gate::Review), []);
    desk.change_policy(2, |policy| {
        let regular = policy.evidence.regular.get_mut(3).unwrap();
        regular.valid_days = Some(30);
    });
    desk.office.wait(30);
    assert_eq!(desk.blockers(Gate::Review), []);
    desk.office.wait(1);
    assert_eq!(desk.blockers(Gate::Review), [Code::AssessmentExpired]);
}

#[test]
fn without_a_policy_nothing_goes_on() {
    let mut desk = Desk::with_papers();
    let policy = desk.policy.take();
    for gate in [Gate::Submit, Gate::Review, Gate::Approve, Gate::Relief] {
        assert_eq!(desk.blockers(gate), [Code::NoPolicy]);
    }
    assert_eq!(cause(desk.assess(caseworker())), Cause::NoPolicy);
    assert_eq!(cause(desk.publish_notice(caseworker())), Cause::NoPolicy);
    assert_eq!(blocked(desk.submit(caseworker(), Path::Regular)), [Code::NoPolicy]);
    desk.policy = policy;
    desk.submit(caseworker(), Path::Regular).unwrap();
}

/// Reviewed, and no notice has been published yet.
fn reviewed_without_notice() -> Desk {
    let mut desk = Desk::with_consents();
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
    let mut desk = Desk::applied_on(day("2021-02-05"));
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
    let mut desk = Desk::applied_on(day("2026-12-28"));
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
    let silent = desk.act(caseworker(), |case, ctx| {
        case.close_notice(ctx, notice, NoticeOutcome::Dismissed, None)
    });
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
        let objected = desk.act(caseworker(), |case, ctx| {
            case.object(ctx, notice, on, &words("不符合条件")).map(|(_, it)| it)
        });
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
    let mut desk = Desk::applied();
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
    let mut desk = Desk::with_consents();
    desk.run("request_comparison").unwrap();
    desk.run("answer_comparison").unwrap();
    let published = desk.run("publish_notice").unwrap();
    let shown = published.documents.first().unwrap().values.to_string();
    assert!(shown.contains("李*"), "{shown}");
    for hidden in ["李建国", "王芳", "李小明", WORKER_NUMBER, "长江路", "50000"] {
        assert!(!shown.contains(hidden), "{hidden}");
    }
}

/// Whom a decision lets the case hold.
fn held(decision: &Decision) -> Vec<(PersonId, IdentityNumber)> {
    let holds = decision.holds.iter();
    holds.map(|it| (PersonId::from_uuid(it.subject.id), it.identity_number.clone())).collect()
}

#[test]
fn a_member_who_is_gone_or_does_not_count_is_let_go() {
    let mut desk = Desk::with_consents();
    let [worker, wife, son] = [desk.worker(), desk.wife(), desk.son()];
    let numbers = |desk: &Desk| -> Vec<PersonId> {
        let holds = desk.office.holds_of(desk.id);
        holds.iter().map(|it| PersonId::from_uuid(it.subject.id)).collect()
    };
    assert_eq!(numbers(&desk), [worker, wife, son]);

    let mut apart = desk.family();
    apart.members.last_mut().unwrap().not_counted = Some(NotCounted::Independent);
    let decision = desk.record_household(caseworker(), &apart).unwrap();
    assert_eq!(decision.releases, [desk.id]);
    assert_eq!(held(&decision).iter().map(|it| it.0).collect::<Vec<_>>(), [worker, wife]);
    assert!(desk.office.held_by(&[number(SON_NUMBER)]).is_empty());
    assert!(desk.case().holds(son), "he is a member all the same");

    let mut away = desk.family();
    away.members.truncate(2);
    away.members.first_mut().unwrap().not_counted = Some(NotCounted::Absent);
    desk.record_household(caseworker(), &away).unwrap();
    assert_eq!(numbers(&desk), [worker, wife], "the worker is held in any case");
    assert!(!desk.case().holds(son));
}

#[test]
fn somebody_of_a_household_counts() {
    let mut desk = Desk::with_consents();
    let mut alone = desk.family();
    alone.members.truncate(1);
    alone.members.first_mut().unwrap().not_counted = Some(NotCounted::Deceased);
    let refused = cause(desk.record_household(caseworker(), &alone));
    assert_eq!(refused, Cause::Value { pointer: "/members", invalid: Invalid::OutOfRange });
}

#[test]
fn a_notice_that_shows_another_household_does_not_count() {
    let mut desk = Desk::in_state("identifying").unwrap();
    assert_eq!(desk.blockers(Gate::Approve), []);
    let mut smaller = desk.family();
    smaller.members.truncate(2);
    desk.record_household(caseworker(), &smaller).unwrap();
    desk.run("assess").unwrap();
    assert_eq!(desk.blockers(Gate::Approve), [Code::NoticeStale]);
}

#[test]
fn what_was_gathered_before_a_reopening_is_of_another_application() {
    let mut desk = Desk::in_state("archived").unwrap();
    desk.run("exit").unwrap();
    desk.run("reopen").unwrap();
    let blockers = desk.blockers(Gate::Approve);
    assert_eq!(blockers, [Code::AssessmentMissing, Code::NoticeMissing], "on the very same day");
}

#[test]
fn a_visitor_who_turns_out_to_be_a_relative_does_not_count() {
    let mut desk = Desk::with_consents();
    desk.run("record_visit").unwrap();
    assert_eq!(desk.blockers(Gate::Submit), []);
    let visitor = *desk.case().evidence.visits.last().unwrap().visitors.first().unwrap();
    let related_staff = vec![visitor];
    let family = NewHousehold { related_staff, ..desk.family() };
    desk.record_household(signed_in(95), &family).unwrap();
    assert_eq!(desk.blockers(Gate::Submit), [Code::VisitMissing]);
}

#[test]
fn a_member_whom_another_case_holds_is_refused() {
    let mut desk = Desk::with_consents();
    let case = id(CaseId::from_uuid, 404);
    let mut family = desk.family();
    family.held_by = vec![desk.id, case];
    let refused = cause(desk.record_household(caseworker(), &family));
    assert_eq!(refused, Cause::ActiveCaseExists { case });
}

#[test]
fn the_worker_of_a_household_stays() {
    let mut desk = Desk::with_consents();
    let family = desk.family();
    let mut exchanged = family.clone();
    for member in &mut exchanged.members {
        member.relation = match member.relation {
            Relation::Worker => Relation::Spouse,
            Relation::Spouse => Relation::Worker,
            other => other,
        };
    }
    let mut without = family.clone();
    without.members.remove(0);
    let mut two = family.clone();
    two.members.last_mut().unwrap().relation = Relation::Worker;
    for wrong in [exchanged, without, two] {
        assert_eq!(cause(desk.record_household(caseworker(), &wrong)), Cause::WorkerFixed);
    }
    let mut twice = family.clone();
    twice.members.extend(family.members.last().cloned());
    let distinct = Cause::Value { pointer: "/members", invalid: Invalid::NotDistinct };
    assert_eq!(cause(desk.record_household(caseworker(), &twice)), distinct);
}

#[test]
fn a_reopened_case_is_a_new_application_and_asks_anew() {
    let mut desk = Desk::in_state("reopened").unwrap();
    let all = |desk: &Desk| [Gate::Submit, Gate::Review, Gate::Approve].map(|g| desk.blockers(g));
    let expired = vec![Code::ComparisonExpired, Code::AssessmentMissing];
    let missing = vec![Code::AssessmentMissing, Code::NoticeMissing];
    assert_eq!(all(&desk), [vec![Code::VisitExpired], expired, missing]);
    let evidence = desk.case().evidence;
    assert_eq!((evidence.assessments.len(), evidence.notices.len()), (1, 1), "nothing is lost");
    for command in ["record_visit", "request_comparison", "answer_comparison", "assess", "submit"] {
        desk.run(command).unwrap();
    }
    desk.review(reviewer()).unwrap();
    assert_eq!(blocked(desk.approve(approver())), [Code::NoticeMissing]);
    desk.run("publish_notice").unwrap();
    desk.office.wait(20);
    desk.run("close_notice").unwrap();
    desk.approve(approver()).unwrap();
}

/// Nothing has expired within a month: what a new application needs anew does not hang on its age.
#[test]
fn the_old_assessment_and_notice_do_not_count_however_fresh_they_are() {
    let mut desk = Desk::in_state("archived").unwrap();
    desk.office.wait(20);
    desk.run("exit").unwrap();
    desk.run("reopen").unwrap();
    assert_eq!(desk.blockers(Gate::Submit), [], "visit and consents still hold");
    assert_eq!(desk.blockers(Gate::Review), [Code::AssessmentMissing]);
    assert_eq!(desk.blockers(Gate::Approve), [Code::AssessmentMissing, Code::NoticeMissing]);
}

#[test]
fn words_and_numbers_are_sealed_and_never_in_the_journal() {
    let mut desk = Desk::in_state("returned").unwrap();
    desk.run("object").unwrap_err();
    desk.reject(approver()).unwrap();
    let of_case = desk.office.journal.iter().filter(|(stream, _)| *stream == desk.id.into());
    let mut events = 0;
    for (_, event) in of_case {
        let payload = event.payload().unwrap();
        for personal in
            ["李建国", "王芳", WORKER_NUMBER, "补充收入证明", "收入超过标准", "家徒四壁", "25520"]
        {
            assert!(!payload.contains(personal), "{payload}");
        }
        events += 1;
    }
    assert!(events > 10);
    let last = desk.office.journal.iter().rev().find_map(|(_, event)| match event {
        Event::Case(CaseEvent::Rejected(rejected)) => Some(rejected.remark.remark),
        _ => None,
    });
    assert_eq!(desk.case().remarks.last().copied(), last);
}
