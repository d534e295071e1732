//! The personal values of a household.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    codes::codes,
    money::Fen,
    phone::Phone,
    text::{Line, Text},
    vault::{Group, Term, VaultDocument},
};

codes! {
    /// A kind of income 收入类型 (《最低生活保障审核确认办法》 article 13).
    IncomeKind {
        /// Wages 工资性收入.
        Wage = "wage" ("Wages", "工资性收入"),
        /// Business, net 经营净收入.
        Business = "business" ("Net business income", "经营净收入"),
        /// Property, net 财产净收入.
        Property = "property" ("Net property income", "财产净收入"),
        /// Transfers, net 转移净收入.
        Transfer = "transfer" ("Net transfers", "转移净收入"),
        /// Other income 其他收入.
        Other = "other" ("Other income", "其他收入"),
    }
}

codes! {
    /// A kind of rigid expense 刚性支出 (《刚性支出困难家庭认定办法》 article 5).
    ExpenseKind {
        /// The necessities of life 生活.
        Living = "living" ("Living", "生活支出"),
        /// Medical, net of every reimbursement 医疗.
        Medical = "medical" ("Medical", "医疗支出"),
        /// Education, at most the public school's tariff 教育.
        Education = "education" ("Education", "教育支出"),
        /// Rehabilitation of a disability 残疾康复.
        Rehabilitation = "rehabilitation" ("Rehabilitation", "残疾康复支出"),
        /// What it costs to have work 必要就业成本.
        Employment = "employment" ("Cost of employment", "必要就业成本"),
        /// Other rigid expenses 其他.
        Other = "other" ("Other", "其他支出"),
    }
}

/// One income over the policy's window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Income {
    pub kind: IncomeKind,
    pub annual: Fen,
}

/// One rigid expense over the policy's window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expense {
    pub kind: ExpenseKind,
    /// In twelve months, net of what others pay.
    pub annual: Fen,
}

/// A member's incomes and rigid expenses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberMoney {
    /// The incomes; `None` if they are not recorded yet.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub incomes: Option<Vec<Income>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expenses: Option<Vec<Expense>>,
}

impl VaultDocument for MemberMoney {
    const GROUP: Group = Group::Money;
    const AMOUNTS: &'static [&'static str] = &["/incomes/*/annual", "/expenses/*/annual"];

    fn masked(&self) -> Value {
        json!({ "incomes": self.incomes.is_some(), "expenses": self.expenses.is_some() })
    }
}

codes! {
    /// Why a member does not count in the household's formula
    /// (《最低生活保障审核确认办法》 article 7).
    NotCounted {
        /// Lives elsewhere for good 不共同生活.
        LivesApart = "lives_apart" ("Lives apart", "不共同生活"),
        /// A grown child who supports itself 已独立生活.
        Independent = "independent" ("Independent", "已独立生活"),
        /// A postgraduate student 研究生.
        Postgraduate = "postgraduate" ("Postgraduate student", "研究生"),
        /// In prison, in compulsory treatment, or declared missing 服刑、强制戒毒、宣告失踪.
        Absent = "absent" ("Absent", "服刑、强制戒毒或宣告失踪"),
        /// A cleric who has lived in a monastery for three years 宗教教职人员.
        Cleric = "cleric" ("Cleric", "宗教教职人员"),
        /// Died 已故.
        Deceased = "deceased" ("Deceased", "已故"),
    }
}

/// Why a member does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberStanding {
    pub not_counted: NotCounted,
}

impl VaultDocument for MemberStanding {
    const GROUP: Group = Group::Narrative;

    fn masked(&self) -> Value {
        json!({})
    }
}

/// How a member can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberContact {
    pub phone: Phone,
}

impl VaultDocument for MemberContact {
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
        Good = "good" ("Good", "良好"),
        /// A chronic illness 慢性病.
        Chronic = "chronic" ("Chronic illness", "慢性病"),
        /// A grave illness 重特大疾病.
        Grave = "grave" ("Grave illness", "重特大疾病"),
        /// A disability 残疾.
        Disabled = "disabled" ("Disabled", "残疾"),
    }
}

/// A member's health.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberHealth {
    pub status: HealthStatus,
    /// Which illness or disability, at most 200 characters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub condition: Option<Text<200>>,
}

impl VaultDocument for MemberHealth {
    const GROUP: Group = Group::Health;

    fn masked(&self) -> Value {
        json!({ "condition": self.condition.is_some() })
    }
}

/// Where the household lives and the worker works.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdContact {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<Line<200>>,
    /// The worker's employer 工作单位.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub employer: Option<Line<100>>,
}

impl VaultDocument for HouseholdContact {
    const GROUP: Group = Group::Contact;

    fn masked(&self) -> Value {
        json!({ "address": self.address.is_some(), "employer": self.employer.is_some() })
    }
}

/// The property of the household and the status of the worker, which the exclusions of the policy need.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdMoney {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub dwellings: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub vehicles: Option<u8>,
    /// Whether a member runs a business with employees or owns business premises.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owns_business: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub union_member: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retired: Option<bool>,
}

impl VaultDocument for HouseholdMoney {
    const GROUP: Group = Group::Money;

    fn masked(&self) -> Value {
        json!({})
    }
}
