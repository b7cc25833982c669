//! Growth: campaigns, visits, mailings.

use super::{Template, dashboard, exploration, month_end};
use crate::analyst::{ELENA, MARA, PRIYA, TOMAS};

pub(super) const TEMPLATES: &[Template] = &[
    Template::select(
        "funnel of the week",
        &[PRIYA],
        dashboard(2.8),
        (940.0, 12_000.0),
        "SELECT e.kind, count(DISTINCT e.session_id) AS visits
FROM growth.events AS e
WHERE e.occurred_at >= TIMESTAMPTZ '{week_ago} 00:00:00+00'
  AND e.occurred_at <  TIMESTAMPTZ '{today} 00:00:00+00'
GROUP BY e.kind
ORDER BY e.kind",
    ),
    Template::select(
        "campaign results",
        &[PRIYA, ELENA],
        dashboard(1.9),
        (1_600.0, 14_500.0),
        "SELECT code, channel, cost_eur, clicks, visits, visits_with_order,
       round(cost_eur / nullif(visits_with_order, 0), 2) AS cost_per_order
FROM growth.campaign_results
ORDER BY cost_eur DESC NULLS LAST",
    ),
    Template::select(
        "spend of yesterday",
        &[PRIYA],
        dashboard(1.5),
        (110.0, 500.0),
        "SELECT c.name, s.cost_eur, s.clicks, s.impressions
FROM growth.campaign_spend s
JOIN growth.campaigns c ON c.id = s.campaign_id
WHERE s.spent_on = DATE '{yesterday}'
ORDER BY s.cost_eur DESC",
    ),
    Template::select(
        "visits by device",
        &[PRIYA],
        dashboard(1.1),
        (420.0, 5_700.0),
        "SELECT date_trunc('day', started_at) AS day, device, count(*) AS visits, count(customer_id) AS signed_in
FROM growth.sessions
WHERE started_at >= DATE '{week_ago}'
GROUP BY 1, 2
ORDER BY 1, 2",
    ),
    Template::select(
        "visits per campaign code",
        &[PRIYA],
        exploration(1.5),
        (870.0, 8_300.0),
        "select c.code, c.owner_id, count(*) as visits, count(distinct s.customer_id) as customers
from growth.sessions s
join growth.campaigns c on c.code = lower(trim(s.utm_campaign))
where s.started_at >= '{since}'
group by c.code, c.owner_id
order by visits desc",
    ),
    Template::select(
        "clicks of signed-in customers",
        &[PRIYA],
        exploration(1.4),
        (2_300.0, 16_000.0),
        "SELECT c.segment, e.kind, count(*)
FROM growth.events e
JOIN sales.customers c ON c.id::text = e.customer_ref
WHERE e.occurred_at >= DATE '{since}' AND c.country_code = '{country}'
GROUP BY c.segment, e.kind
ORDER BY c.segment, e.kind",
    ),
    Template::select(
        "path of one visit",
        &[PRIYA, MARA],
        exploration(1.2),
        (60.0, 40.0),
        "SELECT e.occurred_at, e.kind, e.page_path, e.payload,
       e.occurred_at - first_value(e.occurred_at) OVER (ORDER BY e.occurred_at) AS after
FROM growth.sessions s
JOIN growth.events e ON e.session_id = s.id
WHERE s.customer_id = {customer}
ORDER BY e.occurred_at",
    ),
    Template::select(
        "searches without results",
        &[PRIYA],
        exploration(1.3),
        (1_050.0, 9_900.0),
        "SELECT payload ->> 'term' AS term, count(*) AS searches,
       count(*) FILTER (WHERE (payload ->> 'results')::int = 0) AS empty
FROM growth.events
WHERE kind = 'search' AND occurred_at >= DATE '{since}'
GROUP BY 1
HAVING count(*) > {n}
ORDER BY empty DESC, searches DESC",
    ),
    Template::select(
        "viewed but not bought",
        &[PRIYA],
        exploration(1.0),
        (3_400.0, 19_000.0),
        "WITH viewed AS (
    SELECT (e.payload ->> 'product_id')::int AS product_id, count(*) AS views
    FROM growth.events e
    WHERE e.kind = 'product_view' AND e.occurred_at >= DATE '{month_ago}'
    GROUP BY 1
),
bought AS (
    SELECT v.product_id, sum(l.quantity) AS pieces
    FROM sales.order_lines l
    JOIN sales.orders o ON o.id = l.order_id
    JOIN catalog.variants v ON v.id = l.variant_id
    WHERE o.placed_at >= DATE '{month_ago}'
    GROUP BY v.product_id
)
SELECT p.name, viewed.views, coalesce(bought.pieces, 0) AS pieces
FROM viewed
JOIN catalog.products p ON p.id = viewed.product_id
LEFT JOIN bought USING (product_id)
ORDER BY viewed.views - coalesce(bought.pieces, 0) DESC
LIMIT {limit}",
    ),
    Template::select(
        "newsletter results",
        &[PRIYA],
        exploration(1.2),
        (690.0, 6_200.0),
        "SELECT n.subject, n.sent_at::date AS sent, c.name AS campaign,
       count(d.delivered_at) AS delivered,
       round(100.0 * count(d.clicked_at) / nullif(count(d.delivered_at), 0), 2) AS click_percent
FROM growth.newsletters n
JOIN growth.newsletter_deliveries d ON d.newsletter_id = n.id
LEFT JOIN growth.campaigns c ON c.id = n.campaign_id
WHERE n.sent_at >= DATE '{year_ago}'
GROUP BY n.id, c.name
ORDER BY n.sent_at DESC",
    ),
    Template::select(
        "readers who never click",
        &[PRIYA],
        exploration(0.7),
        (1_450.0, 8_800.0),
        "select s.id, s.email, s.subscribed_at
from growth.subscribers s
where s.unsubscribed_at is null
  and '{term}' <> all (s.topics)
  and not exists (
        select 1 from growth.newsletter_deliveries d
        where d.subscriber_id = s.id and d.clicked_at is not null
  )
order by s.subscribed_at
limit {limit}",
    ),
    Template::select(
        "last campaign before an order",
        &[PRIYA, TOMAS],
        exploration(0.9),
        (4_700.0, 17_000.0),
        "SELECT coalesce(touch.utm_campaign, '(none)') AS campaign, count(*) AS orders, sum(o.total_eur) AS revenue_eur
FROM sales.orders o
LEFT JOIN LATERAL (
    SELECT s.utm_campaign
    FROM growth.sessions s
    WHERE s.customer_id = o.customer_id AND s.started_at <= o.placed_at AND s.utm_campaign IS NOT NULL
    ORDER BY s.started_at DESC
    LIMIT 1
) touch ON true
WHERE o.placed_at >= DATE '{month_ago}' AND o.status <> 'cancelled'
GROUP BY 1
ORDER BY revenue_eur DESC",
    ),
    Template::select(
        "month end: campaign budgets",
        &[ELENA, PRIYA],
        month_end(2.0),
        (310.0, 1_700.0),
        "SELECT c.code, e.full_name AS owner, c.budget_eur, sum(s.cost_eur) AS spent_eur,
       c.budget_eur - sum(s.cost_eur) AS left_eur
FROM growth.campaigns c
JOIN growth.campaign_spend s ON s.campaign_id = c.id
LEFT JOIN sales.employees e ON e.id = c.owner_id
WHERE s.spent_on < DATE '{month}'
GROUP BY c.id, e.full_name
ORDER BY left_eur",
    ),
];
