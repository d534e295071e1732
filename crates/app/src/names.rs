//! Names that stand beside ids in answers. What is shown is rendered with the names that are known; those that were
//! missing are read together, in the same transaction, and it is rendered again.

use std::collections::{BTreeSet, HashMap};

use bangfu_domain::{
    actor::Actor,
    fund::Fund,
    ids::{ClientId, FundId, OrganizationId, PersonId, SourceId},
    organization::Organization,
    source::Source,
    stream::{StreamKind, StreamRef},
};
use bangfu_persistence::{ReadTransaction, Staged, StoreError, Stored, Versioned};

use crate::identity::Caller;

/// Names of organizations, sources, funds and machine clients, and of members of staff; nobody else is named so.
#[derive(Debug)]
pub struct Names {
    reader: Reader,
    known: HashMap<StreamRef, Option<String>>,
    wanted: BTreeSet<StreamRef>,
}

/// For whom names are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// A member of staff, or the installer: every name.
    Colleague,
    /// A machine: names of organizations and sources, and of nobody.
    Machine,
    /// The store of answers: no name of a person.
    Store,
}

impl Reader {
    fn is_told(self, kind: StreamKind) -> bool {
        match self {
            Reader::Colleague => true,
            Reader::Machine => matches!(kind, StreamKind::Organization | StreamKind::Source),
            Reader::Store => kind != StreamKind::Person,
        }
    }
}

impl Names {
    fn of_reader(reader: Reader) -> Self {
        Self { reader, known: HashMap::new(), wanted: BTreeSet::new() }
    }

    /// The names that this caller may learn.
    pub(crate) fn for_caller(caller: &Caller) -> Self {
        match caller.actor {
            Actor::Person { .. } | Actor::Installer => Self::of_reader(Reader::Colleague),
            Actor::Client(_) | Actor::System => Self::of_reader(Reader::Machine),
        }
    }

    /// The same names without those of people, for an answer that is stored.
    pub(crate) fn for_store(mut self) -> Self {
        if self.reader == Reader::Colleague {
            self.reader = Reader::Store;
        }
        self
    }

    /// Whether a member of staff was named, so that what was rendered is not what may be stored.
    pub(crate) fn name_staff(&self) -> bool {
        self.known.iter().any(|(id, name)| id.kind == StreamKind::Person && name.is_some())
    }

    /// The name of a thing; none where there is none, or where it is none of the reader's business.
    pub fn of(&mut self, id: impl Into<StreamRef>) -> Option<String> {
        let id = id.into();
        if !self.reader.is_told(id.kind) {
            return None;
        }
        if let Some(name) = self.known.get(&id) {
            return name.clone();
        }
        self.wanted.insert(id);
        None
    }

    /// Renders something with all the names that it asks for. Of what this unit of work changes it takes the names that
    /// it stages.
    pub(crate) fn render<V>(
        &mut self,
        reader: &mut ReadTransaction<'_>,
        staged: Option<&Staged>,
        mut render: impl FnMut(&mut Self) -> Result<V, StoreError>,
    ) -> Result<V, StoreError> {
        loop {
            let rendered = render(self)?;
            if self.wanted.is_empty() {
                return Ok(rendered);
            }
            self.read(reader, staged)?;
        }
    }

    /// Reads the names that are wanted. One that is not found is known to be none.
    fn read(&mut self, reader: &mut ReadTransaction<'_>, staged: Option<&Staged>) -> Result<(), StoreError> {
        let wanted = std::mem::take(&mut self.wanted);
        let people = of_kind(&wanted, StreamKind::Person, PersonId::from_uuid);
        let organizations = of_kind(&wanted, StreamKind::Organization, OrganizationId::from_uuid);
        let sources = of_kind(&wanted, StreamKind::Source, SourceId::from_uuid);
        let funds = of_kind(&wanted, StreamKind::Fund, FundId::from_uuid);
        let clients = of_kind(&wanted, StreamKind::Client, ClientId::from_uuid);
        let mut found: HashMap<StreamRef, String> = HashMap::new();
        if !people.is_empty() {
            found.extend(reader.staff_names(&people)?.into_iter().map(|(id, name)| (id.into(), name)));
        }
        if !clients.is_empty() {
            found.extend(reader.client_names(&clients)?.into_iter().map(|(id, name)| (id.into(), name)));
        }
        found.extend(titles(reader, organizations, |it: Organization| (it.id.into(), it.name.as_str().to_owned()))?);
        found.extend(titles(reader, sources, |it: Source| (it.id.into(), it.name.as_str().to_owned()))?);
        found.extend(titles(reader, funds, |it: Fund| (it.id.into(), it.name.as_str().to_owned()))?);
        if let Some(staged) = staged {
            found.extend(staged.staff_names().map(|(id, name)| (id.into(), name)));
            let renamed = wanted.iter().filter_map(|id| staged.after::<Organization>(*id));
            found.extend(renamed.map(|it| (it.value.id.into(), it.value.name.as_str().to_owned())));
        }
        self.known.extend(wanted.into_iter().map(|id| (id, found.remove(&id))));
        Ok(())
    }
}

fn of_kind<T>(wanted: &BTreeSet<StreamRef>, kind: StreamKind, typed: fn(uuid::Uuid) -> T) -> Vec<T> {
    wanted.iter().filter(|it| it.kind == kind).map(|it| typed(it.id)).collect()
}

/// The names of things whose state has them.
fn titles<T: Stored, I: Into<StreamRef>>(
    reader: &mut ReadTransaction<'_>,
    ids: Vec<I>,
    named: impl Fn(T) -> (StreamRef, String),
) -> Result<Vec<(StreamRef, String)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<Versioned<T>> = reader.each(ids)?;
    Ok(found.into_iter().map(|it| named(it.value)).collect())
}
