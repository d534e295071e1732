//! To what each action is done.

use bangfu_app::access::{Action, Place, Resource};
use bangfu_domain::{ids::SourceId, source::SourceKind};

/// The kind of thing to which an action is done.
pub fn thing(action: Action, place: Place, source: SourceId, kind: SourceKind) -> Resource {
    match action {
        Action::RegisterOrganization
        | Action::ViewOrganization
        | Action::RenameOrganization
        | Action::RegisterSource
        | Action::ProposeGrant
        | Action::OpenCase
        | Action::OpenFund => Resource::Organization(place),
        Action::ViewSource | Action::ReceiveReferral => Resource::Source(source, kind, place),
        Action::RegisterClient
        | Action::ViewClient
        | Action::RotateSecret
        | Action::CloseClient
        | Action::RegisterPerson
        | Action::ViewPerson
        | Action::OpenAccount
        | Action::ViewAccount
        | Action::ResetPassword
        | Action::CloseAccount
        | Action::ReadJournal => Resource::Registry(place),
        Action::ViewGrant | Action::DecideGrant | Action::EndGrant => Resource::Grant(place),
        Action::ViewReferral
        | Action::AcceptReferral
        | Action::DeclineReferral
        | Action::WithdrawReferral
        | Action::AcknowledgeReferral
        | Action::RevealReferral => Resource::Referral(place, source, kind),
        Action::ViewCase
        | Action::SearchCase
        | Action::RecordCase
        | Action::SubmitCase
        | Action::ReturnCase
        | Action::ReviewCase
        | Action::ApproveCase
        | Action::RejectCase
        | Action::WithdrawCase
        | Action::ExitCase
        | Action::ReopenCase
        | Action::RevealCase
        | Action::AttachToCase
        | Action::OpenAttachment
        | Action::DraftRelief => Resource::Case(place),
        Action::ViewComparison | Action::AnswerComparison | Action::RevealComparison => Resource::Comparison(place),
        Action::DraftPolicy
        | Action::ProvePolicy
        | Action::ApprovePolicy
        | Action::DiscardPolicy
        | Action::ViewPolicy => Resource::Policy(place),
        _ => money(action, place),
    }
}

/// The kind of thing to which an action is done that has to do with money.
fn money(action: Action, place: Place) -> Resource {
    match action {
        Action::ViewFund | Action::AllocateFund | Action::MakeBatch => Resource::Fund(place),
        Action::ViewRelief
        | Action::ReviseRelief
        | Action::SubmitRelief
        | Action::RecallRelief
        | Action::ReturnRelief
        | Action::ReviewRelief
        | Action::ApproveRelief
        | Action::RejectRelief
        | Action::DiscardRelief
        | Action::CancelRelief
        | Action::CorrectAccount
        | Action::RevealRelief => Resource::Relief(place),
        Action::ViewBatch
        | Action::VoidBatch
        | Action::ReleaseBatch
        | Action::ReadBatchFile
        | Action::SendBatch
        | Action::TakeResults
        | Action::ReconcileBatch => Resource::Batch(place),
        Action::CountDisbursements => Resource::Disbursement(place),
        _ => panic!("{} has no kind of thing", action.name()),
    }
}
