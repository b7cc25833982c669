//! What an import read, passed over and could not read.

use leptos::prelude::*;
use model::import::ImportReport;
use model::number::grouped;

/// Problems listed at the most; a script that is worse wants mending as a whole.
const PROBLEMS_SHOWN: usize = 100;

/// The account of an import. Closed unless there was a problem or it has only just happened.
#[component]
pub fn ImportReportView(report: ImportReport, was_imported: bool) -> impl IntoView {
    let ImportReport {
        statements_read,
        passed_over,
        problems,
        problems_total,
    } = report;
    let has_problems = problems_total > 0;
    let title = if has_problems {
        let parts = if problems_total == 1 {
            "one part"
        } else {
            "some parts"
        };
        format!(
            "Imported, but {parts} of the script could not be read ({})",
            grouped(problems_total as i64)
        )
    } else {
        "Imported without a problem".to_owned()
    };
    let passed: u64 = passed_over.iter().map(|one| one.count).sum();
    let kinds = passed_over
        .iter()
        .map(|one| format!("{} {}", grouped(one.count as i64), one.kind))
        .collect::<Vec<_>>()
        .join(", ");
    let left_out = problems_total.saturating_sub(PROBLEMS_SHOWN as u64);
    let rows = problems
        .into_iter()
        .take(PROBLEMS_SHOWN)
        .map(|problem| {
            view! {
                <tr>
                    <td class="num">{grouped(problem.line as i64)}</td>
                    <td class="wrap">{problem.message}</td>
                    <td class="mono wrap dim">{problem.excerpt}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <details
            class=match (has_problems, was_imported) {
                (true, _) => "notice notice-warning report",
                (false, true) => "notice report",
                (false, false) => "report report-quiet",
            }
            open=has_problems || was_imported
            data-testid="import-report"
        >
            <summary>{title}</summary>
            <p>
                {format!("{} statements became part of the structure.", grouped(statements_read as i64))}
                {(passed > 0).then(|| format!(" Passed over, as they say nothing about it: {kinds}."))}
            </p>
            {has_problems.then(|| view! {
                <div class="table-frame" role="region" aria-label="What could not be read" tabindex="0">
                    <table class="table" data-testid="import-problems">
                        <thead>
                            <tr><th scope="col" class="num">"Line"</th><th scope="col">"What is wrong"</th><th scope="col">"Statement"</th></tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            })}
            {(has_problems && left_out > 0).then(|| view! {
                <p class="dim">{format!("and {} more", grouped(left_out as i64))}</p>
            })}
        </details>
    }
}
