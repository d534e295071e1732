//! Home visits 入户走访, and the consents that are signed there.

use super::{
    Case, CaseCommand, CaseEvent, ConsentRecorded, ConsentSigner, VisitFindings, VisitGap, VisitMode, VisitRecorded,
    household::is_distinct,
};
use crate::{
    decision::{Context, Decision},
    evidence::ConsentPurpose,
    ids::{ConsentId, PersonId, VisitId},
    invalid::Invalid,
    rejection::{Cause, Rejection},
    time::Day,
};

/// How many visitors a visit needs at the least (《最低生活保障审核确认办法》 article 16).
pub const VISITORS_AT_LEAST: usize = 2;

/// How many visitors a visit may name.
pub const VISITORS_AT_MOST: usize = 10;

/// A visit to be recorded. It may be incomplete.
#[derive(Debug, Clone)]
pub struct NewVisit {
    pub visited_on: Option<Day>,
    pub mode: VisitMode,
    /// Who went: members of the union's staff.
    pub visitors: Vec<PersonId>,
    pub present_member: Option<PersonId>,
    pub values: VisitFindings,
}

impl NewVisit {
    fn gaps(&self) -> Vec<VisitGap> {
        let remote = self.mode == VisitMode::Remote;
        let all = [
            (VisitGap::VisitedOn, self.visited_on.is_some()),
            (VisitGap::Visitors, self.visitors.len() >= VISITORS_AT_LEAST),
            (VisitGap::Findings, self.values.findings.is_some()),
            (VisitGap::PresentMember, self.present_member.is_some()),
            (VisitGap::RemoteReason, !remote || self.values.remote_reason.is_some()),
        ];
        all.into_iter().filter(|(_, there)| !there).map(|(gap, _)| gap).collect()
    }
}

impl Case {
    /// Records a visit, or replaces the draft of one. A complete visit never changes.
    pub fn record_visit(
        &self,
        ctx: &mut Context<'_>,
        draft: Option<VisitId>,
        new: &NewVisit,
    ) -> Result<(VisitId, Decision), Rejection> {
        let (recorded_by, rejection) = self.require_actor(ctx, CaseCommand::RecordVisit)?;
        let (visit, version) = match draft {
            None => (ctx.id(VisitId::from_uuid), 1),
            Some(id) => {
                let before = self.evidence.visit(id).filter(|visit| !visit.gaps.is_empty());
                (id, before.ok_or(rejection.because(Cause::Settled))?.version + 1)
            }
        };
        let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
        let visitors = &new.visitors;
        let in_range = visitors.len() <= VISITORS_AT_MOST;
        rejection.unless(in_range, wrong("/visitors", Invalid::OutOfRange))?;
        rejection.unless(is_distinct(visitors), wrong("/visitors", Invalid::NotDistinct))?;
        rejection.unless(!visitors.iter().any(|it| self.concerns(*it)), Cause::OwnMatter)?;
        let past = new.visited_on.is_none_or(|day| day <= ctx.now.day());
        rejection.unless(past, wrong("/visited_on", Invalid::InFuture))?;
        let of_household = new.present_member.is_none_or(|person| self.has_member(person));
        rejection.unless(of_household, Cause::NotAMember)?;
        let mut decision = Decision::default();
        let documents =
            vec![decision.add_document(ctx, visit, self.id, version, &new.values).map_err(|c| rejection.because(c))?];
        decision.record(
            self.id,
            CaseEvent::VisitRecorded(VisitRecorded {
                visit,
                version,
                visited_on: new.visited_on,
                mode: new.mode,
                visitors: new.visitors.clone(),
                present_member: new.present_member,
                gaps: new.gaps(),
                recorded_by,
                documents,
            }),
        );
        Ok((visit, decision))
    }

    /// Records that a member, or a guardian for them, signed a consent
    /// (《个人信息保护法》 articles 14, 29 and 31).
    pub fn record_consent(
        &self,
        ctx: &mut Context<'_>,
        person: PersonId,
        purposes: &[ConsentPurpose],
        signed_on: Day,
        signer: ConsentSigner,
    ) -> Result<(ConsentId, Decision), Rejection> {
        let (recorded_by, rejection) = self.require_actor(ctx, CaseCommand::RecordConsent)?;
        rejection.unless(self.has_member(person), Cause::NotAMember)?;
        let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
        rejection.unless(signed_on <= ctx.now.day(), wrong("/signed_on", Invalid::InFuture))?;
        rejection.unless(!purposes.is_empty(), wrong("/purposes", Invalid::Required))?;
        rejection.unless(is_distinct(purposes), wrong("/purposes", Invalid::NotDistinct))?;
        let mut purposes = purposes.to_vec();
        purposes.sort_unstable();
        let consent = ctx.id(ConsentId::from_uuid);
        let decision = Decision::of(
            self.id,
            CaseEvent::ConsentRecorded(ConsentRecorded { consent, person, purposes, signed_on, signer, recorded_by }),
        );
        Ok((consent, decision))
    }
}
