//! The derived table of people.

use bangfu_domain::person::Person;

use super::document_table;

document_table! {
    /// A person.
    PersonRow of Person in people {
        columns {
            staff: Bool = |it| it.staff;
        }
        indexes {}
        checks {}
    }
}
