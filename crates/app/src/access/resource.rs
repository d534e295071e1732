use bangfu_domain::{
    ids::{OrganizationId, SourceId},
    organization::Organization,
    source::SourceKind,
};

/// An organization with those above it: where a thing belongs in the tree.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The organization.
    pub organization: OrganizationId,
    /// The organizations above it.
    pub above: Vec<OrganizationId>,
}

impl From<&Organization> for Place {
    fn from(organization: &Organization) -> Self {
        Self { organization: organization.id, above: organization.ancestors.clone() }
    }
}

/// What an action is done to, with all that the policies may ask about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Resource {
    /// An organization.
    Organization(Place),
    /// A source of referrals, with the organization that receives them.
    Source(SourceId, SourceKind, Place),
    /// The city's registers of people and clients.
    Registry(Place),
    /// A grant, with the organization for which it is.
    Grant(Place),
    /// A referral, with the organization that received it and its source.
    Referral(Place, SourceId, SourceKind),
    /// A case, with the organization in charge.
    Case(Place),
    /// A comparison with civil-affairs data, with the organization in charge of its case.
    Comparison(Place),
    /// An aid policy; it belongs to the city.
    Policy(Place),
    /// A fund, with the organization that spends it.
    Fund(Place),
    /// A relief, with the organization in charge of its case.
    Relief(Place),
    /// A payment batch, with the organization that pays.
    Batch(Place),
    /// What was paid, with the organization that was in charge.
    Disbursement(Place),
}

impl Resource {
    /// The name of its type in the policies.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Resource::Organization(_) => "Organization",
            Resource::Source(..) => "Source",
            Resource::Registry(_) => "Registry",
            Resource::Grant(_) => "Grant",
            Resource::Referral(..) => "Referral",
            Resource::Case(_) => "Case",
            Resource::Comparison(_) => "Comparison",
            Resource::Policy(_) => "Policy",
            Resource::Fund(_) => "Fund",
            Resource::Relief(_) => "Relief",
            Resource::Batch(_) => "Batch",
            Resource::Disbursement(_) => "Disbursement",
        }
    }

    /// Where it belongs.
    pub fn place(&self) -> &Place {
        match self {
            Resource::Organization(place)
            | Resource::Source(_, _, place)
            | Resource::Registry(place)
            | Resource::Grant(place)
            | Resource::Referral(place, ..)
            | Resource::Case(place)
            | Resource::Comparison(place)
            | Resource::Policy(place)
            | Resource::Fund(place)
            | Resource::Relief(place)
            | Resource::Batch(place)
            | Resource::Disbursement(place) => place,
        }
    }

    /// The source it comes from, and of what kind that is.
    pub(super) fn source(&self) -> Option<(SourceId, SourceKind)> {
        match self {
            Resource::Source(source, kind, _) | Resource::Referral(_, source, kind) => {
                Some((*source, *kind))
            }
            Resource::Organization(_)
            | Resource::Registry(_)
            | Resource::Grant(_)
            | Resource::Case(_)
            | Resource::Comparison(_)
            | Resource::Policy(_)
            | Resource::Fund(_)
            | Resource::Relief(_)
            | Resource::Batch(_)
            | Resource::Disbursement(_) => None,
        }
    }
}
