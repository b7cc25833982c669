//! Who may see and edit which database.

use crate::id::{DatabaseId, GroupId, UserId};
use serde::{Deserialize, Serialize};

/// What somebody may do with a database. A role bounds it: viewers edit nothing, whatever they
/// were given; administrators own everything.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DatabaseAccess {
    /// Nothing: for them it does not exist.
    #[default]
    None,
    /// See it.
    Read,
    /// Describe it, read it again, delete it.
    Edit,
    /// Decide who else may.
    Own,
}

impl DatabaseAccess {
    /// The word kept in the catalog and used in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Edit => "edit",
            Self::Own => "own",
        }
    }

    /// Reads the word that [`DatabaseAccess::as_str`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::None, Self::Read, Self::Edit, Self::Own]
            .into_iter()
            .find(|access| access.as_str() == word)
    }

    /// How lists of rights say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "No access",
            Self::Read => "May read",
            Self::Edit => "May edit",
            Self::Own => "Owner",
        }
    }
}

/// A person, as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who it is.
    pub id: UserId,
    /// The name to sign in with.
    pub username: String,
    /// The name to show where there is one.
    pub full_name: Option<String>,
}

impl Person {
    /// The name to show.
    pub fn display_name(&self) -> &str {
        self.full_name
            .as_deref()
            .filter(|name| !name.is_empty())
            .unwrap_or(&self.username)
    }
}

/// People who are given rights together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Which one.
    pub id: GroupId,
    /// Its name, unique whatever its case.
    pub name: String,
    /// Who belongs to it, by name.
    pub members: Vec<Person>,
}

/// Whom a right was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grantee {
    /// One person.
    Person(UserId),
    /// Everybody in a group.
    Group(GroupId),
}

/// A right that somebody was given by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseGrant {
    /// Whom.
    pub grantee: Grantee,
    /// The person's or the group's name.
    pub name: String,
    /// To read or to edit.
    pub access: DatabaseAccess,
}

/// Everything that decides who may see and edit a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRules {
    /// The database.
    pub database_id: DatabaseId,
    /// Its name.
    pub database_name: String,
    /// Who owns it; nobody when that account is gone.
    pub owner: Option<Person>,
    /// What people have who are not named: none, read or edit.
    pub everybody: DatabaseAccess,
    /// Rights given by name, people first.
    pub grants: Vec<DatabaseGrant>,
    /// Everybody with an account in use, to choose from.
    pub people: Vec<Person>,
    /// Every group, to choose from, without its members.
    pub groups: Vec<Group>,
}

/// The longest name of a group, in characters.
pub const GROUP_NAME_MAX_CHARS: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_access_includes_less() {
        use DatabaseAccess::{Edit, None, Own, Read};
        assert!(None < Read && Read < Edit && Edit < Own);
        for access in [None, Read, Edit, Own] {
            assert_eq!(DatabaseAccess::from_word(access.as_str()), Some(access));
        }
        assert_eq!(DatabaseAccess::from_word("write"), Option::None);
    }
}
