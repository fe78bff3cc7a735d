"""Sends every case through Stripe's official library for Python:

    python drive.py http://127.0.0.1:PORT < recorded/cases.json

Prints what the library says of itself. The first case that cannot be sent ends it.
"""

import json
import sys

import requests
import stripe


def main() -> int:
    base = sys.argv[1]
    cases = json.load(sys.stdin.buffer)

    stripe.enable_telemetry = False
    # Neither a proxy nor credentials of the machine are to change what is sent.
    session = requests.Session()
    session.trust_env = False
    client = stripe.StripeClient(
        "sk_test_conformance",
        base_addresses={"api": base},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=10, session=session),
    )
    sessions = client.v1.financial_connections.sessions
    accounts = client.v1.financial_connections.accounts
    transactions = client.v1.financial_connections.transactions
    core, billing = client.v2.core, client.v2.billing
    # Operations without an id in the path, and with one.
    without_id = {
        "create": sessions.create,
        "list_accounts": accounts.list,
        "list_transactions": transactions.list,
        "create_v2_account": core.accounts.create,
        "list_v2_accounts": core.accounts.list,
        "create_event_destination": core.event_destinations.create,
        "list_event_destinations": core.event_destinations.list,
        "list_thin_events": core.events.list,
        "create_meter_event": billing.meter_events.create,
        "create_meter_event_session": billing.meter_event_session.create,
    }
    with_id = {
        "retrieve": sessions.retrieve,
        "retrieve_account": accounts.retrieve,
        "disconnect_account": accounts.disconnect,
        "refresh_account": accounts.refresh,
        "subscribe_account": accounts.subscribe,
        "unsubscribe_account": accounts.unsubscribe,
        "list_account_owners": accounts.owners.list,
        "retrieve_transaction": transactions.retrieve,
        "retrieve_v2_account": core.accounts.retrieve,
        "update_v2_account": core.accounts.update,
        "close_v2_account": core.accounts.close,
        "retrieve_event_destination": core.event_destinations.retrieve,
        "update_event_destination": core.event_destinations.update,
        "delete_event_destination": core.event_destinations.delete,
        "disable_event_destination": core.event_destinations.disable,
        "enable_event_destination": core.event_destinations.enable,
        "ping_event_destination": core.event_destinations.ping,
        "retrieve_thin_event": core.events.retrieve,
    }

    for index, case in enumerate(cases):
        options = {"headers": {"X-Conformance-Case": str(index)}}
        try:
            if case["operation"] in without_id:
                without_id[case["operation"]](case["params"], options)
            else:
                with_id[case["operation"]](case["id"], case["params"], options)
        except Exception as error:
            print(f"the case {case['name']} was not sent: {error!r}", file=sys.stderr)
            return 1

    print(json.dumps({"version": stripe.VERSION, "api_version": stripe.api_version}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
