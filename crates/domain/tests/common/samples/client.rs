//! Events and commands of a machine client.

use bangfu_domain::{
    client::{Client, ClientClosed, ClientCommand, ClientEvent, ClientRegistered, ClientSecretRotated, ClientState},
    decision::Decision,
    ids::{ClientId, SourceId},
    rejection::Rejection,
};

use crate::common::{
    id,
    office::Office,
    signed_in,
    table::{Standalone, StandaloneStream, states_and, table},
    text,
};

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

pub const TRANSITIONS: Option<fn() -> String> = Some(transitions);

fn transitions() -> String {
    let heading = "Client 机器客户端.";
    table::<Standalone<Client>>(heading)
}

impl StandaloneStream for Client {
    type Command = ClientCommand;
    const BEGINNING: &'static str = "register";

    fn states() -> Vec<&'static str> {
        states_and::<ClientState>(&[])
    }

    fn begin(office: &mut Office) -> Decision {
        Client::register(&mut office.ctx(signed_in(90)), text("HIS"), None).1
    }

    fn way_to(state: &str) -> &'static [ClientCommand] {
        match state {
            "open" => &[],
            "closed" => &[ClientCommand::Close],
            _ => panic!("no way to {state}"),
        }
    }

    fn decide(&self, office: &mut Office, command: ClientCommand) -> Result<Decision, Rejection> {
        let ctx = office.ctx(signed_in(90));
        match command {
            ClientCommand::RotateSecret => self.rotate_secret(&ctx),
            ClientCommand::Close => self.close(&ctx),
        }
    }

    fn permits_it(&self, command: ClientCommand) -> bool {
        self.permits(command)
    }

    fn state_code(&self) -> &'static str {
        self.state.code()
    }
}
