//! What caps limit, and the names of their counters.

use serde::{Deserialize, Serialize};

use crate::{codes::codes, ids::PersonId};

codes! {
    /// What a cap limits.
    CapScope {
        /// Living aid of a household in a year.
        LivingHouseholdYear = "living_household_year" ("Living aid per household and year", "每户每年生活救助限额"),
        /// Medical aid of a household in a year.
        MedicalHouseholdYear = "medical_household_year" ("Medical aid per household and year", "每户每年医疗救助限额"),
        /// Medical aid of a household, ever.
        MedicalHouseholdLifetime = "medical_household_lifetime" ("Medical aid per household in total", "每户累计医疗救助限额"),
        /// Education aid of a student in a year.
        EducationStudentYear = "education_student_year" ("Education aid per student and year", "每生每年助学救助限额"),
    }
}

/// Names one counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapKey {
    pub scope: CapScope,
    /// Whose: the household's worker, or the student.
    pub subject: PersonId,
    /// The year; 0 where the cap has no time limit.
    pub year: i16,
}
