// Sends every case through Stripe's official library for Node:
//
//     node drive.mjs http://127.0.0.1:PORT < recorded/cases.json
//
// Prints what the library says of itself. The first case that cannot be sent ends it.

import { readFileSync } from "node:fs";
import Stripe from "stripe";

const server = new URL(process.argv[2]);
const cases = JSON.parse(readFileSync(0, "utf8"));

const stripe = new Stripe("sk_test_conformance", {
  protocol: "http",
  host: server.hostname,
  port: server.port,
  maxNetworkRetries: 0,
  telemetry: false,
  timeout: 10_000,
});
const { sessions } = stripe.financialConnections;

for (const [index, { name, operation, id, params }] of cases.entries()) {
  const options = { headers: { "X-Conformance-Case": String(index) } };
  try {
    if (operation === "create") {
      await sessions.create(params, options);
    } else {
      await sessions.retrieve(id, params, options);
    }
  } catch (error) {
    console.error(`the case ${name} was not sent:`, error);
    process.exit(1);
  }
}

console.log(JSON.stringify({ version: Stripe.PACKAGE_VERSION, api_version: Stripe.API_VERSION }));
