//! The personal values of visits, comparisons, assessments and public notices.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    codes::codes,
    hardship::{AidType, HardshipCategory, HardshipCause},
    invalid::Invalid,
    money::Fen,
    person::PartyIdentity,
    policy::{HouseholdFigures, Rule},
    relation::Relation,
    text::{Line, Text},
    text_value::{TextFormat, text_value},
    time::Day,
    vault::{Group, VaultDocument},
};

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

impl VaultDocument for VisitFindings {
    const GROUP: Group = Group::Narrative;

    fn masked(&self) -> Value {
        json!({})
    }
}

/// Who is to be compared: what the civil-affairs office is given, and no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparedIdentity {
    pub identity: PartyIdentity,
    /// What the person is to the hardship worker.
    pub relation: Relation,
}

impl VaultDocument for ComparedIdentity {
    const GROUP: Group = Group::Identity;

    fn masked(&self) -> Value {
        self.identity.masked()
    }
}

codes! {
    /// Whether the civil-affairs office supports a person already 在保状态.
    BenefitStatus {
        /// Not at all 无.
        None = "none" ("None", "无"),
        /// Dibao 低保.
        Dibao = "dibao" ("Dibao", "低保"),
        /// At the margin of dibao 低保边缘.
        DibaoMargin = "dibao_margin" ("Marginal dibao", "低保边缘"),
        /// In destitution 特困.
        Destitute = "destitute" ("Destitute", "特困"),
        /// In hardship by rigid expenses 刚性支出困难.
        RigidExpense = "rigid_expense" ("Hardship by rigid expenses", "刚性支出困难"),
    }
}

codes! {
    /// What data were compared 核对项目 (《最低生活保障审核确认办法》 article 17).
    ComparedData {
        /// Household registration 户籍.
        Registration = "registration" ("Household registration", "户籍"),
        /// Taxes 纳税.
        Tax = "tax" ("Taxes", "纳税"),
        /// Social insurance 社保缴纳.
        SocialInsurance = "social_insurance" ("Social insurance", "社保缴纳"),
        /// Real estate 不动产.
        RealEstate = "real_estate" ("Real estate", "不动产"),
        /// Companies and businesses 市场主体.
        Business = "business" ("Businesses", "市场主体"),
        /// Housing fund 公积金.
        HousingFund = "housing_fund" ("Housing fund", "公积金"),
        /// Vehicles and ships 车船.
        Vehicle = "vehicle" ("Vehicles and ships", "车船"),
        /// Deposits 存款.
        Deposit = "deposit" ("Deposits", "存款"),
        /// Commercial insurance 商业保险.
        Insurance = "insurance" ("Commercial insurance", "商业保险"),
        /// Securities 证券.
        Securities = "securities" ("Securities", "证券"),
    }
}

codes! {
    /// What a comparison came to for one kind of data.
    CompareOutcome {
        /// Something is on record 有.
        Hit = "hit" ("On record", "有"),
        /// Nothing is on record 无.
        Clear = "clear" ("Nothing on record", "无"),
        /// The data could not be had 未获取.
        Unavailable = "unavailable" ("Not available", "未获取"),
    }
}

/// One finding about one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareFinding {
    pub data: ComparedData,
    pub outcome: CompareOutcome,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub count: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub amount: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub as_of: Option<Day>,
}

/// What was found about one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareResult {
    pub benefit: BenefitStatus,
    pub findings: Vec<CompareFinding>,
}

impl VaultDocument for CompareResult {
    const GROUP: Group = Group::Money;
    const AMOUNTS: &'static [&'static str] = &["/findings/*/amount"];

    fn masked(&self) -> Value {
        json!({})
    }
}

/// The office's own number of its report 核对报告编号.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareReport {
    /// The number, at most 64 characters.
    pub number: Line<64>,
}

impl VaultDocument for CompareReport {
    const GROUP: Group = Group::Money;

    fn masked(&self) -> Value {
        json!({})
    }
}

/// The value that a rule looked at, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleValue {
    pub rule: Rule,
    /// The value; none where it is not known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
}

/// What an assessment was made of, and the value that each rule looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessmentValues {
    pub input: HouseholdFigures,
    pub values: Vec<RuleValue>,
}

impl VaultDocument for AssessmentValues {
    const GROUP: Group = Group::Money;
    const AMOUNTS: &'static [&'static str] = &["/input/annual_income", "/input/annual_expense"];

    fn masked(&self) -> Value {
        json!({})
    }
}

/// The name of a file as its owner called it: 1 to 120 characters on one line, and no path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileName(Line<120>);

impl FileName {
    /// Takes a name, and refuses a path.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let name = Line::parse(text)?;
        if name.as_str().contains(['/', '\\']) { Err(Invalid::Format) } else { Ok(Self(name)) }
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

text_value!(FileName, Self::parse, |name| name.0.into(), TextFormat::Line(120));

/// The name of an attached file. It often says whose it is and what they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentName {
    pub file_name: FileName,
}

impl VaultDocument for AttachmentName {
    const GROUP: Group = Group::Narrative;

    /// The first character, as of a person's name.
    fn masked(&self) -> Value {
        let first: String = self.file_name.as_str().chars().take(1).collect();
        json!({ "file_name": format!("{first}*") })
    }
}

/// What a public notice shows: fixed at publication. The name is masked already; no number, phone, address, diagnosis
/// or income, and no other member's name, ever stands in it (《个人信息保护法》 article 25, 《最低生活保障审核确认办法》 article 24).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeText {
    /// The worker's masked name 张*.
    pub worker: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub employer: Option<Line<100>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<HardshipCategory>,
    pub cause: HardshipCause,
    pub household_size: u16,
    pub aid_types: Vec<AidType>,
    pub from: Day,
    pub until: Day,
}

impl VaultDocument for NoticeText {
    const GROUP: Group = Group::Identity;

    /// All of it was made to be shown.
    fn masked(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
