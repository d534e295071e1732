//! Random actions.

use bangfu_domain::{
    actor::Actor,
    batch::BatchCommand,
    hardship::AidType,
    ids::ClientId,
    organization::OrganizationLevel,
    relief::{FailureReason, PaymentOutcome, ReliefCommand},
};
use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, any},
    prop_oneof,
    sample::select,
};

use super::common::{id, money::the_bank, signed_in};

/// The staff; 94 is a declared relative of the second household.
pub const STAFF: std::ops::Range<u128> = 90..98;

/// What a relief is to give.
#[derive(Debug, Clone)]
pub struct Wish {
    pub family: usize,
    pub aid_type: AidType,
    pub to_spouse: bool,
    pub instalments: Vec<i64>,
    pub fund: usize,
    pub self_paid: i64,
    pub account: usize,
}

/// How a bank, or an impostor, gets a line wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twist {
    None,
    Account,
    Name,
    Amount,
    Reference,
}

/// A word about a line.
#[derive(Debug, Clone)]
pub struct Word {
    pub place: usize,
    pub outcome: PaymentOutcome,
    pub days_ago: i32,
    pub reason: Option<FailureReason>,
    pub twist: Twist,
}

#[derive(Debug, Clone)]
pub enum Action {
    Draft(Wish),
    Revise(Wish),
    Submit,
    Recall,
    Return,
    Review,
    Approve {
        fund: Option<usize>,
        level: OrganizationLevel,
    },
    Reject,
    Cancel,
    Correct {
        account: Option<usize>,
    },
    Make {
        funds: Vec<usize>,
    },
    Void,
    Release,
    Send,
    Take(Vec<Word>),
    TakeAgain,
    Reconcile,
    Allocate {
        fund: usize,
        yuan: i64,
    },
    Exit {
        family: usize,
    },
    /// Whatever is next in the order of things.
    GoOn(Vec<Word>),
}

/// What a action goes to.
pub enum Kind {
    Relief,
    Batch,
    Other,
}

impl Action {
    pub fn command(&self) -> &'static str {
        match self {
            Action::Draft(_) => "draft",
            Action::Revise(_) => "revise",
            Action::Submit => "submit",
            Action::Recall => "recall",
            Action::Return => "return",
            Action::Review => "review",
            Action::Approve { .. } => "approve",
            Action::Reject => "reject",
            Action::Cancel => "cancel",
            Action::Correct { .. } => "correct_account",
            Action::Make { .. } => "make",
            Action::Void => "void",
            Action::Release => "release",
            Action::Send => "send",
            Action::Take(_) | Action::TakeAgain => "take_results",
            Action::Reconcile => "reconcile",
            Action::Allocate { .. } => "allocate",
            Action::Exit { .. } => "exit",
            Action::GoOn(_) => "go_on",
        }
    }

    pub fn kind(&self) -> Kind {
        let command = self.command();
        match (command.parse::<ReliefCommand>(), command.parse::<BatchCommand>()) {
            (Ok(_), _) => Kind::Relief,
            (_, Ok(_)) => Kind::Batch,
            (Err(_), Err(_)) => Kind::Other,
        }
    }
}

/// The actor (possibly one who may not act), the number of days later, and the index of the waiting thing.
#[derive(Debug, Clone)]
pub struct Step {
    pub by: Option<Actor>,
    pub days: i64,
    pub nth: usize,
    pub action: Action,
}

fn a_wish() -> impl Strategy<Value = Wish> {
    let aid_type = select([AidType::ALL, &[AidType::Education]].concat());
    let amount = select(vec![400_i64, 400, 1000, 1000, 2500, 4000, 8160]);
    let self_paid = select(vec![500_i64, 4000, 12_000, 30_000]);
    let instalments = vec(amount, 1..4);
    (0..3_usize, aid_type, any::<bool>(), instalments, 0..3_usize, self_paid, 0..3_usize).prop_map(
        |(family, aid_type, to_spouse, instalments, fund, self_paid, account)| Wish {
            family,
            aid_type,
            to_spouse,
            instalments,
            fund,
            self_paid,
            account,
        },
    )
}

fn a_word() -> impl Strategy<Value = Word> {
    let outcome = prop_oneof![
        5 => Just(PaymentOutcome::Paid),
        3 => Just(PaymentOutcome::Refused),
        3 => Just(PaymentOutcome::Returned),
        2 => Just(PaymentOutcome::Unknown),
    ];
    let days_ago = prop_oneof![6 => Just(0), 2 => 1..4_i32, 1 => -2..0_i32];
    let twist = prop_oneof![
        12 => Just(Twist::None),
        4 => select(vec![Twist::Account, Twist::Name, Twist::Amount, Twist::Reference]),
    ];
    (0..6_usize, outcome, days_ago, option::of(select(FailureReason::ALL)), twist)
        .prop_map(|(place, outcome, days_ago, reason, twist)| Word { place, outcome, days_ago, reason, twist })
}

fn of_a_relief() -> impl Strategy<Value = Action> {
    let level = prop_oneof![
        12 => Just(OrganizationLevel::County),
        4 => Just(OrganizationLevel::City),
        1 => Just(OrganizationLevel::StreetTown),
    ];
    prop_oneof![
        9 => a_wish().prop_map(Action::Draft),
        1 => a_wish().prop_map(Action::Revise),
        3 => Just(Action::Submit),
        1 => Just(Action::Recall),
        1 => Just(Action::Return),
        3 => Just(Action::Review),
        4 => (option::weighted(0.15, 0..3_usize), level)
            .prop_map(|(fund, level)| Action::Approve { fund, level }),
        1 => Just(Action::Reject),
        4 => Just(Action::Cancel),
        3 => option::weighted(0.7, 0..3_usize).prop_map(|account| Action::Correct { account }),
    ]
}

fn of_a_batch() -> impl Strategy<Value = Action> {
    prop_oneof![
        3 => vec(0..3_usize, 1..3).prop_map(|funds| Action::Make { funds }),
        2 => Just(Action::Void),
        3 => Just(Action::Release),
        3 => Just(Action::Send),
        6 => vec(a_word(), 0..6).prop_map(Action::Take),
        1 => Just(Action::TakeAgain),
        2 => Just(Action::Reconcile),
    ]
}

fn a_deed() -> impl Strategy<Value = Action> {
    let allocate = (0..3_usize, select(vec![1000_i64, 20_000]));
    prop_oneof![
        18 => of_a_relief(),
        18 => of_a_batch(),
        60 => vec(a_word(), 1..5).prop_map(Action::GoOn),
        1 => allocate.prop_map(|(fund, yuan)| Action::Allocate { fund, yuan }),
        1 => (0..3_usize).prop_map(|family| Action::Exit { family }),
    ]
}

fn someone() -> impl Strategy<Value = Actor> {
    let machine = Actor::Client(id(ClientId::from_uuid, 61));
    prop_oneof![
        6 => STAFF.prop_map(signed_in),
        // The workers and their spouses.
        1 => select(vec![10, 11, 20, 30_u128]).prop_map(signed_in),
        2 => select(vec![Actor::System, machine, the_bank()]),
    ]
}

fn a_step() -> impl Strategy<Value = Step> {
    let days = prop_oneof![8 => Just(0), 4 => 1..8_i64, 1 => 60..200_i64];
    (option::weighted(0.2, someone()), days, 0..12_usize, a_deed()).prop_map(|(by, days, nth, action)| Step {
        by,
        days,
        nth,
        action,
    })
}

/// A few years of a city. It begins with some reliefs drafted.
pub fn a_history() -> impl Strategy<Value = Vec<Step>> {
    let drafts = vec(a_wish().prop_map(Action::Draft), 2..5);
    let draft = |action| Step { by: None, days: 0, nth: 0, action };
    (drafts, vec(a_step(), 30..110))
        .prop_map(move |(drafts, steps)| drafts.into_iter().map(draft).chain(steps).collect())
}
