//! Guards: unique constraints with which the database prevents duplicates, even if the rules of the domain fail. Each
//! is declared here once, with the names that the databases report when it is violated.

use diesel::result::DatabaseErrorInformation;

/// How SQLite reports a unique constraint: by its columns.
const SQLITE: &str = "UNIQUE constraint failed: ";

/// How the databases report a guard.
#[derive(Debug)]
pub struct Declared {
    pub guard: Guard,
    /// The names of its constraints or indexes, as PostgreSQL reports them.
    pub constraints: &'static [&'static str],
    /// Table and columns, as SQLite reports them: the same for each of its constraints.
    pub columns: &'static [&'static str],
}

macro_rules! guards {
    ($(
        $(#[$doc:meta])+
        $guard:ident = $($constraint:literal)|+ on $table:ident ($($column:ident),+);
    )+) => {
        /// A unique constraint that was violated.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Guard {
            $($(#[$doc])+ $guard,)+
            /// An undeclared one: its name, or the text of SQLite.
            Other(String),
        }

        impl Guard {
            /// Every guard that is declared.
            pub const DECLARED: &'static [Declared] = &[$(Declared {
                guard: Guard::$guard,
                constraints: &[$($constraint),+],
                columns: &[$(concat!(stringify!($table), ".", stringify!($column))),+],
            },)+];
        }
    };
}

guards! {
    /// A stream has one event of each version.
    NextEvent = "journal_pkey" on journal (stream_kind, stream_id, version);
    /// A sealed document has one text of each version.
    SealedDocument = "vault_pkey" on vault
        (record_kind, record_id, group_name, version, subject_kind, subject_id);
    /// A subject has one key of a class.
    SubjectKey = "vault_keys_pkey" on vault_keys (subject_kind, subject_id, class);
    /// An identity number is one person's, and in one active case.
    IdentityNumber = "blind_index_one_person" | "blind_index_one_active_case" on blind_index
        (kind, key_version, value);
    /// A login name is one account's.
    Login = "credentials_login_key" on credentials (login);
    /// There is one city.
    OneCity = "organizations_one_city" on organizations (level);
    /// A credit code is one organization's.
    CreditCode = "organizations_credit_code_key" on organizations (credit_code);
    /// A person has one open account.
    OneOpenAccount = "accounts_one_open" on accounts (person_id);
    /// One policy begins on a day.
    PolicyDay = "policies_in_force_from_key" on policies (in_force_from);
    /// A person holds one duty in a round of a matter.
    OneDuty = "duties_pkey" on duties (subject_kind, subject_id, round, person_id);
    /// A payment line is under way once, and paid once.
    PaymentLine = "payment_attempts_one_open_key" | "payment_attempts_one_paid_key"
        on payment_attempts (relief_id, line);
}

impl Guard {
    /// The guard that a database reports as violated.
    pub(crate) fn violated_by(told: &dyn DatabaseErrorInformation) -> Self {
        let columns = told.message().strip_prefix(SQLITE).unwrap_or_default();
        let is_it = |it: &&Declared| match told.constraint_name() {
            Some(name) => it.constraints.contains(&name),
            None => columns.split(", ").eq(it.columns.iter().copied()),
        };
        let other = || Guard::Other(told.constraint_name().unwrap_or(told.message()).to_owned());
        Self::DECLARED.iter().find(is_it).map_or_else(other, |it| it.guard.clone())
    }

    /// Whether a concurrent unit of work was faster, and a repetition continues from what that one wrote.
    pub fn is_race(&self) -> bool {
        match self {
            Guard::NextEvent | Guard::SealedDocument | Guard::SubjectKey | Guard::IdentityNumber => true,
            Guard::Login
            | Guard::OneCity
            | Guard::CreditCode
            | Guard::OneOpenAccount
            | Guard::PolicyDay
            | Guard::OneDuty
            | Guard::PaymentLine
            | Guard::Other(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use diesel::{Connection, SqliteConnection, connection::SimpleConnection, result::Error};

    use super::*;

    /// The guard that a fresh embedded database reports when a second row has the same values.
    fn met(table: &str, columns: &[&str]) -> Guard {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        let (columns, values) = (columns.join(", "), vec!["1"; columns.len()].join(", "));
        let row = format!("INSERT INTO {table} VALUES ({values})");
        let table = format!("CREATE TABLE {table} ({columns}, UNIQUE ({columns}))");
        conn.batch_execute(&format!("{table}; {row}")).unwrap();
        let Error::DatabaseError(_, told) = conn.batch_execute(&row).unwrap_err() else {
            panic!("the database refuses the second row");
        };
        Guard::violated_by(&*told)
    }

    #[test]
    fn sqlite_tells_each_guard_by_its_columns() {
        assert_eq!(met("accounts", &["person_id"]), Guard::OneOpenAccount);
        assert_eq!(met("payment_attempts", &["relief_id", "line"]), Guard::PaymentLine);
        let other = Guard::Other("UNIQUE constraint failed: accounts.state".to_owned());
        assert_eq!(met("accounts", &["state"]), other);
    }
}
