//! Levels of organizations.

use crate::codes::codes;

codes! {
    /// The level of an organization. Declared from the highest down, so a lower level compares as greater.
    OrganizationLevel {
        /// The federation of a city 市总工会.
        City = "city" ("City", "市总工会"),
        /// A county, a district, or a unit that reports like one (市直, 开发区) 县区.
        County = "county" ("County or district", "县区工会"),
        /// A street or town 街道乡镇.
        StreetTown = "street_town" ("Street or town", "街道乡镇工会"),
        /// A basic union 基层工会.
        BasicUnion = "basic_union" ("Basic union", "基层工会"),
    }
}

impl OrganizationLevel {
    /// Whether this level is lower than the other.
    pub fn is_below(self, other: Self) -> bool {
        self > other
    }
}
