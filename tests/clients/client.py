"""Drives Google's own Python libraries, unmodified, against Google's side: client.py BASE_URL KEY_FILE."""

import gzip
import json
import sys

import google.auth.credentials
import google.auth.exceptions
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
    short_lived = session.credentials.token
    url = f"{BASE_URL}/v1alpha/inventory/{PARTNER}/availability:replace"
    answer = session.post(url, json={"extendedServiceAvailability": [window("s-1")]})
    told = answer.json()["extendedServiceAvailability"][0]["availability"][0]
    due("an availability update", (answer.status_code, told["spotsOpen"]), (200, "1"))
    # The first token was about to expire: the library has fetched another by itself.
    due("another token", session.credentials.token != short_lived, True)
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


def refused_and_taken_otherwise():
    """What clients get wrong, and what they may do differently."""
    name = f"{PARTNER}/bookings/b-1"
    url = f"{BASE_URL}/v1alpha/notification/{name}"
    canceled = {"name": name, "merchant_id": "m-1", "service_id": "s-1", "status": "CANCELED"}

    def session(own, **options):
        return google.auth.transport.requests.AuthorizedSession(own, **options)

    def error(answer, status, reason=None):
        told = answer.json()["error"]
        reasons = [detail.get("reason") for detail in told.get("details", [])]
        due("a refusal", (answer.status_code, told["code"], reason is None or reason in reasons), (status, status, True))
        return answer

    def scoped(*scopes):
        return service_account.Credentials.from_service_account_file(KEY_FILE, scopes=list(scopes))

    nobody = session(google.auth.credentials.AnonymousCredentials(), refresh_status_codes=())
    answer = error(nobody.patch(url, params={"updateMask": "status"}, json=canceled), 401, "CREDENTIALS_MISSING")
    due("the challenge", answer.headers["WWW-Authenticate"], 'Bearer realm="https://accounts.google.com/"')
    error(nobody.patch(url, params={"key": "AIza"}, json=canceled), 401, "CREDENTIALS_MISSING")
    other = session(scoped("https://www.googleapis.com/auth/cloud-platform"))
    error(other.patch(url, json=canceled), 403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    for broken in (scoped("https://www.googleapis.com/auth/no-such-scope"), stranger()):
        try:
            session(broken).patch(url, json=canceled)
            sys.exit("no token was due")
        except google.auth.exceptions.RefreshError as refused:
            print(f"  no token: {refused}")

    own = session(credentials())
    error(own.patch(url.replace("20002002", "20002003"), json=canceled), 403)
    error(own.patch(url, params={"updateMask": "status,bookingId"}, json=canceled), 400)
    error(own.patch(url, params={"updateMask": "status", "foo": "1"}, json={"status": "CANCELED", "partySize": "many"}), 400)
    error(own.patch(url, data="{", headers={"Content-Type": "application/json"}), 400)
    error(own.patch(url, json=["CANCELED"]), 400)
    slot = {"merchantId": "m-1", "serviceId": "s-1", "start_sec": 5}
    replace = f"{BASE_URL}/v1alpha/inventory/{PARTNER}/availability:replace"
    error(own.post(replace, json={"extendedServiceAvailability": [slot]}), 400)
    error(own.post(replace, json=slot), 400)
    for verb, wrong in (("POST", url), ("PATCH", url + ":notify/x"), ("POST", replace.replace("availability", "merchants/m-1/availability"))):
        answer = own.request(verb, wrong, json=canceled)
        due("a page for what is not there", (answer.status_code, answer.headers["Content-Type"]), (404, "text/html; charset=UTF-8"))

    override = {"X-HTTP-Method-Override": "PATCH"}
    due("a POST that stands for a PATCH", own.post(url, params={"update_mask": "status"}, json=canceled, headers=override).status_code, 200)
    due("no mask", own.patch(url, json={**canceled, "partySize": 3}).json()["partySize"], "3")
    packed = gzip.compress(json.dumps(canceled).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    due("a compressed body", own.patch(url, params={"updateMask": "status", "prettyPrint": "false"}, data=packed, headers=headers).status_code, 200)
    signed = session(credentials().with_always_use_jwt_access(True))
    due("a token that the client has signed itself", signed.patch(url, params={"updateMask": "status"}, json=canceled).status_code, 200)


def stranger():
    with open(KEY_FILE, encoding="utf-8") as file:
        key = json.load(file)
    return service_account.Credentials.from_service_account_info({**key, "client_email": "x@y.example"}, scopes=SCOPES)


for client in (authorized_session, built_from_the_discovery_document, refused_and_taken_otherwise):
    client()
    print(f"ok: {client.__doc__}")
