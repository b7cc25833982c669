//! Names that the server would make up.

use super::{Catalog, RelationId};
use crate::fold;
use model::schema::QualifiedName;

impl Catalog {
    fn first_free(
        &mut self,
        schema: &str,
        first: &str,
        second: Option<&str>,
        label: &str,
        taken: impl Fn(&Self, &QualifiedName) -> bool,
    ) -> String {
        let plain = QualifiedName::new(schema, fold::compose(first, second, label));
        if !taken(self, &plain) {
            return plain.name;
        }
        // A thousand unnamed checks on one table must not cost a million look-ups. The numbers
        // below the remembered one may be free again after a DROP; a script that does that gets
        // a later number than the server would give.
        let mut number = self.numbered.get(&plain).copied().unwrap_or(0);
        loop {
            number += 1;
            let numbered = fold::compose(first, second, &format!("{label}{number}"));
            let candidate = QualifiedName::new(schema, numbered);
            if !taken(self, &candidate) {
                self.numbered.insert(plain, number.saturating_sub(1));
                return candidate.name;
            }
        }
    }

    /// A name for a new index or sequence; for an index behind a constraint, free among the
    /// constraints too.
    pub(crate) fn relation_name(
        &mut self,
        schema: &str,
        first: &str,
        second: Option<&str>,
        label: &str,
        constraint: bool,
    ) -> String {
        self.first_free(schema, first, second, label, |catalog, name| {
            catalog.names.contains_key(name)
                || (constraint && catalog.constraints.contains_key(name))
        })
    }

    /// A name for a new check or foreign key.
    pub(crate) fn constraint_name(
        &mut self,
        id: RelationId,
        second: Option<&str>,
        label: &str,
    ) -> String {
        let Some(name) = self.relation(id).map(|relation| relation.name.clone()) else {
            return label.to_owned();
        };
        self.first_free(&name.schema, &name.name, second, label, |catalog, name| {
            catalog.constraints.contains_key(name)
        })
    }
}

/// Labels for the parts of an index's generated name: a repeated one gets a number.
pub(crate) fn distinct_labels(labels: &[String]) -> Vec<String> {
    let mut result: Vec<String> = Vec::with_capacity(labels.len());
    for label in labels {
        let mut candidate = label.clone();
        let mut number = 0;
        while result.contains(&candidate) {
            number += 1;
            let digits = number.to_string();
            let kept = fold::clip(label, fold::NAME_LENGTH.saturating_sub(digits.len()));
            candidate = format!("{kept}{digits}");
        }
        result.push(candidate);
    }
    result
}
