//! Revenue and finance: what came in, what went back, and what stays.

use super::{Template, dashboard, exploration, month_end};
use crate::analyst::{ELENA, MARA, SAM, TOMAS};

pub(super) const TEMPLATES: &[Template] = &[
    Template::select(
        "revenue by day",
        &[TOMAS, ELENA, MARA],
        dashboard(4.4),
        (180.0, 2_600.0),
        "SELECT day, sum(revenue_eur) AS revenue, sum(orders) AS orders
FROM sales.daily_revenue
WHERE day BETWEEN DATE '{month_ago}' AND DATE '{yesterday}'
GROUP BY day
ORDER BY day",
    ),
    Template::select(
        "revenue against last week",
        &[TOMAS],
        dashboard(2.2),
        (310.0, 3_900.0),
        "SELECT
    d.day,
    d.channel,
    sum(d.revenue_eur) AS revenue,
    lag(sum(d.revenue_eur), 7) OVER (PARTITION BY d.channel ORDER BY d.day) AS week_before
FROM sales.daily_revenue d
WHERE d.day >= DATE '{month_ago}'
GROUP BY d.day, d.channel
ORDER BY d.day DESC, d.channel",
    ),
    Template::select(
        "progress to target",
        &[TOMAS, ELENA],
        dashboard(2.0),
        (420.0, 5_200.0),
        "SELECT t.channel, t.target_eur, sum(o.total_eur) AS revenue_eur,
       round(100 * sum(o.total_eur) / t.target_eur, 1) AS percent
FROM sales.sales_targets AS t
LEFT JOIN sales.orders AS o
       ON o.channel = t.channel
      AND o.placed_at >= t.month
      AND o.placed_at < t.month + INTERVAL '1 month'
      AND o.status <> 'cancelled'
WHERE t.month = DATE '{month}'
GROUP BY t.channel, t.target_eur
ORDER BY percent DESC",
    ),
    Template::select(
        "open orders",
        &[TOMAS],
        dashboard(1.6),
        (95.0, 300.0),
        "SELECT status, count(*), min(placed_at) AS oldest, sum(total_eur) AS worth
FROM sales.orders
WHERE status IN ('placed', 'paid', 'packed') AND placed_at >= DATE '{month_ago}'
GROUP BY status",
    ),
    Template::select(
        "payment failures by method",
        &[ELENA, TOMAS],
        dashboard(1.3),
        (260.0, 4_400.0),
        "SELECT p.method,
       count(*) FILTER (WHERE p.status = 'failed') AS failed,
       count(*) AS attempts,
       round(100.0 * count(*) FILTER (WHERE p.status = 'failed') / count(*), 2) AS failed_percent
FROM sales.payments p
WHERE p.attempted_at >= DATE '{week_ago}'
GROUP BY p.method
ORDER BY failed_percent DESC",
    ),
    Template::select(
        "orders of a country",
        &[TOMAS],
        exploration(1.5),
        (480.0, 6_100.0),
        "select order_number, placed_at, status, pieces, total_eur, total_eur - goods_cost_eur as margin
from sales.order_summary
where country_code = '{country}'
  and placed_at >= '{since}'
order by total_eur desc
limit {limit}",
    ),
    Template::select(
        "average basket",
        &[TOMAS, SAM],
        exploration(1.4),
        (620.0, 9_800.0),
        "SELECT date_trunc('week', o.placed_at) AS week,
       count(*) AS orders,
       avg(o.total_eur)::numeric(10,2) AS basket,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY o.total_eur) AS median_basket
FROM sales.orders o
JOIN sales.customers c ON c.id = o.customer_id
WHERE o.placed_at >= DATE '{since}' AND o.channel = '{channel}' AND c.deleted_at IS NULL
GROUP BY 1
ORDER BY 1",
    ),
    Template::select(
        "cohorts",
        &[TOMAS],
        exploration(1.1),
        (2_900.0, 14_000.0),
        "WITH first_order AS (
    SELECT customer_id, date_trunc('month', min(placed_at)) AS cohort
    FROM sales.orders
    WHERE status <> 'cancelled'
    GROUP BY customer_id
)
SELECT f.cohort,
       extract(year FROM age(date_trunc('month', o.placed_at), f.cohort)) * 12
         + extract(month FROM age(date_trunc('month', o.placed_at), f.cohort)) AS month_no,
       count(DISTINCT o.customer_id) AS customers
FROM first_order AS f
JOIN sales.orders AS o ON o.customer_id = f.customer_id
WHERE f.cohort >= DATE '{year_ago}'
GROUP BY 1, 2
ORDER BY 1, 2",
    ),
    Template::select(
        "best customers",
        &[TOMAS],
        exploration(0.9),
        (1_150.0, 8_700.0),
        "select v.customer_id, c.full_name, l.tier, v.orders, v.revenue_eur,
       rank() over (partition by v.country_code order by v.revenue_eur desc) as place
from sales.customer_value v
join sales.customers c on c.id = v.customer_id
left join sales.loyalty_accounts l on l.customer_id = c.id
where v.revenue_eur > {amount}
order by v.revenue_eur desc
limit {limit}",
    ),
    Template::select(
        "voucher use",
        &[TOMAS, ELENA],
        exploration(1.0),
        (390.0, 3_200.0),
        "SELECT v.code, v.percent_off, count(ov.order_id) AS orders, sum(ov.amount * o.fx_rate_to_eur) AS given_eur
FROM sales.vouchers AS v
LEFT JOIN sales.order_vouchers AS ov ON ov.voucher_code = v.code
LEFT JOIN sales.orders AS o ON o.id = ov.order_id AND o.placed_at >= DATE '{since}'
GROUP BY v.code, v.percent_off
ORDER BY given_eur DESC NULLS LAST",
    ),
    Template::select(
        "days between orders",
        &[TOMAS],
        exploration(0.8),
        (1_700.0, 9_100.0),
        "WITH gaps AS (
    SELECT
        customer_id,
        placed_at - lag(placed_at) OVER (PARTITION BY customer_id ORDER BY placed_at) AS gap
    FROM sales.orders
    WHERE status NOT IN ('cancelled') AND placed_at >= DATE '{year_ago}'
)
SELECT width_bucket(extract(epoch FROM gap) / 86400, 0, 360, 12) AS bucket, count(*)
FROM gaps
WHERE gap IS NOT NULL
GROUP BY 1
ORDER BY 1",
    ),
    Template::select(
        "rates of a currency",
        &[ELENA],
        exploration(1.2),
        (40.0, 400.0),
        "SELECT rate_on, rate_to_eur,
       avg(rate_to_eur) OVER (ORDER BY rate_on ROWS BETWEEN 29 PRECEDING AND CURRENT ROW) AS mean_30
FROM sales.exchange_rates
WHERE currency = 'SEK' AND rate_on >= DATE '{since}'
ORDER BY rate_on",
    ),
    Template::select(
        "refunds over an amount",
        &[ELENA],
        exploration(1.3),
        (210.0, 900.0),
        "SELECT r.id, o.order_number, r.amount, r.reason, e.full_name AS approved_by, r.refunded_at
FROM sales.refunds r
JOIN sales.orders o ON o.id = r.order_id
LEFT JOIN sales.employees e ON e.id = r.handled_by
WHERE r.amount > {amount} AND r.refunded_at >= DATE '{since}'
ORDER BY r.amount DESC",
    ),
    Template::select(
        "captured against ordered",
        &[ELENA],
        exploration(0.9),
        (1_400.0, 9_700.0),
        "SELECT o.order_number, o.total_amount, paid.amount AS captured
FROM sales.orders AS o
LEFT JOIN LATERAL (
    SELECT sum(p.amount) AS amount
    FROM sales.payments AS p
    WHERE p.order_id = o.id AND p.status IN ('captured', 'refunded')
) AS paid ON true
WHERE o.placed_at >= DATE '{since}'
  AND o.status NOT IN ('placed', 'cancelled')
  AND paid.amount IS DISTINCT FROM o.total_amount",
    ),
    Template::select(
        "month end: revenue and VAT by country",
        &[ELENA],
        month_end(3.2),
        (2_100.0, 16_000.0),
        "SELECT
    k.code,
    k.name,
    k.vat_rate,
    count(*)                                                 AS orders,
    sum(o.total_eur)                                         AS gross_eur,
    sum(round(o.vat_amount * o.fx_rate_to_eur, 2))           AS vat_eur,
    sum(o.total_eur - round(o.vat_amount * o.fx_rate_to_eur, 2)) AS net_eur
FROM sales.orders AS o
JOIN sales.customer_addresses AS a
  ON a.customer_id = o.customer_id AND a.address_no = o.shipping_address_no
JOIN sales.countries AS k ON k.code = a.country_code
WHERE o.placed_at >= TIMESTAMPTZ '{last_month} 00:00:00+00'
  AND o.placed_at <  TIMESTAMPTZ '{month} 00:00:00+00'
  AND o.status <> 'cancelled'
GROUP BY k.code, k.name, k.vat_rate
ORDER BY gross_eur DESC",
    ),
    Template::select(
        "month end: refunds by reason",
        &[ELENA],
        month_end(2.4),
        (680.0, 2_300.0),
        "SELECT r.reason, p.method, count(*) AS refunds, sum(r.amount * o.fx_rate_to_eur)::numeric(12,2) AS refunded_eur
FROM sales.refunds AS r
JOIN sales.payments AS p ON p.id = r.payment_id
JOIN sales.orders AS o ON o.id = r.order_id
WHERE r.refunded_at >= DATE '{last_month}' AND r.refunded_at < DATE '{month}'
GROUP BY GROUPING SETS ((r.reason, p.method), (r.reason), ())
ORDER BY r.reason NULLS LAST, p.method NULLS LAST",
    ),
    Template::select(
        "month end: margin by brand",
        &[ELENA, SAM],
        month_end(2.6),
        (3_800.0, 21_000.0),
        "WITH sold AS (
    SELECT l.variant_id, l.quantity, l.line_amount * o.fx_rate_to_eur AS revenue_eur, l.quantity * l.unit_cost AS cost_eur
    FROM sales.order_lines AS l
    JOIN sales.orders AS o ON o.id = l.order_id
    WHERE o.placed_at >= DATE '{last_month}' AND o.placed_at < DATE '{month}' AND o.status <> 'cancelled'
)
SELECT b.name, b.is_own_brand, sum(s.quantity) AS pieces, sum(s.revenue_eur)::numeric(12,2) AS revenue_eur,
       round(100 * (1 - sum(s.cost_eur) / nullif(sum(s.revenue_eur), 0)), 1) AS margin_percent
FROM sold AS s
JOIN catalog.variants AS v ON v.id = s.variant_id
JOIN catalog.products AS p ON p.id = v.product_id
JOIN catalog.brands AS b ON b.id = p.brand_id
GROUP BY b.name, b.is_own_brand
ORDER BY revenue_eur DESC",
    ),
    Template::select(
        "month end: targets missed",
        &[ELENA, TOMAS],
        month_end(1.8),
        (540.0, 4_900.0),
        "SELECT t.month, t.channel, t.target_eur, coalesce(r.revenue_eur, 0) AS revenue_eur
FROM sales.sales_targets t
LEFT JOIN (
    SELECT date_trunc('month', day)::date AS month, channel, sum(revenue_eur) AS revenue_eur
    FROM sales.daily_revenue
    GROUP BY 1, 2
) r USING (month, channel)
WHERE t.month BETWEEN DATE '{year_ago}' AND DATE '{last_month}'
  AND coalesce(r.revenue_eur, 0) < t.target_eur
ORDER BY t.month, t.channel",
    ),
];
