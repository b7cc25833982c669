//! Which sites may show a page in theirs.

use crate::state::AppState;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use contract::context::Ctx;
use contract::error::ErrorKind;
use model::embed::{EMBED_PREFIX, EmbedToken};

/// Which sites may show a page in theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Framing {
    /// None: the usual.
    Refused,
    /// Any.
    Any,
    /// Pages of these origins.
    Sites(Vec<String>),
}

impl Framing {
    /// What stands behind `frame-ancestors`.
    pub(crate) fn ancestors(&self) -> String {
        match self {
            Self::Refused => "'none'".to_owned(),
            Self::Any => "*".to_owned(),
            Self::Sites(sites) => sites.join(" "),
        }
    }
}

/// Whether other sites may show the page at a path in theirs, as far as the path says: an embedded
/// diagram and nothing else.
pub(crate) fn may_be_framed(path: &str) -> bool {
    if EmbedToken::of_path(path).is_some() {
        return true;
    }
    let Some(rest) = path.strip_prefix("/embed/") else {
        return false;
    };
    matches!(rest.split_once('/'), Some((id, "diagram")) if !id.is_empty() && id != "v")
}

/// Whether a path is one of those that are the same for everybody, whoever is signed in.
pub(crate) fn is_for_everybody(path: &str) -> bool {
    path.starts_with(EMBED_PREFIX)
}

/// Finds out which sites may show the page and puts that into the request.
pub(crate) async fn framing(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let ctx = request.extensions().get::<Ctx>().cloned();
    let framing = match may_be_framed(&path) {
        true => framing_of(&state, ctx, &path).await,
        false => Framing::Refused,
    };
    request.extensions_mut().insert(framing);
    next.run(request).await
}

async fn framing_of(state: &AppState, ctx: Option<Ctx>, path: &str) -> Framing {
    let (Some(token), Some(ctx)) = (EmbedToken::of_path(path), ctx) else {
        return Framing::Any;
    };
    // Written otherwise (`%41` for `A`) it may still open the view, whose sites nobody asked for here.
    if !token.is_whole() {
        return Framing::Refused;
    }
    match state.services.embeds.embed_sites(&ctx, &token).await {
        Ok(sites) if sites.is_empty() => Framing::Any,
        Ok(sites) => Framing::Sites(sites),
        // The page says that there is nothing, which the frame may show.
        Err(error) if error.kind == ErrorKind::NotFound => Framing::Any,
        Err(_) => Framing::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedded_diagram_may_be_framed_and_nothing_else() {
        assert!(may_be_framed("/embed/db_0123456789/diagram"));
        assert!(may_be_framed("/embed/v/0123456789"));
        for path in [
            "/",
            "/embed",
            "/embed/",
            "/embed//diagram",
            "//embed/x/diagram",
            "/embed/x/diagram/",
            "/embed/x/diagram/more",
            "/embed/v",
            "/embed/v/",
            "/embed/v/x/",
            "/embed/v/x/diagram",
            "/databases/db_0123456789/diagram",
            "/databases/embed/diagram",
            "/databases/embed/v/x",
        ] {
            assert!(!may_be_framed(path), "{path}");
        }
    }
}
