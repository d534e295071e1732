//! Lists: the parameters of a page, its cursor, and the shape of the answer.

use bangfu_app::{Item, Names, Services, identity::Caller};
use bangfu_domain::invalid::Invalid;
use bangfu_persistence::query::Page;
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{Array, ArrayBuilder, Ref},
};
use uuid::Uuid;

use super::Present;
use crate::problem::{Code, Problem};

/// How many items a page has when the request does not say.
const DEFAULT_LIMIT: u16 = 50;
/// How many items a page has at most.
const MAX_LIMIT: u16 = 200;

/// A page of a list, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(bound = "T: ToSchema")]
pub struct List<T> {
    /// The items.
    #[schema(schema_with = items_of::<T>)]
    pub items: Vec<T>,
    /// The cursor of the next page; null at the end.
    #[schema(pattern = "^[A-Za-z0-9_-]{43}$")]
    pub next_cursor: Option<String>,
}

impl<T, V: Present<T>> Present<List<T>> for List<V> {
    fn of(it: &List<T>, names: &mut Names) -> Self {
        Self { items: Vec::of(it.items.as_slice(), names), next_cursor: it.next_cursor.clone() }
    }
}

/// Items by their schema's name: derived, they would be a copy of it.
fn items_of<T: ToSchema>() -> Array {
    ArrayBuilder::new().items(Ref::from_schema_name(T::name())).description(Some("The items.")).build()
}

/// Which page of which list is asked for.
pub struct ListParams {
    limit: u16,
    cursor: Option<String>,
    filters: String,
}

impl ListParams {
    /// Takes limit and cursor, and the list's filters as one text that binds the cursor.
    pub fn new(limit: Option<u16>, cursor: Option<String>, filters: String) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if limit == 0 || limit > MAX_LIMIT {
            return Err(Problem::invalid_parameter("limit", Invalid::OutOfRange.code()).with("limit", MAX_LIMIT));
        }
        Ok(Self { limit, cursor, filters })
    }

    /// The page to read: one item more than asked, to know whether there is a next page.
    pub fn page(&self, services: &Services, caller: &Caller) -> Result<Page, Problem> {
        let before = match &self.cursor {
            None => None,
            Some(cursor) => {
                Some(self.verify_cursor(services, caller, cursor).ok_or_else(|| Problem::new(Code::InvalidCursor))?)
            }
        };
        Ok(Page { before, limit: self.limit + 1 })
    }

    /// The page of what was read, with the cursor of the next one.
    pub fn list<T: Item>(&self, services: &Services, caller: &Caller, mut read: Vec<T>) -> List<T> {
        let limit = usize::from(self.limit);
        let more = read.len() > limit;
        read.truncate(limit);
        let last = read.last().filter(|_| more).map(Item::id);
        let next_cursor = last.map(|last| self.sign_cursor(services, caller, last));
        List { items: read, next_cursor }
    }

    /// The cursor names the last item, and is bound to caller and filters.
    fn sign_cursor(&self, services: &Services, caller: &Caller, last: Uuid) -> String {
        let mac = self.mac(services, caller, last);
        BASE64URL_NOPAD.encode(&[last.as_bytes().as_slice(), &mac].concat())
    }

    fn verify_cursor(&self, services: &Services, caller: &Caller, cursor: &str) -> Option<Uuid> {
        let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
        let (last, mac) = bytes.split_first_chunk::<16>()?;
        let last = Uuid::from_bytes(*last);
        let genuine: bool = subtle::ConstantTimeEq::ct_eq(mac, self.mac(services, caller, last).as_slice()).into();
        genuine.then_some(last)
    }

    fn mac(&self, services: &Services, caller: &Caller, last: Uuid) -> Vec<u8> {
        let actor = caller.actor.to_string();
        let parts = [b"cursor", actor.as_bytes(), self.filters.as_bytes(), last.as_bytes()];
        services.fingerprint(&parts).into_iter().take(16).collect()
    }
}
