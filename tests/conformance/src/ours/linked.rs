//! The cases of linked accounts, their owners and transactions as requests of this crate.

use serde::Deserialize;
use stripe_financial_connections::{
    DisconnectAccount, InvalidInput, ListAccountOwners, ListAccounts, ListAccountsAccountHolder, ListTransactions,
    ListTransactionsTransactionRefresh, Operation as _, Range, RangeOr, RefreshAccount, Request, RetrieveAccount,
    RetrieveTransaction, SubscribeAccount, Timestamp, UnsubscribeAccount,
};

use super::{
    super::{
        Problem,
        cases::{Case, Operation},
    },
    Retrieve, id, parameters,
};

/// Calls the setter of each parameter that is set.
macro_rules! with {
    ($request:expr, $params:ident: $($field:ident),*) => {{
        let mut request = $request;
        $(if let Some(value) = $params.$field {
            request = request.$field(value);
        })*
        request.request()
    }};
}

/// Builds the request of a case.
pub(super) fn request(case: &Case) -> Result<Result<Request, InvalidInput>, Problem> {
    Ok(match case.operation {
        Operation::ListAccounts => {
            let params: Accounts = parameters(case)?;
            let request = ListAccounts::new();
            with!(request, params: account_holder, ending_before, expand, limit, session, starting_after)
        }
        Operation::RetrieveAccount => {
            let params: Retrieve = parameters(case)?;
            with!(RetrieveAccount::new(id(case)?), params: expand)
        }
        Operation::DisconnectAccount => {
            let params: Retrieve = parameters(case)?;
            with!(DisconnectAccount::new(id(case)?), params: expand)
        }
        Operation::RefreshAccount => {
            let params: Features = parameters(case)?;
            with!(RefreshAccount::new(id(case)?, params.features), params: expand)
        }
        Operation::SubscribeAccount => {
            let params: Features = parameters(case)?;
            with!(SubscribeAccount::new(id(case)?, params.features), params: expand)
        }
        Operation::UnsubscribeAccount => {
            let params: Features = parameters(case)?;
            with!(UnsubscribeAccount::new(id(case)?, params.features), params: expand)
        }
        Operation::ListAccountOwners => {
            let params: Owners = parameters(case)?;
            let request = ListAccountOwners::new(id(case)?, params.ownership);
            with!(request, params: ending_before, expand, limit, starting_after)
        }
        Operation::ListTransactions => {
            let params: Transactions = parameters(case)?;
            let request = ListTransactions::new(params.account);
            with!(
                request,
                params: ending_before, expand, limit, starting_after, transacted_at, transaction_refresh
            )
        }
        Operation::RetrieveTransaction => {
            let params: Retrieve = parameters(case)?;
            with!(RetrieveTransaction::new(id(case)?), params: expand)
        }
        _ => return Err(Problem::new("this is not of a linked account").at(&case.name)),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accounts {
    account_holder: Option<Holder>,
    ending_before: Option<String>,
    expand: Option<Vec<String>>,
    limit: Option<i64>,
    session: Option<String>,
    starting_after: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holder {
    account: Option<String>,
    customer: Option<String>,
    customer_account: Option<String>,
}

impl From<Holder> for ListAccountsAccountHolder {
    fn from(params: Holder) -> Self {
        let mut holder = Self::new();
        if let Some(account) = params.account {
            holder = holder.account(account);
        }
        if let Some(customer) = params.customer {
            holder = holder.customer(customer);
        }
        if let Some(customer_account) = params.customer_account {
            holder = holder.customer_account(customer_account);
        }
        holder
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Features {
    expand: Option<Vec<String>>,
    features: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Owners {
    ending_before: Option<String>,
    expand: Option<Vec<String>>,
    limit: Option<i64>,
    ownership: String,
    starting_after: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Transactions {
    account: String,
    ending_before: Option<String>,
    expand: Option<Vec<String>>,
    limit: Option<i64>,
    starting_after: Option<String>,
    transacted_at: Option<Time>,
    transaction_refresh: Option<Refresh>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Time {
    At(Timestamp),
    Between(Bounds),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    gt: Option<Timestamp>,
    gte: Option<Timestamp>,
    lt: Option<Timestamp>,
    lte: Option<Timestamp>,
}

impl From<Time> for RangeOr<Timestamp> {
    fn from(time: Time) -> Self {
        let bounds = match time {
            Time::At(time) => return time.into(),
            Time::Between(bounds) => bounds,
        };
        let mut range = Range::new();
        if let Some(gt) = bounds.gt {
            range = range.gt(gt);
        }
        if let Some(gte) = bounds.gte {
            range = range.gte(gte);
        }
        if let Some(lt) = bounds.lt {
            range = range.lt(lt);
        }
        if let Some(lte) = bounds.lte {
            range = range.lte(lte);
        }
        range.into()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refresh {
    after: String,
}

impl From<Refresh> for ListTransactionsTransactionRefresh {
    fn from(refresh: Refresh) -> Self {
        Self::new(refresh.after)
    }
}
