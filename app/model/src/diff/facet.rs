//! The properties of objects as texts, so that all of them are compared by the same code.

use super::text::{same, same_option};
use super::{Alteration, Aspect, Change, ObjectKind, PartKind};
use crate::schema::{
    Check, Column, ForeignKey, Index, QualifiedName, ReferentialAction, Schema, Table,
};

/// A property's text, none where the object does not have it.
pub(super) type Facet = (Aspect, Option<String>);

/// What differs between the properties of two objects of one kind: those only one of them has
/// were added or removed.
pub(super) fn alterations(old: &[Facet], new: &[Facet]) -> Vec<Alteration> {
    let mut found = Vec::new();
    for (aspect, before) in old {
        let after = new.iter().find(|(other, _)| other == aspect);
        let after = after.and_then(|(_, text)| text.as_ref());
        // An unknown type, the empty text, is not another type.
        let unknown = *aspect == Aspect::DataType
            && [before.as_ref(), after]
                .into_iter()
                .flatten()
                .any(String::is_empty);
        let alike = match aspect {
            Aspect::Comment => before.as_ref() == after,
            _ => unknown || same_option(before.as_deref(), after.map(String::as_str)),
        };
        if !alike {
            found.push(Alteration {
                aspect: *aspect,
                before: before.clone(),
                after: after.cloned(),
            });
        }
    }
    found
}

/// All properties as those of something that was added or removed.
pub(super) fn all_of(facets: Vec<Facet>, change: Change) -> Vec<Alteration> {
    facets
        .into_iter()
        .filter(|(_, text)| text.is_some())
        .map(|(aspect, text)| match change {
            Change::Removed => Alteration {
                aspect,
                before: text,
                after: None,
            },
            _ => Alteration {
                aspect,
                before: None,
                after: text,
            },
        })
        .collect()
}

/// Whether some property differs, and whether it is more than comments.
pub(super) fn change_of(alterations: &[Alteration]) -> Option<Change> {
    if alterations.iter().any(Alteration::is_structural) {
        Some(Change::Altered)
    } else if alterations.is_empty() {
        None
    } else {
        Some(Change::Commented)
    }
}

pub(super) fn of_column(column: &Column) -> Vec<Facet> {
    let nullability = if column.nullable { "null" } else { "not null" };
    vec![
        (Aspect::DataType, Some(column.data_type.clone())),
        (Aspect::Nullability, Some(nullability.to_owned())),
        (Aspect::Default, column.default.clone()),
        (Aspect::Generated, column.generated.clone()),
        (Aspect::Identity, column.identity.clone()),
        (Aspect::Collation, column.collation.clone()),
        (Aspect::Comment, column.comment.clone()),
    ]
}

pub(super) fn of_table(table: &Table) -> Vec<Facet> {
    // Renaming sorts nothing, so that parents are sorted here.
    let mut parents: Vec<String> = table.inherits.iter().map(ToString::to_string).collect();
    parents.sort();
    let partition_of = table
        .partition_of
        .as_ref()
        .map(|it| [&*it.parent.to_string(), " ", &*it.bounds].concat());
    vec![
        (Aspect::Kind, Some(table.kind.label().to_owned())),
        (Aspect::Definition, table.definition.clone()),
        (Aspect::PartitionKey, table.partition_key.clone()),
        (Aspect::PartitionOf, partition_of),
        (
            Aspect::Inherits,
            (!parents.is_empty()).then(|| parents.join(", ")),
        ),
        (Aspect::Comment, table.comment.clone()),
    ]
}

/// A key, constraint, index or trigger as text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) kind: PartKind,
    pub(super) name: String,
    pub(super) text: String,
}

impl Part {
    pub(super) fn same_text(&self, other: &Self) -> bool {
        same(&self.text, &other.text)
    }
}

/// The parts of a table by kind and name, its triggers not among them.
pub(super) fn parts_of(table: &Table) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut push = |kind, name: &str, text| {
        parts.push(Part {
            kind,
            name: name.to_owned(),
            text,
        });
    };
    let keys = table
        .primary_key
        .iter()
        .map(|it| (PartKind::PrimaryKey, it));
    let unique = table.unique_keys.iter().map(|it| (PartKind::UniqueKey, it));
    for (kind, key) in keys.chain(unique) {
        let mut text = list(&key.columns);
        // What a key carries along is known to its index alone.
        let index = table
            .indexes
            .iter()
            .find(|it| it.constraint.is_some() && it.name == key.name);
        if let Some(index) = index {
            push_include(&mut text, index);
        }
        push(kind, &key.name, text);
    }
    for key in table.foreign_keys.iter().filter(|key| !key.inherited) {
        push(PartKind::ForeignKey, &key.name, foreign_key_text(key));
    }
    // An index behind a constraint differs with it, and is not told twice.
    for index in table.indexes.iter().filter(|it| it.constraint.is_none()) {
        push(PartKind::Index, &index.name, index_text(index));
    }
    for check in &table.checks {
        push(PartKind::Check, &check.name, check.expression.clone());
    }
    for exclusion in &table.exclusions {
        push(
            PartKind::Exclusion,
            &exclusion.name,
            exclusion.definition.clone(),
        );
    }
    parts.sort();
    parts
}

fn list(names: &[String]) -> String {
    ["(", &*names.join(", "), ")"].concat()
}

fn push_include(text: &mut String, index: &Index) {
    if !index.include.is_empty() {
        // The order of what is carried along has no meaning.
        let mut include = index.include.clone();
        include.sort();
        text.push_str(" INCLUDE ");
        text.push_str(&list(&include));
    }
}

fn foreign_key_text(key: &ForeignKey) -> String {
    let mut text = list(&key.columns);
    text.push_str(" → ");
    text.push_str(&key.target.to_string());
    text.push_str(&list(&key.target_columns));
    for (event, action) in [
        (" ON DELETE ", key.on_delete),
        (" ON UPDATE ", key.on_update),
    ] {
        if action != ReferentialAction::NoAction {
            text.push_str(event);
            text.push_str(action.as_sql());
        }
    }
    if key.deferrable {
        text.push_str(" DEFERRABLE");
    }
    text
}

fn index_text(index: &Index) -> String {
    let mut text = String::new();
    if index.unique {
        text.push_str("UNIQUE ");
    }
    text.push_str(&index.method);
    text.push(' ');
    let parts: Vec<String> = index.parts.iter().map(|part| part.text.clone()).collect();
    text.push_str(&list(&parts));
    push_include(&mut text, index);
    if let Some(predicate) = &index.predicate {
        text.push_str(" WHERE ");
        text.push_str(predicate);
    }
    text
}

/// An object beside the tables, as texts.
pub(super) struct Object {
    pub(super) kind: ObjectKind,
    pub(super) name: QualifiedName,
    pub(super) detail: String,
    pub(super) facets: Vec<Facet>,
}

impl Object {
    pub(super) fn key(&self) -> (ObjectKind, &QualifiedName, &str) {
        (self.kind, &self.name, &self.detail)
    }
}

/// The objects of a schema by kind and name. Of its triggers those that `on_table` does not know.
pub(super) fn objects_of(
    schema: &Schema,
    on_table: &dyn Fn(&QualifiedName) -> bool,
) -> Vec<Object> {
    let mut objects = Vec::new();
    let mut push = |kind, name: &QualifiedName, detail: String, facets| {
        objects.push(Object {
            kind,
            name: name.clone(),
            detail,
            facets,
        });
    };
    for it in &schema.enums {
        let facets = vec![
            (Aspect::Values, Some(it.values.join(", "))),
            (Aspect::Comment, it.comment.clone()),
        ];
        push(ObjectKind::Enum, &it.name, String::new(), facets);
    }
    for it in &schema.domains {
        let nullability = if it.nullable { "null" } else { "not null" };
        let facets = vec![
            (Aspect::DataType, Some(it.data_type.clone())),
            (Aspect::Nullability, Some(nullability.to_owned())),
            (Aspect::Default, it.default.clone()),
            (Aspect::Checks, checks_text(&it.checks)),
            (Aspect::Comment, it.comment.clone()),
        ];
        push(ObjectKind::Domain, &it.name, String::new(), facets);
    }
    for it in &schema.sequences {
        let owner = it
            .owned_by
            .as_ref()
            .map(|(table, column)| [&*table.to_string(), ".", column].concat());
        let facets = vec![(Aspect::Owner, owner)];
        push(ObjectKind::Sequence, &it.name, String::new(), facets);
    }
    for it in &schema.routines {
        push(ObjectKind::Routine, &it.name, it.arguments.clone(), vec![]);
    }
    for it in schema.triggers.iter().filter(|it| !on_table(&it.table)) {
        let name = QualifiedName::new(it.table.schema.clone(), it.name.clone());
        let facets = vec![(Aspect::Definition, Some(it.definition.clone()))];
        push(ObjectKind::Trigger, &name, it.table.name.clone(), facets);
    }
    objects.sort_by(|left, right| left.key().cmp(&right.key()));
    objects.dedup_by(|later, first| later.key() == first.key());
    objects
}

fn checks_text(checks: &[Check]) -> Option<String> {
    let mut texts: Vec<&str> = checks.iter().map(|it| it.expression.as_str()).collect();
    texts.sort_unstable();
    (!texts.is_empty()).then(|| texts.join(" AND "))
}
