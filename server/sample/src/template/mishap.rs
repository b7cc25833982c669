//! Queries that did not end well. What the database says is part of the sample.

use super::{Ending, Template, exploration};
use crate::analyst::{AOIFE, ELENA, JONAS, MARA, PRIYA, SAM, TOMAS};

pub(super) const TEMPLATES: &[Template] = &[
    Template::select(
        "mishap: missing comma",
        &[TOMAS, SAM],
        exploration(0.3),
        (4.0, 0.0),
        "select order_number placed_at status\nfrom sales.orders where placed_at > '{since}'",
    )
    .ending(Ending::Refused {
        error_type: "syntax_error",
        message: "syntax error at or near \"status\"",
    }),
    Template::select(
        "mishap: clauses in the wrong order",
        &[PRIYA],
        exploration(0.25),
        (4.0, 0.0),
        "SELECT device, count(*) FROM growth.sessions GROUP BY device WHERE started_at >= DATE '{week_ago}'",
    )
    .ending(Ending::Refused {
        error_type: "syntax_error",
        message: "syntax error at or near \"WHERE\"",
    }),
    Template::select(
        "mishap: missing column",
        &[ELENA, TOMAS],
        exploration(0.35),
        (6.0, 0.0),
        "SELECT o.order_number, o.total FROM sales.orders o WHERE o.placed_at >= DATE '{month}'",
    )
    .ending(Ending::Refused {
        error_type: "undefined_column",
        message: "column o.total does not exist",
    }),
    Template::select(
        "mishap: missing table",
        &[JONAS, AOIFE],
        exploration(0.2),
        (5.0, 0.0),
        "SELECT * FROM logistics.returns WHERE arrived_on >= DATE '{week_ago}'",
    )
    .ending(Ending::Refused {
        error_type: "undefined_table",
        message: "relation \"logistics.returns\" does not exist",
    }),
    Template::select(
        "mishap: text against number",
        &[PRIYA],
        exploration(0.3),
        (7.0, 0.0),
        "SELECT c.segment, count(*)
FROM growth.events e
JOIN sales.customers c ON c.id = e.customer_ref
WHERE e.occurred_at >= DATE '{week_ago}'
GROUP BY c.segment",
    )
    .ending(Ending::Refused {
        error_type: "undefined_function",
        message: "operator does not exist: bigint = text",
    }),
    Template::select(
        "mishap: missing group by",
        &[SAM],
        exploration(0.25),
        (6.0, 0.0),
        "SELECT brand_id, status, count(*) FROM catalog.products WHERE launched_on >= DATE '{since}' GROUP BY brand_id",
    )
    .ending(Ending::Refused {
        error_type: "grouping_error",
        message: "column \"products.status\" must appear in the GROUP BY clause or be used in an aggregate function",
    }),
    Template::select(
        "mishap: click rate of print",
        &[PRIYA],
        exploration(0.25),
        (140.0, 900.0),
        "SELECT c.code, s.spent_on, s.clicks::numeric / s.impressions AS click_rate
FROM growth.campaign_spend s
JOIN growth.campaigns c ON c.id = s.campaign_id
WHERE s.spent_on < DATE '{today}'",
    )
    .ending(Ending::Broken {
        error_type: "division_by_zero",
        message: "division by zero",
    }),
    Template::select(
        "mishap: every event with every order",
        &[PRIYA, MARA],
        exploration(0.25),
        (300_000.0, 40_000_000.0),
        "SELECT count(*)
FROM growth.events e
CROSS JOIN sales.orders o
WHERE e.payload ->> 'order_number' LIKE '%' || right(o.order_number, 3) || '%'
  AND o.placed_at >= DATE '{since}'",
    )
    .ending(Ending::TimedOut),
    Template::select(
        "mishap: all pairs of lines",
        &[SAM, TOMAS],
        exploration(0.3),
        (41_000.0, 9_000_000.0),
        "select a.variant_id, b.variant_id, count(*)
from sales.order_lines a
join sales.order_lines b on a.variant_id < b.variant_id
where a.order_id > {order}
group by 1, 2",
    )
    .ending(Ending::Cancelled),
];
