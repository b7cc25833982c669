//! The three texts about one thing, each said to be what it is: the source's comment, what a
//! person wrote, what a machine drafted. They are never mixed.

use crate::bootstrap::use_now;
use leptos::prelude::*;
use model::address::encode;
use model::metadata::{Annotation, DraftText, WrittenText};
use model::time::Timestamp;
use ui::RelativeTime;

/// What is known of a thing in words, with where each text comes from.
pub fn texts(annotation: &Annotation, source: Option<String>) -> AnyView {
    let human = annotation.description.clone().map(human_text);
    let source = source.map(|text| {
        view! {
            <div class="text-block" data-testid="source-comment">
                <p>{text}</p>
                <p class="provenance">"From the source"</p>
            </div>
        }
    });
    let draft = annotation.ai_draft.clone().map(draft_text);
    view! { {human}{source}{draft} }.into_any()
}

fn human_text(text: WrittenText) -> AnyView {
    let WrittenText { html, by, at, .. } = text;
    let who = match by {
        Some(name) => format!("Written by {name}"),
        None => "Written by a person".to_owned(),
    };
    view! {
        <div class="text-block" data-testid="human-text">
            // Sanitised by the server when it was rendered.
            <div class="prose" inner_html=html></div>
            <p class="provenance">{who}{when(at)}</p>
        </div>
    }
    .into_any()
}

fn draft_text(text: DraftText) -> AnyView {
    let DraftText { html, at, .. } = text;
    view! {
        <div class="text-block text-draft" data-testid="ai-draft">
            <div class="prose" inner_html=html></div>
            <p class="provenance">"Drafted by AI, checked by nobody"{when(at)}</p>
        </div>
    }
    .into_any()
}

fn when(at: Option<Timestamp>) -> Option<AnyView> {
    at.map(|at| view! { ", "<RelativeTime at now=use_now()/> }.into_any())
}

/// Tags, each leading to what else has it.
pub fn tags(tags: &[String]) -> Option<AnyView> {
    if tags.is_empty() {
        return None;
    }
    let links = tags
        .iter()
        .map(|tag| {
            let href = format!("/search?q={}", encode(&format!("tag:{tag}")));
            view! { <li><a class="badge tag" href=href>{tag.clone()}</a></li> }
        })
        .collect_view();
    Some(view! { <ul class="tags" aria-label="Tags" data-testid="tags">{links}</ul> }.into_any())
}
