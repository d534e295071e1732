//! Events: what the journal says happened. A form that was written once stays readable for ever.

use serde::{Serialize, de::DeserializeOwned};

use crate::stream::StreamKind;

/// Name and version of an event's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventType {
    /// The name, such as `referral.received`.
    pub name: &'static str,
    /// The version of the payload's form, from 1.
    pub version: u16,
}

/// An event could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum EventFormError {
    #[error("unknown event type {name} version {version}")]
    Unknown { name: String, version: u16 },
    #[error("malformed payload of {name}")]
    Payload {
        name: &'static str,
        #[source]
        source: serde_json::Error,
    },
}

/// Events of one kind of stream.
pub(crate) trait StreamEvent: Sized {
    fn event_type(&self) -> EventType;
    fn payload(&self) -> Result<String, EventFormError>;
    fn parse(name: &str, version: u16, payload: &str) -> Result<Option<Self>, EventFormError>;
}

pub(crate) fn write_payload<T: Serialize>(name: &'static str, payload: &T) -> Result<String, EventFormError> {
    crate::canonical::to_string(payload).map_err(|source| EventFormError::Payload { name, source })
}

pub(crate) fn read_payload<T: DeserializeOwned>(name: &'static str, payload: &str) -> Result<T, EventFormError> {
    serde_json::from_str(payload).map_err(|source| EventFormError::Payload { name, source })
}

/// Declares the events of one kind of stream, each with the name and version of its form.
macro_rules! stream_events {
    ($(#[$doc:meta])+ $enum:ident {
        $($(#[$variant_doc:meta])+ $variant:ident($payload:ty) = $name:literal v $version:literal,)+
    }) => {
        $(#[$doc])+
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $enum { $($(#[$variant_doc])+ $variant($payload),)+ }

        impl $enum {
            /// The forms of these events.
            pub const TYPES: &'static [$crate::event::EventType] =
                &[$($crate::event::EventType { name: $name, version: $version },)+];
        }

        impl $crate::event::StreamEvent for $enum {
            fn event_type(&self) -> $crate::event::EventType {
                match self {
                    $($enum::$variant(_) =>
                        $crate::event::EventType { name: $name, version: $version },)+
                }
            }

            fn payload(&self) -> Result<String, $crate::event::EventFormError> {
                match self {
                    $($enum::$variant(payload) => $crate::event::write_payload($name, payload),)+
                }
            }

            fn parse(
                name: &str,
                version: u16,
                payload: &str,
            ) -> Result<Option<Self>, $crate::event::EventFormError> {
                match (name, version) {
                    $(($name, $version) => $crate::event::read_payload($name, payload)
                        .map(|read| Some($enum::$variant(read))),)+
                    _ => Ok(None),
                }
            }
        }
    };
}

pub(crate) use stream_events;

/// Joins the events of every kind of stream into one type.
macro_rules! all_events {
    ($($(#[$doc:meta])+ $kind:ident = $code:literal $label:tt in $module:ident ($id:ident, $event:ident);)+) => {
        /// Any event of the journal.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Event {
            $(
                #[doc = concat!("An event of a stream of kind ", stringify!($kind), ".")]
                $kind($crate::$module::$event),
            )+
        }

        impl Event {
            /// Every form that the journal may hold.
            pub fn types() -> Vec<EventType> {
                [$(<$crate::$module::$event>::TYPES,)+].concat()
            }

            /// The kind of stream that the event belongs to.
            pub fn stream_kind(&self) -> StreamKind {
                match self { $(Event::$kind(_) => StreamKind::$kind,)+ }
            }

            /// Name and version of the event's form.
            pub fn event_type(&self) -> EventType {
                match self { $(Event::$kind(event) => event.event_type(),)+ }
            }

            /// The payload as canonical JSON (RFC 8785), the text that the journal stores and hashes.
            pub fn payload(&self) -> Result<String, EventFormError> {
                match self { $(Event::$kind(event) => event.payload(),)+ }
            }

            /// Reads an event back from the journal.
            pub fn parse(name: &str, version: u16, payload: &str) -> Result<Event, EventFormError> {
                $(
                    if let Some(event) = <$crate::$module::$event as StreamEvent>::parse(name, version, payload)? {
                        return Ok(Event::$kind(event));
                    }
                )+
                Err(EventFormError::Unknown { name: name.to_owned(), version })
            }
        }

        $(
            impl From<$crate::$module::$event> for Event {
                fn from(event: $crate::$module::$event) -> Self {
                    Event::$kind(event)
                }
            }
        )+
    };
}

crate::for_each_stream!(all_events);
