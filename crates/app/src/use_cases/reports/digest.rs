//! The canonical text of a report, and its digest. `docs/totals.md` fixes it line by line: anyone with the answer can
//! write the text again and compare.

use bangfu_persistence::{Hash, Seal};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::totals::{GroupBy, Measures, Question, Row, Totals, yuan};

/// The first line. A change of the form is a new number.
const HEAD: &str = "bangfu disbursements 1";

/// The text for a missing value.
const NOTHING: &str = "-";

/// The position at which a report is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AsOf {
    /// The last position that counts; 0 while nothing is sealed.
    pub position: i64,
    /// The hash of the seal there; zero bytes at position 0.
    pub seal: Hash,
}

impl From<Option<&Seal>> for AsOf {
    fn from(seal: Option<&Seal>) -> Self {
        match seal {
            Some(seal) => Self { position: seal.position, seal: seal.hash },
            None => Self { position: 0, seal: Hash::default() },
        }
    }
}

/// The report as a text.
pub(super) fn text(question: &Question, as_of: AsOf, totals: &Totals) -> String {
    let group_by: Vec<&str> = question.group_by.iter().map(|by| by.code()).collect();
    let organizations: Vec<String> = question.organizations.iter().map(ToString::to_string).collect();
    let mut lines = vec![
        HEAD.to_owned(),
        format!("from {}", question.from),
        format!("to {}", question.to),
        format!("group_by {}", group_by.join(",")),
        format!("organizations {}", organizations.join(",")),
        format!("position {}", as_of.position),
        format!("seal {}", HEXLOWER.encode(&as_of.seal)),
    ];
    lines.extend(totals.rows.iter().map(|row| row_line(&question.group_by, row)));
    lines.push(format!("total {}", measures(&totals.total)));
    lines.push(String::new()); // Every line ends with a newline, the last one too.
    lines.join("\n")
}

fn row_line(group_by: &[GroupBy], (values, measured): &Row) -> String {
    let values = group_by
        .iter()
        .zip(values)
        .map(|(by, value)| format!("{}={}", by.field(), value.text().as_deref().unwrap_or(NOTHING)));
    let values: Vec<String> = values.collect();
    format!("row {} {}", values.join(" "), measures(measured))
}

fn measures(it: &Measures) -> String {
    format!(
        "households={} grants={} persons={} payments={} amount={}",
        it.households,
        it.grants,
        it.persons,
        it.payments,
        yuan(it.amount)
    )
}

/// The digest of a report's text.
pub(super) fn digest(text: &str) -> String {
    format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use bangfu_domain::{hardship::AidType, time::Day};
    use bangfu_persistence::query::Disbursed;

    use super::{
        super::totals::tests::{organization, paid, returned},
        *,
    };

    const DOCUMENTED: &str = include_str!("../../../../../docs/totals.md");

    fn question(group_by: &str) -> Question {
        Question {
            from: Day::parse("2021-01-01").unwrap(),
            to: Day::parse("2021-12-31").unwrap(),
            group_by: GroupBy::parse_list(group_by).unwrap(),
            organizations: vec![organization(1), organization(2)],
        }
    }

    fn disbursed() -> Vec<Disbursed> {
        let living = paid(11, AidType::Living, 150_000);
        let medical = paid(11, AidType::Medical, 800_000);
        let failed = paid(12, AidType::Medical, 300_050);
        let unknown = Disbursed { cause: None, ..paid(13, AidType::Living, 100_000) };
        let earlier = returned(&Disbursed { cause: None, ..paid(14, AidType::Education, 1_200) });
        vec![living, medical, failed.clone(), returned(&failed), unknown, earlier]
    }

    #[test]
    fn the_example_in_the_documentation_is_what_comes_out() {
        let question = question("aid_type,cause");
        let as_of = AsOf { position: 128, seal: Sha256::digest(b"an example").into() };
        let text = text(&question, as_of, &Totals::of(&question.group_by, &disbursed()));
        assert!(DOCUMENTED.contains(&format!("```\n{text}```")), "{text}");
        assert!(DOCUMENTED.contains(&digest(&text)), "{}", digest(&text));
    }

    #[test]
    fn an_empty_report_has_a_total_at_position_0() {
        let question = question("fund");
        let text = text(&question, AsOf::from(None), &Totals::of(&question.group_by, &[]));
        let zeros = "0".repeat(64);
        let end = format!("position 0\nseal {zeros}\ntotal households=0 grants=0 persons=0 payments=0 amount=0.00\n");
        assert!(text.ends_with(&end), "{text}");
    }

    #[test]
    fn another_question_or_position_is_another_digest() {
        let one = question("aid_type");
        let two = Question { organizations: vec![organization(1)], ..one.clone() };
        let three = Question { to: Day::parse("2021-12-30").unwrap(), ..one.clone() };
        let totals = Totals::of(&one.group_by, &disbursed());
        let at = |position| AsOf { position, seal: Hash::default() };
        let digests = [
            digest(&text(&one, at(1), &totals)),
            digest(&text(&one, at(2), &totals)),
            digest(&text(&two, at(1), &totals)),
            digest(&text(&three, at(1), &totals)),
        ];
        for (i, digest) in digests.iter().enumerate() {
            assert!(!digests[..i].contains(digest), "{i}");
        }
    }

    #[test]
    fn the_order_in_which_the_database_gives_its_sums_says_nothing() {
        let question = question("cause,aid_type");
        let mut turned = disbursed();
        turned.reverse();
        let of =
            |disbursed: &[Disbursed]| text(&question, AsOf::from(None), &Totals::of(&question.group_by, disbursed));
        assert_eq!(of(&disbursed()), of(&turned));
    }
}
