//! The derived table of machine clients.

use bangfu_domain::client::Client;

use super::document_table;

document_table! {
    /// A machine client.
    ClientRow of Client in clients {
        columns {}
        indexes {}
        checks {}
    }
}
