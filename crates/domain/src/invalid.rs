//! Why a value from outside is not a value of the domain.

/// The reason a text or number was refused when it was parsed.
///
/// It never carries the refused value: the value may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The value is missing or blank.
    #[error("a value is required")]
    Required,
    /// The text is longer than the limit, in characters.
    #[error("longer than {limit} characters")]
    TooLong {
        /// The longest permitted length in characters.
        limit: usize,
    },
    /// The text contains control characters.
    #[error("contains control characters")]
    ControlCharacters,
    /// The text has not the form that its type asks for.
    #[error("malformed")]
    Format,
    /// A checksum over the other characters does not agree with the check character.
    #[error("the check character is wrong")]
    CheckDigit,
    /// The day does not exist in the calendar.
    #[error("no such day")]
    ImpossibleDate,
    /// The value lies outside of what its type permits.
    #[error("out of range")]
    OutOfRange,
    /// An amount is below zero.
    #[error("negative amount")]
    Negative,
    /// An amount has more than two decimal places.
    #[error("more than two decimal places")]
    OverPrecise,
    /// The day lies in the future.
    #[error("in the future")]
    InFuture,
    /// The value comes before another one that it must follow.
    #[error("before the value that it must follow")]
    TooEarly,
    /// A total is off from the sum of its parts by more than one fen.
    #[error("the total is off from its parts by more than one fen")]
    TotalMismatch,
    /// The code is not one of the list.
    #[error("not one of the known codes")]
    UnknownCode,
    /// The value must differ from another one.
    #[error("the same as another value that it must differ from")]
    NotDistinct,
    /// Exactly one of two fields must be given.
    #[error("exactly one of the alternatives must be given")]
    ExactlyOne,
}

impl Invalid {
    /// Every reason, for catalogues and tests.
    pub const ALL: [Invalid; 15] = [
        Invalid::Required,
        Invalid::TooLong { limit: 0 },
        Invalid::ControlCharacters,
        Invalid::Format,
        Invalid::CheckDigit,
        Invalid::ImpossibleDate,
        Invalid::OutOfRange,
        Invalid::Negative,
        Invalid::OverPrecise,
        Invalid::InFuture,
        Invalid::TooEarly,
        Invalid::TotalMismatch,
        Invalid::UnknownCode,
        Invalid::NotDistinct,
        Invalid::ExactlyOne,
    ];

    /// The stable code of this reason, as it stands in the API's problem catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Invalid::Required => "required",
            Invalid::TooLong { .. } => "too_long",
            Invalid::ControlCharacters => "control_characters",
            Invalid::Format => "format",
            Invalid::CheckDigit => "check_digit",
            Invalid::ImpossibleDate => "impossible_date",
            Invalid::OutOfRange => "out_of_range",
            Invalid::Negative => "negative",
            Invalid::OverPrecise => "over_precise",
            Invalid::InFuture => "in_future",
            Invalid::TooEarly => "too_early",
            Invalid::TotalMismatch => "total_mismatch",
            Invalid::UnknownCode => "unknown_code",
            Invalid::NotDistinct => "not_distinct",
            Invalid::ExactlyOne => "exactly_one",
        }
    }
}
