//! The place of a resource in the tree of organizations, and how the kinds of resource are declared: `resources!`,
//! which `schema.rs` calls.

use bangfu_domain::{ids::OrganizationId, organization::Organization};

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

/// Declares the kinds of thing to which actions are done: each has a type in the policies and a place.
macro_rules! resources {
    ($($(#[doc = $doc:literal])+ $kind:ident,)+) => {
        /// What an action is done to, with all that the policies may ask about it.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum Resource {
            $($(#[doc = $doc])+ $kind(Place),)+
            /// A source of referrals 来源, with the organization that receives them.
            Source(SourceId, SourceKind, Place),
            /// A referral 线索, with the organization that received it and its source.
            Referral(Place, SourceId, SourceKind),
        }

        /// The kinds of thing to which actions are done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ResourceKind {
            $($(#[doc = $doc])+ $kind,)+
            /// Sources of referrals.
            Source,
            /// Referrals.
            Referral,
        }

        impl ResourceKind {
            /// Every kind.
            pub const ALL: &'static [ResourceKind] =
                &[$(ResourceKind::$kind,)+ ResourceKind::Source, ResourceKind::Referral];

            /// The name of the type in the policies.
            pub const fn name(self) -> &'static str {
                match self {
                    $(ResourceKind::$kind => stringify!($kind),)+
                    ResourceKind::Source => "Source",
                    ResourceKind::Referral => "Referral",
                }
            }

            /// What it is, in a sentence.
            pub(super) const fn sentence(self) -> &'static str {
                match self {
                    $(ResourceKind::$kind => concat!($($doc),+),)+
                    ResourceKind::Source => " A source of referrals 来源, with the organization that receives them.",
                    ResourceKind::Referral => " A referral 线索, with the organization that received it and its source.",
                }
            }

            /// The attributes that the policies may ask about. [`super::Access`] gives them.
            pub(super) const fn attributes(self) -> &'static str {
                match self {
                    $(ResourceKind::$kind)|+ => "organization: Organization",
                    ResourceKind::Source => "organization: Organization, kind: String",
                    ResourceKind::Referral => "organization: Organization, source: Source, source_kind: String",
                }
            }

            /// A thing of this kind at a place; where such things have a source, of this one.
            pub fn at(self, place: Place, source: SourceId, source_kind: SourceKind) -> Resource {
                match self {
                    $(ResourceKind::$kind => Resource::$kind(place),)+
                    ResourceKind::Source => Resource::Source(source, source_kind, place),
                    ResourceKind::Referral => Resource::Referral(place, source, source_kind),
                }
            }
        }

        impl Resource {
            /// Its kind.
            pub fn kind(&self) -> ResourceKind {
                match self {
                    $(Resource::$kind(_) => ResourceKind::$kind,)+
                    Resource::Source(..) => ResourceKind::Source,
                    Resource::Referral(..) => ResourceKind::Referral,
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

pub(super) use resources;
