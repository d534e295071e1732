//! Who calls: access tokens, and what a caller may do today.

mod attempts;
mod caller;
mod password;
mod token;

pub use attempts::Guesses;
pub use caller::Caller;
pub use password::{
    PasswordError, Passwords, hash_client_secret, new_client_secret, verify_client_secret,
};
pub use token::{IssuedToken, Subject, TokenError, Tokens, Verified};
