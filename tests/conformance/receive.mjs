// Verifies every webhook delivery with Stripe's official library for Node, and signs those that state when:
//
//     node receive.mjs < recorded/webhook.json
//
// Prints what the library says of itself, and an outcome for each delivery. Bodies and headers are bytes, written as the
// characters U+0000 to U+00FF.

import { readFileSync } from "node:fs";
import Stripe from "stripe";

const deliveries = JSON.parse(readFileSync(0, "utf8"));
const { webhooks } = new Stripe("sk_test_conformance");

const outcomes = deliveries.map(({ name, secret, body, header, received_at, tolerance, signed_at }) => {
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
    const event = webhooks.constructEvent(payload, header, secret, tolerance, undefined, received_at * 1000);
    outcome.event = event?.id ?? "";
  } catch (error) {
    // What the parser of JSON says depends on the version of Node.
    const name = error instanceof SyntaxError ? "SyntaxError" : `${error.constructor.name}: ${error.message}`;
    outcome.error = name.split("\n")[0].trim();
  }
  return outcome;
});

console.log(JSON.stringify({ version: Stripe.PACKAGE_VERSION, api_version: Stripe.API_VERSION, outcomes }));
