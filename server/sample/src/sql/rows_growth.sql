-- Rows of campaigns, visits, mailings and reviews; then the counters and statistics of everything.

INSERT INTO growth.campaigns (code, name, channel, owner_id, budget_eur, starts_on, ends_on, goals)
SELECT
    code,
    name,
    channel::growth.campaign_channel,
    owner_id,
    budget,
    DATE '{today}' - started,
    CASE WHEN lasts IS NOT NULL THEN DATE '{today}' - started + lasts END,
    jsonb_build_array(jsonb_build_object('metric', 'orders', 'target', round(budget / 18)))
FROM (VALUES
    ('brand-search',     'Brand words in search',       'search',    4,  9000, 500, NULL),
    ('homeware-search',  'Homeware words in search',    'search',    9, 14000, 320, NULL),
    ('linen-weeks',      'Linen weeks',                 'social',    9,  6000, 420, 60),
    ('garden-start',     'Start of the garden season',  'social',   14,  7500, 230, 75),
    ('garden-mail',      'Garden mailing',              'email',    14,   800, 225, 60),
    ('moving-in',        'New home',                    'affiliate', 19, 5200, 120, NULL),
    ('catalogue-autumn', 'Printed catalogue, autumn',   'print',     4, 11000,  85, 70),
    ('newsletter',       'Monthly newsletter',          'email',    14,  1200, 540, NULL),
    ('gift-guide',       'Gift guide',                  'social',    9,  8000,  40, NULL),
    ('table-talk',       'Table talk, video series',    'social',   19,  4800,  70, 45),
    ('blog-partners',    'Partner blogs',               'affiliate', 19, 3000, 400, NULL),
    ('warm-blankets',    'Blankets before winter',      'search',    9,  3500,  55, 80)
) AS given (code, name, channel, owner_id, budget, started, lasts);

INSERT INTO growth.campaign_spend (campaign_id, spent_on, impressions, clicks, cost_eur)
SELECT
    c.id,
    day::date,
    reach.impressions,
    (reach.impressions * (0.01 + 0.03 * pg_temp.dice('clicks', c.id * 1000 + age)))::int,
    round((c.budget_eur / coalesce(c.ends_on - c.starts_on, 365)) * (0.7 + 0.5 * pg_temp.dice('spend', c.id * 1000 + age))::numeric, 2)
FROM growth.campaigns AS c
CROSS JOIN LATERAL generate_series(
    greatest(c.starts_on, DATE '{today}' - 180)::timestamp, least(c.ends_on, DATE '{today}' - 1)::timestamp, interval '1 day'
) AS day
CROSS JOIN LATERAL (SELECT day::date - c.starts_on AS age) AS run
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.channel = 'print' THEN 0 ELSE (c.budget_eur * (0.4 + 0.6 * pg_temp.dice('reach', c.id * 1000 + age)))::int END AS impressions
) AS reach;


-- Visits of the last 90 days. Some carry a campaign code that somebody mistyped.
INSERT INTO growth.sessions (id, customer_id, started_at, ended_at, device, country_code, landing_path, utm_campaign)
SELECT
    md5('session' || n)::uuid,
    c.id,
    visit.at,
    visit.at + make_interval(secs => 20 + 1500 * power(pg_temp.dice('stay', n), 2)),
    pg_temp.pick('device', n, ARRAY['phone', 'phone', 'phone', 'desktop', 'desktop', 'tablet'])::growth.device_kind,
    coalesce(c.country_code, pg_temp.pick('from', n, ARRAY['DE', 'DE', 'NL', 'NL', 'GB', 'FR', 'SE', NULL])),
    pg_temp.pick('landing', n, ARRAY['/', '/', '/kitchen', '/table', '/bedroom', '/garden', '/sale', '/journal/linen-care']),
    CASE WHEN pg_temp.dice('campaign', n) < 0.5
         THEN pg_temp.pick('utm', n, ARRAY['brand-search', 'homeware-search', 'homeware-search', 'newsletter', 'newsletter', 'gift-guide', 'warm-blankets', 'blog-partners', 'moving-in', 'Newsletter ', 'giftguide']) END
FROM generate_series(1, 2200) AS n
LEFT JOIN sales.customers AS c ON pg_temp.dice('signed in', n) < 0.5 AND c.id = 1 + floor(pg_temp.dice('visitor', n) * 2400)::int AND c.deleted_at IS NULL
CROSS JOIN LATERAL (
    SELECT TIMESTAMPTZ '{today} 00:00:00+00' - make_interval(secs => 86400 * ceil(90 * (1 - power(n / 2200.0, 0.85)) + 0.001) - 22000 - 60000 * pg_temp.dice('visit', n)) AS at
) AS visit;

-- Each visit walks down the funnel as far as its dice let it.
INSERT INTO growth.events (occurred_at, session_id, customer_ref, kind, page_path, payload)
SELECT
    s.started_at + make_interval(secs => 15 * step.no + 10 * pg_temp.dice('pause', s.no * 10 + step.no)),
    s.id,
    s.customer_id::text,
    step.kind::growth.event_kind,
    CASE step.kind
        WHEN 'page_view' THEN s.landing_path
        WHEN 'search' THEN '/search'
        WHEN 'product_view' THEN '/p/' || product.slug
        WHEN 'add_to_cart' THEN '/p/' || product.slug
        WHEN 'checkout_started' THEN '/checkout'
        ELSE '/thank-you'
    END,
    CASE step.kind
        WHEN 'product_view' THEN jsonb_build_object('product_id', product.id)
        WHEN 'add_to_cart' THEN jsonb_build_object('product_id', product.id, 'quantity', 1 + s.no % 2)
        WHEN 'search' THEN jsonb_build_object('term', pg_temp.pick('term', s.no, ARRAY['linen', 'blue mug', 'blanket', 'vase', 'gift', 'wool rug', 'teapot']), 'results', (s.no * 7) % 40)
        WHEN 'order_completed' THEN jsonb_build_object('order_number', 'SO-' || (101500 + s.no % 1500))
        ELSE '{}'
    END
FROM (SELECT row_number() OVER (ORDER BY started_at, id) AS no, sessions.* FROM growth.sessions) AS s
JOIN catalog.products AS product ON product.id = 1 + floor(pg_temp.dice('looked at', s.no) * 240)::int
CROSS JOIN (VALUES (1, 'page_view', 1.0), (2, 'search', 0.35), (3, 'product_view', 0.85), (4, 'add_to_cart', 0.4), (5, 'checkout_started', 0.2), (6, 'order_completed', 0.13))
    AS step (no, kind, share)
WHERE CASE WHEN step.kind = 'search' THEN pg_temp.dice('searched', s.no) ELSE pg_temp.dice('depth', s.no) END < step.share
ORDER BY s.no, step.no;


INSERT INTO growth.subscribers (id, email, customer_id, topics, subscribed_at, unsubscribed_at)
OVERRIDING SYSTEM VALUE
SELECT
    row_number() OVER (ORDER BY customer_id NULLS LAST, email),
    email,
    customer_id,
    CASE WHEN pg_temp.dice('topics', hash) < 0.5 THEN ARRAY['offers', pg_temp.pick('topic', hash, ARRAY['kitchen', 'table', 'bed', 'garden'])]
         ELSE ARRAY[pg_temp.pick('topic', hash, ARRAY['kitchen', 'table', 'bed', 'garden'])] END,
    subscribed_at,
    CASE WHEN pg_temp.dice('leaves', hash) < 0.09 THEN subscribed_at + make_interval(secs => 86400 * 300 * pg_temp.dice('leaves on', hash)) END
FROM (
    SELECT email::text, id AS customer_id, id AS hash, created_at + interval '15 minutes' AS subscribed_at
    FROM sales.customers
    WHERE marketing_consent
    UNION ALL
    SELECT 'reader' || n || '@mail.example', NULL, 10000 + n, TIMESTAMPTZ '{today} 12:00:00+00' - make_interval(hours => 24 * (30 + n))
    FROM generate_series(1, 260) AS n
) AS addresses;

INSERT INTO growth.newsletters (id, campaign_id, subject, topic, sent_at)
OVERRIDING SYSTEM VALUE
SELECT
    n,
    CASE WHEN n % 6 = 5 THEN (SELECT id FROM growth.campaigns WHERE code = 'garden-mail') ELSE (SELECT id FROM growth.campaigns WHERE code = 'newsletter') END,
    (ARRAY['New on the table', 'Quiet colours for the bedroom', 'What the potter made', 'Last days of the sale', 'Time to plant', 'Small kitchens, good tools'])[1 + (n - 1) % 6],
    (ARRAY['table', 'bed', 'table', 'offers', 'garden', 'kitchen'])[1 + (n - 1) % 6],
    CASE WHEN n < 12 THEN TIMESTAMPTZ '{today} 08:00:00+00' - make_interval(hours => 24 * (30 * (12 - n) - 20)) END
FROM generate_series(1, 12) AS n;

INSERT INTO growth.newsletter_deliveries (newsletter_id, subscriber_id, delivered_at, opened_at, clicked_at, bounce_reason)
SELECT
    n.id,
    s.id,
    CASE WHEN NOT bounced THEN n.sent_at + interval '3 minutes' END,
    CASE WHEN NOT bounced AND luck < 0.45 THEN n.sent_at + make_interval(secs => 600 + 90000 * luck) END,
    CASE WHEN NOT bounced AND luck < 0.07 THEN n.sent_at + make_interval(secs => 700 + 90000 * luck) END,
    CASE WHEN bounced THEN pg_temp.pick('bounce', s.id, ARRAY['550 mailbox unavailable', '552 mailbox full']) END
FROM growth.newsletters AS n
JOIN growth.subscribers AS s ON s.topics @> ARRAY[n.topic] AND s.subscribed_at < n.sent_at AND (s.unsubscribed_at IS NULL OR s.unsubscribed_at > n.sent_at)
CROSS JOIN LATERAL (SELECT pg_temp.dice('bounced', s.id * 20 + n.id) < 0.015 AS bounced, pg_temp.dice('luck', s.id * 20 + n.id) AS luck) AS drawn
WHERE n.sent_at IS NOT NULL;

-- Only who bought a product reviews it.
INSERT INTO growth.product_reviews (product_id, customer_id, rating, title, body, helpful_votes, is_published, written_at)
SELECT
    product_id,
    customer_id,
    (ARRAY[1, 2, 3, 4, 4, 4, 5, 5, 5, 5])[1 + floor(pg_temp.dice('rating', first_order) * 10)::int],
    pg_temp.pick('title', first_order, ARRAY['Lovely', 'As described', 'Good value', 'Smaller than I thought', 'A gift that worked', NULL]),
    CASE WHEN pg_temp.dice('wrote', first_order) < 0.6 THEN pg_temp.pick('review', first_order, ARRAY['In use every day since it came.', 'The colour is a bit darker than in the picture.', 'Arrived well packed.', 'Would buy again.']) END,
    floor(power(pg_temp.dice('helpful', first_order), 5) * 30)::int,
    pg_temp.dice('published', first_order) < 0.92,
    least(first_at + make_interval(secs => 86400 * (8 + 30 * pg_temp.dice('written', first_order))), TIMESTAMPTZ '{today} 00:00:00+00')
FROM (
    SELECT v.product_id, o.customer_id, min(o.id) AS first_order, min(o.placed_at) AS first_at
    FROM sales.orders AS o
    JOIN sales.order_lines AS l ON l.order_id = o.id
    JOIN catalog.variants AS v ON v.id = l.variant_id
    WHERE o.status = 'delivered'
    GROUP BY v.product_id, o.customer_id
) AS bought
WHERE pg_temp.dice('reviews', first_order * 300 + product_id) < 0.12
ORDER BY first_at, product_id;


-- Ids were given above, so the counters behind them have to catch up.
SELECT setval(pg_get_serial_sequence(name, 'id'), top)
FROM (
    SELECT 'sales.employees' AS name, max(id)::bigint AS top FROM sales.employees
    UNION ALL SELECT 'sales.customers', max(id) FROM sales.customers
    UNION ALL SELECT 'sales.orders', max(id) FROM sales.orders
    UNION ALL SELECT 'catalog.products', max(id) FROM catalog.products
    UNION ALL SELECT 'catalog.variants', max(id) FROM catalog.variants
    UNION ALL SELECT 'logistics.purchase_orders', max(id) FROM logistics.purchase_orders
    UNION ALL SELECT 'logistics.shipments', max(id) FROM logistics.shipments
    UNION ALL SELECT 'growth.subscribers', max(id) FROM growth.subscribers
    UNION ALL SELECT 'growth.newsletters', max(id) FROM growth.newsletters
) AS counters;

REFRESH MATERIALIZED VIEW sales.daily_revenue;

ANALYZE
    catalog.brands, catalog.categories, catalog.products, catalog.product_details, catalog.product_categories, catalog.variants,
    catalog.price_changes, catalog.suppliers, catalog.supplier_offers,
    sales.countries, sales.exchange_rates, sales.employees, sales.customers, sales.customer_addresses, sales.loyalty_accounts, sales.orders,
    sales.order_lines, sales.payments, sales.refunds, sales.vouchers, sales.order_vouchers, sales.sales_targets, sales.daily_revenue,
    logistics.warehouses, logistics.bins, logistics.stock_levels, logistics.stock_movements, logistics.purchase_orders,
    logistics.purchase_order_lines, logistics.carriers, logistics.shipments, logistics.shipment_lines, logistics.carrier_rate_import,
    growth.campaigns, growth.campaign_spend, growth.sessions, growth.events, growth.subscribers, growth.newsletters,
    growth.newsletter_deliveries, growth.product_reviews;

DROP FUNCTION pg_temp.pick(text, bigint, text[]);
DROP FUNCTION pg_temp.dice(text, bigint);

RESET jit;
RESET timezone;
