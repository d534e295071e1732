//! References: the id of a thing with its name beside it.

use bangfu_app::Names;
use bangfu_domain::{
    actor::Actor,
    codes::codes,
    ids::{ClientId, FundId, OrganizationId, PersonId, SourceId},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::edge::Present;

/// Declares references: each has an id, and the name that the reader of the answer may learn.
macro_rules! refs {
    ($($(#[$doc:meta])+ $name:ident of $id:ident;)+) => {
        $(
            $(#[$doc])+
            #[derive(Debug, Serialize, ToSchema)]
            pub struct $name {
                /// The id.
                pub id: $id,
                /// The name; null where it is not known, or none of the reader's business.
                pub name: Option<String>,
            }

            impl Present<$id> for $name {
                fn of(it: &$id, names: &mut Names) -> Self {
                    Self { id: *it, name: names.of(*it) }
                }
            }
        )+
    };
}

refs! {
    /// A member of staff. Machines learn no names of staff.
    StaffRef of PersonId;
    /// An organization.
    OrganizationRef of OrganizationId;
    /// A source.
    SourceRef of SourceId;
    /// A fund. Machines learn no names of funds.
    FundRef of FundId;
    /// A machine client.
    ClientRef of ClientId;
}

codes! {
    /// The kind of who acted.
    ActorKind {
        /// A member of staff.
        Person = "person" ("Member of staff", "工作人员"),
        /// A machine client.
        Client = "client" ("Machine client", "机器客户端"),
        /// The holder of the installation token.
        Installer = "installer" ("Installer", "安装人员"),
        /// The program itself.
        System = "system" ("System", "系统"),
    }
}

/// Who acted.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorRef {
    /// Of which kind.
    pub kind: ActorKind,
    /// The member of staff or the client.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub id: Option<Uuid>,
    /// Their name; null where it is not known, or none of the reader's business.
    pub name: Option<String>,
}

impl Present<Actor> for ActorRef {
    fn of(it: &Actor, names: &mut Names) -> Self {
        let (kind, id, name) = match it {
            Actor::Person { person, .. } => (ActorKind::Person, Some(person.as_uuid()), names.of(*person)),
            Actor::Client(client) => (ActorKind::Client, Some(client.as_uuid()), names.of(*client)),
            Actor::Installer => (ActorKind::Installer, None, None),
            Actor::System => (ActorKind::System, None, None),
        };
        Self { kind, id, name }
    }
}
