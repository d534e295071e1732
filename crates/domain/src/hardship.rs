//! The vocabulary of hardship: categories, causes, kinds of aid and stages of schooling.

use crate::codes::codes;

codes! {
    /// How deep the hardship of a household is 困难类别.
    HardshipCategory {
        /// Income after rigid expenses is at or below the dibao line 深度困难职工.
        Deep = "deep" ("Deep hardship", "深度困难职工"),
        /// It is at or below a multiple of that line 相对困难职工.
        Relative = "relative" ("Relative hardship", "相对困难职工"),
        /// An accident, a disaster or a grave illness caused it 意外致困职工.
        Accident = "accident" ("Hardship by accident", "意外致困职工"),
    }
}

codes! {
    /// The cause of the household's hardship 致困原因, after the unions' archive form 《困难职工档案表》. One cause is the main one.
    HardshipCause {
        /// Unable to work 无劳动能力.
        UnableToWork = "unable_to_work" ("Unable to work", "无劳动能力"),
        /// Able to work and without work 有劳动能力而未就业.
        NotEmployed = "not_employed" ("Able to work, not employed", "有劳动能力未就业"),
        /// Laid off 下岗失业.
        LaidOff = "laid_off" ("Laid off", "下岗失业"),
        /// Without social insurance 未参加社会保险.
        Uninsured = "uninsured" ("No social insurance", "未参加社会保险"),
        /// Social insurance is not paid out as due 社会保险待遇落实不到位.
        InsuranceUnpaid = "insurance_unpaid" ("Social insurance not paid out", "社会保险待遇落实不到位"),
        /// A grave illness 患重特大疾病.
        GraveIllness = "grave_illness" ("Grave illness", "患重特大疾病"),
        /// A natural disaster 遭受自然灾害.
        NaturalDisaster = "natural_disaster" ("Natural disaster", "遭受自然灾害"),
        /// An accident 遭受意外事故.
        Accident = "accident" ("Accident", "遭受意外事故"),
        /// Children at school 子女上学.
        Schooling = "schooling" ("Children at school", "子女上学"),
        /// Another cause 其他.
        Other = "other" ("Other", "其他"),
    }
}

impl HardshipCause {
    /// Whether it is a sudden event, from which the category *accident* may follow.
    pub fn is_sudden(self) -> bool {
        matches!(self, HardshipCause::GraveIllness | HardshipCause::NaturalDisaster | HardshipCause::Accident)
    }
}

codes! {
    /// A kind of aid 救助类别.
    AidType {
        /// Living aid 生活救助.
        Living = "living" ("Living aid", "生活救助"),
        /// Medical aid 医疗救助.
        Medical = "medical" ("Medical aid", "医疗救助"),
        /// Education aid 子女助学.
        Education = "education" ("Education aid", "助学救助"),
    }
}

codes! {
    /// A stage of schooling 就学阶段.
    SchoolStage {
        /// Kindergarten 幼儿园.
        Kindergarten = "kindergarten" ("Kindergarten", "幼儿园"),
        /// Primary and junior secondary school 义务教育.
        Compulsory = "compulsory" ("Compulsory education", "义务教育"),
        /// Senior secondary school 普通高中.
        Senior = "senior" ("Senior secondary school", "普通高中"),
        /// Secondary vocational school 中职中技.
        Vocational = "vocational" ("Vocational school", "中职中技"),
        /// University or college 高等教育.
        Higher = "higher" ("Higher education", "高等教育"),
        /// Postgraduate studies 研究生.
        Postgraduate = "postgraduate" ("Postgraduate studies", "研究生"),
        /// Special education 特殊教育.
        Special = "special" ("Special education", "特殊教育"),
    }
}
