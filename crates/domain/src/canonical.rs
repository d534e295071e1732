//! The canonical text of a value, which the journal hashes and commitments cover.
//!
//! It is RFC 8785 (JSON Canonicalization Scheme) for values whose numbers are whole and exact in a double, which is all
//! that the record holds: no blanks, members in the order of their names' UTF-16 code units. Other numbers are refused,
//! not rounded: 9,007,199,254,740,993 fen must not become …992.

use serde::{
    Serialize, Serializer,
    ser::{Error, SerializeMap},
};
use serde_json::Value;

/// The whole numbers up to here, and none beyond, are exact in a double (RFC 8785, appendix D).
const EXACT: u64 = 9_007_199_254_740_991;

/// The canonical text of `value`.
///
/// # Errors
/// A number that is not whole or too large, or a value that has no JSON form.
pub(crate) fn to_string<T: Serialize>(value: &T) -> serde_json::Result<String> {
    serde_json::to_string(&Canonical(&serde_json::to_value(value)?))
}

struct Canonical<'a>(&'a Value);

impl Serialize for Canonical<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(members) => {
                let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
                sorted.sort_unstable_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
                let mut map = to.serialize_map(Some(sorted.len()))?;
                for (name, value) in sorted {
                    map.serialize_entry(name, &Canonical(value))?;
                }
                map.end()
            }
            Value::Array(items) => to.collect_seq(items.iter().map(Canonical)),
            Value::Number(number) => {
                let size = number.as_i64().map(i64::unsigned_abs).or(number.as_u64());
                match size {
                    Some(size) if size <= EXACT => number.serialize(to),
                    _ => Err(S::Error::custom("a number that is not whole, or not exact")),
                }
            }
            Value::Null | Value::Bool(_) | Value::String(_) => self.0.serialize(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*};
    use serde_json::{Map, json};

    use super::*;

    fn any_value() -> impl Strategy<Value = Value> {
        let whole = -9_007_199_254_740_991_i64..=9_007_199_254_740_991;
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            whole.prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 48, 6, |inner| {
            prop_oneof![
                collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|members| Value::Object(Map::from_iter(members))),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_is_what_the_standard_says(value in any_value()) {
            let standard = serde_json_canonicalizer::to_string(&value).unwrap();
            prop_assert_eq!(to_string(&value).unwrap(), standard);
        }
    }

    #[test]
    fn members_stand_in_the_order_of_their_utf_16_units() {
        // RFC 8785, section 3.2.3.
        let value = json!({ "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7 });
        let text = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
        assert_eq!(to_string(&value).unwrap(), text);
    }

    #[test]
    fn numbers_that_would_be_rounded_are_refused() {
        assert_eq!(to_string(&9_007_199_254_740_991_u64).unwrap(), "9007199254740991");
        assert!(to_string(&9_007_199_254_740_993_u64).is_err());
        assert!(to_string(&i64::MIN).is_err());
        assert!(to_string(&0.5).is_err());
    }
}
