//! Relations that no source declares, as links of a diagram.

use crate::error::OrAnswer as _;
use crate::services::Services;
use contract::context::Ctx;
use contract::error::{AppError, ErrorKind};
use diagram::graph::{Graph, Link, TableNode};
use model::diagram::{DiagramQuery, Relations};
use model::id::DatabaseId;
use model::relation::verdict::Relation;
use model::relation::{End, Target};
use std::collections::{HashMap, HashSet};

impl Services {
    /// The relations that the address asks for besides the declared ones. What cannot be had
    /// becomes a note.
    pub(super) async fn undeclared(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
        notes: &mut Vec<String>,
    ) -> Result<Vec<Relation>, AppError> {
        notes.extend(query.relations.as_deref().and_then(unknown_relations));
        let asked = query.relations();
        if asked == Relations::Declared {
            return Ok(Vec::new());
        }
        let found = self.relations_drawable(ctx, id, asked == Relations::All);
        match found.await {
            // Proposals that take long, or for which the structure is missing, leave the rest.
            Err(error)
                if asked == Relations::All
                    && matches!(error.kind, ErrorKind::Unavailable | ErrorKind::Conflict) =>
            {
                notes.push(error.message);
                self.relations_drawable(ctx, id, false).await
            }
            found => found,
        }
    }

    /// Relations that somebody accepted, for files of the whole structure.
    pub(crate) async fn relations_accepted(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<Vec<Relation>, AppError> {
        let scope = store::relations::VerdictScope::Accepted;
        let verdicts = self
            .store
            .relation_verdicts(id, scope)
            .await
            .or_answer(ctx)?;
        Ok(verdicts
            .into_iter()
            .map(|verdict| verdict.relation)
            .filter(Relation::is_drawable)
            .collect())
    }
}

/// What to say of a word that is no choice of relations.
pub(super) fn unknown_relations(word: &str) -> Option<String> {
    Relations::from_word(word).is_none().then(|| {
        format!("There is no choice “{word}” of relations; there are declared, accepted and all.")
    })
}

type Places<'a> = HashMap<(&'a str, &'a str), usize>;

/// The columns that say to which of several tables a row refers, by the link to one of these.
pub(super) type Kinds = HashMap<usize, String>;

/// Adds relations to a graph, each where all of its tables and columns are.
pub(super) fn add(graph: &mut Graph, relations: &[Relation]) -> Kinds {
    let mut kinds = Kinds::new();
    if relations.is_empty() {
        return kinds;
    }
    let places: Places<'_> = graph
        .tables
        .iter()
        .enumerate()
        .map(|(place, table)| ((table.schema.as_str(), table.name.as_str()), place))
        .collect();
    let mut links = Vec::new();
    for relation in relations {
        let targets = relation.targets().iter();
        for link in targets.filter_map(|to| link(graph, &places, relation, to)) {
            if let Target::Polymorphic { type_column, .. } = &relation.to {
                kinds.insert(graph.links.len() + links.len(), type_column.clone());
            }
            links.push(link);
        }
    }
    graph.links.extend(links);
    kinds
}

fn link(graph: &Graph, places: &Places<'_>, relation: &Relation, to: &End) -> Option<Link> {
    let find = |end: &End| -> Option<(usize, Vec<u16>)> {
        let table = (end.table.schema.as_str(), end.table.name.as_str());
        let place = *places.get(&table)?;
        let node = graph.tables.get(place)?;
        let columns: Option<Vec<u16>> = end
            .columns
            .iter()
            .map(|name| {
                let at = node.columns.iter().position(|it| it.name == *name)?;
                u16::try_from(at).ok()
            })
            .collect();
        Some((place, columns?))
    };
    let ((from, from_columns), (parent, to_columns)) = (find(&relation.from)?, find(to)?);
    let child = graph.tables.get(from)?;
    Some(Link {
        from: u32::try_from(from).ok()?,
        to: u32::try_from(parent).ok()?,
        name: String::new(),
        optional: relation.optional || relation.key.type_column().is_some(),
        unique: relation.one_to_one || is_unique(child, &from_columns),
        declared: false,
        accepted_by: relation.accepted_by().map(str::to_owned),
        from_columns,
        to_columns,
    })
}

/// Whether the columns are unique together, as far as the boxes tell.
fn is_unique(table: &TableNode, columns: &[u16]) -> bool {
    let part = |at: usize| columns.iter().any(|column| usize::from(*column) == at);
    let mut keys = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.primary_key)
        .peekable();
    let is_whole_key = keys.peek().is_some() && keys.all(|(at, _)| part(at));
    let is_alone = |at: &u16| {
        let column = table.columns.get(usize::from(*at));
        column.is_some_and(|column| column.unique)
    };
    is_whole_key || columns.iter().any(is_alone)
}

/// Those of which a graph shows the table that refers and one that it refers to.
pub(super) fn shown(graph: &Graph, relations: Vec<Relation>) -> Vec<Relation> {
    let names: HashSet<(&str, &str)> = graph
        .tables
        .iter()
        .map(|table| (table.schema.as_str(), table.name.as_str()))
        .collect();
    let has = |end: &End| names.contains(&(end.table.schema.as_str(), end.table.name.as_str()));
    relations
        .into_iter()
        .filter(|relation| {
            let targets = relation.targets();
            has(&relation.from) && (targets.is_empty() || targets.iter().any(has))
        })
        .collect()
}
