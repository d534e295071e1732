//! Arbitrary actors, for properties.

use bangfu_domain::{
    actor::Actor,
    ids::{ClientId, PersonId},
};
use proptest::{prelude::Strategy, prop_oneof, sample::select};

use super::{id, person, signed_in};

/// A few people; some are patients, workers, caseworkers and administrators at once.
const PEOPLE: std::ops::Range<u128> = 90..94;

pub fn someone() -> impl Strategy<Value = PersonId> {
    PEOPLE.prop_map(person)
}

pub fn anyone() -> impl Strategy<Value = Actor> {
    let client = Actor::Client(id(ClientId::from_uuid, 60));
    prop_oneof![6 => PEOPLE.prop_map(signed_in), 1 => select(vec![Actor::System, client])]
}
