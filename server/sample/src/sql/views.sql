-- Views: the questions that everybody asks, answered in one place.

CREATE VIEW sales.order_summary AS
SELECT
    o.id AS order_id,
    o.order_number,
    o.placed_at,
    o.status,
    o.channel,
    c.id AS customer_id,
    c.segment,
    a.country_code,
    count(l.line_no) AS line_count,
    sum(l.quantity) AS pieces,
    o.total_eur,
    sum(l.quantity * l.unit_cost) AS goods_cost_eur
FROM sales.orders AS o
JOIN sales.customers AS c ON c.id = o.customer_id
JOIN sales.customer_addresses AS a
    ON a.customer_id = o.customer_id AND a.address_no = o.shipping_address_no
JOIN sales.order_lines AS l ON l.order_id = o.id
GROUP BY o.id, c.id, a.customer_id, a.address_no;

COMMENT ON VIEW sales.order_summary IS 'One row per order with its customer, country, size and cost. Start here for most questions about orders.';
COMMENT ON COLUMN sales.order_summary.country_code IS 'Where the parcel goes, which can differ from the customer''s own country.';
COMMENT ON COLUMN sales.order_summary.pieces IS 'Pieces of all lines together.';
COMMENT ON COLUMN sales.order_summary.total_eur IS 'What the customer pays, in euros, VAT included.';
COMMENT ON COLUMN sales.order_summary.goods_cost_eur IS 'Purchase cost in euros; too low where a line has no cost.';


CREATE VIEW sales.customer_value AS
SELECT
    c.id AS customer_id,
    c.country_code,
    c.segment,
    count(o.id) AS orders,
    coalesce(sum(o.total_eur), 0) AS revenue_eur,
    min(o.placed_at) AS first_order_at,
    max(o.placed_at) AS last_order_at
FROM sales.customers AS c
LEFT JOIN sales.orders AS o ON o.customer_id = c.id AND o.status <> 'cancelled'
WHERE c.deleted_at IS NULL
GROUP BY c.id;

COMMENT ON VIEW sales.customer_value IS 'Orders and revenue per customer since the first order. Refunds are not taken off.';
COMMENT ON COLUMN sales.customer_value.orders IS 'Number of orders, cancelled ones left out.';
COMMENT ON COLUMN sales.customer_value.revenue_eur IS 'In euros, VAT included.';


CREATE VIEW logistics.available_stock AS
SELECT
    v.id AS variant_id,
    v.sku,
    p.name AS product_name,
    w.code AS warehouse_code,
    s.on_hand - s.reserved AS available,
    s.on_hand <= s.reorder_point AS is_due
FROM logistics.stock_levels AS s
JOIN logistics.warehouses AS w ON w.id = s.warehouse_id
JOIN catalog.variants AS v ON v.id = s.variant_id
JOIN catalog.products AS p ON p.id = v.product_id
WHERE v.is_active;

COMMENT ON VIEW logistics.available_stock IS 'What can be promised to customers today, per warehouse.';
COMMENT ON COLUMN logistics.available_stock.available IS 'Pieces on hand that no paid order has reserved.';
COMMENT ON COLUMN logistics.available_stock.is_due IS 'True when a purchase order should go out.';


CREATE VIEW growth.campaign_results AS
WITH spend AS (
    SELECT campaign_id, sum(cost_eur) AS cost_eur, sum(clicks) AS clicks
    FROM growth.campaign_spend
    GROUP BY campaign_id
),
visits AS (
    SELECT
        s.utm_campaign,
        count(DISTINCT s.id) AS visits,
        count(DISTINCT s.id) FILTER (WHERE e.kind = 'order_completed') AS visits_with_order
    FROM growth.sessions AS s
    LEFT JOIN growth.events AS e ON e.session_id = s.id
    GROUP BY s.utm_campaign
)
SELECT
    c.id AS campaign_id,
    c.code,
    c.channel,
    c.budget_eur,
    spend.cost_eur,
    spend.clicks,
    visits.visits,
    visits.visits_with_order
FROM growth.campaigns AS c
LEFT JOIN spend ON spend.campaign_id = c.id
LEFT JOIN visits ON visits.utm_campaign = c.code;

COMMENT ON VIEW growth.campaign_results IS 'Cost, visits and orders per campaign. Visits cover the last 90 days only.';
COMMENT ON COLUMN growth.campaign_results.cost_eur IS 'Spent so far, in euros, VAT excluded.';
COMMENT ON COLUMN growth.campaign_results.visits_with_order IS 'Visits with an order_completed event.';


CREATE MATERIALIZED VIEW sales.daily_revenue AS
SELECT
    (o.placed_at AT TIME ZONE 'UTC')::date AS day,
    o.channel,
    c.country_code,
    count(*) AS orders,
    sum(o.total_eur) AS revenue_eur,
    sum(o.discount_amount * o.fx_rate_to_eur)::numeric(14,2) AS discount_eur
FROM sales.orders AS o
JOIN sales.customers AS c ON c.id = o.customer_id
WHERE o.status <> 'cancelled'
GROUP BY 1, 2, 3
WITH NO DATA;

CREATE UNIQUE INDEX daily_revenue_key ON sales.daily_revenue (day, channel, country_code);

COMMENT ON MATERIALIZED VIEW sales.daily_revenue IS 'Revenue per day, channel and country of the customer. Refreshed every night at 03:10.';
COMMENT ON COLUMN sales.daily_revenue.revenue_eur IS 'In euros, VAT included, cancelled orders left out.';
