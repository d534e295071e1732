//! What the access policies guard: each kind of thing says which resource it is. `actions!` says which action each of
//! its commands needs.

use bangfu_domain::codes::Code;
use bangfu_persistence::{StoreError, Stored, Versioned};

use crate::{
    ReadContext,
    access::{Action, Resource},
};

/// A thing that the access policies guard.
pub trait AccessControlled: Stored {
    /// The commands on an existing one.
    type Command: Code + Into<Action>;

    /// The action of seeing it. For a caller, a thing that they may not see does not exist.
    const VIEW: Action;

    /// What the policies may ask about it.
    fn resource(&self, ctx: &mut ReadContext<'_, '_>) -> Result<Resource, StoreError>;

    /// The action that the policies are asked about before a command: the one that `actions!` declares for it.
    fn action(&self, command: Self::Command) -> Action {
        command.into()
    }
}

/// A thing that is shown with the commands that the caller may give next.
pub trait AllowedActions: AccessControlled {
    /// The codes of all that the caller may do with it now, as far as state, duties and access go.
    fn allowed_actions(
        &self,
        ctx: &mut ReadContext<'_, '_>,
        resource: &Resource,
    ) -> Result<Vec<&'static str>, StoreError>;
}

/// Whether a command asks for the version that its caller last read. A version that is sent is always compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// A person decides on the version that they read.
    Required,
    /// Results of machines, evidence and acknowledgements may arrive in any order.
    Optional,
    /// The version is that of a part, such as a visit of a case: the use case compares it.
    OfPart,
}

/// A thing that is locked until the unit of work ends, with what the policies were asked about it.
#[derive(Debug, Clone)]
pub struct Locked<T> {
    pub thing: Versioned<T>,
    pub resource: Resource,
}

/// A thing with the commands that the caller may give next.
#[derive(Debug, Clone)]
pub struct WithAllowedActions<T> {
    pub thing: Versioned<T>,
    pub allowed: Vec<&'static str>,
}
