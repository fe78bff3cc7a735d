//! The examples, each run as a program against the server on loopback.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
    sync::LazyLock,
};

use serde_json::{Value, json};
use stripe_financial_connections::{
    Account, Session, Transaction,
    webhook::{EventType, NotificationType, SIGNATURE_HEADER, Verifier, sample_body, sample_notification_body},
};
use tests::run::{self, Run};

use crate::{
    harness::{CLIENT_SECRET, KEY, session},
    server::{Server, Step},
};

/// Returns the command of an example, with the API key and the base URL of the server, and without a proxy.
fn example(name: &str, server: &Server) -> Command {
    static PROGRAMS: LazyLock<BTreeMap<String, PathBuf>> = LazyLock::new(build);
    let mut command = Command::new(&PROGRAMS[name]);
    command.env("STRIPE_API_BASE", server.url()).env("STRIPE_API_KEY", KEY);
    for proxy in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(proxy);
    }
    command
}

/// Builds the examples with one call of Cargo, which takes longer than to run one. Returns their programs by name.
fn build() -> BTreeMap<String, PathBuf> {
    let mut cargo = run::cargo(&["build", "--all-features", "--package", "stripe-financial-connections", "--examples"]);
    let messages = Run::of(cargo.arg("--message-format=json")).ok();
    let messages = messages.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let program = |message: Value| {
        let (name, path) = (message["target"]["name"].as_str()?, message["executable"].as_str()?);
        Some((name.to_owned(), path.into()))
    };
    messages.filter_map(program).collect()
}

fn output(mut command: Command) -> String {
    let run = Run::of(&mut command);
    assert!(run.is_ok() && !run.said().contains(KEY), "{}", run.said());
    run.stdout
}

#[test]
fn retrieve_expand() {
    let mut sample = serde_json::to_value(Session::sample()).unwrap();
    sample["account_holder"]["customer"] = json!({"id": "cus_9", "object": "customer", "balance": 7});
    let ownership = stripe_financial_connections::AccountOwnership::sample();
    let second = sample["accounts"]["data"][0].clone();
    sample["accounts"]["data"].as_array_mut().unwrap().push(second);
    sample["accounts"]["data"][0]["ownership"] = serde_json::to_value(ownership).unwrap();
    sample["accounts"]["data"][0]["ownership"]["owners"]["data"][0]["name"] = "Jo Example".into();
    let third = sample["accounts"]["data"].as_array_mut().unwrap().pop().unwrap();
    sample["accounts"]["has_more"] = true.into();
    let rest = json!({"object": "list", "data": [third], "has_more": false, "url": "/"});
    let server = Server::steps([Step::response(200, sample.to_string()), Step::response(200, rest.to_string())]);
    let mut command = example("retrieve_expand", &server);
    command.arg("fcsess_1");
    let text = output(command);
    assert!(text.contains("customer cus_9: balance Some(Number(7))"), "{text}");
    let account = format!("account {} at Example Bank (active)", Account::sample().id);
    assert!(text.contains(&format!("{account}: 1 owners")), "{text}");
    assert!(text.contains(&format!("{account}: owners not expanded")), "{text}");
    assert!(text.contains("name: Secret(…)") && !text.contains("Jo Example"), "{text}");
    let expand = "expand[0]=account_holder.customer&expand[1]=accounts.data.ownership";
    let received = server.received();
    assert!(received[0].target.ends_with(&format!("/fcsess_1?{expand}")));
    assert!(received[1].target.contains("/accounts?expand[0]=data.ownership&session="), "{}", received[1].target);
}

/// Whoever forgets the key is told which variable to set.
#[test]
fn a_missing_key_is_named() {
    let server = Server::steps([]);
    for name in ["retrieve_expand", "refresh_and_page", "blocking", "errors", "axum_handler", "custom_transport"] {
        let mut command = example(name, &server);
        command.args(["first", "second"]).env_remove("STRIPE_API_KEY");
        let run = Run::of(&mut command);
        let is_named = run.stderr.contains("STRIPE_API_KEY: environment variable not found");
        assert!(!run.is_ok() && is_named, "{name}: {}", run.stderr);
    }
}

/// Three pages of accounts, and three of the transactions of the first one.
#[test]
fn refresh_and_page() {
    let account = |id: &str| {
        let mut account = serde_json::to_value(Account::sample()).unwrap();
        account["id"] = id.into();
        account
    };
    let transaction = |id: &str| {
        let mut transaction = serde_json::to_value(Transaction::sample()).unwrap();
        (transaction["id"], transaction["amount"], transaction["currency"]) = (id.into(), 1250.into(), "usd".into());
        transaction
    };
    let server = Server::start(move |_, received| {
        let (path, query) = received.target.split_once('?').unwrap_or((&received.target, ""));
        let after = query.split_once("starting_after=").map_or("", |(_, id)| id);
        let list = |data: Vec<Value>, has_more: bool| {
            let page = json!({"object": "list", "data": data, "has_more": has_more, "url": "/elsewhere"});
            Step::response(200, page.to_string())
        };
        match (path.rsplit('/').next().unwrap(), after) {
            ("refresh", _) => Step::response(200, account("fca_1").to_string()),
            ("accounts", "") => list(vec![account("fca_1"), account("fca_2")], true),
            ("accounts", "fca_2") => list(vec![account("fca_3"), account("fca_4")], true),
            ("accounts", "fca_4") => list(vec![account("fca_5")], false),
            ("transactions", "") if query.contains("account=fca_1") => {
                list(vec![transaction("fctxn_1"), transaction("fctxn_2")], true)
            }
            ("transactions", "fctxn_2") => list(vec![transaction("fctxn_3")], true),
            ("transactions", "fctxn_3") => list(vec![transaction("fctxn_4")], false),
            ("transactions", "") => list(Vec::new(), false),
            other => panic!("{other:?}"),
        }
    });
    let mut command = example("refresh_and_page", &server);
    command.arg("fcsess_1");
    let text = output(command);
    let accounts: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("account ")?.split(':').next()).collect();
    assert_eq!(accounts, ["fca_1", "fca_2", "fca_3", "fca_4", "fca_5"]);
    let transactions: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    let expected = [1, 2, 3, 4].map(|number| format!("fctxn_{number}: 1250 usd"));
    assert_eq!(transactions, expected);
    let received = server.received();
    let lists = received.iter().filter(|request| request.target.starts_with("/v1/financial_connections/accounts?"));
    assert!(lists.clone().all(|request| request.target.contains("session=fcsess_1&") || request.target.contains("&session=fcsess_1")));
    assert_eq!((lists.count(), received.len()), (3, 3 + 5 + 3 + 4));
}

#[test]
fn blocking() {
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    let mut command = example("blocking", &server);
    command.args(["cus_1", "order-42"]);
    assert_eq!(output(command), format!("request req_1: session fcsess_1\nclient secret: {CLIENT_SECRET}\n"));
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].header("idempotency-key"), Some("order-42"));
    let permissions = "permissions[0]=balances&permissions[1]=payment_method";
    let holder = "account_holder[customer]=cus_1&account_holder[type]=customer";
    assert_eq!(received[0].body, format!("{holder}&{permissions}"));
}

#[test]
fn custom_transport() {
    let server = Server::steps([Step::Reset, Step::response(200, session("fcsess_1"))]);
    let mut command = example("custom_transport", &server);
    command.arg("fcsess_1");
    assert_eq!(output(command), "session fcsess_1: 0 accounts on the first page\n");
    assert_eq!(server.received().len(), 2, "a reset connection is retried");
}

#[test]
fn errors() {
    let error = |status, rest: &str| Step::response(status, format!(r#"{{"error": {{"message": "no", {rest}}}}}"#));
    let server = Server::start(move |_, received| match received.target.rsplit('/').next().unwrap() {
        "fcsess_missing" => error(404, r#""type": "invalid_request_error", "code": "resource_missing""#),
        "fcsess_key" => error(401, r#""type": "invalid_request_error""#),
        "fcsess_many" => error(429, r#""type": "invalid_request_error""#).header("retry-after", "7"),
        "fcsess_param" => error(400, r#""type": "invalid_request_error", "param": "expand""#),
        "fcsess_new" => error(400, r#""type": "teapot_error""#),
        "fcsess_proxy" => Step::response(502, "<html>"),
        "fcsess_reset" => Step::Reset,
        id => Step::response(200, session(id)),
    });
    let mut command = example("errors", &server);
    let expected = [
        ("fcsess_1", "0 accounts"),
        ("fcsess_missing", "there is no such session"),
        ("fcsess_key", "the API key is invalid, ask an operator"),
        ("fcsess_many", "too many requests, wait 7 s"),
        ("fcsess_param", "expand is invalid, see the message: Stripe returned 400 Bad Request"),
        ("fcsess_new", "teapot_error, ask Stripe about req_1"),
        ("fcsess_proxy", "6 bytes with the status 502 Bad Gateway that are not a session"),
        ("fcsess_reset", "the connection broke before the response was complete ("),
        ("..", "nothing was sent, the path parameter `session` is `..`"),
    ];
    command.args(expected.map(|(id, _)| id));
    let text = output(command);
    assert_eq!(text.lines().count(), expected.len(), "{text}");
    for (line, (id, says)) in text.lines().zip(expected) {
        assert!(line.starts_with(&format!("{id}: {says}")), "{line}");
    }
}

/// From creating a session to the events about its accounts, as a browser and Stripe would call the backend.
#[test]
fn axum_handler() {
    let completed = |id: &str, customer: &str| {
        let mut sample = serde_json::to_value(Session::sample()).unwrap();
        sample["id"] = id.into();
        sample["account_holder"] = json!({"type": "customer", "customer": customer});
        sample["accounts"]["data"] = vec![account_with("fca_1", "active")].into();
        sample["accounts"]["has_more"] = true.into();
        Step::response(200, sample.to_string())
    };
    let page = |id: &str, has_more: bool| {
        let data = [account_with(id, "active")];
        json!({"object": "list", "data": data, "has_more": has_more, "url": "/"}).to_string()
    };
    let server = Server::start(move |index, received| match received.target.rsplit('/').next().unwrap() {
        "sessions" if index == 0 => Step::response(200, session("fcsess_1")),
        "sessions" => Step::response(401, ""),
        "fcsess_1" => completed("fcsess_1", "cus_1"),
        "fcsess_2" => completed("fcsess_2", "cus_other"),
        "accounts?session=fcsess_1" => Step::response(200, page("fca_1", true)),
        "accounts?session=fcsess_1&starting_after=fca_1" => Step::response(200, page("fca_2", false)),
        "fca_1" => Step::response(200, account_with("fca_1", "inactive").to_string()),
        "fca_2" => Step::response(200, account_with("fca_2", "disconnected").to_string()),
        _ => Step::response(404, r#"{"error": {"type": "invalid_request_error"}}"#),
    });
    let mut command = example("axum_handler", &server);
    command.arg("cus_1").env("STRIPE_PUBLISHABLE_KEY", "pk_test_1").env("STRIPE_WEBHOOK_SECRET", "whsec_1");
    command.env("STRIPE_THIN_SECRET", "whsec_thin");
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = Stopped(command.spawn().unwrap());
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let url = lines.next().expect("it prints its address").unwrap();

    let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).http_status_as_error(false).build().into();
    let read = |response: Result<http::Response<ureq::Body>, ureq::Error>| {
        let mut response = response.unwrap();
        (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
    };
    let get = |path: &str| read(agent.get(format!("{url}{path}")).call());
    let post = |path: &str| read(agent.post(format!("{url}{path}")).send_empty());
    let accounts = |accounts: &[(&str, &str)]| {
        let shown = |(last4, status)| json!({"bank": "Example Bank", "last4": last4, "status": status});
        (200, Value::Array(accounts.iter().copied().map(shown).collect()).to_string())
    };
    let receive = |path: &str, body: String, secret: &str| {
        let signature = Verifier::new(secret).unwrap().sign(&body);
        let request = agent.post(format!("{url}{path}")).header(SIGNATURE_HEADER, signature);
        read(request.send(body)).0
    };
    let event =
        |type_: EventType, account: &Value, secret: &str| receive("/events", sample_body(type_, account), secret);

    let (_, page) = get("/");
    assert!(page.contains("collectFinancialConnectionsAccounts") && !page.contains(CLIENT_SECRET));

    let created = agent.post(format!("{url}/sessions")).send_empty().unwrap();
    assert_eq!(created.headers()["cache-control"], "no-store");
    let created: Value = serde_json::from_str(&read(Ok(created)).1).unwrap();
    let expected = json!({"publishable_key": "pk_test_1", "client_secret": CLIENT_SECRET, "id": "fcsess_1"});
    assert_eq!(created, expected);
    assert_eq!(post("/sessions"), (500, String::new()), "the page does not show the error, here of a wrong API key");

    assert_eq!(get("/accounts"), accounts(&[]));
    assert_eq!(post("/sessions/fcsess_2/complete"), (404, String::new()), "it belongs to another customer");
    assert_eq!(post("/sessions/fcsess_missing/complete").0, 404);
    assert_eq!(get("/accounts"), accounts(&[]));
    assert_eq!(post("/sessions/fcsess_1/complete"), accounts(&[("fca_1", "active"), ("fca_2", "active")]));

    // Only a signed event counts, and what is stored is the account as it is now, not as it was then.
    let then = account_with("fca_1", "active");
    assert_eq!(event(EventType::AccountDeactivated, &then, "whsec_other"), 400);
    assert_eq!(get("/accounts"), accounts(&[("fca_1", "active"), ("fca_2", "active")]));
    // A thin event holds no account, and is sent to a URL of its own.
    let thin = sample_notification_body(NotificationType::AccountBalanceRefreshFailed, "fca_1");
    assert_eq!(receive("/notifications", thin.clone(), "whsec_1"), 400);
    assert_eq!(receive("/events", thin.clone(), "whsec_1"), 400);
    assert_eq!(receive("/notifications", sample_body(EventType::AccountDeactivated, &then), "whsec_thin"), 400);
    assert_eq!(get("/accounts"), accounts(&[("fca_1", "active"), ("fca_2", "active")]));
    assert_eq!(
        receive("/notifications", thin.replace("\"context\":null", "\"context\":\"acct_1\""), "whsec_thin"),
        200
    );
    assert_eq!(get("/accounts"), accounts(&[("fca_1", "inactive"), ("fca_2", "active")]));
    let received = server.received();
    let retrieved = received.last().unwrap();
    assert_eq!(retrieved.target, "/v1/financial_connections/accounts/fca_1");
    assert_eq!(retrieved.header("stripe-context"), Some("acct_1"));
    let id = serde_json::from_str::<Value>(&thin).unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(retrieved.header("stripe-request-trigger"), Some(&*format!("event={id}")));

    assert_eq!(event(EventType::AccountDeactivated, &then, "whsec_1"), 200);
    assert_eq!(get("/accounts"), accounts(&[("fca_1", "inactive"), ("fca_2", "active")]));
    assert_eq!(event(EventType::AccountDisconnected, &account_with("fca_2", "disconnected"), "whsec_1"), 200);
    assert_eq!(get("/accounts"), accounts(&[("fca_1", "inactive")]));

    let before = server.received().len();
    let invoice = json!({"id": "in_1", "object": "invoice"});
    assert_eq!(event(EventType::from("invoice.paid"), &invoice, "whsec_1"), 200, "there is nothing to do");
    assert_eq!(server.received().len(), before);
}

/// An account whose last four digits are its id, so that a response tells which it is.
fn account_with(id: &str, status: &str) -> Value {
    let mut account = serde_json::to_value(Account::sample()).unwrap();
    account["id"] = id.into();
    account["last4"] = id.into();
    account["institution_name"] = "Example Bank".into();
    account["status"] = status.into();
    account
}

/// A program that does not outlive its test.
struct Stopped(std::process::Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
