//! Random cities: a tree of organizations, sources with their clients, referrals, cases, people with roles, and
//! money.
//!
//! A plan says what there is; the world is built of it over the API. What the world knows of places
//! and grants it takes from the plan alone, not from the database.

mod money;
mod plan;

use bangfu_app::{
    access::{Action, Place, Resource},
    identity::{Caller, Lifetimes, Subject, Tokens},
};
use bangfu_domain::{
    account::Account,
    actor::Actor,
    ids::{AccountId, OrganizationId, PersonId, SourceId},
    name::PersonName,
    organization::OrganizationLevel,
    person::Person,
    rejection::Rejection,
    role::Role,
    source::SourceKind,
};
use bangfu_persistence::{ReadTransaction, StoreError, WorkError, WriteTransaction};
use harness::{City, Client, Database, TestServer, city::PASSWORD};
use proptest::sample::Index;
use serde_json::{Value, json};

use self::plan::{Plan, Standing};
pub use self::{money::Matter, plan::plans};
use crate::people::{act, number};

/// The world is looked at on the first of these days; it is built on the day before.
const TOMORROW: &str = "2021-01-05";
const DAY_AFTER: &str = "2021-01-06";

/// Things of one kind: the list that shows them, the action that sees one, and all that there are.
pub struct Things {
    pub list: &'static str,
    pub view: Action,
    pub all: Vec<(String, Resource)>,
}

/// A city built by a plan.
pub struct World {
    pub things: [Things; 9],
    /// Households with a relief.
    pub matters: Vec<Matter>,
    /// The places of all organizations, the city's first.
    pub places: Vec<Place>,
    /// Everybody who can call, with the powers that the plan gives them.
    pub callers: Vec<(Caller, Client)>,
    _server: TestServer,
}

impl World {
    pub fn build(database: Database, plan: &Plan) -> Self {
        let mut it = Builder::install(database);
        it.grow(&plan.lower);
        let clients: Vec<_> = plan.sources.iter().map(|source| it.connect(source)).collect();
        for (serial, (source, named)) in (1..).zip(&plan.referrals) {
            it.refer(source.get(&clients), *named, serial);
        }
        let city = it.organizations[0].1.clone();
        let office = it.hire(&[(Role::Caseworker, city, Standing::InForce)]);
        for (serial, case) in (500..).zip(&plan.cases) {
            it.open_case(&office, case, serial);
        }
        let matters = money::build(&mut it, &plan.coffers, &clients);
        for grant in clients.iter().filter_map(|client| client.ends.as_ref()) {
            act(&it.keepers[0], grant, "end", &json!({})).expect(200);
        }
        for grants in &plan.people {
            let made = |(role, at, standing): &(_, _, _)| (*role, it.place(*at), *standing);
            let grants: Vec<_> = grants.iter().map(made).collect();
            it.hire(&grants);
        }
        it.server.clock.advance_days(1);

        let organization =
            |(_, place): &(_, Place)| (place.organization.to_string(), Resource::Organization(place.clone()));
        let organizations = it.organizations.iter().map(organization).collect();
        let things = [
            ("organizations", Action::ViewOrganization, organizations),
            ("sources", Action::ViewSource, it.sources),
            ("referrals", Action::ViewReferral, it.referrals),
            ("grants", Action::ViewGrant, it.grants),
            ("cases", Action::ViewCase, it.cases),
            ("comparisons", Action::ViewComparison, it.comparisons),
            ("funds", Action::ViewFund, it.funds),
            ("reliefs", Action::ViewRelief, it.reliefs),
            ("payment-batches", Action::ViewBatch, it.batches),
        ];
        let things = things.map(|(list, view, all)| Things { list, view, all });
        let places = it.organizations.iter().map(|(_, place)| place.clone()).collect();
        Self { things, matters, places, callers: it.callers, _server: it.server }
    }
}

/// A source's client, while the world is being built.
struct Connected {
    client: Client,
    source: SourceId,
    kind: SourceKind,
    receiver: Place,
    /// The path of its grant, if that is to be ended.
    ends: Option<String>,
}

struct Builder {
    server: TestServer,
    tokens: Tokens,
    keepers: [Client; 2],
    admin: Client,
    organizations: Vec<(OrganizationLevel, Place)>,
    sources: Vec<(String, Resource)>,
    referrals: Vec<(String, Resource)>,
    grants: Vec<(String, Resource)>,
    cases: Vec<(String, Resource)>,
    comparisons: Vec<(String, Resource)>,
    funds: Vec<(String, Resource)>,
    reliefs: Vec<(String, Resource)>,
    batches: Vec<(String, Resource)>,
    callers: Vec<(Caller, Client)>,
    people: u32,
}

impl Builder {
    /// A city with two security administrators and a system administrator.
    fn install(database: Database) -> Self {
        let server = TestServer::start(database);
        let installer = server.anonymous.with_token(server.store.keyring().installation_token());
        let administrator = |login, serial| {
            let number = number(serial);
            json!({ "name": "甲", "identity_number": number, "login": login, "password": PASSWORD })
        };
        let body = json!({
            "city": { "name": "铜陵市总工会" },
            "administrators": [administrator("first", 1), administrator("second", 2)],
        });
        let installed = installer.post("/v1/installation", &body).expect(201);
        let organization = installed.text("/organization/id").parse().expect("an id");
        let city = Place { organization, above: Vec::new() };
        let people = ["/administrators/0/id", "/administrators/1/id"]
            .map(|id| installed.text(id).parse::<PersonId>().expect("an id"));
        let lifetimes = Lifetimes { token_seconds: 7 * 86_400, session_seconds: 7 * 86_400 };
        let tokens = Tokens::new(&server.store.keyring().signing, "http://test".to_owned(), lifetimes);
        let nobody = server.anonymous.clone();
        let mut it = Self {
            tokens: tokens.expect("tokens"),
            keepers: [nobody.clone(), nobody.clone()],
            admin: nobody,
            organizations: vec![(OrganizationLevel::City, city.clone())],
            sources: Vec::new(),
            referrals: Vec::new(),
            grants: Vec::new(),
            cases: Vec::new(),
            comparisons: Vec::new(),
            funds: Vec::new(),
            reliefs: Vec::new(),
            batches: Vec::new(),
            callers: Vec::new(),
            people: 2,
            server,
        };
        it.keepers = people.map(|person| {
            let read = move |reader: &mut ReadTransaction<'_>| {
                Ok::<_, StoreError>(reader.accounts_of(&[person])?.remove(&person))
            };
            let account = it.server.store.read::<_, StoreError>(read);
            let account = it.server.block_on(account).expect("a database").expect("an account");
            it.enter(person, account, vec![(Role::SecurityAdministrator, city.organization)])
        });
        // The second has the powers of the first, so one of the two callers is enough.
        it.callers.pop();
        let grants = it.keepers[0].get("/v1/grants").expect(200);
        for grant in grants.body["items"].as_array().expect("grants") {
            let id = grant["id"].as_str().expect("an id").to_owned();
            it.grants.push((id, Resource::Grant(city.clone())));
        }
        it.admin = it.hire(&[(Role::SystemAdministrator, city, Standing::InForce)]);
        it
    }

    /// Notes a caller, and gives their way to the server.
    fn call(&mut self, caller: Caller, subject: Subject) -> Client {
        let now = self.server.store.now().expect("an instant");
        let token = self.tokens.issue(subject, 0, now).expect("a token").token;
        let client = self.server.anonymous.with_token(&token);
        self.callers.push((caller, client.clone()));
        client
    }

    fn enter(&mut self, person: PersonId, account: AccountId, grants: Vec<(Role, OrganizationId)>) -> Client {
        let caller = Caller { actor: Actor::Person { person, account }, grants, source: None };
        self.call(caller, Subject::Account(account))
    }

    /// Three counties, and what the plan has below.
    fn grow(&mut self, lower: &[(OrganizationLevel, Index)]) {
        let counties = [(OrganizationLevel::County, None); 3];
        let lower = lower.iter().map(|(level, parent)| (*level, Some(*parent)));
        let divisions = ["340705", "340706", "340711", "340722"].into_iter().cycle();
        for ((level, parent), division) in counties.into_iter().chain(lower).zip(divisions) {
            let higher = self.organizations.iter().filter(|(above, _)| *above < level);
            let higher: Vec<&Place> = higher.map(|(_, place)| place).collect();
            let parent = parent.map_or(higher[0], |parent| *parent.get(&higher)).clone();
            let body = json!({
                "parent_id": parent.organization, "level": level, "name": "某工会",
                "division": division,
            });
            let id = self.admin.post("/v1/organizations", &body).expect(201).text("/id");
            let above = [parent.above, vec![parent.organization]].concat();
            let place = Place { organization: id.parse().expect("an id"), above };
            self.organizations.push((level, place));
        }
    }

    fn place(&self, index: Index) -> Place {
        index.get(&self.organizations).1.clone()
    }

    /// A source, and its client with a fitting role.
    fn connect(&mut self, plan: &(SourceKind, Index, Index, bool)) -> Connected {
        let (kind, receiver, granted, ended) = plan;
        let (receiver, granted) = (self.place(*receiver), self.place(*granted));
        let role = match kind {
            SourceKind::Hospital => Role::Referrer,
            SourceKind::Hotline => Role::Hotline,
            SourceKind::GrassrootsUnion => Role::GrassrootsRegistrar,
        };
        let body = json!({
            "kind": kind, "name": "某来源", "organization_id": receiver.organization,
        });
        let source = self.admin.post("/v1/sources", &body).expect(201).text("/id");
        let body = json!({ "name": "某系统", "source_id": source });
        let id = self.admin.post("/v1/clients", &body).expect(201).text("/id");
        let holder = json!({ "client_id": id });
        let grant = self.grant(holder, role, &granted, Standing::InForce);
        let source_id = source.parse().expect("an id");
        self.sources.push((source, Resource::Source(source_id, *kind, receiver.clone())));
        let grants = if *ended { Vec::new() } else { vec![(role, granted.organization)] };
        let id = id.parse().expect("an id");
        let caller = Caller { actor: Actor::Client(id), grants, source: Some(source_id) };
        let client = self.call(caller, Subject::Client(id));
        Connected { client, source: source_id, kind: *kind, receiver, ends: ended.then_some(grant) }
    }

    /// A referral by a source's client, to the organization that it names or to the source's.
    fn refer(&mut self, from: &Connected, named: Option<Index>, serial: u32) {
        let place = named.map_or_else(|| from.receiver.clone(), |named| self.place(named));
        let mut body = City::referral(&format!("ZY-{serial}"), "张明", serial);
        if named.is_some() {
            body["organization_id"] = json!(place.organization);
        }
        let id = from.client.post("/v1/referrals", &body).expect(201).text("/id");
        self.referrals.push((id, Resource::Referral(place, from.source, from.kind)));
    }

    /// A case of a person who applied, and perhaps a comparison of it.
    fn open_case(&mut self, office: &Client, plan: &(Index, bool), serial: u32) {
        let (at, compared) = plan;
        let place = self.place(*at);
        let worker = json!({ "name": "丙", "identity_number": number(serial) });
        let body = json!({ "organization_id": place.organization, "worker": worker });
        let opened = office.post("/v1/cases", &body).expect(201);
        let (id, worker) = (opened.text("/id"), opened.text("/members/0/person_id"));
        if *compared {
            let consent = json!({
                "person_id": worker, "purposes": ["comparison"], "signer": "self",
                "signed_on": "2021-01-04",
            });
            office.post(&format!("/v1/cases/{id}/consents"), &consent).expect(201);
            let asked = office.post(&format!("/v1/cases/{id}/comparisons"), &json!({}));
            let comparison = asked.expect(201).text("/id");
            self.comparisons.push((comparison, Resource::Comparison(place.clone())));
        }
        self.cases.push((id, Resource::Case(place)));
    }

    /// Makes a grant, and what the plan makes of it. Gives its path.
    fn grant(&mut self, holder: Value, role: Role, place: &Place, standing: Standing) -> String {
        let mut body = holder;
        body["role"] = json!(role);
        body["organization_id"] = json!(place.organization);
        match standing {
            Standing::Over => body["to"] = TOMORROW.into(),
            Standing::Later => body["from"] = DAY_AFTER.into(),
            _ => {}
        }
        let [first, second] = &self.keepers;
        let id = first.post("/v1/grants", &body).expect(201).text("/id");
        let path = format!("/v1/grants/{id}");
        let commands: &[&str] = match standing {
            Standing::Proposed => &[],
            Standing::Refused => &["refuse"],
            Standing::Ended => &["approve", "end"],
            Standing::InForce | Standing::Later | Standing::Over => &["approve"],
        };
        for command in commands {
            act(second, &path, command, &json!({})).expect(200);
        }
        self.grants.push((id, Resource::Grant(place.clone())));
        path
    }

    /// A member of staff with an account and these grants. They sign in by a token made here: hashing
    /// passwords is not what is tested, and takes its time.
    fn hire(&mut self, grants: &[(Role, Place, Standing)]) -> Client {
        self.people += 1;
        let body = json!({ "name": "乙", "identity_number": number(self.people) });
        let id = self.keepers[0].post("/v1/people", &body).expect(201).text("/id");
        let person: PersonId = id.parse().expect("an id");
        let work = move |load: &mut WriteTransaction<'_>| -> Result<_, WorkError<Rejection>> {
            let found = load.for_update::<Person>(person)?.expect("the person").value;
            let name = PersonName::parse("乙").expect("a name");
            let opened = Account::open(&mut load.context(Actor::System), &found, false, name);
            let (account, decision) = opened.map_err(WorkError::Refused)?;
            Ok((load.stage(Actor::System, decision)?, account))
        };
        let account = self.server.block_on(self.server.store.write(work));
        let mut in_force = Vec::new();
        for (role, place, standing) in grants {
            self.grant(json!({ "person_id": id }), *role, place, *standing);
            if *standing == Standing::InForce {
                in_force.push((*role, place.organization));
            }
        }
        self.enter(person, account.expect("an account"), in_force)
    }
}
