//! The shape of a household as it is written down.

use bangfu_app::use_cases::cases::{HouseholdInput, MemberInput, PartyInput};
use bangfu_domain::{
    case::{
        Causes, Expense, HouseholdContact, HouseholdMoney, Income, MemberContact, MemberHealth, MemberMoney, RemarkText,
    },
    ids::PersonId,
    invalid::Invalid,
    money::Fen,
    name::PersonName,
    phone::Phone,
    text::Text,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::edge::{OldParse, Validation};

/// How many incomes or expenses a member may have.
const ITEMS_AT_MOST: usize = 20;

/// An income or an expense of twelve months.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnualBody {
    /// Of an income: `wage`, `business`, `property`, `transfer` or `other`. Of an expense: `living`,
    /// `medical`, `education`, `rehabilitation`, `employment` or `other`.
    #[schema(example = "wage")]
    pub kind: String,
    /// In twelve months, in yuan; an expense net of what insurance and others pay.
    #[schema(example = "26400.00")]
    pub annual: String,
}

/// A member's health.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthBody {
    /// `good`, `chronic`, `grave` or `disabled`.
    #[schema(example = "grave")]
    pub status: String,
    /// Which illness or disability.
    #[schema(max_length = 200)]
    pub condition: Option<String>,
}

/// A member of the household.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberBody {
    /// A member of this case, by id; somebody else is named by name and number.
    pub person_id: Option<String>,
    /// The name. A member named by id needs none.
    #[validate(length(max = 50))]
    #[schema(example = "李建国", max_length = 50)]
    pub name: Option<String>,
    /// The identity number, where it is known. A known number is the known person.
    #[schema(example = "340705198001010011")]
    pub identity_number: Option<String>,
    /// The phone.
    pub phone: Option<String>,
    /// What the person is to the hardship worker: `self`, `spouse`, `son`, `daughter`, `grandchild`,
    /// `parent`, `grandparent`, `sibling` or `other`.
    #[schema(example = "self")]
    pub relation: String,
    /// Why the member does not count in the formula: `lives_apart`, `independent`, `postgraduate`,
    /// `absent`, `cleric` or `deceased`. A member without a reason counts.
    pub not_counted: Option<String>,
    /// The stage of schooling: `kindergarten`, `compulsory`, `senior`, `vocational`, `higher`,
    /// `postgraduate` or `special`.
    pub school_stage: Option<String>,
    /// The health.
    #[validate(nested)]
    pub health: Option<HealthBody>,
    /// The incomes; an empty list says that there are none.
    #[validate(nested)]
    pub incomes: Option<Vec<AnnualBody>>,
    /// The rigid expenses; an empty list says that there are none.
    #[validate(nested)]
    pub expenses: Option<Vec<AnnualBody>>,
}

/// The causes of the hardship.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CausesBody {
    /// The main cause: `unable_to_work`, `not_employed`, `laid_off`, `uninsured`, `insurance_unpaid`,
    /// `grave_illness`, `natural_disaster`, `accident`, `schooling` or `other`.
    #[schema(example = "grave_illness")]
    pub main: String,
    /// At most three others.
    #[serde(default)]
    pub others: Vec<String>,
}

/// A household, as a whole. It may be incomplete: what is missing is answered as `gaps`.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdBody {
    /// The members, 1 to 20; one of them with relation `self`.
    #[validate(nested)]
    pub members: Vec<MemberBody>,
    /// The causes.
    #[validate(nested)]
    pub causes: Option<CausesBody>,
    /// Members of the union's staff who are close relatives: they will not act on the case.
    #[serde(default)]
    pub related_staff: Vec<String>,
    /// The address.
    #[schema(max_length = 200)]
    pub address: Option<String>,
    /// The worker's employer.
    #[schema(max_length = 100)]
    pub employer: Option<String>,
    /// How many dwellings the household owns.
    pub dwellings: Option<u8>,
    /// How many vehicles, those for a disability not counted.
    pub vehicles: Option<u8>,
    /// Whether it runs a business or owns business premises.
    pub owns_business: Option<bool>,
    /// Whether the worker is a union member.
    pub union_member: Option<bool>,
    /// Whether the worker is retired.
    pub retired: Option<bool>,
    /// The situation in words.
    #[schema(max_length = 2000)]
    pub situation: Option<String>,
}

impl OldParse for HouseholdBody {
    type Command = HouseholdInput;

    const LISTS: &'static [&'static str] =
        &["/members", "/members/*/incomes", "/members/*/expenses", "/causes/others", "/related_staff"];

    fn parse(self, validation: &mut Validation) -> Option<HouseholdInput> {
        let members: Vec<_> = self
            .members
            .into_iter()
            .enumerate()
            .map(|(i, member)| member.parse(validation, &format!("/members/{i}")))
            .collect();
        let causes = self.causes.map(|causes| causes.parse(validation));
        let related: Vec<Option<PersonId>> = self
            .related_staff
            .iter()
            .enumerate()
            .map(|(i, id)| validation.parse(&format!("/related_staff/{i}"), id, str::parse))
            .collect();
        let address = validation.optional("/address", self.address.as_deref(), Text::parse);
        let employer = validation.optional("/employer", self.employer.as_deref(), Text::parse);
        let situation = validation.optional("/situation", self.situation.as_deref(), Text::parse);
        let causes = match causes {
            None => None,
            Some(parsed) => Some(parsed?),
        };
        Some(HouseholdInput {
            members: members.into_iter().collect::<Option<_>>()?,
            causes,
            related_staff: related.into_iter().collect::<Option<_>>()?,
            contact: HouseholdContact { address: address?, employer: employer? },
            money: HouseholdMoney {
                dwellings: self.dwellings,
                vehicles: self.vehicles,
                owns_business: self.owns_business,
                union_member: self.union_member,
                retired: self.retired,
            },
            situation: situation?.map(|text| RemarkText { text }),
        })
    }
}

impl MemberBody {
    fn parse(self, validation: &mut Validation, at: &str) -> Option<MemberInput> {
        let pointer = |field: &str| format!("{at}/{field}");
        let person = validation.optional(&pointer("person_id"), self.person_id.as_deref(), str::parse);
        let name = validation.optional(&pointer("name"), self.name.as_deref(), PersonName::parse);
        let number = self.identity_number.as_deref();
        let number = validation.identity_number(&pointer("identity_number"), number);
        let phone = validation.optional(&pointer("phone"), self.phone.as_deref(), Phone::parse);
        let relation = validation.parse(&pointer("relation"), &self.relation, str::parse);
        let not_counted = validation.optional(&pointer("not_counted"), self.not_counted.as_deref(), str::parse);
        let school_stage = validation.optional(&pointer("school_stage"), self.school_stage.as_deref(), str::parse);
        let health = self.health.map(|health| health.parse(validation, &pointer("health")));
        let incomes = self.incomes.map(|items| annual(validation, &pointer("incomes"), &items));
        let expenses = self.expenses.map(|items| annual(validation, &pointer("expenses"), &items));
        let health = match health {
            None => None,
            Some(parsed) => Some(parsed?),
        };
        let incomes = match incomes {
            None => None,
            Some(parsed) => Some(parsed?),
        };
        let expenses = match expenses {
            None => None,
            Some(parsed) => Some(parsed?),
        };
        let income = |(kind, annual)| Income { kind, annual };
        let expense = |(kind, annual)| Expense { kind, annual };
        Some(MemberInput {
            named: PartyInput { at: at.to_owned(), person: person?, name: name?, identity_number: number? },
            relation: relation?,
            not_counted: not_counted?,
            school_stage: school_stage?,
            contact: phone?.map(|phone| MemberContact { phone }),
            health,
            money: MemberMoney {
                incomes: incomes.map(|all| all.into_iter().map(income).collect()),
                expenses: expenses.map(|all| all.into_iter().map(expense).collect()),
            },
        })
    }
}

/// Parses incomes or expenses: each with its kind and its amount.
fn annual<K: std::str::FromStr<Err = Invalid>>(
    validation: &mut Validation,
    at: &str,
    items: &[AnnualBody],
) -> Option<Vec<(K, Fen)>> {
    if items.len() > ITEMS_AT_MOST {
        validation.refuse(at, Invalid::OutOfRange);
    }
    let parsed: Vec<Option<(K, Fen)>> = items
        .iter()
        .enumerate()
        .map(|(i, item)| {
            let kind = validation.parse(&format!("{at}/{i}/kind"), &item.kind, str::parse);
            let amount = validation.parse(&format!("{at}/{i}/annual"), &item.annual, Fen::parse_yuan);
            Some((kind?, amount?))
        })
        .collect();
    parsed.into_iter().collect()
}

impl HealthBody {
    fn parse(self, validation: &mut Validation, at: &str) -> Option<MemberHealth> {
        let status = validation.parse(&format!("{at}/status"), &self.status, str::parse);
        let condition = validation.optional(&format!("{at}/condition"), self.condition.as_deref(), Text::parse);
        Some(MemberHealth { status: status?, condition: condition? })
    }
}

impl CausesBody {
    fn parse(self, validation: &mut Validation) -> Option<Causes> {
        let main = validation.parse("/causes/main", &self.main, str::parse);
        let others: Vec<_> = self
            .others
            .iter()
            .enumerate()
            .map(|(i, cause)| validation.parse(&format!("/causes/others/{i}"), cause, str::parse))
            .collect();
        Some(Causes { main: main?, others: others.into_iter().collect::<Option<_>>()? })
    }
}
