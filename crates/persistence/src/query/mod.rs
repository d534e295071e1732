//! Lists: what a caller may see, filtered, in a stable order, page by page.

mod disbursements;
mod figures;
mod journal;
mod lists;
mod payments;
mod scope;
mod together;

pub use disbursements::{Disbursed, disbursements};
pub use figures::{Figures, figures};
pub use journal::{JournalEvent, SealedUnit, TimelineEvent, journal, timeline};
pub use lists::{
    CaseFilter, ReferralFilter, ReliefFilter, accounts, cases, clients, comparisons, list, people, policies, referrals,
    reliefs, sources,
};
pub use payments::{count_waiting_lines, funds_of, reliefs_of_cases, waiting_lines};
pub use scope::Scope;

/// Which page of a list.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The last item of the page before; lists run from the newest id to the oldest.
    pub before: Option<uuid::Uuid>,
    pub limit: u16,
}
