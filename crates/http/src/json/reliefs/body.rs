//! The body of a request that drafts a relief.

use bangfu_app::use_cases::reliefs::{AccountInput, ReliefInput};
use bangfu_domain::{
    bank::{AccountNumber, BankName},
    invalid::Invalid,
    money::Fen,
    relief::LINES_AT_MOST,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::super::cases::words;
use crate::edge::{Parse, Validation};

/// An account. Its holder is the payee, under the name by which the city knows them.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountBody {
    /// The number: 8 to 32 digits. It is sealed.
    #[schema(example = "6222021302000000009")]
    pub number: String,
    /// The bank and its branch.
    #[schema(example = "中国工商银行铜陵铜官支行", max_length = 60)]
    pub bank: String,
}

impl AccountBody {
    /// Parses the account that stands at `/account`.
    pub fn parse(&self, validation: &mut Validation) -> Option<AccountInput> {
        let number = validation.parse("/account/number", &self.number, AccountNumber::parse);
        let bank = validation.parse("/account/bank", &self.bank, BankName::parse);
        Some(AccountInput { number: number?, bank: bank? })
    }
}

/// What a relief gives to whom.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReliefBody {
    /// `living`, `medical` or `education`.
    #[schema(example = "medical")]
    pub aid_type: String,
    /// How much in all, in yuan.
    #[schema(example = "8000.00")]
    pub amount: String,
    /// The amount of each instalment, at most 12; without them it is paid at once.
    pub instalments: Option<Vec<String>>,
    /// Whom it is for, a member of the household; without one, the hardship worker. Education aid is for a
    /// member at school.
    pub beneficiary_id: Option<String>,
    /// Who gets the money, a member of the household; without one, the hardship worker.
    pub payee_id: Option<String>,
    /// The payee's account. Required in a draft; in a revision the account stays where none is given and
    /// the payee is the same.
    pub account: Option<AccountBody>,
    /// For medical aid: what the household paid itself, after insurance and every other help, in yuan. It is
    /// sealed.
    #[schema(example = "12345.67")]
    pub self_paid: Option<String>,
    /// The fund that is to pay it, if that is known already. The approver may name another one.
    pub fund_id: Option<String>,
    /// In your words. It is sealed.
    #[schema(max_length = 2000)]
    pub remark: Option<String>,
}

impl Parse for ReliefBody {
    type Command = ReliefInput;

    const LISTS: &'static [&'static str] = &["/instalments"];

    fn parse(self, validation: &mut Validation) -> Option<ReliefInput> {
        let aid_type = validation.parse("/aid_type", &self.aid_type, str::parse);
        let amount = validation.parse("/amount", &self.amount, Fen::parse_yuan);
        if amount == Some(Fen::ZERO) {
            validation.refuse("/amount", Invalid::OutOfRange);
        }
        let instalments = match &self.instalments {
            None => amount.map(|amount| vec![amount]),
            Some(texts) => instalments(validation, texts, amount),
        };
        let beneficiary = validation.optional("/beneficiary_id", self.beneficiary_id.as_deref(), str::parse);
        let payee = validation.optional("/payee_id", self.payee_id.as_deref(), str::parse);
        let account = match &self.account {
            None => Some(None),
            Some(account) => account.parse(validation).map(Some),
        };
        let self_paid = validation.optional("/self_paid", self.self_paid.as_deref(), Fen::parse_yuan);
        let fund = validation.optional("/fund_id", self.fund_id.as_deref(), str::parse);
        let words = words(validation, self.remark.as_deref());
        Some(ReliefInput {
            aid_type: aid_type?,
            instalments: instalments?,
            beneficiary: beneficiary?,
            payee: payee?,
            account: account?,
            self_paid: self_paid?,
            fund: fund?,
            words: words?,
        })
    }
}

/// The instalments, which are the whole amount together.
fn instalments(validation: &mut Validation, texts: &[String], amount: Option<Fen>) -> Option<Vec<Fen>> {
    if texts.is_empty() || texts.len() > LINES_AT_MOST {
        validation.refuse("/instalments", Invalid::OutOfRange);
        return None;
    }
    let each: Vec<Option<Fen>> = texts
        .iter()
        .enumerate()
        .map(|(i, text)| {
            let at = format!("/instalments/{i}");
            let part = validation.parse(&at, text, Fen::parse_yuan);
            if part == Some(Fen::ZERO) {
                validation.refuse(&at, Invalid::OutOfRange);
            }
            part
        })
        .collect();
    let each: Vec<Fen> = each.into_iter().collect::<Option<_>>()?;
    if amount.is_some() && Fen::sum(each.iter().copied()) != amount {
        validation.refuse("/instalments", Invalid::TotalMismatch);
    }
    Some(each)
}
