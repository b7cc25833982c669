//! Whether the description is one: against the structure that OpenAPI 3.1 demands.

use super::document;
use crate::cookie::CookieJar;
use crate::harness::with_server;
use crate::metrics::MetricsAccess;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{Method, StatusCode};
use model::account::Role;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

fn described() -> Value {
    serde_json::to_value(document(CookieJar { secure: true })).unwrap()
}

fn object(value: &Value) -> &Map<String, Value> {
    value
        .as_object()
        .unwrap_or_else(|| panic!("not an object: {value}"))
}

/// Path, method and operation of all that is described.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    object(&document["paths"])
        .iter()
        .flat_map(|(path, item)| {
            object(item)
                .iter()
                .map(|(method, it)| (path.as_str(), method.as_str(), it))
        })
        .collect()
}

/// Each object in the document that has `key`, with that member.
fn each<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get(key));
            members.values().for_each(|member| each(member, key, found));
        }
        Value::Array(items) => items.iter().for_each(|item| each(item, key, found)),
        _ => {}
    }
}

#[test]
fn the_document_says_what_it_is() {
    let document = described();
    let version = document["openapi"].as_str().unwrap();
    assert!(version.starts_with("3.1."), "{version}");
    assert_eq!(document["info"]["title"], "Crowfoot");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let known = [
        "openapi",
        "info",
        "jsonSchemaDialect",
        "servers",
        "paths",
        "webhooks",
        "components",
        "security",
        "tags",
        "externalDocs",
    ];
    for member in object(&document).keys() {
        assert!(known.contains(&member.as_str()), "{member}");
    }
}

#[test]
fn every_reference_resolves() {
    let document = described();
    let mut references = Vec::new();
    each(&document, "$ref", &mut references);
    assert!(references.len() > 20, "{references:?}");
    for reference in references {
        let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

#[test]
fn every_operation_is_described() {
    let document = described();
    let tags: BTreeSet<&str> = document["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].as_str().unwrap())
        .collect();
    let mut ids = BTreeMap::new();
    for (path, method, operation) in operations(&document) {
        let place = format!("{method} {path}");
        assert!(METHODS.contains(&method), "{place}");
        let id = operation["operationId"].as_str().unwrap();
        if let Some(other) = ids.insert(id, place.clone()) {
            panic!("{place} and {other} are both called {id}");
        }
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(!summary.is_empty(), "{place} has no summary");
        assert!(!summary.starts_with('`'), "{place}: {summary}");
        let own: Vec<&str> = operation["tags"]
            .as_array()
            .unwrap_or_else(|| panic!("{place} has no tag"))
            .iter()
            .map(|tag| tag.as_str().unwrap())
            .collect();
        assert_eq!(own.len(), 1, "{place} stands in {own:?}");
        assert!(own.iter().all(|tag| tags.contains(tag)), "{place}: {own:?}");
        let known = [
            "tags",
            "summary",
            "description",
            "operationId",
            "parameters",
            "requestBody",
            "responses",
            "deprecated",
            "security",
        ];
        for member in object(operation).keys() {
            assert!(known.contains(&member.as_str()), "{place}: {member}");
        }
    }
    assert!(ids.len() >= 11, "{ids:?}");
}

#[test]
fn every_parameter_of_a_path_is_declared_and_no_other() {
    let document = described();
    for (path, method, operation) in operations(&document) {
        let place = format!("{method} {path}");
        let in_path: BTreeSet<&str> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let mut declared = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            let place_of = parameter["in"].as_str().unwrap();
            assert!(seen.insert((name, place_of)), "{place}: {name} twice");
            assert!(parameter["schema"].is_object(), "{place}: {name}");
            let about = parameter["description"].as_str().unwrap_or_default();
            assert!(!about.is_empty(), "{place}: {name} has no description");
            match place_of {
                "path" => {
                    assert_eq!(parameter["required"], true, "{place}: {name}");
                    declared.insert(name);
                }
                "query" | "header" | "cookie" => {}
                other => panic!("{place}: {name} in {other}"),
            }
        }
        assert_eq!(in_path, declared, "{place}");
    }
}

#[test]
fn every_answer_is_described_and_problems_are_problem_details() {
    let document = described();
    for (path, method, operation) in operations(&document) {
        let place = format!("{method} {path}");
        let answers = object(&operation["responses"]);
        assert!(
            answers.keys().any(|status| status.starts_with('2')),
            "{place} never succeeds"
        );
        assert_eq!(
            answers["default"]["$ref"], "#/components/responses/Problem",
            "{place}"
        );
        for (status, answer) in answers.iter().filter(|(status, _)| *status != "default") {
            let code: u16 = status.parse().unwrap();
            assert!((100..600).contains(&code), "{place}: {status}");
            let about = answer["description"].as_str().unwrap_or_default();
            assert!(!about.is_empty(), "{place}: {status} has no description");
            let has_content = answer["content"]
                .as_object()
                .is_some_and(|content| !content.is_empty());
            // 202 may say nothing more, 204 has nothing, redirects lead on.
            assert!(
                has_content || code == 202 || code == 204 || code >= 300,
                "{place}: {status} without content"
            );
        }
        let mut contents = Vec::new();
        each(operation, "content", &mut contents);
        for content in contents {
            for (media_type, content) in object(content) {
                assert!(media_type.contains('/'), "{place}: {media_type}");
                assert!(content["schema"].is_object(), "{place}: {media_type}");
            }
        }
        if let Some(body) = operation.get("requestBody") {
            assert!(method != "get" && method != "delete", "{place}");
            assert!(!object(&body["content"]).is_empty(), "{place}");
        }
    }
    let problem = &document["components"]["responses"]["Problem"]["content"];
    assert!(problem["application/problem+json"]["schema"].is_object());
}

#[test]
fn the_session_is_demanded_by_the_cookie_that_signing_in_sets() {
    for secure in [false, true] {
        let cookies = CookieJar { secure };
        let document = serde_json::to_value(document(cookies)).unwrap();
        let schemes = object(&document["components"]["securitySchemes"]);
        assert_eq!(schemes["session"]["type"], "apiKey");
        assert_eq!(schemes["session"]["in"], "cookie");
        assert_eq!(schemes["session"]["name"], cookies.session_name());
        let mut demanded = Vec::new();
        each(&document, "security", &mut demanded);
        for demand in demanded {
            for scheme in demand.as_array().unwrap().iter().flat_map(object) {
                assert!(schemes.contains_key(scheme.0), "{scheme:?}");
            }
        }
        assert!(document["security"][0]["session"].is_array());
    }
}

#[test]
fn schemas_are_ones_of_json_schema() {
    let document = described();
    for (name, schema) in object(&document["components"]["schemas"]) {
        assert!(
            name.chars()
                .all(|it| it.is_ascii_alphanumeric() || "._-".contains(it)),
            "{name}"
        );
        let schema = object(schema);
        assert!(
            ["type", "$ref", "oneOf", "anyOf", "allOf", "enum"]
                .iter()
                .any(|member| schema.contains_key(*member)),
            "{name} allows everything"
        );
        for required in schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            assert!(
                schema["properties"]
                    .get(required.as_str().unwrap())
                    .is_some(),
                "{name}: {required}"
            );
        }
        assert!(!schema.contains_key("nullable"), "{name}: 3.0's word");
    }
    // Written, never read.
    let password = &document["components"]["schemas"]["NewDatabase"]["properties"]["password"];
    assert_eq!(password["writeOnly"], true, "{password}");
}

#[test]
fn the_list_of_routes_is_the_description() {
    let document = described();
    let routes: BTreeSet<(String, String)> = crate::rest::routes()
        .into_iter()
        .map(|(method, path)| (method.as_str().to_lowercase(), path))
        .collect();
    let described = operations(&document)
        .into_iter()
        .map(|(path, method, _)| (method.to_owned(), path.to_owned()))
        .collect();
    assert_eq!(routes, described);
}

#[tokio::test]
async fn the_description_and_problems_are_answered_as_described() {
    with_server(MetricsAccess::new(None, false), |server| async move {
        let answer = server.ask(Method::GET, "/api/openapi.json", None).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers[CONTENT_TYPE], "application/json");
        let answered: Value = serde_json::from_str(&answer.text).unwrap();
        let written = serde_json::to_value(document(CookieJar { secure: false })).unwrap();
        assert_eq!(answered, written);
        let session = server.session(Role::Viewer).await;
        for (method, address, status) in [
            (Method::GET, "/api/databases", 401),
            (Method::GET, "/api/databases/db_aaaaaaaaaa", 404),
            (Method::GET, "/api/nothing", 404),
            (Method::PUT, "/api/databases", 405),
        ] {
            let session = Some(session.as_str()).filter(|_| status != 401);
            let answer = server.ask(method, address, session).await;
            assert_eq!(answer.status.as_u16(), status, "{address}: {answer:?}");
            assert_eq!(answer.headers[CONTENT_TYPE], "application/problem+json");
            let problem: Value = serde_json::from_str(&answer.text).unwrap();
            assert_eq!(problem["status"], status);
            let schema = &written["components"]["schemas"]["ProblemDetails"]["properties"];
            assert_eq!(
                object(&problem).keys().collect::<Vec<_>>(),
                object(schema).keys().collect::<Vec<_>>()
            );
            if status == 405 {
                assert!(answer.headers.contains_key(ALLOW), "{answer:?}");
            }
        }
    })
    .await;
}
