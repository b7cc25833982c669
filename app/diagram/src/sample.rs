//! Graphs that look like schemas, made from a seed: for tests, examples and measurements.

use crate::graph::{ColumnRow, Graph, Link, TableNode};

/// The generator mulberry32 (public domain): small, and equal everywhere.
pub struct Random(u32);

impl Random {
    /// Starts with a seed.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self(seed)
    }

    /// A number in 0..`n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x6d2b_79f5);
        let mut t = self.0;
        t = (t ^ (t >> 15)).wrapping_mul(t | 1);
        t ^= t.wrapping_add((t ^ (t >> 7)).wrapping_mul(t | 61));
        ((u64::from(t ^ (t >> 14)) * n as u64) >> 32) as usize
    }
}

/// A schema of `count` tables with 6 to 13 columns, about 1.8 links per table, hubs that attract
/// more links the more they have, and `schemas` schemas within which seven of ten links stay.
#[must_use]
pub fn sample_graph(count: usize, schemas: usize, seed: u32) -> Graph {
    const NOUNS: [&str; 16] = [
        "account",
        "order",
        "invoice",
        "customer",
        "contact",
        "employee",
        "product",
        "warehouse",
        "shipment",
        "campaign",
        "ticket",
        "category",
        "payment",
        "event",
        "journal",
        "task",
    ];
    const TAILS: [&str; 8] = [
        "", "_line", "_history", "_status", "_type", "_note", "_item", "_log",
    ];
    const COLUMNS: [(&str, &str); 10] = [
        ("name", "character varying(255)"),
        ("code", "text"),
        ("status", "order_status"),
        ("amount", "numeric(14,2)"),
        ("currency", "char(3)"),
        ("quantity", "integer"),
        ("email", "citext"),
        ("metadata", "jsonb"),
        ("created_at", "timestamp with time zone"),
        ("is_active", "boolean"),
    ];
    let pick = |list: &[&'static str], i: usize| list.get(i).copied().unwrap_or_default();
    let mut random = Random::new(seed);
    let mut graph = Graph::default();
    // Each table once, and twice more for each link to it: the rich get richer.
    let mut all: Vec<usize> = Vec::new();
    let mut own: Vec<Vec<usize>> = vec![Vec::new(); schemas.max(1)];
    let modules = ["sales", "billing", "stock", "crm", "hr", "audit"];
    for index in 0..count {
        let module = random.below(schemas.max(1));
        let mut name = String::from(pick(&NOUNS, random.below(NOUNS.len())));
        name.push_str(pick(&TAILS, random.below(TAILS.len())));
        if graph.tables.iter().any(|t| t.name == name) {
            name.push('_');
            name.push_str(&index.to_string());
        }
        let mut columns = vec![ColumnRow {
            name: "id".into(),
            data_type: "bigint".into(),
            primary_key: true,
            unique: true,
            ..ColumnRow::default()
        }];
        let want = [0, 1, 1, 1, 2, 2, 2, 3, 3, 4]
            .get(random.below(10))
            .copied()
            .unwrap_or(1);
        let mut parents: Vec<usize> = Vec::new();
        for _ in 0..want {
            let urn = own
                .get(module)
                .filter(|urn| !urn.is_empty() && random.below(10) < 7)
                .unwrap_or(&all);
            let parent = if random.below(33) == 0 {
                Some(index)
            } else {
                urn.get(random.below(urn.len())).copied()
            };
            let Some(parent) = parent else { continue };
            if parents.contains(&parent) {
                continue;
            }
            parents.push(parent);
            let nullable = random.below(10) < 4;
            let mut name = graph
                .tables
                .get(parent)
                .map_or_else(|| "parent".into(), |t| t.name.clone());
            name.push_str("_id");
            graph.links.push(Link {
                from: index as u32,
                from_columns: vec![columns.len() as u16],
                to: parent as u32,
                to_columns: vec![0],
                optional: nullable,
                unique: random.below(12) == 0,
                declared: true,
                ..Link::default()
            });
            columns.push(ColumnRow {
                name,
                data_type: "bigint".into(),
                foreign_key: true,
                nullable,
                ..ColumnRow::default()
            });
        }
        let first = random.below(COLUMNS.len());
        for i in 0..5 + random.below(5) {
            let (name, data_type) = COLUMNS
                .get((first + i) % COLUMNS.len())
                .copied()
                .unwrap_or_default();
            columns.push(ColumnRow {
                name: name.into(),
                data_type: data_type.into(),
                nullable: true,
                ..ColumnRow::default()
            });
        }
        for parent in parents {
            all.extend([parent, parent]);
            let module = graph
                .tables
                .get(parent)
                .and_then(|t| modules.iter().position(|m| *m == t.schema))
                .unwrap_or(module);
            if let Some(urn) = own.get_mut(module) {
                urn.extend([parent, parent]);
            }
        }
        all.push(index);
        if let Some(urn) = own.get_mut(module) {
            urn.push(index);
        }
        graph.tables.push(TableNode {
            id: index as i64 + 1,
            schema: pick(&modules, module % modules.len()).into(),
            name,
            column_count: columns.len() as u32,
            columns,
            row_count: Some(
                10_u64.pow(random.below(9) as u32) * (1 + random.below(90) as u64) / 10,
            ),
            ..TableNode::default()
        });
    }
    graph
}
