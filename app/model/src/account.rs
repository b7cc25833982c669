//! People and what they may do.

use crate::id::UserId;
use serde::{Deserialize, Serialize};

/// What a person is to the installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads, brings databases in and describes them.
    Editor,
    /// Everything, people and settings too.
    Admin,
}

impl Role {
    /// The word kept in `users.role`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    /// Reads the word that [`Role::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Viewer, Self::Editor, Self::Admin]
            .into_iter()
            .find(|role| role.as_str() == word)
    }

    /// Whether the role includes a permission.
    pub fn allows(self, permission: Permission) -> bool {
        match permission {
            Permission::CatalogRead | Permission::OwnAccount => true,
            Permission::CatalogWrite => self >= Self::Editor,
            Permission::Administer => self >= Self::Admin,
        }
    }
}

/// Something that a request may need to be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See databases, tables and diagrams.
    CatalogRead,
    /// Import, connect and delete databases; edit what people wrote about them.
    CatalogWrite,
    /// Change one's own password and preferences.
    OwnAccount,
    /// Manage people and settings.
    Administer,
}

/// The person who is signed in, as pages need to know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentUser {
    /// Who it is.
    pub id: UserId,
    /// The name to sign in with and to show where there is no full name.
    pub username: String,
    /// The address to sign in with.
    pub email: String,
    /// The name to show.
    pub full_name: Option<String>,
    /// What they may do.
    pub role: Role,
}

impl CurrentUser {
    /// The name to show.
    pub fn display_name(&self) -> &str {
        self.full_name
            .as_deref()
            .filter(|name| !name.is_empty())
            .unwrap_or(&self.username)
    }
}

/// The shortest password that is accepted, in characters.
pub const PASSWORD_MIN_CHARS: usize = 10;
/// The longest password that is accepted, in bytes: hashing time must not be the sender's choice.
pub const PASSWORD_MAX_BYTES: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_allows_what_the_lower_one_does_and_more() {
        use Permission::{Administer, CatalogRead, CatalogWrite, OwnAccount};
        let matrix = [
            (Role::Viewer, [true, false, true, false]),
            (Role::Editor, [true, true, true, false]),
            (Role::Admin, [true, true, true, true]),
        ];
        for (role, expected) in matrix {
            let got = [CatalogRead, CatalogWrite, OwnAccount, Administer]
                .map(|permission| role.allows(permission));
            assert_eq!(got, expected, "{role:?}");
        }
    }
}
