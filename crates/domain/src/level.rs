//! Levels of organizations.

use crate::codes::codes;

codes! {
    /// The level of an organization, from the city downwards.
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
