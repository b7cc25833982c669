//! The mock diagram page, with a drawing that uses the engine's classes.

use crate::frame::shell;
use leptos::prelude::*;
use ui::*;

fn table(
    x: i32,
    y: i32,
    name: &'static str,
    rows: &'static [(&'static str, &'static str, &'static str)],
    selected: bool,
) -> AnyView {
    let height = 34 + rows.len() as i32 * 20;
    let lines: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(place, (heat, column, kind))| {
            let top = 34 + place as i32 * 20;
            view! {
                <g>
                    <rect class=*heat x="4" y=top width="203" height="19"></rect>
                    <text class="er-text" x="26" y=top + 14 font-size="11">{*column}</text>
                    <text class="er-text-dim" x="198" y=top + 14 font-size="11" text-anchor="end">{*kind}</text>
                </g>
            }
        })
        .collect();
    let outline = if selected {
        "er-selection-line"
    } else {
        "er-border-line"
    };
    view! {
        <g transform=format!("translate({x} {y})")>
            <rect class="er-surface" width="208" height=height rx="4"></rect>
            <text class="er-text" x="14" y="20" font-size="11.5">{name}</text>
            <path class="er-rule-line" d="M4 30.5H208"></path>
            {lines}
            <rect class="er-accent" width="4" height=height rx="1"></rect>
            <rect class=outline x="0.5" y="0.5" width="207" height=height rx="4"></rect>
        </g>
    }
    .into_any()
}

/// The page.
pub(crate) fn page() -> AnyView {
    let drawing = view! {
        <svg class="diagram-canvas er-svg" role="img" aria-label="Diagram" tabindex="0">
            <path class="er-accent-line" d="M232 102H300V184H340"></path>
            <path class="er-link-line" d="M232 122H280V320H340"></path>
            <path class="er-link-proposed-line" d="M232 142H260V340H340"></path>
            {table(24, 48, "customers", &[("er-hover", "id", "bigint"), ("er-header", "email", "citext"), ("er-surface", "segment_id", "int"), ("er-header", "country", "char(2)")], false)}
            {table(340, 120, "orders", &[("er-header", "id", "bigint"), ("er-hover", "customer_id", "bigint"), ("er-surface", "coupon_id", "int"), ("er-header", "placed_at", "timestamptz")], true)}
            {table(340, 280, "coupons", &[("er-surface", "id", "int"), ("er-surface", "code", "text")], false)}
        </svg>
    };
    let page = view! {
        <div class="diagram">
            <div class="diagram-toolbar" role="toolbar" aria-label="Diagram">
                <div class="segments" role="group" aria-label="Detail">
                    <button class="segment" type="button" aria-pressed="false">"Names"</button>
                    <button class="segment" type="button" aria-pressed="false">"Keys"</button>
                    <button class="segment" type="button" aria-pressed="true">"Columns"</button>
                </div>
                <SearchField label="Find on the diagram" name="find"/>
                <div class="toolbar-end">
                    <span class="dim">"8 of 1 368 tables"</span>
                    <Button>"Export"</Button>
                    <Button variant=ButtonVariant::Primary icon=IconName::Link>"Copy link"</Button>
                </div>
            </div>
            <div class="diagram-pane">
                {drawing}
                <div class="minimap" aria-hidden="true">
                    <div class="minimap-picture">
                        <svg viewBox="0 0 180 120" fill="var(--er-link-far)">
                            <path d="M20 20h10v6h-10ZM60 36h10v6h-10ZM64 66h10v6h-10Z"></path>
                        </svg>
                    </div>
                </div>
                <div class="diagram-controls" role="group" aria-label="Zoom">
                    <Button variant=ButtonVariant::Ghost icon=IconName::ZoomOut label="Zoom out"/>
                    <button class="button button-ghost diagram-zoom" type="button" aria-label="Reading size">"100 %"</button>
                    <Button variant=ButtonVariant::Ghost icon=IconName::ZoomIn label="Zoom in"/>
                    <Button variant=ButtonVariant::Ghost icon=IconName::Fit label="Fit"/>
                </div>
            </div>
            <aside class="drawer" aria-label="orders">
                <div class="drawer-head">
                    <h2 class="mono">"orders"</h2>
                    <Badge>"sales"</Badge>
                    <Button variant=ButtonVariant::Ghost icon=IconName::Close label="Close"/>
                </div>
                <p class="soft">"One row per checkout, kept after cancellation. " <span class="dim">"Human · 3 weeks ago"</span></p>
                <section class="section">
                    <h3>"Joined with, last 30 days"</h3>
                    <ul class="drawer-list" role="list">
                        <li><span class="mono">"customers.id"</span><span class="tabular">"4 812"</span></li>
                        <li><span class="mono">"order_lines.order_id"</span><span class="tabular">"3 906"</span></li>
                        <li class="dim"><span class="mono">"coupons.id"</span><span>"never"</span></li>
                    </ul>
                </section>
                <section class="section">
                    <h3>"Proposed relation"</h3>
                    <div class="card">
                        <code>"events_raw.customer_ref → customers.id"</code>
                        <p class="dim">"529 joins by 7 people · names 0.6 · values overlap 99.2 %"</p>
                        <div class="actions">
                            <Button size=ButtonSize::Small variant=ButtonVariant::Primary>"Accept"</Button>
                            <Button size=ButtonSize::Small>"Reject"</Button>
                            <Button size=ButtonSize::Small>"Evidence"</Button>
                        </div>
                    </div>
                </section>
            </aside>
        </div>
    }
    .into_any();
    let crumbs = vec![
        Crumb::link("warehouse", "#"),
        Crumb::here("growth / funnel"),
    ];
    shell(crumbs, "Diagrams", page)
}
