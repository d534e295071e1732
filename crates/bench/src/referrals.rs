//! Referrals to send: valid, all different, and the same ones for the same seed.

use bangfu_client::PreparedRequest;
use bangfu_domain::{identity_number::IdentityNumber, time::Day};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;

use crate::BenchError;

const SURNAMES: [&str; 12] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"];
const GIVEN: [&str; 12] = ["明", "秀英", "伟", "芳", "建国", "静", "强", "丽华", "军", "敏", "志远", "桂兰"];
const DEPARTMENTS: [&str; 4] = ["肿瘤科", "心内科", "肾内科", "骨科"];
const DIAGNOSES: [&str; 4] = ["C34.900", "I25.103", "N18.001", "S72.001"];

/// Makes referrals.
pub(super) struct Referrals {
    seed: u64,
    /// Sets this run apart from earlier ones, which a running server may have seen.
    run: u64,
}

impl Referrals {
    /// Referrals of this seed, as a run of their own.
    pub fn new(seed: u64) -> Self {
        Self { seed, run: rand::random() }
    }

    /// The request that sends the referral of this number.
    pub fn request(&self, number: u64) -> Result<PreparedRequest, BenchError> {
        let mut rng = StdRng::seed_from_u64(self.seed.wrapping_add(number));
        let name = format!("{}{}", pick(&mut rng, &SURNAMES), pick(&mut rng, &GIVEN));
        let day = format!(
            "{}-{:02}-{:02}",
            rng.random_range(2020..=2025),
            rng.random_range(1..=12),
            rng.random_range(1..=28)
        );
        let fund: u64 = rng.random_range(100_000..9_000_000);
        let person: u64 = rng.random_range(50_000..6_000_000);
        let phone = format!("1{}{:09}", rng.random_range(3..=9), rng.random_range(0..1_000_000_000));
        let body = json!({
            "source_reference": format!("ZY-{:016x}-{number}", self.run),
            "patient": {
                "name": name,
                "identity_number": identity_number(&mut rng)?,
                "phone": phone,
            },
            "stay": {
                "department": pick(&mut rng, &DEPARTMENTS),
                "admitted_on": day,
                "diagnosis_code": pick(&mut rng, &DIAGNOSES),
                "diagnosis_system": "icd10_insurance",
            },
            "costs": {
                "total": yuan(fund + person),
                "fund": yuan(fund),
                "person": yuan(person),
                "hospital": "0.00",
            },
            "consent": { "id": format!("TY-{number}"), "day": day, "signer": "patient" },
        });
        let key = format!("{:016x}-{number:016x}", self.run);
        Ok(PreparedRequest::post("/v1/referrals", &body).with_key(&key))
    }
}

/// A valid identity number of an adult.
pub(super) fn identity_number(rng: &mut StdRng) -> Result<String, BenchError> {
    let place = format!("3407{:02}", rng.random_range(1..=22));
    let year = rng.random_range(1950..=2002);
    let birth_day = Day::new(year, rng.random_range(1..=12), rng.random_range(1..=28));
    let order = rng.random_range(0..1_000);
    let number = birth_day.and_then(|day| IdentityNumber::from_parts(&place, day, order));
    number.map(|it| it.as_str().to_owned()).map_err(|_| BenchError::Made("an identity number"))
}

fn pick<'a>(rng: &mut StdRng, from: &[&'a str]) -> &'a str {
    from.get(rng.random_range(0..from.len())).copied().unwrap_or_default()
}

fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_people() {
        let numbers = |seed| {
            let mut rng = StdRng::seed_from_u64(seed);
            (0..50).map(|_| identity_number(&mut rng).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(numbers(1), numbers(1));
        assert_ne!(numbers(1), numbers(2));
        let different: BTreeSet<String> = numbers(3).into_iter().collect();
        assert_eq!(different.len(), 50);
    }

    #[test]
    fn no_key_and_no_reference_comes_twice() {
        let (first, second) = (Referrals::new(1), Referrals::new(1));
        let keys: BTreeSet<_> = [&first, &second]
            .into_iter()
            .flat_map(|run| (0..20).map(|number| run.request(number).unwrap().headers))
            .collect();
        assert_eq!(keys.len(), 40);
    }
}
