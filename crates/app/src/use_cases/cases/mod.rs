//! Cases 帮扶个案: the household, its evidence and the steps to the archive and out of it.

mod assessments;
mod attachments;
mod comparisons;
mod consents;
mod deciding;
mod evidence;
mod household;
mod locked;
mod notices;
mod opening;
mod people;
mod queries;
mod reveal;
mod steps;
mod visits;

pub use assessments::assess;
pub use attachments::{
    AddAttachment, AttachmentOfCase, OpenedAttachment, add_attachment, check_attaching, get_attachment,
    list_attachments, open_attachment,
};
pub use comparisons::{ComparisonOfCase, answer_comparison, get_comparison, list_comparisons, request_comparison};
pub use consents::{Consent, record_consent};
pub use deciding::{Deciding, approver_level, division_of, in_force, policy_for, require_approver_level};
pub use evidence::Recorded;
pub use household::{HouseholdInput, MemberInput, record_household};
pub use locked::{CaseDetails, PeopleMasks, hide_other_case, lock_with_referrals};
pub use notices::{
    CloseNotice, NoticeOfCase, Objection, PublishNotice, close_notice, get_notice, publish_notice, record_objection,
};
pub use opening::{OpenCase, open};
pub use people::{Identities, PartyInput, find_party, identities};
pub use queries::{CaseItem, get, list, search};
pub use reveal::{OpenedRecord, refuse_own, reveal, reveal_comparison, show};
pub use steps::{Approve, Submit, approve, exit, reject, reopen, return_for_supplement, review, submit, withdraw};
pub use visits::{complete_visit, get_visit, record_visit};
