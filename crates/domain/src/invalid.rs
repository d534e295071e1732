//! Why a value from outside is not a value of the domain.

/// The reason a text or number was refused when it was parsed.
///
/// It never carries the refused value: the value may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("a value is required")]
    Required,
    #[error("longer than {limit} characters")]
    TooLong {
        /// The longest permitted length in characters.
        limit: usize,
    },
    #[error("contains control characters")]
    ControlCharacters,
    #[error("malformed")]
    Format,
    /// A checksum over the other characters does not agree with the check character.
    #[error("the check character is wrong")]
    CheckDigit,
    #[error("no such day")]
    ImpossibleDate,
    #[error("out of range")]
    OutOfRange,
    #[error("negative amount")]
    Negative,
    #[error("more than two decimal places")]
    OverPrecise,
    #[error("in the future")]
    InFuture,
    #[error("before the value that it must follow")]
    TooEarly,
    #[error("the total is off from its parts by more than one fen")]
    TotalMismatch,
    #[error("not one of the known codes")]
    UnknownCode,
    #[error("the same as another value that it must differ from")]
    NotDistinct,
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

    /// The stable code of this reason, as in the API's problem catalogue.
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
