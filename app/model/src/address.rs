//! Addresses of pages. Every link is made here, so that one place knows how names that hold
//! dots, slashes or other odd characters are written.

use crate::id::{DatabaseId, TableId, ViewId};
use crate::schema::QualifiedName;

/// Where a database's own page is.
pub fn database_address(id: &DatabaseId) -> String {
    format!("/databases/{id}")
}

/// Where jobs are listed; those of one database, or all.
pub fn jobs_address(database: Option<&DatabaseId>) -> String {
    match database {
        None => "/jobs".to_owned(),
        Some(id) => format!("/jobs?database={id}"),
    }
}

/// Where a database's diagram is; `show` as in its address, none for the default.
pub fn diagram_address(id: &DatabaseId, show: Option<&str>) -> String {
    match show {
        None => format!("/databases/{id}/diagram"),
        Some(show) => format!("/databases/{id}/diagram?show={}", encode(show)),
    }
}

/// Where the changes of a database are; without numbers those of its newest version.
pub fn changes_address(id: &DatabaseId, versions: Option<(u32, u32)>) -> String {
    match versions {
        None => format!("/databases/{id}/changes"),
        Some((from, to)) => format!("/databases/{id}/changes?from={from}&to={to}"),
    }
}

/// The page of a saved view: its settings and its history.
pub fn view_address(id: &DatabaseId, view: &ViewId) -> String {
    format!("/databases/{id}/views/{view}")
}

/// Where the findings of a database are.
pub fn findings_address(id: &DatabaseId) -> String {
    format!("/databases/{id}/findings")
}

/// Where the relations of a database are that its source does not declare.
pub fn relations_address(id: &DatabaseId) -> String {
    format!("/databases/{id}/relations")
}

/// Where the rights of a database are.
pub fn access_address(id: &DatabaseId) -> String {
    format!("/databases/{id}/access")
}

/// Where a search's page is; pages count from 1.
pub fn search_address(text: &str, page: u32) -> String {
    match page {
        0 | 1 => format!("/search?q={}", encode(text)),
        page => format!("/search?q={}&page={page}", encode(text)),
    }
}

/// Where a table's page is.
pub fn table_address(id: &DatabaseId, schema: &str, name: &str) -> String {
    format!(
        "/databases/{id}/tables/{}",
        encode(&table_segment(schema, name))
    )
}

/// Where a column stands on its table's page.
pub fn column_address(id: &DatabaseId, schema: &str, table: &str, column: &str) -> String {
    format!(
        "{}#{}",
        table_address(id, schema, table),
        encode(&column_anchor(column))
    )
}

/// Where people write about a database.
pub fn database_edit_address(id: &DatabaseId) -> String {
    format!("/databases/{id}/edit")
}

/// Where people write about a table.
pub fn table_edit_address(id: &DatabaseId, schema: &str, name: &str) -> String {
    format!("{}/edit", table_address(id, schema, name))
}

/// Where people write about a column.
pub fn column_edit_address(id: &DatabaseId, schema: &str, table: &str, column: &str) -> String {
    format!(
        "{}?column={}",
        table_edit_address(id, schema, table),
        encode(column)
    )
}

/// Where a dataset's page is.
pub fn dataset_address(id: TableId) -> String {
    format!("/datasets/{id}")
}

/// Where a dataset's column stands on its page.
pub fn dataset_column_address(id: TableId, column: &str) -> String {
    format!("{}#{}", dataset_address(id), encode(&column_anchor(column)))
}

/// Where people write about a dataset.
pub fn dataset_edit_address(id: TableId) -> String {
    format!("/datasets/{id}/edit")
}

/// Where people write about a dataset's column.
pub fn dataset_column_edit_address(id: TableId, column: &str) -> String {
    format!("{}?column={}", dataset_edit_address(id), encode(column))
}

/// The element id of a column's row on its table's page.
pub fn column_anchor(column: &str) -> String {
    format!("column-{column}")
}

/// `schema.table` with a tilde before each dot or tilde that belongs to a name.
pub fn table_segment(schema: &str, name: &str) -> String {
    let mut segment = String::with_capacity(schema.len() + name.len() + 1);
    escape_into(&mut segment, schema);
    segment.push('.');
    escape_into(&mut segment, name);
    segment
}

fn escape_into(segment: &mut String, name: &str) {
    for character in name.chars() {
        if matches!(character, '.' | '~') {
            segment.push('~');
        }
        segment.push(character);
    }
}

/// Reads what [`table_segment`] wrote, percent-decoded. None where it is not of that shape.
pub fn parse_table_segment(segment: &str) -> Option<QualifiedName> {
    let mut schema = None;
    let mut part = String::new();
    let mut characters = segment.chars();
    while let Some(character) = characters.next() {
        match character {
            '~' => part.push(characters.next()?),
            '.' if schema.is_none() => schema = Some(std::mem::take(&mut part)),
            '.' => return None,
            other => part.push(other),
        }
    }
    let schema = schema?;
    if schema.is_empty() || part.is_empty() {
        return None;
    }
    Some(QualifiedName { schema, name: part })
}

/// Percent-encodes what is not unreserved in RFC 3986; `*`, `,` and `:` stay too, so that an
/// expression in an address can be read.
pub fn encode(text: &str) -> String {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-_.~*,:".contains(&byte);
        if plain {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for nibble in [byte >> 4, byte & 15] {
                encoded.extend(HEX.get(usize::from(nibble)));
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_come_back_from_their_segment() {
        for (schema, name) in [
            ("public", "orders"),
            ("a.b", "c"),
            ("a", ".b"),
            ("a.", "b"),
            ("~", "~.~"),
            ("s", "x/y?#"),
        ] {
            let segment = table_segment(schema, name);
            assert_eq!(
                parse_table_segment(&segment),
                Some(QualifiedName::new(schema, name))
            );
        }
        assert_eq!(table_segment("public", "orders"), "public.orders");
    }

    #[test]
    fn what_is_no_segment_is_refused() {
        for segment in ["", "orders", ".orders", "public.", "a.b.c", "a.b~"] {
            assert_eq!(parse_table_segment(segment), None, "{segment:?}");
        }
    }

    #[test]
    fn addresses_hold_only_what_may_stand_in_one() {
        let id = DatabaseId::from_entropy([0; 10]);
        assert_eq!(
            table_address(&id, "públic", "a b/c"),
            "/databases/db_aaaaaaaaaa/tables/p%C3%BAblic.a%20b%2Fc"
        );
        assert_eq!(
            diagram_address(&id, Some("orders+1")),
            "/databases/db_aaaaaaaaaa/diagram?show=orders%2B1"
        );
    }
}
