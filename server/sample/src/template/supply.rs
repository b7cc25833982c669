//! Supply chain: stock, purchase orders, parcels.

use super::{Template, dashboard, exploration, month_end};
use crate::analyst::{ELENA, JONAS, MARA, SAM};

pub(super) const TEMPLATES: &[Template] = &[
    Template::select(
        "due for reorder",
        &[JONAS, SAM],
        dashboard(2.4),
        (350.0, 2_700.0),
        "SELECT a.sku, a.product_name, a.warehouse_code, a.available, f.supplier_id, f.min_quantity, s.lead_time_days
FROM logistics.available_stock AS a
LEFT JOIN catalog.supplier_offers AS f ON f.variant_id = a.variant_id AND f.is_preferred
LEFT JOIN catalog.suppliers AS s ON s.id = f.supplier_id
WHERE a.is_due AND a.warehouse_code = '{warehouse}'
ORDER BY a.available",
    ),
    Template::select(
        "purchase orders on the way",
        &[JONAS],
        dashboard(1.8),
        (120.0, 160.0),
        "SELECT po.po_number, s.name AS supplier, w.code AS warehouse, po.expected_on, po.expected_on < DATE '{today}' AS is_late
FROM logistics.purchase_orders po
JOIN catalog.suppliers s ON s.id = po.supplier_id
JOIN logistics.warehouses w ON w.id = po.warehouse_id
WHERE po.status IN ('sent', 'confirmed')
ORDER BY po.expected_on",
    ),
    Template::select(
        "parcels per day and carrier",
        &[JONAS],
        dashboard(1.9),
        (270.0, 3_400.0),
        "SELECT sh.shipped_at::date AS day, ca.name AS carrier, count(*) AS parcels, sum(sh.weight_grams) / 1000 AS kg
FROM logistics.shipments sh
JOIN logistics.carriers ca ON ca.code = sh.carrier_code
WHERE sh.shipped_at >= DATE '{week_ago}'
GROUP BY 1, 2
ORDER BY 1, 2",
    ),
    Template::select(
        "parcels per packer",
        &[JONAS],
        dashboard(1.2),
        (330.0, 3_600.0),
        "SELECT e.full_name, count(*) AS parcels, sum(l.quantity) AS pieces
FROM logistics.shipments AS sh
JOIN sales.employees AS e ON e.id = sh.packed_by
JOIN logistics.shipment_lines AS l ON l.shipment_id = sh.id
WHERE sh.shipped_at >= DATE '{week_ago}' AND sh.shipped_at < DATE '{tomorrow}'
GROUP BY e.full_name
ORDER BY parcels DESC",
    ),
    Template::select(
        "delivery time by carrier",
        &[JONAS],
        exploration(1.5),
        (760.0, 5_800.0),
        "select s.carrier_code,
       count(*),
       avg(s.delivered_at - s.shipped_at) as mean,
       percentile_disc(0.9) within group (order by s.delivered_at - s.shipped_at) as slowest_tenth
from logistics.shipments s
join sales.orders o on o.id = s.order_id
where s.delivered_at is not null and o.placed_at >= '{since}'
group by 1
order by 3 desc",
    ),
    Template::select(
        "supplier punctuality",
        &[JONAS],
        exploration(1.1),
        (190.0, 700.0),
        "SELECT s.name,
       s.lead_time_days AS promised,
       round(avg(po.received_on - po.ordered_on), 1) AS real,
       count(*) FILTER (WHERE po.received_on > po.expected_on) AS late,
       count(*) AS deliveries
FROM logistics.purchase_orders po
JOIN catalog.suppliers s ON s.id = po.supplier_id
WHERE po.status = 'received' AND po.ordered_on >= DATE '{year_ago}'
GROUP BY s.id
ORDER BY late DESC",
    ),
    Template::select(
        "movements of a variant",
        &[JONAS],
        exploration(1.8),
        (85.0, 120.0),
        "SELECT m.moved_at, w.code, m.kind, m.quantity, m.order_number,
       sum(m.quantity) OVER (PARTITION BY m.warehouse_id ORDER BY m.moved_at, m.id) AS running
FROM logistics.stock_movements m
JOIN logistics.warehouses w ON w.id = m.warehouse_id
WHERE m.variant_id = {variant}
ORDER BY m.moved_at",
    ),
    Template::select(
        "days of stock left",
        &[JONAS, SAM],
        exploration(1.4),
        (1_250.0, 8_900.0),
        "WITH sold AS (
    SELECT warehouse_id, variant_id, -sum(quantity) / 30.0 AS per_day
    FROM logistics.stock_movements
    WHERE kind = 'sale' AND moved_at >= DATE '{month_ago}'
    GROUP BY warehouse_id, variant_id
)
SELECT v.sku, st.on_hand, round(sold.per_day, 2) AS per_day, round(st.on_hand / sold.per_day) AS days_left
FROM logistics.stock_levels st
JOIN sold ON sold.warehouse_id = st.warehouse_id AND sold.variant_id = st.variant_id
JOIN catalog.variants v ON v.id = st.variant_id
WHERE sold.per_day > 0
ORDER BY days_left
LIMIT {limit}",
    ),
    Template::select(
        "scanned sales without an order",
        &[JONAS, MARA],
        exploration(0.7),
        (980.0, 7_200.0),
        "-- order_number is typed from the slip, so it can be wrong
SELECT m.id, m.order_number, m.moved_at
FROM logistics.stock_movements m
LEFT JOIN sales.orders o ON o.order_number = m.order_number
WHERE m.kind IN ('sale', 'return') AND o.id IS NULL AND m.moved_at >= DATE '{since}'",
    ),
    Template::select(
        "shelf space by zone",
        &[JONAS],
        exploration(0.8),
        (140.0, 1_500.0),
        "select b.zone, count(distinct b.bin_code) as bins, sum(b.capacity_litres) as litres, sum(s.on_hand) as pieces
from logistics.bins b
left join logistics.stock_levels s on s.warehouse_id = b.warehouse_id and s.bin_code = b.bin_code
where b.warehouse_id = (select id from logistics.warehouses where code = '{warehouse}')
group by b.zone
order by b.zone",
    ),
    Template::select(
        "short deliveries",
        &[JONAS],
        exploration(0.9),
        (160.0, 1_100.0),
        "SELECT po.po_number, v.sku, l.quantity, l.quantity_received, e.full_name AS buyer
FROM logistics.purchase_order_lines AS l
JOIN logistics.purchase_orders AS po ON po.id = l.purchase_order_id
JOIN catalog.variants AS v ON v.id = l.variant_id
JOIN sales.employees AS e ON e.id = po.buyer_id
WHERE po.status = 'received' AND l.quantity_received < l.quantity AND po.supplier_id = {supplier}",
    ),
    Template::select(
        "heavy goods",
        &[JONAS],
        exploration(0.5),
        (230.0, 1_300.0),
        "SELECT p.name, d.weight_grams, d.origin_country, sum(s.on_hand) AS on_hand
FROM catalog.products p
JOIN catalog.product_details d ON d.product_id = p.id
JOIN catalog.variants v ON v.product_id = p.id
JOIN logistics.stock_levels s ON s.variant_id = v.id
WHERE d.weight_grams > {amount} * 4
GROUP BY p.name, d.weight_grams, d.origin_country
ORDER BY d.weight_grams DESC",
    ),
    Template::select(
        "month end: freight and parcel cost",
        &[ELENA, JONAS],
        month_end(2.0),
        (890.0, 6_400.0),
        "SELECT w.name AS warehouse,
       (SELECT sum(po.freight_cost) FROM logistics.purchase_orders po
         WHERE po.warehouse_id = w.id AND po.received_on >= DATE '{last_month}' AND po.received_on < DATE '{month}') AS freight_eur,
       (SELECT sum(sh.cost_eur) FROM logistics.shipments sh
         WHERE sh.warehouse_id = w.id AND sh.shipped_at >= DATE '{last_month}' AND sh.shipped_at < DATE '{month}') AS parcels_eur
FROM logistics.warehouses w
ORDER BY w.name",
    ),
    Template::select(
        "month end: stock value",
        &[ELENA],
        month_end(1.6),
        (730.0, 2_900.0),
        "SELECT w.code, c.name AS category, sum(st.on_hand * v.unit_cost)::numeric(12,2) AS value_eur, DATE '{month}' AS as_of
FROM logistics.stock_levels st
JOIN logistics.warehouses w ON w.id = st.warehouse_id
JOIN catalog.variants v ON v.id = st.variant_id
JOIN catalog.product_categories pc ON pc.product_id = v.product_id AND pc.is_primary
JOIN catalog.categories c ON c.id = pc.category_id
GROUP BY ROLLUP (w.code, c.name)
ORDER BY w.code, value_eur DESC",
    ),
];
