//! The shape of a household as it is written down.

use bangfu_app::use_cases::cases::{HouseholdInput, MemberInput, PartyInput};
use bangfu_domain::{
    case::{
        Causes, Expense, ExpenseKind, HealthStatus, HouseholdContact, HouseholdMoney, Income, IncomeKind,
        MemberContact, MemberHealth, MemberMoney, NotCounted,
    },
    hardship::{HardshipCause, SchoolStage},
    identity_number::IdentityNumber,
    ids::PersonId,
    invalid::Invalid,
    name::PersonName,
    phone::Phone,
    relation::Relation,
    remark::RemarkText,
};

use crate::edge::{IntoCommand, Line100, Line200, Text200, Validation, Yuan, input};

/// How many incomes or expenses a member may have.
const ITEMS_AT_MOST: usize = 20;

input! {
    /// An income.
    pub struct IncomeBody {
        /// Which.
        #[schema(example = "wage")]
        pub kind: IncomeKind,
        /// In twelve months.
        #[schema(example = "26400.00")]
        pub annual: Yuan,
    }

    /// A rigid expense.
    pub struct ExpenseBody {
        /// Which.
        #[schema(example = "medical")]
        pub kind: ExpenseKind,
        /// In twelve months, net of what insurance and others pay.
        #[schema(example = "26400.00")]
        pub annual: Yuan,
    }

    /// A member's health.
    pub struct HealthBody {
        /// How it is.
        #[schema(example = "grave")]
        pub status: HealthStatus,
        /// Which illness or disability.
        pub condition: Option<Text200>,
    }

    /// A member of the household.
    pub struct MemberBody {
        /// A member of this case, by id; another person is named by name and number.
        pub person_id: Option<PersonId>,
        /// The name. A member named by id needs none.
        #[schema(example = "李建国")]
        pub name: Option<PersonName>,
        /// The identity number, where it is known. A known number is the known person.
        #[schema(example = "340705198001010011")]
        pub identity_number: Option<IdentityNumber>,
        /// The phone.
        pub phone: Option<Phone>,
        /// What the person is to the hardship worker.
        #[schema(example = "self")]
        pub relation: Relation,
        /// Why the member does not count in the formula. A member without a reason counts.
        pub not_counted: Option<NotCounted>,
        /// The stage of schooling.
        pub school_stage: Option<SchoolStage>,
        /// The health.
        pub health: Option<HealthBody>,
        /// The incomes; an empty list says that there are none.
        pub incomes: Option<Vec<IncomeBody>>,
        /// The rigid expenses; an empty list says that there are none.
        pub expenses: Option<Vec<ExpenseBody>>,
    }

    /// The causes of the hardship.
    pub struct CausesBody {
        /// The main cause.
        #[schema(example = "grave_illness")]
        pub main: HardshipCause,
        /// At most three others.
        pub others: Option<Vec<HardshipCause>>,
    }

    /// A household, as a whole. It may be incomplete: what is missing is answered as `gaps`.
    pub struct HouseholdBody {
        /// The members, 1 to 20; one of them with relation `self`.
        pub members: Vec<MemberBody>,
        /// The causes.
        pub causes: Option<CausesBody>,
        /// Members of the union's staff who are close relatives: they will not act on the case.
        pub related_staff: Option<Vec<PersonId>>,
        /// The address.
        pub address: Option<Line200>,
        /// The worker's employer.
        pub employer: Option<Line100>,
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
        pub situation: Option<RemarkText>,
    }
}

impl IntoCommand for HouseholdBody {
    type Command = HouseholdInput;

    fn into_command(self, validation: &mut Validation) -> Option<HouseholdInput> {
        let members = self.members.into_iter().enumerate();
        Some(HouseholdInput {
            members: members.map(|(i, member)| member.into_input(format!("/members/{i}"), validation)).collect(),
            causes: self.causes.map(|it| Causes { main: it.main, others: it.others.unwrap_or_default() }),
            related_staff: self.related_staff.unwrap_or_default(),
            contact: HouseholdContact { address: self.address, employer: self.employer },
            money: HouseholdMoney {
                dwellings: self.dwellings,
                vehicles: self.vehicles,
                owns_business: self.owns_business,
                union_member: self.union_member,
                retired: self.retired,
            },
            situation: self.situation,
        })
    }
}

impl MemberBody {
    fn into_input(self, at: String, validation: &mut Validation) -> MemberInput {
        let counts =
            [("incomes", self.incomes.as_ref().map(Vec::len)), ("expenses", self.expenses.as_ref().map(Vec::len))];
        for (field, count) in counts {
            if count.is_some_and(|count| count > ITEMS_AT_MOST) {
                validation.refuse(format_args!("{at}/{field}"), Invalid::OutOfRange);
            }
        }
        let income = |it: IncomeBody| Income { kind: it.kind, annual: it.annual.0 };
        let expense = |it: ExpenseBody| Expense { kind: it.kind, annual: it.annual.0 };
        MemberInput {
            named: PartyInput { at, person: self.person_id, name: self.name, identity_number: self.identity_number },
            relation: self.relation,
            not_counted: self.not_counted,
            school_stage: self.school_stage,
            contact: self.phone.map(|phone| MemberContact { phone }),
            health: self.health.map(|it| MemberHealth { status: it.status, condition: it.condition }),
            money: MemberMoney {
                incomes: self.incomes.map(|all| all.into_iter().map(income).collect()),
                expenses: self.expenses.map(|all| all.into_iter().map(expense).collect()),
            },
        }
    }
}
