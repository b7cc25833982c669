//! Who may see and edit which database, and groups of people.

use crate::context::Ctx;
use crate::error::AppError;
use async_trait::async_trait;
use model::access::{AccessRules, DatabaseAccess, Grantee, Group, Person};
use model::id::{DatabaseId, GroupId, UserId};
use serde::{Deserialize, Serialize};

/// What the page of groups shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleAndGroups {
    /// Every group with its members, by name.
    pub groups: Vec<Group>,
    /// Everybody with an account in use, by name.
    pub people: Vec<Person>,
}

/// Use cases around rights. Those of a database are its owner's and administrators'; groups are
/// administrators'.
#[async_trait]
pub trait Access: Send + Sync {
    /// Who may see and edit a database, and whom one could name.
    ///
    /// # Errors
    /// Forbidden for those who do not own it; not found for those who may not see it.
    async fn access_fetch(&self, ctx: &Ctx, id: &DatabaseId) -> Result<AccessRules, AppError>;

    /// Sets what people have who are not named: none, read or edit.
    ///
    /// # Errors
    /// As [`access_fetch`](Access::access_fetch).
    async fn access_set(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        everybody: DatabaseAccess,
    ) -> Result<(), AppError>;

    /// Gives a person or a group a right by name; none takes it away.
    ///
    /// # Errors
    /// Invalid for somebody who is not there; else as [`access_fetch`](Access::access_fetch).
    async fn grant_set(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        grantee: Grantee,
        access: DatabaseAccess,
    ) -> Result<(), AppError>;

    /// Gives a database another owner.
    ///
    /// # Errors
    /// Invalid for somebody who is not there; else as [`access_fetch`](Access::access_fetch).
    async fn database_owner_set(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        owner: UserId,
    ) -> Result<(), AppError>;

    /// Every group with its members.
    ///
    /// # Errors
    /// Forbidden to all but administrators, as the methods below.
    async fn group_list(&self, ctx: &Ctx) -> Result<PeopleAndGroups, AppError>;

    /// Makes a group without members.
    ///
    /// # Errors
    /// Invalid for a name that is none; conflict when it is taken.
    async fn group_create(&self, ctx: &Ctx, name: &str) -> Result<GroupId, AppError>;

    /// Removes a group with the rights that were given to it.
    ///
    /// # Errors
    /// Not found when it is gone.
    async fn group_delete(&self, ctx: &Ctx, id: GroupId) -> Result<(), AppError>;

    /// Takes somebody into a group, or out of it.
    ///
    /// # Errors
    /// Not found when the group is gone; invalid when the person is.
    async fn group_member_set(
        &self,
        ctx: &Ctx,
        id: GroupId,
        person: UserId,
        is_member: bool,
    ) -> Result<(), AppError>;
}
