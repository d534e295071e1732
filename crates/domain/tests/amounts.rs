//! Every amount in a sealed document stands where the document says: nothing else tells fen from other numbers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bangfu_domain::{
    case::{
        AssessmentValues, BenefitStatus, CompareFinding, CompareOutcome, CompareResult, ComparedData, Expense,
        ExpenseKind, HouseholdMoney, Income, IncomeKind, MemberMoney,
    },
    money::Fen,
    policy::HouseholdFigures,
    record::RecordKind,
    referral::Costs,
    relief::SelfPaid,
    time::Day,
    vault::VaultDocument,
};
use serde_json::Value;

/// An amount that no count, month or percent comes near.
const MARK: i64 = 7_000_000_001;

fn fen() -> Fen {
    Fen::new(MARK).unwrap()
}

/// The pointers of all amounts in a document, with `*` for an index.
fn found(at: &str, value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Number(number) if number.as_i64().is_some_and(|number| number >= MARK) => into.push(at.to_owned()),
        Value::Array(items) => items.iter().for_each(|item| found(&format!("{at}/*"), item, into)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| found(&format!("{at}/{name}"), field, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn check<T: VaultDocument>(kind: RecordKind, document: &T) {
    let mut amounts = Vec::new();
    found("", &serde_json::to_value(document).unwrap(), &mut amounts);
    assert_eq!(amounts, T::AMOUNTS, "{kind}");
    assert!(amounts.iter().all(|at| kind.amounts(T::GROUP).contains(&at.as_str())), "{kind}");
}

#[test]
fn a_document_says_where_its_amounts_stand() {
    let day = Day::parse("2021-03-03").unwrap();
    let total = Fen::new(3 * MARK).unwrap();
    check(RecordKind::Referral, &Costs::new(total, fen(), fen(), fen()).unwrap());
    check(RecordKind::Relief, &SelfPaid { self_paid: fen() });
    let incomes = Some(vec![Income { kind: IncomeKind::Wage, annual: fen() }]);
    let expenses = Some(vec![Expense { kind: ExpenseKind::Other, annual: fen() }]);
    check(RecordKind::Case, &MemberMoney { incomes, expenses });
    check(
        RecordKind::Case,
        &HouseholdMoney { dwellings: Some(u8::MAX), vehicles: Some(1), ..HouseholdMoney::default() },
    );
    let finding = CompareFinding {
        data: ComparedData::Deposit,
        outcome: CompareOutcome::Hit,
        count: Some(u16::MAX),
        amount: Some(fen()),
        as_of: Some(day),
    };
    check(RecordKind::Comparison, &CompareResult { benefit: BenefitStatus::None, findings: vec![finding] });
    let input = HouseholdFigures {
        on: day,
        division: None,
        members: 3,
        annual_income: fen(),
        annual_expense: fen(),
        causes: Vec::new(),
        union_member: None,
        retired: None,
        dwellings: None,
        vehicles: None,
        owns_business: None,
    };
    check(RecordKind::Assessment, &AssessmentValues { input, values: Vec::new() });
}
