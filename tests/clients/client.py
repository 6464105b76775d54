"""Drives Google's own Python libraries, unmodified, against Google's side: client.py BASE_URL KEY_FILE."""

import json
import sys

import google.auth.transport.requests
import googleapiclient.discovery
import googleapiclient.errors
from google.oauth2 import service_account

BASE_URL, KEY_FILE = sys.argv[1:3]
PARTNER = "partners/20002002"
SCOPES = ["https://www.googleapis.com/auth/mapsbooking"]


def credentials():
    return service_account.Credentials.from_service_account_file(KEY_FILE, scopes=SCOPES)


def due(what, actual, expected):
    if actual != expected:
        sys.exit(f"{what}: {actual!r}, and {expected!r} was due")


def window(service):
    start = "2031-01-05T10:00:00Z"
    slot = {"startTime": start, "duration": "1800s", "spotsTotal": "2", "spotsOpen": 1}
    return {
        "merchantId": "m-1", "serviceId": service, "startTimeRestrict": start,
        "endTimeRestrict": "2031-01-05T11:00:00Z", "availability": [slot],
    }


def authorized_session():
    """Plain REST with google-auth, as Google's pages recommend it."""
    session = google.auth.transport.requests.AuthorizedSession(credentials())

    def patch(booking, mask, **fields):
        name = f"{PARTNER}/bookings/{booking}"
        url = f"{BASE_URL}/v1alpha/notification/{name}"
        return session.patch(url, params={"updateMask": mask}, json={"name": name, **fields})

    answer = patch("b-1", "status", status="CANCELED")
    due("a cancellation", (answer.status_code, answer.json()["status"]), (200, "CANCELED"))
    url = f"{BASE_URL}/v1alpha/inventory/{PARTNER}/availability:replace"
    answer = session.post(url, json={"extendedServiceAvailability": [window("s-1")]})
    told = answer.json()["extendedServiceAvailability"][0]["availability"][0]
    due("an availability update", (answer.status_code, told["spotsOpen"]), (200, "1"))
    answer = patch("b-1", "status", status="CANCELLED", price=1)
    violations = answer.json()["error"]["details"][0]["fieldViolations"]
    due("two mistakes", (answer.status_code, sorted(one["field"] for one in violations)), (400, ["booking", "booking.status"]))
    due("too many calls", patch("b-429", "status", status="CANCELED").status_code, 429)
    due("a revoked token", patch("b-401", "status", status="CANCELED").status_code, 200)


def built_from_the_discovery_document():
    """google-api-python-client, which builds itself from the discovery document."""
    where = BASE_URL + "/$discovery/rest?version={apiVersion}"
    api = googleapiclient.discovery.build(
        "mapsbooking", "v1alpha", discoveryServiceUrl=where, credentials=credentials(), cache_discovery=False,
        static_discovery=False,
    )
    bookings = api.notification().partners().bookings()

    def patch(booking, body, **query):
        name = f"{PARTNER}/bookings/{booking}"
        return bookings.patch(name=name, body={"name": name, **body}, updateMask="status", **query)

    failed = patch("b-2", {"status": "FAILED"}, bookingFailure_cause="SLOT_UNAVAILABLE").execute()
    due("a failure with its cause", failed["status"], "FAILED")
    update = {"extendedServiceAvailability": [window("s-2")]}
    told = api.inventory().partners().availability().replace(parent=PARTNER, body=update).execute()
    due("an availability update", told["extendedServiceAvailability"][0]["serviceId"], "s-2")
    service = f"{PARTNER}/merchants/m-1/services/s-3"
    single = {key: value for key, value in window("s-3").items() if not key.endswith("Id")}
    replace = api.inventory().partners().merchants().services().availability().replace
    told = replace(name=service, body={"serviceAvailability": {"name": service, **single}}).execute()
    due("one service's availability", told["name"], service)

    merchants, services = api.inventory().partners().merchants(), api.inventory().partners().merchants().services()
    merchant, service = f"{PARTNER}/merchants/m-9", f"{PARTNER}/merchants/m-9/services/s-9"
    made = merchants.create(parent=PARTNER, merchantId="m-9", body={"merchantName": "Harbour", "taxRate": {"microPercent": 8100000}}).execute()
    due("a new merchant", made["name"], merchant)
    made = services.create(parent=merchant, serviceId="s-9", body={"price": {"priceMicros": "25000000", "currencyCode": "CHF"}}).execute()
    due("a new service", (made["name"], made["price"]["priceMicros"]), (service, "25000000"))
    changed = services.patch(name=service, updateMask="rules", body={"rules": {"minAdvanceBooking": 3600}}).execute()
    due("a changed service", (changed["rules"]["minAdvanceBooking"], changed["price"]["currencyCode"]), ("3600", "CHF"))
    # Google's own example of a changed service has an empty mask.
    due("a change without a mask", services.patch(name=service, updateMask="", body={"prepaymentType": "REQUIRED"}).execute()["prepaymentType"], "REQUIRED")
    changed = merchants.patch(name=merchant, updateMask="merchantName,telephone", body={"merchantName": "Quay"}).execute()
    due("a changed merchant", (changed["merchantName"], changed["taxRate"]["microPercent"]), ("Quay", 8100000))
    order = f"{PARTNER}/orders/o-1"
    lines = [{"serviceId": "s-9", "startSec": "1925287200", "durationSec": 1800, "status": "CANCELED"}]
    changed = api.notification().partners().orders().patch(name=order, updateMask="item", body={"item": lines}).execute()
    due("an order", changed["item"][0]["durationSec"], "1800")
    records = [{"generationTimestamp": "2031-01-05T10:00:00Z", "dataRecord": "e30="}]
    push = api.inventory().partners().feeds().record().batchPush(parent=f"{PARTNER}/feeds/f", body={"records": records})
    due("pushed records", push.execute(), {})
    due("a service taken away", services.delete(name=service).execute(), {})
    due("a merchant taken away", merchants.delete(name=merchant).execute(), {})

    def refused(status, call):
        try:
            call.execute()
        except googleapiclient.errors.HttpError as error:
            due("the library's own error", error.status_code, status)
            return error
        return sys.exit(f"{status} was due")

    error = refused(400, patch("b-2", {"status": "CANCELLED"}))
    due("the violation in the library's error", error.error_details[0]["fieldViolations"][0]["field"], "booking.status")
    refused(404, merchants.patch(name=merchant, body={}))
    refused(429, patch("b-429-too", {"status": "CANCELED"}))
    due("a revoked token", patch("b-401-too", {"status": "CANCELED"}).execute()["status"], "CANCELED")
    due("two retries", patch("b-503", {"status": "CANCELED"}).execute(num_retries=2)["status"], "CANCELED")


for client in (authorized_session, built_from_the_discovery_document):
    client()
    print(f"ok: {client.__doc__}")
