//! Aggregates: things whose state is the fold of their events.

use crate::{
    effects::Effects,
    event::Event,
    stream::{StreamKind, StreamRef},
};

/// An event that cannot follow the state it meets: the history is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event of {stream} does not fit the state that it meets")]
pub struct InvalidHistory {
    pub stream: StreamKind,
}

/// A thing whose state is folded from its events.
pub trait Aggregate: Sized {
    /// The kind of its stream.
    const KIND: StreamKind;
    /// The form of its state as a document. A change of what the state is written as counts it up, and the table of
    /// documents is made anew from the journal.
    const FORM: u32;
    /// Its events.
    type Event;

    /// The state after `event`, at version `version`. `None` is a thing that does not exist yet.
    fn evolve(state: Option<Self>, version: u32, event: &Self::Event) -> Result<Self, InvalidHistory>;

    /// What the event that led to this state does beside it.
    fn effects(&self, _event: &Self::Event) -> Effects {
        Effects::default()
    }
}

/// Looks into a [`State`] for one kind of thing.
pub trait InState: Sized {
    /// The thing, if the state is of its kind.
    fn within(state: &State) -> Option<&Self>;

    /// The stream that the thing is folded from.
    fn stream(&self) -> StreamRef;
}

macro_rules! states {
    ($($(#[$doc:meta])+ $kind:ident = $code:literal $label:tt in $module:ident ($id:ident, $event:ident);)+) => {
        /// The state of any stream.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum State {
            $(
                #[doc = concat!("The state of a stream of kind ", stringify!($kind), ".")]
                $kind($crate::$module::$kind),
            )+
        }

        impl State {
            /// The state after `event`, which makes it `version`; both must be of one kind.
            pub fn evolve(
                state: Option<State>,
                version: u32,
                event: &Event,
            ) -> Result<State, InvalidHistory> {
                match (state, event) {
                    $(
                        (None, Event::$kind(event)) =>
                            <$crate::$module::$kind as Aggregate>::evolve(None, version, event).map(State::$kind),
                        (Some(State::$kind(state)), Event::$kind(event)) =>
                            <$crate::$module::$kind as Aggregate>::evolve(Some(state), version, event)
                                .map(State::$kind),
                    )+
                    (Some(_), event) => Err(InvalidHistory { stream: event.stream_kind() }),
                }
            }

            /// What the event that led to this state does beside it.
            pub fn effects(&self, event: &Event) -> Effects {
                match (self, event) {
                    $((State::$kind(state), Event::$kind(event)) => state.effects(event),)+
                    (_, _) => Effects::default(),
                }
            }
        }

        $(
            impl From<$crate::$module::$kind> for State {
                fn from(state: $crate::$module::$kind) -> Self {
                    State::$kind(state)
                }
            }

            impl InState for $crate::$module::$kind {
                fn within(state: &State) -> Option<&Self> {
                    let State::$kind(state) = state else { return None };
                    Some(state)
                }

                fn stream(&self) -> StreamRef {
                    self.id.into()
                }
            }
        )+
    };
}

crate::for_each_stream!(states);
