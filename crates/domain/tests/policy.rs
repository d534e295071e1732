//! The aid policy: what its document says, how an assessment applies it, and how it comes into force.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "each test uses some of it")]
mod common;

use bangfu_domain::{
    actor::Actor,
    decision::Decision,
    evidence::{EvidenceKind, Gate, Path},
    hardship::{HardshipCategory, HardshipCause, SchoolStage},
    invalid::Invalid,
    money::Fen,
    organization::OrganizationLevel,
    policy::{HouseholdFigures, Policy, PolicyDocument, PolicyState, Rule, RuleOutcome, assess, check_examples},
    rejection::{Cause, Rejection},
};
use proptest::{
    collection::vec,
    option,
    prelude::{ProptestConfig, Strategy, any},
    prop_assert, prop_assert_eq, proptest,
    sample::select,
};
use serde_json::{Value, json};

use common::{day, office::Office, policy::sample, signed_in, today};

fn yuan(text: &str) -> Fen {
    Fen::parse_yuan(text).unwrap()
}

/// The sample's document with one value changed.
fn changed(pointer: &str, value: Value) -> PolicyDocument {
    let mut document = serde_json::to_value(sample().document).unwrap();
    *document.pointer_mut(pointer).unwrap() = value;
    serde_json::from_value(document).unwrap()
}

fn flaws(pointer: &str, value: Value) -> Vec<(String, Invalid)> {
    let flaws = changed(pointer, value).check();
    flaws.into_iter().map(|flaw| (flaw.pointer, flaw.invalid)).collect()
}

#[test]
fn the_sample_makes_sense_and_gives_what_its_examples_expect() {
    let sample = sample();
    assert_eq!(sample.document.check(), []);
    assert_eq!(check_examples(&sample.examples), []);
    for example in &sample.examples {
        assert!(example.passes(&sample.document), "{}", example.name.as_str());
    }
    let proven: Vec<Rule> = sample.examples.iter().flat_map(|example| example.expect.not_met.clone()).collect();
    assert!(Rule::ALL.iter().all(|rule| proven.contains(rule)), "an example for each rule");
}

#[test]
fn a_document_survives_its_json() {
    let document = sample().document;
    let json = serde_json::to_string(&document).unwrap();
    assert_eq!(serde_json::from_str::<PolicyDocument>(&json).unwrap(), document);
    assert!(json.contains(r#""monthly":"680.00""#), "money is text in yuan");
    for (pointer, value) in [("/dibao/0/monthly", json!(68000)), ("/dibao/0/monthly", json!("680.001"))] {
        let mut document = serde_json::to_value(&document).unwrap();
        *document.pointer_mut(pointer).unwrap() = value;
        assert!(serde_json::from_value::<PolicyDocument>(document).is_err());
    }
}

#[test]
fn the_line_of_a_day_is_the_last_that_began() {
    let document = sample().document;
    let on =
        |division: &str, text| document.dibao_monthly(&division.parse().unwrap(), day(text)).map(|fen| fen.to_string());
    assert_eq!(on("340705", "2020-06-30"), None);
    assert_eq!(on("340705", "2020-07-01").as_deref(), Some("680.00"));
    assert_eq!(on("340705", "2021-06-30").as_deref(), Some("680.00"));
    assert_eq!(on("340705", "2021-07-01").as_deref(), Some("700.00"));
    assert_eq!(on("340722", "2026-01-01").as_deref(), Some("675.00"));
    assert_eq!(on("340800", "2021-07-01"), None);
}

#[test]
fn caps_are_the_categorys_and_never_above_the_years() {
    let document = sample().document;
    let living = |category| document.living_cap(category, yuan("680.00"));
    assert_eq!(living(HardshipCategory::Deep), Some(yuan("8160.00")));
    assert_eq!(living(HardshipCategory::Relative), Some(yuan("5440.00")));
    assert_eq!(document.living_cap(HardshipCategory::Deep, Fen::MAX), None);
    let none = changed("/aid/living/months/accident", json!(0));
    assert_eq!(none.living_cap(HardshipCategory::Accident, yuan("680.00")), None);
    let medical = |category, paid| document.medical_cap(category, yuan(paid)).to_string();
    assert_eq!(medical(HardshipCategory::Deep, "12345.67"), "12345.67");
    assert_eq!(medical(HardshipCategory::Relative, "0.99"), "0.79", "the fraction is dropped");
    assert_eq!(medical(HardshipCategory::Relative, "62500.00"), "50000.00");
    assert_eq!(medical(HardshipCategory::Deep, "9999999999999.99"), "50000.00");
    assert_eq!(document.education_cap(SchoolStage::Compulsory), yuan("3000.00"));
    assert_eq!(document.education_cap(SchoolStage::Higher), yuan("10000.00"));
}

#[test]
fn the_level_that_approves_follows_from_the_amount() {
    let document = sample().document;
    assert_eq!(document.relief_level(yuan("20000.00")), OrganizationLevel::County);
    assert_eq!(document.relief_level(yuan("20000.01")), OrganizationLevel::City);
}

#[test]
fn each_step_waits_for_its_evidence() {
    use EvidenceKind::{Assessment, Comparison, Consent, Notice, Visit};
    let document = sample().document;
    let required =
        |path, gate| -> Vec<EvidenceKind> { document.required(path, gate).map(|demand| demand.evidence).collect() };
    assert_eq!(required(Path::Regular, Gate::Submit), [Consent, Visit]);
    assert_eq!(required(Path::Regular, Gate::Review), [Comparison, Assessment]);
    assert_eq!(required(Path::Regular, Gate::Approve), [Assessment, Notice]);
    assert_eq!(required(Path::Regular, Gate::Relief), [Visit, Comparison, Assessment]);
    assert_eq!(required(Path::Emergency, Gate::Submit), [Consent, Visit]);
    assert_eq!(required(Path::Emergency, Gate::Review), []);
    assert_eq!(required(Path::Emergency, Gate::Approve), [Assessment]);
}

#[test]
fn a_notice_ends_after_its_days() {
    let document = sample().document;
    assert_eq!(document.notice_end(day("2021-09-29")), Ok(day("2021-10-12")));
    assert!(document.notice_end(day("2026-12-30")).is_err());
    let calendar = changed("/notice/unit", json!("calendar_days"));
    assert_eq!(calendar.notice_end(day("2026-12-30")), Ok(day("2027-01-04")));
    let year = json!([{ "year": 2027, "off": ["2027-01-01"], "worked": [] }]);
    let longer = changed("/calendar", year);
    assert_eq!(longer.check(), []);
    assert_eq!(longer.notice_end(day("2026-12-30")), Ok(day("2027-01-07")));
}

#[test]
fn what_makes_no_sense_is_named() {
    let line = |from: &str| json!({ "division": "340705", "from": from, "monthly": "1.00" });
    let twice = json!([line("2020-07-01"), line("2020-07-01")]);
    let submit = json!([{ "evidence": "consent", "blocks": ["submit", "submit"] }]);
    let county = |up_to: Value| json!({ "level": "county", "up_to": up_to });
    let city = json!({ "level": "city" });
    for (at, value, pointer, invalid) in [
        ("/bases/1/rule", json!("income_gate"), "/bases/1", Invalid::NotDistinct),
        ("/dibao", json!([]), "/dibao", Invalid::Required),
        ("/dibao", twice, "/dibao/1", Invalid::NotDistinct),
        ("/dibao/0/monthly", json!("0"), "/dibao/0/monthly", Invalid::OutOfRange),
        ("/province_income", json!([]), "/province_income", Invalid::Required),
        ("/province_income/1/year", json!(2019), "/province_income/1", Invalid::NotDistinct),
        ("/categories/deep_percent", json!(0), "/categories/deep_percent", Invalid::OutOfRange),
        ("/categories/deep_percent", json!(201), "/categories/relative_percent", Invalid::OutOfRange),
        ("/aid/living/months/deep", json!(13), "/aid/living/months/deep", Invalid::OutOfRange),
        ("/aid/medical/percent/deep", json!(101), "/aid/medical/percent/deep", Invalid::OutOfRange),
        (
            "/aid/medical/cap_household_lifetime",
            json!("49999.99"),
            "/aid/medical/cap_household_lifetime",
            Invalid::OutOfRange,
        ),
        ("/aid/education/caps/higher", json!("0"), "/aid/education/caps/higher", Invalid::OutOfRange),
        ("/evidence/emergency", json!([]), "/evidence/emergency", Invalid::Required),
        ("/evidence/regular/1/blocks", json!(["relief"]), "/evidence/regular", Invalid::Required),
        ("/evidence/regular/4/blocks", json!([]), "/evidence/regular/4/blocks", Invalid::Required),
        ("/evidence/emergency", submit, "/evidence/emergency/0/blocks/1", Invalid::NotDistinct),
        ("/evidence/regular/1/valid_days", json!(0), "/evidence/regular/1/valid_days", Invalid::OutOfRange),
        ("/consents", json!(["processing", "sensitive"]), "/consents", Invalid::Required),
        ("/visit/min_visitors", json!(1), "/visit/min_visitors", Invalid::OutOfRange),
        ("/notice/days", json!(0), "/notice/days", Invalid::OutOfRange),
        ("/approval/relief_levels", json!([]), "/approval/relief_levels", Invalid::Required),
        (
            "/approval/relief_levels",
            json!([city, county(json!("1.00"))]),
            "/approval/relief_levels/1/level",
            Invalid::OutOfRange,
        ),
        (
            "/approval/relief_levels",
            json!([county(json!("1.00"))]),
            "/approval/relief_levels/0/up_to",
            Invalid::OutOfRange,
        ),
        ("/archive_months", json!(0), "/archive_months", Invalid::OutOfRange),
        (
            "/calendar",
            json!([{ "year": 2027, "off": ["2027-01-02"], "worked": [] }]),
            "/calendar/0/off/0",
            Invalid::OutOfRange,
        ),
        (
            "/calendar",
            json!([{ "year": 2027, "off": [], "worked": ["2028-01-01"] }]),
            "/calendar/0/worked/0",
            Invalid::OutOfRange,
        ),
    ] {
        let found = flaws(at, value);
        assert!(found.contains(&(pointer.to_owned(), invalid)), "{at}: {found:?}");
    }
}

/// The family of the sample's first example: three people at 铜官区, where the line is 680 yuan.
fn family() -> HouseholdFigures {
    sample().examples.first().unwrap().input.clone()
}

fn outcome(document: &PolicyDocument, input: &HouseholdFigures, rule: Rule) -> Option<RuleOutcome> {
    let assessment = assess(document, input);
    assessment.rules.iter().find(|r| r.finding.rule == rule).map(|r| r.finding.outcome)
}

#[test]
fn a_line_is_exact_to_the_fen() {
    let document = sample().document;
    let strict = changed("/categories/inclusive", json!(false));
    // 680 × 12 × 3 is 24 480 yuan, which is left of 50 000 after 25 520.
    for (expense, inclusive_met, strict_met) in
        [("25519.99", false, false), ("25520.00", true, false), ("25520.01", true, true)]
    {
        let input = HouseholdFigures { annual_expense: yuan(expense), ..family() };
        let met = |document| outcome(document, &input, Rule::Deep) == Some(RuleOutcome::Met);
        assert_eq!(met(&document), inclusive_met, "{expense}");
        assert_eq!(met(&strict), strict_met, "{expense}");
    }
}

/// 680.00 × 133 % is 904.40, and 680.01 × 133 % is 904.4133: nothing is rounded.
#[test]
fn a_line_of_broken_fen_is_not_rounded() {
    let mut document = changed("/categories/relative_percent", json!(133));
    document.dibao.first_mut().unwrap().monthly = yuan("680.01");
    // 904.4133 × 12 × 3 is 32 558.8788.
    for (income, met) in [("32558.87", true), ("32558.88", false)] {
        let input = HouseholdFigures { annual_income: yuan(income), annual_expense: Fen::ZERO, ..family() };
        let assessment = assess(&document, &input);
        let relative = assessment.rules.iter().find(|r| r.finding.rule == Rule::Relative).unwrap();
        assert_eq!(relative.finding.outcome == RuleOutcome::Met, met, "{income}");
        assert_eq!(relative.finding.threshold.as_deref(), Some("904.4133"));
        assert_eq!(relative.value.as_deref(), Some("904.42"), "rounded up for people");
    }
}

#[test]
fn what_is_not_known_is_said_and_nothing_is_proposed() {
    let document = sample().document;
    let unknown = |change: fn(&mut HouseholdFigures), rule| {
        let mut input = family();
        change(&mut input);
        assert_eq!(outcome(&document, &input, rule), Some(RuleOutcome::Unknown), "{rule}");
        assert_eq!(assess(&document, &input).category, None, "{rule}");
    };
    unknown(|input| input.members = 0, Rule::Deep);
    unknown(|input| input.members = 0, Rule::IncomeGate);
    unknown(|input| input.division = None, Rule::Relative);
    unknown(|input| input.union_member = None, Rule::UnionMembership);
    unknown(|input| input.retired = None, Rule::Retirement);
    unknown(|input| input.dwellings = None, Rule::Dwellings);
    unknown(|input| input.vehicles = None, Rule::Vehicles);
    unknown(|input| input.owns_business = None, Rule::Business);
    unknown(|input| input.on = day("2020-03-03"), Rule::Deep);
    unknown(|input| input.on = day("2028-03-03"), Rule::IncomeGate);
}

#[test]
fn a_rule_that_is_turned_off_is_not_applied() {
    let mut document = sample().document;
    document.income_gate = false;
    document.exclusions.max_dwellings = None;
    document.exclusions.max_vehicles = None;
    document.exclusions.business_allowed = true;
    document.exclusions.retired_allowed = true;
    document.exclusions.union_membership_required = false;
    let rules = assess(&document, &family()).rules;
    let rules: Vec<Rule> = rules.iter().map(|result| result.finding.rule).collect();
    assert_eq!(rules, [Rule::Deep, Rule::Relative, Rule::Accident]);
}

#[test]
fn a_finding_holds_nothing_of_the_household() {
    for result in assess(&sample().document, &family()).rules {
        let finding = serde_json::to_string(&result.finding).unwrap();
        for personal in ["50000", "25520", "680.01"] {
            assert!(!finding.contains(personal), "{finding}");
        }
        assert!(finding.contains("样例"), "it names what it rests on");
    }
}

fn drafted(office: &mut Office, actor: Actor) -> Result<Policy, Rejection> {
    let sample = sample();
    let drafted = Policy::draft(&mut office.ctx(actor), sample.document, sample.examples);
    drafted.map(|(policy, decision)| {
        office.keep(&decision).unwrap();
        office.policy(policy)
    })
}

fn kept(office: &mut Office, policy: &Policy, decided: Result<Decision, Rejection>) -> Policy {
    office.keep(&decided.unwrap()).unwrap();
    office.policy(policy.id)
}

#[test]
fn one_writes_it_and_another_puts_it_in_force() {
    let mut office = Office::new();
    let (author, approver) = (signed_in(90), signed_in(91));
    let draft = drafted(&mut office, author).unwrap();
    let refused = draft.approve(&office.ctx(approver), today(), &[]).unwrap_err();
    assert_eq!(refused.cause, Cause::WrongState, "first its examples");
    let decided = draft.prove(&office.ctx(author));
    let proved = kept(&mut office, &draft, decided);
    let cause =
        |actor, from, taken: &[_]| proved.approve(&Office::new().ctx(actor), day(from), taken).unwrap_err().cause;
    assert_eq!(cause(author, "2021-03-10", &[]), Cause::DutyConflict);
    assert_eq!(cause(Actor::System, "2021-03-10", &[]), Cause::NeedsPerson);
    let too_early = Cause::Value { pointer: "/in_force_from", invalid: Invalid::TooEarly };
    assert_eq!(cause(approver, "2021-03-02", &[]), too_early);
    let taken = [day("2021-03-10")];
    assert_eq!(cause(approver, "2021-03-10", &taken), Cause::PolicyDayTaken);
    let decided = proved.approve(&office.ctx(approver), today(), &taken);
    let approved = kept(&mut office, &proved, decided);
    assert_eq!(approved.state, PolicyState::Approved);
    assert_eq!(approved.in_force_from, Some(today()));
    assert_eq!(approved.approved_by, approver.person());
    assert_eq!(approved.discard(&office.ctx(author)).unwrap_err().cause, Cause::WrongState);
}

#[test]
fn a_machine_writes_no_policy() {
    let refused = drafted(&mut Office::new(), Actor::System).unwrap_err();
    assert_eq!(refused.cause, Cause::NeedsPerson);
}

#[test]
fn a_policy_that_makes_no_sense_is_not_drafted() {
    let mut office = Office::new();
    let examples = sample().examples;
    let mut refused =
        |document, examples| Policy::draft(&mut office.ctx(signed_in(90)), document, examples).unwrap_err().cause;
    let flawed = changed("/visit/min_visitors", json!(1));
    let invalid = Invalid::OutOfRange;
    assert_eq!(refused(flawed, examples.clone()), Cause::Value { pointer: "/document", invalid });
    let invalid = Invalid::Required;
    assert_eq!(refused(sample().document, vec![]), Cause::Value { pointer: "/examples", invalid });
    let mut twice = examples;
    twice.extend_from_within(..1);
    let invalid = Invalid::NotDistinct;
    assert_eq!(refused(sample().document, twice), Cause::Value { pointer: "/examples", invalid });
}

#[test]
fn examples_that_fail_are_named() {
    let mut office = Office::new();
    let mut sample = sample();
    let wrong = sample.examples.first_mut().unwrap();
    wrong.expect.category = Some(HardshipCategory::Relative);
    let failed = vec![wrong.name.clone()];
    let drafted = Policy::draft(&mut office.ctx(signed_in(90)), sample.document, sample.examples);
    let (policy, decision) = drafted.unwrap();
    office.keep(&decision).unwrap();
    let refused = office.policy(policy).prove(&office.ctx(signed_in(90))).unwrap_err();
    assert_eq!(refused.cause, Cause::ExamplesFail { failed });
}

fn some_fen() -> impl Strategy<Value = Fen> {
    let few = (0..20_000_000_i64).prop_map(|fen| Fen::new(fen).unwrap());
    let any = (0..=Fen::MAX.get()).prop_map(|fen| Fen::new(fen).unwrap());
    proptest::prop_oneof![9 => few, 1 => any]
}

fn any_input() -> impl Strategy<Value = HouseholdFigures> {
    let division = option::of(select(&["340705", "340722", "340800"][..]));
    let facts = (option::of(any::<bool>()), option::of(any::<bool>()), option::of(any::<bool>()));
    let counts = (option::of(0..4_u8), option::of(0..3_u8));
    let causes = vec(select(HardshipCause::ALL), 0..3);
    let on = (0..3_000_i32).prop_map(|days| day("2019-01-01").plus_days(days).unwrap());
    let figures = (0..9_u16, some_fen(), some_fen());
    (on, division, figures, causes, facts, counts).prop_map(
        |(on, division, (members, annual_income, annual_expense), causes, facts, counts)| HouseholdFigures {
            on,
            division: division.map(|code| code.parse().unwrap()),
            members,
            annual_income,
            annual_expense,
            causes,
            union_member: facts.0,
            retired: facts.1,
            dwellings: counts.0,
            vehicles: counts.1,
            owns_business: facts.2,
        },
    )
}

/// How deep: larger is deeper.
fn depth(category: Option<HardshipCategory>) -> u8 {
    match category {
        Some(HardshipCategory::Deep) => 3,
        Some(HardshipCategory::Relative) => 2,
        Some(HardshipCategory::Accident) => 1,
        None => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn more_income_never_deepens_and_more_expense_never_lessens(
        input in any_input(),
        more in some_fen(),
    ) {
        let document = sample().document;
        let before = depth(assess(&document, &input).category);
        if let Some(annual_income) = input.annual_income.checked_add(more) {
            let richer = HouseholdFigures { annual_income, ..input.clone() };
            prop_assert!(depth(assess(&document, &richer).category) <= before);
        }
        if let Some(annual_expense) = input.annual_expense.checked_add(more) {
            let poorer = HouseholdFigures { annual_expense, ..input };
            prop_assert!(depth(assess(&document, &poorer).category) >= before);
        }
    }

    #[test]
    fn a_category_is_proposed_only_when_nothing_excludes(input in any_input()) {
        let assessment = assess(&sample().document, &input);
        prop_assert_eq!(assessment.rules.len(), Rule::ALL.len());
        if let Some(category) = assessment.category {
            for result in &assessment.rules {
                let finding = &result.finding;
                match finding.rule.category() {
                    None => prop_assert_eq!(finding.outcome, RuleOutcome::Met),
                    Some(of) if of == category => prop_assert_eq!(finding.outcome, RuleOutcome::Met),
                    Some(_) => {}
                }
            }
        }
    }

    #[test]
    fn the_order_of_lines_and_causes_does_not_matter(input in any_input()) {
        let (document, mut turned) = (sample().document, sample().document);
        turned.dibao.reverse();
        turned.province_income.reverse();
        let causes = input.causes.iter().rev().copied().collect();
        let input_turned = HouseholdFigures { causes, ..input.clone() };
        prop_assert_eq!(assess(&document, &input), assess(&turned, &input_turned));
    }

    #[test]
    fn an_input_survives_its_json(input in any_input()) {
        let json = serde_json::to_string(&input).unwrap();
        prop_assert_eq!(serde_json::from_str::<HouseholdFigures>(&json).unwrap(), input);
    }

    #[test]
    fn medical_aid_is_never_more_than_was_paid(paid in some_fen(), nth in 0..3_usize) {
        let category = *HardshipCategory::ALL.get(nth).unwrap();
        prop_assert!(sample().document.medical_cap(category, paid) <= paid);
    }
}
