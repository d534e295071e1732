//! A trace shows each caller exactly the records that they may see.

use std::collections::BTreeSet;

use bangfu_app::access::{Access, Action, Resource};
use harness::Answer;
use serde_json::Value;

use crate::world::{Matter, Things, World};

/// The ids of what a trace shows.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shown {
    referrals: BTreeSet<String>,
    cases: BTreeSet<String>,
    reliefs: BTreeSet<String>,
    /// Of whatever something happened to, payment batches among them.
    events: BTreeSet<String>,
}

fn id(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

impl Shown {
    fn of(answer: &Answer) -> Self {
        let all = |at: &str| answer.body[at].as_array().expect("a list").clone();
        let reliefs = |it: &Value| it["reliefs"].as_array().expect("reliefs").clone();
        Self {
            referrals: all("referrals").iter().filter_map(|it| id(&it["id"])).collect(),
            cases: all("cases").iter().filter_map(|it| id(&it["case"]["id"])).collect(),
            reliefs: all("cases").iter().flat_map(reliefs).filter_map(|it| id(&it["id"])).collect(),
            events: all("events").iter().filter_map(|it| id(&it["stream_id"])).collect(),
        }
    }
}

/// What one caller may see, by id.
struct Visible {
    referrals: BTreeSet<String>,
    cases: BTreeSet<String>,
    reliefs: BTreeSet<String>,
    batches: BTreeSet<String>,
}

impl Visible {
    fn open(world: &World, may: impl Fn(Action, &Resource) -> bool) -> Self {
        let [_, _, referrals, _, cases, _, _, reliefs, batches] = &world.things;
        let seen = |things: &Things| -> BTreeSet<String> {
            let seen = things.all.iter().filter(|(_, thing)| may(things.view, thing));
            seen.map(|(id, _)| id.clone()).collect()
        };
        Self { referrals: seen(referrals), cases: seen(cases), reliefs: seen(reliefs), batches: seen(batches) }
    }

    /// What should be shown of these households, if the caller may see the record asked for. Only a case that is
    /// seen leads to its referral, and only a relief that is seen to its batch.
    fn follow<'w>(&self, asked: &str, matters: impl Iterator<Item = &'w Matter>) -> Shown {
        let mut shown = Shown::default();
        let mut batches = BTreeSet::from([asked.to_owned()]);
        shown.referrals.extend(self.referrals.get(asked).cloned());
        shown.cases.extend(self.cases.get(asked).cloned());
        for matter in matters {
            if let Some(case) = self.cases.get(&matter.case) {
                shown.cases.insert(case.clone());
                let referral = matter.referral.as_ref().filter(|it| self.referrals.contains(*it));
                shown.referrals.extend(referral.cloned());
            }
            if let Some(relief) = self.reliefs.get(&matter.relief) {
                shown.reliefs.insert(relief.clone());
                batches.extend(matter.batch.clone());
            }
        }
        let batches = batches.into_iter().filter(|it| self.batches.contains(it));
        shown.events =
            batches.chain(shown.referrals.iter().chain(&shown.cases).chain(&shown.reliefs).cloned()).collect();
        shown
    }
}

pub fn show_what_each_may_see(world: &World, access: &Access) {
    let [_, _, referrals, _, cases, _, _, reliefs, batches] = &world.things;
    for (caller, client) in &world.callers {
        let visible = Visible::open(world, |action, thing| access.permits(caller, action, thing));
        let check = |asked: &str, sees: bool, of: &dyn Fn(&Matter) -> bool| {
            let answer = client.get(&format!("/v1/trace/{asked}"));
            if sees {
                let shown = Shown::of(&answer.expect(200));
                let matters = world.matters.iter().filter(|it| of(it));
                assert_eq!(shown, visible.follow(asked, matters), "{asked} for {caller:?}");
            } else {
                answer.expect_problem(404, "not_found");
            }
        };
        for (id, _) in &referrals.all {
            check(id, visible.referrals.contains(id), &|it| it.referral.as_ref() == Some(id));
        }
        for (id, _) in &cases.all {
            check(id, visible.cases.contains(id), &|it| it.case == *id);
        }
        for (id, _) in &reliefs.all {
            check(id, visible.reliefs.contains(id), &|it| it.relief == *id);
        }
        for (id, _) in &batches.all {
            check(id, visible.batches.contains(id), &|it| it.batch.as_ref() == Some(id));
        }
        for matter in &world.matters {
            let Some(reference) = &matter.reference else { continue };
            let sees = visible.reliefs.contains(&matter.relief);
            check(reference, sees, &|it| it.relief == matter.relief);
        }
    }
}
