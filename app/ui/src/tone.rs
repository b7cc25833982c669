//! What a badge, a notice or a toast means.

use crate::icon::IconName;

/// What a badge, a notice or a toast means; it chooses the colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// Worth knowing.
    Info,
    /// It went well.
    Success,
    /// Needs attention.
    Warning,
    /// It failed, or it destroys.
    Error,
}

impl Tone {
    pub(crate) fn badge_class(self) -> &'static str {
        match self {
            Self::Neutral => "badge",
            Self::Info => "badge badge-accent",
            Self::Success => "badge badge-success",
            Self::Warning => "badge badge-warning",
            Self::Error => "badge badge-danger",
        }
    }

    pub(crate) fn notice_class(self) -> &'static str {
        match self {
            Self::Neutral | Self::Info => "notice",
            Self::Success => "notice notice-success",
            Self::Warning => "notice notice-warning",
            Self::Error => "notice notice-error",
        }
    }

    pub(crate) fn icon(self) -> IconName {
        match self {
            Self::Neutral | Self::Info => IconName::Info,
            Self::Success => IconName::Success,
            Self::Warning => IconName::Warning,
            Self::Error => IconName::Error,
        }
    }
}
