//! The personal values of a referral, by group.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    codes::codes,
    identity_number::IdentityNumber,
    invalid::Invalid,
    money::Fen,
    person::{Party, PartyIdentity},
    phone::Phone,
    text::{Line, Text},
    time::Day,
    vault::{Group, Term, VaultDocument},
};

/// The referrer's own reference, which names one referral of one source.
pub type SourceReference = Line<64>;

/// Who the referral is about, and the referrer's own references.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReferralIdentity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_reference: Option<SourceReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent_reference: Option<Line<64>>,
    /// The patient, or the person who was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<PartyIdentity>,
    /// The hardship worker, where it is another person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker: Option<PartyIdentity>,
}

/// The last two characters of a reference that is long enough to hide the rest.
fn mask_reference(text: &str) -> String {
    const SHOWN: usize = 2;
    const SHORTEST: usize = 6;
    let length = text.chars().count();
    let shown = if length < SHORTEST { 0 } else { SHOWN };
    let tail: String = text.chars().skip(length - shown).collect();
    format!("****{tail}")
}

impl VaultDocument for ReferralIdentity {
    const GROUP: Group = Group::Identity;

    fn masked(&self) -> Value {
        json!({
            "source_reference": self.source_reference.as_ref().map(|t| mask_reference(t.as_str())),
            "consent_reference": self.consent_reference.as_ref().map(|t| mask_reference(t.as_str())),
            "patient": self.patient.as_ref().map(VaultDocument::masked),
            "worker": self.worker.as_ref().map(VaultDocument::masked),
        })
    }

    fn terms(&self) -> Vec<Term> {
        [&self.patient, &self.worker].into_iter().flatten().flat_map(VaultDocument::terms).collect()
    }
}

/// How they can be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReferralContact {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_phone: Option<Phone>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_phone: Option<Phone>,
}

impl VaultDocument for ReferralContact {
    const GROUP: Group = Group::Contact;

    fn masked(&self) -> Value {
        json!({
            "patient_phone": self.patient_phone.as_ref().map(Phone::masked),
            "worker_phone": self.worker_phone.as_ref().map(Phone::masked),
        })
    }

    fn terms(&self) -> Vec<Term> {
        let phones = [&self.patient_phone, &self.worker_phone];
        phones.into_iter().flatten().cloned().map(Term::Phone).collect()
    }
}

codes! {
    /// The code list of a diagnosis.
    DiagnosisSystem {
        /// The clinical edition of ICD-10 疾病分类与代码国家临床版.
        Icd10Clinical = "icd10_clinical" ("ICD-10, clinical edition", "疾病分类与代码国家临床版"),
        /// The medical-insurance edition of ICD-10 医疗保障疾病诊断分类及代码.
        Icd10Insurance = "icd10_insurance" ("ICD-10, medical-insurance edition", "医保疾病诊断分类与代码"),
    }
}

/// A coded diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    /// The code, at most 20 characters.
    pub code: Line<20>,
    pub system: DiagnosisSystem,
}

/// A stay in hospital 住院.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stay {
    /// The inpatient number 住院号.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub inpatient_number: Option<Line<30>>,
    /// The department 科室.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub department: Option<Line<50>>,
    /// The day of admission 入院日期.
    pub admitted_on: Day,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub diagnosis: Option<Diagnosis>,
}

impl VaultDocument for Stay {
    const GROUP: Group = Group::Health;

    fn masked(&self) -> Value {
        json!({ "stay": "***" })
    }
}

/// The costs of a stay, and who paid them. The total agrees with its parts to within one fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    total: Fen,
    fund: Fen,
    person: Fen,
    hospital: Fen,
}

impl Costs {
    /// Takes the total 医疗费总额 and what the insurance funds 基金支付, the person 个人负担 and the
    /// hospital 医院负担 bore of it.
    pub fn new(total: Fen, fund: Fen, person: Fen, hospital: Fen) -> Result<Self, Invalid> {
        let parts = Fen::sum([fund, person, hospital]).ok_or(Invalid::OutOfRange)?;
        if parts.abs_diff(total).get() > 1 {
            return Err(Invalid::TotalMismatch);
        }
        Ok(Self { total, fund, person, hospital })
    }

    /// The total.
    pub fn total(&self) -> Fen {
        self.total
    }

    /// What the insurance funds bore.
    pub fn fund(&self) -> Fen {
        self.fund
    }

    /// What the person bore.
    pub fn person(&self) -> Fen {
        self.person
    }

    /// What the hospital bore.
    pub fn hospital(&self) -> Fen {
        self.hospital
    }
}

impl VaultDocument for Costs {
    const GROUP: Group = Group::Money;
    const AMOUNTS: &'static [&'static str] = &["/total", "/fund", "/person", "/hospital"];

    fn masked(&self) -> Value {
        json!({ "costs": "***" })
    }
}

/// Free text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Narrative {
    pub note: Text<2000>,
}

impl VaultDocument for Narrative {
    const GROUP: Group = Group::Narrative;

    fn masked(&self) -> Value {
        json!({ "note": "***" })
    }
}

/// All personal values of one referral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReferralDocuments {
    pub identity: ReferralIdentity,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<ReferralContact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<Stay>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub money: Option<Costs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<Narrative>,
}

impl ReferralDocuments {
    /// The patient as a person; `None` where the values have no patient.
    pub fn patient(&self) -> Option<Party> {
        let identity = self.identity.patient.clone()?;
        let phone = self.contact.as_ref().and_then(|c| c.patient_phone.clone());
        Some(Party { identity, phone })
    }

    /// The worker as a person, where it is another person than the patient.
    pub fn worker(&self) -> Option<Party> {
        let identity = self.identity.worker.clone()?;
        let phone = self.contact.as_ref().and_then(|c| c.worker_phone.clone());
        Some(Party { identity, phone })
    }

    /// The patient's identity number, where it is known.
    pub fn patient_number(&self) -> Option<&IdentityNumber> {
        self.identity.patient.as_ref()?.identity_number.as_ref()
    }

    /// The worker's identity number, where the worker is another person and it is known.
    pub fn worker_number(&self) -> Option<&IdentityNumber> {
        self.identity.worker.as_ref()?.identity_number.as_ref()
    }

    /// The identity numbers named, the patient's first.
    pub fn identity_numbers(&self) -> Vec<IdentityNumber> {
        [self.patient_number(), self.worker_number()].into_iter().flatten().cloned().collect()
    }

    /// The values that belong under the worker's own key when the two are separated, and those that stay with the
    /// patient.
    pub(crate) fn split(self) -> (ReferralDocuments, ReferralDocuments) {
        let worker_phone = self.contact.as_ref().and_then(|c| c.worker_phone.clone());
        let patient_phone = self.contact.as_ref().and_then(|c| c.patient_phone.clone());
        let worker = ReferralDocuments {
            identity: ReferralIdentity { worker: self.identity.worker.clone(), ..ReferralIdentity::default() },
            contact: worker_phone.map(|phone| ReferralContact { patient_phone: None, worker_phone: Some(phone) }),
            health: None,
            money: None,
            narrative: None,
        };
        let patient = ReferralDocuments {
            identity: ReferralIdentity { worker: None, ..self.identity },
            contact: patient_phone.map(|phone| ReferralContact { patient_phone: Some(phone), worker_phone: None }),
            ..self
        };
        (patient, worker)
    }
}
