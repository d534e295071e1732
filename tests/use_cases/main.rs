//! Use cases called without HTTP, as a job, an import or another door would call them.

#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "helpers fail the test by panicking")]

mod operator;
mod sessions;
mod whole_loop;

use std::sync::Arc;

use bangfu_app::{
    Expected, Refusal, RequestContext, Services,
    identity::{Session, SessionId, Subject, Verified},
    use_cases::{batches, reliefs},
};
use bangfu_domain::{
    batch::ResultLine,
    ids::{FundId, ReliefId},
    money::Fen,
    relief::{PaymentOutcome, ReliefState},
    text::Line,
    time::{Day, Instant},
};
use bangfu_persistence::WorkError;
use harness::{City, Database, on_both_databases};

fn services(city: &City) -> Arc<Services> {
    harness::server::services(&city.server.store)
}

fn request(subject: Subject, expected: Expected) -> RequestContext {
    let never = Instant::parse_rfc3339("2100-01-01T00:00:00Z").expect("an instant");
    let session = Session { id: SessionId(uuid::Uuid::from_u128(1)), began_at: never, ends_at: never };
    let session = matches!(subject, Subject::Account(_)).then_some(session);
    RequestContext { who: Verified { subject, generation: 0, session, expires_at: never }, expected, key: None }
}

/// The account behind a person, as the database says.
fn account_of(city: &City, person: &str) -> Subject {
    let id = if city.server.is_postgres() { "id::text" } else { "lower(hex(id))" };
    let of = if city.server.is_postgres() { "person_id::text" } else { "lower(hex(person_id))" };
    let person = if city.server.is_postgres() { person.to_owned() } else { person.replace('-', "") };
    let sql = format!("SELECT {id} AS line FROM accounts WHERE {of} = '{person}'");
    let found = city.server.lines(&sql).remove(0);
    let uuid = uuid::Uuid::parse_str(&found).expect("an id");
    Subject::Account(bangfu_domain::ids::AccountId::from_uuid(uuid))
}

on_both_databases! {
    fn a_relief_is_approved_and_paid_without_http(database: Database) {
        let city = City::start(database);
        let (office, money) = (city.office(), city.treasury());
        let (case, _) = city.enrolled(&office, "刘芳", 11);
        let path = city.draft(&case, &City::living_aid("3000.00"));
        city.review(&office, &path);
        let relief: ReliefId = path.trim_start_matches("/v1/reliefs/").parse().expect("an id");
        let fund: FundId = money.fund.parse().expect("an id");
        let services = services(&city);
        let approver = account_of(&city, &office.approver.id);
        let run = |subject, expected| {
            let approve = reliefs::Approve { fund: Some(fund), remark: None };
            let request = request(subject, expected);
            city.server.block_on(services.perform(request, move |work| {
                reliefs::approve(work, relief, &approve)
            }))
        };

        // A caller who may not see it, may not do it, or decides on another version gets a typed refusal.
        let stranger = account_of(&city, &city.other_caseworker.id);
        let refused = run(stranger, Expected::OneOf(vec![3])).expect_err("a refusal");
        assert!(matches!(refused, WorkError::Refused(Refusal::NotFound)), "{refused:?}");
        let caseworker = account_of(&city, &city.caseworker.id);
        let refused = run(caseworker, Expected::OneOf(vec![3])).expect_err("a refusal");
        assert!(matches!(refused, WorkError::Refused(Refusal::Forbidden)), "{refused:?}");
        let refused = run(approver, Expected::OneOf(vec![2])).expect_err("a refusal");
        let changed = Refusal::VersionChanged { version: 3 };
        assert_eq!(format!("{refused:?}"), format!("{:?}", WorkError::Refused(changed)));

        let approved = run(approver, Expected::OneOf(vec![3])).expect("an approval");
        assert_eq!(approved.thing.value.state, ReliefState::Approved);
        assert_eq!(approved.allowed, ["cancel"]);
        assert_eq!(money.balance(&money.maker)[..2], ["997000.00", "3000.00"]);
        let refused = run(approver, Expected::OneOf(vec![4])).expect_err("a refusal");
        let WorkError::Refused(Refusal::Rejected { rejection, allowed }) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!((rejection.state, rejection.command), ("approved", "approve"));
        assert_eq!(allowed, Some(vec!["cancel"]));

        let batch = money.send();
        let [row] = &money.file(&batch)[..] else { panic!("one row") };
        let line = ResultLine {
            reference: Line::parse(&row.reference).expect("a reference"),
            account: Line::parse(&row.account).expect("an account"),
            name: Line::parse(&row.name).expect("a name"),
            amount: Fen::parse_yuan(&row.amount).expect("an amount"),
            outcome: PaymentOutcome::Paid,
            booked_on: Day::parse(&city.today()).expect("a day"),
            reason: None,
        };
        let id = batch.trim_start_matches("/v1/payment-batches/").parse().expect("an id");
        let bank = Subject::Client(money.bank.id.parse().expect("an id"));
        let take = || {
            let lines = [line.clone()];
            let request = request(bank, Expected::Missing);
            city.server.block_on(services.perform(request, move |work| {
                batches::take_results(work, id, &lines)
            }))
        };
        let first = take().expect("results");
        assert_eq!((first.counts.applied, first.batch.value.open_lines()), (1, 0));
        let again = take().expect("results");
        assert_eq!((again.counts, again.batch.version), (first.counts, first.batch.version));
        assert_eq!(city.caseworker.get(&path).expect(200).text("/state"), "paid");
    }
}
