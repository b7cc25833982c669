//! Names that the target wants distinct where the source did not.

use crate::fold;
use model::provider::Provider;
use model::schema::Schema;
use std::collections::HashSet;

/// Names taken so far, by schema.
type Taken = HashSet<(String, String)>;

fn distinct(taken: &mut Taken, schema: &str, table: &str, name: &mut String) {
    let key = |name: &str| (schema.to_owned(), name.to_ascii_lowercase());
    if taken.insert(key(name)) {
        return;
    }
    let base = fold::compose(table, None, name);
    let mut candidate = base.clone();
    let mut number = 0;
    while !taken.insert(key(&candidate)) {
        number += 1;
        candidate = fold::compose(&base, None, &number.to_string());
    }
    *name = candidate;
}

/// Gives indexes and constraints names of their own where the target wants that.
pub(super) fn make_distinct(schema: &mut Schema, target: Provider) {
    // Indexes share their names with tables, or have them for themselves within a table.
    let indexes = matches!(
        target,
        Provider::PostgreSql | Provider::Sqlite | Provider::Oracle
    );
    let constraints = matches!(
        target,
        Provider::MySql | Provider::SqlServer | Provider::Oracle
    );
    let mut taken: Taken = Taken::new();
    let tables = schema.tables.iter().map(|table| &table.name);
    for name in tables.chain(schema.sequences.iter().map(|sequence| &sequence.name)) {
        taken.insert((name.schema.clone(), name.name.to_ascii_lowercase()));
    }
    let mut constraint_names = if target == Provider::MySql {
        Taken::new()
    } else {
        taken.clone()
    };
    for table in &mut schema.tables {
        let (place, own) = (table.name.schema.clone(), table.name.name.clone());
        let keys = table.primary_key.iter_mut().chain(&mut table.unique_keys);
        for key in keys.filter(|_| target != Provider::MySql) {
            let before = key.name.clone();
            if indexes {
                distinct(&mut taken, &place, &own, &mut key.name);
            }
            if constraints {
                distinct(&mut constraint_names, &place, &own, &mut key.name);
            }
            for index in &mut table.indexes {
                if index.constraint.is_some() && index.name == before {
                    index.name.clone_from(&key.name);
                }
            }
        }
        for index in &mut table.indexes {
            if indexes && index.constraint.is_none() {
                distinct(&mut taken, &place, &own, &mut index.name);
            }
        }
        let checks = table.checks.iter_mut().map(|check| &mut check.name);
        let keys = table.foreign_keys.iter_mut().map(|key| &mut key.name);
        if constraints {
            for name in checks.chain(keys) {
                distinct(&mut constraint_names, &place, &own, name);
            }
        } else {
            let mut within = Taken::new();
            for name in checks.chain(keys) {
                distinct(&mut within, &place, &own, name);
            }
        }
    }
}
