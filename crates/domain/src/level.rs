//! Levels of organizations.

use crate::codes::codes;

codes! {
    /// The level of an organization. Declared from the highest down, so a lower level compares as greater.
    OrganizationLevel {
        /// The federation of a city 市总工会.
        City = "city",
        /// A county, a district, or a unit that reports like one (市直, 开发区) 县区.
        County = "county",
        /// A street or town 街道乡镇.
        StreetTown = "street_town",
        /// A basic union 基层工会.
        BasicUnion = "basic_union",
    }
}

impl OrganizationLevel {
    /// Whether this level is lower than the other.
    pub fn is_below(self, other: Self) -> bool {
        self > other
    }
}
