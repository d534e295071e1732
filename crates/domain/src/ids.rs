//! Opaque identities: one type per kind of thing, so that a case cannot be mistaken for a referral. Those of streams
//! are declared with the streams.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    invalid::Invalid,
    text_value::{TextFormat, text_value},
};

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// Takes a bare UUID for this kind of identity.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID.
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl $name {
            /// Accepts the hyphenated form, in upper or lower case; it is always written in lower case.
            fn parse(text: &str) -> Result<Self, Invalid> {
                parse_hyphenated(text.trim()).map(Self)
            }
        }

        text_value!($name, $name::parse, |id| id.to_string(), TextFormat::Uuid);
    )+};
}

fn parse_hyphenated(text: &str) -> Result<Uuid, Invalid> {
    let hyphenated = text.len() == uuid::fmt::Hyphenated::LENGTH;
    Uuid::try_parse(text).ok().filter(|_| hyphenated).ok_or(Invalid::Format)
}

macro_rules! stream_ids {
    ($($(#[$doc:meta])+ $kind:ident = $code:literal $label:tt in $module:ident ($id:ident, $event:ident);)+) => {
        ids! { $($(#[$doc])+ $id;)+ }
    };
}

crate::for_each_stream!(stream_ids);

ids! {
    /// A consent of one member 授权书.
    ConsentId;
    /// A home visit 入户走访.
    VisitId;
    /// A comparison with civil-affairs data 民政核对.
    ComparisonId;
    /// An assessment by the policy 认定测算.
    AssessmentId;
    /// A file attached to a case 附件.
    AttachmentId;
    /// A public notice 公示.
    NoticeId;
    /// An objection to a public notice 异议.
    ObjectionId;
    /// A remark about a step 意见.
    RemarkId;
    /// One file of a bank's results 银行回盘.
    ResultsId;
    /// One unit of work: all that one request changed, together.
    UnitOfWorkId;
    /// A sealed content that is kept outside the database.
    BlobId;
}
