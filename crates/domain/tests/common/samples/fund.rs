//! Events and commands of a fund.

use bangfu_domain::{
    decision::Decision,
    fund::{
        Allocation, DocumentNumber, Fund, FundAllocated, FundCommand, FundEvent, FundOpened, FundSource, PayerAccount,
    },
    hardship::AidType,
    ids::{FundId, OrganizationId},
    money::Fen,
    rejection::Rejection,
};

use crate::common::{
    casework::yuan,
    id,
    money::{allocation, new_fund},
    office::Office,
    person, signed_in,
    table::{Standalone, StandaloneStream, table},
    text, today,
};

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

pub const TRANSITIONS: Option<fn() -> String> = Some(transitions);

fn transitions() -> String {
    table::<Standalone<Fund>>("Fund 资金: it is opened once, and takes money as it is allocated.")
}

impl StandaloneStream for Fund {
    type Command = FundCommand;
    const BEGINNING: &'static str = "open";

    fn states() -> Vec<&'static str> {
        vec!["open"]
    }

    fn begin(office: &mut Office) -> Decision {
        Fund::open(&mut office.ctx(signed_in(90)), new_fund()).unwrap().1
    }

    fn way_to(_: &str) -> &'static [FundCommand] {
        &[]
    }

    fn decide(&self, office: &mut Office, command: FundCommand) -> Result<Decision, Rejection> {
        match command {
            FundCommand::Allocate => self.allocate(&office.ctx(signed_in(90)), allocation(yuan("1.00"), today())),
        }
    }

    fn permits_it(&self, command: FundCommand) -> bool {
        match command {
            FundCommand::Allocate => true,
        }
    }

    fn state_code(&self) -> &'static str {
        "open"
    }
}
