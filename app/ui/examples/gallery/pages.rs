//! Mock pages: a table, the list of databases, an error.

use crate::frame::{before, shell};
use leptos::prelude::*;
use ui::*;

struct Row {
    name: &'static str,
    kind: &'static str,
    key: Option<Option<&'static str>>,
    nullable: bool,
    null: &'static str,
    distinct: Option<&'static str>,
    values: &'static str,
    share: f64,
    description: &'static str,
}

#[rustfmt::skip]
const ROWS: [Row; 8] = [
    Row { name: "id", kind: "bigint", key: Some(None), nullable: false, null: "0.0 %", distinct: Some("18.2 M"), values: "1–18 204 551", share: 0.92, description: "" },
    Row { name: "customer_id", kind: "bigint", key: Some(Some("customers.id")), nullable: false, null: "0.0 %", distinct: Some("2.0 M"), values: "", share: 1.0, description: "Buyer; never changes after checkout." },
    Row { name: "coupon_id", kind: "int", key: Some(Some("coupons.id")), nullable: true, null: "93.1 %", distinct: Some("398"), values: "", share: 0.03, description: "" },
    Row { name: "placed_at", kind: "timestamptz", key: None, nullable: false, null: "0.0 %", distinct: None, values: "2016-02-11 – today", share: 0.87, description: "When the buyer confirmed, UTC." },
    Row { name: "status", kind: "order_status", key: None, nullable: false, null: "0.0 %", distinct: Some("3"), values: "open 2 %, paid 91 %, void 7 %", share: 0.7, description: "" },
    Row { name: "total_cents", kind: "bigint", key: None, nullable: false, null: "0.0 %", distinct: Some("211 k"), values: "0 – 4 180 000", share: 0.54, description: "Excludes VAT before 2023." },
    Row { name: "shipping_address", kind: "jsonb", key: None, nullable: true, null: "4.4 %", distinct: None, values: "", share: 0.11, description: "" },
    Row { name: "referrer", kind: "text", key: None, nullable: true, null: "38.0 %", distinct: Some("8 114"), values: "(direct) 61 %, google 20 %", share: 0.05, description: "" },
];

fn column(row: Row) -> AnyView {
    let key = match row.key {
        None => view! { <td></td> }.into_any(),
        Some(None) => view! {
            <td><span class="cell-icon"><Icon name=IconName::Key class="icon-key" label="Primary key"/></span></td>
        }
        .into_any(),
        Some(Some(target)) => view! {
            <td class="nowrap">
                <span class="cell-icon">
                    <Icon name=IconName::ForeignKey class="icon-foreign" label="Foreign key"/>
                    <a class="mono" href="#">{target}</a>
                </span>
            </td>
        }
        .into_any(),
    };
    view! {
        <tr>
            <th scope="row"><span class="mono">{row.name}</span></th>
            <td class="type">{row.kind}</td>
            {key}
            <td class="dim">{row.nullable.then_some("null")}</td>
            <NumberCell value=Some(row.null.to_owned())/>
            <NumberCell value=row.distinct.map(str::to_owned)/>
            <DimCell value=Some(row.values.to_owned())/>
            <td><UseBar share=row.share label=format!("{:.0} %", row.share * 100.0)/></td>
            <DimCell value=Some(row.description.to_owned()) wrap=true/>
        </tr>
    }
    .into_any()
}

fn queries() -> AnyView {
    let rows = [
        (
            "select date_trunc('day', placed_at) d, sum(total_cents) from orders where status = $1 group by 1",
            "analyst 4",
            "1 204",
            "84 ms",
            6,
        ),
        (
            "select o.*, c.country from orders o join customers c on c.id = o.customer_id where c.country = 'CH'",
            "analyst 1",
            "611",
            "212 ms",
            21,
        ),
        (
            "select p.name, count(*) from orders o join order_lines l on l.order_id = o.id join products p on p.id = l.product_id",
            "nightly_etl",
            "90",
            "41.2 s",
            180,
        ),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(sql, by, runs, slow, ago)| {
            view! {
                <tr>
                    <td class="wrap"><SqlText text=sql/></td>
                    <td class="nowrap">{by}</td>
                    <NumberCell value=Some(runs.to_owned())/>
                    <NumberCell value=Some(slow.to_owned())/>
                    <td class="num dim"><RelativeTime at=before(ago)/></td>
                </tr>
            }
        })
        .collect();
    let head = view! {
        <th scope="col">"Query"</th>
        <th scope="col">"Mostly by"</th>
        <SortHeader label="Runs" href="#" number=true direction=Some(SortDirection::Descending)/>
        <SortHeader label="p95" href="#" number=true/>
        <SortHeader label="Last" href="#" number=true/>
    }
    .into_any();
    view! { <TableFrame label="Frequent queries" head>{rows}</TableFrame> }.into_any()
}

/// The page of one table.
pub(crate) fn table() -> AnyView {
    let crumbs = vec![
        Crumb::link("warehouse", "#"),
        Crumb::link("sales", "#"),
        Crumb::here("orders"),
    ];
    let badges = view! {
        <Badge>"table"</Badge>
        <Badge tone=Tone::Success dot=true>"refreshed 12 min ago"</Badge>
    }
    .into_any();
    let actions = view! {
        <Button icon=IconName::Star label="Keep at hand"/>
        <Button>"Edit"</Button>
        <ButtonLink href="#" variant=ButtonVariant::Primary icon=IconName::Diagram>"Open in diagram"</ButtonLink>
    }
    .into_any();
    let tabs = vec![
        Tab::new("Columns", "#", true).with_count("8"),
        Tab::new("Relations", "#", false).with_count("11"),
        Tab::new("Indexes", "#", false).with_count("5"),
        Tab::new("Queries", "#", false).with_count("1 905"),
        Tab::new("Notes", "#", false).with_count("3"),
        Tab::new("Changes", "#", false),
        Tab::new("DDL", "#", false),
    ];
    let head = view! {
        <SortHeader label="Column" href="#"/>
        <SortHeader label="Type" href="#"/>
        <th scope="col">"Key"</th>
        <th scope="col"><VisuallyHidden>"Nullable"</VisuallyHidden></th>
        <SortHeader label="Null" href="#" number=true/>
        <SortHeader label="Distinct" href="#" number=true/>
        <th scope="col">"Values"</th>
        <SortHeader label="Use, 30 d" href="#" direction=Some(SortDirection::Descending)/>
        <th scope="col">"Description"</th>
    }
    .into_any();
    let days = vec![
        9, 11, 7, 5, 16, 18, 20, 20, 19, 7, 6, 22, 24, 25, 23, 25, 8, 7, 26, 27, 25, 28, 27, 9, 7,
        30, 31, 29, 33, 31,
    ];
    let page = view! {
        <div class="page page-wide">
            <PageHeader title="sales.orders" mono=true badges actions>
                "One row per checkout, kept after cancellation. "
                <span class="dim">
                    "Human · " <RelativeTime at=before(30_240)/> ". Source comment: “customer orders”."
                </span>
            </PageHeader>
            <Stats>
                <Stat label="Rows" title="18204551">"18 204 551"</Stat>
                <Stat label="Size">"4.1 GB " <span class="dim">"+ 2.2 GB indexes"</span></Stat>
                <Stat label="References">"2 out, 9 in"</Stat>
                <Stat label="Read by">"41 people " <span class="dim">"in 30 d"</span></Stat>
                <Stat label="Queries per day"><Sparkline label="Queries per day" values=days/></Stat>
            </Stats>
            <Tabs label="Table" tabs/>
            <TableFrame label="Columns" head>{ROWS.map(column).into_iter().collect::<Vec<_>>()}</TableFrame>
            <section class="section">
                <h2>"Frequent queries"</h2>
                {queries()}
            </section>
        </div>
    }
    .into_any();
    shell(crumbs, "Databases", page)
}

/// The list of databases.
pub(crate) fn databases() -> AnyView {
    let rows = [
        (
            "warehouse",
            "PostgreSQL 18",
            "1 368",
            "21 904",
            "1 502",
            12,
            "Tone",
        ),
        ("billing", "PostgreSQL 16", "84", "911", "97", 190, ""),
        ("gitlab", "DDL", "1 021", "11 460", "1 733", 4_400, "upload"),
        ("sample shop", "Sample", "41", "312", "38", 9_000, ""),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(name, engine, tables, columns, links, ago, state)| {
            let state = match state {
                "upload" => view! { <Badge tone=Tone::Warning>"3 statements unread"</Badge> },
                _ => view! { <Badge tone=Tone::Success dot=true>"up to date"</Badge> },
            };
            view! {
                <tr>
                    <th scope="row">
                        <span class="cell-icon">
                            <Icon name=IconName::Database/>
                            <a class="strong" href="#">{name}</a>
                        </span>
                    </th>
                    <td class="soft nowrap">{engine}</td>
                    <NumberCell value=Some(tables.to_owned())/>
                    <NumberCell value=Some(columns.to_owned())/>
                    <NumberCell value=Some(links.to_owned())/>
                    <td>{state}</td>
                    <td class="num dim"><RelativeTime at=before(ago)/></td>
                    <td class="col-actions">
                        <ButtonLink href="#" variant=ButtonVariant::Ghost icon=IconName::Diagram label="Diagram"/>
                    </td>
                </tr>
            }
        })
        .collect();
    let head = view! {
        <SortHeader label="Name" href="#" direction=Some(SortDirection::Ascending)/>
        <SortHeader label="Source" href="#"/>
        <SortHeader label="Tables" href="#" number=true/>
        <SortHeader label="Columns" href="#" number=true/>
        <SortHeader label="Foreign keys" href="#" number=true/>
        <th scope="col">"State"</th>
        <SortHeader label="Refreshed" href="#" number=true/>
        <th scope="col"><VisuallyHidden>"Actions"</VisuallyHidden></th>
    }
    .into_any();
    let actions = view! {
        <Button icon=IconName::Upload>"Import SQL"</Button>
        <Button variant=ButtonVariant::Primary icon=IconName::Plus>"Add a database"</Button>
    }
    .into_any();
    let page = view! {
        <div class="page page-wide">
            <PageHeader title="Databases" actions/>
            <div class="toolbar">
                <SearchField label="Filter databases" name="q"/>
                <div class="segments" role="group" aria-label="Source">
                    <button class="segment" type="button" aria-pressed="true">"All"</button>
                    <button class="segment" type="button" aria-pressed="false">"Connected"</button>
                    <button class="segment" type="button" aria-pressed="false">"Uploaded"</button>
                </div>
            </div>
            <div>
                <TableFrame label="Databases" head>{rows}</TableFrame>
                <div class="table-note"><span>"4 databases, 2 514 tables"</span></div>
            </div>
            <section class="section">
                <h2>"Three ways in"</h2>
                {choices()}
            </section>
        </div>
    }
    .into_any();
    shell(vec![Crumb::here("Databases")], "Databases", page)
}

fn choices() -> AnyView {
    let choice = |icon, title: &'static str, text: &'static str| {
        view! {
            <div class="choice">
                <Icon name=icon/>
                <a class="choice-action" href="#">{title}</a>
                <p>{text}</p>
            </div>
        }
    };
    view! {
        <div class="card-grid">
            {choice(IconName::Box, "Load the sample", "A shop’s warehouse: 41 tables, 90 days of queries. Ready in seconds.")}
            {choice(IconName::Paste, "Paste or upload SQL", "A dump or a migration. What cannot be read is listed with its line.")}
            {choice(IconName::Plug, "Connect a database", "Read-only, refreshed on a schedule. Passwords are kept encrypted.")}
        </div>
    }
    .into_any()
}

/// A page that cannot show itself.
pub(crate) fn error() -> AnyView {
    let page = view! {
        <div class="page">
            <ErrorView
                title="This database is gone"
                text="It was removed from the catalog, or you have no right to see it. The list shows what there is."
                retry="#"
                request_id="01JD3N8K2Q"
            >
                <ButtonLink href="#">"All databases"</ButtonLink>
            </ErrorView>
        </div>
    }
    .into_any();
    shell(
        vec![Crumb::link("Databases", "#"), Crumb::here("db_9x")],
        "Databases",
        page,
    )
}
