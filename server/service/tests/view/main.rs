//! Saved views on a real PostgreSQL: places that stay, two people on one view, what was before.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what fails here fails the test"
)]

#[path = "../common/mod.rs"]
mod common;
mod embed;
mod fit;
mod folded;
mod history;
mod layout;
mod level;
mod listen;
mod locks;
mod name;
mod refresh;
mod rights;
mod shown;

use common::{Catalog, of, person, script, with_catalog};
use contract::catalog::{Catalog as _, DiagramData};
use contract::context::Ctx;
use contract::error::{AppError, ErrorKind};
use contract::view::Views as _;
use model::account::Role;
use model::diagram::DiagramQuery;
use model::id::{DatabaseId, ViewId};
use model::saved_view::{CHANGES_MAX, NewView, ViewNews, ViewPatch, ViewRecord};
use model::view::{Memo, Spot, ViewChange, ViewColour};

pub(crate) const SHOP: &str = "
    CREATE TABLE customers (id bigint PRIMARY KEY, email text);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
    CREATE TABLE items (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);
";

/// A database with people.
pub(crate) struct Shop {
    pub(crate) catalog: Catalog,
    pub(crate) id: DatabaseId,
    pub(crate) admin: Ctx,
    /// Owns the database.
    pub(crate) olga: Ctx,
    /// May edit it.
    pub(crate) emil: Ctx,
    /// May read it.
    pub(crate) vera: Ctx,
}

pub(crate) async fn with_shop<T, W>(test: T)
where
    T: FnOnce(Shop) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    with_catalog(
        |config| config.view_heartbeat = std::time::Duration::from_millis(200),
        async move |catalog| {
            let admin = of(&catalog.set_up().await.user);
            let olga = person(&catalog, "olga", Role::Editor).await;
            let emil = person(&catalog, "emil", Role::Editor).await;
            let vera = person(&catalog, "vera", Role::Viewer).await;
            let made = catalog
                .services
                .script_import(&olga, script("shop", SHOP))
                .await;
            let id = made.unwrap().id;
            test(Shop {
                catalog,
                id,
                admin,
                olga,
                emil,
                vera,
            })
            .await;
        },
    )
    .await;
}

pub(crate) fn named(name: &str) -> NewView {
    NewView {
        name: Some(name.to_owned()),
        ..NewView::default()
    }
}

pub(crate) fn shared(name: &str) -> NewView {
    NewView {
        is_shared: true,
        ..named(name)
    }
}

impl Shop {
    pub(crate) async fn make(&self, ctx: &Ctx, new: NewView) -> ViewRecord {
        let made = self.catalog.services.view_create(ctx, &self.id, new).await;
        made.unwrap()
    }

    pub(crate) async fn diagram(&self, ctx: &Ctx, query: &DiagramQuery) -> DiagramData {
        let fetched = self.catalog.services.diagram_fetch(ctx, &self.id, query);
        fetched.await.unwrap()
    }

    pub(crate) async fn open(&self, ctx: &Ctx, view: &ViewId) -> DiagramData {
        self.diagram(ctx, &DiagramQuery::of_view(view)).await
    }

    pub(crate) async fn arrange(&self, ctx: &Ctx, view: &ViewId, changes: Vec<ViewChange>) -> u64 {
        let done = self
            .catalog
            .services
            .view_arrange(ctx, &self.id, view, changes)
            .await;
        done.unwrap()
    }

    pub(crate) async fn begin(
        &self,
        ctx: &Ctx,
        query: &DiagramQuery,
        made_as: &str,
        changes: Vec<ViewChange>,
    ) -> ViewNews {
        let services = &self.catalog.services;
        let begun = services.view_begin(ctx, &self.id, query.clone(), made_as, changes);
        begun.await.unwrap()
    }

    pub(crate) async fn refuse(
        &self,
        ctx: &Ctx,
        view: &ViewId,
        changes: Vec<ViewChange>,
    ) -> AppError {
        let done = self
            .catalog
            .services
            .view_arrange(ctx, &self.id, view, changes)
            .await;
        done.unwrap_err()
    }

    pub(crate) async fn import_again(&self, text: &str) {
        use contract::source::Sources as _;
        let again = self.catalog.services.script_import_again(
            &self.olga,
            &self.id,
            vec![text.to_owned()],
            None,
        );
        again.await.unwrap();
    }
}

pub(crate) fn id_of(data: &DiagramData, name: &str) -> i64 {
    let found = data.graph.tables.iter().find(|table| table.name == name);
    found.unwrap().id
}

pub(crate) fn place_of(data: &DiagramData, name: &str) -> (f64, f64) {
    let at = data.graph.tables.iter().position(|it| it.name == name);
    let at = data.layout.positions[at.unwrap()];
    (at.x, at.y)
}

pub(crate) fn places(data: &DiagramData) -> Vec<(String, (f64, f64))> {
    let tables = data.graph.tables.iter().map(|table| table.name.clone());
    let spots = data.layout.positions.iter().map(|at| (at.x, at.y));
    tables.zip(spots).collect()
}

pub(crate) fn put(table: i64, x: f64, y: f64) -> ViewChange {
    ViewChange::Place {
        table,
        at: Some(Spot { x, y }),
    }
}

#[tokio::test]
async fn a_view_keeps_what_was_seen() {
    with_shop(async |shop| {
        let before = shop.diagram(&shop.vera, &DiagramQuery::default()).await;
        assert!(before.view.is_none() && before.may_arrange && !before.may_edit);
        let made = shop.make(&shop.vera, named("  Mine ")).await;
        assert_eq!(made.summary.name, "Mine");
        assert!(made.summary.is_own && made.summary.may_edit && !made.summary.is_shared);
        let opened = shop.open(&shop.vera, &made.summary.id).await;
        assert_eq!(places(&opened), places(&before));
        assert_eq!(opened.arrangement.places.len(), 3);
        let view = opened.view.unwrap();
        assert_eq!((view.unplaced, view.ghosts), (vec![], vec![]));
        // All stay all when there are more some day, and boxes stay as high as they are.
        assert_eq!(view.query.show.as_deref(), Some("*"));
        assert_eq!(view.query.level.as_deref(), Some("all"));
        // What the address says has its way.
        let query = DiagramQuery {
            show: Some("orders".to_owned()),
            ..DiagramQuery::of_view(&made.summary.id)
        };
        let part = shop.diagram(&shop.vera, &query).await;
        assert_eq!(part.graph.tables.len(), 1);
        assert_eq!(place_of(&part, "orders"), place_of(&before, "orders"));
        // The same string works for files.
        let query = DiagramQuery::of_view(&made.summary.id);
        shop.arrange(
            &shop.vera,
            &made.summary.id,
            vec![put(id_of(&before, "orders"), -4000.0, 70.0)],
        )
        .await;
        let services = &shop.catalog.services;
        let file = services.diagram_export(&shop.vera, &shop.id, &query, "json", false);
        let text = file.await.unwrap().text;
        assert!(text.contains("-4000"), "{text}");
        // What the view leaves out is in no file.
        shop.arrange(
            &shop.vera,
            &made.summary.id,
            vec![ViewChange::Hide {
                table: id_of(&before, "items"),
                hidden: true,
            }],
        )
        .await;
        for extension in ["svg", "json", "mmd", "sql"] {
            let file = services.diagram_export(&shop.vera, &shop.id, &query, extension, false);
            let text = file.await.unwrap().text;
            assert!(text.contains("orders"), "{text}");
            assert!(!text.contains("items"), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_first_change_without_a_view_makes_a_private_one() {
    with_shop(async |shop| {
        let query = DiagramQuery::showing("orders+1");
        let before = shop.diagram(&shop.vera, &query).await;
        let orders = id_of(&before, "orders");
        let moved = vec![put(orders, 900.0, -50.0)];
        let begun = shop.begin(&shop.vera, &query, "one", moved.clone()).await;
        assert_eq!(begun.summary.name, "My arrangement");
        assert!(!begun.summary.is_shared && begun.summary.is_own);
        let opened = shop.open(&shop.vera, &begun.summary.id).await;
        assert_eq!(place_of(&opened, "orders"), (900.0, -50.0));
        assert_eq!(place_of(&opened, "items"), place_of(&before, "items"));
        assert_eq!(opened.shown.show, query.show);
        let again = shop.begin(&shop.vera, &query, "two", moved.clone()).await;
        assert_eq!(again.summary.name, "My arrangement 2");
        let other = shop.begin(&shop.olga, &query, "one", moved).await;
        assert_ne!(other.summary.id, begun.summary.id);
    })
    .await;
}

/// The answer was lost, so it is asked for again, with what was done meanwhile.
#[tokio::test]
async fn a_view_is_begun_once_however_often_it_is_asked_for() {
    with_shop(async |shop| {
        let services = &shop.catalog.services;
        let query = DiagramQuery::default();
        let before = shop.diagram(&shop.vera, &query).await;
        let (orders, items) = (id_of(&before, "orders"), id_of(&before, "items"));
        let moved = put(orders, 900.0, -50.0);
        let begin = |changes| shop.begin(&shop.vera, &query, "a page", changes);
        // Both at the same time, and once more.
        let (one, other) = tokio::join!(begin(vec![moved.clone()]), begin(vec![moved.clone()]));
        assert_eq!(one.summary.id, other.summary.id);
        let later = put(items, 30.0, 40.0);
        let last = begin(vec![moved.clone(), later.clone()]).await;
        assert_eq!(last.summary.id, one.summary.id);
        assert_eq!(last.changes.len(), 2);
        assert!(last.changes.contains(&moved) && last.changes.contains(&later));
        assert_eq!(last.revision, last.summary.revision);
        let views = services.view_list(&shop.vera, &shop.id).await.unwrap();
        assert_eq!(views.len(), 1);
        let opened = shop.open(&shop.vera, &one.summary.id).await;
        assert_eq!(place_of(&opened, "orders"), (900.0, -50.0));
        assert_eq!(place_of(&opened, "items"), (30.0, 40.0));
        // One that its owner has taken away is not what they see before them.
        let gone = services.view_delete(&shop.vera, &shop.id, &one.summary.id);
        gone.await.unwrap();
        begin(vec![put(items, 1.0, 1.0)]).await;
        let views = services.view_list(&shop.vera, &shop.id).await.unwrap();
        assert_eq!(views.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn two_people_change_one_view() {
    with_shop(async |shop| {
        let services = &shop.catalog.services;
        let view = shop.make(&shop.olga, shared("Ours")).await.summary.id;
        let data = shop.open(&shop.olga, &view).await;
        let (orders, items) = (id_of(&data, "orders"), id_of(&data, "items"));
        let since = data.view.unwrap().summary.revision;
        // Different things never meet; of two changes to one thing the later counts.
        shop.arrange(&shop.olga, &view, vec![put(orders, 10.0, 10.0)])
            .await;
        shop.arrange(&shop.emil, &view, vec![put(items, 20.0, 20.0)])
            .await;
        let last = shop
            .arrange(
                &shop.emil,
                &view,
                vec![put(orders, 1.0, 1.0), put(orders, 30.0, 30.0)],
            )
            .await;
        let opened = shop.open(&shop.olga, &view).await;
        assert_eq!(place_of(&opened, "orders"), (30.0, 30.0));
        assert_eq!(place_of(&opened, "items"), (20.0, 20.0));
        let summary = opened.view.unwrap().summary;
        assert_eq!(summary.revision, last);
        assert_eq!(summary.changed_by.as_deref(), Some("emil"));
        let news = services.view_news(&shop.olga, &shop.id, &view, since).await;
        let news = news.unwrap();
        assert_eq!(news.revision, since + 3);
        assert_eq!(
            news.changes,
            [put(items, 20.0, 20.0), put(orders, 30.0, 30.0)]
        );
        let none = services.view_news(&shop.olga, &shop.id, &view, last).await;
        assert_eq!(none.unwrap().changes, []);
        // What is taken back is news too.
        let gone = ViewChange::Colour {
            table: orders,
            colour: None,
        };
        shop.arrange(
            &shop.olga,
            &view,
            vec![ViewChange::Colour {
                table: orders,
                colour: Some(ViewColour::Teal),
            }],
        )
        .await;
        shop.arrange(&shop.olga, &view, vec![gone.clone()]).await;
        let news = services.view_news(&shop.emil, &shop.id, &view, last).await;
        assert_eq!(news.unwrap().changes, [gone]);
    })
    .await;
}

/// Both write at the same time, many times over: nothing is lost, and both see the same.
#[tokio::test]
async fn changes_at_the_same_time_all_arrive() {
    with_shop(async |shop| {
        let view = shop.make(&shop.olga, shared("Ours")).await.summary.id;
        let data = shop.open(&shop.olga, &view).await;
        let (orders, items) = (id_of(&data, "orders"), id_of(&data, "items"));
        let one = async {
            for step in 1..=10 {
                shop.arrange(&shop.olga, &view, vec![put(orders, f64::from(step), 0.0)])
                    .await;
            }
        };
        let other = async {
            for step in 1..=10 {
                shop.arrange(&shop.emil, &view, vec![put(items, f64::from(step), 0.0)])
                    .await;
            }
        };
        tokio::join!(one, other);
        let opened = shop.open(&shop.vera, &view).await;
        assert_eq!(place_of(&opened, "orders"), (10.0, 0.0));
        assert_eq!(place_of(&opened, "items"), (10.0, 0.0));
        assert_eq!(opened.view.unwrap().summary.revision, 21);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_arranged_is_refused_as_a_whole() {
    with_shop(async |shop| {
        let view = shop.make(&shop.olga, named("Mine")).await.summary.id;
        let data = shop.open(&shop.olga, &view).await;
        let orders = id_of(&data, "orders");
        let fine = put(orders, 5.0, 5.0);
        for wrong in [
            vec![fine.clone(), put(orders, f64::NAN, 0.0)],
            vec![fine.clone(), put(orders, 0.0, 1e7)],
            vec![fine.clone(); CHANGES_MAX + 1],
            vec![ViewChange::Memo {
                id: "a".to_owned(),
                memo: Some(Memo {
                    text: "x".repeat(10_001),
                    at: Spot { x: 0.0, y: 0.0 },
                    width: 10.0,
                    height: 10.0,
                }),
            }],
        ] {
            let error = shop.refuse(&shop.olga, &view, wrong).await;
            assert_eq!(error.kind, ErrorKind::Invalid);
            assert_eq!(error.field.as_deref(), Some("changes"));
        }
        let after = shop.open(&shop.olga, &view).await;
        assert_eq!(places(&after), places(&data));
        // A table of nowhere changes nothing, and holds nothing else up.
        let revision = shop
            .arrange(&shop.olga, &view, vec![put(i64::MAX, 1.0, 1.0)])
            .await;
        assert_eq!(revision, 1);
        let most: Vec<ViewChange> = (0..CHANGES_MAX)
            .map(|step| put(orders, step as f64, 0.0))
            .collect();
        shop.arrange(&shop.olga, &view, most).await;
        let after = shop.open(&shop.olga, &view).await;
        assert_eq!(place_of(&after, "orders"), (4_999.0, 0.0));
    })
    .await;
}

#[tokio::test]
async fn a_view_is_renamed_moved_and_shows_something_else() {
    with_shop(async |shop| {
        let services = &shop.catalog.services;
        let view = shop.make(&shop.olga, named("Mine")).await.summary.id;
        let patch = ViewPatch {
            name: Some("Money".to_owned()),
            folder: Some("finance/billing".to_owned()),
            ..ViewPatch::default()
        };
        let changed = services.view_change(&shop.olga, &shop.id, &view, patch);
        let summary = changed.await.unwrap().summary;
        assert_eq!(
            (summary.name.as_str(), summary.folder.as_str()),
            ("Money", "finance / billing")
        );
        // A name is taken within its folder, whatever its case, and for its owner alone.
        let taken = NewView {
            folder: " Finance / Billing ".to_owned(),
            ..named("money")
        };
        let error = services.view_create(&shop.olga, &shop.id, taken.clone());
        let error = error.await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert_eq!(error.field.as_deref(), Some("name"));
        shop.make(&shop.emil, taken).await;
        for (field, patch) in [
            (
                "name",
                ViewPatch {
                    name: Some("  ".to_owned()),
                    ..ViewPatch::default()
                },
            ),
            (
                "folder",
                ViewPatch {
                    folder: Some("1/2/3/4/5/6".to_owned()),
                    ..ViewPatch::default()
                },
            ),
        ] {
            let error = services.view_change(&shop.olga, &shop.id, &view, patch);
            assert_eq!(error.await.unwrap_err().field.as_deref(), Some(field));
        }

        let before = shop.open(&shop.olga, &view).await;
        let patch = ViewPatch {
            query: Some(DiagramQuery::showing("orders,items")),
            ..ViewPatch::default()
        };
        let changed = services.view_change(&shop.olga, &shop.id, &view, patch);
        assert_eq!(changed.await.unwrap().summary.revision, 2);
        let after = shop.open(&shop.olga, &view).await;
        assert_eq!(after.graph.tables.len(), 2);
        assert_eq!(place_of(&after, "items"), place_of(&before, "items"));
        let news = services.view_news(&shop.olga, &shop.id, &view, 1).await;
        assert!(news.unwrap().has_other_query);
        // What it no longer shows has no place left; what it shows again gets one.
        let patch = ViewPatch {
            query: Some(DiagramQuery::showing("*")),
            ..ViewPatch::default()
        };
        let changed = services.view_change(&shop.olga, &shop.id, &view, patch);
        changed.await.unwrap();
        let all = shop.open(&shop.olga, &view).await;
        assert_eq!(all.arrangement.places.len(), 3);

        let copy = services.view_duplicate(&shop.olga, &shop.id, &view).await;
        let copy = copy.unwrap().summary;
        assert_eq!(
            (copy.name.as_str(), copy.folder.as_str()),
            ("Money, copy", "finance / billing")
        );
        let again = services.view_duplicate(&shop.olga, &shop.id, &view).await;
        assert_eq!(again.unwrap().summary.name, "Money, copy 2");
        let names: Vec<String> = services
            .view_list(&shop.olga, &shop.id)
            .await
            .unwrap()
            .into_iter()
            .map(|view| view.name)
            .collect();
        assert_eq!(names, ["Money", "Money, copy", "Money, copy 2"]);
        services
            .view_delete(&shop.olga, &shop.id, &view)
            .await
            .unwrap();
        let error = services.view_fetch(&shop.olga, &shop.id, &view).await;
        assert_eq!(error.unwrap_err().kind, ErrorKind::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_default_view_opens_when_nothing_is_asked_for() {
    with_shop(async |shop| {
        let services = &shop.catalog.services;
        let view = shop.make(&shop.olga, shared("Orders")).await.summary.id;
        let patch = ViewPatch {
            query: Some(DiagramQuery::showing("orders")),
            ..ViewPatch::default()
        };
        let changed = services.view_change(&shop.olga, &shop.id, &view, patch);
        changed.await.unwrap();
        services
            .default_view_set(&shop.emil, &shop.id, Some(&view))
            .await
            .unwrap();
        let opened = shop.diagram(&shop.vera, &DiagramQuery::default()).await;
        assert_eq!(opened.graph.tables.len(), 1);
        assert!(opened.view.unwrap().summary.is_default);
        let whole = shop
            .diagram(&shop.vera, &DiagramQuery::without_view())
            .await;
        assert_eq!((whole.graph.tables.len(), whole.view), (3, None));
        let asked = shop.diagram(&shop.vera, &DiagramQuery::showing("*")).await;
        assert!(asked.view.is_none());
        // One that becomes private opens for nobody.
        let private = ViewPatch {
            is_shared: Some(false),
            ..ViewPatch::default()
        };
        let changed = services.view_change(&shop.olga, &shop.id, &view, private);
        changed.await.unwrap();
        let opened = shop.diagram(&shop.vera, &DiagramQuery::default()).await;
        assert_eq!((opened.graph.tables.len(), opened.view), (3, None));
        let error = services.default_view_set(&shop.olga, &shop.id, Some(&view));
        assert_eq!(error.await.unwrap_err().kind, ErrorKind::Invalid);
    })
    .await;
}
