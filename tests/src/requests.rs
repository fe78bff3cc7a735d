//! Requests shared by tests and benchmarks.

use stripe_financial_connections::{
    AccountHolderType, CreateSession, CreateSessionAccountHolder, CreateSessionFilters, CreateSessionLimits,
    CreateSessionManualEntry, Operation, Request, SessionExpand, SessionFiltersAccountSubcategory,
    SessionFiltersRequirePaymentMethodSupport, SessionManualEntryMode, SessionPermission, SessionPrefetch,
};

/// Returns a create request with every parameter set.
pub fn create_with_everything() -> Request {
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
    .expect("the path has no invalid parameter")
}
