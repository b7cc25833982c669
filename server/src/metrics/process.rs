//! The process as Linux sees it. Elsewhere there is nothing to tell.

/// Name, help and value of what `/proc` tells; what it does not is left out.
pub(super) fn gauges() -> Vec<(&'static str, &'static str, u64)> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let open_files = std::fs::read_dir("/proc/self/fd").map(|folder| folder.count() as u64);
    [
        (
            "process_resident_memory_bytes",
            "Memory in use",
            kibibytes(&status, "VmRSS:"),
        ),
        (
            "process_resident_memory_max_bytes",
            "The most memory that was in use",
            kibibytes(&status, "VmHWM:"),
        ),
        ("process_threads", "Threads", number(&status, "Threads:")),
        (
            "process_open_fds",
            "Open files and sockets",
            open_files.ok(),
        ),
    ]
    .into_iter()
    .filter_map(|(name, help, value)| Some((name, help, value?)))
    .collect()
}

fn kibibytes(status: &str, key: &str) -> Option<u64> {
    number(status, key)?.checked_mul(1024)
}

fn number(status: &str, key: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_proc_are_read() {
        let status = "Name:\tcrowfoot\nVmHWM:\t  20480 kB\nVmRSS:\t  10240 kB\nThreads:\t9\n";
        assert_eq!(kibibytes(status, "VmRSS:"), Some(10 * 1024 * 1024));
        assert_eq!(number(status, "Threads:"), Some(9));
        assert_eq!(number(status, "VmSwap:"), None);
        assert_eq!(number("VmRSS: much\n", "VmRSS:"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_needs_memory() {
        let gauges = gauges();
        assert_eq!(gauges.len(), 4, "{gauges:?}");
        assert!(gauges.iter().all(|(_, _, value)| *value > 0), "{gauges:?}");
    }
}
