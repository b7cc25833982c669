-- Rows of warehouses, stock, purchase orders and shipments.

INSERT INTO logistics.warehouses (code, name, country_code, postcode, manager_id, opened_on) VALUES
    ('RTM', 'Rotterdam quay',  'NL', 3089,  6,  DATE '2016-03-01'),
    ('LEJ', 'Leipzig north',   'DE', 4158,  11, DATE '2021-09-15'),
    ('STO', 'Store stock room', 'NL', 3011, 16, DATE '2015-05-20');

INSERT INTO logistics.bins (warehouse_id, bin_code, zone, capacity_litres, is_heated)
SELECT
    w.id,
    zone || '-' || lpad(aisle::text, 2, '0') || '-' || level,
    zone,
    (ARRAY[120, 240, 480])[1 + (aisle + level) % 3],
    zone = 'A'
FROM logistics.warehouses AS w
CROSS JOIN unnest(ARRAY['A', 'B', 'C', 'D']) AS zone
CROSS JOIN generate_series(1, 9) AS aisle
CROSS JOIN generate_series(1, 3) AS level
WHERE w.code <> 'STO' OR zone IN ('A', 'B');

INSERT INTO logistics.stock_levels (warehouse_id, variant_id, bin_code, on_hand, reserved, reorder_point, counted_at)
SELECT
    w.id,
    v.id,
    CASE WHEN pg_temp.dice('placed', v.id) < 0.95
         THEN pg_temp.pick('zone', v.id, ARRAY['A', 'B']) || '-' || lpad((1 + v.id % 9)::text, 2, '0') || '-' || (1 + v.id % 3) END,
    stock.on_hand,
    least(stock.on_hand, floor(power(pg_temp.dice('reserved', v.id * 4 + w.id), 4) * 6)::int),
    (ARRAY[5, 10, 15, 20])[1 + v.product_id % 4],
    CASE WHEN pg_temp.dice('counted', v.id * 4 + w.id) < 0.8
         THEN TIMESTAMPTZ '{today} 00:00:00+00' - make_interval(secs => 86400 * 180 * pg_temp.dice('counted on', v.id * 4 + w.id)) END
FROM logistics.warehouses AS w
CROSS JOIN catalog.variants AS v
CROSS JOIN LATERAL (SELECT floor(power(pg_temp.dice('on hand', v.id * 4 + w.id), 2) * 160)::int AS on_hand) AS stock
WHERE w.code = 'RTM' OR pg_temp.dice('stocked', v.id * 4 + w.id) < 0.35;


INSERT INTO logistics.purchase_orders (id, po_number, supplier_id, warehouse_id, buyer_id, status, ordered_on, expected_on, received_on, freight_cost)
OVERRIDING SYSTEM VALUE
SELECT
    n,
    'PO-' || (2000 + n),
    s.id,
    CASE WHEN pg_temp.dice('to', n) < 0.7 THEN 1 ELSE 2 END,
    5 + 5 * floor(pg_temp.dice('buyer', n) * 8)::int,
    CASE
        WHEN pg_temp.dice('po fate', n) < 0.04 THEN 'cancelled'::logistics.purchase_status
        WHEN times.arrives < DATE '{today}' THEN 'received'
        WHEN times.ordered_on > DATE '{today}' - 4 THEN 'sent'
        ELSE 'confirmed'
    END,
    times.ordered_on,
    times.ordered_on + s.lead_time_days,
    CASE WHEN pg_temp.dice('po fate', n) >= 0.04 AND times.arrives < DATE '{today}' THEN times.arrives END,
    CASE WHEN times.arrives < DATE '{today}' - 10 THEN round((60 + 400 * pg_temp.dice('freight', n))::numeric, 2) END
FROM generate_series(1, 150) AS n
JOIN catalog.suppliers AS s ON s.id = 1 + floor(pg_temp.dice('supplier', n) * 12)::int
CROSS JOIN LATERAL (SELECT DATE '{today}' - (540 - floor(n * 3.59)::int) AS ordered_on) AS start
CROSS JOIN LATERAL (
    SELECT start.ordered_on, start.ordered_on + s.lead_time_days + floor(14 * power(pg_temp.dice('late', n), 2) - 2)::int AS arrives
) AS times
ORDER BY n;

INSERT INTO logistics.purchase_order_lines (purchase_order_id, line_no, variant_id, quantity, quantity_received, unit_cost)
SELECT
    po.id,
    row_number() OVER (PARTITION BY po.id ORDER BY offer.variant_id),
    offer.variant_id,
    offer.min_quantity * 2,
    CASE WHEN po.status = 'received' THEN offer.min_quantity * 2 - CASE WHEN pg_temp.dice('short', po.id * 700 + offer.variant_id) < 0.06 THEN 1 ELSE 0 END ELSE 0 END,
    offer.unit_cost
FROM logistics.purchase_orders AS po
JOIN catalog.supplier_offers AS offer ON offer.supplier_id = po.supplier_id
WHERE pg_temp.dice('on order', po.id * 700 + offer.variant_id) < 0.09;


INSERT INTO logistics.carriers (code, name, tracking_url, countries, max_weight_kg) VALUES
    ('delta',  'Delta Pakket',    'https://delta-pakket.example/t/%s',  '{NL,BE}',                      23.0),
    ('ember',  'Ember Express',   'https://ember.example/track?no=%s',  '{AT,CH,DE,FR,GB,IT,NL,PL}',    30.0),
    ('norden', 'Norden Parcel',   'https://nordenparcel.example/%s',    '{DK,FI,SE}',                   20.0),
    ('slow',   'Slowpost Europe', NULL,                                 '{AT,BE,DE,ES,FR,IT,PL,PT,SE}', 10.0);

-- A parcel for every order that left the house, packed by someone of the warehouse team.
INSERT INTO logistics.shipments (id, order_id, warehouse_id, carrier_code, tracking_number, status, packed_by, weight_grams, cost_eur, shipped_at, delivered_at)
OVERRIDING SYSTEM VALUE
SELECT
    row_number() OVER (ORDER BY o.id),
    o.id,
    CASE WHEN o.channel = 'store' THEN 3 WHEN c.country_code IN ('DE', 'AT', 'PL', 'CH') AND o.id % 3 > 0 THEN 2 ELSE 1 END,
    CASE WHEN c.country_code IN ('NL', 'BE') THEN 'delta' WHEN c.country_code IN ('SE', 'DK') THEN 'norden'
         WHEN c.country_code IN ('ES') OR o.id % 5 = 0 AND c.country_code NOT IN ('GB', 'CH') THEN 'slow' ELSE 'ember' END,
    CASE WHEN o.status <> 'packed' THEN upper(substr(md5('tracking' || o.id), 1, 12)) END,
    CASE
        WHEN o.status = 'packed' THEN 'packed'::logistics.shipment_status
        WHEN o.status = 'shipped' THEN 'in_transit'
        WHEN o.status = 'returned' AND pg_temp.dice('lost', o.id) < 0.1 THEN 'lost'
        WHEN o.status = 'returned' AND pg_temp.dice('lost', o.id) < 0.2 THEN 'sent_back'
        ELSE 'delivered'
    END,
    CASE WHEN pg_temp.dice('badge', o.id) < 0.97 THEN 11 + 5 * floor(pg_temp.dice('packer', o.id) * 7)::int END,
    goods.weight_grams + 180,
    round((3.2 + goods.weight_grams * 0.0011 + 2 * pg_temp.dice('cost', o.id))::numeric, 2),
    CASE WHEN o.status <> 'packed' THEN leaves.at END,
    CASE WHEN o.status = 'delivered' OR o.status = 'returned' AND pg_temp.dice('lost', o.id) >= 0.2
         THEN leaves.at + make_interval(secs => 86400 * (0.8 + 2.4 * pg_temp.dice('transit', o.id))) END
FROM sales.orders AS o
JOIN sales.customers AS c ON c.id = o.customer_id
JOIN (
    SELECT l.order_id, sum(l.quantity * d.weight_grams)::int AS weight_grams
    FROM sales.order_lines AS l
    JOIN catalog.variants AS v ON v.id = l.variant_id
    JOIN catalog.product_details AS d ON d.product_id = v.product_id
    GROUP BY l.order_id
) AS goods ON goods.order_id = o.id
CROSS JOIN LATERAL (SELECT o.placed_at + make_interval(secs => 86400 * (0.4 + 1.4 * pg_temp.dice('leaves', o.id))) AS at) AS leaves
WHERE o.status IN ('packed', 'shipped', 'delivered', 'returned');

INSERT INTO logistics.shipment_lines (shipment_id, order_id, line_no, quantity)
SELECT s.id, l.order_id, l.line_no, l.quantity
FROM logistics.shipments AS s
JOIN sales.order_lines AS l ON l.order_id = s.order_id;

INSERT INTO logistics.stock_movements (warehouse_id, variant_id, kind, quantity, order_number, note, moved_at)
SELECT warehouse_id, variant_id, kind::logistics.movement_kind, quantity, order_number, note, moved_at
FROM (
    SELECT po.warehouse_id, pl.variant_id, 'receipt' AS kind, pl.quantity_received AS quantity, NULL AS order_number,
        CASE WHEN pl.quantity_received < pl.quantity THEN 'one piece broken' END AS note, po.received_on + interval '9 hours' AS moved_at
    FROM logistics.purchase_orders AS po
    JOIN logistics.purchase_order_lines AS pl ON pl.purchase_order_id = po.id
    WHERE po.status = 'received'
    UNION ALL
    SELECT s.warehouse_id, l.variant_id, 'sale', -l.quantity, o.order_number, NULL, s.shipped_at
    FROM logistics.shipments AS s
    JOIN sales.orders AS o ON o.id = s.order_id
    JOIN sales.order_lines AS l ON l.order_id = o.id
    WHERE s.shipped_at >= DATE '{today}' - 150
    UNION ALL
    SELECT s.warehouse_id, l.variant_id, 'return', l.quantity, o.order_number, NULL, r.refunded_at
    FROM sales.refunds AS r
    JOIN sales.orders AS o ON o.id = r.order_id
    JOIN sales.order_lines AS l ON l.order_id = r.order_id AND l.line_no = r.line_no
    JOIN logistics.shipments AS s ON s.order_id = o.id
    WHERE r.reason <> 'damaged' AND r.refunded_at >= DATE '{today}' - 150
    UNION ALL
    SELECT warehouse_id, variant_id, 'correction', CASE WHEN pg_temp.dice('found', variant_id) < 0.3 THEN 1 ELSE -1 END, NULL,
        pg_temp.pick('note', variant_id, ARRAY['count', 'count', 'broken on the shelf']), counted_at
    FROM logistics.stock_levels
    WHERE counted_at IS NOT NULL AND pg_temp.dice('corrected', variant_id * 4 + warehouse_id) < 0.2
) AS moved
ORDER BY moved_at, warehouse_id, variant_id, quantity;

INSERT INTO logistics.carrier_rate_import (carrier, zone, weight_up_to, price, valid_from, imported_at)
SELECT
    carrier,
    'Zone ' || zone,
    weight || ' kg',
    CASE WHEN carrier = 'Ember Express' THEN '€ ' || replace((3.1 + zone * 1.2 + weight * 0.4)::text, '.', ',') ELSE (2.9 + zone * 1.1 + weight * 0.5) || ' EUR' END,
    to_char(DATE '{today}' - 80, 'DD.MM.YYYY'),
    TIMESTAMPTZ '{today} 06:00:00+00' - interval '1896 hours'
FROM unnest(ARRAY['Delta Pakket', 'Ember Express', 'Norden Parcel']) AS carrier
CROSS JOIN generate_series(1, 4) AS zone
CROSS JOIN unnest(ARRAY[1, 2, 5, 10, 20]) AS weight;
