//! Literals that change from run to run of a query: dates, numbers, countries.

use crate::dice::Dice;
use time::{Date, Duration};

const COUNTRIES: [&str; 8] = ["DE", "NL", "GB", "FR", "SE", "DK", "BE", "AT"];
const CATEGORIES: [&str; 8] = [
    "mugs",
    "plates",
    "blankets",
    "towels",
    "vases",
    "planters",
    "kettles",
    "duvet-covers",
];
const TERMS: [&str; 6] = ["linen", "mug", "blanket", "kettle", "vase", "tablecloth"];
const CAMPAIGNS: [&str; 5] = [
    "brand-search",
    "homeware-search",
    "newsletter",
    "gift-guide",
    "warm-blankets",
];
const TAGS: [&str; 4] = ["gift", "bestseller", "textile", "dishwasher-safe"];
const WAREHOUSES: [&str; 3] = ["RTM", "LEJ", "STO"];
const CHANNELS: [&str; 4] = ["web", "app", "store", "marketplace"];
const LIMITS: [&str; 5] = ["10", "20", "50", "100", "200"];

/// A date as YYYY-MM-DD.
pub(crate) fn iso(date: Date) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        date.year(),
        u8::from(date.month()),
        date.day()
    )
}

fn days_before(date: Date, days: i64) -> Date {
    date.checked_sub(Duration::days(days)).unwrap_or(date)
}

fn first_of_month(date: Date) -> Date {
    date.replace_day(1).unwrap_or(date)
}

/// Replaces every `{name}` of a template as somebody would fill it in on `day`. The same name
/// stands for the same value throughout one query.
pub(crate) fn fill(template: &str, day: Date, dice: &mut Dice) -> String {
    let month = first_of_month(day);
    let last_month = first_of_month(days_before(month, 1));
    let mut text = template.to_owned();
    let mut put = |name: &str, value: &dyn Fn(&mut Dice) -> String| {
        // Drawn even when unused, so that a new placeholder in one template leaves the others
        // of the same run alone.
        let value = value(dice);
        if text.contains(name) {
            text = text.replace(name, &value);
        }
    };
    put("{today}", &|_| iso(day));
    put("{tomorrow}", &|_| iso(days_before(day, -1)));
    put("{yesterday}", &|_| iso(days_before(day, 1)));
    put("{week_ago}", &|_| iso(days_before(day, 7)));
    put("{month_ago}", &|_| iso(days_before(day, 30)));
    put("{year_ago}", &|_| iso(days_before(day, 365)));
    put("{month}", &|_| iso(month));
    put("{last_month}", &|_| iso(last_month));
    put("{since}", &|dice| {
        iso(days_before(day, 7 * dice.between(1, 26)))
    });
    put("{day}", &|dice| iso(days_before(day, dice.between(1, 60))));
    put("{hour}", &|dice| format!("{:02}", dice.between(0, 23)));
    put("{country}", &|dice| dice.pick(&COUNTRIES).to_owned());
    put("{category}", &|dice| dice.pick(&CATEGORIES).to_owned());
    put("{term}", &|dice| dice.pick(&TERMS).to_owned());
    put("{campaign}", &|dice| dice.pick(&CAMPAIGNS).to_owned());
    put("{tag}", &|dice| dice.pick(&TAGS).to_owned());
    put("{warehouse}", &|dice| dice.pick(&WAREHOUSES).to_owned());
    put("{channel}", &|dice| dice.pick(&CHANNELS).to_owned());
    put("{limit}", &|dice| dice.pick(&LIMITS).to_owned());
    put("{customer}", &|dice| dice.between(1, 2_400).to_string());
    put("{order}", &|dice| dice.between(1, 3_000).to_string());
    put("{order_number}", &|dice| {
        format!("SO-{}", dice.between(100_001, 103_000))
    });
    put("{product}", &|dice| dice.between(1, 240).to_string());
    put("{variant}", &|dice| dice.between(1, 600).to_string());
    put("{supplier}", &|dice| dice.between(1, 12).to_string());
    put("{n}", &|dice| dice.between(2, 9).to_string());
    put("{amount}", &|dice| (dice.between(2, 20) * 25).to_string());
    put("{uuid}", &|dice| {
        format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
            dice.between(0, 0xFFFF_FFFF),
            dice.between(0, 0xFFFF),
            dice.between(0, 0xFFF),
            dice.between(0, 0xFFF),
            dice.between(0, 0xFFFF_FFFF_FFFF),
        )
    });
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn dates_follow_the_day() {
        let mut dice = Dice::new(1);
        let filled = fill(
            "{today} {yesterday} {month} {last_month} {tomorrow}",
            date!(2024 - 03 - 01),
            &mut dice,
        );
        assert_eq!(
            filled,
            "2024-03-01 2024-02-29 2024-03-01 2024-02-01 2024-03-02"
        );
    }

    #[test]
    fn one_name_is_one_value() {
        let mut dice = Dice::new(5);
        let filled = fill("{customer} {customer}", date!(2024 - 03 - 01), &mut dice);
        let (left, right) = filled.split_once(' ').unwrap();
        assert_eq!(left, right);
    }
}
