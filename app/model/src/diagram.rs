//! What the address of a diagram asks for. The same text works on the page and, after another path,
//! for its exports, so it is read and written here alone.

use crate::address::encode;
use crate::id::DatabaseId;
use serde::{Deserialize, Serialize};

/// What a diagram shows, as its address says it. The texts are as somebody wrote them; what they
/// mean is the services' business.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DiagramQuery {
    /// Which tables: names, patterns and expressions; none for the default.
    pub show: Option<String>,
    /// How much of each table: `names`, `keys` or `all`; none for what suits the number of tables.
    pub level: Option<String>,
    /// What is said over the picture: `changes`, `findings` or `usage`; none for nothing.
    pub overlay: Option<String>,
    /// The older version for `overlay=changes`; none for the last one that was different.
    pub from: Option<u32>,
    /// The newer version for `overlay=changes`; none for the newest.
    pub to: Option<u32>,
    /// Two tables between which ways are looked for, separated by a comma.
    pub path: Option<String>,
    /// Which of the ways found is marked, from 1 on; none for the best.
    pub way: Option<u32>,
}

impl DiagramQuery {
    /// Reads the parameters of an address. Empty ones count as absent, and so do versions that are
    /// no numbers.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |key| get(key).filter(|value: &String| !value.trim().is_empty());
        let number = |key| text(key).and_then(|value| value.trim().parse().ok());
        Self {
            show: text("show"),
            level: text("level"),
            overlay: text("overlay"),
            from: number("from"),
            to: number("to"),
            path: text("path"),
            way: number("way"),
        }
    }

    /// Of which tables, and nothing else.
    pub fn showing(show: impl Into<String>) -> Self {
        Self {
            show: Some(show.into()),
            ..Self::default()
        }
    }

    /// The changes between two versions.
    pub fn changes(from: u32, to: u32) -> Self {
        Self {
            overlay: Some("changes".to_owned()),
            from: Some(from),
            to: Some(to),
            ..Self::default()
        }
    }

    /// The address of the page.
    pub fn address(&self, id: &DatabaseId) -> String {
        format!("/databases/{id}/diagram{}", self.search())
    }

    /// The address of a file of the same view: `svg`, `json`, `mmd`, `dbml`, `sql` or `md`.
    pub fn file_address(&self, id: &DatabaseId, extension: &str) -> String {
        format!("/api/databases/{id}/diagram.{extension}{}", self.search())
    }

    /// The parameters with the question mark before them; empty without any.
    pub fn search(&self) -> String {
        let numbers = [self.from, self.to, self.way].map(|it| it.map(|number| number.to_string()));
        let [from, to, way] = &numbers;
        let mut search = String::new();
        for (key, value) in [
            ("show", &self.show),
            ("level", &self.level),
            ("overlay", &self.overlay),
            ("from", from),
            ("to", to),
            ("path", &self.path),
            ("way", way),
        ] {
            if let Some(value) = value {
                search.push(if search.is_empty() { '?' } else { '&' });
                search.push_str(key);
                search.push('=');
                search.push_str(&encode(value));
            }
        }
        search
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let id = DatabaseId::from_entropy([0; 10]);
        let query = DiagramQuery {
            show: Some("orders+1,sales.*".to_owned()),
            level: Some("keys".to_owned()),
            ..DiagramQuery::changes(3, 5)
        };
        let address = query.address(&id);
        assert_eq!(
            address,
            "/databases/db_aaaaaaaaaa/diagram\
             ?show=orders%2B1,sales.*&level=keys&overlay=changes&from=3&to=5"
        );
        assert!(query.file_address(&id, "svg").starts_with(
            "/api/databases/db_aaaaaaaaaa/diagram.svg?show=orders%2B1,sales.*&level=keys&"
        ));
        let (_, search) = address.split_once('?').unwrap_or_default();
        let read = DiagramQuery::read(|key| {
            search.split('&').find_map(|pair| {
                let (name, value) = pair.split_once('=')?;
                (name == key).then(|| value.replace("%2B", "+"))
            })
        });
        assert_eq!(read, query);
    }

    #[test]
    fn nonsense_counts_as_absent() {
        let read = DiagramQuery::read(|key| match key {
            "from" => Some("three".to_owned()),
            "to" => Some("-1".to_owned()),
            "show" => Some("  ".to_owned()),
            _ => None,
        });
        assert_eq!(read, DiagramQuery::default());
        assert_eq!(read.search(), "");
    }
}
