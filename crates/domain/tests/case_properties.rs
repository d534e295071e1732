//! What holds for a case whatever people do, in whatever order and however long they wait.
//!
//! What must hold is worked out from the journal, not by the code that decides.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use std::collections::BTreeSet;

use bangfu_domain::{
    actor::Actor,
    case::{
        Case, CaseCommand, CaseEvent, CompareReport, Compared, ExitReason, NewHousehold, NewVisit, NotCounted,
        NoticeOutcome, PartyRef,
    },
    evidence::{ConsentPurpose, Gate, Path},
    hardship::HardshipCategory,
    ids::PersonId,
    organization::OrganizationLevel,
    person::PartyIdentity,
    rejection::{Cause, Rejection},
    relation::Relation,
};
use proptest::{
    collection::vec,
    option,
    prelude::{Just, ProptestConfig, Strategy, any},
    prop_assert, prop_assert_eq, prop_oneof, proptest,
    sample::select,
    test_runner::TestCaseError,
};

use common::{
    STRANGER_NUMBER, acting,
    case_history::{CaseHistory, Papers, concerned, duties},
    casework::{
        Fixture, approver, cancelled, civil_affairs, colleague, lifted, member, nothing_found, reviewer, visit, words,
    },
    caseworker, identity, person, text,
};

/// Of the staff, 94 is a brother of the worker: now and then he is written into the household.
const STAFF: std::ops::Range<u128> = 90..96;
const BROTHER: u128 = 94;

/// An action.
#[derive(Debug, Clone)]
enum Action {
    Household { brother: bool, anonymous: bool, counted: [bool; 3], gap: bool, related: Vec<PersonId> },
    Consent { nth: usize, purposes: Vec<ConsentPurpose> },
    Visit { nth: Option<usize>, visitors: Vec<PersonId>, found: bool, days_ago: i32 },
    Ask,
    Answer { left_out: bool, days_ago: i32 },
    Assess,
    Publish,
    Object,
    Close(NoticeOutcome),
    Submit(Path),
    Return,
    Review,
    Approve { category: Option<HardshipCategory>, explained: bool, level: OrganizationLevel },
    Reject,
    Withdraw,
    Exit { reason: ExitReason },
    Reopen,
}

/// Where a history begins. It comes to the other states by itself. `signed` is a case of which nothing but
/// the household and its consents is there.
const STARTS: [&str; 11] = [
    "applied",
    "signed",
    "signed",
    "signed",
    "identifying",
    "under_review",
    "reviewed",
    "returned",
    "enrolled",
    "exited",
    "reopened",
];

/// Who does something, where not the one whose duty it is, how many days later, and what: the first action
/// that the state permits, or else the last.
#[derive(Debug, Clone)]
struct Step {
    by: Option<Actor>,
    days: i64,
    actions: Vec<Action>,
}

impl Step {
    fn action(&self, case: &Case) -> &Action {
        let mut actions = self.actions.iter();
        actions.find(|action| case.permits(action.command())).or(self.actions.last()).unwrap()
    }
}

fn staff() -> impl Strategy<Value = PersonId> {
    STAFF.prop_map(person)
}

fn a_household() -> impl Strategy<Value = Action> {
    let often = |yes: u32, no: u32| prop_oneof![yes => Just(true), no => Just(false)];
    let counted = [often(9, 1), often(9, 1), often(9, 1)];
    (often(1, 4), often(1, 9), counted, often(1, 4), vec(staff(), 0..2)).prop_map(
        |(brother, anonymous, counted, gap, related)| Action::Household { brother, anonymous, counted, gap, related },
    )
}

fn a_paper() -> impl Strategy<Value = Action> {
    let all = Just(ConsentPurpose::ALL.to_vec());
    let purposes = prop_oneof![3 => all, 1 => vec(select(ConsentPurpose::ALL), 0..4)];
    let visitors = prop_oneof![
        3 => Just(vec![person(90), person(91)]),
        2 => vec(staff(), 0..4),
    ];
    let days_ago = || prop_oneof![4 => 0..9_i32, 1 => -1..400_i32];
    let visit = (option::weighted(0.3, 0..3_usize), visitors, any::<bool>(), days_ago());
    prop_oneof![
        3 => (0..5_usize, purposes).prop_map(|(nth, purposes)| Action::Consent { nth, purposes }),
        3 => visit.prop_map(|(nth, visitors, found, days_ago)| {
            Action::Visit { nth, visitors, found, days_ago }
        }),
        2 => Just(Action::Ask),
        2 => (0..5_u8, days_ago())
            .prop_map(|(n, days_ago)| Action::Answer { left_out: n == 0, days_ago }),
        3 => Just(Action::Assess),
        2 => Just(Action::Publish),
        1 => Just(Action::Object),
        3 => select(NoticeOutcome::ALL).prop_map(Action::Close),
    ]
}

fn a_decision() -> impl Strategy<Value = Action> {
    let level = prop_oneof![3 => Just(OrganizationLevel::County), 1 => select(OrganizationLevel::ALL)];
    let category = option::weighted(0.3, select(HardshipCategory::ALL));
    prop_oneof![
        6 => select(Path::ALL).prop_map(Action::Submit),
        2 => Just(Action::Return),
        6 => Just(Action::Review),
        6 => (category, any::<bool>(), level)
            .prop_map(|(category, explained, level)| Action::Approve { category, explained, level }),
        1 => Just(Action::Reject),
        1 => Just(Action::Withdraw),
        2 => select(ExitReason::ALL).prop_map(|reason| Action::Exit { reason }),
        3 => Just(Action::Reopen),
    ]
}

fn a_step() -> impl Strategy<Value = Step> {
    let machine = select(vec![Actor::System, civil_affairs()]);
    let by = prop_oneof![
        6 => Just(None),
        4 => staff().prop_map(|person| Some(acting(person))),
        1 => machine.prop_map(Some),
    ];
    let days = prop_oneof![6 => Just(0), 3 => 1..12_i64, 1 => 12..400_i64];
    let action = prop_oneof![1 => a_household(), 6 => a_paper(), 4 => a_decision()];
    (by, days, vec(action, 1..6)).prop_map(|(by, days, actions)| Step { by, days, actions })
}

impl Action {
    fn command(&self) -> CaseCommand {
        match self {
            Action::Household { .. } => CaseCommand::RecordHousehold,
            Action::Consent { .. } => CaseCommand::RecordConsent,
            Action::Visit { .. } => CaseCommand::RecordVisit,
            Action::Ask => CaseCommand::RequestComparison,
            Action::Answer { .. } => CaseCommand::AnswerComparison,
            Action::Assess => CaseCommand::Assess,
            Action::Publish => CaseCommand::PublishNotice,
            Action::Object => CaseCommand::Object,
            Action::Close(_) => CaseCommand::CloseNotice,
            Action::Submit(_) => CaseCommand::Submit,
            Action::Return => CaseCommand::Return,
            Action::Review => CaseCommand::Review,
            Action::Approve { .. } => CaseCommand::Approve,
            Action::Reject => CaseCommand::Reject,
            Action::Withdraw => CaseCommand::Withdraw,
            Action::Exit { .. } => CaseCommand::Exit,
            Action::Reopen => CaseCommand::Reopen,
        }
    }

    /// Whose duty it is.
    fn usually_by(&self) -> Actor {
        match self {
            Action::Answer { .. } => civil_affairs(),
            Action::Return | Action::Review => reviewer(),
            Action::Approve { .. } | Action::Reject | Action::Exit { .. } => approver(),
            Action::Object | Action::Close(_) => colleague(),
            _ => caseworker(),
        }
    }
}

/// The family, with the brother or without, and a person without a known number.
fn household(fixture: &Fixture, brother: bool, anonymous: bool, counted: [bool; 3], gap: bool) -> NewHousehold {
    let mut members = fixture.family().members;
    for (member, counted) in members.iter_mut().zip(counted) {
        member.not_counted = (!counted).then_some(NotCounted::LivesApart);
    }
    if brother {
        let who = fixture.who(identity("李建军", STRANGER_NUMBER));
        members.push(member(who, Relation::Sibling));
    }
    if anonymous {
        let nameless = PartyIdentity { identity_number: None, ..identity("李氏", STRANGER_NUMBER) };
        members.push(member(PartyRef::New(nameless), Relation::Other));
    }
    let mut household = fixture.household(members);
    if gap {
        household.contact.address = None;
    }
    household
}

fn take(fixture: &mut Fixture, by: Actor, action: &Action) -> Result<(), Rejection> {
    let (today, case, policy) = (fixture.today(), fixture.case(), fixture.policy);
    let ago = |days: i32| today.plus_days(-days).unwrap();
    let decided = match action {
        Action::Household { brother, anonymous, counted, gap, related } => {
            let mut new = household(fixture, *brother, *anonymous, *counted, *gap);
            new.related_staff.clone_from(related);
            fixture.record_household(by, &new)
        }
        Action::Consent { nth, purposes } => {
            let person = fixture.people().get(*nth).copied().unwrap_or(person(404));
            fixture.consent_to(by, person, purposes)
        }
        Action::Visit { nth, visitors, found, days_ago } => {
            let draft = nth.and_then(|nth| Some(case.evidence.visits.get(nth)?.visit));
            let visitors = visitors.clone();
            let mut new = NewVisit { visitors, ..visit(ago(*days_ago), fixture.worker()) };
            new.values.findings = new.values.findings.filter(|_| *found);
            fixture.record_visit(by, draft, &new)
        }
        Action::Ask => fixture.request_comparison(by),
        Action::Answer { left_out, days_ago } => {
            let last = case.evidence.comparisons.last();
            let asked = last.map(|it| it.request.members.clone()).unwrap_or_default();
            let about = asked.into_iter().skip(usize::from(*left_out));
            let compared = Compared {
                report: CompareReport { number: text("HD-2021-0001") },
                compared_on: ago(*days_ago),
                results: about.map(|person| (person, nothing_found())).collect(),
            };
            fixture.answer_with(by, &compared)
        }
        Action::Assess => fixture.assess(by),
        Action::Publish => fixture.publish_notice(by),
        Action::Object => fixture.object(by),
        Action::Close(outcome) => fixture.close_notice(by, *outcome),
        Action::Submit(path) => fixture.submit(by, *path),
        Action::Return => fixture.return_for_supplement(by),
        Action::Review => fixture.review(by),
        Action::Approve { category, explained, level } => {
            let why = explained.then(|| words("情况特殊"));
            fixture.act(by, |case, ctx| case.approve(ctx, policy, *category, why.as_ref(), *level))
        }
        Action::Reject => fixture.reject(by),
        Action::Withdraw => fixture.withdraw(by),
        Action::Exit { reason: ExitReason::Lifted } => fixture.exit(by, &lifted()),
        Action::Exit { reason } => fixture.exit(by, &cancelled(*reason)),
        Action::Reopen => fixture.reopen(by),
    };
    decided.map(|_| ())
}

/// A case passes a gate with what the policy asks for there, and is enrolled with all of it.
fn has_its_papers(fixture: &Fixture, last: &CaseEvent, history: &[CaseEvent]) -> Result<(), TestCaseError> {
    let gate = match last {
        CaseEvent::Submitted(_) => Gate::Submit,
        CaseEvent::Reviewed(_) => Gate::Review,
        CaseEvent::Approved(_) => Gate::Approve,
        _ => return Ok(()),
    };
    let mut latest = history.iter().chain([last]).rev();
    let path = latest.find_map(|event| match event {
        CaseEvent::Submitted(e) => Some(e.path),
        _ => None,
    });
    let policy = fixture.policy.unwrap().document;
    let papers = Papers { events: history, policy };
    for demand in policy.evidence.of(path.unwrap()) {
        let since = demand.valid_days.map(|days| fixture.today().plus_days(-i32::from(days)).unwrap());
        if demand.blocks.contains(&gate) {
            prop_assert!(papers.have(demand.evidence, since), "{gate} without {}", demand.evidence);
        }
        let decides = demand.blocks.iter().any(|gate| *gate != Gate::Relief);
        if gate == Gate::Approve && decides {
            prop_assert!(papers.have(demand.evidence, None), "enrolled without {}", demand.evidence);
        }
    }
    Ok(())
}

/// An active case holds the numbers of its worker and of everybody who counts; another one nobody's.
fn holds_its_people(fixture: &Fixture) -> Result<(), TestCaseError> {
    let case = fixture.case();
    let number = |person| fixture.office.identity(person)?.identity_number;
    let mut expected: Vec<_> = case
        .household
        .identified_members()
        .filter(|_| case.state.is_active())
        .filter_map(|person| Some((person.as_uuid(), number(person)?.as_str().to_owned())))
        .collect();
    let holds = fixture.office.holds_of(fixture.id);
    let mut held: Vec<_> = holds.iter().map(|it| (it.subject.id, it.identity_number.as_str().to_owned())).collect();
    expected.sort_unstable();
    held.sort_unstable();
    prop_assert_eq!(held, expected);
    Ok(())
}

/// Whether a property holds.
type Held = Result<(), TestCaseError>;

/// The properties that must hold after a permitted command, which is the last event.
fn allowed(fixture: &Fixture, before: &Case, events: &[CaseEvent], by: Actor, action: &Action) -> Held {
    prop_assert!(before.permits(action.command()));
    let (last, history) = events.split_last().unwrap();
    let own = concerned(history);
    if let Some(person) = by.person() {
        prop_assert!(!own.contains(&person), "someone acted in their own matter");
        prop_assert!(before.is_open_to(person, action.command()));
        prop_assert!(!fixture.case().has_member(person), "nobody writes themselves in");
    } else {
        prop_assert_eq!(action.command(), CaseCommand::AnswerComparison);
    }
    if let CaseEvent::VisitRecorded(visit) = last {
        prop_assert!(visit.visitors.iter().all(|visitor| !own.contains(visitor)));
    }
    for (round, duties) in duties(events) {
        let people: BTreeSet<PersonId> = duties.iter().map(|(person, _)| *person).collect();
        prop_assert_eq!(people.len(), duties.len(), "two duties in round {}", round);
    }
    has_its_papers(fixture, last, history)
}

fn refused(before: &Case, by: Actor, action: &Action, rejection: &Rejection) -> Held {
    prop_assert_eq!(rejection.state, before.state.code());
    prop_assert_eq!(rejection.command, action.command().code());
    let wrong_state = rejection.cause == Cause::WrongState;
    prop_assert_eq!(wrong_state, !before.permits(action.command()));
    let open_to = |person| before.is_open_to(person, action.command());
    if by.person().is_some_and(|person| !open_to(person)) {
        let says_why =
            matches!(rejection.cause, Cause::WrongState | Cause::OwnMatter | Cause::DutyConflict | Cause::Settled);
        prop_assert!(says_why, "refused for {}", rejection.cause);
    }
    Ok(())
}

fn history_of_a_case(start: &str, steps: &[Step]) -> Held {
    let mut fixture = match start {
        "signed" => Fixture::with_consents(),
        state => Fixture::in_state(state).unwrap(),
    };
    fixture.office.introduce(person(BROTHER), identity("李建军", STRANGER_NUMBER));
    let mut told = CaseHistory::default();
    told.read_on(&fixture);
    for step in steps {
        fixture.office.wait(step.days);
        let (before, written) = (fixture.case(), told.events.len());
        let action = step.action(&before);
        let by = step.by.unwrap_or(action.usually_by());
        let outcome = take(&mut fixture, by, action);
        told.read_on(&fixture);
        match outcome {
            Ok(()) => {
                prop_assert_eq!(told.events.len(), written + 1, "one event of each command");
                allowed(&fixture, &before, &told.events, by, action)?;
            }
            Err(rejection) => {
                prop_assert_eq!(told.events.len(), written);
                refused(&before, by, action, &rejection)?;
            }
        }
        prop_assert_eq!(told.case.as_ref(), Some(&fixture.case()), "the journal tells the same");
        holds_its_people(&fixture)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn no_history_of_a_case_breaks_its_rules(
        start in select(&STARTS[..]),
        steps in vec(a_step(), 0..24),
    ) {
        history_of_a_case(start, &steps)?;
    }
}
