//! Totals: rows and sums from what the database added up, in whole fen and whole numbers. Nothing is rounded.

use std::collections::{BTreeMap, BTreeSet};

use bangfu_domain::{
    codes::codes,
    division::Division,
    hardship::{AidType, HardshipCategory, HardshipCause},
    ids::{FundId, OrganizationId, PersonId},
    invalid::Invalid,
    time::Day,
};
use bangfu_persistence::query::Disbursed;

codes! {
    /// The values by which rows are grouped.
    GroupBy {
        /// The kind of aid.
        AidType = "aid_type" ("Kind of aid", "救助类别"),
        /// The category of hardship.
        Category = "category" ("Category of hardship", "困难类别"),
        /// The main cause.
        Cause = "cause" ("Cause of hardship", "致困原因"),
        /// The organization in charge.
        Organization = "organization" ("Organization in charge", "办理工会"),
        /// The division of the household.
        Division = "division" ("Division", "行政区划"),
        /// The fund.
        Fund = "fund" ("Fund", "资金"),
    }
}

impl GroupBy {
    /// The field in a row.
    pub fn field(self) -> &'static str {
        match self {
            GroupBy::AidType | GroupBy::Category | GroupBy::Cause | GroupBy::Division => self.code(),
            GroupBy::Organization => "organization_id",
            GroupBy::Fund => "fund_id",
        }
    }

    /// Reads a list of codes, separated by commas and without repeats.
    pub fn parse_list(text: &str) -> Result<Vec<GroupBy>, Invalid> {
        let mut all = Vec::new();
        for code in text.split(',') {
            let group_by = code.parse()?;
            if all.contains(&group_by) {
                return Err(Invalid::NotDistinct);
            }
            all.push(group_by);
        }
        Ok(all)
    }

    fn of(self, it: &Disbursed) -> Value {
        match self {
            GroupBy::AidType => Value::AidType(it.aid_type),
            GroupBy::Category => Value::Category(it.category),
            GroupBy::Cause => it.cause.map_or(Value::Nothing, Value::Cause),
            GroupBy::Organization => Value::Organization(it.organization),
            GroupBy::Division => it.division.map_or(Value::Nothing, Value::Division),
            GroupBy::Fund => Value::Fund(it.fund),
        }
    }
}

/// A value by which rows are grouped. In order: codes as their list declares them, ids and divisions as their texts,
/// missing values last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    AidType(AidType),
    Category(HardshipCategory),
    Cause(HardshipCause),
    Organization(OrganizationId),
    Division(Division),
    Fund(FundId),
    /// Not written down.
    Nothing,
}

impl Value {
    /// The organization, if it is one.
    pub fn organization(&self) -> Option<OrganizationId> {
        if let Value::Organization(it) = self { Some(*it) } else { None }
    }

    /// The fund, if it is one.
    pub fn fund(&self) -> Option<FundId> {
        if let Value::Fund(it) = self { Some(*it) } else { None }
    }

    /// Its text: a code or an id.
    pub fn text(self) -> Option<String> {
        match self {
            Value::AidType(it) => Some(it.code().to_owned()),
            Value::Category(it) => Some(it.code().to_owned()),
            Value::Cause(it) => Some(it.code().to_owned()),
            Value::Organization(it) => Some(it.to_string()),
            Value::Division(it) => Some(it.to_string()),
            Value::Fund(it) => Some(it.to_string()),
            Value::Nothing => None,
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub from: Day,
    pub to: Day,
    /// The values by which rows are grouped.
    pub group_by: Vec<GroupBy>,
    /// These organizations and all below them, in order; none of them is below another.
    pub organizations: Vec<OrganizationId>,
}

/// What is measured, in a row and in all. `docs/totals.md` says what each one means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measures {
    /// Households that were paid something 户数.
    pub households: usize,
    /// Households once for each kind of aid that they were paid 户次.
    pub grants: usize,
    /// Beneficiaries for whom something was paid 人数.
    pub persons: usize,
    /// Payments, less those that came back 笔数.
    pub payments: i64,
    /// How much, in fen 金额.
    pub amount: i128,
}

/// A row: the values by which it is grouped, in the order of the question, and its measures.
pub type Row = (Vec<Value>, Measures);

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    pub rows: Vec<Row>,
    /// The same measures of all rows at once: a household in two rows is one household.
    pub total: Measures,
}

/// Sums before the measures are taken: amounts net of returns, by household, grant and person. They are sums of 64-bit
/// numbers in 128 bits, so no row count passes their range.
#[derive(Debug, Default)]
struct Gathered {
    households: BTreeMap<PersonId, i128>,
    grants: BTreeMap<(PersonId, AidType), i128>,
    persons: BTreeMap<PersonId, i128>,
    payments: i64,
    amount: i128,
}

impl Gathered {
    fn add(&mut self, it: &Disbursed) {
        let amount = i128::from(it.amount);
        *self.households.entry(it.household).or_default() += amount;
        *self.grants.entry((it.household, it.aid_type)).or_default() += amount;
        *self.persons.entry(it.beneficiary).or_default() += amount;
        self.payments += it.payments;
        self.amount += amount;
    }

    fn measures(&self) -> Measures {
        fn paid<K>(net: &BTreeMap<K, i128>) -> usize {
            net.values().filter(|amount| **amount > 0).count()
        }
        Measures {
            households: paid(&self.households),
            grants: paid(&self.grants),
            persons: paid(&self.persons),
            payments: self.payments,
            amount: self.amount,
        }
    }
}

impl Totals {
    /// Adds up what was paid and came back.
    pub fn of(group_by: &[GroupBy], disbursed: &[Disbursed]) -> Self {
        let mut rows: BTreeMap<Vec<Value>, Gathered> = BTreeMap::new();
        let mut all = Gathered::default();
        for it in disbursed {
            let key = group_by.iter().map(|by| by.of(it)).collect();
            rows.entry(key).or_default().add(it);
            all.add(it);
        }
        let rows = rows.into_iter().map(|(key, row)| (key, row.measures())).collect();
        Self { rows, total: all.measures() }
    }
}

/// The highest of some organizations, in order: those that are below none of the others. Each is given with the
/// organizations above it.
pub(super) fn highest(organizations: &[(OrganizationId, Vec<OrganizationId>)]) -> Vec<OrganizationId> {
    let given: BTreeSet<OrganizationId> = organizations.iter().map(|(id, _)| *id).collect();
    let is_highest = |above: &[OrganizationId]| !above.iter().any(|id| given.contains(id));
    let highest: BTreeSet<OrganizationId> =
        organizations.iter().filter(|(_, above)| is_highest(above)).map(|(id, _)| *id).collect();
    highest.into_iter().collect()
}

/// An amount in yuan with two decimals, also below zero.
pub fn yuan(fen: i128) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

#[cfg(test)]
pub(super) mod tests {
    use uuid::Uuid;

    use super::*;

    fn uuid(id: u128) -> Uuid {
        Uuid::from_u128(0x0177_0000_0000_7000_8000_0000_0000_0000 + id)
    }

    /// An organization with an id made from a small number.
    pub fn organization(id: u128) -> OrganizationId {
        OrganizationId::from_uuid(uuid(id))
    }

    fn person(id: u128) -> PersonId {
        PersonId::from_uuid(uuid(id))
    }

    /// Something paid to a household for its worker, by fund 90, in organization 1.
    pub fn paid(household: u128, aid_type: AidType, amount: i64) -> Disbursed {
        Disbursed {
            organization: organization(1),
            division: Some("340705".parse().unwrap()),
            aid_type,
            category: HardshipCategory::Deep,
            cause: Some(HardshipCause::GraveIllness),
            fund: FundId::from_uuid(uuid(90)),
            household: person(household),
            beneficiary: person(household),
            amount,
            payments: 1,
        }
    }

    /// The same, returned.
    pub fn returned(it: &Disbursed) -> Disbursed {
        Disbursed { amount: -it.amount, payments: -it.payments, ..it.clone() }
    }

    fn measures(counts: [usize; 3], payments: i64, amount: i128) -> Measures {
        let [households, grants, persons] = counts;
        Measures { households, grants, persons, payments, amount }
    }

    #[test]
    fn a_household_in_two_rows_is_one_household_in_all() {
        let child = Disbursed { beneficiary: person(3), ..paid(1, AidType::Education, 100_000) };
        let disbursed = [paid(1, AidType::Living, 50_000), child, paid(2, AidType::Living, 7)];
        let totals = Totals::of(&[GroupBy::AidType], &disbursed);
        let living = measures([2, 2, 2], 2, 50_007);
        let education = measures([1, 1, 1], 1, 100_000);
        let expected = vec![
            (vec![Value::AidType(AidType::Living)], living),
            (vec![Value::AidType(AidType::Education)], education),
        ];
        assert_eq!(totals.rows, expected);
        assert_eq!(totals.total, measures([2, 3, 3], 3, 150_007));
    }

    #[test]
    fn what_came_back_counts_nobody_and_leaves_its_row() {
        let it = paid(1, AidType::Medical, 800_000);
        let totals = Totals::of(&[GroupBy::AidType], &[it.clone(), returned(&it)]);
        let row = (vec![Value::AidType(AidType::Medical)], Measures::default());
        assert_eq!(totals, Totals { rows: vec![row], total: Measures::default() });
    }

    #[test]
    fn a_return_of_an_earlier_payment_is_below_zero() {
        let earlier = returned(&paid(1, AidType::Medical, 120_050));
        let now = paid(1, AidType::Living, 50_000);
        let totals = Totals::of(&[GroupBy::AidType], &[earlier, now]);
        let below = measures([0, 0, 0], -1, -120_050);
        assert_eq!(totals.rows[1].1, below);
        assert_eq!(yuan(below.amount), "-1200.50");
        // In all the household got less than it gave back; for living aid alone it was paid.
        assert_eq!(totals.total, measures([0, 1, 0], 0, -70_050));
    }

    #[test]
    fn rows_are_in_the_order_of_the_question_and_of_the_lists() {
        let unknown = Disbursed { cause: None, ..paid(1, AidType::Living, 1) };
        let laid_off = Disbursed { cause: Some(HardshipCause::LaidOff), ..paid(2, AidType::Education, 1) };
        let disbursed = [
            unknown,
            paid(3, AidType::Education, 1),
            laid_off,
            paid(4, AidType::Living, 1),
            Disbursed { cause: Some(HardshipCause::Other), ..paid(5, AidType::Medical, 1) },
        ];
        let group_by = GroupBy::parse_list("cause,aid_type").unwrap();
        let texts: Vec<Vec<Option<String>>> = Totals::of(&group_by, &disbursed)
            .rows
            .iter()
            .map(|(key, _)| key.iter().map(|value| value.text()).collect())
            .collect();
        let row = |cause: Option<&str>, aid_type: &str| vec![cause.map(str::to_owned), Some(aid_type.to_owned())];
        let expected = [
            row(Some("laid_off"), "education"),
            row(Some("grave_illness"), "living"),
            row(Some("grave_illness"), "education"),
            row(Some("other"), "medical"),
            row(None, "living"),
        ];
        assert_eq!(texts, expected);
    }

    #[test]
    fn ids_are_ordered_by_their_texts_and_divisions_too() {
        let at = |id: u128, division: Option<&str>| Disbursed {
            organization: organization(id),
            division: division.map(|code| code.parse().unwrap()),
            ..paid(1, AidType::Living, 1)
        };
        let disbursed = [at(0xff, None), at(0x0a, Some("340722")), at(0x10, Some("040705")), at(0x09, None)];
        for group_by in [GroupBy::Organization, GroupBy::Division, GroupBy::Fund] {
            let totals = Totals::of(&[group_by], &disbursed);
            let texts: Vec<_> = totals.rows.iter().filter_map(|(key, _)| key[0].text()).collect();
            let mut sorted = texts.clone();
            sorted.sort_unstable();
            assert_eq!(texts, sorted);
        }
        let by_division = Totals::of(&[GroupBy::Division], &disbursed);
        assert_eq!(by_division.rows.last().unwrap().0, [Value::Nothing]);
    }

    #[test]
    fn a_list_of_groups_has_known_codes_each_once() {
        let all = GroupBy::parse_list("fund,division,organization,cause,category,aid_type");
        assert_eq!(all.map(|all| all.len()), Ok(6));
        for wrong in ["", "aid_type,", "aid_type,aid_type", "household", "Fund", " fund"] {
            assert!(GroupBy::parse_list(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn of_nested_organizations_the_highest_is_left() {
        let [city, district, street, other] = [1, 2, 3, 4].map(organization);
        let given = [(street, vec![city, district]), (district, vec![city]), (other, vec![city])];
        assert_eq!(highest(&given), [district, other]);
        assert_eq!(highest(&[(city, vec![]), (street, vec![city, district])]), [city]);
    }

    #[test]
    fn yuan_have_two_decimals_and_a_sign() {
        let texts = [0, 5, -5, 100, -1_200, 122_450_001].map(yuan);
        assert_eq!(texts, ["0.00", "0.05", "-0.05", "1.00", "-12.00", "1224500.01"]);
        assert_eq!(yuan(i128::from(i64::MIN)), "-92233720368547758.08");
    }
}
