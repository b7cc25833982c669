//! The `show` expression of a diagram's address: which tables to draw.
//!
//! Terms are separated by commas. A term is a name (`orders`, `sales.orders`), a pattern with
//! stars (`sales.*`, `*_log`, `*` for every table) or a name between double quotes, for what holds
//! a dot, a comma or a star itself. After it may follow how far to go along references
//! (`orders+1`, `orders+all`), and in which direction only (`orders+2out` to what it references,
//! `orders+1in` to what references it); before it a minus takes tables away again. `@hubs` stands
//! for the best-connected tables, `@view` for those that the view shows by itself. Case counts only where two names differ in nothing else.
//!
//! People write these by hand, so nothing here is an error: what cannot be read, or names
//! nothing, is handed back to be shown. This module is pure; it knows neither a store nor a
//! request.

use diagram::graph::References;
use model::diagram::{HUBS, OF_VIEW, split_terms};
use model::schema::QualifiedName;
use std::collections::BTreeSet;

/// So many terms are read; what follows is handed back as unknown. An address is not a place for
/// a list of thousands of names.
const TERMS_MAX: usize = 500;

/// Which tables an expression chooses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Places in the list of names, in its order.
    pub places: BTreeSet<usize>,
    /// Places that a term with a minus takes away, whatever else names them.
    pub removed: BTreeSet<usize>,
    /// Terms, as written, that could not be read or that name nothing.
    pub unknown: Vec<String>,
}

/// The places that the terms with an `@` stand for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Words<'a> {
    /// `@hubs`: the best connected.
    pub hubs: &'a [usize],
    /// `@view`: what the view shows by itself.
    pub of_view: &'a [usize],
}

/// Chooses among `names`. `references` holds, at each name's place, the places of the tables it is
/// linked with; `words` what the terms with an `@` stand for.
pub fn select(
    text: &str,
    names: &[QualifiedName],
    references: &References,
    words: Words<'_>,
) -> Selection {
    let mut selection = Selection::default();
    let mut removed = BTreeSet::new();
    let mut adds = false;
    for (count, written) in split_terms(text).into_iter().enumerate() {
        let word = [(HUBS, words.hubs), (OF_VIEW, words.of_view)]
            .into_iter()
            .find(|(word, _)| written.eq_ignore_ascii_case(word));
        if let Some((_, places)) = word {
            adds = true;
            selection.places.extend(places);
            continue;
        }
        let term = match parse_term(&written) {
            Some(term) if count < TERMS_MAX => term,
            _ => {
                selection.unknown.push(written);
                continue;
            }
        };
        adds |= !term.removes;
        let mut places = term.matches(names);
        if places.is_empty() {
            selection.unknown.push(written);
            continue;
        }
        walk(&mut places, &term, references);
        if term.removes {
            removed.extend(places);
        } else {
            selection.places.extend(places);
        }
    }
    // `-*_log` alone says "everything but the logs".
    if !adds && !removed.is_empty() {
        selection.places.extend(0..names.len());
    }
    // Removals win wherever they stand, so that the order of terms means nothing.
    selection.places.retain(|place| !removed.contains(place));
    selection.removed = removed;
    selection
}

/// One term.
#[derive(Debug, PartialEq, Eq)]
struct Term {
    removes: bool,
    schema: Option<Part>,
    name: Part,
    /// How many references to follow.
    steps: usize,
    way: Way,
}

/// Which references are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Both,
    /// To what a table references.
    Out,
    /// To what references a table.
    In,
}

/// One half of a name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    text: String,
    quoted: bool,
}

impl Part {
    fn is_pattern(&self) -> bool {
        !self.quoted && self.text.contains('*')
    }

    fn fits_exactly(&self, name: &str) -> bool {
        if self.is_pattern() {
            glob_fits(&self.text, name)
        } else {
            self.text == name
        }
    }

    pub(crate) fn fits_in_any_case(&self, name: &str) -> bool {
        let (text, name) = (self.text.to_lowercase(), name.to_lowercase());
        if self.is_pattern() {
            glob_fits(&text, &name)
        } else {
            text == name
        }
    }
}

impl Term {
    fn matches(&self, names: &[QualifiedName]) -> BTreeSet<usize> {
        let places = |fits: fn(&Part, &str) -> bool| -> BTreeSet<usize> {
            names
                .iter()
                .enumerate()
                .filter(|(_, name)| {
                    fits(&self.name, &name.name)
                        && self
                            .schema
                            .as_ref()
                            .is_none_or(|schema| fits(schema, &name.schema))
                })
                .map(|(place, _)| place)
                .collect()
        };
        // A pattern asks for a family, of which no member should be missed over its case; a name
        // asks for one table, and `Orders` may stand beside `orders`.
        let pattern = self.name.is_pattern() || self.schema.as_ref().is_some_and(Part::is_pattern);
        if !pattern {
            let exact = places(Part::fits_exactly);
            if !exact.is_empty() {
                return exact;
            }
        }
        places(Part::fits_in_any_case)
    }
}

/// Widens `places` along the links, a ring at a time.
fn walk(places: &mut BTreeSet<usize>, term: &Term, references: &References) {
    let lists: &[&Vec<Vec<u32>>] = match term.way {
        Way::Both => &[&references.parents, &references.children],
        Way::Out => &[&references.parents],
        Way::In => &[&references.children],
    };
    let mut edge: Vec<usize> = places.iter().copied().collect();
    for _ in 0..term.steps {
        let mut next = Vec::new();
        for place in edge {
            for neighbour in lists.iter().filter_map(|list| list.get(place)).flatten() {
                if places.insert(*neighbour as usize) {
                    next.push(*neighbour as usize);
                }
            }
        }
        if next.is_empty() {
            return;
        }
        edge = next;
    }
}

/// Reads one term; none where it has not the shape of one.
fn parse_term(written: &str) -> Option<Term> {
    let (removes, rest) = match written.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, written),
    };
    let (path, (steps, way)) = split_steps(rest)?;
    let mut parts = parse_path(path)?.into_iter();
    let term = match (parts.next(), parts.next(), parts.next()) {
        (Some(name), None, None) => Term {
            removes,
            schema: None,
            name,
            steps,
            way,
        },
        (Some(schema), Some(name), None) => Term {
            removes,
            schema: Some(schema),
            name,
            steps,
            way,
        },
        _ => return None,
    };
    Some(term)
}

/// Takes `+2`, `+all`, `+1out` or a bare `+` off the end of a term.
fn split_steps(term: &str) -> Option<(&str, (usize, Way))> {
    let tail_start = term.rfind('"').map_or(0, |quote| quote + 1);
    let tail = term.get(tail_start..)?;
    if let Some(plus) = tail.rfind('+') {
        let path = term.get(..tail_start + plus)?;
        let steps = read_steps(tail.get(plus + 1..)?.trim())?;
        return Some((path.trim_end(), steps));
    }
    // A plus that somebody types into an address arrives as a space.
    if let Some((_, word)) = tail.rsplit_once(' ')
        && word.starts_with(|first: char| first.is_ascii_digit() || matches!(first, 'a' | 'A'))
        && let Some(steps) = read_steps(word)
        && let Some(path) = term.strip_suffix(word)
        && !path.trim().is_empty()
    {
        return Some((path.trim_end(), steps));
    }
    Some((term, (0, Way::Both)))
}

fn read_steps(word: &str) -> Option<(usize, Way)> {
    let lower = word.to_ascii_lowercase();
    let (number, way) = if let Some(number) = lower.strip_suffix("out") {
        (number, Way::Out)
    } else if let Some(number) = lower.strip_suffix("in") {
        (number, Way::In)
    } else {
        (lower.as_str(), Way::Both)
    };
    Some((read_number(number)?, way))
}

fn read_number(word: &str) -> Option<usize> {
    match word {
        "" => Some(1),
        _ if word.eq_ignore_ascii_case("all") => Some(usize::MAX),
        _ if word.bytes().all(|byte| byte.is_ascii_digit()) => {
            // More digits than a number holds means as far as it goes.
            Some(word.parse().unwrap_or(usize::MAX))
        }
        _ => None,
    }
}

/// Splits a name at its dots and takes quotes off.
pub(crate) fn parse_path(path: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = path;
    loop {
        let (part, after) = match rest.strip_prefix('"') {
            Some(inside) => parse_quoted(inside)?,
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                let (bare, after) = rest.split_at_checked(end)?;
                if bare.contains('"') {
                    return None;
                }
                let part = Part {
                    text: bare.to_owned(),
                    quoted: false,
                };
                (part, after)
            }
        };
        if part.text.is_empty() {
            return None;
        }
        parts.push(part);
        if after.is_empty() {
            return Some(parts);
        }
        rest = after.strip_prefix('.')?;
    }
}

/// Reads up to the closing quote; a doubled quote stands for one.
fn parse_quoted(inside: &str) -> Option<(Part, &str)> {
    let mut text = String::new();
    let mut characters = inside.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        if character != '"' {
            text.push(character);
        } else if characters.next_if(|(_, next)| *next == '"').is_some() {
            text.push('"');
        } else {
            let after = inside.get(place + 1..)?;
            return Some((Part { text, quoted: true }, after));
        }
    }
    None
}

/// Whether a pattern of stars fits a whole name. Each star takes as little as it can and gives
/// way only to the last one before, which keeps this at pattern times name.
fn glob_fits(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.find(piece) {
            Some(start) => rest = rest.get(start + piece.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// customers ← orders ← items → products; audit stands alone.
    fn shop() -> (Vec<QualifiedName>, References) {
        let names = [
            ("sales", "customers"),
            ("sales", "orders"),
            ("sales", "order_items"),
            ("stock", "products"),
            ("ops", "audit_log"),
            ("ops", "Orders"),
            ("ops", "odd, \"name\".x"),
            ("archive", "orders"),
        ]
        .map(|(schema, name)| QualifiedName::new(schema, name))
        .to_vec();
        let mut references = References {
            parents: vec![Vec::new(); names.len()],
            children: vec![Vec::new(); names.len()],
        };
        for (child, parent) in [(1_u32, 0_u32), (2, 1), (2, 3)] {
            references.parents[child as usize].push(parent);
            references.children[parent as usize].push(child);
        }
        (names, references)
    }

    const WORDS: Words<'_> = Words {
        hubs: &[4],
        of_view: &[2, 3],
    };

    fn places(text: &str) -> Vec<usize> {
        let (names, references) = shop();
        let selection = select(text, &names, &references, WORDS);
        assert_eq!(selection.unknown, [""; 0], "{text}");
        selection.places.into_iter().collect()
    }

    fn unknown(text: &str) -> Vec<String> {
        let (names, references) = shop();
        select(text, &names, &references, WORDS).unknown
    }

    #[test]
    fn names_are_found_in_every_schema_or_in_one() {
        assert_eq!(places("orders"), [1, 7]);
        assert_eq!(places("sales.orders"), [1]);
        assert_eq!(places("SALES.ORDERS"), [1]);
        assert_eq!(places("sales.orders, stock.products"), [1, 3]);
        assert_eq!(places(" sales.orders ,, "), [1]);
    }

    #[test]
    fn an_exact_name_goes_before_its_twin_of_another_case() {
        assert_eq!(places("Orders"), [5]);
        assert_eq!(places("ORDERS"), [1, 5, 7]);
    }

    #[test]
    fn stars_stand_for_anything() {
        assert_eq!(places("*"), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(places("*.*").len(), 8);
        assert_eq!(places("sales.*"), [0, 1, 2]);
        assert_eq!(places("*_log"), [4]);
        assert_eq!(places("*.orders"), [1, 5, 7]);
        assert_eq!(places("*order*"), [1, 2, 5, 7]);
        assert_eq!(places("s*.o*s"), [1, 2]);
        assert_eq!(places("AUDIT*"), [4]);
    }

    #[test]
    fn references_are_followed_in_both_directions() {
        assert_eq!(places("sales.orders+0"), [1]);
        assert_eq!(places("sales.orders+1"), [0, 1, 2]);
        assert_eq!(places("sales.orders+2"), [0, 1, 2, 3]);
        assert_eq!(places("customers+"), [0, 1]);
        assert_eq!(places("customers+all"), [0, 1, 2, 3]);
        assert_eq!(places("customers+99999999999999999999999"), [0, 1, 2, 3]);
        assert_eq!(places("audit_log+all"), [4]);
        assert_eq!(places("stock.*+1"), [2, 3]);
    }

    #[test]
    fn references_are_followed_in_one_direction_where_it_is_said() {
        assert_eq!(places("sales.orders+1out"), [0, 1]);
        assert_eq!(places("sales.orders+1in"), [1, 2]);
        assert_eq!(places("sales.orders+allIN"), [1, 2]);
        assert_eq!(places("order_items+out"), [1, 2, 3]);
        assert_eq!(places("order_items+2out"), [0, 1, 2, 3]);
        assert_eq!(places("sales.orders 1in"), [1, 2]);
        assert_eq!(unknown("come in"), ["come in"]);
        assert_eq!(unknown("orders+1up"), ["orders+1up"]);
    }

    #[test]
    fn hubs_are_a_term_like_others() {
        assert_eq!(places("@hubs"), [4]);
        assert_eq!(places("@HUBS,customers+1,-orders"), [0, 4]);
        assert_eq!(places("@view,-order_items"), [3]);
    }

    #[test]
    fn a_plus_typed_into_an_address_arrives_as_a_space() {
        assert_eq!(places("sales.orders 1"), [0, 1, 2]);
        assert_eq!(places("customers all"), [0, 1, 2, 3]);
        assert_eq!(places("\"customers\" 1"), [0, 1]);
        assert_eq!(unknown("odd name"), ["odd name"]);
    }

    #[test]
    fn a_minus_takes_away_wherever_it_stands() {
        assert_eq!(places("sales.*,-order_items"), [0, 1]);
        assert_eq!(places("-order_items,sales.*"), [0, 1]);
        assert_eq!(places("*,-ops.*,-archive.*"), [0, 1, 2, 3]);
        assert_eq!(places("-ops.*"), [0, 1, 2, 3, 7]);
        assert_eq!(places("-customers+1"), [2, 3, 4, 5, 6, 7]);
        assert_eq!(places("customers,-customers"), [0; 0]);
    }

    #[test]
    fn quotes_hold_what_would_mean_something_else() {
        assert_eq!(places("\"odd, \"\"name\"\".x\""), [6]);
        assert_eq!(places("ops.\"odd, \"\"name\"\".x\"+1"), [6]);
        assert_eq!(places("\"ops\".\"audit_log\""), [4]);
        assert_eq!(unknown("\"*\""), ["\"*\""]);
    }

    #[test]
    fn what_says_nothing_is_handed_back_as_written() {
        assert_eq!(unknown("orders, nothing , -nobody"), ["nothing", "-nobody"]);
        for text in [
            "a.b.c",
            ".orders",
            "orders.",
            "orders+x",
            "orders+-1",
            "+1",
            "-",
            "\"orders",
            "\"\"",
            "or\"ders\"",
            "\"orders\"x",
            "\"\"\"",
            "sales..orders",
        ] {
            assert_eq!(unknown(text), [text], "{text}");
        }
        // An unknown table to be removed does not mean "everything".
        let (names, references) = shop();
        assert!(
            select("-nobody", &names, &references, WORDS)
                .places
                .is_empty()
        );
        assert!(select("", &names, &references, WORDS).places.is_empty());
    }

    #[test]
    fn terms_past_the_limit_are_not_read() {
        let text = "orders,".repeat(TERMS_MAX + 3);
        assert_eq!(unknown(&text).len(), 3);
    }

    #[test]
    fn globs_fit_whole_names_only() {
        for (pattern, name, fits) in [
            ("*", "", true),
            ("a*", "a", true),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("*a*b*", "xxaxxbxx", true),
            ("*ab", "aab", true),
            ("*a*a", "a", false),
            ("é*", "éa", true),
            ("a", "ab", false),
            ("**", "anything", true),
        ] {
            assert_eq!(glob_fits(pattern, name), fits, "{pattern} {name}");
        }
    }
}
