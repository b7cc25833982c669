//! What queries use: the columns that their texts name, and those by which they join tables.
//!
//! A text is read as far as it takes to know which table a name belongs to: tables and aliases after
//! `FROM`, `JOIN`, `INTO` and `UPDATE`, each for the parentheses around it. What cannot be told (a
//! column that several tables have, `*`, the columns of a query within the query) counts for nothing:
//! a count that is too low misleads less than one for another column.

mod sources;

use crate::standard::lexer::{Lexer, Rules};
use crate::token::{Kind, Token};
use sources::sources;
use std::collections::{BTreeSet, HashMap};

/// What people write into any dialect's queries, so that one reader does for all.
const RULES: Rules = Rules {
    brackets: None,
    backticks: true,
    nested: true,
    delimited: false,
    word_bytes: b"",
};
/// So many tokens of a text are read.
const TOKENS_MAX: usize = 20_000;
/// Words that are never the name of a column unless quoted.
const RESERVED: [&str; 34] = [
    "all",
    "and",
    "any",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "cross",
    "desc",
    "distinct",
    "else",
    "end",
    "except",
    "exists",
    "false",
    "from",
    "group",
    "having",
    "in",
    "intersect",
    "into",
    "is",
    "join",
    "like",
    "limit",
    "not",
    "null",
    "on",
    "or",
    "order",
    "select",
    "true",
    "where",
];

/// A column: its table and its place in it, by index.
pub type ColumnPlace = (usize, u16);

/// The tables and columns that names in queries may mean.
#[derive(Debug, Default)]
pub struct Names {
    /// Tables by `schema.table`, in lower case.
    qualified: HashMap<(String, String), usize>,
    /// Tables by name alone; none where several are called so.
    plain: HashMap<String, Option<usize>>,
    columns: Vec<HashMap<String, u16>>,
}

/// What a query uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used {
    /// The columns that it names.
    pub columns: BTreeSet<ColumnPlace>,
    /// Columns that it wants to be equal, the lower one first.
    pub joins: BTreeSet<(ColumnPlace, ColumnPlace)>,
}

impl Names {
    /// Adds a table. Tables are counted from 0 on, columns too.
    pub fn add<'a>(
        &mut self,
        schema: &str,
        table: &str,
        columns: impl IntoIterator<Item = &'a str>,
    ) {
        let place = self.columns.len();
        let name = table.to_lowercase();
        let key = (schema.to_lowercase(), name.clone());
        self.qualified.entry(key).or_insert(place);
        self.plain
            .entry(name)
            .and_modify(|known| *known = None)
            .or_insert(Some(place));
        let mut columns_of = HashMap::new();
        for (column, name) in (0_u16..).zip(columns) {
            columns_of.entry(name.to_lowercase()).or_insert(column);
        }
        self.columns.push(columns_of);
    }

    /// What a query uses, as far as its text tells.
    pub fn used(&self, text: &str) -> Used {
        let tokens = tokens(text);
        let scopes = sources(&tokens, self);
        let mut used = Used::default();
        let mut before: Option<(usize, ColumnPlace)> = None;
        let mut at = 0;
        while at < tokens.len() {
            let chain = chain(&tokens, at);
            if chain.is_empty() || scopes.is_taken(at) {
                at += 1;
                continue;
            }
            let start = at;
            // Names and the dots between them.
            at += 2 * chain.len() - 1;
            if is_no_column(&tokens, start, at) {
                continue;
            }
            let group = scopes.group_of(start);
            if scopes.is_using(group) {
                let both = scopes.shared(group, self, &chain);
                used.columns.extend(&both);
                if let [one, other] = both[..] {
                    used.joins.insert((one.min(other), one.max(other)));
                }
                continue;
            }
            let Some(column) = scopes.resolve(group, self, &chain) else {
                continue;
            };
            used.columns.insert(column);
            let equals =
                |end: usize| end + 1 == start && tokens.get(end).is_some_and(|token| token.is("="));
            if let Some((end, other)) = before
                && equals(end)
                && other != column
            {
                used.joins.insert((column.min(other), column.max(other)));
            }
            before = Some((at, column));
        }
        used
    }

    fn table(&self, names: &[&str]) -> Option<usize> {
        match names {
            [name] => self.plain.get(*name).copied().flatten(),
            [.., schema, name] => self
                .qualified
                .get(&((*schema).to_owned(), (*name).to_owned()))
                .copied(),
            [] => None,
        }
    }

    fn column(&self, table: usize, name: &str) -> Option<ColumnPlace> {
        let column = self.columns.get(table)?.get(name)?;
        Some((table, *column))
    }
}

/// A token with its text: a name without its quotes and in lower case, anything else as written.
#[derive(Debug)]
struct Piece {
    kind: Kind,
    text: String,
}

impl Piece {
    fn is(&self, text: &str) -> bool {
        self.kind != Kind::Quoted && self.text == text
    }

    fn is_symbol(&self, symbol: u8) -> bool {
        self.kind == Kind::Symbol(symbol)
    }

    fn is_name(&self) -> bool {
        match self.kind {
            Kind::Quoted => true,
            Kind::Word => !RESERVED.contains(&self.text.as_str()),
            _ => false,
        }
    }
}

fn tokens(text: &str) -> Vec<Piece> {
    let mut lexer = Lexer::new(text, RULES);
    std::iter::from_fn(|| lexer.next_token())
        .take(TOKENS_MAX)
        .map(|token: Token| {
            let written = token.text(text);
            let text = match token.kind {
                Kind::Quoted => {
                    let quote = written.get(..1).unwrap_or_default();
                    let inside = written.get(1..written.len().saturating_sub(1));
                    let inside = inside.unwrap_or_default();
                    inside.replace(&quote.repeat(2), quote).to_lowercase()
                }
                Kind::Text => String::new(),
                _ => written.to_lowercase(),
            };
            Piece {
                kind: token.kind,
                text,
            }
        })
        .collect()
}

/// The names from a token on, with dots between them; empty where it is none or something is before.
fn chain(tokens: &[Piece], start: usize) -> Vec<&str> {
    let after_dot = start
        .checked_sub(1)
        .and_then(|before| tokens.get(before))
        .is_some_and(|token| token.is_symbol(b'.'));
    let mut names = Vec::new();
    let mut at = start;
    while let Some(token) = tokens.get(at)
        && (token.is_name() || (at > start && token.kind == Kind::Word))
        && !after_dot
    {
        names.push(token.text.as_str());
        if !tokens.get(at + 1).is_some_and(|dot| dot.is_symbol(b'.')) {
            break;
        }
        at += 2;
    }
    names
}

/// Whether names from `start` to before `end` mean something else: a function, a type, a new name.
fn is_no_column(tokens: &[Piece], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).and_then(|before| tokens.get(before));
    let new_name = before.is_some_and(|token| token.is("as") || token.is(":"));
    let other = tokens.get(end).is_some_and(|token| {
        // `p.*` ends with a dot here, `date '2026-01-01'` is a constant.
        token.is_symbol(b'(') || token.is_symbol(b'.') || token.kind == Kind::Text
    });
    new_name || other
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop() -> Names {
        let mut names = Names::default();
        names.add(
            "sales",
            "orders",
            ["id", "customer_id", "Status", "placed_at"],
        );
        names.add("sales", "customers", ["id", "name", "country_code"]);
        names.add("sales", "order_lines", ["order_id", "line_no", "quantity"]);
        names.add("hr", "employees", ["id", "name", "manager_id"]);
        names
    }

    fn columns(text: &str) -> Vec<ColumnPlace> {
        shop().used(text).columns.into_iter().collect()
    }

    #[test]
    fn aliases_and_bare_names_find_their_tables() {
        let used = shop().used(
            "SELECT o.status, c.name AS customer, count(*) -- all of them
             FROM sales.orders AS o JOIN sales.customers c ON c.id = o.customer_id
             WHERE placed_at >= DATE '2026-01-01' GROUP BY 1 ORDER BY customer",
        );
        assert_eq!(
            used.columns.into_iter().collect::<Vec<_>>(),
            [(0, 1), (0, 2), (0, 3), (1, 0), (1, 1)]
        );
        assert_eq!(
            used.joins.into_iter().collect::<Vec<_>>(),
            [((0, 1), (1, 0))]
        );
        assert_eq!(columns("select status from orders"), [(0, 2)]);
        assert_eq!(columns("select `status` from `sales`.`orders`"), [(0, 2)]);
        assert_eq!(
            columns("select sales.orders.id from sales.orders"),
            [(0, 0)]
        );
    }

    #[test]
    fn what_cannot_be_told_counts_for_nothing() {
        assert_eq!(columns("select id from sales.orders, sales.customers"), []);
        assert_eq!(columns("select o.*, status from other.things o"), []);
        assert_eq!(columns("select * from sales.orders"), []);
        assert_eq!(columns("select 'status' from sales.orders"), []);
        assert_eq!(columns("select name(1), x::name from hr.employees"), []);
        assert_eq!(columns("select status"), []);
        assert_eq!(columns(") from , ( sales. . select 'x"), []);
        let deep = "(".repeat(50_000);
        assert_eq!(
            columns(&format!("select status from sales.orders where {deep}")),
            [(0, 2)]
        );
    }

    #[test]
    fn each_query_within_a_query_has_its_own_tables() {
        assert_eq!(
            columns(
                "select quantity from sales.order_lines
                 where order_id = (select id from sales.orders where status = 'new')
                   and extract(day from line_no) > 1"
            ),
            [(0, 0), (0, 2), (2, 0), (2, 1), (2, 2)]
        );
        assert_eq!(
            columns(
                "with recent as (select id, status from sales.orders)
                 select r.id, c.name from recent r join sales.customers c on c.id = r.id"
            ),
            [(0, 0), (0, 2), (1, 0), (1, 1)]
        );
        assert_eq!(
            columns("select d.id from (select name as id from hr.employees) d"),
            [(3, 1)]
        );
        assert_eq!(
            columns("select name from (hr.employees e join sales.orders o on o.id = e.id)"),
            [(0, 0), (3, 0), (3, 1)]
        );
    }

    #[test]
    fn a_table_joins_itself_and_others_by_using() {
        let used = shop().used(
            "select m.name from hr.employees e left join hr.employees m on m.id = e.manager_id",
        );
        assert_eq!(
            used.joins.into_iter().collect::<Vec<_>>(),
            [((3, 0), (3, 2))]
        );
        let used = shop().used("select 1 from sales.orders join hr.employees using (id)");
        assert_eq!(
            used.joins.into_iter().collect::<Vec<_>>(),
            [((0, 0), (3, 0))]
        );
    }

    #[test]
    fn changes_use_columns_too() {
        assert_eq!(
            columns("insert into sales.orders (id, status) values (1, 'new')"),
            [(0, 0), (0, 2)]
        );
        assert_eq!(
            columns("update sales.orders set status = 'sent' where id = 7"),
            [(0, 0), (0, 2)]
        );
        assert_eq!(columns("delete from sales.orders where id = 7"), [(0, 0)]);
    }
}
