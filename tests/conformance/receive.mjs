// Verifies every webhook delivery with Stripe's official library for Node, and signs those that state when:
//
//     node receive.mjs < recorded/webhook.json
//
// Prints what the library says of itself, and an outcome for each delivery. Bodies and headers are bytes, written as the
// characters U+0000 to U+00FF.

import { readFileSync } from "node:fs";
import Stripe from "stripe";

const deliveries = JSON.parse(readFileSync(0, "utf8"));
const stripe = new Stripe("sk_test_conformance");
const { webhooks } = stripe;

// What a thin event holds, as all libraries are compared by it.
const fields = ({ id, type, created, livemode, context, reason, related_object }) => ({
  id,
  type,
  created,
  livemode,
  context: context?.toString() ?? null,
  reason: reason ? { type: reason.type, request: reason.request ?? null } : null,
  related_object: related_object
    ? { id: related_object.id ?? null, type: related_object.type, url: related_object.url }
    : null,
});

const outcomes = deliveries.map(({ name, thin, secret, body, header, received_at, tolerance, signed_at }) => {
  const payload = Buffer.from(body, "latin1");
  const outcome = { delivery: name };
  if (signed_at !== undefined) {
    outcome.signed = webhooks.generateTestHeaderString({
      payload: payload.toString("utf8"),
      secret,
      timestamp: signed_at,
    });
  }
  try {
    const received = [payload, header, secret, tolerance, undefined, received_at * 1000];
    const event = thin ? stripe.parseEventNotification(...received) : webhooks.constructEvent(...received);
    outcome.event = event?.id ?? "";
    if (thin) outcome.fields = fields(event);
  } catch (error) {
    // What the parser of JSON says depends on the version of Node.
    const name = error instanceof SyntaxError ? "SyntaxError" : `${error.constructor.name}: ${error.message}`;
    outcome.error = name.split("\n")[0].trim();
  }
  return outcome;
});

console.log(JSON.stringify({ version: Stripe.PACKAGE_VERSION, api_version: Stripe.API_VERSION, outcomes }));
