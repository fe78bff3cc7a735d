//! What decoding a session and building a create request cost, against reading the same session as a JSON value.
//!
//! The ratios come from rounds that take turns in one run, so that a machine that slows down slows all of them alike.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark stops where it cannot go on, and prints")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::Criterion;
use serde_json::Value;
use stripe_financial_connections::{
    AccountHolderType, CreateSession, CreateSessionAccountHolder, CreateSessionFilters, CreateSessionLimits,
    CreateSessionManualEntry, Operation, Request, RetrieveSession, Session, SessionExpand,
    SessionFiltersAccountSubcategory, SessionFiltersRequirePaymentMethodSupport, SessionManualEntryMode,
    SessionPermission, SessionPrefetch,
};

const FULL: &str = include_str!("../fixtures/session_ten_accounts.json");
const LINKED: &str = include_str!("../fixtures/session_just_linked.json");

/// A create request with every parameter set.
fn create() -> Request {
    let holder = CreateSessionAccountHolder::new(AccountHolderType::Customer)
        .account("acct_1Qx7TestAccount")
        .customer("cus_Q8ZtestCustomer")
        .customer_account("acct_1Qx7TestHolder");
    let filters = CreateSessionFilters::new()
        .account_subcategories([
            SessionFiltersAccountSubcategory::Checking,
            SessionFiltersAccountSubcategory::CreditCard,
            SessionFiltersAccountSubcategory::LineOfCredit,
            SessionFiltersAccountSubcategory::Mortgage,
            SessionFiltersAccountSubcategory::Savings,
        ])
        .country("US")
        .require_payment_method_support(SessionFiltersRequirePaymentMethodSupport::AtLeastOne);
    CreateSession::new(
        holder,
        [
            SessionPermission::Balances,
            SessionPermission::Ownership,
            SessionPermission::PaymentMethod,
            SessionPermission::Transactions,
        ],
    )
    .prefetch([SessionPrefetch::Balances, SessionPrefetch::Ownership, SessionPrefetch::Transactions])
    .filters(filters)
    .limits(CreateSessionLimits::new(5))
    .manual_entry(CreateSessionManualEntry::new().mode(SessionManualEntryMode::Automatic))
    .return_url("https://example.com/linked?from=bank")
    .expand([
        SessionExpand::AccountHolderAccount,
        SessionExpand::AccountHolderCustomer,
        SessionExpand::AccountsDataAccountHolderAccount,
        SessionExpand::AccountsDataAccountHolderCustomer,
        SessionExpand::AccountsDataOwnership,
    ])
    .request()
    .unwrap()
}

fn retrieve() -> Request {
    RetrieveSession::new("fcsess_1Qx7TestSession").expand([SessionExpand::AccountsDataOwnership]).request().unwrap()
}

/// Something to measure.
struct Case {
    name: String,
    run: Box<dyn Fn()>,
}

fn cases(label: &str, json: &'static str) -> Vec<Case> {
    fn case<T>(name: String, run: impl Fn() -> T + 'static) -> Case {
        Case { name, run: Box::new(move || drop(black_box(run()))) }
    }
    let bytes = json.as_bytes();
    let session = Session::from_json(bytes).unwrap();
    vec![
        case(format!("{label}: value, from str"), move || serde_json::from_str::<Value>(black_box(json)).unwrap()),
        case(format!("{label}: value, from bytes"), move || serde_json::from_slice::<Value>(black_box(bytes)).unwrap()),
        case(format!("{label}: session, from str"), move || Session::from_json(black_box(json).as_bytes()).unwrap()),
        case(format!("{label}: session, from bytes"), move || CreateSession::decode(black_box(bytes)).unwrap()),
        case(format!("{label}: session, from str through serde"), move || {
            serde_json::from_str::<Session>(black_box(json)).unwrap()
        }),
        case(format!("{label}: session, from bytes through serde"), move || {
            serde_json::from_slice::<Session>(black_box(bytes)).unwrap()
        }),
        case(format!("{label}: session to JSON"), move || serde_json::to_string(black_box(&session)).unwrap()),
        case(format!("{label}: create request, built and encoded"), create),
        case(format!("{label}: retrieve request, built and encoded"), retrieve),
    ]
}

/// The quickest of many rounds for each case, in nanoseconds; the cases take turns.
fn measure(cases: &[Case]) -> Vec<f64> {
    const ROUNDS: usize = 200;
    const ROUND: Duration = Duration::from_millis(2);
    let repeat = |case: &Case, times: u32| {
        let start = Instant::now();
        for _ in 0..times {
            (case.run)();
        }
        start.elapsed()
    };
    let times: Vec<u32> = cases
        .iter()
        .map(|case| {
            let once = repeat(case, 100) / 100;
            u32::try_from(ROUND.as_nanos() / once.as_nanos().max(1)).unwrap().max(1)
        })
        .collect();
    let mut best = vec![f64::INFINITY; cases.len()];
    for _ in 0..ROUNDS {
        for ((case, times), best) in cases.iter().zip(&times).zip(&mut best) {
            *best = best.min(repeat(case, *times).as_secs_f64() * 1e9 / f64::from(*times));
        }
    }
    best
}

fn ratios(label: &str, json: &'static str) {
    let cases = cases(label, json);
    let best = measure(&cases);
    println!("\n{label}, {} bytes", json.len());
    for (case, time) in cases.iter().zip(&best) {
        println!("  {:<60}{time:>10.0} ns{:>9.4} of the value", case.name, time / best[0].min(best[1]));
    }
    let line = |what: &str, ratio: f64, limit: f64| {
        let verdict = if ratio <= limit { "ok" } else { "TOO SLOW" };
        println!("  ratio {what:<54}{ratio:>9.4} (at most {limit}) {verdict}");
    };
    line("session / value, from str", best[2] / best[0], 0.5);
    line("session / value, from bytes", best[3] / best[1], 0.5);
    println!("  ratio session / value, from str through serde {:>18.4}", best[4] / best[0]);
    println!("  ratio session / value, from bytes through serde {:>16.4}", best[5] / best[1]);
    line("create request / value, from str", best[7] / best[0], 0.016);
    line("create request / value, from bytes", best[7] / best[1], 0.016);
}

fn main() {
    println!("body of the create request: {} bytes", create().body().map_or(0, str::len));
    ratios("just linked", LINKED);
    ratios("full", FULL);
    // With `--test`, as `cargo test --benches` calls it, criterion runs each case once.
    let mut criterion = Criterion::default().configure_from_args();
    for case in cases("full", FULL) {
        criterion.bench_function(&case.name, |bencher| bencher.iter(|| (case.run)()));
    }
    criterion.final_summary();
}
