use bangfu_domain::{
    ids::{CaseId, OrganizationId, PersonId, ReferralId, SourceId},
    referral::{ConsentGiven, Referral, ReferralState},
};

use super::{Columns, derived_rows};
use crate::{
    error::StoreError,
    journal::{version_from_db, version_to_db},
    sql_types::{DbDay, DbUuid},
};

derived_rows! {
    /// A row of `referrals`.
    ReferralRow with ReferralColumns of Referral in referrals {
        source_id: DbUuid,
        organization_id: DbUuid,
        relation: String,
        consent_signed_on: Option<DbDay>,
        consent_signer: Option<String>,
        state: String,
        case_id: Option<DbUuid>,
        patient_id: Option<DbUuid>,
        worker_id: Option<DbUuid>,
        progress: Option<String>,
        decline_reason: Option<String>,
        changed_at: i32,
        closed_at_version: Option<i32>,
        acknowledged: Option<i32>,
    }
}

impl Columns<Referral> for ReferralRow {
    type Own = ReferralColumns;

    fn write(it: &Referral) -> Result<ReferralColumns, StoreError> {
        let mut row = ReferralColumns {
            source_id: DbUuid(it.source.as_uuid()),
            organization_id: DbUuid(it.organization.as_uuid()),
            relation: it.relation.code().to_owned(),
            consent_signed_on: it.consent.map(|c| DbDay(c.signed_on)),
            consent_signer: it.consent.map(|c| c.signer.code().to_owned()),
            state: it.state.code().to_owned(),
            case_id: None,
            patient_id: None,
            worker_id: None,
            progress: None,
            decline_reason: None,
            changed_at: version_to_db(it.changed_at)?,
            closed_at_version: it.closed_at.map(version_to_db).transpose()?,
            acknowledged: it.acknowledged.map(version_to_db).transpose()?,
        };
        match it.state {
            ReferralState::Received | ReferralState::Withdrawn => {}
            ReferralState::Declined { reason } => {
                row.decline_reason = Some(reason.code().to_owned());
            }
            ReferralState::Accepted { case, patient, worker, progress } => {
                row.case_id = Some(DbUuid(case.as_uuid()));
                row.patient_id = Some(DbUuid(patient.as_uuid()));
                row.worker_id = Some(DbUuid(worker.as_uuid()));
                row.progress = Some(progress.code().to_owned());
            }
        }
        Ok(row)
    }

    fn read(&self) -> Result<Referral, StoreError> {
        let version = |column: Option<i32>, name| {
            column.map(|v| version_from_db(v).ok_or_else(|| self.damaged(name))).transpose()
        };
        Ok(Referral {
            id: ReferralId::from_uuid(self.id.0),
            source: SourceId::from_uuid(self.source_id.0),
            organization: OrganizationId::from_uuid(self.organization_id.0),
            relation: self.relation.parse().map_err(|_| self.damaged("relation"))?,
            consent: self.read_consent()?,
            state: self.read_state()?,
            changed_at: version_from_db(self.changed_at)
                .ok_or_else(|| self.damaged("changed_at"))?,
            closed_at: version(self.closed_at_version, "closed_at_version")?,
            acknowledged: version(self.acknowledged, "acknowledged")?,
        })
    }
}

impl ReferralRow {
    fn read_consent(&self) -> Result<Option<ConsentGiven>, StoreError> {
        match (self.consent_signed_on, self.consent_signer.as_deref()) {
            (None, None) => Ok(None),
            (Some(signed_on), Some(signer)) => {
                let signer = signer.parse().map_err(|_| self.damaged("consent_signer"))?;
                Ok(Some(ConsentGiven { signed_on: signed_on.0, signer }))
            }
            _ => Err(self.damaged("consent_signer")),
        }
    }

    fn read_state(&self) -> Result<ReferralState, StoreError> {
        let accepted = (self.case_id, self.patient_id, self.worker_id, self.progress.as_deref());
        match (self.state.as_str(), accepted, self.decline_reason.as_deref()) {
            ("received", (None, None, None, None), None) => Ok(ReferralState::Received),
            ("withdrawn", (None, None, None, None), None) => Ok(ReferralState::Withdrawn),
            ("declined", (None, None, None, None), Some(reason)) => Ok(ReferralState::Declined {
                reason: reason.parse().map_err(|_| self.damaged("decline_reason"))?,
            }),
            ("accepted", (Some(case), Some(patient), Some(worker), Some(progress)), None) => {
                Ok(ReferralState::Accepted {
                    case: CaseId::from_uuid(case.0),
                    patient: PersonId::from_uuid(patient.0),
                    worker: PersonId::from_uuid(worker.0),
                    progress: progress.parse().map_err(|_| self.damaged("progress"))?,
                })
            }
            _ => Err(self.damaged("state")),
        }
    }
}
