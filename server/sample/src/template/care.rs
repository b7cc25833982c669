//! Customer care: one customer, one order at a time.

use super::{Template, dashboard, exploration};
use crate::analyst::{AOIFE, TOMAS};

pub(super) const TEMPLATES: &[Template] = &[
    Template::select(
        "parcels that should have arrived",
        &[AOIFE],
        dashboard(2.2),
        (190.0, 1_200.0),
        "SELECT o.order_number, c.full_name, c.email, s.carrier_code, s.tracking_number, s.shipped_at
FROM logistics.shipments s
JOIN sales.orders o ON o.id = s.order_id
JOIN sales.customers c ON c.id = o.customer_id
WHERE s.status = 'in_transit' AND s.shipped_at < DATE '{today}' - 4
ORDER BY s.shipped_at",
    ),
    Template::select(
        "refunds per colleague",
        &[AOIFE],
        dashboard(1.3),
        (160.0, 600.0),
        "SELECT e.full_name, m.full_name AS manager, count(*) AS refunds, sum(r.amount) AS amount
FROM sales.refunds AS r
JOIN sales.employees AS e ON r.handled_by = e.id
LEFT JOIN sales.employees AS m ON m.id = e.manager_id
WHERE r.refunded_at >= DATE '{month_ago}'
GROUP BY e.full_name, m.full_name
ORDER BY refunds DESC",
    ),
    Template::select(
        "one order",
        &[AOIFE, TOMAS],
        exploration(3.4),
        (25.0, 8.0),
        "SELECT o.order_number, o.status, o.placed_at, o.total_amount, o.currency, l.line_no, v.sku, p.name, l.quantity, l.unit_price
FROM sales.orders o
JOIN sales.order_lines l ON l.order_id = o.id
JOIN catalog.variants v ON v.id = l.variant_id
JOIN catalog.products p ON p.id = v.product_id
WHERE o.order_number = '{order_number}'
ORDER BY l.line_no",
    ),
    Template::select(
        "one customer",
        &[AOIFE],
        exploration(2.6),
        (30.0, 12.0),
        "select c.id, c.full_name, c.segment, a.street, a.postcode, a.city, l.points_balance
from sales.customers c
join sales.customer_addresses a on a.customer_id = c.id
left join sales.loyalty_accounts l on l.customer_id = c.id
where c.id = {customer}",
    ),
    Template::select(
        "payments of an order",
        &[AOIFE],
        exploration(1.9),
        (22.0, 3.0),
        "select p.attempted_at, p.method, p.status, p.amount, p.provider_reference
from sales.payments p
where p.order_id = (select id from sales.orders where order_number = '{order_number}')
order by p.attempted_at",
    ),
    Template::select(
        "reviews to read",
        &[AOIFE],
        exploration(1.3),
        (90.0, 900.0),
        "SELECT r.id, p.name, r.rating, r.title, r.body
FROM growth.product_reviews r
JOIN catalog.products p ON p.id = r.product_id
WHERE NOT r.is_published AND r.written_at >= DATE '{since}'
ORDER BY r.written_at
LIMIT {limit}",
    ),
    Template::select(
        "publish a review",
        &[AOIFE],
        exploration(0.8),
        (18.0, 1.0),
        "UPDATE growth.product_reviews SET is_published = true WHERE id = {order} AND rating >= {n} - 8",
    )
    .of_type("UPDATE"),
];
