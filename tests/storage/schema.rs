//! The tables, as both databases say they are.

use std::collections::BTreeSet;

use bangfu_persistence::{
    Guard,
    columns::{ColumnKind, Dialect, TableSpec},
    inspect::{self, SCHEMA_SOURCE},
    tables::tables,
};
use harness::{Database, on_both_databases, server::fresh};

/// The columns that are declared: of the tables that migrations make for diesel, of derived tables by the program.
fn declared(postgres: bool) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for block in SCHEMA_SOURCE.split("diesel::table! {").skip(1) {
        let body = block.split("}\n}").next().expect("a table");
        let mut table = "";
        for line in body.lines().map(str::trim) {
            if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
                table = name;
            } else if let Some((column, kind)) = line.trim_end_matches(',').split_once(" -> ") {
                let null = if kind.starts_with("Nullable<") { "YES" } else { "NO" };
                let kind = catalogue_name(kind.trim_start_matches("Nullable<").trim_end_matches('>'), postgres);
                lines.insert(format!("{table} {column} {null} {kind}"));
            }
        }
    }
    let dialect = if postgres { Dialect::Postgres } else { Dialect::Sqlite };
    for table in inspect::derived_tables() {
        for (column, kind) in table.columns {
            let kind = kind.in_dialect(dialect);
            let never_null = kind.strip_suffix(" NOT NULL");
            let null = if never_null.is_some() { "NO" } else { "YES" };
            lines.insert(format!("{} {column} {null} {}", table.name, never_null.unwrap_or(kind)));
        }
    }
    lines
}

/// What a declared type is called in a catalogue.
fn catalogue_name(kind: &str, postgres: bool) -> &'static str {
    match (kind, postgres) {
        ("Text", true) => "text",
        ("Integer", true) => "integer",
        ("SmallInt", true) => "smallint",
        ("BigInt", true) => "bigint",
        ("UuidSql", true) => "uuid",
        ("InstantSql", true) => "timestamp with time zone",
        ("DaySql", true) => "date",
        ("Binary" | "PackedSql", true) => "bytea",
        ("Text" | "DaySql", false) => "TEXT",
        ("Integer" | "SmallInt" | "BigInt" | "InstantSql", false) => "INTEGER",
        ("UuidSql" | "Binary" | "PackedSql", false) => "BLOB",
        _ => "?",
    }
}

const POSTGRES_COLUMNS: &str = "SELECT table_name || ' ' || column_name || ' ' || is_nullable || ' ' \
     || data_type AS line FROM information_schema.columns WHERE table_schema = 'public'";
const SQLITE_COLUMNS: &str = "SELECT m.name || ' ' || c.name || ' ' || \
     CASE WHEN c.\"notnull\" OR c.pk THEN 'NO' ELSE 'YES' END || ' ' || c.type AS line \
     FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";

on_both_databases! {
    fn the_declared_tables_are_those_of_the_database(database: Database) {
        let (location, _folder) = fresh(database);
        let postgres = database == Database::Postgres;
        let query = if postgres { POSTGRES_COLUMNS } else { SQLITE_COLUMNS };
        let found: BTreeSet<String> = inspect::lines(&location, query)
            .unwrap()
            .into_iter()
            .filter(|line| !line.starts_with("__diesel") && !line.starts_with("sqlite_"))
            .collect();
        assert_eq!(found, declared(postgres));
    }

    fn every_table_is_declared_as_record_derived_or_operational(database: Database) {
        let (location, _folder) = fresh(database);
        let query = if database == Database::Postgres {
            "SELECT table_name::text AS line FROM information_schema.tables WHERE table_schema = 'public'"
        } else {
            "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        };
        let found: BTreeSet<String> =
            inspect::lines(&location, query).unwrap().into_iter().collect();
        let declared: BTreeSet<String> =
            tables().iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(found, declared);
    }

    fn every_constraint_has_a_name_of_ours(database: Database) {
        let (location, _folder) = fresh(database);
        if database == Database::Postgres {
            let query = "SELECT conrelid::regclass::text || ' ' || conname::text AS line FROM pg_constraint \
                 WHERE connamespace = 'public'::regnamespace";
            for line in inspect::lines(&location, query).unwrap() {
                let (table, name) = line.split_once(' ').unwrap();
                assert!(name.starts_with(table), "{line}");
            }
        } else {
            let query = "SELECT sql AS line FROM sqlite_master WHERE type = 'table' \
                 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'";
            for sql in inspect::lines(&location, query).unwrap() {
                let named = sql.matches("CONSTRAINT ").count();
                let all = ["CHECK (", "PRIMARY KEY", "UNIQUE", "FOREIGN KEY"]
                    .iter()
                    .map(|kind| sql.matches(kind).count())
                    .sum::<usize>();
                assert_eq!(named, all, "{sql}");
            }
        }
    }

    fn every_guard_is_a_unique_index_of_the_database(database: Database) {
        let (location, _folder) = fresh(database);
        let postgres = database == Database::Postgres;
        let query = if postgres {
            "SELECT indexname::text AS line FROM pg_indexes WHERE schemaname = 'public' \
             AND indexdef LIKE 'CREATE UNIQUE %'"
        } else {
            "SELECT (SELECT group_concat(m.name || '.' || c.name, ', ') FROM pragma_index_info(i.name) c) \
             AS line FROM sqlite_master m JOIN pragma_index_list(m.name) i \
             WHERE m.type = 'table' AND i.\"unique\""
        };
        let unique: BTreeSet<String> =
            inspect::lines(&location, query).unwrap().into_iter().collect();
        for declared in Guard::DECLARED {
            let told: Vec<String> = if postgres {
                declared.constraints.iter().map(|name| (*name).to_owned()).collect()
            } else {
                vec![declared.columns.join(", ")]
            };
            assert!(told.iter().all(|it| unique.contains(it)), "{declared:?} in {unique:?}");
        }
    }

    fn a_derived_table_has_the_indexes_and_checks_that_it_declares(database: Database) {
        let (location, _folder) = fresh(database);
        let query = if database == Database::Postgres {
            "SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' UNION ALL \
             SELECT 'CONSTRAINT ' || conname || ' CHECK ' AS line FROM pg_constraint WHERE contype = 'c'"
        } else {
            "SELECT sql AS line FROM sqlite_master WHERE sql IS NOT NULL"
        };
        let found = inspect::lines(&location, query).unwrap().join("\n");
        for table in inspect::derived_tables() {
            for (index, unique, _) in table.indexes {
                let index = format!("CREATE {unique} INDEX {}_{index} ON ", table.name).replace("  ", " ");
                assert!(found.replace("  ", " ").contains(&index), "{index} in {found}");
            }
            for (check, _) in table.checks {
                let check = format!("CONSTRAINT {}_{check} CHECK ", table.name);
                assert!(found.contains(&check), "{check} in {found}");
            }
        }
    }

    fn migrations_go_up_down_and_up_again(database: Database) {
        let (location, _folder) = fresh(database);
        inspect::migrate_up(&location).unwrap();
        assert!(inspect::migrate_down(&location).unwrap() > 0);
        let query = if database == Database::Postgres {
            "SELECT table_name::text AS line FROM information_schema.tables WHERE table_schema = 'public'"
        } else {
            "SELECT name AS line FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        };
        let left = inspect::lines(&location, query).unwrap();
        assert_eq!(left, ["__diesel_schema_migrations"]);
        assert!(!inspect::migrate_up(&location).unwrap().is_empty());
        assert!(inspect::migrate_up(&location).unwrap().is_empty());
    }
}

#[test]
fn every_change_of_a_declaration_changes_its_fingerprint() {
    let of = |kind: ColumnKind, form: u32| {
        // A constant's columns are static.
        let columns = Box::leak(Box::new([("value", kind)]));
        TableSpec { name: "values", form, columns, key: &["value"], indexes: &[], checks: &[] }.fingerprint()
    };
    // Each of these pairs is one type to SQLite.
    for (one, other) in [
        (ColumnKind::SmallInt, ColumnKind::Integer),
        (ColumnKind::Integer, ColumnKind::BigInt),
        (ColumnKind::Instant, ColumnKind::BigInt),
        (ColumnKind::Day, ColumnKind::Text),
        (ColumnKind::Uuid, ColumnKind::Binary),
    ] {
        assert_ne!(of(one, 1), of(other, 1), "{one:?} {other:?}");
    }
    assert_ne!(of(ColumnKind::Text, 1), of(ColumnKind::Text, 2));
    assert_eq!(of(ColumnKind::Text, 1), of(ColumnKind::Text, 1));
}

#[test]
fn several_servers_that_migrate_at_once_migrate_once() {
    let location = bangfu_persistence::Location::parse(&harness::postgres::database_url()).unwrap();
    let migrated: Vec<usize> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| inspect::migrate_up(&location).unwrap().len())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(migrated.iter().filter(|applied| **applied > 0).count(), 1, "{migrated:?}");
}
