//! One module per page, and what several of them share.

pub mod access;
pub mod account;
pub mod auth_form;
pub mod changes;
pub mod connect;
pub mod database;
pub mod database_list;
pub mod diagram;
pub mod findings;
pub mod frame;
pub mod groups;
pub mod home;
pub mod import;
pub mod job_watch;
pub mod jobs;
pub mod login;
pub mod metadata;
pub mod not_found;
pub mod outcome;
pub mod palette;
pub mod search;
pub mod setup;
pub mod table;
pub mod texts;
pub mod ways_in;
