//! The design system: components, each with its style in `style/components`. It knows the model's
//! plain types and nothing of pages, routes, services or the server.
//!
//! Markup carries classes and no `style` attribute, so that the strict content security policy
//! holds. Server and browser render the same tree; what only a browser knows happens in effects
//! and event handlers.

pub mod badge;
pub mod breadcrumb;
mod browser;
pub mod button;
pub mod checkbox;
pub mod code_block;
pub mod copy_button;
pub mod dialog;
pub mod empty_state;
pub mod error_view;
pub mod field;
pub mod icon;
pub mod kbd;
pub mod menu;
pub mod notice;
pub mod page_header;
pub mod relative_time;
pub mod search_field;
pub mod select;
pub mod shell;
pub mod skeleton;
pub mod sparkline;
pub mod sql;
pub mod sql_text;
pub mod stat;
pub mod table;
pub mod tabs;
pub mod text_area;
pub mod theme_switch;
pub mod toast;
pub mod tone;
pub mod use_bar;
pub mod virtual_list;
pub mod visually_hidden;

pub use badge::Badge;
pub use breadcrumb::{Breadcrumb, Crumb};
pub use button::{Button, ButtonLink, ButtonSize, ButtonVariant};
pub use checkbox::Checkbox;
pub use code_block::CodeBlock;
pub use copy_button::CopyButton;
pub use dialog::Dialog;
pub use empty_state::EmptyState;
pub use error_view::ErrorView;
pub use field::Field;
pub use icon::{BrandMark, Icon, IconName};
pub use kbd::Kbd;
pub use menu::{Menu, MenuItem, MenuPlacement, MenuSeparator};
pub use notice::Notice;
pub use page_header::PageHeader;
pub use relative_time::{Now, RelativeTime};
pub use search_field::SearchField;
pub use select::Select;
pub use shell::{RailItem, RailSection, Shell};
pub use skeleton::Skeleton;
pub use sparkline::Sparkline;
pub use sql::{TokenKind, highlight};
pub use sql_text::SqlText;
pub use stat::{Stat, Stats};
pub use table::{DimCell, NumberCell, SortDirection, SortHeader, TableFrame};
pub use tabs::{Tab, Tabs};
pub use text_area::TextArea;
pub use theme_switch::{Theme, ThemeSwitch};
pub use toast::{ToastRegion, Toasts, provide_toasts};
pub use tone::Tone;
pub use use_bar::UseBar;
pub use virtual_list::VirtualList;
pub use visually_hidden::VisuallyHidden;
