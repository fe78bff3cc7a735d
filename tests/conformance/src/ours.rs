//! The cases as requests of this crate.

mod by_hand;
mod linked;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use stripe_financial_connections::{
    Clearable, CreateSession, CreateSessionAccountHolder, CreateSessionFilters, CreateSessionLimits,
    CreateSessionManualEntry, InvalidInput, Operation as _, Request, RetrieveSession,
};

use super::{
    Problem,
    cases::{Case, Operation},
};

/// Builds the request of a case. The inner result is that of this crate.
///
/// A parameter that is `null` is not set, or is cleared below `/v2/`.
///
/// # Errors
/// If the case has a parameter that is unknown here or in this crate.
pub fn request(case: &Case) -> Result<Result<Request, InvalidInput>, Problem> {
    if !case.operation.endpoint().1.starts_with("/v1/financial_connections/") {
        return by_hand::request(case);
    }
    match case.operation {
        Operation::Create => Ok(create(&parameters(case)?).request()),
        Operation::Retrieve => retrieve(case, id(case)?),
        _ => linked::request(case),
    }
}

fn id(case: &Case) -> Result<&str, Problem> {
    case.id.as_deref().ok_or_else(|| Problem::new("there is no id").at(&case.name))
}

/// Builds the request of a case with another id.
///
/// # Errors
/// If the case does not retrieve.
pub fn retrieve(case: &Case, id: &str) -> Result<Result<Request, InvalidInput>, Problem> {
    let Retrieve { expand } = parameters(case)?;
    let mut retrieve = RetrieveSession::new(id);
    if let Some(expand) = expand {
        retrieve = retrieve.expand(expand);
    }
    Ok(retrieve.request())
}

fn parameters<T: DeserializeOwned>(case: &Case) -> Result<T, Problem> {
    serde_json::from_value(Value::Object(case.params.clone())).map_err(|error| Problem::from(error).at(&case.name))
}

fn create(parameters: &Create) -> CreateSession {
    let Holder { account, customer, customer_account, kind } = &parameters.account_holder;
    let mut holder = CreateSessionAccountHolder::new(kind.as_str());
    if let Some(account) = account {
        holder = holder.account(account);
    }
    if let Some(customer) = customer {
        holder = holder.customer(customer);
    }
    if let Some(customer_account) = customer_account {
        holder = holder.customer_account(customer_account);
    }

    let mut create = CreateSession::new(holder, strs(&parameters.permissions));
    if let Some(expand) = &parameters.expand {
        create = create.expand(strs(expand));
    }
    if let Some(Filters { account_subcategories, country, require_payment_method_support }) = &parameters.filters {
        let mut filters = CreateSessionFilters::new();
        if let Some(account_subcategories) = account_subcategories {
            filters = filters.account_subcategories(strs(account_subcategories));
        }
        if let Some(country) = country {
            filters = filters.country(country);
        }
        if let Some(support) = require_payment_method_support {
            filters = filters.require_payment_method_support(support.as_str());
        }
        create = create.filters(filters);
    }
    if let Some(limits) = &parameters.limits {
        let accounts = match limits.accounts {
            Accounts::Most(accounts) => Clearable::Value(accounts),
            Accounts::Any(Empty::Empty) => Clearable::Clear,
        };
        create = create.limits(CreateSessionLimits::new(accounts));
    }
    if let Some(ManualEntry { mode }) = &parameters.manual_entry {
        let mut manual_entry = CreateSessionManualEntry::new();
        if let Some(mode) = mode {
            manual_entry = manual_entry.mode(mode.as_str());
        }
        create = create.manual_entry(manual_entry);
    }
    if let Some(prefetch) = &parameters.prefetch {
        create = create.prefetch(strs(prefetch));
    }
    if let Some(return_url) = &parameters.return_url {
        create = create.return_url(return_url);
    }
    create
}

fn strs(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(String::as_str)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Retrieve {
    expand: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    account_holder: Holder,
    expand: Option<Vec<String>>,
    filters: Option<Filters>,
    limits: Option<Limits>,
    manual_entry: Option<ManualEntry>,
    permissions: Vec<String>,
    prefetch: Option<Vec<String>>,
    return_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holder {
    account: Option<String>,
    customer: Option<String>,
    customer_account: Option<String>,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filters {
    account_subcategories: Option<Vec<String>>,
    country: Option<String>,
    require_payment_method_support: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    accounts: Accounts,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Accounts {
    Most(i64),
    Any(Empty),
}

#[derive(Deserialize)]
enum Empty {
    #[serde(rename = "")]
    Empty,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManualEntry {
    mode: Option<String>,
}
