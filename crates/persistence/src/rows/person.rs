use bangfu_domain::{ids::PersonId, person::Person};

use super::{Columns, Loaded, derived_rows};
use crate::{
    error::StoreError,
    journal::version_to_db,
    sql_types::{DbInstant, DbUuid},
};

derived_rows! {
    /// A row of `people`.
    PersonRow of Person in people {
        staff: bool,
    }
}

impl Columns<Person> for PersonRow {
    fn write(loaded: &Loaded<Person>) -> Result<Self, StoreError> {
        Ok(Self {
            id: DbUuid(loaded.value.id.as_uuid()),
            version: version_to_db(loaded.version)?,
            head: loaded.head.to_vec(),
            created_at: DbInstant(loaded.created_at),
            updated_at: DbInstant(loaded.updated_at),
            staff: loaded.value.staff,
        })
    }

    fn read(&self) -> Result<Person, StoreError> {
        Ok(Person { id: PersonId::from_uuid(self.id.0), staff: self.staff })
    }
}
