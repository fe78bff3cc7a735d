//! Measures what building against the crate costs downstream, in CPU time of Cargo and its child processes.
//!
//! Each build is of a crate in a directory of its own, offline, with the versions of this workspace's `Cargo.lock`. The
//! builds alternate, and the minimum of each kind counts, since other load on the machine only adds to it. No build is
//! incremental, as that of a dependency from a registry never is.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use nix::sys::resource::{UsageWho, getrusage};
use tempfile::TempDir;
use tests::corpus;

const ROUNDS: usize = 5;
/// The clients take much longer to build than everything else.
const CLIENT_ROUNDS: usize = 2;

/// The dependencies of this crate, without the crate itself.
const BASELINE: &str = r#"serde_json = "1"
percent-encoding = "2"
"#;

/// The HTTP client and the crypto library of the async client, without this crate.
const CLIENT_BASELINE: &str = r#"reqwest = { version = "0.13", default-features = false, features = ["rustls-no-provider"] }
rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }
"#;
/// Most CPU time of the async client's cold build, in that of its HTTP client and crypto library alone: 40 s where those take
/// 33 s.
const CLIENT_LIMIT: f64 = 1.21;

/// The resources of the comparison with another library.
const RESOURCES: [&str; 3] = ["customer", "payment_intent", "refund"];
/// The same resources of async-stripe, the generated library that most programs use, without its client.
const ASYNC_STRIPE: &str = r#"async-stripe-core = { version = "=1.0.0-rc.10", features = ["customer", "deserialize", "payment_intent", "refund"] }
"#;
/// Most CPU time of the cold build of a crate of one's own, in that of async-stripe.
const ASYNC_STRIPE_LIMIT: f64 = 0.2;

/// A program that decodes a session from its input and prints a create request.
const PROGRAM: &str = r#"
use std::io::Read;

use stripe_financial_connections::{
    AccountHolderType, CreateSession, CreateSessionAccountHolder, Operation, RetrieveSession, SessionPermission,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body)?;
    let session = RetrieveSession::decode(&body)?;
    for account in &session.accounts {
        println!("{} at {}: {}", account.id, account.institution_name, account.status);
    }
    let holder = CreateSessionAccountHolder::new(AccountHolderType::Customer).customer("cus_1");
    let request = CreateSession::new(holder, [SessionPermission::Balances, SessionPermission::PaymentMethod])
        .return_url("https://example.com/linked")
        .request()?;
    println!("{} {} {:?}", request.method(), request.path(), request.body());
    Ok(())
}
"#;

/// A program that makes the async client.
const CLIENT: &str = r#"
fn main() -> Result<(), stripe_financial_connections::Error> {
    println!("{:?}", stripe_financial_connections::Client::new("sk_test_1")?);
    Ok(())
}
"#;

/// A crate in a temporary directory.
struct Crate {
    dir: TempDir,
}

impl Crate {
    fn new(dependencies: &str, main: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let manifest = format!(
            "[package]\nname = \"downstream\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n{dependencies}\n[workspace]\n"
        );
        fs::create_dir(dir.path().join("src")).unwrap();
        fs::write(dir.path().join("Cargo.toml"), manifest).unwrap();
        fs::write(dir.path().join("src/main.rs"), main).unwrap();
        fs::copy(workspace().join("Cargo.lock"), dir.path().join("Cargo.lock")).unwrap();
        Self { dir }
    }

    /// Downloads what the crate depends on. Returns whether that succeeds.
    fn fetch(&self) -> bool {
        let mut command = Command::new(env!("CARGO"));
        command.args(["fetch", "--quiet"]).current_dir(self.dir.path()).status().is_ok_and(|status| status.success())
    }

    fn build(&self, arguments: &[&str]) -> Duration {
        let before = children();
        let output = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--offline"])
            .args(arguments)
            .current_dir(self.dir.path())
            .env("CARGO_TARGET_DIR", self.dir.path().join("target"))
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        children() - before
    }

    fn clean(&self) {
        let _ = fs::remove_dir_all(self.dir.path().join("target"));
    }

    /// Edits the program, so that it is compiled and linked again.
    fn touch(&self, round: usize) {
        let main = self.dir.path().join("src/main.rs");
        let text = fs::read_to_string(&main).unwrap();
        fs::write(&main, format!("{text}// {round}\n")).unwrap();
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Returns the CPU time of all child processes so far, in user and system mode.
fn children() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    [usage.user_time(), usage.system_time()]
        .into_iter()
        .map(|time| {
            Duration::from_secs(time.tv_sec().try_into().unwrap())
                + Duration::from_micros(time.tv_usec().try_into().unwrap())
        })
        .sum()
}

fn main() {
    // `cargo test --benches` only checks that this compiles.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    // The comparison alone takes a fraction of the time of the whole.
    if std::env::args().any(|argument| argument == "async-stripe") {
        return compare_with_async_stripe();
    }
    let this = |features: &str| {
        let path = workspace().join("generated");
        format!("stripe-financial-connections = {{ path = {path:?}, features = [{features}] }}\n")
    };
    let baseline = Crate::new(BASELINE, "fn main() {}\n");
    let depends = Crate::new(&this(""), "fn main() {}\n");
    let program = Crate::new(&this(""), PROGRAM);
    program.build(&["--release"]);

    let (mut base, mut cold, mut again) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for round in 0..ROUNDS {
        baseline.clean();
        let base_now = baseline.build(&[]);
        depends.clean();
        let cold_now = depends.build(&[]);
        program.touch(round);
        let again_now = program.build(&["--release"]);
        println!(
            "round {round}: serde_json and percent-encoding {:.2} s, this crate {:.2} s, program again {:.2} s",
            base_now.as_secs_f64(),
            cold_now.as_secs_f64(),
            again_now.as_secs_f64()
        );
        base = base.min(base_now);
        cold = cold.min(cold_now);
        again = again.min(again_now);
    }
    let reqwest = Crate::new(CLIENT_BASELINE, "fn main() {}\n");
    let (client, both) = (Crate::new(&this("\"reqwest\""), CLIENT), Crate::new(&this("\"reqwest\", \"ureq\""), CLIENT));
    let (mut reqwest_cold, mut client_cold, mut both_cold) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for round in 0..CLIENT_ROUNDS {
        let cold = |one: &Crate| {
            one.clean();
            one.build(&[])
        };
        let (reqwest_now, client_now, both_now) = (cold(&reqwest), cold(&client), cold(&both));
        println!(
            "round {round}: reqwest with ring {:.2} s, async client {:.2} s, both clients {:.2} s",
            reqwest_now.as_secs_f64(),
            client_now.as_secs_f64(),
            both_now.as_secs_f64()
        );
        reqwest_cold = reqwest_cold.min(reqwest_now);
        client_cold = client_cold.min(client_now);
        both_cold = both_cold.min(both_now);
    }
    let ratio = cold.as_secs_f64() / base.as_secs_f64();
    let verdict = |ok: bool| if ok { "ok" } else { "exceeds the limit" };
    println!("cold build, dev: serde_json and percent-encoding alone {:.2} s of CPU", base.as_secs_f64());
    println!("cold build, dev: this crate                            {:.2} s of CPU", cold.as_secs_f64());
    println!("ratio {ratio:.2} (at most 1.6) {}", verdict(ratio <= 1.6));
    println!(
        "program built again, release {:.2} s of CPU (at most 3) {}",
        again.as_secs_f64(),
        verdict(again.as_secs_f64() <= 3.0)
    );
    let ratio = client_cold.as_secs_f64() / reqwest_cold.as_secs_f64();
    println!("cold build, dev: reqwest with ring alone         {:.2} s of CPU", reqwest_cold.as_secs_f64());
    println!("cold build, dev: feature `reqwest`               {:.2} s of CPU", client_cold.as_secs_f64());
    println!("ratio {ratio:.2} (at most {CLIENT_LIMIT}) {}", verdict(ratio <= CLIENT_LIMIT));
    println!("cold build, dev: features `reqwest` and `ureq`   {:.2} s of CPU", both_cold.as_secs_f64());
    compare_with_async_stripe();
}

/// Compares a crate of one's own with async-stripe, which is downloaded. Neither has a client.
fn compare_with_async_stripe() {
    let Some(spec) = corpus::directory().map(|directory| directory.join(corpus::V2023)) else { return };
    let async_stripe = Crate::new(ASYNC_STRIPE, "fn main() {}\n");
    if !async_stripe.fetch() {
        println!("skipped: async-stripe cannot be downloaded");
        return;
    }
    let created = tempfile::tempdir().unwrap();
    let path = created.path().join("own");
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["run", "--quiet", "--package", "xtask", "--", "generate", "--spec"])
        .arg(spec)
        .arg("--crate")
        .arg(&path);
    command.args(RESOURCES.iter().flat_map(|resource| ["--resource", resource])).current_dir(workspace());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let own = Crate::new(&format!("own = {{ path = {path:?} }}\n"), "fn main() {}\n");
    let (mut own_cold, mut async_cold) = (Duration::MAX, Duration::MAX);
    for _ in 0..CLIENT_ROUNDS {
        for (one, cold) in [(&own, &mut own_cold), (&async_stripe, &mut async_cold)] {
            one.clean();
            *cold = (*cold).min(one.build(&[]));
        }
    }
    let ratio = own_cold.as_secs_f64() / async_cold.as_secs_f64();
    println!("cold build, dev: {} of one's own  {:.2} s of CPU", RESOURCES.join(", "), own_cold.as_secs_f64());
    println!("cold build, dev: the same of async-stripe        {:.2} s of CPU", async_cold.as_secs_f64());
    let verdict = if ratio <= ASYNC_STRIPE_LIMIT { "ok" } else { "exceeds the limit" };
    println!("ratio {ratio:.2} (at most {ASYNC_STRIPE_LIMIT}) {verdict}");
}
