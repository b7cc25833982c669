//! Icons: one stroke weight on a grid of 16 px, each a single path.

use leptos::prelude::*;

/// Every icon there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say what they draw")]
pub enum IconName {
    ArrowLeft,
    ArrowRight,
    Box,
    Check,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    ChevronUp,
    Clock,
    Close,
    Column,
    Copy,
    Database,
    Diagram,
    Download,
    Edit,
    Enum,
    Error,
    External,
    Filter,
    Fit,
    ForeignKey,
    History,
    Home,
    Index,
    Info,
    Insight,
    Key,
    Link,
    Lock,
    Logout,
    Menu,
    Minus,
    More,
    Note,
    Paste,
    Plug,
    Plus,
    Refresh,
    Schema,
    Search,
    Settings,
    SortDown,
    SortUp,
    Sql,
    Star,
    Success,
    Sun,
    Moon,
    System,
    Table,
    Trash,
    Upload,
    User,
    Users,
    View,
    Warning,
    ZoomIn,
    ZoomOut,
    ZoomTo,
}

impl IconName {
    /// The outline, on a square of 16.
    fn path(self) -> &'static str {
        match self {
            Self::ArrowLeft => "M13 8H3M7 4 3 8l4 4",
            Self::ArrowRight => "M3 8h10M9 4l4 4-4 4",
            Self::Box => {
                "M8 1.8 13.5 5v6L8 14.2 2.5 11V5ZM2.8 5.2 8 8.2l5.2-3M8 8.2v5.8M5.2 3.4l5.3 3.1"
            }
            Self::Check => "m3 8.5 3.2 3.2L13 4.6",
            Self::ChevronDown => "m4 6 4 4 4-4",
            Self::ChevronLeft => "M10 4 6 8l4 4",
            Self::ChevronRight => "m6 4 4 4-4 4",
            Self::ChevronUp => "m4 10 4-4 4 4",
            Self::Clock => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 4.8V8l2.2 1.6",
            Self::Close => "m4 4 8 8M12 4l-8 8",
            Self::Column => "M2.5 2.5h11v11h-11ZM6.2 2.5v11M9.8 2.5v11",
            Self::Copy => "M6 5.5h7v8H6ZM3.5 10.5H3v-8h7V3",
            Self::Database => {
                "M2.8 4c0-1.1 2.3-2 5.2-2s5.2.9 5.2 2-2.3 2-5.2 2-5.2-.9-5.2-2Zm0 0v8c0 1.1 2.3 2 5.2 2s5.2-.9 5.2-2V4M2.8 8c0 1.1 2.3 2 5.2 2s5.2-.9 5.2-2"
            }
            Self::Diagram => "M1.8 2.5h5v4h-5ZM9.2 9.5h5v4h-5ZM4.3 6.5v5h4.9",
            Self::Download => "M8 2.5v7.7M4.8 7.2 8 10.4l3.2-3.2M2.8 13.5h10.4",
            Self::Edit => "m10.6 3 2.4 2.4L5.6 12.8l-3 .6.6-3ZM9 4.6 11.4 7",
            Self::Enum => "M2.8 4h.01M2.8 8h.01M2.8 12h.01M5.8 4h7.4M5.8 8h7.4M5.8 12h7.4",
            Self::Error => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2",
            Self::External => "M9.5 2.5h4v4M13.2 2.8 7.5 8.5M11.5 9.5v4h-9v-9h4",
            Self::Filter => "M2 3h12L9.5 8.5V13l-3-1.5v-3Z",
            Self::Fit => "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
            Self::ForeignKey => "M2 8h12M7.5 8 13.5 4M7.5 8l6 4M4.2 5.6v4.8",
            Self::History => "M2.6 5.2A6 6 0 1 1 2 8M2.4 2.4v3h3M8 5v3.2l2.2 1.3",
            Self::Home => "M2.2 7.6 8 2.5l5.8 5.1M3.8 6.4v7.1h8.4V6.4M6.4 13.5V9.6h3.2v3.9",
            Self::Index => "M2.5 3.5h5M2.5 8h5M2.5 12.5h5M11.5 2.5v11M9.2 11.2l2.3 2.3 2.3-2.3",
            Self::Info => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 7.4v3.4M8 5.1h.01",
            Self::Insight => "M2.5 13.5h11M4 11V7.5M8 11V3M12 11V5.5",
            Self::Key => "M5.4 7.2a3 3 0 1 0 0 3.4ZM5.8 9h8M11.2 9v2.4M13.8 9v1.8",
            Self::Link => {
                "M6.8 9.2a2.8 2.8 0 0 0 4 0l2-2a2.8 2.8 0 0 0-4-4l-.8.8M9.2 6.8a2.8 2.8 0 0 0-4 0l-2 2a2.8 2.8 0 0 0 4 4l.8-.8"
            }
            Self::Lock => "M3.2 7.2h9.6v6.3H3.2ZM5.2 7.2V5a2.8 2.8 0 0 1 5.6 0v2.2",
            Self::Logout => "M6.2 2.5H2.8v11h3.4M6.4 8h7.4M10.8 5l3 3-3 3",
            Self::Menu => "M2.5 4h11M2.5 8h11M2.5 12h11",
            Self::Minus => "M3 8h10",
            Self::More => "M3.5 8h.01M8 8h.01M12.5 8h.01",
            Self::Note => "M3 2.5h10v7.2l-3.8 3.8H3ZM13 9.7H9.2v3.8M5.6 5.4h4.8M5.6 8h2.6",
            Self::Paste => {
                "M5.8 3.2H3.4v10.3h9.2V3.2h-2.4M5.8 2h4.4v2.6H5.8ZM5.8 7.6h4.4M5.8 10.4h3"
            }
            Self::Plug => "M5.6 2v3.2M10.4 2v3.2M3.8 5.2h8.4v2.6a4.2 4.2 0 0 1-8.4 0ZM8 12v2.2",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Refresh => {
                "M13.4 7A5.5 5.5 0 0 0 3.6 4.7M2.6 9a5.5 5.5 0 0 0 9.8 2.3M3.4 2v2.9h2.9M12.6 14v-2.9H9.7"
            }
            Self::Schema => "M2 4V3h4.2l1.5 1.8H14v8.2H2ZM2 7.2h12",
            Self::Search => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3l3.4 3.4",
            Self::Settings => {
                "M2 4.5h6.4M11.6 4.5H14M10 2.9a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2M2 11.5h2.4M7.6 11.5H14M6 9.9a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2"
            }
            Self::SortDown => "M8 3v10M4.2 9.2 8 13l3.8-3.8",
            Self::SortUp => "M8 13V3M4.2 6.8 8 3l3.8 3.8",
            Self::Sql => "M2 3h12v10H2ZM4.6 6l2 2-2 2M8.4 10.2h3",
            Self::Star => "m8 2.2 1.8 3.7 4 .6-2.9 2.8.7 4L8 11.4l-3.6 1.9.7-4-2.9-2.8 4-.6Z",
            Self::Success => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M5.4 8.2l1.9 1.9 3.4-3.9",
            Self::Sun => {
                "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.6v1M8 13.4v1M1.6 8h1M13.4 8h1M3.5 3.5l.7.7M11.8 11.8l.7.7M12.5 3.5l-.7.7M4.2 11.8l-.7.7"
            }
            Self::Moon => "M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6a5.8 5.8 0 1 0 7 7Z",
            Self::System => "M2 3h12v8H2ZM5.4 13.6h5.2M8 11v2.6",
            Self::Table => "M2 3h12v10H2ZM2 6.3h12M2 9.6h12M6.2 6.3V13",
            Self::Trash => "M2.8 4.4h10.4M6 4.4V2.6h4v1.8M4.2 4.4l.6 9h6.4l.6-9M6.8 7v4M9.2 7v4",
            Self::Upload => "M8 10.5V2.8M4.8 5.8 8 2.6l3.2 3.2M2.8 13.5h10.4",
            Self::User => {
                "M8 2.4a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M2.8 13.6c.4-2.6 2.5-4 5.2-4s4.8 1.4 5.2 4"
            }
            Self::Users => {
                "M6 3a2.4 2.4 0 1 0 0 4.8A2.4 2.4 0 0 0 6 3M1.6 13.2c.3-2.3 2-3.6 4.4-3.6s4.1 1.3 4.4 3.6M10.6 3.2a2.4 2.4 0 0 1 0 4.4M12 9.9c1.4.5 2.2 1.6 2.4 3.3"
            }
            Self::View => {
                "M1.6 8S4 3.6 8 3.6 14.4 8 14.4 8 12 12.4 8 12.4 1.6 8 1.6 8ZM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4"
            }
            Self::Warning => "M8 2.4 14.4 13.4H1.6ZM8 6.6v3M8 11.5h.01",
            Self::ZoomIn => {
                "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3l3.4 3.4M7 5v4M5 7h4"
            }
            Self::ZoomOut => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3l3.4 3.4M5 7h4",
            Self::ZoomTo => {
                "M2.5 5V2.5H5M11 2.5h2.5V5M13.5 11v2.5H11M5 13.5H2.5V11M5.2 6h5.6v4H5.2Z"
            }
        }
    }
}

/// An icon. It is decoration: the name for assistive technology stands beside it, unless `label`
/// gives one.
#[component]
pub fn Icon(
    /// Which one.
    name: IconName,
    /// Further classes, `icon-key` for instance.
    #[prop(optional)]
    class: &'static str,
    /// What it says where no text does.
    #[prop(optional, into)]
    label: Option<String>,
) -> AnyView {
    let class = if class.is_empty() {
        "icon".to_owned()
    } else {
        format!("icon {class}")
    };
    let hidden = label.is_none().then_some("true");
    let role = label.is_some().then_some("img");
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden=hidden role=role aria-label=label>
            <path d=name.path()></path>
        </svg>
    }
    .into_any()
}

/// Crowfoot's mark: one line that ends in three prongs.
#[component]
pub fn BrandMark() -> AnyView {
    view! {
        <svg class="brand-mark" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M1.5 8h13M5 8l8.5-5M5 8l8.5 5"></path>
        </svg>
    }
    .into_any()
}
