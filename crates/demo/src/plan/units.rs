//! Who there is in the city: the reporting units with their divisions, the hospitals, the hotline.

use bangfu_domain::{division::Division, money::Fen, policy::PolicyDocument};

use crate::DemoError;

/// The city.
pub const CITY: (&str, &str) = ("铜陵市总工会", "340700");

/// A reporting unit 县区: a union with casework of its own.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    /// Its name.
    pub name: &'static str,
    /// What the logins of its people end with.
    pub login: &'static str,
    /// Its division. The unit of the city's own enterprises 市直 has none: there the city's holds.
    pub division: Option<&'static str>,
    /// How many of a hundred households live there.
    pub share: u32,
}

impl Unit {
    /// The division whose dibao line holds here.
    pub fn line_of(&self) -> &'static str {
        self.division.unwrap_or(CITY.1)
    }

    /// The lowest dibao line that holds here in a year.
    pub fn lowest_line(&self, policy: &PolicyDocument, year: i16) -> Result<Fen, DemoError> {
        let code = self.line_of();
        let missing = || {
            let text = format!("year {year}: the sample policy has no dibao line for {code}");
            DemoError::Figures(text)
        };
        let division: Division = code.parse()?;
        let first = bangfu_domain::time::Day::new(year, 1, 1)?;
        let at_first = policy.dibao_monthly(&division, first).ok_or_else(missing)?;
        let later = policy
            .dibao
            .iter()
            .filter(|line| line.division == division && line.from.year() == year)
            .map(|line| line.monthly);
        Ok(later.fold(at_first, Fen::min))
    }
}

/// The units.
pub const UNITS: [Unit; 5] = [
    Unit { name: "铜官区总工会", login: "tongguan", division: Some("340705"), share: 30 },
    Unit { name: "义安区总工会", login: "yian", division: Some("340706"), share: 20 },
    Unit { name: "郊区总工会", login: "jiaoqu", division: Some("340711"), share: 12 },
    Unit { name: "枞阳县总工会", login: "zongyang", division: Some("340722"), share: 26 },
    Unit { name: "市直机关企事业工会", login: "shizhi", division: None, share: 12 },
];

/// A hospital whose system sends referrals.
#[derive(Debug, Clone, Copy)]
pub struct Hospital {
    /// Its name.
    pub name: &'static str,
    /// The name of its system as a client.
    pub client: &'static str,
    /// The unit that receives what it sends, where it names none.
    pub unit: usize,
}

/// The hospitals.
pub const HOSPITALS: [Hospital; 3] = [
    Hospital { name: "铜陵市人民医院", client: "hospital-renmin", unit: 0 },
    Hospital { name: "义安区人民医院", client: "hospital-yian", unit: 1 },
    Hospital { name: "枞阳县人民医院", client: "hospital-zongyang", unit: 3 },
];

/// Where a referral comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// A hospital.
    Hospital(usize),
    /// The 12351 hotline.
    Hotline,
    /// The grassroots unions of a unit.
    Grassroots(usize),
}
