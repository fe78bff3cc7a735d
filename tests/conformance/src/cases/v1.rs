//! The cases of resources of `/v1`: what a program would send. The typed requests of generated crates are compared with them in
//! `xtask/tests/own_crate/main.rs`.

use serde_json::{Value, json};

use super::{
    Case,
    Operation::{self, *},
};

/// An id with everything that a path has to encode.
const ODD: &str = "../a/b?c=d#e%2F+\u{e9}";

/// Adds the cases.
pub(super) fn cases(cases: &mut Vec<Case>) {
    for (operation, name, ids, params) in [customers(), methods(), setups(), payments(), refunds(), linked()].concat() {
        let Value::Object(mut params) = params else { continue };
        // As in the other cases.
        params.sort_keys();
        params.values_mut().for_each(Value::sort_all_objects);
        let mut ids = ids.iter().map(ToString::to_string);
        let (id, inner_id) = (ids.next(), ids.next());
        cases.push(Case { name: format!("v1: {operation:?}, {name}"), operation, id, inner_id, params });
    }
}

/// The operation, the name, the ids and the parameters of a case.
type Row = (Operation, &'static str, &'static [&'static str], Value);

fn customers() -> Vec<Row> {
    let created = json!({
        "address": {"city": "San Jos\u{e9}", "country": "US", "line1": "1 Main St #2", "line2": "", "postal_code": "95112"},
        "balance": -500,
        "cash_balance": {"settings": {"reconciliation_mode": "manual"}},
        "description": "100% & more",
        "email": "jane+test@example.com",
        "expand": ["invoice_settings.default_payment_method", "test_clock"],
        "invoice_settings": {
            "custom_fields": [{"name": "PO", "value": "1 & 2"}, {"name": "Ref", "value": "a=b"}],
            "rendering_options": {"amount_tax_display": "include_inclusive_tax"},
        },
        "metadata": {"a&b=c+d": "\u{e9}", "empty": "", "order id": "6735"},
        "name": "Jane \"JD\" Doe",
        "payment_method": "pm_card_visa",
        "preferred_locales": ["en", "fr-CA"],
        "shipping": {"address": {"line1": "2 Main St"}, "name": "Jane", "phone": "+1 555 0100"},
        "source": "tok_visa",
        "tax": {"ip_address": "2001:db8::1", "validate_location": "immediately"},
        "tax_exempt": "reverse",
        "tax_id_data": [{"type": "eu_vat", "value": "DE123456789"}, {"type": "us_ein", "value": "12-3456789"}],
    });
    let cleared = json!({
        "address": "",
        "description": "",
        "invoice_settings": {"custom_fields": "", "rendering_options": ""},
        "metadata": "",
        "shipping": "",
        "tax": {"ip_address": ""},
        "tax_exempt": "",
    });
    let fields = json!({
        "bank_account": {
            "account_holder_name": "Jane Doe", "account_holder_type": "individual", "account_number": "000123456789",
            "country": "US", "object": "bank_account", "routing_number": "110000000",
        },
        "card": {"cvc": "012", "exp_month": 12, "exp_year": 2034, "metadata": {"a": "b"}, "number": "4242424242424242"},
        "metadata": {"kept": "1", "removed": ""},
        "next_invoice_sequence": 5,
    });
    let texts = json!({
        "bank_account": "btok_1", "card": "tok_1", "default_source": "card_1", "invoice_settings": {"footer": "a\nb"},
    });
    let listed = json!({
        "created": {"gte": 1_700_000_000, "lt": 1_800_000_000},
        "email": "jane+test@example.com", "expand": ["data.default_source"], "limit": 3, "starting_after": "cus_1",
    });
    let search = json!({
        "expand": ["data.test_clock"], "limit": 100, "page": "p+2/=", "query": "name:'Jane' AND metadata['a b']:\"c&d\"",
    });
    vec![
        (CreateCustomer, "nothing", &[], json!({})),
        (CreateCustomer, "usual", &[], created),
        (CreateCustomer, "cleared", &[], cleared.clone()),
        (
            CreateCustomer,
            "empty",
            &[],
            json!({"expand": [], "invoice_settings": {}, "metadata": {}, "tax_id_data": []}),
        ),
        (RetrieveCustomer, "nothing", &["cus_1"], json!({})),
        (RetrieveCustomer, "odd id", &[ODD], json!({"expand": ["default_source", "test_clock"]})),
        (ListCustomers, "usual", &[], listed),
        (ListCustomers, "at a time", &[], json!({"created": 1_700_000_000, "ending_before": "cus_2"})),
        (SearchCustomers, "usual", &[], search),
        (UpdateCustomer, "fields", &["cus_1"], fields),
        (UpdateCustomer, "texts", &["cus_1"], texts),
        (UpdateCustomer, "cleared", &[ODD], cleared),
        (DeleteCustomer, "usual", &["cus_1"], json!({})),
        (DeleteCustomer, "odd id", &[ODD], json!({})),
    ]
}

fn methods() -> Vec<Row> {
    let card = json!({
        "billing_details": {
            "address": {"city": "Z\u{fc}rich", "country": "CH"}, "email": "jane@example.com", "name": "", "phone": "",
        },
        "card": {"cvc": "123", "exp_month": 1, "exp_year": 2034, "number": "4242424242424242"},
        "metadata": {"order": "1"},
        "type": "card",
    });
    let linked = json!({
        "billing_details": {"name": "Jane"},
        "type": "us_bank_account",
        "us_bank_account": {"account_holder_type": "individual", "financial_connections_account": "fca_1"},
    });
    let klarna = json!({
        "affirm": {}, "eps": {"bank": "bank_austria"}, "klarna": {"dob": {"day": 1, "month": 2, "year": 1990}},
        "radar_options": {"session": "rse_1"}, "type": "klarna",
    });
    let update = json!({
        "billing_details": {"address": "", "email": ""},
        "card": {"exp_month": 2, "exp_year": 2035},
        "metadata": {"kept": "1", "removed": ""},
        "us_bank_account": {"account_type": "savings"},
    });
    vec![
        (
            ListCustomerPaymentMethods,
            "usual",
            &["cus_1"],
            json!({"expand": ["data.customer"], "limit": 10, "type": "us_bank_account"}),
        ),
        (RetrieveCustomerPaymentMethod, "usual", &["cus_1", "pm_1"], json!({"expand": ["customer"]})),
        (RetrieveCustomerPaymentMethod, "odd ids", &[ODD, ODD], json!({})),
        (
            ListPaymentMethods,
            "usual",
            &[],
            json!({"customer": "cus_1", "limit": 2, "starting_after": "pm_1", "type": "card"}),
        ),
        (CreatePaymentMethod, "card", &[], card),
        (CreatePaymentMethod, "token", &[], json!({"card": {"token": "tok_visa"}, "type": "card"})),
        (CreatePaymentMethod, "linked account", &[], linked),
        (CreatePaymentMethod, "klarna", &[], klarna),
        (
            CreatePaymentMethod,
            "copy",
            &[],
            json!({"customer": "cus_1", "expand": ["customer"], "payment_method": "pm_1"}),
        ),
        (RetrievePaymentMethod, "usual", &["pm_1"], json!({"expand": ["customer"]})),
        (UpdatePaymentMethod, "usual", &["pm_1"], update),
        (UpdatePaymentMethod, "cleared", &[ODD], json!({"metadata": ""})),
        (AttachPaymentMethod, "usual", &["pm_1"], json!({"customer": "cus_1", "expand": ["customer"]})),
        (DetachPaymentMethod, "nothing", &["pm_1"], json!({})),
    ]
}

/// The acceptance of a mandate online.
fn accepted() -> Value {
    json!({"customer_acceptance": {
        "accepted_at": 1_700_000_000,
        "online": {"ip_address": "203.0.113.7", "user_agent": "Mozilla/5.0 (X11; Linux x86_64)"},
        "type": "online",
    }})
}

fn setups() -> Vec<Row> {
    let usual = json!({
        "attach_to_self": false,
        "automatic_payment_methods": {"allow_redirects": "never", "enabled": true},
        "confirm": true,
        "customer": "cus_1",
        "expand": ["latest_attempt", "payment_method"],
        "flow_directions": ["inbound", "outbound"],
        "mandate_data": accepted(),
        "metadata": {"order": "1"},
        "on_behalf_of": "acct_1",
        "payment_method": "pm_1",
        "return_url": "https://example.com/done?a=b&c=d%20e#f",
        "single_use": {"amount": 1000, "currency": "usd"},
        "usage": "off_session",
        "use_stripe_sdk": true,
    });
    let linked = json!({
        "mandate_data": {"customer_acceptance": {"offline": {}, "type": "offline"}},
        "payment_method_data": {
            "billing_details": {"address": "", "email": "", "name": "Jane Doe"},
            "metadata": {"a": "b"},
            "type": "us_bank_account",
            "us_bank_account": {"account_holder_type": "individual", "financial_connections_account": "fca_1"},
        },
        "payment_method_options": {"us_bank_account": {
            "financial_connections": {
                "permissions": ["payment_method", "balances"], "prefetch": ["balances"], "return_url": "https://example.com",
            },
            "networks": {"requested": ["ach"]},
            "verification_method": "instant",
        }},
        "payment_method_types": ["us_bank_account", "card"],
    });
    let card = json!({
        "mandate_data": "",
        "payment_method_options": {
            "acss_debit": {"mandate_options": {"custom_mandate_url": "", "default_for": ["invoice", "subscription"]}},
            "card": {
                "mandate_options": {
                    "amount": 1000, "amount_type": "maximum", "currency": "inr", "end_date": 1_800_000_000, "interval": "month",
                    "interval_count": 2, "reference": "ref 1", "start_date": 1_700_000_000, "supported_types": ["india"],
                },
                "request_three_d_secure": "any",
                "three_d_secure": {
                    "electronic_commerce_indicator": "05",
                    "network_options": {"cartes_bancaires": {"cb_avalgo": "0", "cb_score": 1}},
                    "version": "2.1.0",
                },
            },
        },
    });
    let listed = json!({"attach_to_self": true, "created": {"gt": 1, "lte": 2}, "customer": "cus_1", "limit": 1});
    let update = json!({"description": "", "metadata": {"kept": "1", "removed": ""}, "payment_method_types": ["card"]});
    let client_key = json!({
        "client_secret": "seti_1_secret_1",
        "mandate_data": {"customer_acceptance": {"online": {"ip_address": "203.0.113.7"}, "type": "online"}},
        "payment_method": "pm_1",
    });
    vec![
        (CreateSetupIntent, "nothing", &[], json!({})),
        (CreateSetupIntent, "usual", &[], usual),
        (CreateSetupIntent, "linked account", &[], linked),
        (CreateSetupIntent, "card", &[], card),
        (
            RetrieveSetupIntent,
            "usual",
            &["seti_1"],
            json!({"client_secret": "seti_1_secret_1", "expand": ["payment_method"]}),
        ),
        (RetrieveSetupIntent, "odd id", &[ODD], json!({})),
        (ListSetupIntents, "usual", &[], listed),
        (UpdateSetupIntent, "usual", &["seti_1"], update),
        (UpdateSetupIntent, "cleared", &["seti_1"], json!({"metadata": ""})),
        (CancelSetupIntent, "usual", &["seti_1"], json!({"cancellation_reason": "abandoned"})),
        (CancelSetupIntent, "nothing", &[ODD], json!({})),
        (ConfirmSetupIntent, "secret key", &["seti_1"], json!({"mandate_data": accepted(), "use_stripe_sdk": false})),
        (ConfirmSetupIntent, "client key", &["seti_1"], client_key),
        (ConfirmSetupIntent, "cleared", &["seti_1"], json!({"mandate_data": ""})),
        (VerifyMicrodepositsSetupIntent, "amounts", &["seti_1"], json!({"amounts": [32, 45]})),
        (
            VerifyMicrodepositsSetupIntent,
            "code",
            &["seti_1"],
            json!({"descriptor_code": "SM11AA", "expand": ["customer"]}),
        ),
    ]
}

fn payments() -> Vec<Row> {
    let usual = json!({
        "amount": 2000,
        "application_fee_amount": 0,
        "automatic_payment_methods": {"enabled": true},
        "capture_method": "manual",
        "confirm": true,
        "currency": "usd",
        "customer": "cus_1",
        "expand": ["latest_charge", "customer.default_source"],
        "mandate_data": accepted(),
        "metadata": {"order id": "6735"},
        "off_session": true,
        "payment_method": "pm_1",
        "radar_options": {"session": "rse_1"},
        "receipt_email": "jane+test@example.com",
        "setup_future_usage": "off_session",
        "shipping": {"address": {"city": "Z\u{fc}rich", "line1": "1 Main St"}, "carrier": "Post", "name": "Jane"},
        "statement_descriptor_suffix": "A & B",
        "transfer_data": {"amount": 100, "destination": "acct_1"},
    });
    let options = json!({
        "amount": 9_007_199_254_740_991_i64,
        "currency": "usd",
        "mandate_data": "",
        "off_session": "recurring",
        "payment_method_data": {
            "type": "us_bank_account",
            "us_bank_account": {"account_number": "000123456789", "account_type": "checking", "routing_number": "110000000"},
        },
        "payment_method_options": {
            "affirm": "",
            "card": {
                "installments": {"enabled": true, "plan": {"count": 3, "interval": "month", "type": "fixed_count"}},
                "setup_future_usage": "", "statement_descriptor_suffix_kana": "",
            },
            "us_bank_account": {
                "financial_connections": {"permissions": ["payment_method"], "prefetch": ["transactions"]},
                "preferred_settlement_speed": "fastest",
            },
        },
        "payment_method_types": ["card", "us_bank_account"],
    });
    let update = json!({
        "application_fee_amount": "", "metadata": {"kept": "1", "removed": ""},
        "payment_method_options": {"card": {"installments": {"plan": ""}}},
        "receipt_email": "", "setup_future_usage": "", "shipping": "", "transfer_data": {"amount": 5},
    });
    let capture = json!({
        "amount_to_capture": 750, "final_capture": false, "metadata": "", "statement_descriptor": "A*B",
        "transfer_data": {"amount": 1},
    });
    let confirm = json!({
        "capture_method": "automatic_async", "mandate_data": accepted(), "off_session": "one_off",
        "return_url": "https://example.com/?a=b",
    });
    let client_key = json!({
        "client_secret": "pi_1_secret_1",
        "error_on_requires_action": true,
        "mandate_data": {"customer_acceptance": {"online": {"user_agent": "A/1 (b; c)"}, "type": "online"}},
        "off_session": false,
    });
    let increment =
        json!({"amount": 2001, "description": "more", "metadata": {"a": "b"}, "transfer_data": {"amount": 2}});
    vec![
        (
            ListPaymentIntents,
            "usual",
            &[],
            json!({"created": {"gte": 1, "lte": 2}, "customer": "cus_1", "expand": ["data.customer"]}),
        ),
        (CreatePaymentIntent, "required", &[], json!({"amount": 1, "currency": "jpy"})),
        (CreatePaymentIntent, "usual", &[], usual),
        (CreatePaymentIntent, "options", &[], options),
        (
            SearchPaymentIntents,
            "usual",
            &[],
            json!({"limit": 2, "page": "p2", "query": "amount>1000 AND -status:'canceled'"}),
        ),
        (
            RetrievePaymentIntent,
            "usual",
            &["pi_1"],
            json!({"client_secret": "pi_1_secret_1", "expand": ["latest_charge"]}),
        ),
        (RetrievePaymentIntent, "odd id", &[ODD], json!({})),
        (UpdatePaymentIntent, "usual", &["pi_1"], update),
        (UpdatePaymentIntent, "amounts", &["pi_1"], json!({"amount": 1500, "application_fee_amount": 150})),
        (ApplyCustomerBalancePaymentIntent, "usual", &["pi_1"], json!({"amount": 10, "currency": "eur"})),
        (CancelPaymentIntent, "usual", &[ODD], json!({"cancellation_reason": "requested_by_customer"})),
        (CapturePaymentIntent, "usual", &["pi_1"], capture),
        (ConfirmPaymentIntent, "secret key", &["pi_1"], confirm),
        (ConfirmPaymentIntent, "client key", &["pi_1"], client_key),
        (IncrementAuthorizationPaymentIntent, "usual", &["pi_1"], increment),
        (
            VerifyMicrodepositsPaymentIntent,
            "usual",
            &["pi_1"],
            json!({"amounts": [32, 45], "client_secret": "pi_1_secret_1"}),
        ),
    ]
}

fn refunds() -> Vec<Row> {
    let refund = json!({
        "amount": 100, "expand": ["charge"], "metadata": {"a": "b"}, "reason": "requested_by_customer",
        "refund_application_fee": true, "reverse_transfer": false,
    });
    let from_balance = json!({
        "currency": "eur", "customer": "cus_1", "instructions_email": "jane+test@example.com", "metadata": "",
        "origin": "customer_balance", "payment_intent": "pi_1",
    });
    vec![
        (
            ListChargeRefunds,
            "usual",
            &["ch_1"],
            json!({"expand": ["data.charge"], "limit": 3, "starting_after": "re_1"}),
        ),
        (CreateChargeRefund, "usual", &["ch_1"], refund),
        (RetrieveChargeRefund, "odd ids", &[ODD, ODD], json!({"expand": ["charge"]})),
        (UpdateChargeRefund, "usual", &["ch_1", "re_1"], json!({"metadata": {"kept": "1", "removed": ""}})),
        (
            ListRefunds,
            "usual",
            &[],
            json!({"charge": "ch_1", "created": {"gt": 5}, "ending_before": "re_1", "limit": 1}),
        ),
        (CreateRefund, "charge", &[], json!({"charge": "ch_1", "reason": "fraudulent"})),
        (CreateRefund, "balance", &[], from_balance),
        (RetrieveRefund, "usual", &["re_1"], json!({"expand": ["payment_intent.customer"]})),
        (UpdateRefund, "cleared", &["re_1"], json!({"metadata": ""})),
        (CancelRefund, "usual", &[ODD], json!({"expand": ["charge"]})),
        (ExpireTestHelpersRefund, "usual", &["re_1"], json!({})),
    ]
}

fn linked() -> Vec<Row> {
    let session = json!({
        "account_holder": {"customer": "cus_1", "type": "customer"},
        "expand": ["accounts.data.ownership"],
        "filters": {"account_subcategories": ["checking", "savings"], "country": "US"},
        "limits": {"accounts": 1},
        "manual_entry": {"mode": "automatic"},
        "permissions": ["payment_method", "balances"],
        "prefetch": ["balances"],
        "return_url": "https://example.com/done?a=b&c",
    });
    let unlimited = json!({
        "account_holder": {"account": "acct_1", "type": "account"},
        "limits": {"accounts": ""}, "permissions": ["transactions"],
    });
    let listed = json!({"account_holder": {"customer": "cus_1"}, "expand": ["data.ownership"], "limit": 5, "session": "fcsess_1"});
    vec![
        (Create, "usual", &[], session),
        (Create, "unlimited", &[], unlimited),
        (Retrieve, "usual", &["fcsess_1"], json!({"expand": ["accounts.data.ownership"]})),
        (Retrieve, "odd id", &[ODD], json!({})),
        (ListAccounts, "usual", &[], listed),
        (RetrieveAccount, "usual", &["fca_1"], json!({"expand": ["ownership"]})),
        (DisconnectAccount, "nothing", &[ODD], json!({})),
        (RefreshAccount, "usual", &["fca_1"], json!({"features": ["balance", "ownership"]})),
        (SubscribeAccount, "usual", &["fca_1"], json!({"expand": ["ownership"], "features": ["transactions"]})),
        (UnsubscribeAccount, "usual", &["fca_1"], json!({"features": ["transactions"]})),
    ]
}
