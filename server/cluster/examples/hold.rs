//! Starts a cluster in the folder given as argument, prints the URL of its database and its
//! server's version, and keeps it until standard input ends.

use std::io::Write as _;

use cluster::{Cluster, ClusterConfig, DATABASE};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data_dir = std::env::args_os().nth(1).ok_or("usage: hold DATA_DIR")?;
    let cluster = Cluster::start(&ClusterConfig::from_env(data_dir))?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", cluster.url(DATABASE))?;
    writeln!(out, "{}", cluster.version())?;
    out.flush()?;
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(cluster.stop()?)
}
