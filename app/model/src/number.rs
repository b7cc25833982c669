//! Numbers as pages show them.

/// Thin space, so that groups of digits read apart and a number never breaks across lines.
const GROUP_SEPARATOR: char = '\u{202f}';

/// A whole number with thin separators: `18 204 551`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3 + 1);
    if number < 0 {
        text.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(GROUP_SEPARATOR);
        }
        text.push(digit);
    }
    text
}

/// How many of something: `1 table`, `2 tables`.
pub fn counted(number: usize, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {one}{plural}")
}

/// A count cut to three figures: `412`, `8.1 k`, `18.2 M`.
pub fn short(number: i64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (1_000_000_000_000, "T"),
        (1_000_000_000, "G"),
        (1_000_000, "M"),
        (1_000, "k"),
    ];
    let size = number.unsigned_abs();
    let sign = if number < 0 { "−" } else { "" };
    for (unit, letter) in UNITS {
        if size >= unit {
            let tenths = size / (unit / 10);
            return if tenths < 100 && !tenths.is_multiple_of(10) {
                format!("{sign}{}.{} {letter}", tenths / 10, tenths % 10)
            } else {
                format!("{sign}{} {letter}", tenths / 10)
            };
        }
    }
    format!("{sign}{size}")
}

/// A number with a fixed count of decimals, at the most 6; those beyond ±9·10¹² are cut there.
///
/// The formatting of floating point in the standard library would cost the browser some 20 KB.
pub fn decimal(number: f64, places: u32) -> String {
    let places = places.min(6);
    let unit = 10_u64.pow(places);
    if number.is_nan() {
        return "NaN".to_owned();
    }
    let parts = (number.abs().min(9e12) * unit as f64).round() as u64;
    let sign = if number < 0.0 && parts > 0 { "-" } else { "" };
    let whole = parts / unit;
    if places == 0 {
        return format!("{sign}{whole}");
    }
    let rest = (parts % unit).to_string();
    let zeros = "0".repeat((places as usize).saturating_sub(rest.len()));
    format!("{sign}{whole}.{zeros}{rest}")
}

/// A size in bytes: `4.1 GB`.
pub fn bytes(number: i64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if number < 1_000 {
        return format!("{number} B");
    }
    let mut size = number as f64;
    let mut name = "B";
    for unit in UNITS {
        if size < 1_000.0 {
            break;
        }
        size /= 1_000.0;
        name = unit;
    }
    if size < 10.0 {
        format!("{} {name}", decimal(size, 1))
    } else {
        format!("{} {name}", decimal(size, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(18_204_551), "18\u{202f}204\u{202f}551");
        assert_eq!(grouped(-1_000), "−1\u{202f}000");
        assert_eq!(
            grouped(i64::MIN)
                .chars()
                .filter(char::is_ascii_digit)
                .count(),
            19
        );
    }

    #[test]
    fn one_is_no_plural() {
        assert_eq!(counted(0, "table"), "0 tables");
        assert_eq!(counted(1, "table"), "1 table");
        assert_eq!(counted(2, "table"), "2 tables");
    }

    #[test]
    fn counts_are_cut_to_what_reads_at_a_glance() {
        assert_eq!(short(412), "412");
        assert_eq!(short(1_000), "1 k");
        assert_eq!(short(8_114), "8.1 k");
        assert_eq!(short(18_204_551), "18 M");
        assert_eq!(short(2_100_000), "2.1 M");
    }

    #[test]
    fn decimals_are_rounded_and_filled_with_zeros() {
        assert_eq!(decimal(0.0, 1), "0.0");
        assert_eq!(decimal(-0.04, 1), "0.0");
        assert_eq!(decimal(-12.3456, 3), "-12.346");
        assert_eq!(decimal(1.005, 0), "1");
        assert_eq!(decimal(2.05, 3), "2.050");
        assert_eq!(decimal(f64::NAN, 2), "NaN");
        assert_eq!(decimal(f64::INFINITY, 0), "9000000000000");
    }

    #[test]
    fn sizes_choose_their_unit() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(4_100_000_000), "4.1 GB");
        assert_eq!(bytes(16_384), "16 kB");
    }
}
