//! Events and commands of an organization.

use bangfu_domain::{
    credit_code::CreditCode,
    decision::Decision,
    ids::OrganizationId,
    organization::{
        NewOrganization, Organization, OrganizationCommand, OrganizationEvent, OrganizationLevel,
        OrganizationRegistered, OrganizationRenamed,
    },
    rejection::Rejection,
};

use crate::common::{
    district, id,
    office::Office,
    signed_in,
    table::{Standalone, StandaloneStream, table},
    text,
};

pub const HISTORIES: &[&str] = &["registered renamed!"];

pub fn events() -> Vec<OrganizationEvent> {
    vec![
        OrganizationEvent::Registered(OrganizationRegistered {
            organization: id(OrganizationId::from_uuid, 2),
            ancestors: vec![id(OrganizationId::from_uuid, 1)],
            level: OrganizationLevel::County,
            name: text("铜官区总工会"),
            division: Some("340705".parse().unwrap()),
            credit_code: Some(CreditCode::parse("81340700MC0000012U").unwrap()),
        }),
        OrganizationEvent::Renamed(OrganizationRenamed { name: text("铜官区总工会(新)") }),
    ]
}

pub const TRANSITIONS: Option<fn() -> String> = Some(transitions);

fn transitions() -> String {
    table::<Standalone<Organization>>("Organization 工会组织: it is registered once, and may get another name.")
}

impl StandaloneStream for Organization {
    type Command = OrganizationCommand;
    const BEGINNING: &'static str = "register";

    fn states() -> Vec<&'static str> {
        vec!["registered"]
    }

    fn begin(office: &mut Office) -> Decision {
        let new = NewOrganization {
            level: OrganizationLevel::BasicUnion,
            name: text("铜官区第一小学工会"),
            division: None,
            credit_code: None,
        };
        Organization::register(&mut office.ctx(signed_in(90)), &district(), new).unwrap().1
    }

    fn way_to(_: &str) -> &'static [OrganizationCommand] {
        &[]
    }

    fn decide(&self, _: &mut Office, command: OrganizationCommand) -> Result<Decision, Rejection> {
        match command {
            OrganizationCommand::Rename => Ok(self.rename(text("铜官区实验小学工会"))),
        }
    }

    fn permits_it(&self, command: OrganizationCommand) -> bool {
        match command {
            OrganizationCommand::Rename => true,
        }
    }

    fn state_code(&self) -> &'static str {
        "registered"
    }
}
