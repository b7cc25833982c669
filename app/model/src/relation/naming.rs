//! What a column's name is made of.

use super::lexicon::{MARKERS, MARKERS_BEFORE};
use super::word;

/// A column's name, taken apart.
#[derive(Debug)]
pub(super) struct ColumnName {
    /// All words, each in its singular.
    pub(super) words: Vec<String>,
    /// The words without those that say that it is a key, `customer` of `customer_id`.
    pub(super) stem: Vec<String>,
    /// What says that it is a key: `id`.
    pub(super) marker: Option<String>,
    /// Whether the last word is a plural.
    pub(super) plural: bool,
    /// The number at the end of the stem, `1` of `tag1`, which the stem leaves out.
    pub(super) ordinal: Option<u32>,
}

impl ColumnName {
    pub(super) fn of(name: &str) -> Self {
        Self::with(name, &[])
    }

    /// Takes a name apart where the schema's keys have endings of their own.
    pub(super) fn with(name: &str, endings: &[String]) -> Self {
        let is_marker = |word: &String| MARKERS.contains(&word.as_str()) || endings.contains(word);
        let words = word::words(name);
        let mut stem = words.clone();
        let mut marker = None;
        // `customer_id_fk` has two, of which the first one says more.
        while stem.len() > 1
            && let Some(last) = stem.last()
            && is_marker(last)
        {
            marker = stem.pop();
        }
        if marker.is_none()
            && stem.len() > 1
            && let Some(first) = stem.first()
            && MARKERS_BEFORE.contains(&first.as_str())
        {
            marker = Some(stem.remove(0));
        }
        if stem.len() == 1 && stem.iter().any(is_marker) {
            marker = stem.pop();
        }
        let mut ordinal = None;
        if let Some(number) = stem.last().and_then(|last| last.parse().ok()) {
            ordinal = Some(number);
            stem.pop();
        }
        Self {
            words,
            stem,
            marker,
            plural: word::is_plural(name),
            ordinal,
        }
    }

    /// The stem as one word, the form in which tables are looked up.
    pub(super) fn stem_text(&self) -> String {
        self.stem.concat()
    }

    /// The stem without a key's ending that nothing sets apart: `customer` of `customerid`.
    pub(super) fn unmarked(&self) -> Option<String> {
        let [only] = self.stem.as_slice() else {
            return None;
        };
        ["id", "code", "no", "fk", "key", "uuid"]
            .iter()
            .find_map(|end| only.strip_suffix(end))
            .filter(|rest| self.marker.is_none() && rest.chars().count() >= 3)
            .map(word::singular)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (name, stem, marker) in [
            ("customer_id", "customer", Some("id")),
            ("customerId", "customer", Some("id")),
            ("customer_id_fk", "customer", Some("id")),
            ("customer_fk", "customer", Some("fk")),
            ("id_customer", "customer", Some("id")),
            ("country_code", "country", Some("code")),
            ("order_uuid", "order", Some("uuid")),
            ("billing_address_id", "billing address", Some("id")),
            ("customer", "customer", None),
            ("id", "", Some("id")),
            ("uuid", "", Some("uuid")),
            ("tag1", "tag", None),
            ("tag_2_id", "tag", Some("id")),
            ("id2", "", Some("id")),
        ] {
            let found = ColumnName::of(name);
            assert_eq!(found.stem.join(" "), stem, "{name}");
            assert_eq!(found.marker.as_deref(), marker, "{name}");
        }
        assert_eq!(
            ColumnName::of("customerid").unmarked().as_deref(),
            Some("customer")
        );
        assert_eq!(ColumnName::of("paid").unmarked(), None);
    }
}
