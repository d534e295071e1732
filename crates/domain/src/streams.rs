//! The one declaration of streams: all code that works on each kind of stream is generated from this list.
//!
//! The order is part of the journal's format, since a seal covers the events of its unit of work in it. A new kind goes
//! to the end.

/// Calls a macro with every kind of stream: its doc comment, name, code, labels, module, id type and event type.
#[macro_export]
macro_rules! for_each_stream {
    ($then:ident) => {
        $then! {
            /// A union organization 工会组织.
            Organization = "organization" ("Organization", "工会组织") in organization (OrganizationId, OrganizationEvent);
            /// A source of referrals 来源: a hospital, the hotline, a grassroots union.
            Source = "source" ("Source", "来源") in source (SourceId, SourceEvent);
            /// One natural person 自然人, staff or household member.
            Person = "person" ("Person", "人员") in person (PersonId, PersonEvent);
            /// A sign-in account of a staff member 账号.
            Account = "account" ("Account", "账号") in account (AccountId, AccountEvent);
            /// A machine client 机器客户端.
            Client = "client" ("Machine client", "机器客户端") in client (ClientId, ClientEvent);
            /// A grant of one role 授权.
            Grant = "grant" ("Grant", "授权") in grant (GrantId, GrantEvent);
            /// A referral 线索.
            Referral = "referral" ("Referral", "线索") in referral (ReferralId, ReferralEvent);
            /// The case of one household 帮扶个案.
            Case = "case" ("Case", "帮扶个案") in case (CaseId, CaseEvent);
            /// A version of the aid policy 政策版本.
            Policy = "policy" ("Policy version", "政策版本") in policy (PolicyId, PolicyEvent);
            /// A fund 资金.
            Fund = "fund" ("Fund", "资金") in fund (FundId, FundEvent);
            /// A relief 救助.
            Relief = "relief" ("Relief", "救助") in relief (ReliefId, ReliefEvent);
            /// A payment batch 发放批次.
            Batch = "batch" ("Payment batch", "发放批次") in batch (BatchId, BatchEvent);
        }
    };
}
