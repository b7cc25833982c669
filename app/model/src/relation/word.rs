//! Words in names: where they begin, and their singular.

/// More words than this no name needs; the rest of it is left out.
const WORDS_MAX: usize = 12;

/// Plurals that no rule makes, with their singular.
const IRREGULAR: &[(&str, &str)] = &[
    ("people", "person"),
    ("children", "child"),
    ("men", "man"),
    ("women", "woman"),
    ("feet", "foot"),
    ("teeth", "tooth"),
    ("geese", "goose"),
    ("mice", "mouse"),
    ("oxen", "ox"),
    ("indices", "index"),
    ("indexes", "index"),
    ("vertices", "vertex"),
    ("matrices", "matrix"),
    ("appendices", "appendix"),
    ("analyses", "analysis"),
    ("axes", "axis"),
    ("crises", "crisis"),
    ("diagnoses", "diagnosis"),
    ("hypotheses", "hypothesis"),
    ("theses", "thesis"),
    ("syntheses", "synthesis"),
    ("parentheses", "parenthesis"),
    ("criteria", "criterion"),
    ("phenomena", "phenomenon"),
    ("media", "medium"),
    ("data", "datum"),
    ("schemata", "schema"),
    ("stimuli", "stimulus"),
    ("alumni", "alumnus"),
    ("caches", "cache"),
    ("niches", "niche"),
    ("headaches", "headache"),
    ("quizzes", "quiz"),
    ("wolves", "wolf"),
    ("shelves", "shelf"),
    ("halves", "half"),
    ("calves", "calf"),
    ("leaves", "leave"),
    ("loaves", "loaf"),
    ("thieves", "thief"),
    ("knives", "knife"),
    ("lives", "life"),
    ("wives", "wife"),
    ("scarves", "scarf"),
    ("shoes", "shoe"),
    ("toes", "toe"),
    ("canoes", "canoe"),
    ("gases", "gas"),
    ("movies", "movie"),
    ("cookies", "cookie"),
    ("zombies", "zombie"),
    ("calories", "calorie"),
    ("selfies", "selfie"),
    ("rookies", "rookie"),
    ("brownies", "brownie"),
    ("genies", "genie"),
    ("ties", "tie"),
    ("pies", "pie"),
    ("dies", "die"),
];

/// Words that look like plurals and are none, or are their own plural.
const UNCHANGED: &[&str] = &[
    "series", "species", "news", "sms", "gps", "dns", "tls", "aws", "css", "ios", "gas", "bus",
    "has", "was", "his", "its", "yes", "alias", "bias", "canvas", "atlas", "lens", "always",
    "previous", "pos", "ips", "sos", "erp", "abs", "gis", "tos", "bonus", "means", "chaos",
];

/// The words of a name in small letters: split at what is no letter or digit, where small letters
/// turn into capitals (`orderLine`, `HTTPServer`), and around digits.
pub(super) fn split(name: &str) -> Vec<String> {
    #[derive(Clone, Copy, PartialEq)]
    enum Class {
        Small,
        Capital,
        Digit,
        Other,
    }
    let class = |letter: char| {
        if letter.is_uppercase() {
            Class::Capital
        } else if letter.is_numeric() {
            Class::Digit
        } else if letter.is_alphabetic() {
            Class::Small
        } else {
            Class::Other
        }
    };
    let letters: Vec<(char, Class)> = name.chars().map(|it| (it, class(it))).collect();
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = Class::Other;
    for (at, (letter, kind)) in letters.iter().enumerate() {
        let next = letters.get(at + 1).map(|(_, kind)| *kind);
        let begins = match (before, kind) {
            (Class::Small, Class::Capital) => true,
            // `userIDs` is `user` and `ids`: one small letter after capitals belongs to them.
            (Class::Capital, Class::Capital) => {
                next == Some(Class::Small)
                    && letters
                        .get(at + 2)
                        .is_some_and(|(_, kind)| *kind == Class::Small)
            }
            (Class::Digit, Class::Digit) => false,
            (Class::Digit, _) | (_, Class::Digit) => true,
            _ => false,
        };
        if (begins || *kind == Class::Other) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
            if words.len() == WORDS_MAX {
                return words;
            }
        }
        if *kind != Class::Other {
            word.extend(letter.to_lowercase());
        }
        before = *kind;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The words of a name, each in its singular.
pub(super) fn words(name: &str) -> Vec<String> {
    split(name).iter().map(|word| singular(word)).collect()
}

/// The singular of an English word in small letters; what is no plural stays as it is.
pub(super) fn singular(word: &str) -> String {
    if let Some((_, singular)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return (*singular).to_owned();
    }
    let kept = UNCHANGED.contains(&word)
        || word.chars().count() < 3
        || ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    if kept {
        return word.to_owned();
    }
    let Some(without_s) = word.strip_suffix('s') else {
        return word.to_owned();
    };
    let Some(without_es) = without_s.strip_suffix('e') else {
        return without_s.to_owned();
    };
    let ends = |ends: &[&str]| ends.iter().any(|end| without_es.ends_with(end));
    if let Some(stem) = without_es.strip_suffix('i') {
        return format!("{stem}y");
    }
    // `statuses`, `aliases` and `boxes` lose two letters; `houses`, `cases` and `sizes` one.
    let two = ends(&["ss", "sh", "ch", "x", "zz"])
        || (ends(&["us"]) && !ends(&["ous", "aus"]) && without_es != "us")
        || ends(&["alias", "bias", "canvas", "atlas", "lens"])
        || (ends(&["o"]) && without_es.chars().count() > 3);
    if two { without_es } else { without_s }.to_owned()
}

/// Whether a name's last word is a plural.
pub(super) fn is_plural(name: &str) -> bool {
    split(name)
        .last()
        .is_some_and(|last| singular(last) != *last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_into_words() {
        for (name, expected) in [
            ("customer_id", "customer id"),
            ("OrderLine", "order line"),
            ("userID", "user id"),
            ("userIDs", "user ids"),
            ("HTTPServerName", "http server name"),
            ("ORDER_LINE", "order line"),
            ("entity0", "entity 0"),
            ("oauth2_tokens", "oauth 2 tokens"),
            ("order details", "order details"),
            ("größe_id", "größe id"),
            ("__id__", "id"),
            ("", ""),
        ] {
            assert_eq!(split(name).join(" "), expected, "{name}");
        }
        assert_eq!(split(&"a_".repeat(300)).len(), WORDS_MAX);
    }

    #[test]
    fn plurals_have_their_singular() {
        for (plural, expected) in [
            ("customers", "customer"),
            ("categories", "category"),
            ("people", "person"),
            ("children", "child"),
            ("statuses", "status"),
            ("status", "status"),
            ("addresses", "address"),
            ("address", "address"),
            ("aliases", "alias"),
            ("alias", "alias"),
            ("boxes", "box"),
            ("branches", "branch"),
            ("caches", "cache"),
            ("houses", "house"),
            ("warehouses", "warehouse"),
            ("purchases", "purchase"),
            ("databases", "database"),
            ("invoices", "invoice"),
            ("sizes", "size"),
            ("heroes", "hero"),
            ("shoes", "shoe"),
            ("movies", "movie"),
            ("leaves", "leave"),
            ("archives", "archive"),
            ("indices", "index"),
            ("series", "series"),
            ("analysis", "analysis"),
            ("bus", "bus"),
            ("sms", "sms"),
            ("tags", "tag"),
            ("viruses", "virus"),
            ("expenses", "expense"),
            ("is", "is"),
            ("s", "s"),
        ] {
            assert_eq!(singular(plural), expected, "{plural}");
        }
    }
}
