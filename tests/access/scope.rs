//! What a list shows, what can be read one by one, and what the policies permit to see are the same
//! things: for everybody, in random cities.

use std::collections::BTreeSet;

use bangfu_app::access::Access;
use bangfu_http::openapi;
use harness::{Client, Database};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngSeed, TestRunner},
};
use serde_json::Value;

use crate::{
    directory, totals, traces,
    world::{Things, World, plans},
};

/// How many random cities there are.
const CITIES: u32 = 40;
/// How many of those in which money flows.
const CITIES_WITH_MONEY: u32 = 8;

fn runner(seed: u64, cities: u32) -> TestRunner {
    TestRunner::new(Config {
        cases: cities,
        failure_persistence: None,
        max_shrink_iters: 60,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    })
}

/// The ids of a list, page by page.
pub fn listed(client: &Client, list: &str, filter: &str) -> Vec<String> {
    const LIMIT: usize = 3;
    let first = format!("/v1/{list}?limit={LIMIT}{filter}");
    let mut path = first.clone();
    let mut ids = Vec::new();
    loop {
        let page = client.get(&path).expect(200).body.clone();
        let items = page["items"].as_array().expect("items");
        ids.extend(items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { return ids };
        assert_eq!(items.len(), LIMIT, "a page before the last is full");
        path = format!("{first}&cursor={cursor}");
    }
}

/// The ids of what can be read; what cannot be read answers as if it did not exist.
fn readable<'w>(client: &Client, things: &'w Things) -> BTreeSet<&'w str> {
    let reads = |id: &&str| {
        let answer = client.get(&format!("/v1/{}/{id}", things.list));
        if answer.status != 200 {
            answer.clone().expect_problem(404, "not_found");
        }
        answer.status == 200
    };
    things.all.iter().map(|(id, _)| id.as_str()).filter(reads).collect()
}

fn lists_records_and_policies_agree(world: &World, access: &Access) {
    for (caller, client) in &world.callers {
        for things in &world.things {
            let sees = |thing| access.permits(caller, things.view, thing);
            let permitted: BTreeSet<&str> =
                things.all.iter().filter_map(|(id, thing)| sees(thing).then_some(id.as_str())).collect();
            let ids = listed(client, things.list, "");
            assert!(ids.is_sorted_by(|newer, older| newer > older), "newest first, each once");
            let ids: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
            assert_eq!(ids, permitted, "{} listed for {caller:?}", things.list);
            assert_eq!(readable(client, things), permitted, "{} read by {caller:?}", things.list);
        }
    }
}

/// Lists that show all or nothing: registers of the city, the journal, and what is public within the city; and the
/// directory of staff, which has a comparison of its own.
const NOT_BY_PLACE: [&str; 6] = ["accounts", "clients", "people", "audit/journal", "policies", "staff"];

/// A list that is in no world would be compared with nothing.
fn every_list_is_compared(world: &World) {
    let document = serde_json::to_value(openapi::document()).expect("a description");
    let of_paths = document["paths"].as_object().expect("paths");
    let pages = |path: &Value| {
        let parameters = path["get"]["parameters"].as_array();
        parameters.is_some_and(|all| all.iter().any(|it| it["name"] == "cursor"))
    };
    let lists = of_paths.iter().filter(|(_, path)| pages(path)).map(|(path, _)| path.trim_start_matches("/v1/"));
    let compared = world.things.iter().map(|it| it.list).chain(NOT_BY_PLACE);
    assert_eq!(lists.collect::<BTreeSet<_>>(), compared.collect());
}

/// The sources' own parts of the list of referrals make up the list.
fn a_filter_shows_nothing_more(world: &World) {
    let [_, sources, ..] = &world.things;
    for (_, client) in &world.callers {
        let of_source = |(id, _): &(String, _)| listed(client, "referrals", &format!("&source_id={id}"));
        let mut by_source: Vec<String> = sources.all.iter().flat_map(of_source).collect();
        by_source.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(by_source, listed(client, "referrals", ""));
    }
}

#[test]
fn lists_show_what_the_policies_permit_in_random_cities() {
    let access = Access::load().expect("policies");
    let checked = runner(20_210_104, CITIES).run(&plans([2..=6, 1..=3, 3..=7, 2..=5, 2..=4, 0..=0]), |plan| {
        let world = World::build(Database::Sqlite, &plan);
        lists_records_and_policies_agree(&world, &access);
        directory::shows_who_acts_in_each_part(&world, &access);
        Ok(())
    });
    checked.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn lists_show_what_the_policies_permit_on_postgres() {
    let access = Access::load().expect("policies");
    let plan = plans([12..=12, 6..=6, 24..=24, 16..=16, 16..=16, 16..=16])
        .new_tree(&mut runner(7, 1))
        .expect("a plan")
        .current();
    let world = World::build(Database::Postgres, &plan);
    lists_records_and_policies_agree(&world, &access);
    directory::shows_who_acts_in_each_part(&world, &access);
    every_list_is_compared(&world);
    a_filter_shows_nothing_more(&world);
    totals::are_what_each_may_count(&world, &access);
    traces::show_what_each_may_see(&world, &access);
}

#[test]
fn money_is_shown_counted_and_traced_as_the_policies_permit_in_random_cities() {
    let access = Access::load().expect("policies");
    let plans = plans([2..=5, 1..=3, 1..=2, 1..=2, 3..=6, 2..=5]);
    let checked = runner(20_210_105, CITIES_WITH_MONEY).run(&plans, |plan| {
        let world = World::build(Database::Sqlite, &plan);
        lists_records_and_policies_agree(&world, &access);
        totals::are_what_each_may_count(&world, &access);
        traces::show_what_each_may_see(&world, &access);
        Ok(())
    });
    checked.unwrap_or_else(|failure| panic!("{failure}"));
}
