//! What an event does beside the state of its stream.

use crate::{
    duty::Duties,
    ids::PersonId,
    posting::Posting,
    relief::CapChange,
    separation::{AnyDuty, TakenOn},
};

/// What an event does beside the state of its stream. Most events do nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effects {
    /// The duties that persons hold by it; those that they held before may be among them.
    pub duties: Vec<TakenOn>,
    /// The money that it moves. The order is part of a posting's key.
    pub postings: Vec<Posting>,
    /// What it takes of which caps.
    pub caps_taken: Vec<CapChange>,
    /// What it gives back to which caps.
    pub caps_released: Vec<CapChange>,
}

impl Effects {
    /// All duties of a round, as the state of a case or a relief has them.
    pub(crate) fn of_duties(round: u32, duties: &Duties) -> Self {
        let taken = |(person, duty): &(PersonId, _)| TakenOn { round, person: *person, duty: AnyDuty::from(*duty) };
        Self { duties: duties.iter().map(taken).collect(), ..Self::default() }
    }

    /// The duty of a matter that has no rounds.
    pub(crate) fn of_duty(person: impl IntoIterator<Item = PersonId>, duty: AnyDuty) -> Self {
        let taken = |person| TakenOn { round: 1, person, duty };
        Self { duties: person.into_iter().map(taken).collect(), ..Self::default() }
    }
}
