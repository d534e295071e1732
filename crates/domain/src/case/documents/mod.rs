//! The personal values of a case and of its evidence, by group.

mod evidence;
mod household;

pub use evidence::*;
pub use household::*;
