//! The identity of callers: access tokens, passwords and secrets, and present powers.

mod caller;
mod login;
mod password;
mod session;
mod sign_in_throttle;
mod token;

pub use caller::Caller;
pub use login::{HashedLogin, Login, NewLogin};
pub use password::{
    HashedPassword, NewPassword, PasswordError, Passwords, hash_client_secret, new_client_secret, verify_client_secret,
};
pub use session::{Lifetimes, Session, SessionId};
pub use sign_in_throttle::SignInThrottle;
pub use token::{IssuedToken, Subject, TokenError, Tokens, Verified};
