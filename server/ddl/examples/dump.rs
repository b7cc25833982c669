fn main() {
    let texts: Vec<String> = std::env::args()
        .skip(1)
        .map(|f| ddl::decode(&std::fs::read(f).unwrap()).unwrap())
        .collect();
    let started = std::time::Instant::now();
    match ddl::read_postgres_files(texts.iter().map(String::as_str)) {
        Ok(i) => {
            eprintln!("{:?}", started.elapsed());
            println!(
                "{}",
                serde_json::to_string(&serde_json::json!({"schema": i.schema, "report": i.report}))
                    .unwrap()
            )
        }
        Err(e) => {
            eprintln!("{:?}", started.elapsed());
            println!("{}", serde_json::json!({"error": e.to_string()}))
        }
    }
}
