//! The body of a request that drafts a relief.

use bangfu_app::use_cases::reliefs::{AccountInput, ReliefInput};
use bangfu_domain::{
    bank::{AccountNumber, BankName},
    hardship::AidType,
    ids::{FundId, PersonId},
    invalid::Invalid,
    money::Fen,
    relief::LINES_AT_MOST,
    remark::RemarkText,
};

use crate::edge::{IntoCommand, PositiveYuan, Validation, Yuan, input};

input! {
    /// An account. Its holder is the payee, under the name by which the city knows them.
    pub struct AccountBody {
        /// The number: 8 to 32 digits. It is sealed.
        #[schema(example = "6222021302000000009")]
        pub number: AccountNumber,
        /// The bank and its branch.
        #[schema(example = "中国工商银行铜陵铜官支行")]
        pub bank: BankName,
    }

    /// What a relief gives to whom.
    pub struct ReliefBody {
        /// The kind of aid.
        #[schema(example = "medical")]
        pub aid_type: AidType,
        /// How much in all.
        #[schema(example = "8000.00")]
        pub amount: PositiveYuan,
        /// The amount of each instalment, at most 12; without them it is paid at once.
        pub instalments: Option<Vec<PositiveYuan>>,
        /// Whom it is for, a member of the household; without one, the hardship worker. Education aid is for a
        /// member at school.
        pub beneficiary_id: Option<PersonId>,
        /// Who gets the money, a member of the household; without one, the hardship worker.
        pub payee_id: Option<PersonId>,
        /// The payee's account. Required in a draft; in a revision the account stays where none is given and
        /// the payee is the same.
        pub account: Option<AccountBody>,
        /// For medical aid: what the household paid itself, after insurance and every other help. It is sealed.
        #[schema(example = "12345.67")]
        pub self_paid: Option<Yuan>,
        /// The fund that is to pay it, if that is known already. The approver may name another one.
        pub fund_id: Option<FundId>,
        /// In your words. It is sealed.
        pub remark: Option<RemarkText>,
    }
}

impl From<AccountBody> for AccountInput {
    fn from(AccountBody { number, bank }: AccountBody) -> Self {
        Self { number, bank }
    }
}

impl IntoCommand for ReliefBody {
    type Command = ReliefInput;

    fn into_command(self, validation: &mut Validation) -> Option<ReliefInput> {
        let instalments = self.instalments.unwrap_or_else(|| vec![self.amount]);
        let instalments: Vec<Fen> = instalments.into_iter().map(|it| it.0).collect();
        if instalments.is_empty() || instalments.len() > LINES_AT_MOST {
            validation.refuse("/instalments", Invalid::OutOfRange);
        } else if Fen::sum(instalments.iter().copied()) != Some(self.amount.0) {
            validation.refuse("/instalments", Invalid::TotalMismatch);
        }
        Some(ReliefInput {
            aid_type: self.aid_type,
            instalments,
            beneficiary: self.beneficiary_id,
            payee: self.payee_id,
            account: self.account.map(Into::into),
            self_paid: self.self_paid.map(|it| it.0),
            fund: self.fund_id,
            remark: self.remark,
        })
    }
}
