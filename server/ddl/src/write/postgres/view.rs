//! Views, each after those that it reads.

use super::known::{mentions, reads};
use super::{Writer, unknown_routine};
use crate::catalog::{Catalog, ColumnRow, Relation};
use crate::cursor::Cursor;
use crate::fold;
use crate::lexer::Lexer;
use crate::postgres::select;
use crate::token::Token;
use crate::write::comment;
use model::schema::{QualifiedName, Table, TableKind};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

impl<'a> Writer<'a> {
    /// All views.
    pub(super) fn views(&mut self) {
        let views: Vec<&'a Table> = self
            .schema
            .tables
            .iter()
            .filter(|table| is_view(table))
            .collect();
        if views.is_empty() {
            return;
        }
        let catalog = self.catalog();
        let by_name = self.relations_by_name();
        let reads: Vec<Vec<&'a QualifiedName>> =
            views.iter().map(|view| read_by(view, &by_name)).collect();
        let mut waiting: HashSet<&QualifiedName> = views.iter().map(|view| &view.name).collect();
        let mut left: Vec<(&'a Table, &Vec<&'a QualifiedName>)> =
            views.iter().copied().zip(&reads).collect();
        while !left.is_empty() {
            let before = left.len();
            let mut later = Vec::new();
            for (view, reads) in left {
                if reads.iter().any(|name| waiting.contains(name)) {
                    later.push((view, reads));
                } else {
                    waiting.remove(&view.name);
                    self.view(view, reads, &by_name, &catalog);
                }
            }
            if later.len() == before {
                // They name each other; only words, perhaps. The order of the source is best.
                for (view, reads) in later {
                    self.view(view, reads, &by_name, &catalog);
                }
                return;
            }
            left = later;
        }
    }

    fn view(
        &mut self,
        view: &'a Table,
        reads: &[&'a QualifiedName],
        by_name: &HashMap<&'a str, Vec<&'a QualifiedName>>,
        catalog: &Catalog,
    ) {
        let name = self.name(&view.name);
        let Some(definition) = &view.definition else {
            let reason = format!("{name} is a view whose query is not known.");
            comment::push(&mut self.out, &reason);
            self.out.push('\n');
            self.omitted.insert(&view.name);
            return;
        };
        let definition = definition.trim().trim_end_matches(';');
        let mut tokens: Vec<Token> = Vec::new();
        let mut lexer = Lexer::new(definition);
        while let Some(token) = lexer.next_token() {
            tokens.push(token);
        }
        let recursive = view.kind == TableKind::View && reads_itself(definition, &view.name);
        let names: Vec<&str> = view
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        let list = if recursive || !self.gives(&tokens, definition, &names, view, catalog) {
            let quoted: Vec<String> = names.iter().map(|name| fold::quoted(name)).collect();
            format!(" ({})", quoted.join(", "))
        } else {
            String::new()
        };
        let kind = match (view.kind, recursive) {
            (TableKind::MaterializedView, _) => "MATERIALIZED VIEW",
            (_, true) => "RECURSIVE VIEW",
            _ => "VIEW",
        };
        let mut statement = format!("CREATE {kind} {name}{list} AS\n{definition};\n");
        let begin = self.out.len();
        let mut left = String::new();
        self.indexes(view, &name, &mut left);
        statement.push_str(&self.out.split_off(begin));
        let omitted = reads.iter().find(|name| self.omitted.contains(*name));
        let reason = match (self.routines.called_in(definition), omitted) {
            (Some(routine), _) => Some(unknown_routine(&routine)),
            (None, Some(omitted)) => {
                Some(format!("It reads {omitted}, which is not created here:"))
            }
            (None, None) if recursive => None,
            (None, None) => outside(definition, by_name)
                .map(|name| format!("It reads {name}, which is not part of this script:")),
        };
        match reason {
            None => {
                self.within(&view.name.schema);
                self.out.push_str(&statement);
            }
            Some(reason) => {
                comment::push_statement(&mut self.out, &reason, &statement);
                self.omitted.insert(&view.name);
            }
        }
        let _ = writeln!(self.out, "{left}");
    }

    /// Whether a query by itself gives columns of those names.
    fn gives(
        &self,
        tokens: &[Token],
        definition: &str,
        names: &[&str],
        view: &Table,
        catalog: &Catalog,
    ) -> bool {
        if names.is_empty() {
            return true;
        }
        let mut path = vec![view.name.schema.clone(), "public".to_owned()];
        path.extend(self.schemas.iter().map(|schema| (*schema).to_owned()));
        let found = select::infer(&Cursor::new(definition, tokens), catalog, &path, None);
        let same = found
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .eq(names.iter().copied());
        // With columns that nobody could tell, a list would name the wrong ones.
        same || (!found.complete && names.len() < found.columns.len())
    }

    /// The relations of the schema as the reader of queries knows them.
    fn catalog(&self) -> Catalog {
        let mut catalog = Catalog::default();
        for table in &self.schema.tables {
            let mut relation = Relation::new(table.name.clone(), table.kind);
            relation.columns = table
                .columns
                .iter()
                .map(|column| ColumnRow {
                    column: column.clone(),
                    data_type: None,
                    local: true,
                    parents: 0,
                })
                .collect();
            catalog.add_relation(relation);
        }
        catalog
    }

    fn relations_by_name(&self) -> HashMap<&'a str, Vec<&'a QualifiedName>> {
        let mut by_name: HashMap<&str, Vec<&QualifiedName>> = HashMap::new();
        for table in &self.schema.tables {
            by_name
                .entry(&table.name.name)
                .or_default()
                .push(&table.name);
        }
        by_name
    }
}

fn is_view(table: &Table) -> bool {
    matches!(table.kind, TableKind::View | TableKind::MaterializedView)
}

/// The relations that a view's query names, as far as names tell.
fn read_by<'a>(
    view: &Table,
    by_name: &HashMap<&'a str, Vec<&'a QualifiedName>>,
) -> Vec<&'a QualifiedName> {
    let definition = view.definition.as_deref().unwrap_or_default();
    let mut read: Vec<&QualifiedName> = Vec::new();
    for mention in mentions(definition) {
        let Some(found) = by_name.get(mention.name.as_str()) else {
            continue;
        };
        let qualified = mention
            .schema
            .as_ref()
            .and_then(|schema| found.iter().find(|name| name.schema == *schema));
        // Before a dot may stand a table too, and then this is a column.
        let own = || found.iter().find(|name| name.schema == view.name.schema);
        let public = || found.iter().find(|name| name.schema == "public");
        let chosen = match (&mention.schema, qualified) {
            (_, Some(name)) => Some(name),
            (Some(_), None) => None,
            (None, None) => own().or_else(public).or_else(|| found.first()),
        };
        if let Some(name) = chosen
            && **name != view.name
            && !read.contains(name)
        {
            read.push(name);
        }
    }
    read
}

/// A relation that a query reads and the schema does not have; those of the server are there.
fn outside(definition: &str, by_name: &HashMap<&str, Vec<&QualifiedName>>) -> Option<String> {
    reads(definition).into_iter().find_map(|mention| {
        let server = match &mention.schema {
            Some(schema) => schema == "information_schema" || schema.starts_with("pg_"),
            None => mention.name.starts_with("pg_"),
        };
        let known = by_name.get(mention.name.as_str()).is_some_and(|found| {
            mention
                .schema
                .as_ref()
                .is_none_or(|schema| found.iter().any(|name| name.schema == *schema))
        });
        (!server && !known).then_some(mention.name)
    })
}

/// Whether a query is that of a recursive view: a union that reads the view itself. What stands
/// in a WITH is named there.
fn reads_itself(definition: &str, name: &QualifiedName) -> bool {
    let words = mentions(definition);
    let union = words.iter().any(|word| word.name == "union");
    let with = words.first().is_some_and(|word| word.name == "with");
    union
        && !with
        && words.windows(2).any(|pair| match pair {
            [before, found] => {
                matches!(before.name.as_str(), "from" | "join")
                    && found.schema.is_none()
                    && found.name == name.name
            }
            _ => false,
        })
}
