//! Pages of lists.

use bangfu_domain::aggregate::InState;
use bangfu_persistence::Versioned;
use uuid::Uuid;

/// An item of a list. Lists are in the order of ids, newest first, and a cursor names the last item of a page.
pub trait Item {
    /// The id by which the next page is found.
    fn id(&self) -> Uuid;
}

impl<T: InState> Item for Versioned<T> {
    fn id(&self) -> Uuid {
        self.value.stream().id
    }
}
