//! The actions that the access policies decide about.

/// Declares the actions that the policies know.
macro_rules! actions {
    ($($(#[$doc:meta])+ $action:ident = $name:literal,)+) => {
        /// What a caller may or may not do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[$doc])+ $action,)+ }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Action] = &[$(Action::$action,)+];

            /// The name in the policies.
            pub const fn name(self) -> &'static str {
                match self { $(Action::$action => $name,)+ }
            }
        }
    };
}

actions! {
    /// Enter an organization below another.
    RegisterOrganization = "organization.register",
    /// See an organization.
    ViewOrganization = "organization.view",
    /// Give an organization another name.
    RenameOrganization = "organization.rename",
    /// Register a source.
    RegisterSource = "source.register",
    /// See a source.
    ViewSource = "source.view",
    /// Register a machine client.
    RegisterClient = "client.register",
    /// See machine clients.
    ViewClient = "client.view",
    /// Give a machine client a new secret.
    RotateSecret = "client.rotate_secret",
    /// Close a machine client.
    CloseClient = "client.close",
    /// Register a member of staff.
    RegisterPerson = "person.register",
    /// See members of staff.
    ViewPerson = "person.view",
    /// Open an account.
    OpenAccount = "account.open",
    /// See accounts.
    ViewAccount = "account.view",
    /// Set a new password for another person's account.
    ResetPassword = "account.reset_password",
    /// Close an account.
    CloseAccount = "account.close",
    /// Propose a grant for an organization.
    ProposeGrant = "grant.propose",
    /// See a grant.
    ViewGrant = "grant.view",
    /// Approve or refuse a grant.
    DecideGrant = "grant.decide",
    /// End a grant.
    EndGrant = "grant.end",
    /// Send a referral of a source.
    ReceiveReferral = "referral.receive",
    /// See a referral.
    ViewReferral = "referral.view",
    /// Accept a referral.
    AcceptReferral = "referral.accept",
    /// Decline a referral.
    DeclineReferral = "referral.decline",
    /// Withdraw a referral.
    WithdrawReferral = "referral.withdraw",
    /// Acknowledge a version of a referral.
    AcknowledgeReferral = "referral.acknowledge",
    /// Open a referral's personal values.
    RevealReferral = "referral.reveal",
    /// Open a case for a household that applies by itself.
    OpenCase = "case.open",
    /// See a case.
    ViewCase = "case.view",
    /// Find a case by a member of its household.
    SearchCase = "case.search",
    /// Record the household and its evidence.
    RecordCase = "case.record",
    /// Submit a case for review.
    SubmitCase = "case.submit",
    /// Return a case for supplement.
    ReturnCase = "case.return",
    /// Review a case.
    ReviewCase = "case.review",
    /// Approve a case.
    ApproveCase = "case.approve",
    /// Reject a case.
    RejectCase = "case.reject",
    /// Record that the household withdrew.
    WithdrawCase = "case.withdraw",
    /// End a household's enrolment.
    ExitCase = "case.exit",
    /// Reopen a case.
    ReopenCase = "case.reopen",
    /// Open a case's personal values.
    RevealCase = "case.reveal",
    /// Attach a file to a case.
    AttachToCase = "case.attach",
    /// Open the content of a file that is attached to a case.
    OpenAttachment = "case.open_attachment",
    /// See a comparison.
    ViewComparison = "comparison.view",
    /// Answer a comparison.
    AnswerComparison = "comparison.answer",
    /// Open the people and the findings of a comparison.
    RevealComparison = "comparison.reveal",
    /// Write an aid policy.
    DraftPolicy = "policy.draft",
    /// Run a policy's examples.
    ProvePolicy = "policy.prove",
    /// Put a policy in force.
    ApprovePolicy = "policy.approve",
    /// Discard a draft policy.
    DiscardPolicy = "policy.discard",
    /// See aid policies.
    ViewPolicy = "policy.view",
    /// Open a fund for an organization.
    OpenFund = "fund.open",
    /// See a fund.
    ViewFund = "fund.view",
    /// Allocate money to a fund.
    AllocateFund = "fund.allocate",
    /// Draft a relief for the household of a case.
    DraftRelief = "relief.draft",
    /// See a relief.
    ViewRelief = "relief.view",
    /// Replace the terms of a relief.
    ReviseRelief = "relief.revise",
    /// Submit a relief for review.
    SubmitRelief = "relief.submit",
    /// Take a relief back before it is reviewed.
    RecallRelief = "relief.recall",
    /// Return a relief for supplement.
    ReturnRelief = "relief.return",
    /// Review a relief.
    ReviewRelief = "relief.review",
    /// Approve a relief.
    ApproveRelief = "relief.approve",
    /// Reject a relief.
    RejectRelief = "relief.reject",
    /// Discard a relief before it is approved.
    DiscardRelief = "relief.discard",
    /// Cancel the unpaid part of an approved relief.
    CancelRelief = "relief.cancel",
    /// Try a failed payment again, with a corrected account.
    CorrectAccount = "relief.correct_account",
    /// Open a relief's personal values.
    RevealRelief = "relief.reveal",
    /// Make a payment batch of a fund's open lines.
    MakeBatch = "batch.make",
    /// See a payment batch.
    ViewBatch = "batch.view",
    /// Void a payment batch before it is sent.
    VoidBatch = "batch.void",
    /// Release a payment batch.
    ReleaseBatch = "batch.release",
    /// Read the file of a payment batch.
    ReadBatchFile = "batch.file",
    /// Record that a payment batch went to the bank.
    SendBatch = "batch.send",
    /// Record the results of the bank for a payment batch.
    TakeResults = "batch.take_results",
    /// Reconcile a payment batch.
    ReconcileBatch = "batch.reconcile",
    /// Count what was paid in an organization.
    CountDisbursements = "disbursement.count",
    /// Read the journal.
    ReadJournal = "journal.read",
}
