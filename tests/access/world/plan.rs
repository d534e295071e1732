//! What there is in a random city.

use std::ops::RangeInclusive;

use bangfu_domain::{organization::OrganizationLevel, role::Role, source::SourceKind};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::{Index, select},
};

use super::money::{Coffers, coffers};

/// What has become of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    InForce,
    Proposed,
    Refused,
    Ended,
    /// Approved, for days to come.
    Later,
    /// Approved, for days gone by.
    Over,
}

/// What there is. An index picks among the organizations or sources made before.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Level and parent of the organizations below the counties.
    pub lower: Vec<(OrganizationLevel, Index)>,
    /// Kind, receiving organization, organization of the client's role, whether the role was ended.
    pub sources: Vec<(SourceKind, Index, Index, bool)>,
    /// Source, and the organization that it names.
    pub referrals: Vec<(Index, Option<Index>)>,
    /// The organization in charge, and whether civil-affairs data are compared.
    pub cases: Vec<(Index, bool)>,
    /// The grants of each member of staff.
    pub people: Vec<Vec<(Role, Index, Standing)>>,
    /// Funds and reliefs.
    pub coffers: Coffers,
}

/// Those of the grants that one person may hold beside the first: an administrator's role is held alone.
fn compatible(mut grants: Vec<(Role, Index, Standing)>) -> Vec<(Role, Index, Standing)> {
    let first = grants[0].0;
    grants.retain(|(role, ..)| !role.excludes(first));
    grants
}

/// Plans of cities of these sizes: the numbers of lower organizations, sources, referrals, cases, people, reliefs.
pub fn plans(sizes: [RangeInclusive<usize>; 6]) -> impl Strategy<Value = Plan> {
    let [lower, sources, referrals, cases, people, reliefs] = sizes;
    let index = any::<Index>;
    let level = select(vec![OrganizationLevel::StreetTown, OrganizationLevel::BasicUnion]);
    let kind = select(SourceKind::ALL);
    let personal: Vec<Role> = Role::ALL.iter().copied().filter(|role| *role != Role::Referrer).collect();
    let standing = prop_oneof![
        6 => Just(Standing::InForce),
        1 => Just(Standing::Proposed),
        1 => Just(Standing::Refused),
        1 => Just(Standing::Ended),
        1 => Just(Standing::Later),
        1 => Just(Standing::Over),
    ];
    // The last security administrators cannot be ended, which is told elsewhere.
    let grant = (select(personal), index(), standing).prop_map(|grant| match grant {
        (role @ Role::SecurityAdministrator, at, Standing::Ended) => (role, at, Standing::Refused),
        grant => grant,
    });
    let some_organization = proptest::option::of(index());
    (
        vec((level, index()), lower),
        vec((kind, index(), index(), any::<bool>()), sources),
        vec((index(), some_organization), referrals),
        vec((index(), any::<bool>()), cases),
        vec(vec(grant, 1..=3).prop_map(compatible), people),
        coffers(reliefs),
    )
        .prop_map(|(lower, sources, referrals, cases, people, coffers)| Plan {
            lower,
            sources,
            referrals,
            cases,
            people,
            coffers,
        })
}
