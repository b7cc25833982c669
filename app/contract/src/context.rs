//! Who asks, and under which request.

use crate::error::AppError;
use model::account::{CurrentUser, Permission};
use std::net::IpAddr;

/// The first argument of every service method.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// Who asks.
    pub actor: Actor,
    /// The id under which the request is logged.
    pub request_id: String,
    /// Where the request comes from, where it came over the network.
    pub ip_address: Option<IpAddr>,
    /// What the client calls itself.
    pub user_agent: Option<String>,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody is signed in.
    Anonymous,
    /// A person with a session.
    User(CurrentUser),
    /// The operator at the command line, or the server itself.
    System,
}

impl Ctx {
    /// The context of the command line and of background work.
    pub fn system(request_id: impl Into<String>) -> Self {
        Self {
            actor: Actor::System,
            request_id: request_id.into(),
            ip_address: None,
            user_agent: None,
        }
    }

    /// The person, where one is signed in.
    pub fn user(&self) -> Option<&CurrentUser> {
        match &self.actor {
            Actor::User(user) => Some(user),
            Actor::Anonymous | Actor::System => None,
        }
    }

    /// Lets the request go on only if its actor has the permission.
    ///
    /// # Errors
    /// Unauthenticated for nobody, forbidden for a person whose role lacks the permission.
    pub fn authorize(&self, permission: Permission) -> Result<(), AppError> {
        match &self.actor {
            Actor::System => Ok(()),
            Actor::User(user) if user.role.allows(permission) => Ok(()),
            Actor::User(_) => Err(AppError::forbidden()),
            Actor::Anonymous => Err(AppError::unauthenticated()),
        }
    }
}
