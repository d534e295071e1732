//! Who asks: verified access tokens, and the powers of this moment.

mod caller;
mod token;

pub use caller::Caller;
pub use token::{IssuedToken, Subject, TokenError, Tokens, Verified};
