//! The one declaration of streams: all code that works on each kind of stream is generated from this list.
//!
//! The order is part of the journal's format, since a seal covers the events of its unit of work in it. A new kind goes
//! to the end.

/// Calls a macro with every kind of stream: its doc comment, name, code, module, id type and event type.
#[macro_export]
macro_rules! for_each_stream {
    ($then:ident) => {
        $then! {
            /// A union organization.
            Organization = "organization" in organization (OrganizationId, OrganizationEvent);
            /// A source of referrals.
            Source = "source" in source (SourceId, SourceEvent);
            /// A natural person.
            Person = "person" in person (PersonId, PersonEvent);
            /// A sign-in account.
            Account = "account" in account (AccountId, AccountEvent);
            /// A machine client.
            Client = "client" in client (ClientId, ClientEvent);
            /// A grant of a role.
            Grant = "grant" in grant (GrantId, GrantEvent);
            /// A referral.
            Referral = "referral" in referral (ReferralId, ReferralEvent);
            /// The case of a household.
            Case = "case" in case (CaseId, CaseEvent);
            /// A version of the aid policy.
            Policy = "policy" in policy (PolicyId, PolicyEvent);
            /// A fund.
            Fund = "fund" in fund (FundId, FundEvent);
            /// A relief.
            Relief = "relief" in relief (ReliefId, ReliefEvent);
            /// A payment batch.
            Batch = "batch" in batch (BatchId, BatchEvent);
        }
    };
}
