//! The personal values of a case and of its evidence, by group.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    codes::codes,
    hardship::{AidType, HardshipCategory, HardshipCause},
    money::Fen,
    person::PartyIdentity,
    phone::Phone,
    policy::{Input, Rule},
    relation::Relation,
    text::Text,
    time::Day,
    vault::{Group, Sealed, Term},
};

codes! {
    /// A kind of income 收入类型 (《最低生活保障审核确认办法》 article 13).
    IncomeKind {
        /// Wages 工资性收入.
        Wage = "wage",
        /// Business, net 经营净收入.
        Business = "business",
        /// Property, net 财产净收入.
        Property = "property",
        /// Transfers, net 转移净收入.
        Transfer = "transfer",
        /// Other income 其他收入.
        Other = "other",
    }
}

codes! {
    /// A kind of rigid expense 刚性支出 (《刚性支出困难家庭认定办法》 article 5).
    ExpenseKind {
        /// The necessities of life 生活.
        Living = "living",
        /// Medical, net of every reimbursement 医疗.
        Medical = "medical",
        /// Education, at most the public school's tariff 教育.
        Education = "education",
        /// Rehabilitation of a disability 残疾康复.
        Rehabilitation = "rehabilitation",
        /// What it costs to have work 必要就业成本.
        Employment = "employment",
        /// Other rigid expenses 其他.
        Other = "other",
    }
}

/// One income over the policy's window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Income {
    /// Of what kind.
    pub kind: IncomeKind,
    /// In twelve months.
    pub annual: Fen,
}

/// One rigid expense over the policy's window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expense {
    /// Of what kind.
    pub kind: ExpenseKind,
    /// In twelve months, net of what others pay.
    pub annual: Fen,
}

/// A member's incomes and rigid expenses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberMoney {
    /// The incomes; nobody has asked yet where there is no list.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub incomes: Option<Vec<Income>>,
    /// The rigid expenses.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expenses: Option<Vec<Expense>>,
}

impl Sealed for MemberMoney {
    const GROUP: Group = Group::Money;

    fn masked(&self) -> Value {
        json!({ "incomes": self.incomes.is_some(), "expenses": self.expenses.is_some() })
    }
}

/// How a member can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberContact {
    /// The phone.
    pub phone: Phone,
}

impl Sealed for MemberContact {
    const GROUP: Group = Group::Contact;

    fn masked(&self) -> Value {
        json!({ "phone": self.phone.masked() })
    }

    fn terms(&self) -> Vec<Term> {
        vec![Term::Phone(self.phone.clone())]
    }
}

codes! {
    /// A member's health 健康状况.
    HealthStatus {
        /// Good 良好.
        Good = "good",
        /// A chronic illness 慢性病.
        Chronic = "chronic",
        /// A grave illness 重特大疾病.
        Grave = "grave",
        /// A disability 残疾.
        Disabled = "disabled",
    }
}

/// A member's health.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberHealth {
    /// How it stands.
    pub status: HealthStatus,
    /// Which illness or disability, at most 200 characters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub condition: Option<Text<200>>,
}

impl Sealed for MemberHealth {
    const GROUP: Group = Group::Health;

    fn masked(&self) -> Value {
        json!({ "condition": self.condition.is_some() })
    }
}

/// Where the household lives and the worker works.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdContact {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<Text<200>>,
    /// The worker's employer 工作单位.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub employer: Option<Text<100>>,
}

impl Sealed for HouseholdContact {
    const GROUP: Group = Group::Contact;

    fn masked(&self) -> Value {
        json!({ "address": self.address.is_some(), "employer": self.employer.is_some() })
    }
}

/// What the household owns, and the worker's standing: what the exclusions ask about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdMoney {
    /// How many dwellings.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub dwellings: Option<u8>,
    /// How many vehicles.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub vehicles: Option<u8>,
    /// Whether somebody runs a business with employees or owns business premises.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owns_business: Option<bool>,
    /// Whether the worker is a union member.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub union_member: Option<bool>,
    /// Whether the worker is retired.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retired: Option<bool>,
}

impl Sealed for HouseholdMoney {
    const GROUP: Group = Group::Money;

    fn masked(&self) -> Value {
        json!({})
    }
}

/// Words that are sealed: a household's situation, a visit's findings, an opinion, an objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The words, at most 2,000 characters.
    pub text: Text<2000>,
}

impl Sealed for Words {
    const GROUP: Group = Group::Narrative;

    fn masked(&self) -> Value {
        json!({})
    }
}

/// What a visit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitFindings {
    /// What was found, at most 2,000 characters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub findings: Option<Text<2000>>,
    /// Why the visit was remote, at most 200 characters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remote_reason: Option<Text<200>>,
}

impl Sealed for VisitFindings {
    const GROUP: Group = Group::Narrative;

    fn masked(&self) -> Value {
        json!({})
    }
}

/// Who is to be compared: what the civil-affairs office is given, and no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparedIdentity {
    /// Name and identity number.
    pub identity: PartyIdentity,
    /// What the person is to the hardship worker.
    pub relation: Relation,
}

impl Sealed for ComparedIdentity {
    const GROUP: Group = Group::Identity;

    fn masked(&self) -> Value {
        self.identity.masked()
    }
}

codes! {
    /// Whether the civil-affairs office supports a person already 在保状态.
    BenefitStatus {
        /// Not at all 无.
        None = "none",
        /// Dibao 低保.
        Dibao = "dibao",
        /// At the margin of dibao 低保边缘.
        DibaoMargin = "dibao_margin",
        /// In destitution 特困.
        Destitute = "destitute",
        /// In hardship by rigid expenses 刚性支出困难.
        RigidExpense = "rigid_expense",
    }
}

codes! {
    /// What data were compared 核对项目 (《最低生活保障审核确认办法》 article 17).
    ComparedData {
        /// Household registration 户籍.
        Registration = "registration",
        /// Taxes 纳税.
        Tax = "tax",
        /// Social insurance 社保缴纳.
        SocialInsurance = "social_insurance",
        /// Real estate 不动产.
        RealEstate = "real_estate",
        /// Companies and businesses 市场主体.
        Business = "business",
        /// Housing fund 公积金.
        HousingFund = "housing_fund",
        /// Vehicles and ships 车船.
        Vehicle = "vehicle",
        /// Deposits 存款.
        Deposit = "deposit",
        /// Commercial insurance 商业保险.
        Insurance = "insurance",
        /// Securities 证券.
        Securities = "securities",
    }
}

codes! {
    /// What a comparison came to for one kind of data.
    CompareOutcome {
        /// Something is on record 有.
        Hit = "hit",
        /// Nothing is on record 无.
        Clear = "clear",
        /// The data could not be had 未获取.
        Unavailable = "unavailable",
    }
}

/// One finding about one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareFinding {
    /// In which data.
    pub data: ComparedData,
    /// What came out.
    pub outcome: CompareOutcome,
    /// How many records.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub count: Option<u16>,
    /// Their value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub amount: Option<Fen>,
    /// As of which day.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub as_of: Option<Day>,
}

/// What was found about one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareResult {
    /// Whether the person is supported already.
    pub benefit: BenefitStatus,
    /// The findings.
    pub findings: Vec<CompareFinding>,
}

impl Sealed for CompareResult {
    const GROUP: Group = Group::Money;

    fn masked(&self) -> Value {
        json!({})
    }
}

/// The office's own number of its report 核对报告编号.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareReport {
    /// The number, at most 64 characters.
    pub number: Text<64>,
}

impl Sealed for CompareReport {
    const GROUP: Group = Group::Money;

    fn masked(&self) -> Value {
        json!({})
    }
}

/// The value that a rule looked at, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleValue {
    /// The rule.
    pub rule: Rule,
    /// The value; none where it is not known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
}

/// What an assessment was made of, and the value that each rule looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessmentValues {
    /// The input.
    pub input: Input,
    /// The value that each rule looked at.
    pub values: Vec<RuleValue>,
}

impl Sealed for AssessmentValues {
    const GROUP: Group = Group::Money;

    fn masked(&self) -> Value {
        json!({})
    }
}

/// What a public notice shows: frozen at publication. The name is masked already; no number, phone,
/// address, diagnosis or income, and no other member's name, ever stands in it
/// (《个人信息保护法》 article 25, 《最低生活保障审核确认办法》 article 24).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeText {
    /// The worker's masked name 张*.
    pub worker: String,
    /// The worker's employer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub employer: Option<Text<100>>,
    /// The category proposed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<HardshipCategory>,
    /// The main cause, as a category.
    pub cause: HardshipCause,
    /// How many people the household counts.
    pub household_size: u16,
    /// The kinds of aid proposed.
    pub aid_types: Vec<AidType>,
    /// The first day of the period.
    pub from: Day,
    /// Its last day.
    pub until: Day,
}

impl Sealed for NoticeText {
    const GROUP: Group = Group::Identity;

    /// All of it was made to be shown.
    fn masked(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
