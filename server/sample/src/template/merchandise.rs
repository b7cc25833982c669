//! Merchandising: products, prices, reviews.

use super::{Template, dashboard, exploration};
use crate::analyst::{PRIYA, SAM};

pub(super) const TEMPLATES: &[Template] = &[
    Template::select(
        "best sellers",
        &[SAM],
        dashboard(2.3),
        (820.0, 9_300.0),
        "SELECT p.name, b.name AS brand, sum(l.quantity) AS pieces, sum(l.line_amount * o.fx_rate_to_eur)::numeric(12,2) AS revenue_eur
FROM sales.order_lines AS l
JOIN sales.orders AS o ON o.id = l.order_id
JOIN catalog.variants AS v ON v.id = l.variant_id
JOIN catalog.products AS p ON p.id = v.product_id
JOIN catalog.brands AS b ON b.id = p.brand_id
WHERE o.placed_at >= DATE '{week_ago}' AND o.status <> 'cancelled'
GROUP BY p.id, b.name
ORDER BY pieces DESC
LIMIT 20",
    ),
    Template::select(
        "revenue by room",
        &[SAM],
        dashboard(1.4),
        (1_350.0, 15_000.0),
        "SELECT room.name AS room, kind.name AS kind, sum(l.quantity) AS pieces
FROM sales.order_lines l
JOIN sales.orders o ON o.id = l.order_id
JOIN catalog.variants v ON v.id = l.variant_id
JOIN catalog.product_categories pc ON pc.product_id = v.product_id AND pc.is_primary
JOIN catalog.categories kind ON kind.id = pc.category_id
JOIN catalog.categories room ON room.id = kind.parent_id
WHERE o.placed_at >= DATE '{month_ago}'
GROUP BY room.name, kind.name
ORDER BY room.name, pieces DESC",
    ),
    Template::select(
        "products of a category",
        &[SAM, PRIYA],
        exploration(1.6),
        (130.0, 350.0),
        "WITH RECURSIVE below AS (
    SELECT id FROM catalog.categories WHERE slug = '{category}'
    UNION ALL
    SELECT c.id FROM catalog.categories c JOIN below ON c.parent_id = below.id
)
SELECT p.id, p.name, p.status, p.tags, p.attributes ->> 'material' AS material
FROM catalog.products p
JOIN catalog.product_categories pc ON pc.product_id = p.id
JOIN below ON below.id = pc.category_id
ORDER BY p.launched_on DESC NULLS FIRST",
    ),
    Template::select(
        "products by name",
        &[SAM],
        exploration(1.5),
        (35.0, 240.0),
        "select id, name, status, launched_on from catalog.products where lower(name) like '%{term}%' order by name",
    ),
    Template::select(
        "products with a tag",
        &[SAM],
        exploration(0.9),
        (70.0, 240.0),
        "SELECT p.name, v.sku, v.list_price
FROM catalog.products p JOIN catalog.variants v ON v.product_id = p.id
WHERE p.tags @> '{{tag}}' AND p.status = 'active' AND p.attributes @> '{\"handmade\": true}'
ORDER BY v.list_price DESC",
    ),
    Template::select(
        "price history",
        &[SAM],
        exploration(1.3),
        (55.0, 90.0),
        "SELECT v.sku, pc.valid_from, pc.list_price, pc.reason,
       pc.list_price - lag(pc.list_price) OVER (PARTITION BY v.id ORDER BY pc.valid_from) AS step
FROM catalog.price_changes pc
JOIN catalog.variants v ON v.id = pc.variant_id
WHERE v.product_id = {product}
ORDER BY v.sku, pc.valid_from",
    ),
    Template::select(
        "sales before and after a price change",
        &[SAM],
        exploration(0.8),
        (2_600.0, 13_000.0),
        "SELECT v.sku, pc.valid_from, pc.reason,
       sum(l.quantity) FILTER (WHERE o.placed_at <  pc.valid_from) AS before,
       sum(l.quantity) FILTER (WHERE o.placed_at >= pc.valid_from) AS after
FROM catalog.price_changes pc
JOIN catalog.variants v ON v.id = pc.variant_id
JOIN sales.order_lines l ON l.variant_id = v.id
JOIN sales.orders o ON o.id = l.order_id
                   AND o.placed_at BETWEEN pc.valid_from - INTERVAL '14 days' AND pc.valid_from + INTERVAL '14 days'
WHERE pc.reason <> 'launch' AND pc.valid_from >= DATE '{since}'
GROUP BY v.sku, pc.valid_from, pc.reason",
    ),
    Template::select(
        "ratings below the brand",
        &[SAM, PRIYA],
        exploration(1.1),
        (460.0, 2_200.0),
        "WITH rated AS (
    SELECT p.id, p.name, p.brand_id, avg(r.rating) AS rating, count(*) AS reviews
    FROM growth.product_reviews r
    JOIN catalog.products p ON p.id = r.product_id
    WHERE r.is_published
    GROUP BY p.id
)
SELECT rated.name, b.name AS brand, round(rated.rating, 2) AS rating, rated.reviews
FROM rated
JOIN catalog.brands b ON b.id = rated.brand_id
WHERE rated.reviews >= {n}
  AND rated.rating < (SELECT avg(other.rating) FROM rated other WHERE other.brand_id = rated.brand_id)
ORDER BY rated.rating",
    ),
    Template::select(
        "bought together",
        &[SAM],
        exploration(0.8),
        (5_300.0, 26_000.0),
        "SELECT pa.name AS product, pb.name AS with_product, count(DISTINCT a.order_id) AS orders
FROM sales.order_lines a
JOIN sales.order_lines b ON b.order_id = a.order_id AND b.line_no <> a.line_no
JOIN catalog.variants va ON va.id = a.variant_id
JOIN catalog.variants vb ON vb.id = b.variant_id
JOIN catalog.products pa ON pa.id = va.product_id
JOIN catalog.products pb ON pb.id = vb.product_id
WHERE pa.id = {product} AND pb.id <> pa.id
GROUP BY pa.name, pb.name
ORDER BY orders DESC
LIMIT {limit}",
    ),
    Template::select(
        "offers cheaper than the preferred one",
        &[SAM],
        exploration(0.7),
        (210.0, 1_600.0),
        "SELECT v.sku, best.unit_cost AS preferred, o.unit_cost, s.name, s.certificates
FROM catalog.supplier_offers o
JOIN catalog.supplier_offers best ON best.variant_id = o.variant_id AND best.is_preferred
JOIN catalog.suppliers s ON s.id = o.supplier_id
JOIN catalog.variants v ON v.id = o.variant_id
WHERE NOT o.is_preferred AND o.unit_cost < best.unit_cost * 1.1 AND o.quoted_on >= DATE '{year_ago}'",
    ),
];
