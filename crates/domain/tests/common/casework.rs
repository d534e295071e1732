//! Casework 帮扶: the staff of a small office, and the case of a family with every paper that it needs.
//!
//! The hospital referred 王芳, whose husband 李建国 is the hardship worker. 李小明 is their son. They live
//! on 50 000 yuan a year, of which her illness takes 25 520: exactly the sample's line of deep hardship.

mod commands;

use std::sync::LazyLock;

use bangfu_domain::{
    actor::Actor,
    case::{
        BenefitStatus, BlockerCode, Case, CaseState, Causes, CompareResult, DecidingPolicy, Exit, ExitReason, Expense,
        ExpenseKind, HouseholdContact, HouseholdMoney, Income, IncomeKind, MemberMoney, NewHousehold, NewMember,
        NewVisit, NoticeOutcome, PartyRef, VisitFindings, VisitMode,
    },
    decision::Decision,
    evidence::{Gate, Path},
    hardship::HardshipCause,
    identity_number::IdentityNumber,
    ids::{CaseId, ClientId, PersonId, PolicyId},
    money::Fen,
    person::PartyIdentity,
    policy::PolicyDocument,
    referral::{Progress, Referral, ReferralState},
    rejection::{Cause, Rejection},
    relation::Relation,
    relief::Relief,
    remark::RemarkText,
    time::Day,
};

use super::{
    PATIENT_NUMBER, SON_NUMBER, WORKER_NUMBER, caseworker, documents_of_spouse, id, identity, office::Office,
    policy::sample, signed_in, street, text, today,
};

static SAMPLE: LazyLock<PolicyDocument> = LazyLock::new(|| sample().document);

/// A colleague of the caseworker, who may submit what the other registered.
pub fn colleague() -> Actor {
    signed_in(91)
}

/// The reviewer 审核人.
pub fn reviewer() -> Actor {
    signed_in(92)
}

/// The approver 审批人, of the district.
pub fn approver() -> Actor {
    signed_in(93)
}

/// The civil-affairs office's machine.
pub fn civil_affairs() -> Actor {
    Actor::Client(id(ClientId::from_uuid, 61))
}

/// Two who visit.
pub fn visitors() -> Vec<PersonId> {
    [caseworker(), colleague()].iter().filter_map(Actor::person).collect()
}

pub fn yuan(text: &str) -> Fen {
    Fen::parse_yuan(text).unwrap()
}

pub fn words(words: &str) -> RemarkText {
    RemarkText { text: text(words) }
}

/// A member of whom everything is known.
pub fn member(who: PartyRef, relation: Relation) -> NewMember {
    NewMember {
        who,
        relation,
        not_counted: None,
        school_stage: None,
        contact: None,
        health: None,
        money: MemberMoney { incomes: Some(Vec::new()), expenses: Some(Vec::new()) },
    }
}

/// A visit with all that it needs.
pub fn visit(on: Day, present: PersonId) -> NewVisit {
    NewVisit {
        visited_on: Some(on),
        mode: VisitMode::Home,
        visitors: visitors(),
        present_member: Some(present),
        values: VisitFindings { findings: Some(text("家徒四壁")), remote_reason: None },
    }
}

/// The policy's condition for lifted hardship is fulfilled.
pub fn lifted() -> Exit {
    Exit { reason: ExitReason::Lifted, months_above_dibao: Some(6), remark: None }
}

/// An exit for another reason than that the hardship is lifted.
pub fn cancelled(reason: ExitReason) -> Exit {
    Exit { reason, months_above_dibao: None, remark: None }
}

/// What blocked a command.
pub fn blocked<T: std::fmt::Debug>(outcome: Result<T, Rejection>) -> Vec<BlockerCode> {
    match outcome.unwrap_err().cause {
        Cause::Blocked { blockers } => blockers.into_iter().map(|it| it.code).collect(),
        cause => panic!("refused for another reason: {cause}"),
    }
}

/// Why a command was refused.
pub fn cause<T: std::fmt::Debug>(outcome: Result<T, Rejection>) -> Cause {
    outcome.unwrap_err().cause
}

/// A fixture of the office with one case on it. What is permitted is kept at once.
pub struct Fixture {
    pub office: Office,
    pub id: CaseId,
    pub policy: Option<DecidingPolicy<'static>>,
    household: Option<NewHousehold>,
}

impl Fixture {
    /// The caseworker has just accepted the referral.
    pub fn applied() -> Self {
        Self::in_an(Office::new())
    }

    /// The same on another day.
    pub fn applied_on(day: Day) -> Self {
        let mut office = Office::new();
        let days = super::today().days_until(day);
        office.wait(days.into());
        Self::in_an(office)
    }

    fn in_an(mut office: Office) -> Self {
        let (case, _) = office.accept_anew(80, &documents_of_spouse());
        Self { office, id: case.id, policy: Some(in_force_sample()), household: None }
    }

    /// The household is written down and everybody has signed.
    pub fn with_consents() -> Self {
        let mut fixture = Self::applied();
        fixture.sign();
        fixture
    }

    /// Every paper that the policy asks for is there.
    pub fn with_papers() -> Self {
        let mut fixture = Self::applied();
        fixture.gather();
        fixture
    }

    /// The case in a state, with every paper, or none where it does not exist yet; `reviewed` is a case under review to
    /// which its reviewer has agreed.
    pub fn in_state(state: &str) -> Option<Self> {
        let mut fixture = Self::applied();
        let steps: &[&str] = match state {
            "none" => return None,
            "applied" => &[],
            "identifying" => &["gather"],
            "under_review" => &["gather", "submit"],
            "reviewed" => &["gather", "submit", "review"],
            "returned" => &["gather", "submit", "return"],
            "enrolled" => &["gather", "submit", "review", "approve"],
            "exited" => &["gather", "submit", "review", "approve", "exit"],
            "rejected" => &["gather", "submit", "reject"],
            "withdrawn" => &["gather", "withdraw"],
            "reopened" => &["gather", "submit", "review", "approve", "exit", "reopen"],
            _ => panic!("no state {state}"),
        };
        for step in steps {
            fixture.step(step);
        }
        assert_eq!(fixture.state(), state);
        Some(fixture)
    }

    fn step(&mut self, step: &str) {
        match step {
            "gather" => self.gather(),
            "exit" | "reopen" => {
                self.office.wait(200);
                self.run(step).unwrap();
            }
            _ => {
                self.run(step).unwrap();
            }
        }
    }

    /// Runs a command as the one whose duty it is would give it.
    pub fn run(&mut self, command: &str) -> Result<Decision, Rejection> {
        match command {
            "record_household" => self.record_household(caseworker(), &self.family()),
            "record_consent" => self.consent(caseworker(), self.worker()),
            "record_visit" => {
                let visit = visit(self.today(), self.worker());
                self.record_visit(caseworker(), None, &visit)
            }
            "request_comparison" => self.request_comparison(caseworker()),
            "answer_comparison" => self.answer_comparison(civil_affairs()),
            "assess" => self.assess(caseworker()),
            "publish_notice" => self.publish_notice(caseworker()),
            "object" => self.object(caseworker()),
            "close_notice" => self.close_notice(caseworker(), NoticeOutcome::Undisputed),
            "add_attachment" => self.add_attachment(caseworker()),
            "submit" => self.submit(caseworker(), Path::Regular),
            "return" => self.return_for_supplement(reviewer()),
            "review" => self.review(reviewer()),
            "approve" => self.approve(approver()),
            "reject" => self.reject(approver()),
            "withdraw" => self.withdraw(caseworker()),
            "exit" => self.exit(approver(), &lifted()),
            "reopen" => self.reopen(caseworker()),
            _ => panic!("no command {command}"),
        }
    }

    /// The caseworker writes the household down, and everybody signs for everything.
    pub fn sign(&mut self) {
        self.run("record_household").unwrap();
        for person in self.people() {
            self.consent(caseworker(), person).unwrap();
        }
    }

    /// The caseworker gathers every paper. The notice takes eight days.
    pub fn gather(&mut self) {
        self.sign();
        for command in ["record_visit", "request_comparison", "answer_comparison", "assess", "publish_notice"] {
            self.run(command).unwrap();
        }
        self.office.wait(8);
        self.run("close_notice").unwrap();
    }

    pub fn case(&self) -> Case {
        self.office.case(self.id)
    }

    /// The state, where `reviewed` is one of its own.
    pub fn state(&self) -> &'static str {
        match self.case().state {
            CaseState::UnderReview { reviewed_by: Some(_) } => "reviewed",
            state => state.code(),
        }
    }

    pub fn today(&self) -> Day {
        self.office.now.day()
    }

    pub fn people(&self) -> Vec<PersonId> {
        self.case().household.members.iter().map(|it| it.person).collect()
    }

    pub fn worker(&self) -> PersonId {
        self.office.known(WORKER_NUMBER).unwrap()
    }

    pub fn wife(&self) -> PersonId {
        self.office.known(PATIENT_NUMBER).unwrap()
    }

    pub fn son(&self) -> PersonId {
        self.office.known(SON_NUMBER).unwrap()
    }

    /// What blocks a step on the regular way today.
    pub fn blockers(&self, gate: Gate) -> Vec<BlockerCode> {
        self.blockers_on(Path::Regular, gate)
    }

    pub fn blockers_on(&self, path: Path, gate: Gate) -> Vec<BlockerCode> {
        let blockers = self.case().blockers(self.policy, path, gate, self.today());
        assert!(blockers.iter().all(|it| it.gate == gate));
        blockers.into_iter().map(|it| it.code).collect()
    }

    /// Puts a changed policy in force, as another one.
    pub fn change_policy(&mut self, n: u128, change: impl FnOnce(&mut PolicyDocument)) {
        let mut document = sample().document;
        change(&mut document);
        assert_eq!(document.check(), []);
        self.policy = Some(in_force(n, Box::leak(Box::new(document))));
    }

    /// The referrals of the case.
    pub fn referrals(&self) -> Vec<Referral> {
        self.case().referrals.iter().map(|id| self.office.referral(*id)).collect()
    }

    /// The reliefs of the case.
    pub fn reliefs(&self) -> Vec<Relief> {
        self.office.reliefs_of(self.id)
    }

    /// The progress that the hospital sees.
    pub fn progress(&self) -> Progress {
        match self.referrals().first().unwrap().state {
            ReferralState::Accepted { progress, .. } => progress,
            state => panic!("the referral is {}", state.code()),
        }
    }

    /// The person known by the number, or a new one.
    pub fn who(&self, identity: PartyIdentity) -> PartyRef {
        let number = identity.identity_number.clone();
        match number.and_then(|number| self.office.known(number.as_str())) {
            Some(person) => PartyRef::Known { person, identity, identity_version: 1, adds_number: None },
            None => PartyRef::New(identity),
        }
    }

    /// The family, with everything that is asked.
    pub fn family(&self) -> NewHousehold {
        let mut worker = member(self.who(identity("李建国", WORKER_NUMBER)), Relation::Worker);
        worker.money.incomes = Some(vec![Income { kind: IncomeKind::Wage, annual: yuan("50000.00") }]);
        let mut wife = member(self.who(identity("王芳", PATIENT_NUMBER)), Relation::Spouse);
        wife.money.expenses = Some(vec![Expense { kind: ExpenseKind::Medical, annual: yuan("25520.00") }]);
        let son = member(self.who(identity("李小明", SON_NUMBER)), Relation::Son);
        self.household(vec![worker, wife, son])
    }

    /// A household of these members, of which the rest is known.
    pub fn household(&self, members: Vec<NewMember>) -> NewHousehold {
        let numbers: Vec<_> = members.iter().filter_map(|it| it.who.identity_number().cloned()).collect();
        NewHousehold {
            members,
            causes: Some(Causes { main: HardshipCause::GraveIllness, others: Vec::new() }),
            related_staff: Vec::new(),
            contact: HouseholdContact {
                address: Some(text("长江路1号")), employer: Some(text("铜陵有色金属公司"))
            },
            money: HouseholdMoney {
                dwellings: Some(1),
                vehicles: Some(0),
                owns_business: Some(false),
                union_member: Some(true),
                retired: Some(false),
            },
            situation: Some(words("妻子患病")),
            held_by: self.office.held_by(&numbers),
        }
    }
}

/// The sample, in force.
pub fn in_force_sample() -> DecidingPolicy<'static> {
    in_force(1, &SAMPLE)
}

/// The n-th policy, in force.
fn in_force(n: u128, document: &'static PolicyDocument) -> DecidingPolicy<'static> {
    DecidingPolicy { id: id(PolicyId::from_uuid, n), document, deciding_day: today() }
}

pub fn nothing_found() -> CompareResult {
    CompareResult { benefit: BenefitStatus::None, findings: Vec::new() }
}

/// A case of 李建国, who applied by himself at the street.
pub fn own_application(office: &mut Office, by: Actor) -> Result<(CaseId, Decision), Rejection> {
    let worker = PartyRef::New(identity("李建国", WORKER_NUMBER));
    let (case, decision) = Case::apply(&mut office.ctx(by), street().id, &worker, &[])?;
    office.keep(&decision).unwrap();
    Ok((case, decision))
}

/// Whom a decision lets the case hold.
pub fn held(decision: &Decision) -> Vec<(PersonId, IdentityNumber)> {
    let holds = decision.holds.iter();
    holds.map(|it| (PersonId::from_uuid(it.subject.id), it.identity_number.clone())).collect()
}
