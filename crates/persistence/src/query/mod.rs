//! Lists: what a caller may see, filtered, in a stable order, page by page.

mod disbursements;
mod figures;
mod journal;
mod lists;
mod payments;
mod scope;
mod together;

pub use disbursements::*;
pub use figures::*;
pub use journal::*;
pub use lists::*;
pub use payments::*;
pub use scope::*;

/// Which page of a list.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The last item of the page before; lists run from the newest id to the oldest.
    pub before: Option<uuid::Uuid>,
    pub limit: u16,
}
