//! The directory of staff is what the policies permit: who acts, by a role at it or above it, for an organization
//! of which the caller may see who does.

use std::collections::BTreeSet;

use bangfu_app::access::{Access, Action, Place, Resource};
use bangfu_domain::actor::Actor;

use crate::{scope::listed, world::World};

pub fn shows_who_acts_in_each_part(world: &World, access: &Access) {
    let staff = world.callers.iter().filter_map(|(caller, _)| match caller.actor {
        Actor::Person { person, .. } => Some((person.to_string(), &caller.grants)),
        Actor::Client(_) | Actor::System | Actor::Installer => None,
    });
    let staff: Vec<_> = staff.collect();
    let known: BTreeSet<&str> = staff.iter().map(|(id, _)| id.as_str()).collect();
    for (caller, client) in &world.callers {
        let may =
            |place: &&Place| access.permits(caller, Action::ViewStaff, &Resource::Organization(Place::clone(place)));
        let parts: Vec<_> = world.places.iter().filter(may).collect();
        let acts = |held: &&(String, &Vec<_>)| {
            held.1.iter().any(|(_, organization)| {
                parts.iter().any(|part| part.organization == *organization || part.above.contains(organization))
            })
        };
        let expected: BTreeSet<&str> = staff.iter().filter(acts).map(|(id, _)| id.as_str()).collect();
        let shown = listed(client, "staff", "&active=true");
        assert!(shown.is_sorted_by(|newer, older| newer > older), "newest first, each once");
        let shown: BTreeSet<&str> = shown.iter().map(String::as_str).filter(|id| known.contains(id)).collect();
        assert_eq!(shown, expected, "{caller:?}");
        for id in &known {
            let one = client.get(&format!("/v1/staff/{id}"));
            let is_active = one.status == 200 && one.body["active"] == true;
            assert_eq!(is_active, expected.contains(id), "{id} read by {caller:?}");
        }
    }
}
