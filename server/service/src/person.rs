//! What is accepted as a person's address and names.

use contract::error::AppError;

/// The longest address that mail can be sent to.
const EMAIL_MAX_BYTES: usize = 254;
/// The longest name, as wide as its column.
const NAME_MAX_CHARS: usize = 255;
/// The longest name to sign in with.
const USERNAME_MAX_CHARS: usize = 150;

/// Reads an address: trimmed, in lower case, of the shape of one. Whether mail arrives there is
/// not for us to find out.
///
/// # Errors
/// Invalid, on the field `email`.
pub(crate) fn read_email(text: &str) -> Result<String, AppError> {
    let email = text.trim().to_lowercase();
    let shaped = email.len() <= EMAIL_MAX_BYTES
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.contains('@')
                && domain.split('.').all(|label| {
                    !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
                })
        });
    if shaped {
        Ok(email)
    } else {
        Err(AppError::invalid_field(
            "email",
            "This is not an email address; one looks like ada@example.org.",
        ))
    }
}

/// Reads the name to show: trimmed, none when nothing is left.
///
/// # Errors
/// Invalid, on the field `full_name`.
pub(crate) fn read_full_name(text: &str) -> Result<Option<String>, AppError> {
    let name = text.trim();
    if name.chars().count() > NAME_MAX_CHARS {
        Err(AppError::invalid_field(
            "full_name",
            format!("The name is too long; {NAME_MAX_CHARS} characters are the most."),
        ))
    } else if name.chars().any(char::is_control) {
        Err(AppError::invalid_field(
            "full_name",
            "The name may hold no line breaks or other control characters.",
        ))
    } else {
        Ok((!name.is_empty()).then(|| name.to_owned()))
    }
}

/// Reads a name to sign in with. It holds no `@`, so that nobody can take another's address for
/// a name.
///
/// # Errors
/// Invalid, on the field `username`.
pub(crate) fn read_username(text: &str) -> Result<String, AppError> {
    let name = text.trim();
    let message = if name.is_empty() {
        "The username may not be empty.".to_owned()
    } else if name.chars().count() > USERNAME_MAX_CHARS {
        format!("The username is too long; {USERNAME_MAX_CHARS} characters are the most.")
    } else if name
        .chars()
        .any(|c| c == '@' || c.is_whitespace() || c.is_control())
    {
        "The username may hold no blanks and no @.".to_owned()
    } else {
        return Ok(name.to_owned());
    };
    Err(AppError::invalid_field("username", message))
}

/// The name to sign in with that an address suggests: what stands before the `@`, cut to
/// characters that can be typed anywhere.
pub(crate) fn username_of(email: &str) -> String {
    let local = email.split('@').next().unwrap_or_default();
    let name: String = local
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'))
        .take(USERNAME_MAX_CHARS)
        .collect();
    if name.is_empty() {
        "user".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_trimmed_and_lowered() {
        assert_eq!(read_email(" Ada@Example.ORG ").unwrap(), "ada@example.org");
        for email in [
            "a@b",
            "admin@localhost",
            "a+b@c-d.example",
            "é@bücher.example",
        ] {
            read_email(email).unwrap();
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.org", "a".repeat(250));
        for email in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@@b",
            "a@b@c",
            "a b@c.d",
            "a@b..c",
            "a@.b",
            "a@-b.c",
            "a@b\n.c",
            &long,
        ] {
            let error = read_email(email).unwrap_err();
            assert_eq!(error.field.as_deref(), Some("email"), "{email}");
        }
    }

    #[test]
    fn names_may_be_left_out_but_not_be_endless() {
        assert_eq!(read_full_name("  ").unwrap(), None);
        assert_eq!(
            read_full_name(" Ada L. ").unwrap().as_deref(),
            Some("Ada L.")
        );
        assert!(read_full_name(&"x".repeat(256)).is_err());
        assert!(read_full_name("a\nb").is_err());
    }

    #[test]
    fn usernames_are_no_addresses() {
        assert_eq!(read_username(" ada ").unwrap(), "ada");
        for name in ["", "a b", "ada@example.org", &"x".repeat(151)] {
            assert!(read_username(name).is_err(), "{name}");
        }
    }

    #[test]
    fn an_address_suggests_a_username() {
        assert_eq!(username_of("ada.l+x@example.org"), "ada.lx");
        assert_eq!(username_of("'@example.org"), "user");
    }
}
