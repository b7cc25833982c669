//! What an address asks for, behind its question mark.
//!
//! The map of the router decodes each value twice, so that a name with `%` is another one there.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Parameters with their values, in the order in which they stand there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what stands behind the question mark.
    pub fn parse(text: &str) -> Self {
        Self(
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The last value of a parameter.
    pub fn get(&self, name: &str) -> Option<String> {
        self.get_all(name).last().map(str::to_owned)
    }

    /// All values of a parameter.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }
}

impl FromIterator<(String, String)> for Query {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// What the present address asks for.
pub fn use_query() -> Memo<Query> {
    let search = use_location().search;
    Memo::new(move |_| search.with(|text| Query::parse(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_once() {
        let query = Query::parse("show=%22Weird%20%2520%22.*&table=a+b&table=100%25&empty=&show=");
        let all: Vec<&str> = query.get_all("show").collect();
        assert_eq!(all, ["\"Weird %20\".*", ""]);
        let all: Vec<&str> = query.get_all("table").collect();
        assert_eq!(all, ["a b", "100%"]);
        assert_eq!(query.get("table").as_deref(), Some("100%"));
        assert_eq!(query.get("empty").as_deref(), Some(""));
        assert_eq!(query.get("absent"), None);
        // What is no encoding stays as it is.
        assert_eq!(Query::parse("q=50%&x=%zz").get("q").as_deref(), Some("50%"));
    }
}
