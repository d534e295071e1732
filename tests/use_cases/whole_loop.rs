//! From a hospital's referral to the bank's result, through the application alone: no HTTP, no JSON.

use std::sync::Arc;

use bangfu_app::{
    Expected, Refusal, Services, UnitOfWork, UseCaseResult,
    identity::Subject,
    use_cases::{batches, cases, referrals, reliefs},
};
use bangfu_domain::{
    bank::{AccountNumber, BankName},
    batch::ResultLine,
    case::{
        BenefitStatus, Causes, CompareReport, CompareResult, Compared, ConsentSigner, HealthStatus, HouseholdContact,
        HouseholdMoney, MemberHealth, MemberMoney, NewVisit, NoticeOutcome, NoticePlace, VisitFindings, VisitMode,
    },
    evidence::ConsentPurpose,
    hardship::{AidType, HardshipCause},
    identity_number::IdentityNumber,
    ids::{CaseId, FundId, OrganizationId, PersonId},
    money::Fen,
    name::PersonName,
    person::PartyIdentity,
    referral::{ConsentGiven, Particulars, Progress, ReferralDocuments, ReferralIdentity, ReferralState, Signer},
    relation::Relation,
    relief::{PaymentOutcome, ReliefState},
    remark::RemarkText,
    text::Line,
    text_value::TextValue,
    time::Day,
};
use bangfu_persistence::{Staged, WorkError};
use harness::{City, Database, casework::Office, city::identity_number, on_both_databases};

use crate::{account_of, operator::Operator, request, services};

/// The people of a city, each of whom does what they are asked through the application.
struct People<'c> {
    city: &'c City,
    services: Arc<Services>,
    caseworker: Subject,
    office: &'c Office,
}

impl People<'_> {
    fn perform<T: Send + 'static>(
        &self,
        who: Subject,
        expected: Expected,
        use_case: impl Fn(&mut UnitOfWork<'_, '_>) -> UseCaseResult<(Staged, T)> + Send + 'static,
    ) -> Result<T, Refusal> {
        let asked = request(who, expected);
        let done = self.city.server.block_on(self.services.perform(asked, use_case));
        done.map_err(|error| match error {
            WorkError::Refused(refusal) => refusal,
            WorkError::Failed(error) => panic!("{error}"),
        })
    }

    fn today(&self) -> Day {
        Day::parse(&self.city.today()).expect("a day")
    }

    fn at_the_command_line(&self, person: &harness::city::Person, line: &str) -> String {
        let who = account_of(self.city, &person.id);
        let operator = Operator { services: Arc::clone(&self.services), who };
        self.city.server.block_on(operator.run(line))
    }

    /// The hospital refers a worker, and a caseworker accepts.
    fn refer_and_accept(&self) -> (bangfu_domain::ids::ReferralId, CaseId, PersonId) {
        let hospital = Subject::Client(self.city.hospital.id.parse().expect("an id"));
        let number = identity_number("19751224", 5);
        let patient = PartyIdentity {
            name: PersonName::parse("张明").expect("a name"),
            identity_number: Some(IdentityNumber::parse(&number).expect("a number")),
        };
        let reference: Line<64> = text("ZY-2021-000777");
        let consent = Some(ConsentGiven { signed_on: self.today(), signer: Signer::Patient });
        let new = referrals::Receive {
            source: None,
            organization: None,
            reference: reference.clone(),
            particulars: Particulars { consent, ..Particulars::of(Relation::Worker) },
            documents: ReferralDocuments {
                identity: ReferralIdentity {
                    source_reference: Some(reference),
                    consent_reference: None,
                    patient: Some(patient),
                    worker: None,
                },
                contact: None,
                health: None,
                money: None,
                narrative: None,
            },
        };
        let sent = || {
            let new = new.clone();
            self.perform(hospital, Expected::Missing, move |work| referrals::receive(work, &new))
        };
        let referrals::Received::New(first) = sent().expect("a referral") else { panic!("it is new") };
        let referrals::Received::Known(again) = sent().expect("a referral") else { panic!("it is known") };
        let referral = first.referral.value.id;
        assert_eq!(again.referral.value.id, referral, "sent twice, it is one");

        let tongguan: OrganizationId = self.city.tongguan.parse().expect("an id");
        let into = referrals::AcceptInto::New(Some(tongguan));
        let accept = move |work: &mut UnitOfWork<'_, '_>| referrals::accept(work, referral, into);
        let accepted = self.perform(self.caseworker, Expected::OneOf(vec![1]), accept);
        let case = accepted.expect("a case").case.value;
        (referral, case.id, case.household.members[0].person)
    }

    /// Writes the household down and gathers all that the sample policy asks for.
    fn identify(&self, case: CaseId, worker: PersonId) {
        let household = cases::HouseholdInput {
            members: vec![cases::MemberInput {
                named: cases::PartyInput {
                    at: "/members/0".to_owned(),
                    person: Some(worker),
                    name: None,
                    identity_number: None,
                },
                relation: Relation::Worker,
                not_counted: None,
                school_stage: None,
                contact: None,
                health: Some(MemberHealth { status: HealthStatus::Grave, condition: None }),
                money: MemberMoney { incomes: Some(Vec::new()), expenses: Some(Vec::new()) },
            }],
            causes: Some(Causes { main: HardshipCause::GraveIllness, others: Vec::new() }),
            related_staff: Vec::new(),
            contact: HouseholdContact {
                address: Some(text("铜官区长江路1号")),
                employer: Some(text("铜陵市第一机械厂")),
            },
            money: HouseholdMoney {
                dwellings: Some(1),
                vehicles: Some(0),
                owns_business: Some(false),
                union_member: Some(true),
                retired: Some(false),
            },
            situation: Some(RemarkText { text: text("职工本人患病。") }),
        };
        let me = self.caseworker;
        let wrote =
            self.perform(me, Expected::OneOf(vec![1]), move |work| cases::record_household(work, case, &household));
        assert!(wrote.expect("a household").case.thing.value.household.gaps.is_empty());

        let consent = cases::Consent {
            person: worker,
            purposes: ConsentPurpose::ALL.to_vec(),
            signed_on: self.today(),
            signer: ConsentSigner::Member,
        };
        self.perform(me, Expected::Missing, move |work| cases::record_consent(work, case, &consent))
            .expect("a consent");
        let visitors = [&self.city.caseworker.id, &self.office.colleague.id];
        let visit = NewVisit {
            visited_on: Some(self.today()),
            mode: VisitMode::Home,
            visitors: visitors.iter().map(|id| id.parse().expect("an id")).collect(),
            present_member: Some(worker),
            values: VisitFindings { findings: Some(text("情况属实。")), remote_reason: None },
        };
        self.perform(me, Expected::Missing, move |work| cases::record_visit(work, case, &visit)).expect("a visit");

        let asked = self.perform(me, Expected::Missing, move |work| cases::request_comparison(work, case));
        let comparison = asked.expect("a comparison").comparison.request.comparison;
        let result = CompareResult { benefit: BenefitStatus::None, findings: Vec::new() };
        let compared = Compared {
            report: CompareReport { number: text("HD-2021-0001") },
            compared_on: self.today(),
            results: vec![(worker, result)],
        };
        let civil_affairs = account_of(self.city, &self.office.civil_affairs.id);
        self.perform(civil_affairs, Expected::Missing, move |work| {
            cases::answer_comparison(work, comparison, &compared)
        })
        .expect("an answer");
        self.perform(me, Expected::Missing, move |work| cases::assess(work, case)).expect("an assessment");

        let place = cases::PublishNotice { place: NoticePlace::Community, aid_types: vec![AidType::Living] };
        let published = self.perform(me, Expected::Missing, move |work| cases::publish_notice(work, case, &place));
        let notice = published.expect("a notice").notice.published;
        self.city.pass(&notice.until.to_string());
        let close = cases::CloseNotice { outcome: NoticeOutcome::Undisputed, remark: None };
        let notice = notice.notice;
        let seen = Expected::OneOf(vec![1]);
        self.perform(me, seen, move |work| cases::close_notice(work, notice, &close)).expect("a closed notice");
    }

    fn case_version(&self, case: CaseId) -> u32 {
        let asked = request(self.caseworker, Expected::Missing).who;
        let read = self.services.read(asked, move |ctx| cases::get(ctx, case));
        self.city.server.block_on(read).expect("a case").case.thing.version
    }
}

fn text<T: TextValue>(text: &str) -> T {
    text.parse().expect("a text")
}

on_both_databases! {
    fn a_referral_becomes_a_paid_relief(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (services, caseworker) = (services(&city), account_of(&city, &city.caseworker.id));
        let people = People { city: &city, services, caseworker, office: &office };
        let (referral, case, worker) = people.refer_and_accept();
        people.identify(case, worker);

        // From here on people decide by the second door.
        let version = people.case_version(case);
        let run = |person, line: &str| people.at_the_command_line(person, line);
        let submitted = run(&city.caseworker, &format!("case.submit {case} {version}"));
        assert_eq!(submitted, format!("case under_review version {}", version + 1));
        let too_late = run(&office.reviewer, &format!("case.review {case} {version}"));
        assert_eq!(too_late, format!("refused: read it again, at {}", version + 1));
        let not_theirs = run(&city.other_caseworker, &format!("case.review {case} {version}"));
        assert_eq!(not_theirs, "refused: there is no such thing for you");
        run(&office.reviewer, &format!("case.review {case} {}", version + 1));
        let approved = run(&office.approver, &format!("case.approve {case} {}", version + 2));
        assert!(approved.starts_with("case "), "{approved}");

        let input = reliefs::ReliefInput {
            aid_type: AidType::Living,
            instalments: vec![Fen::parse_yuan("3000.00").expect("an amount")],
            beneficiary: None,
            payee: None,
            account: Some(reliefs::AccountInput {
                number: AccountNumber::parse("6222021302000000009").expect("a number"),
                bank: BankName::parse("中国工商银行铜陵铜官支行").expect("a bank"),
            }),
            self_paid: None,
            fund: Some(money.fund.parse::<FundId>().expect("an id")),
            remark: None,
        };
        let drafted = people.perform(caseworker, Expected::Missing, move |work| {
            reliefs::draft(work, case, &input)
        });
        let relief = drafted.expect("a draft").thing.value.id;
        assert_eq!(run(&city.caseworker, &format!("relief.submit {relief} 1")), "relief submitted version 2");
        let own = run(&city.caseworker, &format!("relief.approve {relief} 2"));
        assert_eq!(own, "refused: this is not yours to do");
        let early = run(&office.approver, &format!("relief.approve {relief} 2"));
        assert_eq!(early, "refused: not allowed in this state; open: return, reject");
        assert_eq!(run(&office.reviewer, &format!("relief.review {relief} 2")), "relief reviewed version 3");
        assert_eq!(run(&office.approver, &format!("relief.approve {relief} 3")), "relief approved version 4");

        let funds = vec![money.fund.parse().expect("an id")];
        let make = batches::MakeBatch { funds, attempts: None };
        let maker = account_of(&city, &money.maker.id);
        let made = people.perform(maker, Expected::Missing, move |work| batches::make(work, &make));
        let batch = made.expect("a batch").batch.thing.value.id;
        assert_eq!(run(&money.releaser, &format!("batch.release {batch} 1")), "batch released version 2");
        assert_eq!(run(&money.releaser, &format!("batch.send {batch} 2")), "batch sent version 3");
        let bank = Subject::Client(money.bank.id.parse().expect("an id"));
        let read = move |work: &mut UnitOfWork<'_, '_>| batches::file(work, batch);
        let file = people.perform(maker, Expected::Missing, read).expect("a file");
        let [row] = &file.rows().expect("rows")[..] else { panic!("one row") };
        let line = ResultLine {
            reference: text(&row.reference),
            account: text(&row.account),
            name: text(&row.name),
            amount: row.amount,
            outcome: PaymentOutcome::Paid,
            booked_on: people.today(),
            reason: None,
        };
        let told = people.perform(bank, Expected::Missing, move |work| {
            batches::take_results(work, batch, std::slice::from_ref(&line))
        });
        assert_eq!(told.expect("results").counts.applied, 1);
        assert_eq!(run(&money.reconciler, &format!("batch.reconcile {batch} 4")), "batch reconciled version 5");

        // The household is paid, and its referrer may know.
        let hospital = request(
            Subject::Client(city.hospital.id.parse().expect("an id")),
            Expected::Missing,
        );
        let seen = people.services.read(hospital.who, move |ctx| referrals::get(ctx, referral));
        let state = city.server.block_on(seen).expect("a referral").referral.value.state;
        assert!(matches!(state, ReferralState::Accepted { progress: Progress::Completed, .. }));
        let paid = people.services.read(request(caseworker, Expected::Missing).who, move |ctx| {
            reliefs::get(ctx, relief)
        });
        let paid = city.server.block_on(paid).expect("a relief");
        assert_eq!(paid.relief.thing.value.state, ReliefState::Paid);
    }
}
