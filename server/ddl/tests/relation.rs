//! Proposed relations against the foreign keys that real schemas declare.
//!
//! The corpus lies beside the repository; where it is absent, these tests say so and pass.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

#[path = "support/relation_corpus.rs"]
mod relation_corpus;

use model::relation::measure::{Score, compare, stripped};
use model::relation::{End, Hints, Options, Proposal, RelationId, propose};
use model::schema::Schema;
use relation_corpus::{CORPUS, hash, of_corpus};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Every schema of the corpus with its name, where there is a corpus.
fn schemas() -> Option<Vec<(&'static str, Schema)>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !path.is_dir() {
        println!("skipped: there is no corpus at {}", path.display());
        return None;
    }
    let mut schemas = Vec::new();
    for (name, provider, files, search_path) in CORPUS {
        let schema = of_corpus(&path, *provider, files, search_path);
        schemas.push((
            *name,
            schema.unwrap_or_else(|error| panic!("{name}: {error}")),
        ));
    }
    Some(schemas)
}

fn proposals(schema: &Schema) -> Vec<Proposal> {
    propose(schema, &Hints::default(), Options::default())
}

#[test]
fn most_proposals_are_declared_and_most_declared_keys_are_proposed() {
    let Some(schemas) = schemas() else { return };
    let mut halves = [Score::default(), Score::default()];
    for (name, truth) in &schemas {
        let proposals = proposals(&stripped(truth));
        let (all, _) = compare(truth, &proposals, &|_| true);
        println!(
            "{name}: precision {:.3}, recall {:.3}, right on declared {:.3}",
            all.precision(),
            all.recall(),
            all.right_on_declared()
        );
        if all.declared == 0 {
            continue;
        }
        assert!(all.recall() >= 0.75, "{name}: recall {:.3}", all.recall());
        assert!(all.right_on_declared() >= 0.93, "{name}");
        for (half, sum) in halves.iter_mut().enumerate() {
            let own = |end: &End| hash(&end.table.to_string()) % 2 == half;
            *sum = sum.plus(compare(truth, &proposals, &own).0);
        }
    }
    for score in [halves[0], halves[1], halves[0].plus(halves[1])] {
        assert!(score.precision() >= 0.92, "{score:?}");
        assert!(score.recall() >= 0.93, "{score:?}");
        assert!(score.right_on_declared() >= 0.97, "{score:?}");
    }
}

#[test]
fn nothing_that_is_declared_is_proposed_and_nothing_twice() {
    let Some(schemas) = schemas() else { return };
    for (name, schema) in &schemas {
        let proposals = proposals(schema);
        let (score, _) = compare(schema, &proposals, &|_| true);
        assert_eq!((score.right, score.on_declared), (0, 0), "{name}");
        let ids: BTreeSet<RelationId> = proposals.iter().map(Proposal::id).collect();
        assert_eq!(ids.len(), proposals.len(), "{name}");
    }
}

#[test]
fn what_is_declared_helps_to_find_the_rest() {
    // Every second table declares its keys; those of the others are to be found.
    let Some(schemas) = schemas() else { return };
    let (mut alone, mut helped) = (Score::default(), Score::default());
    for (_, truth) in schemas.iter().filter(|(_, schema)| declares(schema)) {
        let bare = stripped(truth);
        let mut half = bare.clone();
        for (table, known) in half.tables.iter_mut().zip(&truth.tables) {
            if hash(&table.name.to_string()).is_multiple_of(2) {
                table.foreign_keys = known.foreign_keys.clone();
            }
        }
        let rest = |end: &End| hash(&end.table.to_string()) % 2 == 1;
        alone = alone.plus(compare(truth, &proposals(&bare), &rest).0);
        let proposals = proposals(&half);
        let (score, misses) = compare(truth, &proposals, &rest);
        for it in misses.iter().filter_map(|miss| miss.proposed) {
            println!("{} {:.2} {}", it.from, it.confidence, it.reason);
        }
        helped = helped.plus(score);
    }
    println!("alone {alone:?}\nhelped {helped:?}");
    assert!(helped.right > alone.right);
    assert!(helped.precision() + 0.01 >= alone.precision());
}

fn declares(schema: &Schema) -> bool {
    schema.tables.iter().any(|it| !it.foreign_keys.is_empty())
}
