//! Measures cases in alternation: a machine that slows down affects each of them alike.

use std::time::{Duration, Instant};

/// A function to measure.
pub struct Case<'a> {
    /// The name shown in the report.
    pub name: String,
    /// The measured function.
    pub run: Box<dyn Fn() + 'a>,
}

impl<'a> Case<'a> {
    /// Creates a case that measures `run`.
    pub fn new(name: impl Into<String>, run: impl Fn() + 'a) -> Self {
        Self { name: name.into(), run: Box::new(run) }
    }
}

/// Returns the time of the fastest of `rounds` rounds for each case, in seconds per call.
///
/// The cases alternate. A round repeats a fast case until it takes two milliseconds.
pub fn measure(cases: &[Case<'_>], rounds: usize) -> Vec<f64> {
    const ROUND: Duration = Duration::from_millis(2);
    let repeat = |case: &Case<'_>, times: u32| {
        let start = Instant::now();
        for _ in 0..times {
            (case.run)();
        }
        start.elapsed()
    };
    let times: Vec<u32> = cases
        .iter()
        .map(|case| {
            let once = repeat(case, 1).max(Duration::from_nanos(1));
            let quick = repeat(case, if once < ROUND { 20 } else { 1 }) / if once < ROUND { 20 } else { 1 };
            u32::try_from(ROUND.as_nanos() / quick.as_nanos().max(1)).unwrap_or(u32::MAX).max(1)
        })
        .collect();
    let mut best = vec![f64::INFINITY; cases.len()];
    for _ in 0..rounds {
        for ((case, times), best) in cases.iter().zip(&times).zip(&mut best) {
            *best = best.min(repeat(case, *times).as_secs_f64() / f64::from(*times));
        }
    }
    best
}

/// Prints a ratio and whether it is within the limit of the project.
pub fn print_ratio(what: &str, ratio: f64, limit: f64) {
    let verdict = if ratio <= limit { "ok" } else { "exceeds the limit" };
    println!("  ratio {what:<54}{ratio:>9.4} (at most {limit}) {verdict}");
}
