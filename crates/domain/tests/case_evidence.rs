//! The evidence of a case: what each step waits for, and how each piece comes about.
//!
//! 李建国 is the hardship worker, 王芳 his wife, 李小明 their son.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    case::{
        BlockerCode, CaseEvent, CompareReport, Compared, NewHousehold, NewVisit, PartyRef, VisitFindings, VisitGap,
        VisitMode,
    },
    division::Division,
    event::Event,
    evidence::{ConsentPurpose, Gate, Path},
    ids::PersonId,
    invalid::Invalid,
    organization::Organization,
    person::PartyIdentity,
    policy::{DecidingDay, PolicyDocument},
    rejection::Cause,
    relation::Relation,
};

use common::{
    SON_NUMBER, STRANGER_NUMBER, WORKER_NUMBER,
    casework::{Fixture, approver, blocked, cause, civil_affairs, held, member, reviewer, visit},
    caseworker, city, day, district, id, identity, names, number, person,
    policy::sample,
    signed_in, street, text,
};

use BlockerCode as Code;

#[test]
fn every_member_who_counts_signs_for_every_purpose_of_the_policy() {
    use ConsentPurpose::{Comparison, Processing, Publication, Sensitive};
    let mut fixture = Fixture::applied();
    fixture.run("record_household").unwrap();
    fixture.run("record_visit").unwrap();
    let [worker, wife, son] = [fixture.worker(), fixture.wife(), fixture.son()];
    for person in [worker, wife] {
        fixture.consent(caseworker(), person).unwrap();
    }
    fixture.consent_to(caseworker(), son, &[Processing, Sensitive, Comparison]).unwrap();
    assert_eq!(blocked(fixture.submit(caseworker(), Path::Regular)), [Code::ConsentMissing]);
    fixture.consent_to(caseworker(), son, &[Publication]).unwrap();
    assert_eq!(fixture.blockers(Gate::Submit), []);
    assert_eq!(cause(fixture.consent(caseworker(), person(404))), Cause::NotAMember);
    let wrong = |invalid| Cause::Value { pointer: "/purposes", invalid };
    assert_eq!(cause(fixture.consent_to(caseworker(), son, &[])), wrong(Invalid::Required));
    let twice = [Publication, Publication];
    assert_eq!(cause(fixture.consent_to(caseworker(), son, &twice)), wrong(Invalid::NotDistinct));
}

#[test]
fn a_visit_holds_for_the_policys_days() {
    let mut fixture = Fixture::with_consents();
    assert_eq!(fixture.blockers(Gate::Submit), [Code::VisitMissing]);
    fixture.run("record_visit").unwrap();
    assert_eq!(fixture.blockers(Gate::Submit), []);
    fixture.office.wait(180);
    assert_eq!(fixture.blockers(Gate::Submit), []);
    fixture.office.wait(1);
    assert_eq!(blocked(fixture.submit(caseworker(), Path::Regular)), [Code::VisitExpired]);
    assert_eq!(fixture.blockers_on(Path::Emergency, Gate::Submit), [Code::VisitExpired]);
    fixture.run("record_visit").unwrap();
    assert_eq!(fixture.blockers(Gate::Submit), []);
}

#[test]
fn a_policy_may_ask_for_more_visitors_than_two() {
    let mut fixture = Fixture::with_consents();
    fixture.run("record_visit").unwrap();
    fixture.change_policy(2, |policy| policy.visit.min_visitors = 3);
    assert_eq!(fixture.blockers(Gate::Submit), [Code::VisitMissing]);
    let visitors = vec![person(90), person(91), person(95)];
    let three = NewVisit { visitors, ..visit(fixture.today(), fixture.worker()) };
    fixture.record_visit(caseworker(), None, &three).unwrap();
    assert_eq!(fixture.blockers(Gate::Submit), []);
}

#[test]
fn the_draft_of_a_visit_is_completed_and_a_complete_one_stands() {
    let mut fixture = Fixture::with_consents();
    let draft = NewVisit {
        visited_on: None,
        mode: VisitMode::Remote,
        visitors: vec![person(90)],
        present_member: None,
        values: VisitFindings { findings: None, remote_reason: None },
    };
    fixture.record_visit(caseworker(), None, &draft).unwrap();
    let first = fixture.case().evidence.visits.first().unwrap().clone();
    assert_eq!((first.version, first.gaps.as_slice()), (1, VisitGap::ALL));
    assert_eq!(fixture.blockers(Gate::Submit), [Code::VisitMissing]);

    let mut remote = NewVisit { mode: VisitMode::Remote, ..visit(fixture.today(), fixture.wife()) };
    fixture.record_visit(caseworker(), Some(first.visit), &remote).unwrap();
    let second = fixture.case().evidence.visit(first.visit).unwrap().clone();
    assert_eq!((second.version, second.gaps), (2, vec![VisitGap::RemoteReason]));
    assert_eq!(fixture.blockers(Gate::Submit), [Code::VisitMissing]);
    remote.values.remote_reason = Some(text("疫情封控"));
    fixture.record_visit(caseworker(), Some(first.visit), &remote).unwrap();
    assert_eq!(fixture.blockers(Gate::Submit), []);
    assert_eq!(fixture.case().evidence.visits.len(), 1, "one visit, written down three times");

    let again = fixture.record_visit(caseworker(), Some(first.visit), &remote);
    assert_eq!(cause(again), Cause::Settled);
    let unknown = id(bangfu_domain::ids::VisitId::from_uuid, 404);
    assert_eq!(cause(fixture.record_visit(caseworker(), Some(unknown), &draft)), Cause::Settled);
}

#[test]
fn a_visit_that_makes_no_sense_is_refused() {
    let mut fixture = Fixture::with_consents();
    let good = visit(fixture.today(), fixture.worker());
    let tomorrow = fixture.today().plus_days(1);
    let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
    let crowd: Vec<PersonId> = (100..111).map(person).collect();
    for (visit, expected) in [
        (NewVisit { visited_on: tomorrow, ..good.clone() }, wrong("/visited_on", Invalid::InFuture)),
        (NewVisit { visitors: vec![person(90), person(90)], ..good.clone() }, wrong("/visitors", Invalid::NotDistinct)),
        (NewVisit { visitors: crowd, ..good.clone() }, wrong("/visitors", Invalid::OutOfRange)),
        (NewVisit { present_member: Some(person(90)), ..good.clone() }, Cause::NotAMember),
    ] {
        assert_eq!(cause(fixture.record_visit(caseworker(), None, &visit)), expected);
    }
}

#[test]
fn a_comparison_is_asked_with_everybodys_authorisation_and_number() {
    let mut fixture = Fixture::applied();
    let mut family = fixture.family();
    let son = PartyIdentity { identity_number: None, ..identity("李小明", SON_NUMBER) };
    family.members.last_mut().unwrap().who = PartyRef::New(son);
    fixture.record_household(caseworker(), &family).unwrap();
    let [worker, wife, son]: [PersonId; 3] = fixture.people().try_into().unwrap();
    for person in [worker, wife] {
        let missing = cause(fixture.request_comparison(caseworker()));
        assert_eq!(missing, Cause::ComparisonNotAuthorised { person });
        fixture.consent(caseworker(), person).unwrap();
    }
    fixture.consent_to(caseworker(), son, &[ConsentPurpose::Processing]).unwrap();
    let missing = cause(fixture.request_comparison(caseworker()));
    assert_eq!(missing, Cause::ComparisonNotAuthorised { person: son });
    fixture.consent(caseworker(), son).unwrap();
    let missing = cause(fixture.request_comparison(caseworker()));
    assert_eq!(missing, Cause::NumberMissing { person: son });

    let named = PartyIdentity { identity_number: None, ..identity("李小明", SON_NUMBER) };
    let known =
        PartyRef::Known { person: son, identity: named, identity_version: 1, adds_number: Some(number(SON_NUMBER)) };
    family.members.last_mut().unwrap().who = known;
    let recorded = fixture.record_household(caseworker(), &family).unwrap();
    assert_eq!(names(&recorded), ["person.identified", "case.household_recorded"]);
    assert_eq!(held(&recorded).last(), Some(&(son, number(SON_NUMBER))));
    assert_eq!(fixture.son(), son);
    fixture.request_comparison(caseworker()).unwrap();
    assert_eq!(cause(fixture.request_comparison(caseworker())), Cause::ComparisonWaiting);
}

#[test]
fn the_answer_speaks_of_everybody_asked_and_of_nobody_else() {
    let mut fixture = Fixture::with_consents();
    assert_eq!(cause(fixture.answer_comparison(civil_affairs())), Cause::Settled);
    fixture.request_comparison(caseworker()).unwrap();
    let [worker, wife, son] = [fixture.worker(), fixture.wife(), fixture.son()];
    for others in [vec![worker, wife], vec![worker, wife, son, person(404)], vec![]] {
        assert_eq!(cause(fixture.answer_about(civil_affairs(), &others)), Cause::OtherMembers);
    }
    let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
    let twice = cause(fixture.answer_about(civil_affairs(), &[worker, wife, son, son]));
    assert_eq!(twice, wrong("/members", Invalid::NotDistinct));
    let early = Compared {
        report: CompareReport { number: text("HD-2021-0001") },
        compared_on: fixture.today().plus_days(1).unwrap(),
        results: Vec::new(),
    };
    assert_eq!(cause(fixture.answer_with(civil_affairs(), &early)), Cause::OtherMembers);
    fixture.answer_about(civil_affairs(), &[son, worker, wife]).unwrap();
    assert_eq!(cause(fixture.answer_comparison(civil_affairs())), Cause::Settled);
}

#[test]
fn a_comparison_holds_for_the_policys_days_and_for_the_members_asked_about() {
    let mut fixture = Fixture::with_consents();
    fixture.run("record_visit").unwrap();
    fixture.run("assess").unwrap();
    assert_eq!(fixture.blockers(Gate::Review), [Code::ComparisonMissing]);
    fixture.request_comparison(caseworker()).unwrap();
    assert_eq!(fixture.blockers(Gate::Review), [Code::ComparisonMissing], "nobody has answered");
    fixture.answer_comparison(civil_affairs()).unwrap();
    assert_eq!(fixture.blockers(Gate::Review), []);
    fixture.submit(caseworker(), Path::Regular).unwrap();
    fixture.office.wait(181);
    assert_eq!(blocked(fixture.review(reviewer())), [Code::ComparisonExpired]);
    fixture.run("request_comparison").unwrap();
    fixture.run("answer_comparison").unwrap();
    fixture.return_for_supplement(reviewer()).unwrap();

    let mut larger = fixture.family();
    let mother = PartyRef::New(identity("陈秀英", STRANGER_NUMBER));
    larger.members.push(member(mother, Relation::Parent));
    fixture.record_household(caseworker(), &larger).unwrap();
    assert_eq!(fixture.blockers(Gate::Review), [Code::ComparisonMissing, Code::AssessmentStale]);
}

#[test]
fn an_assessment_is_of_this_household_and_this_policy() {
    let mut fixture = Fixture::with_consents();
    fixture.run("record_visit").unwrap();
    fixture.run("request_comparison").unwrap();
    fixture.run("answer_comparison").unwrap();
    assert_eq!(fixture.blockers(Gate::Review), [Code::AssessmentMissing]);
    fixture.run("assess").unwrap();
    assert_eq!(fixture.blockers(Gate::Review), []);
    fixture.run("record_household").unwrap();
    assert_eq!(fixture.blockers(Gate::Review), [Code::AssessmentStale]);
    fixture.run("assess").unwrap();
    fixture.change_policy(2, |_| ());
    assert_eq!(fixture.blockers(Gate::Review), [Code::AssessmentStale]);
    fixture.run("assess").unwrap();
    assert_eq!(fixture.blockers(Gate::Review), []);
    fixture.change_policy(2, |policy| {
        let regular = policy.evidence.regular.get_mut(3).unwrap();
        regular.valid_days = Some(30);
    });
    fixture.office.wait(30);
    assert_eq!(fixture.blockers(Gate::Review), []);
    fixture.office.wait(1);
    assert_eq!(fixture.blockers(Gate::Review), [Code::AssessmentExpired]);
}

#[test]
fn without_a_policy_nothing_goes_on() {
    let mut fixture = Fixture::with_papers();
    let policy = fixture.policy.take();
    for gate in [Gate::Submit, Gate::Review, Gate::Approve, Gate::Relief] {
        assert_eq!(fixture.blockers(gate), [Code::NoPolicy]);
    }
    assert_eq!(cause(fixture.assess(caseworker())), Cause::NoPolicy);
    assert_eq!(cause(fixture.publish_notice(caseworker())), Cause::NoPolicy);
    assert_eq!(blocked(fixture.submit(caseworker(), Path::Regular)), [Code::NoPolicy]);
    fixture.policy = policy;
    fixture.submit(caseworker(), Path::Regular).unwrap();
}

#[test]
fn what_was_gathered_before_a_reopening_is_of_another_application() {
    let mut fixture = Fixture::in_state("enrolled").unwrap();
    fixture.run("exit").unwrap();
    fixture.run("reopen").unwrap();
    let blockers = fixture.blockers(Gate::Approve);
    assert_eq!(blockers, [Code::AssessmentMissing, Code::NoticeMissing], "on the very same day");
}

#[test]
fn a_visitor_who_turns_out_to_be_a_relative_does_not_count() {
    let mut fixture = Fixture::with_consents();
    fixture.run("record_visit").unwrap();
    assert_eq!(fixture.blockers(Gate::Submit), []);
    let visitor = *fixture.case().evidence.visits.last().unwrap().visitors.first().unwrap();
    let related_staff = vec![visitor];
    let family = NewHousehold { related_staff, ..fixture.family() };
    fixture.record_household(signed_in(95), &family).unwrap();
    assert_eq!(fixture.blockers(Gate::Submit), [Code::VisitMissing]);
}

#[test]
fn a_reopened_case_is_a_new_application_and_asks_anew() {
    let mut fixture = Fixture::in_state("reopened").unwrap();
    let all = |fixture: &Fixture| [Gate::Submit, Gate::Review, Gate::Approve].map(|g| fixture.blockers(g));
    let expired = vec![Code::ComparisonExpired, Code::AssessmentMissing];
    let missing = vec![Code::AssessmentMissing, Code::NoticeMissing];
    assert_eq!(all(&fixture), [vec![Code::VisitExpired], expired, missing]);
    let evidence = fixture.case().evidence;
    assert_eq!((evidence.assessments.len(), evidence.notices.len()), (1, 1), "nothing is lost");
    for command in ["record_visit", "request_comparison", "answer_comparison", "assess", "submit"] {
        fixture.run(command).unwrap();
    }
    fixture.review(reviewer()).unwrap();
    assert_eq!(blocked(fixture.approve(approver())), [Code::NoticeMissing]);
    fixture.run("publish_notice").unwrap();
    fixture.office.wait(20);
    fixture.run("close_notice").unwrap();
    fixture.approve(approver()).unwrap();
}

/// Nothing has expired within a month: what a new application needs anew does not hang on its age.
#[test]
fn the_old_assessment_and_notice_do_not_count_however_fresh_they_are() {
    let mut fixture = Fixture::in_state("enrolled").unwrap();
    fixture.office.wait(20);
    fixture.run("exit").unwrap();
    fixture.run("reopen").unwrap();
    assert_eq!(fixture.blockers(Gate::Submit), [], "visit and consents still hold");
    assert_eq!(fixture.blockers(Gate::Review), [Code::AssessmentMissing]);
    assert_eq!(fixture.blockers(Gate::Approve), [Code::AssessmentMissing, Code::NoticeMissing]);
}

#[test]
fn words_and_numbers_are_sealed_and_never_in_the_journal() {
    let mut fixture = Fixture::in_state("returned").unwrap();
    fixture.run("object").unwrap_err();
    fixture.reject(approver()).unwrap();
    let of_case = fixture.office.journal.iter().filter(|(stream, _)| *stream == fixture.id.into());
    let mut events = 0;
    for (_, event) in of_case {
        let payload = event.payload().unwrap();
        for personal in ["李建国", "王芳", WORKER_NUMBER, "补充收入证明", "收入超过标准", "家徒四壁", "25520"]
        {
            assert!(!payload.contains(personal), "{payload}");
        }
        events += 1;
    }
    assert!(events > 10);
    let last = fixture.office.journal.iter().rev().find_map(|(_, event)| match event {
        Event::Case(CaseEvent::Rejected(rejected)) => Some(rejected.remark.remark),
        _ => None,
    });
    assert_eq!(fixture.case().remarks.last().copied(), last);
}

#[test]
fn a_household_is_assessed_by_the_policy_of_its_application_or_of_today() {
    let (applied, today) = (day("2021-03-01"), day("2021-05-01"));
    let document = sample().document;
    assert_eq!(document.deciding_day(applied, today), applied);
    let document = PolicyDocument { deciding_day: DecidingDay::Assessment, ..document };
    assert_eq!(document.deciding_day(applied, today), today);
}

#[test]
fn a_household_lies_in_the_division_of_its_organization_or_of_the_nearest_one_above() {
    let division = |code: &str| Some(Division::parse(code).unwrap());
    let of_city = Organization { division: division("340700"), ..city() };
    let of_district = Organization { division: division("340705"), ..district() };
    let own = Organization { division: division("340706"), ..street() };
    assert_eq!(own.nearest_division(&[of_city.clone(), of_district.clone()]), division("340706"));
    assert_eq!(street().nearest_division(&[of_city.clone(), of_district]), division("340705"));
    assert_eq!(street().nearest_division(&[of_city, district()]), division("340700"));
    assert_eq!(street().nearest_division(&[city(), district()]), None);
}
