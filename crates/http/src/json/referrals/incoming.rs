//! The shape of a referral as a source sends it, and how it becomes typed values.

use bangfu_app::use_cases::referrals::Receive;
use bangfu_domain::{
    identity_number::IdentityNumber,
    ids::{OrganizationId, SourceId},
    invalid::Invalid,
    name::PersonName,
    person::PartyIdentity,
    phone::Phone,
    referral::{
        ConsentGiven, Costs, Diagnosis, DiagnosisSystem, Narrative, Particulars, ReferralContact, ReferralDocuments,
        ReferralIdentity, Signer, Stay,
    },
    relation::Relation,
};

use crate::edge::{IntoCommand, Line20, Line30, Line50, Line64, PastDay, Text2000, Validation, Yuan, input};

input! {
    /// A referral as a source sends it.
    pub struct ReceiveReferral {
        /// The sender's own reference: one reference names one referral of one source.
        #[schema(example = "ZY2021-000123")]
        pub source_reference: Line64,
        /// The source. A machine client speaks for its own and may leave it out.
        pub source_id: Option<SourceId>,
        /// The organization that is to receive it; the source's default where it is missing.
        pub organization_id: Option<OrganizationId>,
        /// The patient, or the person who was found.
        pub patient: PartyBody,
        /// The hardship worker, where it is another person than the patient.
        pub worker: Option<WorkerBody>,
        /// The stay in hospital.
        pub stay: Option<StayBody>,
        /// What the stay cost. The total agrees with its parts to within one fen.
        pub costs: Option<CostsBody>,
        /// The patient's consent; from a hospital it is required.
        pub consent: Option<ConsentBody>,
        /// What else the sender wants to say.
        pub note: Option<Text2000>,
    }

    /// A person as a source names them.
    pub struct PartyBody {
        /// The name.
        #[schema(example = "张明")]
        pub name: PersonName,
        /// The identity number (GB 11643), where it is known.
        #[schema(example = "340702197506300029")]
        pub identity_number: Option<IdentityNumber>,
        /// A phone number.
        #[schema(example = "13905620000")]
        pub phone: Option<Phone>,
    }

    /// The hardship worker.
    pub struct WorkerBody {
        /// The name.
        #[schema(example = "李强")]
        pub name: PersonName,
        /// The identity number (GB 11643), where it is known.
        #[schema(example = "340705198001010011")]
        pub identity_number: Option<IdentityNumber>,
        /// A phone number.
        pub phone: Option<Phone>,
        /// What the patient is to the worker (GB/T 4761); not `self`.
        #[schema(example = "spouse")]
        pub relation: Relation,
    }

    /// A stay in hospital.
    pub struct StayBody {
        /// The inpatient number 住院号.
        pub inpatient_number: Option<Line30>,
        /// The department 科室.
        #[schema(example = "肿瘤科")]
        pub department: Option<Line50>,
        /// The day of admission.
        #[schema(example = "2021-03-01")]
        pub admitted_on: PastDay,
        /// The principal diagnosis by ICD-10.
        #[schema(example = "C34.900")]
        pub diagnosis_code: Option<Line20>,
        /// The list of the code. Given with the code.
        #[schema(example = "icd10_insurance")]
        pub diagnosis_system: Option<DiagnosisSystem>,
    }

    /// What a stay cost, and who bore it.
    pub struct CostsBody {
        /// The total 医疗费总额.
        #[schema(example = "86000.00")]
        pub total: Yuan,
        /// What the insurance funds paid 基金支付.
        #[schema(example = "52000.00")]
        pub fund: Yuan,
        /// What the person bore 个人负担.
        #[schema(example = "34000.00")]
        pub person: Yuan,
        /// What the hospital bore 医院负担.
        #[schema(example = "0.00")]
        pub hospital: Yuan,
    }

    /// A consent.
    pub struct ConsentBody {
        /// The hospital's number of the consent form.
        #[schema(example = "TY-2021-0301")]
        pub id: Line64,
        /// The day of the signature.
        #[schema(example = "2021-03-01")]
        pub day: PastDay,
        /// Who signed.
        #[schema(example = "patient")]
        pub signer: Signer,
    }
}

impl IntoCommand for ReceiveReferral {
    type Command = Receive;

    fn into_command(self, validation: &mut Validation) -> Option<Receive> {
        let PartyBody { name, identity_number, phone: patient_phone } = self.patient;
        let patient = PartyIdentity { name, identity_number };
        let (worker, worker_phone, relation) = match self.worker {
            None => (None, None, Relation::Worker),
            Some(WorkerBody { name, identity_number, phone, relation }) => {
                if relation == Relation::Worker {
                    validation.refuse("/worker/relation", Invalid::OutOfRange);
                }
                if identity_number.is_some() && identity_number == patient.identity_number {
                    validation.refuse("/worker/identity_number", Invalid::NotDistinct);
                }
                (Some(PartyIdentity { name, identity_number }), phone, relation)
            }
        };
        let (consent, consent_reference) = match self.consent {
            None => (None, None),
            Some(ConsentBody { id, day, signer }) => (Some(ConsentGiven { signed_on: day.0, signer }), Some(id)),
        };
        let contact = ReferralContact { patient_phone, worker_phone };
        let documents = ReferralDocuments {
            identity: ReferralIdentity {
                source_reference: Some(self.source_reference.clone()),
                consent_reference,
                patient: Some(patient),
                worker,
            },
            contact: Some(contact).filter(|c| *c != ReferralContact::default()),
            health: self.stay.map(|stay| stay.into_stay(validation)),
            money: self.costs.and_then(|costs| costs.into_costs(validation)),
            narrative: self.note.map(|note| Narrative { note }),
        };
        Some(Receive {
            source: self.source_id,
            organization: self.organization_id,
            reference: self.source_reference,
            particulars: Particulars { relation, consent },
            documents,
        })
    }
}

impl StayBody {
    fn into_stay(self, validation: &mut Validation) -> Stay {
        let diagnosis = match (self.diagnosis_code, self.diagnosis_system) {
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
        Stay {
            inpatient_number: self.inpatient_number,
            department: self.department,
            admitted_on: self.admitted_on.0,
            diagnosis,
        }
    }
}

impl CostsBody {
    /// `None` only if the total was refused.
    fn into_costs(self, validation: &mut Validation) -> Option<Costs> {
        validation.at("/costs/total", Costs::new(self.total.0, self.fund.0, self.person.0, self.hospital.0))
    }
}
