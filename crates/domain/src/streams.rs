//! The one declaration of streams: all code that works on each kind of stream is generated from this list.
//!
//! The order is part of the journal's format, since a seal covers the events of its unit of work in it. A new kind goes
//! to the end.

/// Calls a macro with every kind of stream: its doc comment, name, code, module, id type and event type.
#[macro_export]
macro_rules! for_each_stream {
    ($then:ident) => {
        $then! {
            /// A union organization 工会组织.
            Organization = "organization" in organization (OrganizationId, OrganizationEvent);
            /// A source of referrals 来源: a hospital, the hotline, a grassroots union.
            Source = "source" in source (SourceId, SourceEvent);
            /// One natural person 自然人, staff or household member.
            Person = "person" in person (PersonId, PersonEvent);
            /// A sign-in account of a staff member 账号.
            Account = "account" in account (AccountId, AccountEvent);
            /// A machine client 机器客户端.
            Client = "client" in client (ClientId, ClientEvent);
            /// A grant of one role 授权.
            Grant = "grant" in grant (GrantId, GrantEvent);
            /// A referral 线索.
            Referral = "referral" in referral (ReferralId, ReferralEvent);
            /// The case of one household 帮扶个案.
            Case = "case" in case (CaseId, CaseEvent);
            /// A version of the aid policy 政策版本.
            Policy = "policy" in policy (PolicyId, PolicyEvent);
            /// A fund 资金.
            Fund = "fund" in fund (FundId, FundEvent);
            /// A relief 救助.
            Relief = "relief" in relief (ReliefId, ReliefEvent);
            /// A payment batch 发放批次.
            Batch = "batch" in batch (BatchId, BatchEvent);
        }
    };
}
