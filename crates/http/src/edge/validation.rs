//! Validation of the fields of a request, with all wrong values in one answer.

use std::{borrow::Cow, fmt::Display};

use bangfu_domain::{
    input::{InvalidValues, Pointer},
    invalid::Invalid,
    time::Day,
};
use validator::{ValidationErrors, ValidationErrorsKind};

use crate::problem::{FieldError, Problem};

/// How many wrong values an answer names at most.
pub const ERRORS_NAMED: usize = 100;

/// Gathers the wrong values of a request while its fields are parsed.
pub struct Validation {
    today: Day,
    errors: Vec<FieldError>,
}

impl Validation {
    /// Nothing is wrong yet.
    pub fn new(today: Day) -> Self {
        Self { today, errors: Vec::new() }
    }

    /// Notes what a shape's own validation found.
    pub fn gather(&mut self, shape: &ValidationErrors) {
        gather("", shape, &mut self.errors);
        self.errors.sort_by(|a, b| a.place.cmp(&b.place));
        self.errors.truncate(ERRORS_NAMED);
    }

    /// The present day.
    pub fn today(&self) -> Day {
        self.today
    }

    /// Takes a parsed value, or notes why it was refused.
    pub fn at<T>(&mut self, pointer: impl Display, parsed: Result<T, Invalid>) -> Option<T> {
        parsed.map_err(|invalid| self.refuse(pointer, invalid)).ok()
    }

    /// Notes a wrong value. One reason per place is enough.
    pub fn refuse(&mut self, pointer: impl Display, invalid: Invalid) {
        if self.errors.len() >= ERRORS_NAMED {
            return;
        }
        let error = FieldError::at(pointer.to_string(), invalid.code());
        if self.errors.iter().all(|known| known.place != error.place) {
            self.errors.push(error);
        }
    }

    /// The value, or the problem that names every wrong field.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Problem> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(Problem::invalid(self.errors)),
        }
    }
}

impl InvalidValues for Validation {
    fn today(&self) -> Day {
        self.today
    }

    fn refuse(&mut self, at: &Pointer<'_>, invalid: Invalid) {
        Validation::refuse(self, at, invalid);
    }
}

fn gather(prefix: &str, found: &ValidationErrors, into: &mut Vec<FieldError>) {
    for (field, kind) in found.errors() {
        let pointer = format!("{prefix}/{field}");
        match kind {
            ValidationErrorsKind::Field(errors) => {
                let code = errors.first().map_or(Cow::Borrowed(""), |e| e.code.clone());
                let code = match code.as_ref() {
                    "length" => "too_long",
                    "range" => "out_of_range",
                    _ => "format",
                };
                into.push(FieldError::at(pointer, code));
            }
            ValidationErrorsKind::Struct(nested) => gather(&pointer, nested, into),
            ValidationErrorsKind::List(items) => {
                for (index, nested) in items {
                    gather(&format!("{pointer}/{index}"), nested, into);
                }
            }
        }
    }
}
