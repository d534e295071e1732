//! Events of a machine client.

use bangfu_domain::{
    client::{ClientClosed, ClientEvent, ClientRegistered, ClientSecretRotated},
    ids::{ClientId, SourceId},
};

use crate::common::{id, text};

pub const HISTORIES: &[&str] = &["registered! secret_rotated closed!"];

pub fn events() -> Vec<ClientEvent> {
    vec![
        ClientEvent::Registered(ClientRegistered {
            client: id(ClientId::from_uuid, 60),
            name: text("市人民医院转介系统"),
            source: Some(id(SourceId::from_uuid, 50)),
        }),
        ClientEvent::SecretRotated(ClientSecretRotated {}),
        ClientEvent::Closed(ClientClosed {}),
    ]
}
