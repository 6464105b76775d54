// Drives Google's own Node library, unmodified, against Google's own hosts: node client.mjs KEY_FILE NAME.
// That they lead to Google's side is said by the environment alone: HTTPS_PROXY and NODE_EXTRA_CA_CERTS.

import { deepStrictEqual, notStrictEqual } from "node:assert";
import { GoogleAuth } from "google-auth-library";

const [keyFile, name] = process.argv.slice(2);
const partner = "partners/20002002";
const base = "https://mapsbooking.googleapis.com/v1alpha";

const newClient = (options = {}) =>
  new GoogleAuth({ keyFile, scopes: ["https://www.googleapis.com/auth/mapsbooking"], clientOptions: options }).getClient();

const patch = (client, booking, status, options = {}) =>
  client.request({
    url: `${base}/notification/${partner}/bookings/${booking}`,
    method: "PATCH",
    params: { updateMask: "status" },
    data: { name: `${partner}/bookings/${booking}`, status },
    ...options,
  });

async function refused(status, call) {
  const error = await call.then(() => undefined, (error) => error);
  deepStrictEqual([error?.constructor.name, error?.response?.status], ["GaxiosError", status], String(error));
  return error.response.data.error;
}

const client = await newClient();
const canceled = await patch(client, "b-1", "CANCELED");
deepStrictEqual([canceled.status, canceled.data.status], [200, "CANCELED"]);
const shortLived = client.credentials.access_token;

const start = "2031-01-05T10:00:00Z";
const told = await client.request({
  url: `${base}/inventory/${partner}/availability:replace`,
  method: "POST",
  data: {
    extendedServiceAvailability: [
      {
        merchantId: "m-1",
        serviceId: name,
        startTimeRestrict: start,
        endTimeRestrict: "2031-01-05T11:00:00Z",
        availability: [{ startTime: start, duration: "1800s", spotsTotal: "2", spotsOpen: 1 }],
      },
    ],
  },
});
deepStrictEqual(told.data.extendedServiceAvailability[0].availability[0].spotsOpen, "1");
// The first token was about to expire: the library has fetched another by itself.
notStrictEqual(client.credentials.access_token, shortLived);

const wrong = await refused(400, patch(client, "b-1", "CANCELLED"));
deepStrictEqual(wrong.details[0].fieldViolations.map((violation) => violation.field), ["booking.status"]);

// The library repeats no PATCH of its own accord, only where its user says so.
deepStrictEqual((await refused(429, patch(client, `b-429-${name}`, "CANCELED"))).status, "RESOURCE_EXHAUSTED");
const retryConfig = { httpMethodsToRetry: ["PATCH"], retryDelay: 1 };
const repeated = await patch(client, `b-503-${name}`, "CANCELED", { retryConfig });
deepStrictEqual(repeated.config.retryConfig.currentRetryAttempt, 2);

// A revoked token: the library comes again with the same one, since it has not expired; a new client fetches another.
const stubborn = await newClient({ forceRefreshOnFailure: true });
deepStrictEqual((await refused(401, patch(stubborn, `b-401-${name}`, "CANCELED"))).status, "UNAUTHENTICATED");
deepStrictEqual((await patch(await newClient(), `b-401-${name}`, "CANCELED")).data.status, "CANCELED");

console.log(`ok: ${name}: google-auth-library, as it is, through the proxy`);
