//! Limits on allocations of the crate. The benchmarks measure time.

use allocation_counter::measure;
use stripe_financial_connections::{AccountCategory, Method, Operation, Request, RetrieveSession};
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

/// Its text is not written again with each parameter, nor when it is asked for again.
#[test]
fn a_json_body_takes_memory_as_it_has_parameters() {
    let taken = |parameters: usize| {
        let build = || {
            let request = Request::new(Method::Post, "/v2/core/accounts", &[]).unwrap();
            let request = (0..parameters).fold(request, |request, at| request.param(&format!("p{at}"), "value"));
            let lengths = [(); 100].map(|()| request.body().unwrap().len());
            assert_eq!(lengths, [request.into_body().unwrap().len(); 100]);
        };
        measure(build).bytes_total
    };
    let (few, many) = (taken(500), taken(5000));
    assert!(many < 15 * few, "{few} bytes for 500 parameters, {many} for 5000");
}

#[test]
fn a_known_enum_value_takes_no_allocation() {
    let info = measure(|| {
        assert_eq!(serde_json::from_str::<AccountCategory>("\"cash\"").unwrap(), AccountCategory::Cash);
        assert_eq!(AccountCategory::from("cash"), AccountCategory::Cash);
    });
    assert_eq!(info.count_total, 0);
}
