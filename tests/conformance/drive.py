"""Sends every case through Stripe's official library for Python:

    python drive.py http://127.0.0.1:PORT < recorded/cases.json

Prints what the library says of itself. The first case that cannot be sent ends it.
"""

import json
import sys
from operator import attrgetter
from urllib.parse import quote_plus

import requests
import stripe

# The method of each operation.
METHODS = {
    "create": "v1.financial_connections.sessions.create",
    "retrieve": "v1.financial_connections.sessions.retrieve",
    "list_accounts": "v1.financial_connections.accounts.list",
    "retrieve_account": "v1.financial_connections.accounts.retrieve",
    "disconnect_account": "v1.financial_connections.accounts.disconnect",
    "refresh_account": "v1.financial_connections.accounts.refresh",
    "subscribe_account": "v1.financial_connections.accounts.subscribe",
    "unsubscribe_account": "v1.financial_connections.accounts.unsubscribe",
    "list_account_owners": "v1.financial_connections.accounts.owners.list",
    "list_transactions": "v1.financial_connections.transactions.list",
    "retrieve_transaction": "v1.financial_connections.transactions.retrieve",
    "list_customers": "v1.customers.list",
    "create_customer": "v1.customers.create",
    "search_customers": "v1.customers.search",
    "retrieve_customer": "v1.customers.retrieve",
    "update_customer": "v1.customers.update",
    "delete_customer": "v1.customers.delete",
    "list_customer_payment_methods": "v1.customers.payment_methods.list",
    "retrieve_customer_payment_method": "v1.customers.payment_methods.retrieve",
    "list_payment_methods": "v1.payment_methods.list",
    "create_payment_method": "v1.payment_methods.create",
    "retrieve_payment_method": "v1.payment_methods.retrieve",
    "update_payment_method": "v1.payment_methods.update",
    "attach_payment_method": "v1.payment_methods.attach",
    "detach_payment_method": "v1.payment_methods.detach",
    "list_setup_intents": "v1.setup_intents.list",
    "create_setup_intent": "v1.setup_intents.create",
    "retrieve_setup_intent": "v1.setup_intents.retrieve",
    "update_setup_intent": "v1.setup_intents.update",
    "cancel_setup_intent": "v1.setup_intents.cancel",
    "confirm_setup_intent": "v1.setup_intents.confirm",
    "verify_microdeposits_setup_intent": "v1.setup_intents.verify_microdeposits",
    "list_payment_intents": "v1.payment_intents.list",
    "create_payment_intent": "v1.payment_intents.create",
    "search_payment_intents": "v1.payment_intents.search",
    "retrieve_payment_intent": "v1.payment_intents.retrieve",
    "update_payment_intent": "v1.payment_intents.update",
    "apply_customer_balance_payment_intent": "v1.payment_intents.apply_customer_balance",
    "cancel_payment_intent": "v1.payment_intents.cancel",
    "capture_payment_intent": "v1.payment_intents.capture",
    "confirm_payment_intent": "v1.payment_intents.confirm",
    "increment_authorization_payment_intent": "v1.payment_intents.increment_authorization",
    "verify_microdeposits_payment_intent": "v1.payment_intents.verify_microdeposits",
    "list_refunds": "v1.refunds.list",
    "create_refund": "v1.refunds.create",
    "retrieve_refund": "v1.refunds.retrieve",
    "update_refund": "v1.refunds.update",
    "cancel_refund": "v1.refunds.cancel",
    "expire_test_helpers_refund": "v1.test_helpers.refunds.expire",
    "create_v2_account": "v2.core.accounts.create",
    "retrieve_v2_account": "v2.core.accounts.retrieve",
    "update_v2_account": "v2.core.accounts.update",
    "close_v2_account": "v2.core.accounts.close",
    "list_v2_accounts": "v2.core.accounts.list",
    "create_event_destination": "v2.core.event_destinations.create",
    "retrieve_event_destination": "v2.core.event_destinations.retrieve",
    "update_event_destination": "v2.core.event_destinations.update",
    "delete_event_destination": "v2.core.event_destinations.delete",
    "disable_event_destination": "v2.core.event_destinations.disable",
    "enable_event_destination": "v2.core.event_destinations.enable",
    "ping_event_destination": "v2.core.event_destinations.ping",
    "list_event_destinations": "v2.core.event_destinations.list",
    "list_thin_events": "v2.core.events.list",
    "retrieve_thin_event": "v2.core.events.retrieve",
    "create_meter_event": "v2.billing.meter_events.create",
    "create_meter_event_session": "v2.billing.meter_event_session.create",
    "create_meter_event_stream": "v2.billing.meter_event_stream.create",
}

# Operations that the library has no method for: those of a charge's refunds are now those of all refunds. The library does not
# encode a path here.
RAW = {
    "list_charge_refunds": ("get", "/v1/charges/{}/refunds"),
    "create_charge_refund": ("post", "/v1/charges/{}/refunds"),
    "retrieve_charge_refund": ("get", "/v1/charges/{}/refunds/{}"),
    "update_charge_refund": ("post", "/v1/charges/{}/refunds/{}"),
}


def send(client: stripe.StripeClient, case: dict, headers: dict) -> None:
    ids = [case[name] for name in ("id", "inner_id") if name in case]
    operation, params = case["operation"], case["params"]
    if operation in RAW:
        method, template = RAW[operation]
        path = template.format(*[quote_plus(id) for id in ids])
        client.raw_request(method, path, headers=headers, **params)
    else:
        attrgetter(METHODS[operation])(client)(*ids, params, {"headers": headers})


def main() -> int:
    base = sys.argv[1]
    cases = json.load(sys.stdin.buffer)

    stripe.enable_telemetry = False
    # Neither a proxy nor credentials of the machine are to change what is sent.
    session = requests.Session()
    session.trust_env = False
    client = stripe.StripeClient(
        "sk_test_conformance",
        base_addresses={"api": base, "meter_events": base},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=10, session=session),
    )
    for index, case in enumerate(cases):
        try:
            send(client, case, {"X-Conformance-Case": str(index)})
        except Exception as error:
            print(f"the case {case['name']} was not sent: {error!r}", file=sys.stderr)
            return 1

    print(json.dumps({"version": stripe.VERSION, "api_version": stripe.api_version}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
