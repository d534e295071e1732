//! The schema of the policies, in Cedar's language, made of the declared actions, kinds of resource and roles.

use std::fmt::Write;

use bangfu_domain::role::Role;

use super::{Action, ResourceKind};

/// What the access policies may speak about, as `policies/access/schema.cedarschema` has it.
pub fn cedar_schema() -> String {
    let mut text = String::from(
        "// What the access policies speak about. Made from the code (crates/app/src/access): \
         UPDATE_EXPECT=1 writes it anew.\n\n\
         // For each role the organizations for which it is granted today; `any` has all of them.\n\
         type Grants = {\n    any: Set<Organization>,\n",
    );
    let mut line = |line: std::fmt::Arguments<'_>| writeln!(text, "{line}").unwrap_or_default();
    for role in Role::ALL {
        line(format_args!("    {role}: Set<Organization>,"));
    }
    line(format_args!(
        "}};\n\nentity Person {{ grants: Grants }};\nentity Client {{ grants: Grants, source?: Source }};\n"
    ));
    for kind in ResourceKind::ALL {
        let (name, attributes) = (kind.name(), kind.attributes());
        line(format_args!("//{}", kind.sentence()));
        if *kind == ResourceKind::Organization {
            line(format_args!("entity {name} in [{name}];"));
        } else {
            line(format_args!("entity {name} {{ {attributes} }};"));
        }
    }
    for action in Action::ALL {
        line(format_args!("\n//{}\naction \"{}\"", action.sentence(), action.name()));
        let kind = action.resource_kind().name();
        line(format_args!("    appliesTo {{ principal: [Person, Client], resource: [{kind}] }};"));
    }
    text
}
