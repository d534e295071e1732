//! Who calls: access tokens, and what a caller may do today.

mod attempts;
mod password;

pub use attempts::SignInThrottle;
pub use bangfu_app::identity::{Caller, IssuedToken, Subject, TokenError, Tokens, Verified};
pub use password::{
    PasswordError, Passwords, hash_client_secret, new_client_secret, verify_client_secret,
};
