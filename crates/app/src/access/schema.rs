//! What the access policies decide about: the kinds of resource, and the actions, each with what it is done to and the
//! commands that need it. The schema of the policies is made of these declarations (`cedar_schema.rs`).

use bangfu_domain::{
    account::AccountCommand, batch::BatchCommand, case::CaseCommand, client::ClientCommand, codes::NoCommand,
    fund::FundCommand, grant::GrantCommand, ids::SourceId, organization::OrganizationCommand, policy::PolicyCommand,
    referral::ReferralCommand, relief::ReliefCommand, source::SourceKind,
};

use super::{
    Place,
    action::{actions, commands},
    resource::resources,
};

resources! {
    /// A union organization 工会组织, in the tree of those above it.
    Organization,
    /// The city's registers of people and of clients; its organization is the city.
    Registry,
    /// A grant 授权, with the organization for which it is.
    Grant,
    /// A case 帮扶个案, with the organization in charge.
    Case,
    /// A comparison 民政核对, with the organization in charge of its case.
    Comparison,
    /// A version of the aid policy 政策版本; its organization is the city.
    Policy,
    /// A fund 资金, with the organization that spends it.
    Fund,
    /// A relief 救助, with the organization in charge of its case.
    Relief,
    /// A payment batch 发放批次, with the organization that pays.
    Batch,
    /// What was paid, with the organization that was in charge.
    Disbursement,
}

actions! {
    organization by OrganizationCommand {
        /// Enter an organization below another.
        RegisterOrganization = "organization.register" on Organization,
        /// See an organization.
        ViewOrganization = "organization.view" on Organization,
        /// Give an organization another name.
        RenameOrganization = "organization.rename" on Organization for Rename,
    }
    source {
        /// Register a source.
        RegisterSource = "source.register" on Organization,
        /// See a source.
        ViewSource = "source.view" on Source,
    }
    client by ClientCommand {
        /// Register a machine client.
        RegisterClient = "client.register" on Registry,
        /// See machine clients.
        ViewClient = "client.view" on Registry,
        /// Give a machine client a new secret.
        RotateSecret = "client.rotate_secret" on Registry for RotateSecret,
        /// Close a machine client.
        CloseClient = "client.close" on Registry for Close,
    }
    person {
        /// Register a member of staff.
        RegisterPerson = "person.register" on Registry,
        /// See members of staff.
        ViewPerson = "person.view" on Registry,
    }
    staff {
        /// See who acts for an organization.
        ViewStaff = "staff.view" on Organization,
    }
    account by AccountCommand {
        /// Open an account.
        OpenAccount = "account.open" on Registry,
        /// See accounts.
        ViewAccount = "account.view" on Registry,
        /// Set a new password for another person's account.
        // Changing one's own password needs the present one and no grant: see `sessions`.
        ResetPassword = "account.reset_password" on Registry for ChangePassword | ResetPassword,
        /// Close an account.
        CloseAccount = "account.close" on Registry for Close,
    }
    grant by GrantCommand {
        /// Propose a grant for an organization.
        ProposeGrant = "grant.propose" on Organization,
        /// See a grant.
        ViewGrant = "grant.view" on Grant,
        /// Approve or refuse a grant.
        DecideGrant = "grant.decide" on Grant for Approve | Refuse,
        /// End a grant.
        EndGrant = "grant.end" on Grant for End,
    }
    referral by ReferralCommand {
        /// Send a referral of a source.
        ReceiveReferral = "referral.receive" on Source,
        /// See a referral.
        ViewReferral = "referral.view" on Referral,
        /// Accept a referral.
        AcceptReferral = "referral.accept" on Referral for Accept,
        /// Decline a referral.
        DeclineReferral = "referral.decline" on Referral for Decline,
        /// Withdraw a referral.
        WithdrawReferral = "referral.withdraw" on Referral for Withdraw,
        /// Acknowledge a version of a referral.
        AcknowledgeReferral = "referral.acknowledge" on Referral for Acknowledge,
        /// Open a referral's personal values.
        RevealReferral = "referral.reveal" on Referral,
    }
    case by CaseCommand {
        /// Open a case for a household that applies by itself.
        OpenCase = "case.open" on Organization,
        /// See a case.
        ViewCase = "case.view" on Case,
        /// Find a case by a member of its household.
        SearchCase = "case.search" on Case,
        /// Record the household and its evidence.
        RecordCase = "case.record" on Case for
            RecordHousehold | RecordConsent | RecordVisit | RequestComparison | Assess |
            PublishNotice | Object | CloseNotice,
        /// Submit a case for review.
        SubmitCase = "case.submit" on Case for Submit,
        /// Return a case for supplement.
        ReturnCase = "case.return" on Case for Return,
        /// Review a case.
        ReviewCase = "case.review" on Case for Review,
        /// Approve a case.
        ApproveCase = "case.approve" on Case for Approve,
        /// Reject a case.
        RejectCase = "case.reject" on Case for Reject,
        /// Record that the household withdrew.
        WithdrawCase = "case.withdraw" on Case for Withdraw,
        /// End a household's enrolment.
        ExitCase = "case.exit" on Case for Exit,
        /// Reopen a case.
        ReopenCase = "case.reopen" on Case for Reopen,
        /// Open a case's personal values.
        RevealCase = "case.reveal" on Case,
        /// Attach a file to a case.
        AttachToCase = "case.attach" on Case for AddAttachment,
        /// Open the content of a file that is attached to a case.
        OpenAttachment = "case.open_attachment" on Case,
        /// See a comparison.
        ViewComparison = "comparison.view" on Comparison,
        /// Answer a comparison.
        AnswerComparison = "comparison.answer" on Comparison for AnswerComparison,
        /// Open the people and the findings of a comparison.
        RevealComparison = "comparison.reveal" on Comparison,
    }
    policy by PolicyCommand {
        /// Write an aid policy.
        DraftPolicy = "policy.draft" on Policy,
        /// Run a policy's examples.
        ProvePolicy = "policy.prove" on Policy for Prove,
        /// Put a policy in force.
        ApprovePolicy = "policy.approve" on Policy for Approve,
        /// Discard a draft policy.
        DiscardPolicy = "policy.discard" on Policy for Discard,
        /// See aid policies.
        ViewPolicy = "policy.view" on Policy,
    }
    fund by FundCommand {
        /// Open a fund for an organization.
        OpenFund = "fund.open" on Organization,
        /// See a fund.
        ViewFund = "fund.view" on Fund,
        /// Allocate money to a fund.
        AllocateFund = "fund.allocate" on Fund for Allocate,
    }
    relief by ReliefCommand {
        /// Draft a relief for the household of a case.
        DraftRelief = "relief.draft" on Case,
        /// See a relief.
        ViewRelief = "relief.view" on Relief,
        /// Replace the terms of a relief.
        ReviseRelief = "relief.revise" on Relief for Revise,
        /// Submit a relief for review.
        SubmitRelief = "relief.submit" on Relief for Submit,
        /// Take a relief back before it is reviewed.
        RecallRelief = "relief.recall" on Relief for Recall,
        /// Return a relief for supplement.
        ReturnRelief = "relief.return" on Relief for Return,
        /// Review a relief.
        ReviewRelief = "relief.review" on Relief for Review,
        /// Approve a relief.
        ApproveRelief = "relief.approve" on Relief for Approve,
        /// Reject a relief.
        RejectRelief = "relief.reject" on Relief for Reject,
        /// Discard a relief before it is approved.
        DiscardRelief = "relief.discard" on Relief,
        /// Cancel the unpaid part of an approved relief.
        // Before the approval it is `DiscardRelief`: see `impl AccessControlled for Relief`.
        CancelRelief = "relief.cancel" on Relief for Cancel,
        /// Try a failed payment again, with a corrected account.
        CorrectAccount = "relief.correct_account" on Relief for CorrectAccount,
        /// Open a relief's personal values.
        RevealRelief = "relief.reveal" on Relief,
    }
    batch by BatchCommand {
        /// Make a payment batch of a fund's open lines.
        MakeBatch = "batch.make" on Fund,
        /// See a payment batch.
        ViewBatch = "batch.view" on Batch,
        /// Void a payment batch before it is sent.
        VoidBatch = "batch.void" on Batch for Void,
        /// Release a payment batch.
        ReleaseBatch = "batch.release" on Batch for Release,
        /// Read the file of a payment batch.
        ReadBatchFile = "batch.file" on Batch,
        /// Record that a payment batch went to the bank.
        SendBatch = "batch.send" on Batch for Send,
        /// Record the results of the bank for a payment batch.
        TakeResults = "batch.take_results" on Batch for TakeResults,
        /// Reconcile a payment batch.
        ReconcileBatch = "batch.reconcile" on Batch for Reconcile,
    }
    disbursement {
        /// Count what was paid in an organization.
        CountDisbursements = "disbursement.count" on Disbursement,
    }
    journal {
        /// Read the journal.
        ReadJournal = "journal.read" on Registry,
    }
}

impl From<NoCommand> for Action {
    fn from(command: NoCommand) -> Self {
        match command {}
    }
}
