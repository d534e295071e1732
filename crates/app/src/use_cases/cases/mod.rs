//! Cases 帮扶个案: the household, its evidence and the steps to the enrolment and out of it.

mod assessments;
mod attachments;
mod comparisons;
mod consents;
mod deciding;
mod evidence;
mod household;
mod locked;
mod notices;
mod opening;
mod people;
mod queries;
mod reveal;
mod steps;
mod visits;

pub use assessments::*;
pub use attachments::*;
pub use comparisons::*;
pub use consents::*;
pub(crate) use deciding::*;
pub use evidence::*;
pub use household::*;
pub use locked::*;
pub use notices::*;
pub use opening::*;
pub use people::*;
pub use queries::*;
pub use reveal::*;
pub use steps::*;
pub use visits::*;
