//! Who sees and changes which view.

use super::*;

/// What somebody meets who asks for a view in every way.
async fn sights(shop: &Shop, ctx: &Ctx, view: &ViewId) -> Vec<(&'static str, Option<ErrorKind>)> {
    let (services, id) = (&shop.catalog.services, &shop.id);
    let query = DiagramQuery::of_view(view);
    let file = services.diagram_export(ctx, id, &query, "svg", false).await;
    let change = services
        .view_change(ctx, id, view, ViewPatch::default())
        .await;
    let share = ViewPatch {
        is_shared: Some(true),
        ..ViewPatch::default()
    };
    let share = services.view_change(ctx, id, view, share).await;
    let kind = |error: AppError| error.kind;
    vec![
        (
            "fetch",
            services.view_fetch(ctx, id, view).await.err().map(kind),
        ),
        (
            "diagram",
            services
                .diagram_fetch(ctx, id, &query)
                .await
                .err()
                .map(kind),
        ),
        ("file", file.err().map(kind)),
        (
            "news",
            services.view_news(ctx, id, view, 0).await.err().map(kind),
        ),
        (
            "history",
            services.view_history(ctx, id, view).await.err().map(kind),
        ),
        (
            "listen",
            services.view_listen(ctx, id, view).await.err().map(kind),
        ),
        ("change", change.err().map(kind)),
        (
            "arrange",
            services
                .view_arrange(ctx, id, view, vec![])
                .await
                .err()
                .map(kind),
        ),
        ("share", share.err().map(kind)),
        (
            "restore",
            services
                .view_restore(ctx, id, view, 99)
                .await
                .err()
                .map(kind),
        ),
    ]
}

fn kinds(met: Vec<(&'static str, Option<ErrorKind>)>) -> Vec<&'static str> {
    met.into_iter()
        .map(|(_, kind)| match kind {
            None => "yes",
            Some(ErrorKind::NotFound) => "absent",
            Some(ErrorKind::Forbidden) => "no",
            Some(other) => panic!("{other:?}"),
        })
        .collect()
}

#[tokio::test]
async fn a_private_view_is_there_for_its_owner_only() {
    with_shop(async |shop| {
        let view = shop.make(&shop.vera, named("Secret")).await.summary.id;
        for other in [&shop.admin, &shop.olga, &shop.emil, &Ctx::system("test")] {
            let met = sights(&shop, other, &view).await;
            assert_eq!(kinds(met), vec!["absent"; 10], "{other:?}");
            let listed = shop.catalog.services.view_list(other, &shop.id).await;
            assert_eq!(listed.unwrap(), []);
            let gone = shop.catalog.services.view_delete(other, &shop.id, &view);
            assert_eq!(gone.await.unwrap_err().kind, ErrorKind::NotFound);
            let copy = shop.catalog.services.view_duplicate(other, &shop.id, &view);
            assert_eq!(copy.await.unwrap_err().kind, ErrorKind::NotFound);
        }
        // Its owner does everything with it but share it, which needs the right to edit.
        let mut expected = vec!["yes"; 10];
        expected[8] = "no";
        expected[9] = "absent";
        assert_eq!(kinds(sights(&shop, &shop.vera, &view).await), expected);
        // Of another database it is nobody's.
        let made = shop
            .catalog
            .services
            .script_import(&shop.emil, script("other", SHOP))
            .await;
        let other = made.unwrap().id;
        let error = shop.catalog.services.view_fetch(&shop.vera, &other, &view);
        assert_eq!(error.await.unwrap_err().kind, ErrorKind::NotFound);
        let nonsense = DiagramQuery {
            view: Some("nonsense".to_owned()),
            ..DiagramQuery::default()
        };
        let error = shop
            .catalog
            .services
            .diagram_fetch(&shop.vera, &shop.id, &nonsense);
        assert_eq!(error.await.unwrap_err().kind, ErrorKind::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_shared_view_is_arranged_by_those_who_may_edit() {
    with_shop(async |shop| {
        let services = &shop.catalog.services;
        let view = shop.make(&shop.emil, shared("Ours")).await.summary.id;
        let reads = ["yes"; 6];
        let met = |last: [&'static str; 4]| [&reads[..], &last[..]].concat();
        // Sharing what is shared is no change.
        assert_eq!(
            kinds(sights(&shop, &shop.vera, &view).await),
            met(["no", "no", "no", "no"])
        );
        for editor in [&shop.emil, &shop.olga, &shop.admin] {
            let all = met(["yes", "yes", "yes", "absent"]);
            assert_eq!(kinds(sights(&shop, editor, &view).await), all);
        }
        // Taking it from everybody is its owner's and the database's owner's business.
        let private = ViewPatch {
            is_shared: Some(false),
            ..ViewPatch::default()
        };
        let other = shop.make(&shop.olga, shared("Hers")).await.summary.id;
        let refused = services.view_change(&shop.emil, &shop.id, &other, private.clone());
        assert_eq!(refused.await.unwrap_err().kind, ErrorKind::Forbidden);
        let refused = services.view_delete(&shop.emil, &shop.id, &other).await;
        assert_eq!(refused.unwrap_err().kind, ErrorKind::Forbidden);
        let refused = services.view_create(&shop.vera, &shop.id, shared("Mine"));
        assert_eq!(refused.await.unwrap_err().kind, ErrorKind::Forbidden);
        services
            .view_delete(&shop.olga, &shop.id, &view)
            .await
            .unwrap();
        // A viewer takes a copy of their own.
        let copy = services.view_duplicate(&shop.vera, &shop.id, &other).await;
        let copy = copy.unwrap().summary;
        assert!(copy.is_own && !copy.is_shared && copy.may_edit);
        // Who may no longer see the database sees no view of it.
        use contract::access::Access as _;
        services
            .access_set(&shop.olga, &shop.id, model::access::DatabaseAccess::None)
            .await
            .unwrap();
        assert_eq!(
            kinds(sights(&shop, &shop.vera, &copy.id).await),
            vec!["absent"; 10]
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_keeps_views_without_end() {
    with_shop(async |shop| {
        let services = &shop.catalog.services;
        shop.catalog
            .sql(
                "insert into diagram_views (id, database_id, name, owner_user_id)
                select 'vw_' || lpad(n::text, 10, '0'), d.id, 'View ' || n, u.id
                from generate_series(1, 200) n, databases d, users u
                where u.username = 'vera' or u.email = 'vera@example.org'",
            )
            .await;
        let error = services.view_create(&shop.vera, &shop.id, named("One more"));
        let error = error.await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert!(error.message.contains("200"), "{error}");
        shop.make(&shop.emil, named("Others may")).await;
        let listed = services.view_list(&shop.vera, &shop.id).await.unwrap();
        assert_eq!(listed.len(), 200);
    })
    .await;
}

#[tokio::test]
async fn what_becomes_of_a_view_stands_in_the_trail() {
    with_shop(async |shop| {
        let (services, id) = (&shop.catalog.services, &shop.id);
        let view = shop.make(&shop.olga, shared("Ours")).await.summary.id;
        let data = shop.open(&shop.olga, &view).await;
        let orders = id_of(&data, "orders");
        shop.arrange(&shop.olga, &view, vec![put(orders, 1.0, 1.0)])
            .await;
        let patch = ViewPatch {
            name: Some("All of us".to_owned()),
            ..ViewPatch::default()
        };
        let changed = services.view_change(&shop.olga, id, &view, patch.clone());
        changed.await.unwrap();
        // What changes nothing is not told.
        let changed = services.view_change(&shop.olga, id, &view, patch);
        changed.await.unwrap();
        let copy = services
            .view_duplicate(&shop.olga, id, &view)
            .await
            .unwrap();
        services
            .default_view_set(&shop.olga, id, Some(&view))
            .await
            .unwrap();
        services
            .view_restore(&shop.olga, id, &view, 1)
            .await
            .unwrap();
        services
            .view_delete(&shop.olga, id, &copy.summary.id)
            .await
            .unwrap();
        let rows: Vec<(String, Option<serde_json::Value>)> = sqlx::query_as(
            "select action || ' ' || resource_name, changes from audit_logs
            where resource_type in ('view', 'default_view') order by id",
        )
        .fetch_all(shop.catalog.store.pool())
        .await
        .unwrap();
        let told: Vec<&str> = rows.iter().map(|(told, _)| told.as_str()).collect();
        assert_eq!(
            told,
            [
                "CREATE Ours",
                "UPDATE Ours",
                "DUPLICATE All of us, copy",
                "UPDATE All of us",
                "RESTORE All of us",
                "DELETE All of us, copy",
            ]
        );
        let renamed = rows[1].1.clone().unwrap();
        assert_eq!(renamed["name"]["before"], "Ours");
        assert_eq!(renamed["name"]["after"], "All of us");
    })
    .await;
}

#[tokio::test]
async fn nobody_writes_memos_without_end() {
    with_shop(async |shop| {
        let view = shop.make(&shop.olga, named("Wordy")).await.summary.id;
        let memo = |number: usize| ViewChange::Memo {
            id: format!("m{number}"),
            memo: Some(Memo {
                text: "…".to_owned(),
                at: Spot { x: 0.0, y: 0.0 },
                width: 100.0,
                height: 50.0,
            }),
        };
        let all: Vec<ViewChange> = (0..2_000).map(memo).collect();
        for part in all.chunks(CHANGES_MAX) {
            shop.arrange(&shop.olga, &view, part.to_vec()).await;
        }
        let error = shop
            .refuse(&shop.olga, &view, vec![memo(1), memo(2_000)])
            .await;
        assert_eq!(error.field.as_deref(), Some("changes"));
        let data = shop.open(&shop.olga, &view).await;
        assert_eq!(data.arrangement.memos.len(), 2_000);
        // What is taken away makes room.
        let gone = ViewChange::Memo {
            id: "m7".to_owned(),
            memo: None,
        };
        shop.arrange(&shop.olga, &view, vec![gone, memo(2_000)])
            .await;
    })
    .await;
}
