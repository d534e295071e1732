//! The resources of access decisions, with their place in the tree of organizations.

use bangfu_domain::{
    ids::{OrganizationId, SourceId},
    organization::Organization,
    source::SourceKind,
};

/// An organization with those above it: where a thing belongs in the tree.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    pub organization: OrganizationId,
    pub above: Vec<OrganizationId>,
}

impl From<&Organization> for Place {
    fn from(organization: &Organization) -> Self {
        Self { organization: organization.id, above: organization.ancestors.clone() }
    }
}

/// Declares what actions are done to: each has a type in the policies and a place.
macro_rules! resources {
    ($($(#[$doc:meta])+ $kind:ident,)+) => {
        /// What an action is done to, with all that the policies may ask about it.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum Resource {
            $($(#[$doc])+ $kind(Place),)+
            /// A source of referrals, with the organization that receives them.
            Source(SourceId, SourceKind, Place),
            /// A referral, with the organization that received it and its source.
            Referral(Place, SourceId, SourceKind),
        }

        impl Resource {
            /// The names of all types in the policies.
            pub(super) const TYPES: &'static [&'static str] =
                &[$(stringify!($kind),)+ "Source", "Referral"];

            /// The name of its type in the policies.
            pub(super) fn type_name(&self) -> &'static str {
                match self {
                    $(Resource::$kind(_) => stringify!($kind),)+
                    Resource::Source(..) => "Source",
                    Resource::Referral(..) => "Referral",
                }
            }

            /// Where it belongs.
            pub fn place(&self) -> &Place {
                match self {
                    $(Resource::$kind(place))|+
                    | Resource::Source(_, _, place)
                    | Resource::Referral(place, ..) => place,
                }
            }

            /// The source it comes from, and of what kind that is.
            pub(super) fn source(&self) -> Option<(SourceId, SourceKind)> {
                match self {
                    Resource::Source(source, kind, _) | Resource::Referral(_, source, kind) => {
                        Some((*source, *kind))
                    }
                    $(Resource::$kind(_))|+ => None,
                }
            }
        }
    };
}

resources! {
    /// An organization.
    Organization,
    /// The city's registers of people and clients.
    Registry,
    /// A grant, with the organization for which it is.
    Grant,
    /// A case, with the organization in charge.
    Case,
    /// A comparison with civil-affairs data, with the organization in charge of its case.
    Comparison,
    /// An aid policy; it belongs to the city.
    Policy,
    /// A fund, with the organization that spends it.
    Fund,
    /// A relief, with the organization in charge of its case.
    Relief,
    /// A payment batch, with the organization that pays.
    Batch,
    /// What was paid, with the organization that was in charge.
    Disbursement,
}
