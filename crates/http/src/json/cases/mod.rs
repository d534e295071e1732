//! Cases 帮扶个案: the household, its evidence and the steps to the archive and out of it.

mod assessments;
mod attachments;
mod comparisons;
mod consents;
mod evidence_view;
mod household;
mod household_body;
mod notices;
mod open;
mod read;
mod reveal;
mod steps;
mod view;
mod visits;

pub use assessments::*;
pub use attachments::*;
pub use comparisons::*;
pub use consents::*;
pub use household::*;
pub use notices::*;
pub use open::*;
pub use read::*;
pub use reveal::*;
pub use steps::*;
pub use view::{CaseView, DutyView};
pub use visits::*;
