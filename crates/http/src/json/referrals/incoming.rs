//! The shape of a referral as a source sends it, and how it becomes typed values.

use bangfu_app::use_cases::referrals::Receive;
use bangfu_domain::{
    invalid::Invalid,
    money::Fen,
    name::PersonName,
    person::PartyIdentity,
    phone::Phone,
    referral::{
        ConsentGiven, Costs, Diagnosis, Narrative, ReferralContact, ReferralDocuments, ReferralIdentity,
        SourceReference, Stay,
    },
    relation::Relation,
    text::Text,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::edge::{OldParse, Validation};

/// A referral as a source sends it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveReferral {
    /// The sender's own reference: one reference names one referral of one source.
    #[schema(example = "ZY2021-000123", max_length = 64)]
    pub source_reference: String,
    /// The source. A machine client speaks for its own and may leave it out.
    pub source_id: Option<String>,
    /// The organization that is to receive it; the source's default where it is missing.
    pub organization_id: Option<String>,
    /// The patient, or the person who was found.
    #[validate(nested)]
    pub patient: PartyBody,
    /// The hardship worker, where it is another person than the patient.
    #[validate(nested)]
    pub worker: Option<WorkerBody>,
    /// The stay in hospital.
    #[validate(nested)]
    pub stay: Option<StayBody>,
    /// What the stay cost. The total agrees with its parts to within one fen.
    #[validate(nested)]
    pub costs: Option<CostsBody>,
    /// The patient's consent; from a hospital it is required.
    #[validate(nested)]
    pub consent: Option<ConsentBody>,
    /// What else the sender wants to say.
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// A person as a source names them.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyBody {
    /// The name.
    #[validate(length(max = 50))]
    #[schema(example = "张明", max_length = 50)]
    pub name: String,
    /// The identity number (GB 11643), where it is known.
    #[schema(example = "340702197506300029")]
    pub identity_number: Option<String>,
    /// A phone number.
    #[schema(example = "13905620000")]
    pub phone: Option<String>,
}

/// The hardship worker.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkerBody {
    /// The name.
    #[validate(length(max = 50))]
    #[schema(example = "李强", max_length = 50)]
    pub name: String,
    /// The identity number (GB 11643), where it is known.
    #[schema(example = "340705198001010011")]
    pub identity_number: Option<String>,
    /// A phone number.
    pub phone: Option<String>,
    /// What the patient is to the worker: `spouse`, `son`, `daughter`, `grandchild`, `parent`,
    /// `grandparent`, `sibling` or `other` (GB/T 4761).
    #[schema(example = "spouse")]
    pub relation: String,
}

/// A stay in hospital.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StayBody {
    /// The inpatient number 住院号.
    #[schema(max_length = 30)]
    pub inpatient_number: Option<String>,
    /// The department 科室.
    #[schema(example = "肿瘤科", max_length = 50)]
    pub department: Option<String>,
    /// The day of admission.
    #[schema(example = "2021-03-01")]
    pub admitted_on: String,
    /// The principal diagnosis by ICD-10.
    #[schema(example = "C34.900", max_length = 20)]
    pub diagnosis_code: Option<String>,
    /// The list of the code: `icd10_clinical` or `icd10_insurance`. Given with the code.
    #[schema(example = "icd10_insurance")]
    pub diagnosis_system: Option<String>,
}

/// Amounts in yuan, as decimal texts.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CostsBody {
    /// The total 医疗费总额.
    #[schema(example = "86000.00")]
    pub total: String,
    /// What the insurance funds paid 基金支付.
    #[schema(example = "52000.00")]
    pub fund: String,
    /// What the person bore 个人负担.
    #[schema(example = "34000.00")]
    pub person: String,
    /// What the hospital bore 医院负担.
    #[schema(example = "0.00")]
    pub hospital: String,
}

/// A consent.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentBody {
    /// The hospital's number of the consent form.
    #[schema(example = "TY-2021-0301", max_length = 64)]
    pub id: String,
    /// The day of the signature.
    #[schema(example = "2021-03-01")]
    pub day: String,
    /// `patient` or `guardian`.
    #[schema(example = "patient")]
    pub signer: String,
}

impl OldParse for ReceiveReferral {
    type Command = Receive;

    fn parse(self, validation: &mut Validation) -> Option<Receive> {
        let reference = validation.parse("/source_reference", &self.source_reference, SourceReference::parse);
        let source = validation.optional("/source_id", self.source_id.as_deref(), str::parse);
        let organization = validation.optional("/organization_id", self.organization_id.as_deref(), str::parse);
        let patient = parse_party(
            validation,
            "/patient",
            &self.patient.name,
            self.patient.identity_number.as_deref(),
            self.patient.phone.as_deref(),
        );
        let worker = self.worker.map(|worker| worker.parse(validation));
        let stay = self.stay.map(|stay| stay.parse(validation));
        let costs = self.costs.map(|costs| costs.parse(validation));
        let consent = self.consent.map(|consent| consent.parse(validation));
        let note = validation.optional("/note", self.note.as_deref(), Text::parse);

        let (patient, patient_phone) = patient?;
        let (worker, worker_phone, relation) = match worker {
            None => (None, None, Relation::Worker),
            Some(parsed) => {
                let ((worker, phone), relation) = parsed?;
                (Some(worker), phone, relation)
            }
        };
        if let (Some(worker), Some(number)) = (&worker, &patient.identity_number)
            && worker.identity_number.as_ref() == Some(number)
        {
            validation.refuse("/worker/identity_number", Invalid::NotDistinct);
        }
        let (consent, consent_reference) = match consent {
            None => (None, None),
            Some(parsed) => parsed.map(|(given, id)| (Some(given), Some(id)))?,
        };
        let reference = reference?;
        let contact = ReferralContact { patient_phone, worker_phone };
        let documents = ReferralDocuments {
            identity: ReferralIdentity {
                source_reference: Some(reference.clone()),
                consent_reference,
                patient: Some(patient),
                worker,
            },
            contact: Some(contact).filter(|c| *c != ReferralContact::default()),
            health: transpose(stay)?,
            money: transpose(costs)?,
            narrative: note?.map(|note| Narrative { note }),
        };
        let (source, organization) = (source?, organization?);
        Some(Receive { source, organization, reference, relation, consent, documents })
    }
}

/// `None` stays; a refusal is a refusal.
#[expect(clippy::option_option, reason = "given or not, and refused or not, are two questions")]
fn transpose<T>(given: Option<Option<T>>) -> Option<Option<T>> {
    match given {
        None => Some(None),
        Some(parsed) => parsed.map(Some),
    }
}

fn parse_party(
    validation: &mut Validation,
    at: &str,
    name: &str,
    number: Option<&str>,
    phone: Option<&str>,
) -> Option<(PartyIdentity, Option<Phone>)> {
    let name = validation.parse(&format!("{at}/name"), name, PersonName::parse);
    let number = validation.identity_number(&format!("{at}/identity_number"), number);
    let phone = validation.optional(&format!("{at}/phone"), phone, Phone::parse);
    Some((PartyIdentity { name: name?, identity_number: number? }, phone?))
}

impl WorkerBody {
    fn parse(self, validation: &mut Validation) -> Option<((PartyIdentity, Option<Phone>), Relation)> {
        let (number, phone) = (self.identity_number.as_deref(), self.phone.as_deref());
        let party = parse_party(validation, "/worker", &self.name, number, phone);
        let relation = validation.parse("/worker/relation", &self.relation, |code| {
            let relation: Relation = code.parse()?;
            if relation == Relation::Worker { Err(Invalid::OutOfRange) } else { Ok(relation) }
        });
        Some((party?, relation?))
    }
}

impl StayBody {
    fn parse(self, validation: &mut Validation) -> Option<Stay> {
        let inpatient_number =
            validation.optional("/stay/inpatient_number", self.inpatient_number.as_deref(), Text::parse);
        let department = validation.optional("/stay/department", self.department.as_deref(), Text::parse);
        let admitted_on = validation.past_day("/stay/admitted_on", &self.admitted_on);
        let code = validation.optional("/stay/diagnosis_code", self.diagnosis_code.as_deref(), Text::parse);
        let system = validation.optional("/stay/diagnosis_system", self.diagnosis_system.as_deref(), str::parse);
        let diagnosis = match (code?, system?) {
            (None, None) => None,
            (Some(code), Some(system)) => Some(Diagnosis { code, system }),
            (None, Some(_)) => {
                validation.refuse("/stay/diagnosis_code", Invalid::Required);
                None
            }
            (Some(_), None) => {
                validation.refuse("/stay/diagnosis_system", Invalid::Required);
                None
            }
        };
        Some(Stay {
            inpatient_number: inpatient_number?,
            department: department?,
            admitted_on: admitted_on?,
            diagnosis,
        })
    }
}

impl CostsBody {
    fn parse(self, validation: &mut Validation) -> Option<Costs> {
        let total = validation.parse("/costs/total", &self.total, Fen::parse_yuan);
        let fund = validation.parse("/costs/fund", &self.fund, Fen::parse_yuan);
        let person = validation.parse("/costs/person", &self.person, Fen::parse_yuan);
        let hospital = validation.parse("/costs/hospital", &self.hospital, Fen::parse_yuan);
        validation.at("/costs/total", Costs::new(total?, fund?, person?, hospital?))
    }
}

impl ConsentBody {
    fn parse(self, validation: &mut Validation) -> Option<(ConsentGiven, Text<64>)> {
        let id = validation.parse("/consent/id", &self.id, Text::parse);
        let signed_on = validation.past_day("/consent/day", &self.day);
        let signer = validation.parse("/consent/signer", &self.signer, str::parse);
        Some((ConsentGiven { signed_on: signed_on?, signer: signer? }, id?))
    }
}
