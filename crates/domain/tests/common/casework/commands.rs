//! Every command of a case, given from the fixture.

use bangfu_domain::{
    actor::Actor,
    case::{
        AttachmentKind, Case, CompareReport, Compared, ConsentSigner, Exit, FileName, Means, MediaType, NewAttachment,
        NewHousehold, NewNotice, NewVisit, NoticeOutcome, NoticePlace, Reject, RejectReason,
    },
    content::{Content, ContentCommitment},
    decision::{Context, Decision},
    evidence::{ConsentPurpose, Path},
    hardship::AidType,
    ids::{AttachmentId, BlobId, ComparisonId, NoticeId, PersonId, VisitId},
    organization::OrganizationLevel,
    rejection::Rejection,
    vault::{KeyClass, Salt},
};
use uuid::Uuid;

use super::super::{WORKER_NUMBER, id, identity, text};

use super::{Fixture, nothing_found, words};

impl Fixture {
    /// Gives a command, and keeps what it decides.
    pub fn act(
        &mut self,
        by: Actor,
        command: impl FnOnce(&Case, &mut Context<'_>) -> Result<Decision, Rejection>,
    ) -> Result<Decision, Rejection> {
        let case = self.case();
        let decision = command(&case, &mut self.office.ctx(by))?;
        self.office.keep(&decision).unwrap();
        Ok(decision)
    }

    pub fn record_household(&mut self, by: Actor, new: &NewHousehold) -> Result<Decision, Rejection> {
        let decided = self.act(by, |case, ctx| case.record_household(ctx, new))?;
        self.household = Some(new.clone());
        Ok(decided)
    }

    /// A member signs for every purpose today.
    pub fn consent(&mut self, by: Actor, person: PersonId) -> Result<Decision, Rejection> {
        self.consent_to(by, person, ConsentPurpose::ALL)
    }

    pub fn consent_to(
        &mut self,
        by: Actor,
        person: PersonId,
        purposes: &[ConsentPurpose],
    ) -> Result<Decision, Rejection> {
        let (today, signer) = (self.today(), ConsentSigner::Member);
        self.act(by, |case, ctx| case.record_consent(ctx, person, purposes, today, signer).map(|(_, it)| it))
    }

    pub fn record_visit(&mut self, by: Actor, draft: Option<VisitId>, new: &NewVisit) -> Result<Decision, Rejection> {
        self.act(by, |case, ctx| case.record_visit(ctx, draft, new).map(|(_, it)| it))
    }

    /// Attaches a page about the household.
    pub fn add_attachment(&mut self, by: Actor) -> Result<Decision, Rejection> {
        let attachment = AttachmentId::from_uuid(Uuid::from_u128(1));
        let (content, case) = (Content { length: 4_096, sha256: [1; 32] }, self.id);
        let blob = BlobId::from_uuid(attachment.as_uuid());
        let (media_type, salt) = (MediaType::Pdf, Salt::from_bytes([2; 16]));
        let commitment =
            ContentCommitment::of(blob, case.into(), case.into(), KeyClass::Aid, media_type.code(), content, salt);
        let new = NewAttachment {
            attachment,
            kind: AttachmentKind::Minutes,
            person: None,
            media_type,
            content,
            commitment: commitment.unwrap(),
            file_name: Some(FileName::parse("minutes.pdf").unwrap()),
        };
        self.act(by, |case, ctx| case.add_attachment(ctx, &new))
    }

    pub fn request_comparison(&mut self, by: Actor) -> Result<Decision, Rejection> {
        let known = |person| Some((person, self.office.identity(person)?));
        let identities: Vec<_> = self.people().into_iter().filter_map(known).collect();
        self.act(by, |case, ctx| case.request_comparison(ctx, &identities).map(|(_, it)| it))
    }

    /// Answers the last comparison, about everybody asked.
    pub fn answer_comparison(&mut self, by: Actor) -> Result<Decision, Rejection> {
        let case = self.case();
        let asked = case.evidence.comparisons.last().map(|it| it.request.members.clone());
        self.answer_about(by, &asked.unwrap_or_default())
    }

    /// Answers the last comparison, about these people, as of today.
    pub fn answer_about(&mut self, by: Actor, people: &[PersonId]) -> Result<Decision, Rejection> {
        let compared = Compared {
            report: CompareReport { number: text("HD-2021-0001") },
            compared_on: self.today(),
            results: people.iter().map(|person| (*person, nothing_found())).collect(),
        };
        self.answer_with(by, &compared)
    }

    pub fn answer_with(&mut self, by: Actor, answer: &Compared) -> Result<Decision, Rejection> {
        let case = self.case();
        let asked = case.evidence.comparisons.last().map(|it| it.request.comparison);
        let asked = asked.unwrap_or(id(ComparisonId::from_uuid, 404));
        self.act(by, |case, ctx| case.answer_comparison(ctx, asked, answer))
    }

    /// Assesses what was last written down.
    pub fn assess(&mut self, by: Actor) -> Result<Decision, Rejection> {
        let (policy, means) = (self.policy, self.means());
        self.act(by, |case, ctx| case.assess(ctx, policy, &means).map(|(_, it)| it))
    }

    fn means(&self) -> Means {
        let members = self.household.iter().flat_map(|it| &it.members);
        Means {
            members: self.people().into_iter().zip(members.map(|it| it.money.clone())).collect(),
            household: self.household.as_ref().map(|it| it.money.clone()).unwrap_or_default(),
            division: Some("340705".parse().unwrap()),
        }
    }

    pub fn publish_notice(&mut self, by: Actor) -> Result<Decision, Rejection> {
        let policy = self.policy;
        let new = NewNotice {
            place: NoticePlace::Community,
            aid_types: vec![AidType::Medical, AidType::Living],
            worker: identity("李建国", WORKER_NUMBER).name,
            employer: None,
        };
        self.act(by, |case, ctx| case.publish_notice(ctx, policy, &new).map(|(_, it)| it))
    }

    fn last_notice(&self) -> NoticeId {
        let case = self.case();
        let last = case.evidence.notices.last().map(|it| it.published.notice);
        last.unwrap_or(id(NoticeId::from_uuid, 404))
    }

    /// Someone objects to the last notice today.
    pub fn object(&mut self, by: Actor) -> Result<Decision, Rejection> {
        let (notice, today) = (self.last_notice(), self.today());
        let objection = words("该户有两套住房");
        self.act(by, |case, ctx| case.object(ctx, notice, today, &objection).map(|(_, it)| it))
    }

    /// Closes the last notice; objections are answered in words.
    pub fn close_notice(&mut self, by: Actor, outcome: NoticeOutcome) -> Result<Decision, Rejection> {
        let notice = self.last_notice();
        let answer = (outcome != NoticeOutcome::Undisputed).then(|| words("已核实"));
        self.act(by, |case, ctx| case.close_notice(ctx, notice, outcome, answer.as_ref()))
    }

    /// Submits it; an emergency is explained.
    pub fn submit(&mut self, by: Actor, path: Path) -> Result<Decision, Rejection> {
        let explained = (path == Path::Emergency).then(|| words("急需手术"));
        let (policy, referrals) = (self.policy, self.referrals());
        self.act(by, |case, ctx| case.submit(ctx, policy, path, explained.as_ref(), &referrals))
    }

    pub fn return_for_supplement(&mut self, by: Actor) -> Result<Decision, Rejection> {
        let referrals = self.referrals();
        self.act(by, |case, ctx| case.return_for_supplement(ctx, &words("补充收入证明"), &referrals))
    }

    pub fn review(&mut self, by: Actor) -> Result<Decision, Rejection> {
        let policy = self.policy;
        self.act(by, |case, ctx| case.review(ctx, policy, None))
    }

    /// Approves what the assessment proposes, at the district.
    pub fn approve(&mut self, by: Actor) -> Result<Decision, Rejection> {
        let policy = self.policy;
        let level = OrganizationLevel::County;
        self.act(by, |case, ctx| case.approve(ctx, policy, None, None, level))
    }

    pub fn reject(&mut self, by: Actor) -> Result<Decision, Rejection> {
        let referrals = self.referrals();
        let reject = Reject { reason: RejectReason::NotEntitled, remark: words("收入超过标准") };
        let (policy, level) = (self.policy, OrganizationLevel::County);
        self.act(by, |case, ctx| case.reject(ctx, policy, &reject, level, &referrals))
    }

    pub fn withdraw(&mut self, by: Actor) -> Result<Decision, Rejection> {
        let referrals = self.referrals();
        self.act(by, |case, ctx| case.withdraw(ctx, &referrals))
    }

    pub fn exit(&mut self, by: Actor, exit: &Exit) -> Result<Decision, Rejection> {
        let (policy, referrals, reliefs) = (self.policy, self.referrals(), self.reliefs());
        let level = OrganizationLevel::County;
        self.act(by, |case, ctx| case.exit(ctx, policy, exit, level, (&referrals, &reliefs)))
    }

    pub fn reopen(&mut self, by: Actor) -> Result<Decision, Rejection> {
        let number = |person| Some((person, self.office.identity(person)?.identity_number?));
        let numbers: Vec<_> = self.case().household.identified_members().filter_map(number).collect();
        let texts: Vec<_> = numbers.iter().map(|(_, number)| number.clone()).collect();
        let held_by = self.office.held_by(&texts);
        self.act(by, |case, ctx| case.reopen(ctx, &numbers, &held_by))
    }
}
