-- Rows of customers, orders and money: about 18 months up to {today}.

INSERT INTO sales.customers (id, email, full_name, country_code, segment, vat_number, marketing_consent, preferences, created_at, deleted_at)
OVERRIDING SYSTEM VALUE
SELECT
    n,
    CASE WHEN gone THEN 'deleted-' || n ELSE lower(first_name || '.' || last_name) || n END || '@mail.example',
    CASE WHEN gone THEN 'Deleted customer' ELSE first_name || ' ' || last_name END,
    pg_temp.pick('country', n, ARRAY['DE', 'DE', 'DE', 'DE', 'DE', 'NL', 'NL', 'NL', 'NL', 'GB', 'GB', 'GB', 'FR', 'FR', 'SE', 'SE', 'DK', 'BE', 'AT', 'PL', 'ES', 'CH']),
    'new',
    CASE WHEN pg_temp.dice('vat', n) < 0.01 THEN 'EU' || (100000000 + n * 7919) END,
    NOT gone AND pg_temp.dice('consent', n) < 0.55,
    jsonb_build_object('language', pg_temp.pick('language', n, ARRAY['en', 'de', 'nl', 'fr', 'sv']), 'dark_mode', pg_temp.dice('dark', n) < 0.4),
    TIMESTAMPTZ '{today} 00:00:00+00' - make_interval(secs => 86400 * (545 + 700 * (1 - n / 2400.0)) + 40000 * pg_temp.dice('joined', n)),
    CASE WHEN gone THEN TIMESTAMPTZ '{today} 00:00:00+00' - make_interval(secs => 86400 * 200 * pg_temp.dice('gone on', n)) END
FROM (
    SELECT
        n,
        pg_temp.dice('gone', n) < 0.015 AS gone,
        pg_temp.pick('first', n, ARRAY['Agnes', 'Bruno', 'Clara', 'David', 'Elsa', 'Finn', 'Greta', 'Hugo', 'Ida', 'Jakob', 'Klara', 'Luis', 'Mira', 'Noah', 'Olga', 'Pavel', 'Rita', 'Simon', 'Thea', 'Uwe', 'Vera', 'Willem', 'Yara', 'Zoe']) AS first_name,
        pg_temp.pick('last', n, ARRAY['Adler', 'Bakker', 'Carver', 'Duval', 'Engel', 'Fischer', 'Garnier', 'Holm', 'Iversen', 'Jansen', 'Kowal', 'Lund', 'Meyer', 'Nowak', 'Olsen', 'Peeters', 'Quist', 'Romero', 'Smit', 'Turner', 'Vogel', 'Winter']) AS last_name
    FROM generate_series(1, 2400) AS n
) AS people
ORDER BY n;

INSERT INTO sales.customer_addresses (customer_id, address_no, label, street, postcode, city, country_code)
SELECT
    c.id,
    address_no,
    CASE WHEN address_no = 1 THEN 'home' ELSE pg_temp.pick('label', c.id, ARRAY['office', 'parents', 'summer house']) END,
    (1 + floor(pg_temp.dice('house', c.id * 2 + address_no) * 120)::int) || ' '
        || pg_temp.pick('street', c.id * 2 + address_no, ARRAY['Mill Street', 'Station Road', 'Canal Walk', 'Orchard Lane', 'Market Square', 'Linden Row', 'Bridge Street']),
    lpad((floor(pg_temp.dice('postcode', c.id * 2 + address_no) * 99000)::int + 500)::text, 5, '0'),
    pg_temp.pick('city', c.id * 2 + address_no, ARRAY['Northhaven', 'Eastwick', 'Oldbridge', 'Seaford', 'Whitfield', 'Newmarket', 'Langholm', 'Riverton']),
    c.country_code
FROM sales.customers AS c
CROSS JOIN generate_series(1, 2) AS address_no
WHERE address_no = 1 OR pg_temp.dice('addresses', c.id) < 0.18;

INSERT INTO sales.loyalty_accounts (customer_id, card_number, points_balance, tier, joined_on)
SELECT
    c.id,
    'HL' || lpad((c.id * 37)::text, 8, '0'),
    floor(power(pg_temp.dice('points', c.id), 3) * 6000)::int,
    CASE WHEN pg_temp.dice('points', c.id) > 0.9 THEN 'walnut' WHEN pg_temp.dice('points', c.id) > 0.65 THEN 'copper' ELSE 'linen' END,
    c.created_at::date + floor(pg_temp.dice('card', c.id) * 120)::int
FROM sales.customers AS c
WHERE c.deleted_at IS NULL AND pg_temp.dice('loyal', c.id) < 0.5;

INSERT INTO sales.vouchers (code, description, percent_off, valid_from, valid_until, max_redemptions)
SELECT
    code,
    description,
    percent_off,
    DATE '{today}' - started,
    CASE WHEN lasts IS NOT NULL THEN DATE '{today}' - started + lasts END,
    max_redemptions
FROM (VALUES
    ('WELCOME10', 'First order',                10.0, 700, NULL, NULL),
    ('LINEN15',   'Linen weeks',                15.0, 420, 60,   800),
    ('GARDEN12',  'Start of the garden season', 12.0, 230, 75,   600),
    ('COPPER5',   'Loyalty tier copper',         5.0, 650, NULL, NULL),
    ('WALNUT10',  'Loyalty tier walnut',        10.0, 650, NULL, NULL),
    ('SORRY20',   'Apology of customer care',   20.0, 650, NULL, NULL),
    ('MOVEIN15',  'New home',                   15.0, 120, 240,  500)
) AS given (code, description, percent_off, started, lasts, max_redemptions);

INSERT INTO sales.sales_targets (month, channel, target_eur)
SELECT
    (date_trunc('month', DATE '{today}'::timestamp) - make_interval(months => back))::date,
    channel,
    round((share * (46000 - 1500 * back))::numeric, -2)
FROM generate_series(-1, 18) AS back
CROSS JOIN (VALUES ('web'::sales.order_channel, 0.55), ('app', 0.25), ('store', 0.12), ('marketplace', 0.08)) AS split (channel, share);


-- Orders come from their lines, so the lines are drawn first. Order n is younger than order n - 1,
-- and later days have more orders than earlier ones.
CREATE TEMPORARY TABLE drawn_order AS
SELECT
    n,
    day_back,
    customer.id AS customer_id,
    CASE WHEN EXISTS (SELECT FROM sales.customer_addresses AS a WHERE a.customer_id = customer.id AND a.address_no = 2)
         AND pg_temp.dice('other address', n) < 0.4 THEN 2 ELSE 1 END AS address_no,
    country.currency,
    coalesce(rate.rate_to_eur, 1) AS rate,
    country.vat_rate,
    TIMESTAMPTZ '{today} 00:00:00+00' - make_interval(secs => 86400 * day_back) + make_interval(secs => 25000 + 57000 * pg_temp.dice('hour', n)) AS placed_at,
    CASE
        WHEN day_back = 1 THEN pg_temp.pick('fresh', n, ARRAY['placed', 'paid', 'paid', 'paid'])
        WHEN day_back = 2 THEN 'packed'
        WHEN pg_temp.dice('fate', n) < 0.05 THEN 'cancelled'
        WHEN day_back <= 5 THEN 'shipped'
        WHEN day_back >= 20 AND pg_temp.dice('fate', n) < 0.11 THEN 'returned'
        ELSE 'delivered'
    END AS status,
    CASE WHEN pg_temp.dice('voucher', n) < 0.14
         THEN pg_temp.pick('voucher code', n, ARRAY['WELCOME10', 'COPPER5', 'WALNUT10', 'SORRY20', 'WELCOME10']) END AS voucher_code
FROM (
    SELECT n, greatest(1, 540 - floor(540 * power(n / 3000.0, 0.8))::int) AS day_back
    FROM generate_series(1, 3000) AS n
) AS spread
JOIN sales.customers AS customer ON customer.id = 1 + floor(power(pg_temp.dice('buyer', n), 1.5) * 2400)::int
JOIN sales.countries AS country ON country.code = customer.country_code
LEFT JOIN sales.exchange_rates AS rate ON rate.currency = country.currency AND rate.rate_on = DATE '{today}' - day_back;

CREATE TEMPORARY TABLE drawn_line AS
SELECT
    o.n,
    line_no,
    v.id AS variant_id,
    v.unit_cost,
    1 + floor(power(pg_temp.dice('quantity', o.n * 10 + line_no), 3) * 5)::int AS quantity,
    round(v.list_price / o.rate, 2) AS unit_price
FROM drawn_order AS o
CROSS JOIN generate_series(1, 5) AS line_no
JOIN catalog.variants AS v ON v.id = 1 + floor(power(pg_temp.dice('variant', o.n * 10 + line_no), 1.3) * (SELECT max(id) FROM catalog.variants))::int
WHERE line_no <= 1 + floor(power(pg_temp.dice('lines', o.n), 1.8) * 5)::int;

INSERT INTO sales.orders (
    id, order_number, customer_id, shipping_address_no, status, channel, currency, fx_rate_to_eur,
    goods_amount, discount_amount, shipping_amount, vat_amount, total_amount, is_gift, metadata, placed_at, updated_at
)
OVERRIDING SYSTEM VALUE
SELECT
    o.n,
    'SO-' || (100000 + o.n),
    o.customer_id,
    o.address_no,
    o.status::sales.order_status,
    channel::sales.order_channel,
    o.currency,
    o.rate,
    goods.amount,
    discount.amount,
    shipping.amount,
    round((goods.amount - discount.amount + shipping.amount) * o.vat_rate / (100 + o.vat_rate), 2),
    goods.amount - discount.amount + shipping.amount,
    pg_temp.dice('gift', o.n) < 0.08,
    CASE
        WHEN channel = 'app' THEN jsonb_build_object('device', 'phone', 'app_version', '4.' || (o.n / 300))
        WHEN channel = 'web' THEN jsonb_build_object('device', pg_temp.pick('device', o.n, ARRAY['desktop', 'phone', 'tablet']))
        WHEN channel = 'marketplace' THEN jsonb_build_object('marketplace', 'homeware-market.example')
        ELSE '{}'
    END,
    o.placed_at,
    least(o.placed_at + make_interval(secs => 86400 * 4 * pg_temp.dice('updated', o.n)), TIMESTAMPTZ '{today} 00:00:00+00')
FROM drawn_order AS o
JOIN (SELECT n, sum(quantity * unit_price) AS amount FROM drawn_line GROUP BY n) AS goods ON goods.n = o.n
LEFT JOIN sales.vouchers AS voucher ON voucher.code = o.voucher_code
CROSS JOIN LATERAL (SELECT round(goods.amount * coalesce(voucher.percent_off, 0) / 100, 2) AS amount) AS discount
CROSS JOIN LATERAL (SELECT CASE WHEN goods.amount * o.rate >= 60 THEN 0 ELSE round(4.95 / o.rate, 2) END AS amount) AS shipping
CROSS JOIN LATERAL (
    SELECT pg_temp.pick('channel', o.n, ARRAY['web', 'web', 'web', 'web', 'web', 'web', 'app', 'app', 'app', 'store', 'marketplace']) AS channel
) AS way
ORDER BY o.n;

INSERT INTO sales.order_lines (order_id, line_no, variant_id, quantity, unit_price, unit_cost, is_gift_wrapped)
SELECT n, line_no, variant_id, quantity, unit_price, unit_cost, pg_temp.dice('wrap', n * 10 + line_no) < 0.05
FROM drawn_line
ORDER BY n, line_no;

INSERT INTO sales.order_vouchers (order_id, voucher_code, amount)
SELECT o.id, drawn.voucher_code, o.discount_amount
FROM sales.orders AS o
JOIN drawn_order AS drawn ON drawn.n = o.id
WHERE drawn.voucher_code IS NOT NULL;

DROP TABLE drawn_line;
DROP TABLE drawn_order;


-- One attempt that worked per paid order, after a failed one now and then.
INSERT INTO sales.payments (id, order_id, method, status, amount, currency, provider_reference, attempted_at, captured_at)
SELECT
    md5('payment' || o.id || '/' || attempt)::uuid,
    o.id,
    pg_temp.pick('method', o.id * 2 + attempt, ARRAY['card', 'card', 'card', 'wallet', 'wallet', 'invoice', 'bank_transfer', 'gift_card'])::sales.payment_method,
    CASE
        WHEN attempt = 0 OR o.status = 'cancelled' THEN 'failed'::sales.payment_status
        WHEN o.status = 'returned' THEN 'refunded'
        ELSE 'captured'
    END,
    o.total_amount,
    o.currency,
    'pay_' || substr(md5('reference' || o.id || '/' || attempt), 1, 16),
    o.placed_at + make_interval(secs => 20 + 90 * attempt),
    CASE WHEN attempt = 1 AND o.status <> 'cancelled' THEN o.placed_at + make_interval(secs => 115) END
FROM sales.orders AS o
CROSS JOIN generate_series(0, 1) AS attempt
WHERE o.status <> 'placed' AND (attempt = 1 OR pg_temp.dice('attempts', o.id) < 0.05);

INSERT INTO sales.refunds (order_id, line_no, payment_id, amount, reason, handled_by, refunded_at)
SELECT
    l.order_id,
    l.line_no,
    p.id,
    l.line_amount,
    pg_temp.pick('reason', l.order_id * 10 + l.line_no, ARRAY['damaged', 'wrong item', 'changed mind', 'changed mind', 'late', 'other']),
    CASE WHEN pg_temp.dice('handled', l.order_id) < 0.8 THEN 7 + 5 * floor(pg_temp.dice('handler', l.order_id) * 7)::int END,
    o.placed_at + make_interval(secs => 86400 * (7 + 10 * pg_temp.dice('refunded', l.order_id)))
FROM sales.orders AS o
JOIN sales.order_lines AS l ON l.order_id = o.id
JOIN sales.payments AS p ON p.order_id = o.id AND p.status = 'refunded'
WHERE o.status = 'returned' AND (l.line_no = 1 OR pg_temp.dice('whole', l.order_id) < 0.6)
ORDER BY o.placed_at, l.line_no;

UPDATE sales.customers AS c
SET segment = CASE WHEN c.vat_number IS NOT NULL THEN 'business'::sales.customer_segment WHEN bought.orders >= 5 THEN 'loyal' ELSE 'regular' END
FROM (SELECT customer_id, count(*) AS orders FROM sales.orders WHERE status <> 'cancelled' GROUP BY customer_id) AS bought
WHERE bought.customer_id = c.id AND (bought.orders >= 2 OR c.vat_number IS NOT NULL);
