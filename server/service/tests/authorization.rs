//! Who may do what: one line per method, written out.

mod common;

use common::{anonymous, script, with_catalog, with_role};
use contract::access::Access as _;
use contract::account::{Accounts as _, Secret};
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use contract::embed::Embeds as _;
use contract::error::{AppError, ErrorKind};
use contract::job::{Jobs as _, ScheduleRequest};
use contract::metadata::Metadata as _;
use contract::relation::Relations as _;
use contract::source::Sources as _;
use contract::view::Views as _;
use model::access::{DatabaseAccess, Grantee};
use model::account::Role;
use model::catalog::TableQuery;
use model::diagram::DiagramQuery;
use model::id::{ColumnId, DatabaseId, GroupId, JobId, TableId, UserId, ViewId};
use model::job::JobQuery;
use model::metadata::{ColumnKey, SubjectKey, TableKey};
use model::schema::QualifiedName;
use service::services::Services;
use service::user::UserRequest;

/// May nobody, a viewer, an editor, an administrator?
type Expected = [bool; 4];
const READ: Expected = [false, true, true, true];
const WRITE: Expected = [false, false, true, true];
const ADMINISTER: Expected = [false, false, false, true];
const EVERYBODY: Expected = [true, true, true, true];

const MATRIX: &[(&str, Expected)] = &[
    ("setup_needed", EVERYBODY),
    ("setup", EVERYBODY),
    ("login", EVERYBODY),
    ("logout", EVERYBODY),
    ("logout_everywhere", READ),
    ("password_change", READ),
    ("database_list", READ),
    ("database_fetch", READ),
    ("database_delete", WRITE),
    ("table_list", READ),
    ("table_fetch", READ),
    ("diagram_fetch", READ),
    ("diagram_columns", READ),
    ("diagram_export", READ),
    ("diagram_picture", READ),
    ("search", READ),
    ("search_page", READ),
    ("script_import", WRITE),
    ("sample_create", WRITE),
    ("connection_test", WRITE),
    ("connection_create", WRITE),
    ("database_refresh", WRITE),
    ("script_import_again", WRITE),
    ("refresh_start", WRITE),
    ("refresh_all", WRITE),
    ("refresh_state", READ),
    ("job_fetch", READ),
    ("job_list", READ),
    ("job_cancel", WRITE),
    ("schedule_fetch", READ),
    ("schedule_set", WRITE),
    ("schedule_delete", WRITE),
    ("changes_fetch", READ),
    ("structure_fetch", READ),
    ("export", READ),
    ("findings_fetch", READ),
    ("table_profile", WRITE),
    ("rename_confirm", WRITE),
    ("subject_fetch", WRITE),
    ("database_annotate", WRITE),
    ("table_record_list", READ),
    ("table_record", READ),
    ("table_annotate", WRITE),
    ("column_record", READ),
    ("column_annotate", WRITE),
    ("semantic_decide", WRITE),
    ("relation_list", READ),
    ("relation_decide", WRITE),
    ("relation_add", WRITE),
    ("relation_withdraw", WRITE),
    ("dataset_list", READ),
    ("dataset_fetch", READ),
    ("dataset_create", WRITE),
    ("dataset_delete", WRITE),
    ("dataset_column_create", WRITE),
    ("dataset_column_delete", WRITE),
    ("access_fetch", WRITE),
    ("access_set", WRITE),
    ("grant_set", WRITE),
    ("database_owner_set", WRITE),
    ("group_list", ADMINISTER),
    ("group_create", ADMINISTER),
    ("group_delete", ADMINISTER),
    ("group_member_set", ADMINISTER),
    ("view_list", READ),
    ("view_fetch", READ),
    ("view_create", READ),
    ("view_change", READ),
    ("view_delete", READ),
    ("view_duplicate", READ),
    ("default_view_set", WRITE),
    ("view_arrange", READ),
    ("view_begin", READ),
    ("view_news", READ),
    ("ghost_dismiss", READ),
    ("view_history", READ),
    ("view_restore", READ),
    ("view_listen", READ),
    ("embed_allow", WRITE),
    ("embed_restrict", WRITE),
    ("embed_revoke", WRITE),
    // The secret in the address is the right.
    ("embed_sites", EVERYBODY),
    ("embed_diagram", EVERYBODY),
    ("embed_picture", EVERYBODY),
    ("user_list", ADMINISTER),
    ("user_create", ADMINISTER),
    ("user_set_password", ADMINISTER),
    ("user_set_role", ADMINISTER),
    ("user_deactivate", ADMINISTER),
    ("first_admin_ensure", [false; 4]),
];

/// A connection that goes no further than its check.
fn nowhere() -> contract::source::ConnectionRequest {
    contract::source::ConnectionRequest {
        name: String::new(),
        provider: model::provider::Provider::Oracle,
        host: String::new(),
        port: None,
        database: "x".to_owned(),
        username: String::new(),
        password: Secret::new(""),
        tls_mode: String::new(),
        tls_ca: String::new(),
        create_if_not_exists: false,
        sql_content: None,
    }
}

/// Calls a method with arguments that get no further than its checks of them.
#[expect(clippy::unwrap_used, reason = "the id is written out here")]
#[expect(clippy::panic, reason = "a line without a call fails the test")]
async fn call(services: &Services, method: &str, ctx: &Ctx) -> Result<(), AppError> {
    let id = DatabaseId::from_entropy([0; 10]);
    let view = ViewId::from_entropy([0; 10]);
    let table = QualifiedName::new("public", "orders");
    let job: JobId = "0b9f8a1e-7c55-4f0e-9a3b-1d2e3f405162".parse().unwrap();
    let secret = || Secret::new("x");
    let embed = model::embed::EmbedToken::new("A".repeat(model::embed::TOKEN_CHARS));
    match method {
        "setup_needed" => services.setup_needed(ctx).await.map(drop),
        "setup" => {
            let request = contract::account::SetupRequest {
                code: secret(),
                email: String::new(),
                full_name: String::new(),
                password: secret(),
            };
            services.setup(ctx, request).await.map(drop)
        }
        "login" => services.login(ctx, "nobody", secret()).await.map(drop),
        "logout" => services.logout(ctx, secret()).await,
        "logout_everywhere" => services.logout_everywhere(ctx).await,
        "password_change" => services
            .password_change(ctx, secret(), secret())
            .await
            .map(drop),
        "database_list" => services.database_list(ctx).await.map(drop),
        "database_fetch" => services.database_fetch(ctx, &id).await.map(drop),
        "database_delete" => services.database_delete(ctx, &id).await,
        "table_list" => services
            .table_list(ctx, &id, TableQuery::default())
            .await
            .map(drop),
        "table_fetch" => services.table_fetch(ctx, &id, &table).await.map(drop),
        "diagram_fetch" => services
            .diagram_fetch(ctx, &id, &DiagramQuery::default())
            .await
            .map(drop),
        "diagram_columns" => services
            .diagram_columns(ctx, &id, &[TableId(1)])
            .await
            .map(drop),
        "diagram_export" => {
            let query = DiagramQuery::default();
            let file = services.diagram_export(ctx, &id, &query, "svg", false);
            file.await.map(drop)
        }
        "diagram_picture" => {
            let request = contract::picture::PictureRequest {
                format: contract::picture::PictureFormat::Pdf,
                dark: false,
                origin: None,
            };
            let query = DiagramQuery::default();
            let file = services.diagram_picture(ctx, &id, &query, request);
            file.await.map(drop)
        }
        "search" => services.search(ctx, "orders", 10).await.map(drop),
        "search_page" => services.search_page(ctx, "orders", 1, 10).await.map(drop),
        "script_import" => services
            .script_import(ctx, script("", "CREATE TABLE a (x int);"))
            .await
            .map(drop),
        "sample_create" => services.sample_create(ctx).await.map(drop),
        "connection_test" => services.connection_test(ctx, nowhere()).await.map(drop),
        "connection_create" => services.connection_create(ctx, nowhere()).await.map(drop),
        "database_refresh" => services.database_refresh(ctx, &id).await.map(drop),
        "script_import_again" => services
            .script_import_again(ctx, &id, vec!["CREATE TABLE a (x int);".to_owned()], None)
            .await
            .map(drop),
        "refresh_start" => services.refresh_start(ctx, &id).await.map(drop),
        "refresh_all" => services.refresh_all(ctx).await.map(drop),
        "refresh_state" => services.refresh_state(ctx, &id).await.map(drop),
        "job_fetch" => services.job_fetch(ctx, &job).await.map(drop),
        "job_list" => services.job_list(ctx, JobQuery::default()).await.map(drop),
        "job_cancel" => services.job_cancel(ctx, &job).await.map(drop),
        "schedule_fetch" => services.schedule_fetch(ctx, &id).await.map(drop),
        "schedule_set" => {
            let request = ScheduleRequest {
                cron: String::new(),
                enabled: true,
            };
            services.schedule_set(ctx, &id, request).await.map(drop)
        }
        "schedule_delete" => services.schedule_delete(ctx, &id).await,
        "changes_fetch" => services.changes_fetch(ctx, &id, None, None).await.map(drop),
        "structure_fetch" => services.structure_fetch(ctx, &id).await.map(drop),
        "export" => services.export(ctx, &id, "json", &[]).await.map(drop),
        "findings_fetch" => services.findings_fetch(ctx, &id).await.map(drop),
        "table_profile" => services.table_profile(ctx, &id, &table).await.map(drop),
        "rename_confirm" => {
            let rename = model::diff::Rename::Table {
                old: table.clone(),
                new: table,
            };
            services.rename_confirm(ctx, &id, rename).await
        }
        "subject_fetch" => {
            let key = SubjectKey::Database(id);
            services.subject_fetch(ctx, &key).await.map(drop)
        }
        "database_annotate" => {
            let patch = model::metadata::DatabasePatch::default();
            services.database_annotate(ctx, &id, patch).await.map(drop)
        }
        "table_record_list" => {
            let query = contract::metadata::TableRecordQuery::default();
            services.table_record_list(ctx, query).await.map(drop)
        }
        "table_record" => {
            let key = TableKey::Named(id, table);
            services.table_record(ctx, &key).await.map(drop)
        }
        "table_annotate" => {
            let (key, patch) = (TableKey::Named(id, table), Default::default());
            services.table_annotate(ctx, &key, patch).await.map(drop)
        }
        "column_record" => {
            let key = ColumnKey::Id(ColumnId(0));
            services.column_record(ctx, &key).await.map(drop)
        }
        "column_annotate" => {
            let (key, patch) = (ColumnKey::Id(ColumnId(0)), Default::default());
            services.column_annotate(ctx, &key, patch).await.map(drop)
        }
        "semantic_decide" => {
            let meaning = model::semantic::SemanticType::Email;
            services
                .semantic_decide(ctx, ColumnId(0), meaning, true)
                .await
                .map(drop)
        }
        "relation_list" => {
            let query = model::relation::verdict::RelationQuery::default();
            services.relation_list(ctx, &id, query).await.map(drop)
        }
        "relation_decide" => services
            .relation_decide(ctx, &id, Vec::new())
            .await
            .map(drop),
        "relation_add" => {
            let new = model::relation::verdict::NewRelation {
                from_table: String::new(),
                from_columns: Vec::new(),
                to_table: String::new(),
                to_columns: Vec::new(),
                note: None,
            };
            services.relation_add(ctx, &id, new).await.map(drop)
        }
        "relation_withdraw" => services.relation_withdraw(ctx, &id, 0).await.map(drop),
        "dataset_list" => services
            .dataset_list(ctx, Default::default())
            .await
            .map(drop),
        "dataset_fetch" => services.dataset_fetch(ctx, TableId(0)).await.map(drop),
        "dataset_create" => {
            let new = model::dataset::NewDataset {
                schema: String::new(),
                name: String::new(),
                dataset_type: model::dataset::DatasetType::Csv,
                said: Default::default(),
                columns: Vec::new(),
            };
            services.dataset_create(ctx, new).await.map(drop)
        }
        "dataset_delete" => services.dataset_delete(ctx, TableId(0)).await,
        "dataset_column_create" => {
            let new = model::dataset::NewColumn {
                name: String::new(),
                data_type: String::new(),
                nullable: true,
                primary_key: false,
                said: Default::default(),
            };
            let made = services.dataset_column_create(ctx, TableId(0), new);
            made.await.map(drop)
        }
        "dataset_column_delete" => services.dataset_column_delete(ctx, ColumnId(0)).await,
        "access_fetch" => services.access_fetch(ctx, &id).await.map(drop),
        "access_set" => services.access_set(ctx, &id, DatabaseAccess::None).await,
        "grant_set" => {
            let nobody = Grantee::Person(UserId(0));
            services
                .grant_set(ctx, &id, nobody, DatabaseAccess::Read)
                .await
        }
        "database_owner_set" => services.database_owner_set(ctx, &id, UserId(0)).await,
        "group_list" => services.group_list(ctx).await.map(drop),
        "group_create" => services.group_create(ctx, "").await.map(drop),
        "group_delete" => services.group_delete(ctx, GroupId(0)).await,
        "group_member_set" => {
            services
                .group_member_set(ctx, GroupId(0), UserId(0), true)
                .await
        }
        "view_list" => services.view_list(ctx, &id).await.map(drop),
        "view_fetch" => services.view_fetch(ctx, &id, &view).await.map(drop),
        "view_create" => {
            let new = model::saved_view::NewView::default();
            services.view_create(ctx, &id, new).await.map(drop)
        }
        "view_change" => {
            let patch = model::saved_view::ViewPatch::default();
            services.view_change(ctx, &id, &view, patch).await.map(drop)
        }
        "view_delete" => services.view_delete(ctx, &id, &view).await,
        "view_duplicate" => services.view_duplicate(ctx, &id, &view).await.map(drop),
        "default_view_set" => services.default_view_set(ctx, &id, None).await,
        "view_arrange" => services
            .view_arrange(ctx, &id, &view, Vec::new())
            .await
            .map(drop),
        "view_begin" => services
            .view_begin(ctx, &id, DiagramQuery::default(), "a page", Vec::new())
            .await
            .map(drop),
        "view_news" => services.view_news(ctx, &id, &view, 0).await.map(drop),
        "ghost_dismiss" => services.ghost_dismiss(ctx, &id, &view, TableId(0)).await,
        "view_history" => services.view_history(ctx, &id, &view).await.map(drop),
        "view_restore" => services.view_restore(ctx, &id, &view, 1).await.map(drop),
        "view_listen" => services.view_listen(ctx, &id, &view).await.map(drop),
        "embed_allow" => services.embed_allow(ctx, &id, &view, None).await.map(drop),
        "embed_restrict" => services
            .embed_restrict(ctx, &id, &view, &[])
            .await
            .map(drop),
        "embed_revoke" => services.embed_revoke(ctx, &id, &view).await,
        "embed_sites" => services.embed_sites(ctx, &embed).await.map(drop),
        "embed_diagram" => services.embed_diagram(ctx, &embed, None).await.map(drop),
        "embed_picture" => services
            .embed_picture(ctx, &embed, None, false)
            .await
            .map(drop),
        "user_list" => services.user_list(ctx).await.map(drop),
        "user_create" => {
            let request = UserRequest {
                email: String::new(),
                username: None,
                full_name: String::new(),
                role: Role::Viewer,
                password: secret(),
            };
            services.user_create(ctx, request).await.map(drop)
        }
        "user_set_password" => services.user_set_password(ctx, "nobody", secret()).await,
        "user_set_role" => services.user_set_role(ctx, "nobody", Role::Viewer).await,
        "user_deactivate" => services.user_deactivate(ctx, "nobody").await,
        "first_admin_ensure" => services
            .first_admin_ensure(ctx, "", secret())
            .await
            .map(drop),
        other => panic!("no call is written for {other}"),
    }
}

#[tokio::test]
async fn every_method_asks_who_is_there() {
    // A sample of a few seconds is made for the roles that may.
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let actors = [
                ("nobody", anonymous()),
                ("viewer", with_role(Role::Viewer)),
                ("editor", with_role(Role::Editor)),
                ("administrator", with_role(Role::Admin)),
            ];
            for &(method, expected) in MATRIX {
                for ((who, ctx), allowed) in actors.iter().zip(expected) {
                    let kind = call(&catalog.services, method, ctx)
                        .await
                        .err()
                        .map(|error| error.kind);
                    let refused = match *who {
                        "nobody" => kind == Some(ErrorKind::Unauthenticated),
                        _ => kind == Some(ErrorKind::Forbidden),
                    };
                    assert_eq!(!refused, allowed, "{method} by {who}: {kind:?}");
                }
            }
        },
    )
    .await;
}
