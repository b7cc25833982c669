//! The people whose queries fill the history.

/// Somebody, or something, that queries the warehouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Analyst {
    /// Login name, as it appears in the query log.
    pub username: &'static str,
    /// Name as people say it.
    pub full_name: &'static str,
    /// Address at the shop.
    pub email: &'static str,
    /// What they do at the shop.
    pub role_in_company: &'static str,
}

// Templates refer to people by these names; a typo is then a compile error.
pub(crate) const ETL: &str = "etl_loader";
pub(crate) const MARA: &str = "mara.lindqvist";
pub(crate) const TOMAS: &str = "tomas.okafor";
pub(crate) const PRIYA: &str = "priya.raman";
pub(crate) const JONAS: &str = "jonas.weiss";
pub(crate) const ELENA: &str = "elena.marchetti";
pub(crate) const SAM: &str = "sam.adeyemi";
pub(crate) const AOIFE: &str = "aoife.brennan";

const ANALYSTS: [Analyst; 8] = [
    Analyst {
        username: ETL,
        full_name: "Warehouse loader",
        email: "data-team@harbourlane.example",
        role_in_company: "Service account of the hourly and nightly loads",
    },
    Analyst {
        username: MARA,
        full_name: "Mara Lindqvist",
        email: "mara.lindqvist@harbourlane.example",
        role_in_company: "Data engineer",
    },
    Analyst {
        username: TOMAS,
        full_name: "Tomas Okafor",
        email: "tomas.okafor@harbourlane.example",
        role_in_company: "Revenue analyst",
    },
    Analyst {
        username: PRIYA,
        full_name: "Priya Raman",
        email: "priya.raman@harbourlane.example",
        role_in_company: "Growth analyst",
    },
    Analyst {
        username: JONAS,
        full_name: "Jonas Weiss",
        email: "jonas.weiss@harbourlane.example",
        role_in_company: "Supply chain planner",
    },
    Analyst {
        username: ELENA,
        full_name: "Elena Marchetti",
        email: "elena.marchetti@harbourlane.example",
        role_in_company: "Finance controller",
    },
    Analyst {
        username: SAM,
        full_name: "Sam Adeyemi",
        email: "sam.adeyemi@harbourlane.example",
        role_in_company: "Category manager",
    },
    Analyst {
        username: AOIFE,
        full_name: "Aoife Brennan",
        email: "aoife.brennan@harbourlane.example",
        role_in_company: "Customer care lead",
    },
];

/// Everybody whose queries are in [`history`](crate::history).
pub fn analysts() -> &'static [Analyst] {
    &ANALYSTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn usernames_and_emails_are_unique() {
        let usernames: HashSet<_> = analysts().iter().map(|person| person.username).collect();
        let emails: HashSet<_> = analysts().iter().map(|person| person.email).collect();
        assert_eq!(usernames.len(), analysts().len());
        assert_eq!(emails.len(), analysts().len());
    }
}
