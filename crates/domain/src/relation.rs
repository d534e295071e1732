//! Family relations 家庭关系.

use crate::codes::codes;

codes! {
    /// What a person is to the hardship worker, after GB/T 4761 《家庭关系代码》.
    Relation {
        /// The worker in person 本人.
        Worker = "self" ("Self", "本人"),
        /// Husband or wife 配偶.
        Spouse = "spouse" ("Spouse", "配偶"),
        /// Son 子.
        Son = "son" ("Son", "子"),
        /// Daughter 女.
        Daughter = "daughter" ("Daughter", "女"),
        /// Grandchild 孙子女、外孙子女.
        Grandchild = "grandchild" ("Grandchild", "孙子女、外孙子女"),
        /// Father or mother, also of the spouse 父母.
        Parent = "parent" ("Parent", "父母"),
        /// Grandparent 祖父母、外祖父母.
        Grandparent = "grandparent" ("Grandparent", "祖父母、外祖父母"),
        /// Brother or sister 兄弟姐妹.
        Sibling = "sibling" ("Brother or sister", "兄弟姐妹"),
        /// Another relation 其他.
        Other = "other" ("Other", "其他"),
    }
}
