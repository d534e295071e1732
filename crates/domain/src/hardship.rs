//! The vocabulary of hardship: categories, causes, kinds of aid and stages of schooling.

use crate::codes::codes;

codes! {
    /// How deep the hardship of a household is 困难类别.
    HardshipCategory {
        /// Income after rigid expenses is at or below the dibao line 深度困难职工.
        Deep = "deep",
        /// It is at or below a multiple of that line 相对困难职工.
        Relative = "relative",
        /// An accident, a disaster or a grave illness caused it 意外致困职工.
        Accident = "accident",
    }
}

codes! {
    /// The cause of the household's hardship 致困原因, after the unions' archive form 《困难职工档案表》. One cause is the main one.
    HardshipCause {
        /// Unable to work 无劳动能力.
        UnableToWork = "unable_to_work",
        /// Able to work and without work 有劳动能力而未就业.
        NotEmployed = "not_employed",
        /// Laid off 下岗失业.
        LaidOff = "laid_off",
        /// Without social insurance 未参加社会保险.
        Uninsured = "uninsured",
        /// Social insurance is not paid out as due 社会保险待遇落实不到位.
        InsuranceUnpaid = "insurance_unpaid",
        /// A grave illness 患重特大疾病.
        GraveIllness = "grave_illness",
        /// A natural disaster 遭受自然灾害.
        NaturalDisaster = "natural_disaster",
        /// An accident 遭受意外事故.
        Accident = "accident",
        /// Children at school 子女上学.
        Schooling = "schooling",
        /// Another cause 其他.
        Other = "other",
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
        Living = "living",
        /// Medical aid 医疗救助.
        Medical = "medical",
        /// Education aid 子女助学.
        Education = "education",
    }
}

codes! {
    /// A stage of schooling 就学阶段.
    SchoolStage {
        /// Kindergarten 幼儿园.
        Kindergarten = "kindergarten",
        /// Primary and junior secondary school 义务教育.
        Compulsory = "compulsory",
        /// Senior secondary school 普通高中.
        Senior = "senior",
        /// Secondary vocational school 中职中技.
        Vocational = "vocational",
        /// University or college 高等教育.
        Higher = "higher",
        /// Postgraduate studies 研究生.
        Postgraduate = "postgraduate",
        /// Special education 特殊教育.
        Special = "special",
    }
}
