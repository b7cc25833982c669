//! MySQL's histograms of columns, which are JSON.

use crate::statistics::cut;
use model::catalog::ColumnStatistics;
use serde::Deserialize;
use serde_json::Value;

/// So many of the most common values are kept.
const MOST_COMMON_MAX: usize = 20;

/// So many bounds are kept.
const BOUNDS_MAX: usize = 11;

#[derive(Deserialize)]
struct Histogram {
    /// One value and the share of rows up to it; or least value, greatest value, share of rows up
    /// to them, number of values.
    buckets: Vec<Vec<Value>>,
    #[serde(rename = "null-values", default)]
    nulls: Option<f64>,
    #[serde(rename = "histogram-type")]
    kind: String,
}

/// Reads a histogram; none when it is not as expected.
pub(super) fn read(json: &str) -> Option<ColumnStatistics> {
    let histogram: Histogram = serde_json::from_str(json).ok()?;
    let mut statistics = ColumnStatistics {
        null_fraction: histogram.nulls,
        ..ColumnStatistics::default()
    };
    let (first, last) = (histogram.buckets.first(), histogram.buckets.last());
    if histogram.kind == "singleton" {
        statistics.min = first.and_then(|bucket| text(bucket.first()?));
        statistics.max = last.and_then(|bucket| text(bucket.first()?));
        statistics.distinct_count = i64::try_from(histogram.buckets.len()).ok();
        let mut before = 0.0;
        for bucket in &histogram.buckets {
            let [value, up_to] = bucket.as_slice() else {
                continue;
            };
            let up_to = up_to.as_f64()?;
            if let Some(value) = text(value) {
                statistics.most_common.push((value, up_to - before));
            }
            before = up_to;
        }
        statistics.most_common.sort_by(|a, b| b.1.total_cmp(&a.1));
        statistics.most_common.truncate(MOST_COMMON_MAX);
    } else {
        statistics.min = first.and_then(|bucket| text(bucket.first()?));
        statistics.max = last.and_then(|bucket| text(bucket.get(1)?));
        statistics.distinct_count = histogram
            .buckets
            .iter()
            .map(|bucket| bucket.get(3)?.as_i64())
            .sum();
        statistics.histogram = bounds(&histogram.buckets);
    }
    Some(statistics)
}

/// The bounds of the buckets, which are of equal size; thinned out evenly where there are many.
fn bounds(buckets: &[Vec<Value>]) -> Vec<String> {
    let lowest = buckets.first().and_then(|bucket| bucket.first());
    let highest = buckets.iter().filter_map(|bucket| bucket.get(1));
    let all: Vec<String> = lowest.into_iter().chain(highest).filter_map(text).collect();
    let last = all.len().saturating_sub(1);
    let steps = last.min(BOUNDS_MAX - 1);
    if steps == 0 {
        return Vec::new();
    }
    (0..=steps)
        .filter_map(|step| all.get(step * last / steps).cloned())
        .collect()
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        // Texts are `base64:type254:…`.
        Value::String(text) => match text.strip_prefix("base64:") {
            Some(rest) => {
                let (_, letters) = rest.split_once(':')?;
                String::from_utf8(decode_base64(letters)?).ok()?
            }
            None => text.clone(),
        },
        Value::Null => return None,
        other => other.to_string(),
    };
    Some(cut(text))
}

fn decode_base64(letters: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in letters.bytes().filter(|letter| *letter != b'=') {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_values_come_with_their_shares() {
        let json = r#"{"buckets": [["base64:type254:bmV3", 0.25], ["base64:type254:c2VudA==", 0.75]],
            "data-type": "string", "null-values": 0.25, "histogram-type": "singleton"}"#;
        let statistics = read(json).unwrap();
        assert_eq!(statistics.null_fraction, Some(0.25));
        assert_eq!(statistics.distinct_count, Some(2));
        assert_eq!(statistics.min.as_deref(), Some("new"));
        assert_eq!(
            statistics.most_common,
            [("sent".to_owned(), 0.5), ("new".to_owned(), 0.25)]
        );
    }

    #[test]
    fn ranges_give_bounds_and_the_number_of_values() {
        let json = r#"{"buckets": [[1, 10, 0.5, 10], [11, 100, 1.0, 42]], "null-values": 0.0,
            "data-type": "int", "histogram-type": "equi-height"}"#;
        let statistics = read(json).unwrap();
        assert_eq!(statistics.distinct_count, Some(52));
        assert_eq!(statistics.max.as_deref(), Some("100"));
        assert!(statistics.most_common.is_empty());
        assert_eq!(statistics.histogram, ["1", "10", "100"]);
    }

    #[test]
    fn many_ranges_are_thinned_out_evenly() {
        let buckets: Vec<String> = (1..=100)
            .map(|number| {
                format!(
                    "[{}, {number}, {}, 1]",
                    number - 1,
                    f64::from(number) / 100.0
                )
            })
            .collect();
        let json = format!(
            r#"{{"buckets": [{}], "histogram-type": "equi-height"}}"#,
            buckets.join(",")
        );
        let statistics = read(&json).unwrap();
        let expected = [
            "0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "100",
        ];
        assert_eq!(statistics.histogram, expected);
    }

    #[test]
    fn anything_else_is_left_out() {
        for json in ["", "{}", "[]", r#"{"buckets": 3, "histogram-type": "x"}"#] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
