//! What changed in a live database, drawn.

use super::*;
use contract::picture::{PictureFormat, PictureRequest};

#[tokio::test]
async fn the_diagram_shows_what_changed_and_is_exported_as_it_is() {
    with_catalog(
        |config| config.allow_sockets = true,
        async |catalog| {
            catalog.set_up().await;
            let ctx = with_role(Role::Editor);
            let viewer = with_role(Role::Viewer);
            let services = &catalog.services;
            let live = Live::new(&catalog).await;
            live.run(SHOP).await;
            live.run(
                "CREATE TABLE coupons (id int PRIMARY KEY, order_id bigint REFERENCES orders);
                 CREATE TABLE island (id int PRIMARY KEY);",
            )
            .await;
            let request = live.request("Live shop");
            let id = services.connection_create(&ctx, request).await.unwrap().id;

            // Nothing changed yet, which is said and no error.
            let query = DiagramQuery {
                overlay: Some("changes".to_owned()),
                ..DiagramQuery::default()
            };
            let before = services.diagram_fetch(&viewer, &id, &query).await.unwrap();
            assert_eq!((before.overlay, before.notes.len()), (None, 1));

            live.run(
                "ALTER TABLE orders DROP COLUMN placed_on, ADD COLUMN note text;
                 ALTER TABLE customers ALTER COLUMN email TYPE varchar(200);
                 DROP TABLE coupons;
                 CREATE TABLE refunds (id int PRIMARY KEY, order_id bigint REFERENCES orders);",
            )
            .await;
            services.database_refresh(&ctx, &id).await.unwrap();
            let data = services.diagram_fetch(&viewer, &id, &query).await.unwrap();
            assert_eq!((data.versions, data.notes.len()), (Some((1, 2)), 0));
            let names: Vec<&str> = data.graph.tables.iter().map(|it| &*it.name).collect();
            // What changed and its neighbours; not what has nothing to do with it.
            assert_eq!(names, ["coupons", "customers", "orders", "refunds"]);
            let overlay = data.overlay.as_ref().unwrap();
            let place = |name: &str| names.iter().position(|it| *it == name).unwrap();
            let kind = |name| overlay.table(place(name)).unwrap().kind;
            assert_eq!(kind("coupons"), MarkKind::Removed);
            assert_eq!(kind("customers"), MarkKind::Altered);
            assert_eq!(kind("orders"), MarkKind::Altered);
            assert_eq!(kind("refunds"), MarkKind::Added);
            // A ghost has no page, what is there has.
            assert!(data.graph.tables[place("coupons")].id < 0);
            assert!(data.graph.tables[place("refunds")].id > 0);
            let column = |table: &str, name: &str| {
                let at = data.graph.tables[place(table)]
                    .columns
                    .iter()
                    .position(|it| it.name == name)
                    .unwrap();
                overlay
                    .column(place(table), u16::try_from(at).unwrap())
                    .map(|it| (it.kind, it.label.clone()))
            };
            assert_eq!(
                column("orders", "placed_on"),
                Some((MarkKind::Removed, "removed".to_owned()))
            );
            assert_eq!(
                column("orders", "note"),
                Some((MarkKind::Added, "added".to_owned()))
            );
            assert_eq!(
                column("customers", "email"),
                Some((
                    MarkKind::Altered,
                    "type text → character varying(200)".to_owned()
                ))
            );
            assert_eq!(column("orders", "customer_id"), None);
            let links: Vec<(&str, Option<MarkKind>)> = data
                .graph
                .links
                .iter()
                .enumerate()
                .map(|(at, link)| (names[link.child()], overlay.link(at).map(|it| it.kind)))
                .collect();
            assert_eq!(
                links,
                [
                    ("coupons", Some(MarkKind::Removed)),
                    ("orders", None),
                    ("refunds", Some(MarkKind::Added)),
                ]
            );

            // A choice of tables keeps its marks; versions that are not there are said.
            let some = DiagramQuery {
                show: Some("coupons,island".to_owned()),
                ..query.clone()
            };
            let some = services.diagram_fetch(&viewer, &id, &some).await.unwrap();
            assert_eq!(some.graph.tables.len(), 2);
            assert_eq!(some.overlay.unwrap().tables().count(), 1);
            let error = services
                .diagram_fetch(&viewer, &id, &DiagramQuery::changes(1, 9))
                .await
                .unwrap_err();
            assert_eq!(error.kind, ErrorKind::NotFound);

            let file = async |extension: &str, query: &DiagramQuery| {
                services
                    .diagram_export(&viewer, &id, query, extension, false)
                    .await
            };
            let svg = file("svg", &query).await.unwrap();
            assert_eq!(svg.name, "live-shop-diagram.svg");
            assert!(
                svg.text.contains("Changes from version 1 to 2"),
                "the legend"
            );
            assert!(svg.text.contains(">coupons</text>") && !svg.text.contains("island"));
            assert!(!svg.text.contains("href"), "nothing leads outside");
            let json: serde_json::Value =
                serde_json::from_str(&file("json", &query).await.unwrap().text).unwrap();
            assert_eq!(json["tables"].as_array().unwrap().len(), 4);
            assert_eq!(json["tables"][0]["mark"]["kind"], "removed");
            assert_eq!(json["versions"]["to"], 2);
            // A structure holds what is there, and of it what is shown.
            let sql = file("sql", &query).await.unwrap().text;
            assert!(sql.contains("refunds") && sql.contains("note"), "{sql}");
            assert!(!sql.contains("coupons") && !sql.contains("island"), "{sql}");
            let one = DiagramQuery::showing("island");
            for extension in ["mmd", "dbml", "md"] {
                let text = file(extension, &one).await.unwrap().text;
                assert!(
                    text.contains("island") && !text.contains("orders"),
                    "{text}"
                );
            }
            // Pictures show what the SVG shows, and refuse what it refuses.
            let picture = async |format: PictureFormat, query: &DiagramQuery| {
                let request = PictureRequest {
                    format,
                    dark: false,
                    origin: Some("https://catalog.example".to_owned()),
                };
                services.diagram_picture(&viewer, &id, query, request).await
            };
            let png = picture(PictureFormat::Png { scale: 3 }, &query)
                .await
                .unwrap();
            assert_eq!(png.name, "live-shop-diagram.png");
            // Bytes 16 to 24 of a PNG are its width and height.
            let side = |at: usize| u32::from_be_bytes(png.bytes[at..at + 4].try_into().unwrap());
            let size = format!("width=\"{}\" height=\"{}\"", side(16) / 3, side(20) / 3);
            assert!(svg.text.contains(&size), "{size}");
            let pdf = picture(PictureFormat::Pdf, &query).await.unwrap();
            assert_eq!(pdf.media_type, "application/pdf");
            let contains = |part: &str| {
                let part = part.as_bytes();
                pdf.bytes.windows(part.len()).any(|bytes| bytes == part)
            };
            assert!(contains("https://catalog.example/databases/"));
            assert!(contains("tables/public.refunds") && !contains("tables/public.coupons"));
            for (format, wrong) in [
                (PictureFormat::Png { scale: 0 }, DiagramQuery::default()),
                (PictureFormat::Png { scale: 5 }, DiagramQuery::default()),
                (
                    PictureFormat::Pdf,
                    DiagramQuery {
                        overlay: Some("stars".to_owned()),
                        ..DiagramQuery::default()
                    },
                ),
            ] {
                let error = picture(format, &wrong).await.unwrap_err();
                assert_eq!(error.kind, ErrorKind::Invalid);
            }
            for (wrong, extension) in [
                (DiagramQuery::default(), "exe"),
                (
                    DiagramQuery {
                        level: Some("most".to_owned()),
                        ..DiagramQuery::default()
                    },
                    "svg",
                ),
                (
                    DiagramQuery {
                        overlay: Some("stars".to_owned()),
                        ..DiagramQuery::default()
                    },
                    "svg",
                ),
            ] {
                let error = file(extension, &wrong).await.unwrap_err();
                assert_eq!(error.kind, ErrorKind::Invalid);
            }
            live.drop().await;
        },
    )
    .await;
}
