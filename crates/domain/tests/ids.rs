//! One identity is written in one spelling: lower-case and hyphenated, in addresses and in JSON alike.

use std::{
    fmt::{Debug, Display},
    str::FromStr,
};

use bangfu_domain::{
    actor::Actor,
    ids::{AccountId, CaseId, ClientId, GrantId, OrganizationId, PersonId, ReferralId, SourceId, UnitOfWorkId},
    invalid::Invalid,
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

const SPELLING: &str = "0177f712-2800-7abc-8000-0000000000ef";

/// The same identity as other programs and people write it.
const TAKEN: [&str; 4] = [
    "0177F712-2800-7ABC-8000-0000000000EF",
    "0177f712-2800-7abc-8000-0000000000Ef",
    " 0177f712-2800-7abc-8000-0000000000ef",
    "0177f712-2800-7abc-8000-0000000000ef\n",
];

/// The same identity in forms that nobody has to know, and what is no identity.
const OTHERS: [&str; 8] = [
    "0177f71228007abc80000000000000ef",
    "{0177f712-2800-7abc-8000-0000000000ef}",
    "urn:uuid:0177f712-2800-7abc-8000-0000000000ef",
    "0177f7122-800-7abc-8000-0000000000ef",
    "0177f712-2800-7abc-8000-0000000000e",
    "0177f712-2800-7abc-8000-0000000000eg",
    "------------------------------------",
    "",
];

fn has_one_spelling<T>(id: T)
where
    T: FromStr<Err = Invalid> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let json = |text: &str| serde_json::Value::from(text);
    assert_eq!(id.to_string(), SPELLING);
    assert_eq!(serde_json::to_value(&id).ok(), Some(json(SPELLING)));
    assert_eq!(serde_json::from_value::<T>(json(SPELLING)).ok().as_ref(), Some(&id));
    for taken in TAKEN {
        let id = taken.parse::<T>().map(|id| id.to_string());
        assert_eq!(id.as_deref(), Ok(SPELLING), "{taken:?}");
    }
    assert_eq!(SPELLING.parse::<T>(), Ok(id));
    for other in OTHERS {
        assert_eq!(other.parse::<T>(), Err(Invalid::Format), "{other:?}");
        assert!(serde_json::from_value::<T>(json(other)).is_err(), "{other:?}");
    }
}

#[test]
fn every_identity_has_one_spelling() {
    let uuid = Uuid::parse_str(SPELLING).unwrap();
    has_one_spelling(OrganizationId::from_uuid(uuid));
    has_one_spelling(SourceId::from_uuid(uuid));
    has_one_spelling(PersonId::from_uuid(uuid));
    has_one_spelling(AccountId::from_uuid(uuid));
    has_one_spelling(ClientId::from_uuid(uuid));
    has_one_spelling(GrantId::from_uuid(uuid));
    has_one_spelling(ReferralId::from_uuid(uuid));
    has_one_spelling(CaseId::from_uuid(uuid));
    has_one_spelling(UnitOfWorkId::from_uuid(uuid));
}

#[test]
fn an_actor_has_one_spelling_too() {
    let client = Actor::Client(ClientId::from_uuid(Uuid::parse_str(SPELLING).unwrap()));
    assert_eq!(format!("client/{SPELLING}").parse(), Ok(client));
    for other in OTHERS {
        for actor in [format!("client/{other}"), format!("person/{SPELLING}/account/{other}")] {
            assert_eq!(actor.parse::<Actor>(), Err(Invalid::Format), "{actor:?}");
        }
    }
}
