//! Queries: lists of what a caller may see, filtered and page by page in a stable order; reports; the journal; figures.

mod disbursements;
mod figures;
mod joins;
mod journal;
mod lists;
mod payments;
mod scope;
mod staff;

pub use disbursements::*;
pub use figures::*;
pub use journal::*;
pub use lists::*;
pub use payments::*;
pub use scope::*;
pub use staff::*;

/// Which page of a list.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The last item of the page before; lists run from the newest id to the oldest.
    pub before: Option<uuid::Uuid>,
    pub limit: u16,
}
