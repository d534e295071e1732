//! What the journal tells of a case, worked out without the code that decides.

use std::collections::{BTreeMap, BTreeSet};

use bangfu_domain::{
    aggregate::Aggregate,
    case::{Assessed, Case, CaseEvent, NoticeOutcome},
    duty::Duty,
    event::Event,
    evidence::{ConsentPurpose, EvidenceKind},
    ids::PersonId,
    policy::PolicyDocument,
    time::Day,
};

use super::casework::Fixture;

/// The case as its journal tells it.
#[derive(Default)]
pub struct CaseHistory {
    pub events: Vec<CaseEvent>,
    pub case: Option<Case>,
}

impl CaseHistory {
    /// Reads what was written since, in the form in which the journal has it.
    pub fn read_on(&mut self, fixture: &Fixture) {
        let of_case = fixture.office.journal.iter().filter(|(stream, _)| *stream == fixture.id.into());
        for (_, written) in of_case.skip(self.events.len()) {
            let (form, payload) = (written.event_type(), written.payload().unwrap());
            let read = Event::parse(form.name, form.version, &payload).unwrap();
            let Event::Case(event) = read else { panic!("{read:?} in the stream of a case") };
            let version = u32::try_from(self.events.len()).unwrap() + 1;
            self.case = Some(Case::evolve(self.case.take(), version, &event).unwrap());
            self.events.push(event);
        }
    }
}

/// Whose matter it is, by the last record of the household.
pub fn concerned(events: &[CaseEvent]) -> BTreeSet<PersonId> {
    let last = events.iter().rev().find_map(|event| match event {
        CaseEvent::Opened(e) => Some(e.members.iter().map(|it| it.person).collect()),
        CaseEvent::HouseholdRecorded(e) => {
            let members = e.members.iter().map(|it| it.person);
            Some(members.chain(e.related_staff.iter().copied()).collect())
        }
        _ => None,
    });
    last.unwrap()
}

/// The duties in each round, by what people did.
pub fn duties(events: &[CaseEvent]) -> BTreeMap<u32, BTreeSet<(PersonId, Duty)>> {
    use Duty::{Approve, Register, Review};
    let mut all: BTreeMap<u32, BTreeSet<_>> = BTreeMap::new();
    for event in events {
        let (round, people, duty) = match event {
            CaseEvent::Opened(e) => (1, vec![e.registered_by], Register),
            CaseEvent::Submitted(e) => (e.round, vec![e.submitted_by], Register),
            CaseEvent::Returned(e) => (e.round, e.registered_by.clone(), Register),
            CaseEvent::Reviewed(e) => (e.round, vec![e.reviewed_by], Review),
            CaseEvent::Approved(e) => (e.round, vec![e.approved_by], Approve),
            CaseEvent::Rejected(e) => (e.round, vec![e.rejected_by], Approve),
            CaseEvent::Reopened(e) => (e.round, vec![e.reopened_by], Register),
            _ => continue,
        };
        all.entry(round).or_default().extend(people.into_iter().map(|person| (person, duty)));
    }
    all
}

/// The evidence as the journal tells it.
pub struct Papers<'a> {
    pub events: &'a [CaseEvent],
    pub policy: &'a PolicyDocument,
}

impl Papers<'_> {
    /// Whether the evidence is there, and from `since` on where it does not hold for good.
    pub fn have(&self, kind: EvidenceKind, since: Option<Day>) -> bool {
        let fresh = |day: Day| since.is_none_or(|since| day >= since);
        match kind {
            EvidenceKind::Consent => {
                let mut needed = self.policy.consents.iter();
                needed.all(|purpose| self.counted().iter().all(|it| self.signed(*it, *purpose)))
            }
            EvidenceKind::Visit => self.visits().into_iter().any(fresh),
            EvidenceKind::Comparison => {
                let mut counted = self.counted().into_iter();
                counted.all(|person| self.compared(person).into_iter().any(fresh))
            }
            EvidenceKind::Assessment => {
                let last = self.assessment();
                last.is_some_and(|it| fresh(it.assessed_on))
            }
            EvidenceKind::Notice => self.notice().is_some_and(fresh),
        }
    }

    fn counted(&self) -> Vec<PersonId> {
        let last = self.events.iter().rev().find_map(|event| match event {
            CaseEvent::HouseholdRecorded(e) => Some(e.members.clone()),
            _ => None,
        });
        let members = last.unwrap_or_default().into_iter();
        members.filter(|it| it.counted).map(|it| it.person).collect()
    }

    fn signed(&self, person: PersonId, purpose: ConsentPurpose) -> bool {
        self.events.iter().any(|event| match event {
            CaseEvent::ConsentRecorded(e) => e.person == person && e.purposes.contains(&purpose),
            _ => false,
        })
    }

    /// The days of the complete visits. Each is written down for the last time once it is complete.
    fn visits(&self) -> Vec<Day> {
        let enough = usize::from(self.policy.visit.min_visitors);
        let day = |event: &CaseEvent| match event {
            CaseEvent::VisitRecorded(e) if e.gaps.is_empty() && e.visitors.len() >= enough => e.visited_on,
            _ => None,
        };
        self.events.iter().filter_map(day).collect()
    }

    fn compared(&self, person: PersonId) -> Vec<Day> {
        let asked = |comparison| {
            self.events.iter().any(|event| match event {
                CaseEvent::ComparisonRequested(e) => e.comparison == comparison && e.members.contains(&person),
                _ => false,
            })
        };
        let day = |event: &CaseEvent| match event {
            CaseEvent::ComparisonAnswered(e) if asked(e.comparison) => Some(e.compared_on),
            _ => None,
        };
        self.events.iter().filter_map(day).collect()
    }

    /// What happened since the day of the application.
    fn of_this_application(&self) -> impl DoubleEndedIterator<Item = &CaseEvent> {
        let applied_on = self.events.iter().rev().find_map(|event| match event {
            CaseEvent::Opened(e) => Some(e.applied_on),
            CaseEvent::Reopened(e) => Some(e.applied_on),
            _ => None,
        });
        let applied_on = applied_on.unwrap();
        self.events.iter().filter(move |event| match event {
            CaseEvent::Assessed(e) => e.assessed_on >= applied_on,
            CaseEvent::NoticePublished(e) => e.published_on >= applied_on,
            _ => true,
        })
    }

    /// The last assessment, if nothing of the household was written down after it.
    fn assessment(&self) -> Option<&Assessed> {
        let last = self.of_this_application().rev().find_map(|event| match event {
            CaseEvent::Assessed(e) => Some(Some(e)),
            CaseEvent::HouseholdRecorded(_) => Some(None),
            _ => None,
        });
        last.flatten()
    }

    /// The day on which the last notice was closed, unless an objection held.
    fn notice(&self) -> Option<Day> {
        let last = self.of_this_application().rev().find_map(|event| match event {
            CaseEvent::NoticePublished(e) => Some(e),
            _ => None,
        })?;
        self.events.iter().find_map(|event| match event {
            CaseEvent::NoticeClosed(e) if e.notice == last.notice => {
                assert!(e.closed_on > last.until, "it hung to its end");
                (e.outcome != NoticeOutcome::Upheld).then_some(e.closed_on)
            }
            _ => None,
        })
    }
}
