//! Which meaning a column is given, and where none is.

use model::catalog::ColumnStatistics;
use model::schema::{Column, ForeignKey, Key, QualifiedName, ReferentialAction, Table, TableKind};
use model::semantic::{CONFIDENCE_MIN, SemanticProposal, SemanticType, propose};

fn ask(column: &str, data_type: &str, values: &[&str]) -> Option<SemanticProposal> {
    let table = Table::new(QualifiedName::new("public", "things"), TableKind::Table);
    let column = Column {
        name: column.to_owned(),
        data_type: data_type.to_owned(),
        ..Column::default()
    };
    let statistics = ColumnStatistics {
        most_common: values.iter().map(|it| ((*it).to_owned(), 0.1)).collect(),
        ..ColumnStatistics::default()
    };
    let proposal = propose(&table, &column, (!values.is_empty()).then_some(&statistics));
    if let Some(it) = &proposal {
        assert!((CONFIDENCE_MIN..=100).contains(&it.confidence), "{it:?}");
        assert!(it.reason.ends_with('.'), "{it:?}");
    }
    proposal
}

fn meaning(column: &str, data_type: &str, values: &[&str]) -> Option<SemanticType> {
    ask(column, data_type, values).map(|it| it.semantic_type)
}

#[test]
fn names_and_types_together_tell_each_meaning() {
    use SemanticType as S;
    for (column, data_type, expected) in [
        ("contactEmail", "character varying(160)", S::Email),
        ("mobile_number", "text", S::Phone),
        ("avatar_url", "text", S::Url),
        ("last_login_ip", "inet", S::IpAddress),
        ("IPAddress", "nvarchar(45)", S::IpAddress),
        ("public_key_of", "uuid", S::Uuid),
        ("country", "character(2)", S::CountryCode),
        ("currency", "character(3)", S::Currency),
        ("unit_price", "numeric(12,2)", S::MoneyAmount),
        ("price_cents", "integer", S::MoneyAmount),
        ("anything", "money", S::MoneyAmount),
        ("discount_pct", "numeric", S::Percentage),
        ("zip", "text", S::PostalCode),
        ("ship_to_city", "text", S::City),
        ("FirstName", "text", S::PersonName),
        ("dob", "date", S::DateOfBirth),
        (
            "created_at",
            "timestamp with time zone",
            S::TimestampCreated,
        ),
        ("rental_last_update", "timestamp", S::TimestampUpdated),
        ("lat", "double precision", S::Latitude),
        ("longitude", "numeric(9,6)", S::Longitude),
        ("password_hash", "text", S::PasswordHash),
        ("reset_token", "text", S::Token),
        ("order_status", "sales.order_status", S::Status),
        ("is_active", "smallint", S::Flag),
        ("paid", "boolean", S::Flag),
        ("customer_id", "bigint", S::ForeignIdentifier),
        ("tenantId", "uuid", S::ForeignIdentifier),
    ] {
        assert_eq!(meaning(column, data_type, &[]), Some(expected), "{column}");
    }
}

#[test]
fn names_that_only_sound_like_it_mean_nothing() {
    for (column, data_type) in [
        ("email_count", "integer"),
        ("num_email", "text"),
        ("email", "bytea"),
        ("emails", "text[]"),
        ("url_id_list", "text"),
        ("capacity", "text"),
        ("velocity", "text"),
        ("zipped", "text"),
        ("chip", "text"),
        ("country", "text"),
        ("password", "text"),
        ("amount", "integer"),
        ("name", "text"),
        ("recreated", "text"),
        ("plate", "double precision"),
        ("tax_id", "bigint"),
        ("id", "bigint"),
        ("status", "date"),
        ("state", "text"),
        ("", "text"),
    ] {
        assert_eq!(
            meaning(column, data_type, &[]),
            None,
            "{column} {data_type}"
        );
    }
    assert_eq!(meaning("email", "boolean", &[]), Some(SemanticType::Flag));
}

#[test]
fn values_tell_what_the_name_does_not() {
    let mails = ["a@example.org", "b@example.org", "c@example.org"];
    let told = ask("login", "text", &mails).expect("they are plain");
    assert_eq!(told.semantic_type, SemanticType::Email);
    assert_eq!(told.reason, "All 3 known values look like email addresses.");
    assert_eq!(meaning("login", "text", &mails[..2]), None);
    assert_eq!(
        meaning("login", "text", &[mails[0], mails[1], "carl"]),
        None
    );
    assert_eq!(meaning("city", "text", &mails), None);
    assert_eq!(
        meaning("country", "text", &["DE", "FR"]),
        Some(SemanticType::CountryCode)
    );
    assert_eq!(
        meaning("password", "text", &["$2b$12$abcdefghijklmnopqrstuvwx"]),
        Some(SemanticType::PasswordHash)
    );
}

#[test]
fn values_that_do_not_fit_silence_the_name() {
    assert!(meaning("email", "text", &["n/a", "a@example.org"]).is_none());
    assert!(meaning("country", "text", &["Germany", "France"]).is_none());
    assert!(meaning("lat", "numeric", &["51.5", "120"]).is_none());
    assert!(meaning("tax_percent", "integer", &["7", "190"]).is_none());
    assert!(meaning("is_active", "smallint", &["0", "1", "2"]).is_none());
    assert!(meaning("phone", "text", &["see note"]).is_none());
    assert!(meaning("token", "text", &["comma", "colon"]).is_none());
}

#[test]
fn values_that_fit_raise_the_confidence_and_a_uuid_may_be_a_token() {
    let alone = ask("unit_price", "numeric", &[]).expect("by name");
    let seen = ask("unit_price", "numeric", &["1.50", "20"]).expect("by both");
    assert!(seen.confidence > alone.confidence);
    let id = "0189dcd5-5311-7d40-8db0-9496a2eef37b";
    assert_eq!(
        meaning("reset_token", "text", &[id]),
        Some(SemanticType::Token)
    );
}

#[test]
fn many_different_values_are_no_status() {
    let table = Table::new(QualifiedName::new("public", "t"), TableKind::Table);
    let column = Column {
        name: "status".to_owned(),
        data_type: "text".to_owned(),
        ..Column::default()
    };
    let with = |distinct| ColumnStatistics {
        distinct_count: Some(distinct),
        ..ColumnStatistics::default()
    };
    assert!(propose(&table, &column, Some(&with(5))).is_some());
    assert!(propose(&table, &column, Some(&with(9_000))).is_none());
}

#[test]
fn a_foreign_key_is_sure_and_an_own_key_is_none() {
    let mut table = Table::new(QualifiedName::new("public", "orders"), TableKind::Table);
    table.primary_key = Some(Key {
        name: "pk".to_owned(),
        columns: vec!["order_id".to_owned()],
    });
    table.foreign_keys.push(ForeignKey {
        name: "fk".to_owned(),
        columns: vec!["buyer".to_owned()],
        target: QualifiedName::new("public", "people"),
        target_columns: vec!["id".to_owned()],
        on_delete: ReferentialAction::NoAction,
        on_update: ReferentialAction::NoAction,
        deferrable: false,
        inherited: false,
    });
    let of = |column: &str, data_type: &str| {
        let column = Column {
            name: column.to_owned(),
            data_type: data_type.to_owned(),
            ..Column::default()
        };
        propose(&table, &column, None)
    };
    let buyer = of("buyer", "text").expect("the key says it");
    assert_eq!(buyer.confidence, 100);
    assert_eq!(buyer.reason, "It refers to public.people by a foreign key.");
    assert!(of("order_id", "bigint").is_none());
    assert_eq!(
        of("order_id", "uuid").map(|it| it.semantic_type),
        Some(SemanticType::Uuid)
    );
}

#[test]
fn words_are_read_as_they_are_written() {
    for meaning in SemanticType::ALL {
        assert_eq!(SemanticType::from_word(meaning.as_str()), Some(meaning));
        let json = serde_json::to_string(&meaning).expect("a word can be written");
        assert_eq!(json, format!("\"{}\"", meaning.as_str()));
    }
}
