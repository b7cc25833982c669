-- Rows of the catalog, the people, and everything that orders refer to.
-- {today} stands for the day before which everything happened, written as YYYY-MM-DD.

SET timezone = 'UTC';
-- Compiling these statements would take longer than running them.
SET jit = off;

-- A number in [0, 1) that depends on nothing but its arguments, on every version of PostgreSQL.
CREATE FUNCTION pg_temp.dice(topic text, n bigint) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT ('x' || substr(md5(topic || n::text), 1, 8))::bit(32)::bigint / 4294967296.0::float8 $$;

CREATE FUNCTION pg_temp.pick(topic text, n bigint, choices text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT choices[1 + floor(pg_temp.dice(topic, n) * cardinality(choices))::int] $$;


INSERT INTO sales.countries (code, name, currency, vat_rate, is_eu) VALUES
    ('AT', 'Austria',        'EUR', 20.00, true),
    ('BE', 'Belgium',        'EUR', 21.00, true),
    ('CH', 'Switzerland',    'CHF',  8.10, false),
    ('DE', 'Germany',        'EUR', 19.00, true),
    ('DK', 'Denmark',        'DKK', 25.00, true),
    ('ES', 'Spain',          'EUR', 21.00, true),
    ('FI', 'Finland',        'EUR', 25.50, true),
    ('FR', 'France',         'EUR', 20.00, true),
    ('GB', 'United Kingdom', 'GBP', 20.00, false),
    ('IT', 'Italy',          'EUR', 22.00, true),
    ('NL', 'Netherlands',    'EUR', 21.00, true),
    ('PL', 'Poland',         'PLN', 23.00, true),
    ('PT', 'Portugal',       'EUR', 23.00, true),
    ('SE', 'Sweden',         'SEK', 25.00, true);

INSERT INTO sales.exchange_rates (currency, rate_on, rate_to_eur)
SELECT
    base.currency,
    DATE '{today}' - back,
    round((base.rate * (1 + 0.025 * sin(back / 47.0 + base.phase) + 0.004 * (pg_temp.dice(base.currency, back) - 0.5)))::numeric, 6)
FROM (VALUES ('GBP', 1.1620, 0.0), ('SEK', 0.0881, 1.4), ('DKK', 0.1340, 2.1), ('PLN', 0.2330, 3.3), ('CHF', 1.0410, 4.2))
    AS base (currency, rate, phase)
CROSS JOIN generate_series(0, 560) AS back;


-- Employee 1 leads the company, 2 to 6 lead the teams, everyone else reports to a team lead.
INSERT INTO sales.employees (id, manager_id, full_name, email, team, hired_on, left_on)
OVERRIDING SYSTEM VALUE
SELECT
    n,
    CASE WHEN n = 1 THEN NULL WHEN n <= 6 THEN 1 ELSE 2 + (n - 7) % 5 END,
    first_name || ' ' || last_name,
    lower(first_name || '.' || last_name) || '@harbourlane.example',
    CASE WHEN n = 1 THEN 'management'
        ELSE (ARRAY['care', 'finance', 'marketing', 'merchandising', 'warehouse'])[1 + CASE WHEN n <= 6 THEN n - 2 ELSE (n - 7) % 5 END] END,
    DATE '{today}' - (200 + floor(pg_temp.dice('hired', n) * 2800)::int),
    CASE WHEN n > 6 AND pg_temp.dice('left', n) < 0.1 THEN DATE '{today}' - floor(pg_temp.dice('left on', n) * 190)::int END
FROM (
    SELECT
        n,
        (ARRAY['Ruth', 'Anselm', 'Bettina', 'Carlo', 'Dorthe', 'Emeka', 'Farida', 'Gustav', 'Hedda', 'Ivan', 'Jolanta', 'Karim',
               'Lotte', 'Mateus', 'Nadia', 'Otto', 'Paloma', 'Quentin', 'Rosa', 'Stellan', 'Tamar', 'Ulrike', 'Viktor', 'Wanda'])[1 + (n - 1) % 24] AS first_name,
        (ARRAY['Aldermann', 'Brooks', 'Castellan', 'Dahl', 'Eriksen', 'Fontaine', 'Grabowski'])[1 + (n * 3) % 7] AS last_name
    FROM generate_series(1, 42) AS n
) AS people;


INSERT INTO catalog.brands (name, country_code, website, founded_year, is_own_brand) VALUES
    ('Harbour Lane Basics', 'NL', 'https://harbourlane.example/basics', 2015, true),
    ('Kiln & Quay',         'NL', 'https://harbourlane.example/kiln',   2019, true),
    ('Aldersund',           'SE', 'https://aldersund.example',          1962, false),
    ('Bauer Emaille',       'DE', 'https://bauer-emaille.example',      1911, false),
    ('Casa Tejo',           'PT', 'https://casatejo.example',           1988, false),
    ('Dunmore Weavers',     'GB', 'https://dunmoreweavers.example',     1874, false),
    ('Filature Morel',      'FR', 'https://filature-morel.example',     1930, false),
    ('Gruen & Holz',        'AT', 'https://gruenundholz.example',       2006, false),
    ('Hyggelund',           'DK', 'https://hyggelund.example',          1999, false),
    ('Koivu Works',         'FI', NULL,                                 2011, false),
    ('Lanificio Serra',     'IT', 'https://lanificioserra.example',     1947, false),
    ('Mlyn Glass',          'PL', NULL,                                 1955, false),
    ('Pottenbakkerij Zuid', 'NL', 'https://pottenbakkerijzuid.example', NULL, false),
    ('Terra Llana',         'ES', 'https://terrallana.example',         2002, false);

INSERT INTO catalog.categories (slug, name, depth, sort_order) VALUES
    ('kitchen', 'Kitchen', 0, 10),
    ('table',   'Table',   0, 20),
    ('bedroom', 'Bedroom', 0, 30),
    ('bath',    'Bath',    0, 40),
    ('living',  'Living',  0, 50),
    ('garden',  'Garden',  0, 60);

CREATE TEMPORARY TABLE leaf AS
SELECT row_number() OVER () AS leaf_no, room, slug, name, sku_code, noun, price, grams, textile
FROM (VALUES
    ('kitchen', 'saucepans',      'Saucepans',       'PAN', 'saucepan',       59.0, 1900, false),
    ('kitchen', 'knives',         'Knives',          'KNI', 'chef''s knife',  74.0,  320, false),
    ('kitchen', 'storage-jars',   'Storage jars',    'JAR', 'storage jar',    14.5,  640, false),
    ('kitchen', 'kettles',        'Kettles',         'KET', 'kettle',         62.0, 1400, false),
    ('kitchen', 'tea-towels',     'Tea towels',      'TEA', 'tea towel',       9.9,  130, true),
    ('table',   'mugs',           'Mugs',            'MUG', 'mug',            13.0,  380, false),
    ('table',   'plates',         'Plates',          'PLA', 'dinner plate',   17.5,  720, false),
    ('table',   'glasses',        'Glasses',         'GLA', 'tumbler',        11.0,  290, false),
    ('table',   'cutlery',        'Cutlery',         'CUT', 'cutlery set',    89.0, 1500, false),
    ('table',   'tablecloths',    'Tablecloths',     'CLO', 'tablecloth',     54.0,  620, true),
    ('bedroom', 'duvet-covers',   'Duvet covers',    'DUV', 'duvet cover',    95.0, 1300, true),
    ('bedroom', 'pillowcases',    'Pillowcases',     'PIL', 'pillowcase',     24.0,  240, true),
    ('bedroom', 'blankets',       'Blankets',        'BLA', 'blanket',       110.0, 1600, true),
    ('bath',    'towels',         'Towels',          'TOW', 'bath towel',     29.0,  560, true),
    ('bath',    'bath-mats',      'Bath mats',       'MAT', 'bath mat',       34.0,  900, true),
    ('bath',    'soap-dishes',    'Soap dishes',     'SOA', 'soap dish',      12.0,  210, false),
    ('living',  'cushions',       'Cushions',        'CUS', 'cushion',        39.0,  700, true),
    ('living',  'candle-holders', 'Candle holders',  'CAN', 'candle holder',  22.0,  450, false),
    ('living',  'vases',          'Vases',           'VAS', 'vase',           36.0, 1100, false),
    ('living',  'baskets',        'Baskets',         'BAS', 'basket',         32.0,  800, false),
    ('garden',  'planters',       'Planters',        'POT', 'planter',        27.0, 2300, false),
    ('garden',  'watering-cans',  'Watering cans',   'WAT', 'watering can',   41.0, 1200, false),
    ('garden',  'lanterns',       'Lanterns',        'LAN', 'lantern',        48.0, 1500, false),
    ('garden',  'picnic-rugs',    'Picnic rugs',     'RUG', 'picnic rug',     58.0, 1250, true)
) AS given (room, slug, name, sku_code, noun, price, grams, textile);

INSERT INTO catalog.categories (parent_id, slug, name, depth, sort_order, is_visible)
SELECT room.id, leaf.slug, leaf.name, 1, leaf.leaf_no * 10, leaf.slug <> 'soap-dishes'
FROM leaf
JOIN catalog.categories AS room ON room.slug = leaf.room
ORDER BY leaf.leaf_no;


-- Ten products per kind, named after a family of designs.
INSERT INTO catalog.products (id, brand_id, name, slug, status, description, care_instructions, tags, attributes, launched_on, created_at, updated_at)
OVERRIDING SYSTEM VALUE
SELECT
    n,
    1 + floor(power(pg_temp.dice('brand', n), 1.4) * 14)::int,
    family || ' ' || noun,
    lower(family) || '-' || replace(replace(noun, ' ', '-'), '''', ''),
    status::catalog.product_status,
    'The ' || family || ' ' || noun || ' is made for daily use. '
        || pg_temp.pick('text', n, ARRAY['Small runs, so shades vary a little.', 'Simple lines, no decoration.', 'A quiet piece that goes with the rest of the family.', 'Made to last and to be repaired.']),
    CASE WHEN textile AND pg_temp.dice('care', n) < 0.05 THEN 'Wash at 40 degrees, do not tumble dry.' END,
    ARRAY[leaf.room, pg_temp.pick('tag', n, ARRAY['gift', 'classic', 'seasonal', 'bestseller', 'small-space'])]
        || CASE WHEN textile THEN ARRAY['textile'] WHEN pg_temp.dice('dish', n) < 0.6 THEN ARRAY['dishwasher-safe'] ELSE ARRAY[]::text[] END,
    jsonb_strip_nulls(jsonb_build_object(
        'material', CASE WHEN textile THEN pg_temp.pick('cloth', n, ARRAY['linen', 'cotton', 'wool', 'organic cotton'])
                         ELSE pg_temp.pick('stuff', n, ARRAY['stoneware', 'glass', 'steel', 'oak', 'enamel']) END,
        'capacity_ml', CASE WHEN leaf.slug IN ('mugs', 'glasses', 'storage-jars', 'kettles', 'saucepans') THEN 250 + 50 * (n % 9) END,
        'handmade', CASE WHEN pg_temp.dice('hand', n) < 0.3 THEN true END
    )),
    CASE WHEN status <> 'draft' THEN launched_on END,
    launched_on - interval '504 hours',
    TIMESTAMPTZ '{today} 02:40:00+00' - make_interval(hours => 24 * floor(pg_temp.dice('touched', n) * 120)::int)
FROM (
    SELECT
        n,
        1 + (n - 1) / 10 AS leaf_no,
        (ARRAY['Fjord', 'Alba', 'Juno', 'Marl', 'Tide', 'Orla', 'Pine', 'Sable', 'Vesper', 'Wren'])[1 + (n - 1) % 10] AS family,
        CASE WHEN pg_temp.dice('status', n) < 0.04 THEN 'draft' WHEN pg_temp.dice('status', n) < 0.08 THEN 'paused'
             WHEN pg_temp.dice('status', n) < 0.15 THEN 'discontinued' ELSE 'active' END AS status,
        DATE '{today}' - (30 + floor(power(pg_temp.dice('launch', n), 0.6) * 1900)::int) AS launched_on
    FROM generate_series(1, 240) AS n
) AS made
JOIN leaf USING (leaf_no)
ORDER BY n;

INSERT INTO catalog.product_details (product_id, weight_grams, length_mm, width_mm, height_mm, origin_country, customs_code)
SELECT
    n,
    (leaf.grams * (0.8 + 0.5 * pg_temp.dice('weight', n)))::int,
    120 + floor(pg_temp.dice('length', n) * 480)::int,
    90 + floor(pg_temp.dice('width', n) * 300)::int,
    60 + floor(pg_temp.dice('height', n) * 260)::int,
    pg_temp.pick('origin', n, ARRAY['PT', 'PL', 'IT', 'SE', 'DE', 'FR', 'NL']),
    CASE WHEN textile THEN '6302' ELSE '6912' END || (1000 + n % 90)
FROM generate_series(1, 240) AS n
JOIN leaf ON leaf.leaf_no = 1 + (n - 1) / 10;

INSERT INTO catalog.product_categories (product_id, category_id, is_primary)
SELECT n, 6 + 1 + (n - 1) / 10, true
FROM generate_series(1, 240) AS n
UNION ALL
SELECT n, 6 + 1 + ((n - 1) / 10 + 1 + floor(pg_temp.dice('second', n) * 22)::int) % 24, false
FROM generate_series(1, 240) AS n
WHERE pg_temp.dice('in second', n) < 0.35;

-- Two or three variants per product.
INSERT INTO catalog.variants (id, product_id, sku, barcode, option_name, list_price, unit_cost, is_active, created_at)
OVERRIDING SYSTEM VALUE
SELECT
    row_number() OVER (ORDER BY n, option_no),
    n,
    leaf.sku_code || '-' || lpad(n::text, 4, '0') || '-' || (ARRAY['NA', 'BL', 'MO', 'CL', 'OX', 'SA'])[colour],
    CASE WHEN pg_temp.dice('barcode', n) < 0.9 THEN '87' || lpad((n * 100 + option_no)::text, 11, '0') END,
    (ARRAY['natural', 'blue', 'moss', 'clay', 'oxblood', 'sand'])[colour],
    price.list_price,
    CASE WHEN pg_temp.dice('cost', n) < 0.97 THEN round(price.list_price * (0.32 + 0.2 * pg_temp.dice('margin', n))::numeric, 2) END,
    product.status <> 'discontinued',
    product.created_at
FROM generate_series(1, 240) AS n
JOIN leaf ON leaf.leaf_no = 1 + (n - 1) / 10
JOIN catalog.products AS product ON product.id = n
CROSS JOIN generate_series(1, 3) AS option_no
CROSS JOIN LATERAL (SELECT 1 + (n + option_no * 2) % 6 AS colour) AS chosen
CROSS JOIN LATERAL (SELECT round((leaf.price * (0.7 + 0.9 * pg_temp.dice('price', n)) + option_no - 1)::numeric, 0) + 0.90 - 1 AS list_price) AS price
WHERE option_no <= 2 OR pg_temp.dice('third', n) < 0.5;

-- Every variant starts with a launch price; most have seen a review or a sale since.
INSERT INTO catalog.price_changes (variant_id, valid_from, list_price, reason)
SELECT v.id, p.created_at::date + 21, round(v.list_price * 0.94, 2), 'launch'
FROM catalog.variants AS v
JOIN catalog.products AS p ON p.id = v.product_id
UNION ALL
SELECT v.id, DATE '{today}' - (5 + floor(pg_temp.dice('price day', v.id) * 20)::int), v.list_price, pg_temp.pick('price why', v.id, ARRAY['review', 'review', 'cost', 'sale'])
FROM catalog.variants AS v
WHERE pg_temp.dice('changed', v.id) < 0.7;


INSERT INTO catalog.suppliers (name, country_code, contact_email, lead_time_days, payment_terms_days, certificates, is_active)
SELECT
    given.name,
    given.country,
    'orders@' || lower(replace(given.name, ' ', '')) || '.example',
    8 + floor(pg_temp.dice('lead', n) * 50)::int,
    (ARRAY[14, 30, 30, 45, 60])[1 + floor(pg_temp.dice('terms', n) * 5)::int],
    (ARRAY['{}', '{fsc}', '{oeko-tex}', '{oeko-tex,gots}', '{fsc,iso-9001}'])[1 + floor(pg_temp.dice('certificate', n) * 5)::int]::text[],
    n <> 11
FROM (VALUES
    (1, 'Ceramica do Vale', 'PT'), (2, 'Nordlys Engros', 'DK'), (3, 'Textil Konrad', 'DE'), (4, 'Huta Szklana', 'PL'),
    (5, 'Tessuti Lario', 'IT'), (6, 'Moulin Blanc', 'FR'), (7, 'Skog Design', 'SE'), (8, 'Van Rijn Import', 'NL'),
    (9, 'Highland Mill', 'GB'), (10, 'Alpenholz', 'AT'), (11, 'Cobre Sul', 'PT'), (12, 'Fibras Levante', 'ES')
) AS given (n, name, country)
ORDER BY n;

-- The same pair is never drawn twice: the second supplier lies a fixed step behind the first.
INSERT INTO catalog.supplier_offers (supplier_id, variant_id, unit_cost, min_quantity, is_preferred, quoted_on)
SELECT
    1 + (v.product_id + offer_no * 5) % 12,
    v.id,
    round(coalesce(v.unit_cost, v.list_price * 0.45) * (1 + 0.08 * offer_no)::numeric, 2),
    (ARRAY[6, 12, 24, 48])[1 + floor(pg_temp.dice('minimum', v.product_id) * 4)::int],
    offer_no = 0,
    DATE '{today}' - floor(pg_temp.dice('quote', v.id + offer_no * 1000) * 500)::int
FROM catalog.variants AS v
CROSS JOIN generate_series(0, 1) AS offer_no
WHERE offer_no = 0 OR pg_temp.dice('offers', v.id) < 0.4;

DROP TABLE leaf;
