//! Every component, one after the other.

use crate::frame::shell;
use leptos::prelude::*;
use ui::*;

const DDL: &str = "create table sales.orders (\n  id bigint generated always as identity primary key,\n  \"customerId\" bigint not null references sales.customers (id), -- the buyer\n  status order_status not null default 'open',\n  total_cents bigint check (total_cents >= 0 and total_cents < 1e12)\n);";

fn buttons() -> AnyView {
    view! {
        <section class="section">
            <h2>"Buttons"</h2>
            <div class="row">
                <Button variant=ButtonVariant::Primary>"Primary"</Button>
                <Button>"Secondary"</Button>
                <Button variant=ButtonVariant::Ghost>"Ghost"</Button>
                <Button variant=ButtonVariant::Danger icon=IconName::Trash>"Delete"</Button>
                <Button disabled=true>"Disabled"</Button>
                <Button busy=true>"Saving"</Button>
                <Button icon=IconName::Copy label="Copy"/>
                <Button variant=ButtonVariant::Ghost icon=IconName::More label="More"/>
                <Button size=ButtonSize::Small>"Small"</Button>
                <Button size=ButtonSize::Large variant=ButtonVariant::Primary>"Large"</Button>
                <CopyButton text="x".to_owned()/>
                <ThemeSwitch/>
            </div>
            <div class="row">
                <Badge>"neutral"</Badge>
                <Badge tone=Tone::Info>"AI draft"</Badge>
                <Badge tone=Tone::Success dot=true>"up to date"</Badge>
                <Badge tone=Tone::Warning>"3 unread"</Badge>
                <Badge tone=Tone::Error icon=IconName::Warning>"gone"</Badge>
                <Badge code=true>"order_status"</Badge>
                <Kbd keys="Ctrl K"/>
                <Kbd keys="↵"/>
            </div>
        </section>
    }
    .into_any()
}

fn fields() -> AnyView {
    let options = vec![
        ("pg".to_owned(), "PostgreSQL".to_owned()),
        ("my".to_owned(), "MySQL".to_owned()),
    ];
    view! {
        <section class="section">
            <h2>"Fields"</h2>
            <div class="card-grid">
                <Field label="Name" name="name" placeholder="warehouse" hint="How the list shows it."/>
                <Field label="E-mail" name="email" value="ada" error=Some("This is not an address.".to_owned())/>
                <Select label="Dialect" name="dialect" options/>
                <Checkbox label="Fold partitions" name="fold" checked=true hint="They stand under their parent."/>
            </div>
            <TextArea label="SQL" name="sql" code=true placeholder="create table …" rows=6/>
        </section>
    }
    .into_any()
}

fn messages() -> AnyView {
    let actions = view! { <Button size=ButtonSize::Small>"Show them"</Button> }.into_any();
    view! {
        <section class="section">
            <h2>"Messages"</h2>
            <Notice>"The catalog is read again every night."</Notice>
            <Notice tone=Tone::Success>"1 368 tables imported in 1.2 s."</Notice>
            <Notice tone=Tone::Warning actions>"3 statements could not be read."</Notice>
            <Notice tone=Tone::Error>"The server does not answer. Check host and port."</Notice>
            <Skeleton rows=3/>
            <EmptyState icon=IconName::Note title="No notes yet" text="Write down what the next reader should know about this table.">
                <Button variant=ButtonVariant::Primary icon=IconName::Plus>"Write a note"</Button>
            </EmptyState>
        </section>
    }
    .into_any()
}

fn code_and_lists() -> AnyView {
    let row = Callback::new(|place: usize| {
        view! {
            <div class="palette-option" role="listitem">
                <Icon name=IconName::Table/>
                <span class="palette-name mono">{format!("orders_{place:05}")}</span>
                <span class="palette-where">"warehouse / sales"</span>
            </div>
        }
        .into_any()
    });
    view! {
        <section class="section">
            <h2>"Code and lists"</h2>
            <CodeBlock text=DDL label="Definition" sql=true/>
            <div class="card"><VirtualList length=9_usize row label="Tables"/></div>
        </section>
    }
    .into_any()
}

fn icons() -> AnyView {
    use IconName::*;
    let all = [
        Home,
        Database,
        Schema,
        Table,
        View,
        Column,
        Key,
        ForeignKey,
        Index,
        Enum,
        Diagram,
        History,
        Sql,
        Note,
        Insight,
        Search,
        Filter,
        SortUp,
        SortDown,
        Sun,
        Moon,
        System,
        Menu,
        Close,
        Plus,
        Minus,
        More,
        Upload,
        Download,
        Paste,
        Plug,
        Box,
        ChevronUp,
        ChevronDown,
        ChevronLeft,
        ChevronRight,
        ArrowLeft,
        ArrowRight,
        User,
        Users,
        Logout,
        Settings,
        Lock,
        Warning,
        Info,
        Success,
        Error,
        Check,
        Copy,
        Link,
        External,
        Edit,
        Star,
        Trash,
        Refresh,
        Clock,
        ZoomIn,
        ZoomOut,
        Fit,
    ];
    view! {
        <section class="section">
            <h2>"Icons"</h2>
            <div class="row">{all.map(|name| view! { <Icon name/> }).into_iter().collect::<Vec<_>>()}</div>
        </section>
    }
    .into_any()
}

/// The page.
pub(crate) fn page() -> AnyView {
    let page = view! {
        <div class="page">
            <PageHeader title="Components">"Everything there is, in one look."</PageHeader>
            {buttons()}
            {icons()}
            {fields()}
            {messages()}
            {code_and_lists()}
        </div>
    }
    .into_any();
    shell(vec![Crumb::here("Components")], "Home", page)
}
