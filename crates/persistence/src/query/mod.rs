//! Lists: what a caller may see, filtered, in a stable order, page by page.

mod lists;
mod scope;

pub use lists::{
    CaseFilter, ReferralFilter, accounts, cases, clients, comparisons, grants, organizations,
    people, policies, referrals, sources,
};
pub use scope::Scope;

/// Which page of a list.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The last item of the page before; lists run from the newest id to the oldest.
    pub before: Option<uuid::Uuid>,
    /// How many items at most.
    pub limit: u16,
}
