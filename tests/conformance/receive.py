"""Verifies every webhook delivery with Stripe's official library for Python, and signs those that state when:

    python receive.py < recorded/webhook.json

Prints what the library says of itself, and an outcome for each delivery. Bodies and headers are bytes, written as the
characters U+0000 to U+00FF.
"""

import inspect
import json
import re
import sys
from unittest import mock

import stripe
from stripe.events import _event_classes
from stripe.params import WebhookEndpointCreateParams


def fields(event) -> dict:
    """Returns what a thin event holds, as all libraries are compared by it."""
    reason, related_object = event.reason, getattr(event, "related_object", None)
    return {
        "id": event.id,
        "type": event.type,
        "created": event.created,
        "livemode": event.livemode,
        "context": str(event.context) if event.context else None,
        "reason": {"type": reason.type, "request": reason.request and vars(reason.request)} if reason else None,
        "related_object": related_object and vars(related_object),
    }


def receive(client: stripe.StripeClient, delivery: dict) -> dict:
    body = delivery["body"].encode("latin-1")
    secret = delivery["secret"]
    outcome = {"delivery": delivery["name"]}
    if "signed_at" in delivery:
        outcome["signed"] = stripe.WebhookSignature.generate_signature_header(
            body.decode("utf-8"), secret, delivery["signed_at"]
        )
    options = {"tolerance": delivery["tolerance"]} if "tolerance" in delivery else {}
    try:
        with mock.patch("time.time", return_value=delivery["received_at"]):
            receive = client.parse_event_notification if delivery.get("thin") else client.construct_event
            event = receive(body, delivery.get("header"), secret, **options)
        outcome["event"] = getattr(event, "id", "")
        if delivery.get("thin"):
            outcome["fields"] = fields(event)
    except (stripe.SignatureVerificationError, ValueError, AttributeError, KeyError, TypeError) as error:
        outcome["error"] = type(error).__name__
        # What others say depends on the version of Python.
        if type(error) in (stripe.SignatureVerificationError, ValueError):
            message = getattr(error, "user_message", None) or str(error)
            outcome["error"] += ": " + message.splitlines()[0].strip()
    return outcome


def main() -> int:
    deliveries = json.load(sys.stdin.buffer)
    client = stripe.StripeClient("sk_test_conformance")
    types = re.findall(r'"(financial_connections\.[\w.]+)"', inspect.getsource(WebhookEndpointCreateParams))
    notification_types = re.findall(r'^    "(v\d+\.[\w.\[\]]+)"', inspect.getsource(_event_classes), re.MULTILINE)
    report = {
        "version": stripe.VERSION,
        "api_version": stripe.api_version,
        "event_types": sorted(set(types)),
        "notification_types": sorted(set(notification_types)),
        "outcomes": [receive(client, delivery) for delivery in deliveries],
    }
    print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
