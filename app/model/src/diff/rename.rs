//! What may have been renamed: an object that went and one that came, and are nearly the same.

use super::text::name_likeness;
use super::{Aspect, Change, ColumnDiff, SchemaDiff, TableDiff};
use crate::schema::{QualifiedName, TableKind};
use serde::{Deserialize, Serialize};

/// The score from which a rename is proposed.
pub const RENAME_SCORE_MIN: u8 = 70;

/// How many tables that share a trait are looked at for one table that went.
const SHARED_MAX: usize = 32;
/// How many of a table's traits, the rarest, are looked up.
const TRAITS_MAX: usize = 8;
/// How many added columns are looked at for one that went.
const COLUMNS_MAX: usize = 200;

/// One object under two names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rename {
    /// A table, view or other relation, in another schema perhaps.
    Table {
        /// The old name.
        old: QualifiedName,
        /// The new name.
        new: QualifiedName,
    },
    /// A column.
    Column {
        /// Its table; the new name where that was renamed too.
        table: QualifiedName,
        /// The old name.
        old: String,
        /// The new name.
        new: String,
    },
}

/// A rename that a person may confirm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RenameProposal {
    /// What may have been renamed.
    pub rename: Rename,
    /// How likely, from [`RENAME_SCORE_MIN`] to 100.
    pub score: u8,
    /// Why, in words: "7 of 8 columns have the same name and type".
    pub reasons: Vec<String>,
}

impl SchemaDiff {
    /// What may have been renamed: tables first, then columns of tables that both schemas hold,
    /// the likeliest first. No object stands in two proposals. Partitions are not proposed, since
    /// they come and go by nature.
    pub fn renames(&self) -> Vec<RenameProposal> {
        let mut proposals = self.table_renames();
        let mut columns = Vec::new();
        for table in &self.tables {
            if table.change == Change::Altered {
                column_renames(table, &mut columns);
            }
        }
        columns
            .sort_by(|left, right| (right.score, &left.rename).cmp(&(left.score, &right.rename)));
        proposals.append(&mut columns);
        proposals
    }

    fn table_renames(&self) -> Vec<RenameProposal> {
        let side = |change| {
            self.tables
                .iter()
                .filter(|it| it.change == change && it.kind != TableKind::Partition)
                .map(Candidate::of)
                .collect::<Vec<Candidate<'_>>>()
        };
        let (gone, come) = (side(Change::Removed), side(Change::Added));
        let mut traits: Vec<(u64, usize)> = Vec::new();
        for (at, candidate) in come.iter().enumerate() {
            traits.extend(candidate.traits().into_iter().map(|it| (it, at)));
        }
        traits.sort_unstable();
        let mut proposals = Vec::new();
        for old in &gone {
            for at in sharing(old, &traits) {
                if let Some(proposal) = come.get(at).and_then(|new| old.proposal(new)) {
                    proposals.push(proposal);
                }
            }
        }
        one_to_one(proposals)
    }
}

/// The best of the proposals, so that nothing stands in two of them.
fn one_to_one(mut proposals: Vec<RenameProposal>) -> Vec<RenameProposal> {
    proposals.sort_by(|left, right| (right.score, &left.rename).cmp(&(left.score, &right.rename)));
    let mut used: Vec<(bool, String)> = Vec::new();
    proposals.retain(|proposal| {
        let (old, new) = match &proposal.rename {
            Rename::Table { old, new } => (old.to_string(), new.to_string()),
            Rename::Column { old, new, .. } => (old.clone(), new.clone()),
        };
        let ends = [(false, old), (true, new)];
        let places = ends.each_ref().map(|end| used.binary_search(end));
        if places.iter().any(Result::is_ok) {
            return false;
        }
        for end in ends {
            if let Err(place) = used.binary_search(&end) {
                used.insert(place, end);
            }
        }
        true
    });
    proposals
}

/// A table that went or came.
struct Candidate<'a> {
    table: &'a TableDiff,
    /// Names and types of its columns, by name.
    columns: Vec<(&'a str, &'a str)>,
}

impl<'a> Candidate<'a> {
    fn of(table: &'a TableDiff) -> Self {
        let mut columns: Vec<(&str, &str)> = table
            .columns
            .iter()
            .map(|it| {
                (
                    it.name.as_str(),
                    it.text(Aspect::DataType).unwrap_or_default(),
                )
            })
            .collect();
        columns.sort_unstable();
        Self { table, columns }
    }

    /// Numbers that tables alike have in common: one for the name, one for all columns together,
    /// one for all types together, one for each column.
    fn traits(&self) -> Vec<u64> {
        let mut all = hash(2, "");
        let mut types: Vec<&str> = self.columns.iter().map(|(_, it)| *it).collect();
        types.sort_unstable();
        let types = types.iter().fold(hash(3, ""), |so_far, it| mix(so_far, it));
        let mut traits = vec![hash(1, &self.table.name.name), types];
        for (name, data_type) in &self.columns {
            let column = mix(hash(4, name), data_type);
            all = mix(mix(all, name), data_type);
            traits.push(column);
        }
        traits.push(all);
        traits.sort_unstable();
        traits.dedup();
        traits
    }

    fn proposal(&self, new: &Self) -> Option<RenameProposal> {
        let view = |kind| matches!(kind, TableKind::View | TableKind::MaterializedView);
        if view(self.table.kind) != view(new.table.kind) || self.columns.is_empty() {
            return None;
        }
        let (mut alike, mut named) = (0, 0);
        for (name, data_type) in &self.columns {
            let Ok(at) = new.columns.binary_search_by_key(name, |(name, _)| *name) else {
                continue;
            };
            match new.columns.get(at) {
                Some((_, other)) if other == data_type => alike += 1,
                _ => named += 1,
            }
        }
        let most = self.columns.len().max(new.columns.len());
        let columns = (100 * (2 * alike + named) / (2 * most)) as u32;
        let (old_name, new_name) = (&self.table.name, &new.table.name);
        let name = name_likeness(&old_name.name, &new_name.name);
        let mut score = (columns * 4 + name) / 5;
        // The same name in another schema says as much as the columns do.
        if old_name.name == new_name.name {
            score = score.max((columns + 100) / 2);
        }
        // Two tables of an id and a name are nothing that tells them apart.
        if most <= 2 && name < 50 {
            score = score.saturating_sub(20);
        }
        if score < u32::from(RENAME_SCORE_MIN) {
            return None;
        }
        let mut reasons = Vec::new();
        reasons.push(if alike == most {
            match most {
                1 => "the only column has the same name and type".to_owned(),
                _ => [
                    "all ",
                    &most.to_string(),
                    " columns have the same names and types",
                ]
                .concat(),
            }
        } else {
            [
                &*alike.to_string(),
                " of ",
                &most.to_string(),
                " columns have the same name and type",
            ]
            .concat()
        });
        if named > 0 {
            reasons.push([&*named.to_string(), " more have the same name"].concat());
        }
        if old_name.name == new_name.name {
            reasons.push("only the schema differs".to_owned());
        } else if name >= 50 {
            reasons.push("the names are alike".to_owned());
        }
        Some(RenameProposal {
            rename: Rename::Table {
                old: old_name.clone(),
                new: new_name.clone(),
            },
            score: score.min(100) as u8,
            reasons,
        })
    }
}

/// The tables that share the rarest traits with one, each once.
fn sharing(table: &Candidate<'_>, traits: &[(u64, usize)]) -> Vec<usize> {
    let mut lists: Vec<&[(u64, usize)]> = table
        .traits()
        .into_iter()
        .map(|wanted| {
            let from = traits.partition_point(|(it, _)| *it < wanted);
            let to = traits.partition_point(|(it, _)| *it <= wanted);
            traits.get(from..to).unwrap_or_default()
        })
        .filter(|list| !list.is_empty())
        .collect();
    lists.sort_by_key(|list| list.len());
    let mut found: Vec<usize> = lists
        .into_iter()
        .take(TRAITS_MAX)
        .flat_map(|list| list.iter().take(SHARED_MAX))
        .map(|(_, at)| *at)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// FNV-1a with a first byte that tells kinds of traits apart.
fn hash(kind: u8, text: &str) -> u64 {
    let start = (0xcbf2_9ce4_8422_2325 ^ u64::from(kind)).wrapping_mul(0x0100_0000_01b3);
    mix(start, text)
}

fn mix(so_far: u64, text: &str) -> u64 {
    // The byte that no text holds keeps "a", "bc" apart from "ab", "c".
    let bytes = text.bytes().chain([0xff]);
    bytes.fold(so_far, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn column_renames(table: &TableDiff, into: &mut Vec<RenameProposal>) {
    let side = |change| table.columns.iter().filter(move |it| it.change == change);
    let mut proposals = Vec::new();
    for old in side(Change::Removed) {
        let near = side(Change::Added)
            .filter(|new| {
                new.stays_before == old.stays_before || new.place.abs_diff(old.place) <= 1
            })
            .take(COLUMNS_MAX);
        proposals.extend(near.filter_map(|new| column_proposal(table, old, new)));
    }
    into.append(&mut one_to_one(proposals));
}

fn column_proposal(
    table: &TableDiff,
    old: &ColumnDiff,
    new: &ColumnDiff,
) -> Option<RenameProposal> {
    let (old_type, new_type) = (old.text(Aspect::DataType)?, new.text(Aspect::DataType)?);
    let mut reasons = Vec::new();
    let mut score = 0;
    if old_type.is_empty() || base(old_type) != base(new_type) {
        return None;
    } else if old_type == new_type {
        score += 40;
        reasons.push(["the same type, ", new_type].concat());
    } else {
        score += 30;
        reasons.push(["the same type but for its size, ", base(new_type)].concat());
    }
    if old.stays_before == new.stays_before {
        score += 20;
        reasons.push("between the same columns".to_owned());
        score += if old.place == new.place { 5 } else { 0 };
    } else {
        score += 10;
        reasons.push("at nearly the same place".to_owned());
    }
    if old.text(Aspect::Nullability) == new.text(Aspect::Nullability) {
        score += 10;
    } else {
        reasons.push("one may be null, the other not".to_owned());
    }
    if old.text(Aspect::Default) == new.text(Aspect::Default) {
        score += 10;
    } else {
        reasons.push("another default".to_owned());
    }
    let name = name_likeness(&old.name, &new.name);
    score += name * 15 / 100;
    if name >= 50 {
        reasons.push("the names are alike".to_owned());
    }
    (score >= u32::from(RENAME_SCORE_MIN)).then(|| RenameProposal {
        rename: Rename::Column {
            table: table.name.clone(),
            old: old.name.clone(),
            new: new.name.clone(),
        },
        score: score.min(100) as u8,
        reasons,
    })
}

/// A type without its size: `character varying(20)` as `character varying`.
fn base(data_type: &str) -> &str {
    data_type
        .split_once('(')
        .map_or(data_type, |(base, _)| base.trim_end())
}
