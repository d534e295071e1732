//! A referral as it will be sent.

use bangfu_domain::money::Fen;

use super::{person::Person, random::Random, units::Channel};

/// Illnesses with their ICD-10 code and department.
const ILLNESSES: &[(&str, &str, &str)] = &[
    ("C34.900", "肺癌", "肿瘤科"),
    ("C16.900", "胃癌", "普外科"),
    ("C22.900", "肝癌", "肿瘤科"),
    ("C50.900", "乳腺癌", "乳腺外科"),
    ("C20.x00", "直肠癌", "肛肠外科"),
    ("I63.900", "脑梗死", "神经内科"),
    ("I61.900", "脑出血", "神经外科"),
    ("I21.900", "急性心肌梗死", "心血管内科"),
    ("N18.900", "慢性肾脏病", "肾内科"),
    ("K74.600", "肝硬化", "消化内科"),
    ("S72.000", "股骨颈骨折", "骨科"),
    ("C95.900", "白血病", "血液科"),
];

/// An illness.
#[derive(Debug, Clone, Copy)]
pub struct Illness {
    /// Its code.
    pub code: &'static str,
    /// What the people call it.
    pub name: &'static str,
    /// The department.
    pub department: &'static str,
}

impl Illness {
    /// Some illness.
    pub fn some(random: &mut Random) -> Self {
        let (code, name, department) = random.one_of(("C34.900", "肺癌", "肿瘤科"), ILLNESSES);
        Self { code, name, department }
    }
}

/// The course of a referral in its first days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It opens the case of a household.
    Opens(usize),
    /// It joins the case that another one opened.
    Joins(usize),
    /// The caseworker declines it, for this reason.
    Declined(&'static str),
    /// Its referrer withdraws it.
    Withdrawn,
}

/// A referral.
#[derive(Debug, Clone)]
pub struct Referral {
    /// Where it comes from.
    pub channel: Channel,
    /// The unit where the household lives.
    pub unit: usize,
    /// The sender's reference.
    pub reference: String,
    /// The number of the working day on which it is sent.
    pub sent: usize,
    /// Whether the same row is sent a second time, on the next working day.
    pub again: bool,
    /// The working day on which it is decided.
    pub decided: usize,
    /// Who was found.
    pub patient: Person,
    /// The hardship worker, where that is another person, and what the patient is to them.
    pub worker: Option<(Person, &'static str)>,
    /// What the patient has, in a hospital.
    pub illness: Illness,
    /// What the stay cost: total, and what the person bore.
    pub costs: (Fen, Fen),
    /// Its course.
    pub ending: Ending,
}
