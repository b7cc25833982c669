//! What every page needs to know at once, sent along in the document, so that the browser
//! renders the same as the server did.

use leptos::prelude::{SharedValue, expect_context, provide_context};
use model::account::{CurrentUser, Permission};
use model::embed::EmbedToken;
use model::id::ViewId;
use model::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The facts of one page load.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Bootstrap {
    /// Who is signed in.
    pub user: Option<CurrentUser>,
    /// `light` or `dark` where the person chose one; the system's otherwise.
    pub theme: Option<String>,
    /// The server's clock when it rendered.
    pub now: Option<Timestamp>,
    /// What the last form had to say, shown once.
    pub flash: Option<Flash>,
    /// An address for other sites that was made just now. Only this page tells it.
    pub new_embed: Option<NewEmbed>,
}

impl Bootstrap {
    /// Whether the person's role lets them do that at all. The services decide; pages only leave
    /// out what would be refused.
    pub fn allows(&self, permission: Permission) -> bool {
        self.user
            .as_ref()
            .is_some_and(|user| user.role.allows(permission))
    }
}

/// A view's new address for other sites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEmbed {
    /// Which view it shows.
    pub view: ViewId,
    /// Scheme, host and port under which people reach the server; empty where that is not known.
    pub origin: String,
    /// The secret in the address.
    pub token: EmbedToken,
}

/// The answer to a form that was posted without scripts, shown on the page it leads back to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// What happened.
    pub message: String,
    /// Whether it is good news.
    #[serde(default)]
    pub success: bool,
    /// The field that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What had been entered and may be shown again: name and value, never a secret.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entered: Vec<(String, String)>,
}

impl Flash {
    /// What had been entered in that field.
    pub fn entered(&self, name: &str) -> Option<String> {
        self.entered
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.clone())
    }
}

/// Takes the facts over from the request (on the server) or from the document (in the browser)
/// and puts them into context.
pub fn provide_bootstrap() -> Bootstrap {
    let bootstrap = SharedValue::new(|| {
        #[cfg(feature = "ssr")]
        {
            leptos::prelude::use_context::<http::request::Parts>()
                .and_then(|parts| parts.extensions.get::<Bootstrap>().cloned())
                .unwrap_or_default()
        }
        #[cfg(not(feature = "ssr"))]
        Bootstrap::default()
    })
    .into_inner();
    provide_context(bootstrap.clone());
    bootstrap
}

/// The facts of this page load.
pub fn use_bootstrap() -> Bootstrap {
    expect_context()
}

/// The clock for "12 min ago". The browser keeps the server's, so that both render the same.
pub fn use_now() -> Timestamp {
    use_bootstrap().now.unwrap_or(Timestamp(0))
}
