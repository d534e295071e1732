//! The logins of accounts.

use bangfu_domain::{
    ids::AccountId,
    input::{Input, InvalidValues, Pointer},
    invalid::Invalid,
    spelling,
};
use bangfu_persistence::NewCredential;

use super::{HashedPassword, NewPassword, PasswordError, Passwords};

/// The name with which a person signs in: 3 to 32 of a–z, 0–9, `.`, `_`, `-`. Upper and lower case are one, so that no
/// login looks like another, and a keyboard that begins with a capital does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login(String);

impl Login {
    /// Parses a login.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = Self::spelled(text);
        let fits = (3..=32).contains(&text.len())
            && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'));
        if fits { Ok(Self(text)) } else { Err(Invalid::Format) }
    }

    /// The one spelling of what was typed, whether it is a login or not.
    pub fn spelled(text: &str) -> String {
        spelling::plain(text).to_ascii_lowercase()
    }

    /// The login as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Input for Login {
    type Raw = String;

    fn read(raw: String, at: &Pointer<'_>, wrong: &mut impl InvalidValues) -> Option<Self> {
        wrong.take(at, Login::parse(&raw))
    }
}

/// Login and password of an account that is to be opened.
pub struct NewLogin {
    pub login: Login,
    pub password: NewPassword,
}

impl NewLogin {
    /// Hashes the password, when its turn comes.
    pub async fn hash(self, passwords: &Passwords) -> Result<HashedLogin, PasswordError> {
        let Self { login, password } = self;
        Ok(HashedLogin { login, password: passwords.hash(password).await? })
    }
}

/// A new login with the hash of its password, as it is stored.
#[derive(Debug, Clone)]
pub struct HashedLogin {
    pub login: Login,
    pub password: HashedPassword,
}

impl HashedLogin {
    /// The credential of an account.
    pub fn credential(&self, account: AccountId) -> NewCredential {
        NewCredential::Account {
            account,
            login: self.login.as_str().to_owned(),
            password_hash: self.password.as_str().to_owned(),
        }
    }
}
