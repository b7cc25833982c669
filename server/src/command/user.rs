//! `crowfoot user`

use crate::command::{CommandError, say, with_catalog};
use crate::config::Config;
use contract::account::Secret;
use contract::error::AppError;
use model::account::Role;
use service::user::UserRequest;
use std::io::{BufRead as _, IsTerminal as _, Write as _};

/// List, add and change people.
#[derive(Debug, clap::Args)]
pub(crate) struct User {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Print everybody.
    List,
    /// Add a person. The password is read from standard input.
    Add {
        /// The address to sign in with.
        email: String,
        /// The name to show.
        #[arg(long)]
        name: Option<String>,
        /// What they may do: viewer, editor or admin.
        #[arg(long, default_value = "viewer", value_parser = role)]
        role: Role,
    },
    /// Set a person's password, read from standard input, and end their sessions.
    Password {
        /// The address to sign in with.
        email: String,
    },
    /// Change what a person may do.
    Role {
        /// The address to sign in with.
        email: String,
        /// viewer, editor or admin.
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Close a person's account and end their sessions.
    Deactivate {
        /// The address to sign in with.
        email: String,
    },
}

fn role(word: &str) -> Result<Role, String> {
    Role::from_word(word).ok_or_else(|| "viewer, editor or admin".to_owned())
}

impl User {
    pub(crate) async fn run(self, config: &Config) -> Result<(), CommandError> {
        let password = match self.action {
            Action::Add { .. } | Action::Password { .. } => Some(read_password()?),
            _ => None,
        };
        with_catalog(config, async |services, ctx| {
            match (self.action, password) {
                (Action::Add { email, name, role }, Some(password)) => {
                    let request = UserRequest {
                        email,
                        username: None,
                        full_name: name.unwrap_or_default(),
                        role,
                        password,
                    };
                    let user = services.user_create(&ctx, request).await?;
                    say(format_args!("{} is now {}", user.email, role.as_str()));
                }
                (Action::Password { email }, Some(password)) => {
                    services.user_set_password(&ctx, &email, password).await?;
                    say(format_args!(
                        "{email} has a new password; their sessions have ended"
                    ));
                }
                (Action::Role { email, role }, _) => {
                    services.user_set_role(&ctx, &email, role).await?;
                    say(format_args!("{email} is now {}", role.as_str()));
                }
                (Action::Deactivate { email }, _) => {
                    services.user_deactivate(&ctx, &email).await?;
                    say(format_args!("{email} can no longer sign in"));
                }
                (Action::List | Action::Add { .. } | Action::Password { .. }, _) => {
                    for one in services.user_list(&ctx).await? {
                        let state = if one.is_active { "" } else { "  (closed)" };
                        say(format_args!(
                            "{:8} {}{state}",
                            one.user.role.as_str(),
                            one.user.email
                        ));
                    }
                }
            }
            Ok(())
        })
        .await
    }
}

/// Reads one line. A password on the command line would stand in the list of processes.
fn read_password() -> Result<Secret, CommandError> {
    let input = std::io::stdin();
    if input.is_terminal() {
        let _ = write!(std::io::stderr(), "Password (it is shown while you type): ");
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(AppError::invalid("No password was given on standard input.").into());
    }
    Ok(Secret::new(password))
}
