use bangfu_domain::{ids::PersonId, person::Person};

use super::{Columns, derived_rows};
use crate::error::StoreError;

derived_rows! {
    /// A row of `people`.
    PersonRow with PersonColumns of Person in people {
        staff: bool,
    }
}

impl Columns<Person> for PersonRow {
    type Own = PersonColumns;

    fn write(it: &Person) -> Result<PersonColumns, StoreError> {
        Ok(PersonColumns { staff: it.staff })
    }

    fn read(&self) -> Result<Person, StoreError> {
        Ok(Person { id: PersonId::from_uuid(self.id.0), staff: self.staff })
    }
}
