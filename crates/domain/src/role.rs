//! Roles 角色 that can be granted to a person or a machine.

use crate::{codes::codes, source::SourceKind};

codes! {
    /// A role. It is always granted for one organization and those below it.
    Role {
        /// A hospital's intake system 医院转介.
        Referrer = "referrer" ("Hospital referrer", "医院转介"),
        /// The 12351 hotline 职工服务热线.
        Hotline = "hotline" ("12351 hotline", "职工服务热线"),
        /// A grassroots union that registers workers in hardship 基层工会登记员.
        GrassrootsRegistrar = "grassroots_registrar" ("Grassroots registrar", "基层工会登记员"),
        /// A caseworker 帮扶干部.
        Caseworker = "caseworker" ("Caseworker", "帮扶干部"),
        /// A reviewer 审核人.
        Reviewer = "reviewer" ("Reviewer", "审核人"),
        /// An approver 审批人.
        Approver = "approver" ("Approver", "审批人"),
        /// Makes payment batches 制单.
        FinanceMaker = "finance_maker" ("Payment maker", "制单人"),
        /// Releases payment batches 复核.
        FinanceReleaser = "finance_releaser" ("Payment releaser", "复核人"),
        /// Reconciles payment batches with the bank 对账.
        FinanceReconciler = "finance_reconciler" ("Payment reconciler", "对账人"),
        /// The civil-affairs office 民政核对.
        CivilAffairsOffice = "civil_affairs_office" ("Civil-affairs office", "民政核对机构"),
        /// The paying bank 代发银行.
        Bank = "bank" ("Paying bank", "代发银行"),
        /// An auditor 审计.
        Auditor = "auditor" ("Auditor", "审计人员"),
        /// Writes aid policies 政策编制.
        PolicyEditor = "policy_editor" ("Policy editor", "政策编制人"),
        /// Approves aid policies 政策批准.
        PolicyApprover = "policy_approver" ("Policy approver", "政策批准人"),
        /// Keeps organizations, sources and clients 系统管理员.
        SystemAdministrator = "system_administrator" ("System administrator", "系统管理员"),
        /// Keeps people, accounts and grants 安全管理员.
        SecurityAdministrator = "security_administrator" ("Security administrator", "安全管理员"),
        /// Reads the journal, and later the access log 审计管理员.
        AuditAdministrator = "audit_administrator" ("Audit administrator", "审计管理员"),
    }
}

impl Role {
    /// Whether it is one of the three administrators' roles 三员.
    pub fn is_administrator(self) -> bool {
        matches!(self, Role::SystemAdministrator | Role::SecurityAdministrator | Role::AuditAdministrator)
    }

    /// Whether one natural person may not hold both at a time 权限分离: an administrator's role excludes
    /// every other one, another administrator's as well (GB/T 22239).
    pub fn excludes(self, other: Role) -> bool {
        self != other && (self.is_administrator() || other.is_administrator())
    }

    /// Whether a machine may hold the role. People may hold every role except the referrer's, which is only for
    /// hospital systems.
    pub fn is_for_machines(self) -> bool {
        matches!(
            self,
            Role::Referrer | Role::Hotline | Role::GrassrootsRegistrar | Role::CivilAffairsOffice | Role::Bank
        )
    }

    /// The kind of source for which a machine with this role speaks; the others speak for none.
    pub fn source_kind(self) -> Option<SourceKind> {
        match self {
            Role::Referrer => Some(SourceKind::Hospital),
            Role::Hotline => Some(SourceKind::Hotline),
            Role::GrassrootsRegistrar => Some(SourceKind::GrassrootsUnion),
            Role::Caseworker
            | Role::Reviewer
            | Role::Approver
            | Role::FinanceMaker
            | Role::FinanceReleaser
            | Role::FinanceReconciler
            | Role::CivilAffairsOffice
            | Role::Bank
            | Role::Auditor
            | Role::PolicyEditor
            | Role::PolicyApprover
            | Role::SystemAdministrator
            | Role::SecurityAdministrator
            | Role::AuditAdministrator => None,
        }
    }
}
