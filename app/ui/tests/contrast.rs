//! Every text of the product reads on every ground it stands on, in both themes: at least 4.5:1,
//! as WCAG computes it from the tokens themselves.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what is missing by failing"
)]

const TOKENS: &str = include_str!("../../../style/tokens.css");
const DRAWING: &str = include_str!("../../../style/er.css");

/// Texts and the grounds each may stand on.
const PAIRS: &[(&str, &[&str])] = &[
    (
        "--text",
        &[
            "--canvas",
            "--surface",
            "--raised",
            "--sunken",
            "--hover",
            "--pressed",
            "--accent-weak",
            "--success-weak",
            "--warning-weak",
            "--danger-weak",
        ],
    ),
    (
        "--text-soft",
        &[
            "--canvas",
            "--surface",
            "--raised",
            "--sunken",
            "--hover",
            "--pressed",
        ],
    ),
    (
        "--text-dim",
        &[
            "--canvas",
            "--surface",
            "--raised",
            "--sunken",
            "--hover",
            "--accent-weak",
        ],
    ),
    (
        "--accent-text",
        &[
            "--canvas",
            "--surface",
            "--raised",
            "--sunken",
            "--hover",
            "--accent-weak",
        ],
    ),
    ("--on-accent", &["--accent", "--accent-hover"]),
    ("--on-danger", &["--danger-fill"]),
    (
        "--success",
        &["--canvas", "--surface", "--raised", "--success-weak"],
    ),
    (
        "--warning",
        &["--canvas", "--surface", "--raised", "--warning-weak"],
    ),
    (
        "--danger",
        &[
            "--canvas",
            "--surface",
            "--raised",
            "--hover",
            "--danger-weak",
        ],
    ),
    ("--key", &["--canvas", "--surface", "--hover"]),
    ("--foreign", &["--canvas", "--surface", "--hover"]),
    (
        "--code-keyword",
        &["--canvas", "--surface", "--sunken", "--hover"],
    ),
    (
        "--code-string",
        &["--canvas", "--surface", "--sunken", "--hover"],
    ),
    (
        "--code-number",
        &["--canvas", "--surface", "--sunken", "--hover"],
    ),
    (
        "--code-comment",
        &["--canvas", "--surface", "--sunken", "--hover"],
    ),
    (
        "--code-quoted",
        &["--canvas", "--surface", "--sunken", "--hover"],
    ),
    (
        "--er-text",
        &["--er-canvas", "--er-surface", "--er-header", "--er-hover"],
    ),
    (
        "--er-text-dim",
        &["--er-canvas", "--er-surface", "--er-header", "--er-hover"],
    ),
];

/// Light and dark value of a token, each as red, green, blue.
fn token(name: &str) -> [[f64; 3]; 2] {
    let sheet = if name.starts_with("--er-") {
        DRAWING
    } else {
        TOKENS
    };
    let declared = sheet
        .split(&format!("{name}: light-dark("))
        .nth(1)
        .and_then(|rest| rest.split(')').next())
        .unwrap_or_else(|| panic!("{name} is no pair"));
    let mut values = declared.split(',').map(|value| {
        let hex = value.trim().trim_start_matches('#');
        [0, 2, 4].map(|place| {
            f64::from(u8::from_str_radix(&hex[place..place + 2], 16).expect("six digits")) / 255.0
        })
    });
    [values.next().expect("light"), values.next().expect("dark")]
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_text_reads_on_its_grounds() {
    let mut low = Vec::new();
    for (text, grounds) in PAIRS {
        let mut least = [f64::MAX; 2];
        for ground in *grounds {
            for theme in 0..2 {
                let ratio = contrast(token(text)[theme], token(ground)[theme]);
                least[theme] = least[theme].min(ratio);
                if ratio < 4.5 {
                    low.push(format!(
                        "{text} on {ground}, {}: {ratio:.2}",
                        ["light", "dark"][theme]
                    ));
                }
            }
        }
        println!("{text}: light {:.2}, dark {:.2}", least[0], least[1]);
    }
    assert!(low.is_empty(), "{low:#?}");
}
