//! The loads that run without anybody, and the data engineer who looks after them.

use super::{Template, dashboard, exploration};
use crate::analyst::{ETL, MARA};
use crate::rhythm::Rhythm;

const fn nightly(minute: i64) -> Rhythm {
    Rhythm::Nightly { minute }
}

pub(super) const TEMPLATES: &[Template] = &[
    Template::select(
        "load events",
        &[ETL],
        Rhythm::Hourly { minute: 6 },
        (35.0, 1.0),
        "INSERT INTO growth.events (occurred_at, session_id, customer_ref, kind, page_path, payload)
VALUES (TIMESTAMPTZ '{yesterday} {hour}:05:00+00', '{uuid}', '{customer}', 'page_view', '/{category}', '{}')",
    )
    .of_type("INSERT"),
    Template::select(
        "load exchange rates",
        &[ETL],
        nightly(14),
        (60.0, 5.0),
        "INSERT INTO sales.exchange_rates (currency, rate_on, rate_to_eur)
VALUES ('GBP', DATE '{today}', 1.16{n}0), ('SEK', DATE '{today}', 0.08{n}1), ('DKK', DATE '{today}', 0.1340)
ON CONFLICT (currency, rate_on) DO UPDATE SET rate_to_eur = excluded.rate_to_eur",
    )
    .of_type("INSERT"),
    Template::select(
        "close delivered orders",
        &[ETL],
        nightly(62),
        (5_200.0, 4_300.0),
        "UPDATE sales.orders AS o
SET status = 'delivered', updated_at = now()
FROM logistics.shipments AS s
WHERE s.order_id = o.id
  AND o.status = 'shipped'
  AND s.delivered_at < TIMESTAMPTZ '{today} 00:00:00+00'",
    )
    .of_type("UPDATE"),
    Template::select(
        "compute segments",
        &[ETL],
        nightly(75),
        (8_900.0, 5_600.0),
        "UPDATE sales.customers AS c
SET segment = CASE WHEN recent.orders >= 5 THEN 'loyal' ELSE 'regular' END::sales.customer_segment
FROM (
    SELECT customer_id, count(*) AS orders
    FROM sales.orders
    WHERE placed_at >= DATE '{year_ago}' AND status <> 'cancelled'
    GROUP BY customer_id
    HAVING count(*) > 1
) AS recent
WHERE recent.customer_id = c.id AND c.vat_number IS NULL",
    )
    .of_type("UPDATE"),
    Template::select(
        "forget old visits",
        &[ETL],
        nightly(130),
        (4_100.0, 9_400.0),
        "DELETE FROM growth.sessions WHERE started_at < DATE '{today}' - 90",
    )
    .of_type("DELETE"),
    Template::select(
        "forget orphaned events",
        &[ETL],
        nightly(134),
        (6_800.0, 10_200.0),
        "DELETE FROM growth.events AS e
WHERE e.occurred_at < DATE '{month_ago}'
  AND NOT EXISTS (SELECT 1 FROM growth.sessions AS s WHERE s.id = e.session_id)",
    )
    .of_type("DELETE"),
    Template::select(
        "copy campaign spend",
        &[ETL],
        nightly(152),
        (900.0, 60.0),
        "INSERT INTO growth.campaign_spend (campaign_id, spent_on, impressions, clicks, cost_eur)
SELECT id, DATE '{yesterday}', {amount} * 10, {n}, 0
FROM growth.campaigns
WHERE starts_on <= DATE '{yesterday}' AND (ends_on IS NULL OR ends_on >= DATE '{yesterday}')
ON CONFLICT (campaign_id, spent_on) DO UPDATE SET impressions = excluded.impressions, clicks = excluded.clicks",
    )
    .of_type("INSERT"),
    Template::select(
        "raise reorder points",
        &[ETL],
        nightly(171),
        (3_300.0, 5_900.0),
        "UPDATE logistics.stock_levels AS s
SET reorder_point = greatest(s.reorder_point, sold.pieces / 4)
FROM (
    SELECT warehouse_id, variant_id, -sum(quantity) AS pieces
    FROM logistics.stock_movements
    WHERE kind = 'sale' AND moved_at >= DATE '{month_ago}'
    GROUP BY warehouse_id, variant_id
) AS sold
WHERE sold.warehouse_id = s.warehouse_id AND sold.variant_id = s.variant_id",
    )
    .of_type("UPDATE"),
    Template::select(
        "check orders without lines",
        &[ETL],
        nightly(190),
        (1_300.0, 12_000.0),
        "-- quality check: must return nothing
SELECT o.id, o.order_number
FROM sales.orders AS o
LEFT JOIN sales.order_lines AS l ON l.order_id = o.id
WHERE l.order_id IS NULL AND o.placed_at >= DATE '{week_ago}'",
    ),
    Template::select(
        "check events of unknown customers",
        &[ETL],
        nightly(195),
        (2_700.0, 11_000.0),
        "-- quality check: customer_ref is text and has no foreign key
SELECT count(*) AS unknown
FROM growth.events AS e
LEFT JOIN sales.customers AS c ON c.id::text = e.customer_ref
WHERE e.customer_ref IS NOT NULL
  AND c.id IS NULL
  AND e.occurred_at >= DATE '{yesterday}'",
    ),
    Template::select(
        "freshness of the loads",
        &[MARA],
        dashboard(2.6),
        (240.0, 4_000.0),
        "SELECT 'orders' AS what, max(updated_at) AS newest FROM sales.orders
UNION ALL
SELECT 'events', max(occurred_at) FROM growth.events WHERE occurred_at >= DATE '{yesterday}'
UNION ALL
SELECT 'movements', max(moved_at) FROM logistics.stock_movements WHERE moved_at >= DATE '{week_ago}'",
    ),
    Template::select(
        "events per partition",
        &[MARA],
        exploration(0.7),
        (1_900.0, 24_000.0),
        "select tableoid::regclass as partition, count(*), min(occurred_at), max(occurred_at)
from growth.events
group by 1
order by 2 desc
limit {limit}",
    ),
    Template::select(
        "carrier price list",
        &[MARA],
        exploration(0.5),
        (45.0, 60.0),
        "select carrier, zone, replace(regexp_replace(price, '[^0-9,.]', '', 'g'), ',', '.')::numeric as price
from logistics.carrier_rate_import
where imported_at >= date '{since}' - 400
order by carrier, zone, price",
    ),
    Template::select(
        "work table for a restatement",
        &[MARA],
        exploration(0.25),
        (7_400.0, 9_500.0),
        "CREATE TABLE work_order_costs AS
SELECT l.order_id, l.line_no, l.variant_id, coalesce(l.unit_cost, v.unit_cost) AS unit_cost
FROM sales.order_lines AS l
JOIN catalog.variants AS v ON v.id = l.variant_id
WHERE l.order_id > {order}",
    )
    .of_type("CREATE"),
];
