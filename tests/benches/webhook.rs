//! Measures verifying and decoding a webhook.
//!
//! This is a program of its own: beside the cases of `runtime`, it would change how the compiler inlines the parsing of JSON
//! values, to which those are compared.

use std::hint::black_box;

use criterion::Criterion;
use serde_json::Value;
use stripe_financial_connections::Account;
use stripe_financial_connections::webhook::{EventType, Verifier, sample_body};
use tests::bench::{Case, measure, print_ratio};

/// A webhook of 10 kB whose object is an account, and headers that are searched to their end.
fn cases() -> Vec<Case<'static>> {
    let verifier = Verifier::new("whsec_benchmark").unwrap();
    let mut account = serde_json::to_value(Account::sample()).unwrap();
    account["display_name"] = Value::from("x".repeat(10_000 - sample_body("x", &account).len()));
    let body = sample_body(EventType::AccountCreated, &account);
    let header = verifier.sign(&body);
    let refused = |kilobytes: usize| {
        let (verifier, header) = (verifier.clone(), ["t=1", &",v1=".repeat(kilobytes * 250)].concat());
        Case::new(format!("a header of {kilobytes} kB without a right signature"), move || {
            black_box(verifier.verify("", Some(black_box(&header))).unwrap_err());
        })
    };
    vec![
        refused(100),
        refused(400),
        Case::new(format!("webhook of {} bytes: verified", body.len()), {
            let (verifier, body, header) = (verifier.clone(), body.clone(), header.clone());
            move || {
                black_box(verifier.verify(black_box(&body), Some(&header)).unwrap());
            }
        }),
        Case::new("the same, verified and read", move || {
            drop(black_box(verifier.event(black_box(&body), Some(&header)).unwrap()));
        }),
    ]
}

fn main() {
    let cases = cases();
    let times = measure(&cases, 200);
    for (case, time) in cases.iter().zip(&times) {
        println!("{:<60}{:>10.0} ns", case.name, time * 1e9);
    }
    // A quarter above what is linear: the square would be 16.
    print_ratio("of a header of four times the size", times[1] / times[0], 5.0);
    // `cargo test --benches` passes `--test`, and criterion then runs each case once.
    let mut criterion = Criterion::default().configure_from_args();
    for case in cases {
        criterion.bench_function(&case.name, |bencher| bencher.iter(|| (case.run)()));
    }
    criterion.final_summary();
}
