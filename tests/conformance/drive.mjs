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

// The method of each operation.
const methods = {
  create: "financialConnections.sessions.create",
  retrieve: "financialConnections.sessions.retrieve",
  list_accounts: "financialConnections.accounts.list",
  retrieve_account: "financialConnections.accounts.retrieve",
  disconnect_account: "financialConnections.accounts.disconnect",
  refresh_account: "financialConnections.accounts.refresh",
  subscribe_account: "financialConnections.accounts.subscribe",
  unsubscribe_account: "financialConnections.accounts.unsubscribe",
  list_account_owners: "financialConnections.accounts.listOwners",
  list_transactions: "financialConnections.transactions.list",
  retrieve_transaction: "financialConnections.transactions.retrieve",
  list_customers: "customers.list",
  create_customer: "customers.create",
  search_customers: "customers.search",
  retrieve_customer: "customers.retrieve",
  update_customer: "customers.update",
  delete_customer: "customers.del",
  list_customer_payment_methods: "customers.listPaymentMethods",
  retrieve_customer_payment_method: "customers.retrievePaymentMethod",
  list_payment_methods: "paymentMethods.list",
  create_payment_method: "paymentMethods.create",
  retrieve_payment_method: "paymentMethods.retrieve",
  update_payment_method: "paymentMethods.update",
  attach_payment_method: "paymentMethods.attach",
  detach_payment_method: "paymentMethods.detach",
  list_setup_intents: "setupIntents.list",
  create_setup_intent: "setupIntents.create",
  retrieve_setup_intent: "setupIntents.retrieve",
  update_setup_intent: "setupIntents.update",
  cancel_setup_intent: "setupIntents.cancel",
  confirm_setup_intent: "setupIntents.confirm",
  verify_microdeposits_setup_intent: "setupIntents.verifyMicrodeposits",
  list_payment_intents: "paymentIntents.list",
  create_payment_intent: "paymentIntents.create",
  search_payment_intents: "paymentIntents.search",
  retrieve_payment_intent: "paymentIntents.retrieve",
  update_payment_intent: "paymentIntents.update",
  apply_customer_balance_payment_intent: "paymentIntents.applyCustomerBalance",
  cancel_payment_intent: "paymentIntents.cancel",
  capture_payment_intent: "paymentIntents.capture",
  confirm_payment_intent: "paymentIntents.confirm",
  increment_authorization_payment_intent: "paymentIntents.incrementAuthorization",
  verify_microdeposits_payment_intent: "paymentIntents.verifyMicrodeposits",
  list_refunds: "refunds.list",
  create_refund: "refunds.create",
  retrieve_refund: "refunds.retrieve",
  update_refund: "refunds.update",
  cancel_refund: "refunds.cancel",
  expire_test_helpers_refund: "testHelpers.refunds.expire",
  create_v2_account: "v2.core.accounts.create",
  retrieve_v2_account: "v2.core.accounts.retrieve",
  update_v2_account: "v2.core.accounts.update",
  close_v2_account: "v2.core.accounts.close",
  list_v2_accounts: "v2.core.accounts.list",
  create_event_destination: "v2.core.eventDestinations.create",
  retrieve_event_destination: "v2.core.eventDestinations.retrieve",
  update_event_destination: "v2.core.eventDestinations.update",
  delete_event_destination: "v2.core.eventDestinations.del",
  disable_event_destination: "v2.core.eventDestinations.disable",
  enable_event_destination: "v2.core.eventDestinations.enable",
  ping_event_destination: "v2.core.eventDestinations.ping",
  list_event_destinations: "v2.core.eventDestinations.list",
  list_thin_events: "v2.core.events.list",
  retrieve_thin_event: "v2.core.events.retrieve",
  create_meter_event: "v2.billing.meterEvents.create",
  create_meter_event_session: "v2.billing.meterEventSession.create",
  create_meter_event_stream: "v2.billing.meterEventStream.create",
};

// Operations that the library has no method for: those of a charge's refunds are now those of all refunds. The library takes no
// parameters of a `GET` here, and encodes neither a path nor a query.
const raw = {
  list_charge_refunds: ["GET", "/v1/charges/{}/refunds"],
  create_charge_refund: ["POST", "/v1/charges/{}/refunds"],
  retrieve_charge_refund: ["GET", "/v1/charges/{}/refunds/{}"],
  update_charge_refund: ["POST", "/v1/charges/{}/refunds/{}"],
};

function send({ operation, id, inner_id, params }, headers) {
  const ids = [id, inner_id].filter((id) => id !== undefined);
  if (operation in raw) {
    const [method, template] = raw[operation];
    const path = ids.reduce((path, id) => path.replace("{}", () => encodeURIComponent(id)), template);
    if (method === "POST") return stripe.rawRequest(method, path, params, { additionalHeaders: headers });
    const pairs = Object.entries(params).flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((item, index) => [`${name}[${index}]`, item]) : [[name, value]],
    );
    return stripe.rawRequest(method, `${path}?${new URLSearchParams(pairs)}`, null, { additionalHeaders: headers });
  }
  const names = methods[operation].split(".");
  const resource = names.slice(0, -1).reduce((resource, name) => resource[name], stripe);
  return resource[names.at(-1)](...ids, params, { headers });
}

for (const [index, one] of cases.entries()) {
  try {
    await send(one, { "X-Conformance-Case": String(index) });
  } catch (error) {
    console.error(`the case ${one.name} was not sent:`, error);
    process.exit(1);
  }
}

console.log(JSON.stringify({ version: Stripe.PACKAGE_VERSION, api_version: Stripe.API_VERSION }));
