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
const { sessions, accounts, transactions } = stripe.financialConnections;
const { core, billing } = stripe.v2;
// Operations without an id in the path, and with one.
const withoutId = {
  create: (...rest) => sessions.create(...rest),
  list_accounts: (...rest) => accounts.list(...rest),
  list_transactions: (...rest) => transactions.list(...rest),
  create_v2_account: (...rest) => core.accounts.create(...rest),
  list_v2_accounts: (...rest) => core.accounts.list(...rest),
  create_event_destination: (...rest) => core.eventDestinations.create(...rest),
  list_event_destinations: (...rest) => core.eventDestinations.list(...rest),
  list_thin_events: (...rest) => core.events.list(...rest),
  create_meter_event: (...rest) => billing.meterEvents.create(...rest),
  create_meter_event_session: (...rest) => billing.meterEventSession.create(...rest),
};
const withId = {
  retrieve: (...rest) => sessions.retrieve(...rest),
  retrieve_account: (...rest) => accounts.retrieve(...rest),
  disconnect_account: (...rest) => accounts.disconnect(...rest),
  refresh_account: (...rest) => accounts.refresh(...rest),
  subscribe_account: (...rest) => accounts.subscribe(...rest),
  unsubscribe_account: (...rest) => accounts.unsubscribe(...rest),
  list_account_owners: (...rest) => accounts.listOwners(...rest),
  retrieve_transaction: (...rest) => transactions.retrieve(...rest),
  retrieve_v2_account: (...rest) => core.accounts.retrieve(...rest),
  update_v2_account: (...rest) => core.accounts.update(...rest),
  close_v2_account: (...rest) => core.accounts.close(...rest),
  retrieve_event_destination: (...rest) => core.eventDestinations.retrieve(...rest),
  update_event_destination: (...rest) => core.eventDestinations.update(...rest),
  delete_event_destination: (...rest) => core.eventDestinations.del(...rest),
  disable_event_destination: (...rest) => core.eventDestinations.disable(...rest),
  enable_event_destination: (...rest) => core.eventDestinations.enable(...rest),
  ping_event_destination: (...rest) => core.eventDestinations.ping(...rest),
  retrieve_thin_event: (...rest) => core.events.retrieve(...rest),
};

for (const [index, { name, operation, id, params }] of cases.entries()) {
  const options = { headers: { "X-Conformance-Case": String(index) } };
  try {
    if (operation in withoutId) {
      await withoutId[operation](params, options);
    } else {
      await withId[operation](id, params, options);
    }
  } catch (error) {
    console.error(`the case ${name} was not sent:`, error);
    process.exit(1);
  }
}

console.log(JSON.stringify({ version: Stripe.PACKAGE_VERSION, api_version: Stripe.API_VERSION }));
