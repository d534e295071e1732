//! A second door, as an operator's command line would be one: a line of words in, a line of text out. It parses and
//! renders, and knows of the use cases no more than the JSON door does.

use std::sync::Arc;

use bangfu_app::{
    Expected, Refusal, Services, UnitOfWork, UseCaseResult, WithAllowedActions,
    identity::Subject,
    use_cases::{batches, cases, reliefs},
};
use bangfu_domain::{batch::Batch, relief::Relief};
use bangfu_persistence::{Staged, WorkError};

use crate::request;

/// A user at the command line.
pub struct Operator {
    pub services: Arc<Services>,
    pub who: Subject,
}

/// The output of a use case, as one line for the command line.
trait Line {
    fn line(&self) -> String;
}

impl Line for cases::CaseDetails {
    fn line(&self) -> String {
        format!("case {} version {}", self.case.thing.value.state.code(), self.case.thing.version)
    }
}

impl Line for WithAllowedActions<Relief> {
    fn line(&self) -> String {
        format!("relief {} version {}", self.thing.value.state.code(), self.thing.version)
    }
}

impl Line for WithAllowedActions<Batch> {
    fn line(&self) -> String {
        format!("batch {} version {}", self.thing.value.state.code(), self.thing.version)
    }
}

impl Operator {
    /// Does what a line says: the use case, the id and the version on which the operator decides.
    pub async fn run(&self, line: &str) -> String {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, id, version] = words[..] else { return "say: use case, id, version".to_owned() };
        let (id, Ok(version)) = (id.to_owned(), version.parse()) else {
            return "the version is no number".to_owned();
        };
        macro_rules! run {
            (|$work:ident, $id:ident| $call:expr) => {{
                let Ok($id) = id.parse() else { return "this is no id".to_owned() };
                self.tell(version, move |$work: &mut UnitOfWork<'_, '_>| $call).await
            }};
        }
        let submit = cases::Submit { path: None, remark: None };
        let into_archive = cases::Approve { category: None, remark: None };
        let by_draft = reliefs::Approve { fund: None, remark: None };
        match name {
            "case.submit" => run!(|work, id| cases::submit(work, id, &submit)),
            "case.review" => run!(|work, id| cases::review(work, id, None)),
            "case.approve" => run!(|work, id| cases::approve(work, id, &into_archive)),
            "relief.submit" => run!(|work, id| reliefs::submit(work, id)),
            "relief.review" => run!(|work, id| reliefs::review(work, id, None)),
            "relief.approve" => run!(|work, id| reliefs::approve(work, id, &by_draft)),
            "batch.release" => run!(|work, id| batches::release(work, id)),
            "batch.send" => run!(|work, id| batches::send(work, id)),
            "batch.reconcile" => run!(|work, id| batches::reconcile(work, id)),
            unknown => format!("there is no {unknown}"),
        }
    }

    async fn tell<T: Line + Send + 'static>(
        &self,
        version: u32,
        use_case: impl Fn(&mut UnitOfWork<'_, '_>) -> UseCaseResult<(Staged, T)> + Send + 'static,
    ) -> String {
        let asked = request(self.who, Expected::OneOf(vec![version]));
        match self.services.perform(asked, use_case).await {
            Ok(output) => output.line(),
            Err(WorkError::Refused(refusal)) => told(&refusal),
            Err(WorkError::Failed(error)) => format!("the database: {error}"),
        }
    }
}

/// A refusal in this door's words.
fn told(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotFound => "refused: there is no such thing for you".to_owned(),
        Refusal::Forbidden => "refused: this is not yours to do".to_owned(),
        Refusal::VersionChanged { version } => format!("refused: read it again, at {version}"),
        Refusal::Rejected { rejection, allowed } => {
            let allowed = allowed.as_deref().unwrap_or_default().join(", ");
            format!("refused: {}; open: {allowed}", rejection.cause)
        }
        other => format!("refused: {other:?}"),
    }
}
