//! What still blocks a step: evidence that the policy in force needs and that is missing, too old, or based on values
//! that have changed since.

use super::{Assessed, Case, CaseState, NoticeOutcome, Visit};
use crate::{
    evidence::{Begun, Blocker, BlockerCode, EvidenceKind, Gate, Path},
    hardship::HardshipCategory,
    ids::PolicyId,
    policy::PolicyDocument,
    time::Day,
};

/// The policy by which a case is decided.
#[derive(Debug, Clone, Copy)]
pub struct DecidingPolicy<'a> {
    pub id: PolicyId,
    pub document: &'a PolicyDocument,
    /// The day for which its lines hold.
    pub deciding_day: Day,
}

impl Case {
    /// What blocks the next steps. Before the review a case has no path yet, and the regular one is assumed.
    pub fn blockers_ahead(&self, policy: Option<DecidingPolicy<'_>>, today: Day) -> Vec<Blocker> {
        let (gates, path): (&[Gate], _) = match &self.state {
            CaseState::Applied | CaseState::Reopened | CaseState::Identifying | CaseState::Returned => {
                (&[Gate::Submit, Gate::Review, Gate::Approve], Path::Regular)
            }
            CaseState::UnderReview { reviewed_by: None } => (&[Gate::Review, Gate::Approve], self.path()),
            CaseState::UnderReview { reviewed_by: Some(_) } => (&[Gate::Approve], self.path()),
            CaseState::Enrolled(_) => (&[Gate::Relief], self.path()),
            CaseState::Exited { .. } | CaseState::Rejected { .. } | CaseState::Withdrawn => {
                return Vec::new();
            }
        };
        gates.iter().flat_map(|gate| self.blockers(policy, path, *gate, today)).collect()
    }

    /// What blocks a step on a path, today.
    pub fn blockers(&self, policy: Option<DecidingPolicy<'_>>, path: Path, gate: Gate, today: Day) -> Vec<Blocker> {
        let blocker = |code| Blocker { case: self.id, gate, code, begun: self.begun(code, today) };
        let Some(policy) = policy else {
            return vec![blocker(BlockerCode::NoPolicy)];
        };
        let incomplete = gate == Gate::Submit && !self.household.is_complete();
        let mut codes: Vec<BlockerCode> = incomplete.then_some(BlockerCode::HouseholdIncomplete).into_iter().collect();
        for requirement in policy.document.required(path, gate) {
            let not_before = requirement.valid_days.and_then(|days| today.plus_days(-i32::from(days)));
            codes.extend(match requirement.evidence {
                EvidenceKind::Consent => self.lacks_consent(policy),
                EvidenceKind::Visit => self.lacks_visit(policy, not_before),
                EvidenceKind::Comparison => self.lacks_comparison(not_before),
                EvidenceKind::Assessment => self.lacks_assessment(policy, not_before),
                EvidenceKind::Notice => self.lacks_notice(not_before),
            });
        }
        codes.into_iter().map(blocker).collect()
    }

    /// What was begun and has to come to its end before this blocks no longer.
    fn begun(&self, code: BlockerCode, today: Day) -> Option<Begun> {
        match code {
            BlockerCode::VisitMissing => {
                let draft = self.evidence.visits.iter().rfind(|it| !it.gaps.is_empty());
                draft.map(|it| Begun::Visit(it.visit))
            }
            BlockerCode::ComparisonMissing | BlockerCode::ComparisonExpired => {
                self.awaited_comparison(today).map(|it| Begun::Comparison(it.request.comparison))
            }
            BlockerCode::NoticeOpen => self.evidence.notices.last().map(|it| {
                let until = it.published.until;
                Begun::Notice { id: it.published.notice, until: (today <= until).then_some(until) }
            }),
            BlockerCode::NoPolicy
            | BlockerCode::HouseholdIncomplete
            | BlockerCode::ConsentMissing
            | BlockerCode::VisitExpired
            | BlockerCode::AssessmentMissing
            | BlockerCode::AssessmentStale
            | BlockerCode::AssessmentExpired
            | BlockerCode::NoticeMissing
            | BlockerCode::NoticeStale
            | BlockerCode::NoticeExpired => None,
        }
    }

    fn lacks_consent(&self, policy: DecidingPolicy<'_>) -> Option<BlockerCode> {
        let given = self
            .household
            .identified_members()
            .all(|person| policy.document.consents.iter().all(|it| self.evidence.has_consent(person, *it)));
        (!given).then_some(BlockerCode::ConsentMissing)
    }

    fn lacks_visit(&self, policy: DecidingPolicy<'_>, not_before: Option<Day>) -> Option<BlockerCode> {
        let enough = usize::from(policy.document.visit.min_visitors);
        let stands = |it: &&Visit| {
            let concerned = it.visitors.iter().any(|visitor| self.concerns(*visitor));
            it.gaps.is_empty() && it.visitors.len() >= enough && !concerned
        };
        let complete = self.evidence.visits.iter().filter(stands);
        let last = complete.filter_map(|it| it.visited_on).max();
        lacks(last, not_before, BlockerCode::VisitMissing, BlockerCode::VisitExpired)
    }

    fn lacks_comparison(&self, not_before: Option<Day>) -> Option<BlockerCode> {
        let last_of = |person| {
            let answered = self
                .evidence
                .comparisons
                .iter()
                .filter_map(|it| it.answer.as_ref().filter(|_| it.request.members.contains(&person)));
            answered.map(|it| it.compared_on).max()
        };
        let (missing, expired) = (BlockerCode::ComparisonMissing, BlockerCode::ComparisonExpired);
        let each =
            self.household.identified_members().filter_map(|id| lacks(last_of(id), not_before, missing, expired));
        each.min()
    }

    fn lacks_assessment(&self, policy: DecidingPolicy<'_>, not_before: Option<Day>) -> Option<BlockerCode> {
        let last = self.assessment();
        let day = last.map(|it| it.assessed_on);
        let (missing, expired) = (BlockerCode::AssessmentMissing, BlockerCode::AssessmentExpired);
        lacks(day, not_before, missing, expired).or_else(|| {
            let holds = |version, id| version == self.household.version && id == policy.id;
            let stale = !last.is_some_and(|it| holds(it.household_version, it.policy));
            stale.then_some(BlockerCode::AssessmentStale)
        })
    }

    fn lacks_notice(&self, not_before: Option<Day>) -> Option<BlockerCode> {
        let last = self.evidence.notices.last();
        let last = last.filter(|it| self.is_of_this_application(it.published.round));
        let Some(notice) = last else { return Some(BlockerCode::NoticeMissing) };
        let Some(closed) = &notice.closed else { return Some(BlockerCode::NoticeOpen) };
        let clear = closed.outcome != NoticeOutcome::Upheld;
        let day = clear.then_some(closed.closed_on);
        lacks(day, not_before, BlockerCode::NoticeMissing, BlockerCode::NoticeExpired).or_else(|| {
            let shown = &notice.published;
            let cause = self.household.causes.as_ref().map(|causes| causes.main);
            let same_household = cause == Some(shown.cause) && self.household.size() == shown.household_size;
            let proposed = self.proposed_category();
            // A notice published before any assessment proposed a category shows none, and makes no claim about it.
            let same_category = shown.category.is_none() || shown.category == proposed;
            (!same_household || !same_category).then_some(BlockerCode::NoticeStale)
        })
    }

    /// The last assessment of this application.
    pub(super) fn assessment(&self) -> Option<&Assessed> {
        let last = self.evidence.assessments.last();
        last.filter(|it| self.is_of_this_application(it.round))
    }

    /// The category that the last assessment of this application proposes.
    pub(super) fn proposed_category(&self) -> Option<HardshipCategory> {
        self.assessment().and_then(|it| it.category)
    }

    /// Whether evidence of that round belongs to the present application, and not to one before the case was reopened.
    pub(super) fn is_of_this_application(&self, round: u32) -> bool {
        round >= self.application_round
    }
}

fn lacks(
    last: Option<Day>,
    not_before: Option<Day>,
    missing: BlockerCode,
    expired: BlockerCode,
) -> Option<BlockerCode> {
    match (last, not_before) {
        (None, _) => Some(missing),
        (Some(day), Some(not_before)) if day < not_before => Some(expired),
        (Some(_), _) => None,
    }
}
