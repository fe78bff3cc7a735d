//! Limits on allocations and dependencies of the crate. The benchmarks measure time.

use std::process::Command;

use allocation_counter::measure;
use stripe_financial_connections::{AccountCategory, Operation, RetrieveSession};
use tests::requests::create_with_everything;

#[test]
fn a_create_request_with_everything_takes_eleven_allocations() {
    let mut length = 0;
    let info = measure(|| {
        let request = create_with_everything();
        length = request.body().unwrap().len();
    });
    assert!(length > 800, "{length} bytes");
    // Five strings, four lists, the path and the body.
    assert!(info.count_total <= 11, "{} allocations", info.count_total);
}

#[test]
fn a_retrieve_request_takes_two_allocations_besides_its_id() {
    let mut operation = Some(RetrieveSession::new("fcsess_1Qx7TestSession"));
    let info = measure(|| drop(operation.take().unwrap().request().unwrap()));
    // The path, and the query that turns out to be empty.
    assert!(info.count_total <= 2, "{} allocations", info.count_total);
}

#[test]
fn a_known_enum_value_takes_no_allocation() {
    let info = measure(|| {
        assert_eq!(serde_json::from_str::<AccountCategory>("\"cash\"").unwrap(), AccountCategory::Cash);
        assert_eq!(AccountCategory::from("cash"), AccountCategory::Cash);
    });
    assert_eq!(info.count_total, 0);
}

#[test]
fn no_dependency_is_a_proc_macro() {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--package",
            "stripe-financial-connections",
            "--edges",
            "normal",
            "--prefix",
            "none",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    let mut crates: Vec<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    crates.sort_unstable();
    crates.dedup();
    assert_eq!(
        crates,
        [
            "itoa",
            "memchr",
            "percent-encoding",
            "serde_core",
            "serde_json",
            "stripe-financial-connections",
            "stripe-runtime",
            "zmij"
        ],
        "{tree}"
    );
    assert!(!tree.contains("proc-macro"), "{tree}");
}
