//! The public notice 公示: a masked list that hangs for the policy's days, the objections to it, and its
//! end.

use super::{
    Case, CaseCommand, CaseEvent, DecidingPolicy, Notice, NoticeClosed, NoticeObjected, NoticeOutcome, NoticePlace,
    NoticePublished, NoticeText, household::is_distinct,
};
use crate::{
    decision::{Context, Decision, RejectionContext},
    evidence::ConsentPurpose,
    hardship::AidType,
    ids::{NoticeId, ObjectionId},
    invalid::Invalid,
    name::PersonName,
    rejection::{Cause, Rejection},
    remark::RemarkText,
    text::Line,
    time::Day,
};

/// A notice to be published.
#[derive(Debug, Clone)]
pub struct NewNotice {
    pub place: NoticePlace,
    pub aid_types: Vec<AidType>,
    /// The worker's name; the notice shows its masked form.
    pub worker: PersonName,
    pub employer: Option<Line<100>>,
}

impl Case {
    /// Publishes a notice for the policy's days. The worker must have agreed to it
    /// (《个人信息保护法》 article 25); where the policy says so, the comparison comes first.
    pub fn publish_notice(
        &self,
        ctx: &mut Context<'_>,
        policy: Option<DecidingPolicy<'_>>,
        new: &NewNotice,
    ) -> Result<(NoticeId, Decision), Rejection> {
        let (published_by, rejection) = self.require_actor(ctx, CaseCommand::PublishNotice)?;
        let policy = policy.ok_or(rejection.because(Cause::NoPolicy))?;
        let open = self
            .evidence
            .notices
            .iter()
            .any(|it| it.closed.is_none() && self.is_of_this_application(it.published.round));
        rejection.unless(!open, Cause::NoticeOpen)?;
        let worker = self.household.worker().ok_or(rejection.because(Cause::NotAMember))?;
        let agreed = self.evidence.has_consent(worker, ConsentPurpose::Publication);
        rejection.unless(agreed, Cause::PublicationNotAgreed)?;
        let causes = self.household.causes.as_ref();
        let cause = causes.ok_or(rejection.because(Cause::HouseholdIncomplete))?.main;
        let compared = !policy.document.notice.after_comparison || self.is_compared();
        rejection.unless(compared, Cause::ComparisonFirst)?;
        let not_distinct = Cause::Value { pointer: "/aid_types", invalid: Invalid::NotDistinct };
        rejection.unless(is_distinct(&new.aid_types), not_distinct)?;
        let mut aid_types = new.aid_types.clone();
        aid_types.sort_unstable();
        let published_on = ctx.now.day();
        let until = policy.document.notice_end(published_on);
        let until = until.map_err(|unknown| rejection.because(Cause::CalendarUnknown { year: unknown.0 }))?;
        let notice = ctx.id(NoticeId::from_uuid);
        let category = self.proposed_category();
        let household_size = self.household.size();
        let text = NoticeText {
            worker: new.worker.masked(),
            employer: new.employer.clone(),
            category,
            cause,
            household_size,
            aid_types: aid_types.clone(),
            from: published_on,
            until,
        };
        let mut decision = Decision::default();
        let document = decision.add_document(ctx, notice, worker, 1, &text);
        let documents = vec![document.map_err(|c| rejection.because(c))?];
        decision.record(
            self.id,
            CaseEvent::NoticePublished(NoticePublished {
                notice,
                round: self.round,
                place: new.place,
                published_on,
                until,
                aid_types,
                category,
                cause,
                household_size,
                published_by,
                documents,
            }),
        );
        Ok((notice, decision))
    }

    /// Takes down an objection to a notice that has not been closed.
    pub fn object(
        &self,
        ctx: &mut Context<'_>,
        notice: NoticeId,
        received_on: Day,
        remark: &RemarkText,
    ) -> Result<(ObjectionId, Decision), Rejection> {
        let (recorded_by, rejection) = self.require_actor(ctx, CaseCommand::Object)?;
        let published = self.open_notice(notice, rejection)?.published.published_on;
        let wrong = |invalid| Cause::Value { pointer: "/received_on", invalid };
        rejection.unless(received_on >= published, wrong(Invalid::TooEarly))?;
        rejection.unless(received_on <= ctx.now.day(), wrong(Invalid::InFuture))?;
        let objection = ctx.id(ObjectionId::from_uuid);
        let mut decision = Decision::default();
        let remark = self.add_remark(ctx, &mut decision, remark).map_err(|c| rejection.because(c))?;
        decision.record(
            self.id,
            CaseEvent::NoticeObjected(NoticeObjected { notice, objection, received_on, recorded_by, remark }),
        );
        Ok((objection, decision))
    }

    /// Closes a notice whose period is over. Objections are dismissed or upheld, with a reason. Without objections the
    /// notice is undisputed.
    pub fn close_notice(
        &self,
        ctx: &mut Context<'_>,
        notice: NoticeId,
        outcome: NoticeOutcome,
        remark: Option<&RemarkText>,
    ) -> Result<Decision, Rejection> {
        let (closed_by, rejection) = self.require_actor(ctx, CaseCommand::CloseNotice)?;
        let open = self.open_notice(notice, rejection)?;
        let closed_on = ctx.now.day();
        let until = open.published.until;
        rejection.unless(closed_on > until, Cause::NoticeRunning { until })?;
        let disputed = !open.objections.is_empty();
        let fits = disputed != (outcome == NoticeOutcome::Undisputed);
        let wrong = |pointer, invalid| Cause::Value { pointer, invalid };
        rejection.unless(fits, wrong("/outcome", Invalid::OutOfRange))?;
        rejection.unless(!disputed || remark.is_some(), wrong("/remark", Invalid::Required))?;
        let mut decision = Decision::default();
        let remark = self.optional_remark(ctx, &mut decision, remark);
        let remark = remark.map_err(|c| rejection.because(c))?;
        let closed = NoticeClosed { notice, outcome, closed_on, closed_by, remark };
        decision.record(self.id, CaseEvent::NoticeClosed(closed));
        Ok(decision)
    }

    fn open_notice(&self, notice: NoticeId, rejection: RejectionContext) -> Result<&Notice, Rejection> {
        let open = self.evidence.notice(notice).filter(|it| it.closed.is_none());
        open.ok_or(rejection.because(Cause::Settled))
    }

    /// Whether the worker and every member who counts were compared, however long ago.
    fn is_compared(&self) -> bool {
        self.household.identified_members().all(|person| {
            let answered = self.evidence.comparisons.iter().filter(|it| it.answer.is_some());
            answered.into_iter().any(|it| it.request.members.contains(&person))
        })
    }
}
