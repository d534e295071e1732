//! Family relations 家庭关系.

use crate::codes::codes;

codes! {
    /// What a person is to the hardship worker, after GB/T 4761 《家庭关系代码》.
    Relation {
        /// The worker in person 本人.
        Worker = "self",
        /// Husband or wife 配偶.
        Spouse = "spouse",
        /// Son 子.
        Son = "son",
        /// Daughter 女.
        Daughter = "daughter",
        /// Grandchild 孙子女、外孙子女.
        Grandchild = "grandchild",
        /// Father or mother, also of the spouse 父母.
        Parent = "parent",
        /// Grandparent 祖父母、外祖父母.
        Grandparent = "grandparent",
        /// Brother or sister 兄弟姐妹.
        Sibling = "sibling",
        /// Another relation 其他.
        Other = "other",
    }
}
