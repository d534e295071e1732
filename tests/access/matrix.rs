//! Every role, every action, every relation of the thing to the role's organization.
//!
//! `golden/matrix.txt` is for people to read and to sign. `UPDATE_EXPECT=1` rewrites it; the other
//! tests here hold rules that no such rewriting can give up.

use std::{collections::BTreeSet, fmt::Write, fs, path::PathBuf};

use bangfu_app::{
    access::{Access, Action, Place, ResourceKind},
    identity::Caller,
};
use bangfu_domain::{
    actor::Actor,
    codes::{Bilingual, Code},
    ids::{AccountId, ClientId, OrganizationId, PersonId, SourceId},
    role::Role,
    source::SourceKind,
};
use expect_test::expect_file;
use uuid::Uuid;

/// Where a thing's organization stands, seen from the organization for which a role is granted.
const RELATIONS: [&str; 4] = ["same", "below", "above", "elsewhere"];

const OWN_SOURCE: SourceId = SourceId::from_uuid(Uuid::from_u128(11));
const OTHER_SOURCE: SourceId = SourceId::from_uuid(Uuid::from_u128(12));

const fn organization(number: u128) -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(number))
}

/// The grant is for a county of a city.
const CITY: OrganizationId = organization(1);
const GRANTED: OrganizationId = organization(2);

/// The places of the relations, in their order.
fn places() -> [Place; 4] {
    let place = |number, above: &[_]| Place { organization: organization(number), above: above.to_vec() };
    [place(2, &[CITY]), place(4, &[CITY, GRANTED]), place(1, &[]), place(3, &[CITY])]
}

fn has_source(action: Action) -> bool {
    matches!(action.resource_kind(), ResourceKind::Source | ResourceKind::Referral)
}

fn person(roles: &[Role]) -> Caller {
    let person = PersonId::from_uuid(Uuid::from_u128(21));
    let account = AccountId::from_uuid(Uuid::from_u128(22));
    let grants = roles.iter().map(|role| (*role, GRANTED)).collect();
    Caller { actor: Actor::Person { person, account }, grants, source: None }
}

/// A client as it can be: one that sends referrals speaks for a source, the others for none.
fn client(roles: &[Role]) -> Caller {
    let sends = |role: &Role| role.source_kind().is_some();
    let source = (roles.is_empty() || roles.iter().any(sends)).then_some(OWN_SOURCE);
    let actor = Actor::Client(ClientId::from_uuid(Uuid::from_u128(23)));
    Caller { actor, source, ..person(roles) }
}

/// What is permitted in each relation, for a thing of this source, of whatever kind that is.
fn permitted(access: &Access, caller: &Caller, action: Action, source: SourceId) -> [bool; 4] {
    places().map(|place| {
        let kind = action.resource_kind();
        let things = SourceKind::ALL.iter().map(|source_kind| kind.at(place.clone(), source, *source_kind));
        things.into_iter().any(|thing| access.permits(caller, action, &thing))
    })
}

const LEGEND: &str = "\
Who may do what: ✓ is yes, · is no. What is not listed is no.

A role is granted for one organization. The columns say where the thing's organization stands, seen
from there: it is the same one, one below, one above, or elsewhere. The registers of people and of
clients belong to the city, so only a role granted for the city reaches them, and so does the journal; so do
the aid policies, but everybody with a role anywhere may see those. A relief belongs where its case does, a
payment batch to the organization that pays, and what was paid is counted where the case was. The people of
the hotline and of grassroots unions enter, withdraw and acknowledge referrals of sources of their own kind
only.
Being allowed is not all: nobody decides on a matter of their own, and so on; such rules are the domain's.
";

/// One block: a row for each action that is permitted anywhere.
fn block(access: &Access, caller: &Caller, heading: &str) -> String {
    let columns = RELATIONS.map(|relation| format!("{relation:<10}")).concat();
    let marks = |row: [bool; 4]| row.map(|yes| if yes { "✓         " } else { "·         " }).concat();
    let by_source = caller.source.is_some();
    let mut text = format!("\n{heading}\n");
    if by_source {
        let _ = writeln!(text, "{:30}{:42}of its own source", "", "of another source, or of none");
        let _ = writeln!(text, "{:30}{columns}  {}", "", columns.trim_end());
    } else {
        let _ = writeln!(text, "{:30}{}", "", columns.trim_end());
    }
    let empty = text.len();
    for action in Action::ALL {
        let other = permitted(access, caller, *action, OTHER_SOURCE);
        let own = permitted(access, caller, *action, OWN_SOURCE);
        let name = action.name();
        if by_source && has_source(*action) {
            if (other, own) != ([false; 4], [false; 4]) {
                let _ = writeln!(text, "  {name:28}{}  {}", marks(other), marks(own).trim_end());
            }
        } else if other != [false; 4] {
            let _ = writeln!(text, "  {name:28}{}", marks(other).trim_end());
        }
    }
    if text.len() == empty { format!("\n{heading}\n  nothing\n") } else { text }
}

/// Everybody who can come: with each role, and with none.
fn everybody() -> Vec<(String, Caller)> {
    let mut all = vec![
        ("no role · a person".to_owned(), person(&[])),
        ("no role · a client of a source".to_owned(), client(&[])),
    ];
    for role in Role::ALL {
        let Bilingual { en, zh } = role.label();
        let heading = |who| format!("{role} · {en} {zh} · {who}");
        all.push((heading("a person"), person(&[*role])));
        if role.is_for_machines() {
            let it = client(&[*role]);
            let kind = if it.source.is_some() { "a client of a source" } else { "a client" };
            all.push((heading(kind), it));
        }
    }
    all
}

fn nobody_may(access: &Access) -> Vec<&'static str> {
    let may = |action: Action, caller: &Caller| {
        let sources = [OWN_SOURCE, OTHER_SOURCE];
        sources.iter().any(|source| permitted(access, caller, action, *source).contains(&true))
    };
    let everybody = everybody();
    let nobody = |action: &&Action| everybody.iter().all(|(_, caller)| !may(**action, caller));
    Action::ALL.iter().filter(nobody).map(|action| action.name()).collect()
}

#[test]
fn the_table_is_as_signed() {
    let access = Access::load().expect("policies");
    let mut text = LEGEND.to_owned();
    for (heading, caller) in everybody() {
        text.push_str(&block(&access, &caller, &heading));
    }
    let nobody = nobody_may(&access);
    let nobody = if nobody.is_empty() { "nothing".to_owned() } else { nobody.join(", ") };
    let _ = write!(text, "\nWhat nobody may do\n  {nobody}\n");
    expect_file!["golden/matrix.txt"].assert_eq(&text);
}

#[test]
fn every_action_is_permitted_to_some_role() {
    assert_eq!(nobody_may(&Access::load().expect("policies")), Vec::<&str>::new());
}

/// The aid policies are public within the city: everybody with a role anywhere sees them.
#[test]
fn every_role_sees_the_aid_policies_and_nobody_without_one_does() {
    let access = Access::load().expect("policies");
    let sees = |caller: &Caller| permitted(&access, caller, Action::ViewPolicy, OTHER_SOURCE);
    for role in Role::ALL {
        assert_eq!(sees(&person(&[*role])), [true; 4], "{role}");
        assert_eq!(sees(&client(&[*role])), [true; 4], "{role}");
    }
    assert_eq!(sees(&person(&[])), [false; 4]);
    assert_eq!(sees(&client(&[])), [false; 4]);
}

/// What is public within the city, to any caller.
fn is_public(action: Action) -> bool {
    action == Action::ViewPolicy
}

/// A list shows what lies at or below a grant's organization, so the view of one record must, too.
#[test]
fn powers_of_people_run_downwards_and_nowhere_else() {
    let access = Access::load().expect("policies");
    for role in Role::ALL {
        for action in Action::ALL.iter().filter(|action| !is_public(**action)) {
            let row = permitted(&access, &person(&[*role]), *action, OTHER_SOURCE);
            let [same, below, above, elsewhere] = row;
            assert_eq!(same, below, "{role} {}", action.name());
            assert!(!above && !elsewhere, "{role} {}", action.name());
        }
    }
}

/// Lists are filtered grant by grant. That holds only while two roles give what each gives alone.
#[test]
fn two_roles_give_what_each_gives_alone() {
    let access = Access::load().expect("policies");
    let may = |roles: &[Role], action| permitted(&access, &person(roles), action, OTHER_SOURCE);
    for action in Action::ALL {
        let alone: Vec<_> = Role::ALL.iter().map(|role| (role, may(&[*role], *action))).collect();
        for (i, (first, by_first)) in alone.iter().enumerate() {
            for (second, by_second) in alone.iter().skip(i + 1) {
                let either = by_first.iter().zip(by_second).map(|(a, b)| *a || *b);
                let both = may(&[**first, **second], *action).to_vec();
                assert_eq!(both, either.collect::<Vec<_>>(), "{first} and {second}");
            }
        }
    }
}

#[test]
fn a_machine_touches_nothing_of_another_source() {
    let access = Access::load().expect("policies");
    for role in Role::ALL {
        let of_the_city = |action: Action| is_public(action) || action == Action::ViewOrganization;
        for action in Action::ALL.iter().filter(|action| !of_the_city(**action)) {
            let row = permitted(&access, &client(&[*role]), *action, OTHER_SOURCE);
            // The systems of the civil-affairs office and of the bank belong to no source: the one has the
            // comparisons of its part, the other reads payment batches and reports on them.
            let compares = *role == Role::CivilAffairsOffice && action.name().starts_with("comparison.");
            let pays = *role == Role::Bank && matches!(action, Action::ViewBatch | Action::TakeResults);
            let allowed = if compares || pays { [true, true, false, false] } else { [false; 4] };
            assert_eq!(row, allowed, "{role} {}", action.name());
        }
    }
}

/// What is about those who work with the system. All other actions are about people in hardship and the money for them,
/// and a new group of actions is, too, until it is named here.
const OF_ADMINISTRATION: [&str; 8] =
    ["organization.", "source.", "client.", "person.", "staff.", "account.", "grant.", "policy."];

#[test]
fn an_auditor_only_looks_and_an_administrator_sees_nothing_of_aid() {
    let access = Access::load().expect("policies");
    let may = |role, action| permitted(&access, &person(&[role]), action, OTHER_SOURCE);
    for action in Action::ALL {
        for role in [Role::Auditor, Role::AuditAdministrator] {
            let verb = action.name().rsplit('.').next().expect("a verb");
            let looks = ["view", "count", "read"].contains(&verb);
            assert!(looks || may(role, *action) == [false; 4], "{role} {}", action.name());
        }
        let of_aid = !OF_ADMINISTRATION.iter().any(|group| action.name().starts_with(group));
        for role in [Role::SystemAdministrator, Role::SecurityAdministrator] {
            assert!(!of_aid || may(role, *action) == [false; 4], "{role} {}", action.name());
        }
    }
}

/// Who decides on aid touches no payment, and who pays decides on no aid: each role has its own.
#[test]
fn no_role_both_decides_on_aid_and_pays_it() {
    let access = Access::load().expect("policies");
    let may = |role: &Role, actions: &[Action]| {
        let may = |action: &Action| permitted(&access, &person(&[*role]), *action, OTHER_SOURCE) != [false; 4];
        actions.iter().filter(|action| may(action)).count()
    };
    let hands = [
        [Action::SubmitRelief, Action::DraftRelief, Action::CorrectAccount].as_slice(),
        &[Action::ReviewRelief],
        &[Action::ApproveRelief, Action::RejectRelief, Action::CancelRelief],
        &[Action::AllocateFund, Action::MakeBatch],
        &[Action::ReleaseBatch, Action::SendBatch],
        &[Action::ReconcileBatch],
    ];
    for role in Role::ALL {
        let held = hands.iter().filter(|hand| may(role, hand) > 0).count();
        assert!(held <= 1, "{role} has {held} hands");
    }
}

/// Account numbers are read in full by those who correct and judge them, and in the file by finance.
#[test]
fn the_bank_and_the_auditor_read_no_account() {
    let access = Access::load().expect("policies");
    let may = |role, action| permitted(&access, &person(&[role]), action, OTHER_SOURCE);
    for role in Role::ALL {
        let opens = may(*role, Action::RevealRelief) != [false; 4];
        let casework = matches!(role, Role::Caseworker | Role::Reviewer | Role::Approver);
        assert_eq!(opens, casework, "{role}");
        let reads = may(*role, Action::ReadBatchFile) != [false; 4];
        let finance = role.code().starts_with("finance_");
        assert_eq!(reads, finance, "{role}");
    }
}

/// The policies as they stand in the repository, by file name.
fn policy_files() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../policies/access");
    let paths = fs::read_dir(folder).expect("the folder of policies").map(|entry| entry.expect("a file").path());
    let policies = paths.filter(|path| path.extension().is_some_and(|extension| extension == "cedar"));
    let file = |path: PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        (name.to_owned(), fs::read_to_string(&path).expect("a text"))
    };
    policies.map(file).collect()
}

/// What stands between `before` and the next `"`.
fn quoted<'t>(text: &'t str, before: &str) -> BTreeSet<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// `load` checks the policies against the schema, which is made of the code; here the code is held against them.
#[test]
fn every_action_is_named_in_the_policies() {
    Access::load().expect("policies that fit their schema");
    let policies: String = policy_files().into_iter().map(|(_, text)| text).collect();
    let in_code: BTreeSet<&str> = Action::ALL.iter().map(|action| action.name()).collect();
    assert_eq!(quoted(&policies, "Action::\""), in_code);
}

/// A file that nobody compiles in would be a policy that holds on paper only.
#[test]
fn every_policy_file_is_compiled_in() {
    let engine = include_str!("../../crates/app/src/access/engine.rs");
    for (name, _) in policy_files() {
        assert!(engine.contains(&format!("policies/access/{name}\"")), "{name}");
    }
}
