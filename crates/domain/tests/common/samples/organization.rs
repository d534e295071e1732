//! Events of an organization.

use bangfu_domain::{
    credit_code::CreditCode,
    ids::OrganizationId,
    organization::{OrganizationEvent, OrganizationLevel, OrganizationRegistered, OrganizationRenamed},
};

use crate::common::{id, text};

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
