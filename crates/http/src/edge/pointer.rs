//! Where a value stands in a body.

use std::fmt;

/// Where a value stands in a body. It becomes a text, a JSON pointer (RFC 6901), only where the value is wrong.
#[derive(Debug, Clone, Copy)]
pub enum Pointer<'a> {
    /// The body itself.
    Body,
    /// A field of what stands there.
    Field(&'a Pointer<'a>, &'static str),
    /// An item of the list there.
    Item(&'a Pointer<'a>, usize),
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pointer::Body => Ok(()),
            Pointer::Field(above, name) => write!(f, "{above}/{name}"),
            Pointer::Item(above, index) => write!(f, "{above}/{index}"),
        }
    }
}
