//! Events of a fund.

use bangfu_domain::{
    fund::{Allocation, DocumentNumber, FundAllocated, FundEvent, FundOpened, FundSource, PayerAccount},
    hardship::AidType,
    ids::{FundId, OrganizationId},
    money::Fen,
};

use crate::common::{id, person, text, today};

pub const HISTORIES: &[&str] = &["opened allocated!"];

pub fn events() -> Vec<FundEvent> {
    let officer = person(92);
    let opened = FundOpened {
        fund: id(FundId::from_uuid, 100),
        organization: id(OrganizationId::from_uuid, 2),
        name: text("中央财政专项帮扶资金"),
        source: FundSource::Central,
        year: 2021,
        aid_types: vec![AidType::Living, AidType::Medical],
        payer_account: PayerAccount::parse("34001234-01").unwrap(),
        opened_by: officer,
    };
    let allocation = Allocation {
        amount: Fen::new(10_000_000).unwrap(),
        effective_on: today(),
        document_number: DocumentNumber::parse("皖财行〔2021〕12号").unwrap(),
    };
    vec![FundEvent::Opened(opened), FundEvent::Allocated(FundAllocated { allocation, allocated_by: officer })]
}
