//! What of the diagram stands in the address besides `show`: the viewport and the selected tables.

use crate::query::Query;
use diagram::geometry::Point;
use model::id::ViewId;
use model::number::decimal;

/// A viewport and a selection, as an address holds them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ViewState {
    /// The world point in the middle of the screen and the zoom. None fits the whole.
    pub at: Option<(Point, f64)>,
    /// The selected tables, `schema.name`; of very many the first.
    pub tables: Vec<String>,
}

/// Of so many selected tables an address tells.
pub const TABLES_MAX: usize = 20;

impl ViewState {
    /// Reads `at=x,y,zoom` and `table=schema.name`, which may stand there several times; what does not
    /// parse counts as absent.
    pub fn from_query(query: &Query) -> Self {
        let at = query.get("at").and_then(|text| {
            let mut numbers = text.split(',').map(|part| part.trim().parse::<f64>().ok());
            let (x, y, zoom) = (numbers.next()??, numbers.next()??, numbers.next()??);
            let sane = [x, y, zoom].iter().all(|number| number.is_finite()) && zoom > 0.0;
            (sane && numbers.next().is_none()).then(|| (Point::new(x, y).sane(), zoom))
        });
        Self {
            at,
            tables: query
                .get_all("table")
                .filter(|table| !table.is_empty())
                .take(TABLES_MAX)
                .map(str::to_owned)
                .collect(),
        }
    }

    /// Writes the state into the present address, without a new entry in the history.
    pub fn write_to_address(&self) {
        let Some(window) = web_sys::window() else {
            return;
        };
        let Ok(search) = window.location().search() else {
            return;
        };
        let Ok(query) = web_sys::UrlSearchParams::new_with_str(&search) else {
            return;
        };
        match &self.at {
            Some((center, zoom)) => {
                query.set(
                    "at",
                    &[
                        decimal(center.x, 0),
                        decimal(center.y, 0),
                        decimal(*zoom, 3),
                    ]
                    .join(","),
                );
            }
            None => query.delete("at"),
        }
        query.delete("table");
        for table in self.tables.iter().take(TABLES_MAX) {
            query.append("table", table);
        }
        let path = window.location().pathname().unwrap_or_default();
        // Commas and asterisks may stand in a query; people read these addresses.
        let text = String::from(query.to_string())
            .replace("%2C", ",")
            .replace("%2A", "*");
        if let Ok(history) = window.history() {
            let state = history.state().unwrap_or(wasm_bindgen::JsValue::NULL);
            // Refused only for another origin, or when called too often; the next call mends it.
            let _ = history.replace_state_with_url(&state, "", Some(&format!("{path}?{text}")));
        }
    }
}

/// Writes a view that was made just now into the present address. What the address asked for, the
/// view says from now on; viewport and selection stay.
pub fn write_view_to_address(view: &ViewId) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let search = window.location().search().unwrap_or_default();
    let Ok(query) = web_sys::UrlSearchParams::new_with_str(&search) else {
        return;
    };
    let of_view = [format!("view={view}")];
    let rest = ["at", "table"].into_iter().flat_map(|key| {
        let values = query.get_all(key).to_vec().into_iter();
        values.filter_map(move |value| {
            let value = value.as_string()?;
            Some(format!("{key}={}", model::address::encode(&value)))
        })
    });
    let search: Vec<String> = of_view.into_iter().chain(rest).collect();
    let path = window.location().pathname().unwrap_or_default();
    if let Ok(history) = window.history() {
        let state = history.state().unwrap_or(wasm_bindgen::JsValue::NULL);
        let address = format!("{path}?{}", search.join("&"));
        // Refused only for another origin.
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> Query {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_viewport_is_read_from_the_address() {
        let state = ViewState::from_query(&query(&[("at", "10,-20.5,0.25"), ("table", "a.b")]));
        assert_eq!(state.at, Some((Point::new(10.0, -20.5), 0.25)));
        assert_eq!(state.tables, ["a.b"]);
    }

    #[test]
    fn several_tables_are_read_from_the_address_and_not_without_end() {
        let state =
            ViewState::from_query(&query(&[("table", "a.b"), ("table", ""), ("table", "c")]));
        assert_eq!(state.tables, ["a.b", "c"]);
        let many: Vec<(&str, &str)> = vec![("table", "a"); 500];
        assert_eq!(
            ViewState::from_query(&query(&many)).tables.len(),
            TABLES_MAX
        );
    }

    #[test]
    fn a_viewport_of_nonsense_fits_the_whole() {
        for text in [
            "", "1", "1,2", "1,2,0", "1,2,inf", "NaN,1,1", "1,2,3,4", "a,b,c", "1,2,-1",
        ] {
            assert_eq!(
                ViewState::from_query(&query(&[("at", text)])).at,
                None,
                "{text:?}"
            );
        }
    }
}
