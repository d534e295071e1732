//! Invented people: names, valid identity numbers, telephones and bank accounts.

use std::collections::BTreeSet;

use bangfu_domain::{
    bank::{AccountCheck, AccountNumber},
    identity_number::IdentityNumber,
    invalid::Invalid,
    time::Day,
};

use super::random::Random;

/// Family names, the frequent ones of the region first.
const FAMILY: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "吴", "徐", "汪", "程", "方", "胡", "江", "章", "钱", "周", "朱", "何", "许",
    "丁", "潘", "姚", "左", "阮", "查", "光", "佘", "唐",
];
/// Given names of men.
const MEN: &[&str] = &[
    "明", "强", "建国", "志刚", "海军", "永生", "宝林", "家宏", "文斌", "小龙", "正平", "卫东", "学兵", "长江", "光辉",
    "国庆", "立新", "德福", "金水", "浩然", "子轩", "宇航", "俊杰",
];
/// Given names of women.
const WOMEN: &[&str] = &[
    "芳", "秀英", "桂兰", "小红", "玉梅", "春燕", "丽萍", "爱华", "翠萍", "晓燕", "淑珍", "美霞", "慧", "云霞", "敏",
    "素琴", "冬梅", "雨欣", "梓涵", "思琪", "佳怡",
];
/// The places that stand in identity numbers: today's divisions of the city, and those of former times.
const PLACES: &[&str] = &["340702", "340703", "340705", "340706", "340711", "340721", "340722", "340823"];
/// The place in the numbers of those who work for the city, so that nobody among them is a household's member.
const STAFF_PLACES: &[&str] = &["340701"];
/// Banks.
const BANKS: &[&str] = &[
    "中国工商银行铜陵铜官支行",
    "中国农业银行铜陵分行营业部",
    "中国建设银行铜陵开发区支行",
    "中国银行铜陵分行",
    "徽商银行铜陵淮河路支行",
    "铜陵农村商业银行义安支行",
];

/// An invented person.
#[derive(Debug, Clone)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The identity number.
    pub number: String,
    /// A mobile number.
    pub phone: String,
}

/// Invents people, each with an identity number of their own.
pub struct PersonGenerator {
    seed: u64,
    places: &'static [&'static str],
    numbers: BTreeSet<String>,
}

impl PersonGenerator {
    /// A generator of people in need.
    pub fn of_households(seed: u64) -> Self {
        Self { seed, places: PLACES, numbers: BTreeSet::new() }
    }

    /// A generator of people who work for the city.
    pub fn of_staff(seed: u64) -> Self {
        Self { seed: seed.wrapping_add(1), places: STAFF_PLACES, numbers: BTreeSet::new() }
    }

    /// A person born in a year. `family` is a name to bear.
    pub fn invent(&mut self, birth_year: i16, woman: bool, family: Option<&str>) -> Result<Person, Invalid> {
        let serial = self.numbers.len();
        let mut random = Random::of(self.seed, b'p', serial);
        let family = family.unwrap_or_else(|| random.one_of("王", FAMILY));
        let given = random.one_of("平", if woman { WOMEN } else { MEN });
        let name = format!("{family}{given}");
        let network = random.one_of("39", &["38", "36", "58", "77", "89"]);
        let phone = format!("1{network}{:08}", 20_000_000 + serial * 37);
        loop {
            let place = random.one_of(self.places.first().copied().unwrap_or("340705"), self.places);
            let birth = Day::new(birth_year, random.between(1, 12), random.between(1, 28))?;
            let order = random.between(1_u16, 499) * 2 - u16::from(!woman);
            let number = IdentityNumber::from_parts(place, birth, order)?.as_str().to_owned();
            if self.numbers.insert(number.clone()) {
                return Ok(Person { name, number, phone });
            }
        }
    }
}

/// A bank account of the name of its holder: a number of 19 digits with a right check digit, and a bank.
pub fn account(seed: u64, serial: usize) -> Result<(String, &'static str), Invalid> {
    let mut random = Random::of(seed, b'a', serial);
    let bank = random.one_of("徽商银行铜陵淮河路支行", BANKS);
    let body = format!("622202{:04}{serial:08}", random.between(0, 9_999));
    for check in 0..10 {
        let number = AccountNumber::parse(&format!("{body}{check}"))?;
        if number.check() == AccountCheck::Passed {
            return Ok((number.as_str().to_owned(), bank));
        }
    }
    Err(Invalid::CheckDigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_differ_and_are_the_same_again() {
        let invent = |seed| {
            let mut generator = PersonGenerator::of_households(seed);
            let people = (0..2_000).map(|n| generator.invent(1975, n % 2 == 0, None).unwrap());
            people.map(|it| it.number).collect::<Vec<_>>()
        };
        let numbers = invent(7);
        assert_eq!(numbers, invent(7));
        assert_ne!(numbers, invent(8));
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), 2_000);
        assert!(account(1, 5).is_ok());
    }
}
