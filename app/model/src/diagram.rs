//! What the address of a diagram asks for. The same text works on the page and, after another path,
//! for its exports, so it is read and written here alone.

mod term;

use crate::address::encode;
use crate::id::{DatabaseId, ViewId};
use serde::{Deserialize, Serialize};
pub use term::{
    COMMUNITIES, column_term, community_name, community_of, community_term, fold_terms,
    schema_term, split_terms, term_of, unquoted,
};

/// The word that takes away what a view says.
pub const NONE: &str = "none";
/// The term of a `show` expression for the best-connected tables.
pub const HUBS: &str = "@hubs";
/// The term of a `show` expression for what the view that is open shows by itself; without a view,
/// for what is shown when nothing is asked for.
pub const OF_VIEW: &str = "@view";

/// The longest window of usage, in days: ten years.
pub const DAYS_MAX: u32 = 3_660;

/// What a diagram shows, as its address says it. The texts are as somebody wrote them; what they
/// mean is the services' business.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DiagramQuery {
    /// A saved view by its id: what it says holds where the address says nothing else. `none` for
    /// none, where the database has one that opens by itself.
    #[serde(default)]
    pub view: Option<String>,
    /// Which tables: names, patterns and expressions; none for the default.
    pub show: Option<String>,
    /// How many of the terms of `show`, from the first, are laid out by themselves: what the others
    /// bring is put beside that without moving it. None lays out everything together.
    pub keep: Option<u32>,
    /// Schemas, separated by commas, each of which is drawn as one box; and communities, each by one
    /// of its tables: `~sales.orders`, or `~*` for every one.
    pub fold: Option<String>,
    /// Columns that are not drawn, separated by commas: `created_at`, `*.tenant_id`,
    /// `sales.orders.note`. Those that a link ends at are drawn all the same.
    #[serde(default)]
    pub hide: Option<String>,
    /// How much of each table: `names`, `keys`, `used` (keys, and the columns that queries use most)
    /// or `all`; none for what suits the number of tables.
    pub level: Option<String>,
    /// What is said over the picture: `changes`, `findings`, `usage` or `tags`; none for
    /// nothing.
    pub overlay: Option<String>,
    /// The older version for `overlay=changes`; none for the last one that was different.
    pub from: Option<u32>,
    /// The newer version for `overlay=changes`; none for the newest.
    pub to: Option<u32>,
    /// Usage is that of so many days until now, at most [`DAYS_MAX`]; none for all that is known, and
    /// 0 where a view says otherwise.
    #[serde(default)]
    pub days: Option<u32>,
    /// Two tables between which ways are looked for, separated by a comma.
    pub path: Option<String>,
    /// Which of the ways found is marked, from 1 on; none for the best.
    pub way: Option<u32>,
    /// Which relations that are not declared are drawn, by the word of [`Relations`]; none for
    /// those that somebody accepted.
    pub relations: Option<String>,
}

/// Which links a diagram draws besides the declared ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Relations {
    /// None.
    Declared,
    /// Those that somebody accepted.
    #[default]
    Accepted,
    /// The proposed ones, too.
    All,
}

impl Relations {
    /// Every choice, as menus offer them.
    pub const ALL: [Self; 3] = [Self::Declared, Self::Accepted, Self::All];

    /// The word used in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Accepted => "accepted",
            Self::All => "all",
        }
    }

    /// Reads the word that [`Relations::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word.trim())
    }
}

impl DiagramQuery {
    /// Reads the parameters of an address. Empty ones count as absent, and so do versions that are
    /// no numbers.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |key| get(key).filter(|value: &String| !value.trim().is_empty());
        let number = |key| text(key).and_then(|value| value.trim().parse().ok());
        Self {
            view: text("view"),
            show: text("show"),
            keep: number("keep"),
            fold: text("fold"),
            hide: text("hide"),
            level: text("level"),
            overlay: text("overlay"),
            from: number("from"),
            to: number("to"),
            days: number("days").filter(|days| *days <= DAYS_MAX),
            path: text("path"),
            way: number("way"),
            relations: text("relations"),
        }
    }

    /// Which relations are drawn; what the address says that means nothing counts as absent.
    pub fn relations(&self) -> Relations {
        let word = self.relations.as_deref();
        word.and_then(Relations::from_word).unwrap_or_default()
    }

    /// Of which tables, and nothing else.
    pub fn showing(show: impl Into<String>) -> Self {
        Self {
            show: Some(show.into()),
            ..Self::default()
        }
    }

    /// A saved view.
    pub fn of_view(view: &ViewId) -> Self {
        Self {
            view: Some(view.to_string()),
            ..Self::default()
        }
    }

    /// The database without the view that opens by itself.
    pub fn without_view() -> Self {
        Self {
            view: Some(NONE.to_owned()),
            ..Self::default()
        }
    }

    /// What holds where a view says `view` and the address, over it, this. The result names no
    /// view.
    pub fn over(&self, view: &Self) -> Self {
        // What belongs together is taken together: versions to their overlay, a way to its path.
        let overlay = if self.overlay.is_some() { self } else { view };
        let path = if self.path.is_some() || self.way.is_some() {
            (self.path.clone().or_else(|| view.path.clone()), self.way)
        } else {
            (view.path.clone(), view.way)
        };
        let (show, keep) = self.show_over(view);
        Self {
            view: None,
            show,
            keep,
            fold: self
                .fold
                .clone()
                .or_else(|| view.fold.clone())
                .filter(|word| word != NONE),
            hide: self
                .hide
                .clone()
                .or_else(|| view.hide.clone())
                .filter(|word| word != NONE),
            level: self.level.clone().or_else(|| view.level.clone()),
            overlay: overlay.overlay.clone().filter(|word| word != NONE),
            from: self.from.or(overlay.from),
            to: self.to.or(overlay.to),
            days: self
                .days
                .or(view.days)
                .filter(|days| *days > 0)
                .map(|days| days.min(DAYS_MAX)),
            path: path.0.filter(|word| word != NONE),
            way: path.1,
            relations: self.relations.clone().or_else(|| view.relations.clone()),
        }
    }

    /// What is shown where the address names no tables, as a term of `show`: what the view shows,
    /// or of a large database the hubs, or everything.
    pub fn otherwise(&self, hubs_only: bool) -> &'static str {
        match (self.unsaid(), hubs_only) {
            (Some(_), _) => OF_VIEW,
            (None, true) => HUBS,
            (None, false) => "*",
        }
    }

    /// This and the tables that a further term brings, beside what is there; `otherwise` is what is
    /// shown where the address names nothing. A term with a minus takes tables away, and nothing
    /// moves for it.
    #[must_use]
    pub fn with_term(&self, otherwise: &str, term: &str) -> Self {
        let mut terms = split_terms(self.show.as_deref().unwrap_or(otherwise));
        let keep = self.keep.unwrap_or(terms.len() as u32).max(1);
        terms.retain(|known| known != term);
        terms.push(term.to_owned());
        Self {
            keep: Some(keep.min(terms.len().saturating_sub(1) as u32)).filter(|keep| *keep > 0),
            show: Some(terms.join(",")),
            ..self.clone()
        }
    }

    /// This without a term.
    #[must_use]
    pub fn without_term(&self, term: &str) -> Self {
        let mut terms = split_terms(self.show.as_deref().unwrap_or_default());
        terms.retain(|known| known != term);
        let keep = self.keep.filter(|keep| (*keep as usize) < terms.len());
        Self {
            keep,
            show: Some(terms.join(",")).filter(|show| !show.is_empty()),
            ..self.clone()
        }
    }

    /// Which tables, and how many terms are kept, where a view says `view`: its terms stand for
    /// [`OF_VIEW`].
    fn show_over(&self, view: &Self) -> (Option<String>, Option<u32>) {
        let (show, own) = match (&self.show, &view.show) {
            (None, own) => return (own.clone(), self.keep.or(view.keep)),
            // Terms are counted in the expression that they belong to.
            (show, None) => return (show.clone(), self.keep),
            (Some(show), Some(own)) => (split_terms(show), split_terms(own)),
        };
        let mut terms: Vec<String> = Vec::new();
        let mut keep = self.keep;
        for (place, term) in show.iter().enumerate() {
            if term.eq_ignore_ascii_case(OF_VIEW) {
                terms.extend(own.iter().cloned());
                keep = keep.map(|keep| match place < keep as usize {
                    true => keep.saturating_add(own.len() as u32).saturating_sub(1),
                    false => keep,
                });
            } else {
                terms.push(term.clone());
            }
        }
        (Some(terms.join(",")), keep)
    }

    /// This with a word for whatever it says nothing of, apart from the tables and their level: over
    /// a view it then says no more than without one.
    #[must_use]
    pub fn alone(&self) -> Self {
        let none = || Some(NONE.to_owned());
        let usual = || Some(Relations::default().as_str().to_owned());
        Self {
            fold: self.fold.clone().or_else(none),
            hide: self.hide.clone().or_else(none),
            overlay: self.overlay.clone().or_else(none),
            path: self.path.clone().or_else(none),
            relations: self.relations.clone().or_else(usual),
            days: self.days.or(Some(0)),
            ..self.clone()
        }
    }

    /// The word that takes away what the view says; none where no view is open that could say
    /// something.
    fn unsaid(&self) -> Option<String> {
        let view = self.view.as_deref();
        view.is_some_and(|view| view != NONE)
            .then(|| NONE.to_owned())
    }

    /// This with these groups folded and no others.
    #[must_use]
    pub fn folding(&self, terms: &[String]) -> Self {
        Self {
            fold: match terms.is_empty() {
                false => Some(terms.join(",")),
                true => self.unsaid(),
            },
            ..self.clone()
        }
    }

    /// This with a group folded besides those of `shown`, which is what is folded now; or unfolded
    /// where it is among them.
    #[must_use]
    pub fn toggling_fold(&self, shown: Option<&str>, term: &str) -> Self {
        let mut folded = fold_terms(shown.unwrap_or_default());
        let before = folded.len();
        folded.retain(|known| known != term);
        if folded.len() == before {
            folded.push(term.to_owned());
        }
        self.folding(&folded)
    }

    /// This with these relations drawn.
    #[must_use]
    pub fn drawing(&self, relations: Relations) -> Self {
        let is_usual = relations == Relations::default() && self.unsaid().is_none();
        Self {
            relations: (!is_usual).then(|| relations.as_str().to_owned()),
            ..self.clone()
        }
    }

    /// This without ways between tables.
    #[must_use]
    pub fn without_ways(&self) -> Self {
        Self {
            path: self.unsaid(),
            way: None,
            ..self.clone()
        }
    }

    /// This with nothing said over the picture.
    #[must_use]
    pub fn without_overlay(&self) -> Self {
        Self {
            overlay: self.unsaid(),
            from: None,
            to: None,
            ..self.clone()
        }
    }

    /// This with one more term of `hide` than `shown`, which is what is hidden now.
    #[must_use]
    pub fn hiding(&self, shown: Option<&str>, term: &str) -> Self {
        let mut terms = split_terms(shown.unwrap_or_default());
        terms.retain(|known| known != term);
        terms.push(term.to_owned());
        Self {
            hide: Some(terms.join(",")),
            ..self.clone()
        }
    }

    /// This without one term of `hide` of those in `shown`, or without any.
    #[must_use]
    pub fn not_hiding(&self, shown: Option<&str>, term: Option<&str>) -> Self {
        let mut terms = split_terms(shown.unwrap_or_default());
        terms.retain(|known| term.is_some_and(|term| known != term));
        let hide = match terms.is_empty() {
            false => Some(terms.join(",")),
            true => self.unsaid(),
        };
        Self {
            hide,
            ..self.clone()
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

    /// The parameters that say something, in the order of addresses.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let numbers = [self.keep, self.from, self.to, self.days, self.way]
            .map(|it| it.map(|number| number.to_string()));
        let [keep, from, to, days, way] = numbers;
        [
            ("view", self.view.clone()),
            ("show", self.show.clone()),
            ("keep", keep),
            ("fold", self.fold.clone()),
            ("hide", self.hide.clone()),
            ("level", self.level.clone()),
            ("overlay", self.overlay.clone()),
            ("from", from),
            ("to", to),
            ("days", days),
            ("path", self.path.clone()),
            ("way", way),
            ("relations", self.relations.clone()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// The parameters with the question mark before them; empty without any.
    pub fn search(&self) -> String {
        let mut search = String::new();
        for (key, value) in self.parameters() {
            search.push(if search.is_empty() { '?' } else { '&' });
            search.push_str(key);
            search.push('=');
            search.push_str(&encode(&value));
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
            keep: Some(1),
            fold: Some("stock,hr".to_owned()),
            hide: Some("created_at,*.tenant_id".to_owned()),
            level: Some("keys".to_owned()),
            relations: Some("all".to_owned()),
            days: Some(30),
            ..DiagramQuery::changes(3, 5)
        };
        let address = query.address(&id);
        assert_eq!(
            address,
            "/databases/db_aaaaaaaaaa/diagram\
             ?show=orders%2B1,sales.*&keep=1&fold=stock,hr&hide=created_at,*.tenant_id&level=keys&overlay=changes&from=3&to=5&days=30&relations=all"
        );
        assert!(query.file_address(&id, "svg").starts_with(
            "/api/databases/db_aaaaaaaaaa/diagram.svg?show=orders%2B1,sales.*&keep=1&fold=stock,hr&hide=created_at,*.tenant_id&level=keys&"
        ));
        let (_, search) = address.split_once('?').unwrap_or_default();
        let read = DiagramQuery::read(|key| {
            search.split('&').find_map(|pair| {
                let (name, value) = pair.split_once('=')?;
                (name == key).then(|| value.replace("%2B", "+"))
            })
        });
        assert_eq!(read, query);
        assert_eq!(read.relations(), Relations::All);
    }

    #[test]
    fn the_address_has_its_way_over_a_view() {
        let view = DiagramQuery {
            show: Some("sales.*".to_owned()),
            level: Some("keys".to_owned()),
            path: Some("a,b".to_owned()),
            way: Some(2),
            ..DiagramQuery::changes(1, 2)
        };
        let id = ViewId::from_entropy([0; 10]);
        assert_eq!(DiagramQuery::of_view(&id).over(&view), view);
        let address = DiagramQuery {
            level: Some("all".to_owned()),
            overlay: Some("findings".to_owned()),
            way: Some(1),
            ..DiagramQuery::of_view(&id)
        };
        let shown = address.over(&view);
        assert_eq!(shown.level.as_deref(), Some("all"));
        assert_eq!(shown.show, view.show);
        assert_eq!(shown.overlay.as_deref(), Some("findings"));
        assert_eq!((shown.from, shown.way), (None, Some(1)));
        let nothing = DiagramQuery {
            overlay: Some(NONE.to_owned()),
            path: Some(NONE.to_owned()),
            ..DiagramQuery::default()
        };
        let shown = nothing.over(&view);
        assert_eq!((shown.overlay, shown.path), (None, None));
    }

    #[test]
    fn terms_come_and_go_and_what_was_there_is_kept() {
        let hubs = DiagramQuery::default().with_term(HUBS, "sales.orders+1");
        assert_eq!(hubs.show.as_deref(), Some("@hubs,sales.orders+1"));
        assert_eq!(hubs.keep, Some(1));
        let more = hubs.with_term(HUBS, "-sales.notes");
        assert_eq!(
            more.show.as_deref(),
            Some("@hubs,sales.orders+1,-sales.notes")
        );
        assert_eq!(more.keep, Some(1));
        let less = more.without_term("-sales.notes");
        assert_eq!(less, hubs);
        let least = less.without_term("sales.orders+1");
        assert_eq!((least.show.as_deref(), least.keep), (Some("@hubs"), None));
        assert_eq!(least.without_term(HUBS), DiagramQuery::default());
    }

    #[test]
    fn what_a_view_says_is_taken_away_by_a_word() {
        let view = DiagramQuery {
            show: Some("sales.*".to_owned()),
            fold: Some("sales,\"odd, one\"".to_owned()),
            path: Some("a,b".to_owned()),
            way: Some(2),
            ..DiagramQuery::default().drawing(Relations::All)
        };
        let open = DiagramQuery::of_view(&ViewId::from_entropy([0; 10]));
        let shown = open.over(&view);
        let fold = shown.fold.as_deref();
        let one = open.toggling_fold(fold, "sales");
        assert_eq!(one.over(&view).fold.as_deref(), Some("\"odd, one\""));
        assert_eq!(open.folding(&[]).over(&view).fold, None);
        let accepted = open.drawing(Relations::Accepted).over(&view);
        assert_eq!(accepted.relations(), Relations::Accepted);
        let without = open.without_ways().over(&view);
        assert_eq!((without.path, without.way), (None, None));
        // Further tables come to those of the view.
        let more = open.with_term(open.otherwise(false), "-sales.notes");
        assert_eq!(more.show.as_deref(), Some("@view,-sales.notes"));
        assert_eq!(more.keep, Some(1));
        let part = DiagramQuery::showing("sales.*,-sales.lines").over(&view);
        let shown = more.over(&part);
        assert_eq!(
            shown.show.as_deref(),
            Some("sales.*,-sales.lines,-sales.notes")
        );
        assert_eq!(shown.keep, Some(2));
        assert_eq!(more.over(&DiagramQuery::default()).show, more.show);
        // Without a view nothing need be said.
        for plain in [DiagramQuery::default(), DiagramQuery::without_view()] {
            assert_eq!(plain.folding(&[]), plain);
            assert_eq!(plain.drawing(Relations::Accepted), plain);
            assert_eq!(plain.without_ways(), plain);
            assert_eq!(plain.without_overlay(), plain);
            assert_eq!(plain.otherwise(true), HUBS);
            assert_eq!(plain.otherwise(false), "*");
        }
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
        assert_eq!(read.relations(), Relations::Accepted);
    }

    #[test]
    fn usage_is_that_of_ten_years_at_most() {
        let asked = DiagramQuery {
            days: Some(u32::MAX),
            ..DiagramQuery::default()
        };
        assert_eq!(asked.over(&DiagramQuery::default()).days, Some(DAYS_MAX));
        assert_eq!(DiagramQuery::default().over(&asked).days, Some(DAYS_MAX));
    }

    #[test]
    fn however_much_is_kept_terms_are_counted() {
        let view = DiagramQuery::showing("sales.*,stock.*");
        let asked = DiagramQuery {
            keep: Some(u32::MAX),
            ..DiagramQuery::showing("@view")
        };
        assert_eq!(asked.over(&view).keep, Some(u32::MAX - 1));
    }
}
