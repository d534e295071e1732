//! What is read together is of one moment.

use std::{sync::mpsc::channel, thread};

use bangfu_domain::{ids::OrganizationId, organization::Organization};
use bangfu_persistence::{ReadTransaction, StoreError};
use harness::{City, Database, http::Headers, on_both_databases};
use serde_json::json;

on_both_databases! {
    fn a_read_sees_nothing_of_what_is_written_meanwhile(database: Database) {
        let city = City::start(database);
        let path = format!("/v1/organizations/{}", city.tongguan);
        let id: OrganizationId = city.tongguan.parse().unwrap();
        let version = move |reader: &mut ReadTransaction<'_>| -> Result<u32, StoreError> {
            Ok(reader.find::<Organization>(id)?.unwrap().version)
        };
        let (looked, has_looked) = channel();
        let (go_on, may_go_on) = channel::<()>();
        let two_looks = move |reader: &mut ReadTransaction<'_>| -> Result<_, StoreError> {
            let first = version(reader)?;
            looked.send(()).unwrap();
            may_go_on.recv().unwrap();
            Ok((first, version(reader)?))
        };
        let seen = thread::scope(|scope| {
            let store = &city.server.store;
            let reading = scope.spawn(|| city.server.block_on(store.read(two_looks)));
            has_looked.recv().unwrap();
            let headers = Headers::if_match(city.system_administrator.get(&path).etag());
            let name = json!({ "name": "铜官区总工会(新)" });
            city.system_administrator.post_with(&format!("{path}/rename"), &name, &headers).expect(200);
            go_on.send(()).unwrap();
            reading.join().unwrap().unwrap()
        });
        assert_eq!(seen, (1, 1));
        assert_eq!(city.caseworker.get(&path).version(), 2, "the next read sees it");
    }
}
