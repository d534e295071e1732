//! Streams: the histories that the journal keeps, one per thing.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::codes::codes;

macro_rules! stream_kinds {
    ($($(#[$doc:meta])+ $kind:ident = $code:literal $label:tt in $module:ident ($id:ident, $event:ident);)+) => {
        codes! {
            /// The kind of thing whose history a stream is.
            StreamKind { $($(#[$doc])+ $kind = $code $label,)+ }
        }

        $(
            impl From<$crate::ids::$id> for StreamRef {
                fn from(id: $crate::ids::$id) -> Self {
                    Self { kind: StreamKind::$kind, id: id.as_uuid() }
                }
            }
        )+
    };
}

crate::for_each_stream!(stream_kinds);

/// Names one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamRef {
    pub kind: StreamKind,
    pub id: Uuid,
}

impl fmt::Display for StreamRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}
