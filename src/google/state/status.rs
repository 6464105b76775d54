//! The status of merchants and feeds: what the partner can see of what became of what it sent.
//!
//! Merchants are not matched to places here, and no feed is uploaded to this side, so of both nothing is said.

use crate::api::error::{ApiError, Stop};
use crate::api::methods::{ResourceKind, StatusKind};
use crate::state::availability::Availability;
use crate::state::resources::{ResourceKey, Resources};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// Inventory counts that begins within thirty days.
const HORIZON_SEC: i64 = 30 * 86_400;

/// What statuses are made of.
pub(crate) struct StatusSource<'s> {
    pub(crate) partner: &'s str,
    pub(crate) resources: &'s Resources,
    pub(crate) availability: &'s Availability,
    pub(crate) now: Timestamp,
}

impl StatusSource<'_> {
    /// The answer to one of the methods.
    pub(crate) fn answer(
        &self,
        of: StatusKind,
        ids: &[String],
        query: &Map<String, Value>,
    ) -> Result<Value, Stop> {
        match (of, ids) {
            (StatusKind::Merchant, [merchant]) => self.merchant(merchant),
            (StatusKind::Merchants, _) => self.merchants(query),
            (StatusKind::Feeds, _) => {
                page_size(query)?;
                Ok(json!({}))
            }
            _ => Err(ApiError::not_found().into()),
        }
    }

    fn merchant(&self, id: &str) -> Result<Value, Stop> {
        let key = ResourceKey {
            kind: ResourceKind::Merchant,
            ids: vec![id.to_owned()],
        };
        let message = self.resources.get(self.partner, &key)?;
        Ok(self.status(id, message.as_object().unwrap_or(&Map::new())))
    }

    fn merchants(&self, query: &Map<String, Value>) -> Result<Value, Stop> {
        let size = page_size(query)?;
        let after = page_token(query)?;
        let wanted = self.resources.merchants().filter(|(id, _)| {
            let is_later = after.as_deref().is_none_or(|after| *id > after);
            is_later && self.is_wanted(id, query)
        });
        let mut found: Vec<_> = wanted.take(size + 1).collect();
        let is_last = found.len() <= size;
        found.truncate(size);
        let mut answer = Map::new();
        if !found.is_empty() {
            let statuses: Vec<Value> = found
                .iter()
                .map(|(id, message)| self.status(id, message))
                .collect();
            answer.insert("merchantStatuses".to_owned(), statuses.into());
        }
        if let Some((id, _)) = found.last().filter(|_| !is_last) {
            answer.insert("nextPageToken".to_owned(), URL_SAFE_NO_PAD.encode(id).into());
        }
        Ok(Value::Object(answer))
    }

    /// True when the restrictions of the query let a merchant through.
    fn is_wanted(&self, merchant: &str, query: &Map<String, Value>) -> bool {
        let restrict = |name: &str| query.get(name).and_then(Value::as_str).unwrap_or_default();
        let booking = match restrict("bookingInventoryStatusRestrict") {
            "HAS_VALID_FUTURE_INVENTORY" => self.has_inventory(merchant),
            "NO_VALID_FUTURE_INVENTORY" => !self.has_inventory(merchant),
            _ => true,
        };
        let waitlist = match restrict("waitlistInventoryStatusRestrict") {
            "HAS_VALID_WAITLIST_SERVICE" => self.has_waitlist(merchant),
            "NO_VALID_WAITLIST_SERVICE" => !self.has_waitlist(merchant),
            _ => true,
        };
        booking && waitlist && restrict("geoMatchRestrict") != "GEO_MATCHED"
    }

    fn status(&self, merchant: &str, message: &Map<String, Value>) -> Value {
        let flag = |name: &str, is_set: bool| {
            let fields = is_set.then(|| (name.to_owned(), Value::Bool(true)));
            Value::Object(fields.into_iter().collect())
        };
        let mut status = Map::new();
        let name = format!("partners/{}/merchants/{merchant}/status", self.partner);
        status.insert("name".to_owned(), name.into());
        for (from, to) in [("merchantName", "merchantName"), ("geo", "inputGeoInfo")] {
            if let Some(value) = message.get(from) {
                status.insert(to.to_owned(), value.clone());
            }
        }
        let inventory = flag("hasValidFutureInventory", self.has_inventory(merchant));
        status.insert("bookingStatus".to_owned(), inventory);
        let waitlist = flag("hasValidWaitlistService", self.has_waitlist(merchant));
        status.insert("waitlistStatus".to_owned(), waitlist);
        Value::Object(status)
    }

    fn has_inventory(&self, merchant: &str) -> bool {
        let now = self.now.as_second();
        self.availability.is_open(merchant, now, now + HORIZON_SEC)
    }

    fn has_waitlist(&self, merchant: &str) -> bool {
        let mut services = self.resources.services_of(merchant);
        services.any(|service| service.contains_key("waitlistRules"))
    }
}

/// The size of a page, which must be given.
fn page_size(query: &Map<String, Value>) -> Result<usize, ApiError> {
    let size = query.get("pageSize").and_then(Value::as_u64);
    let size = size
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size > 0);
    size.ok_or_else(|| ApiError::invalid("page_size", "The page size is required and must be positive."))
}

/// The merchant after which a page begins.
fn page_token(query: &Map<String, Value>) -> Result<Option<String>, ApiError> {
    let Some(token) = query
        .get("pageToken")
        .and_then(Value::as_str)
        .filter(|token| !token.is_empty())
    else {
        return Ok(None);
    };
    let id = URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    id.map(Some)
        .ok_or_else(|| ApiError::invalid("page_token", "The page token is invalid."))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use crate::testing::{NOW, google, json_of, request, respond};
    use crate::{Google, Oauth, check_own};
    use protocol::time::seconds_to_timestamp;
    use serde_json::{Value, json};

    const INVENTORY: &str = "/v1alpha/inventory/partners/20";

    fn ask(google: &mut Google, line: &str, body: &Value) -> (u16, Value) {
        let (verb, path) = line.split_once(' ').unwrap();
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let response = respond(google, &request(verb, path, &body));
        (response.status, json_of(&response))
    }

    fn get(google: &mut Google, path: &str) -> (u16, Value) {
        ask(google, &format!("GET {INVENTORY}{path}"), &Value::Null)
    }

    /// Merchants a, b and c, of which b has a free slot on this day from now.
    fn side(day: i64, spots_open: &str) -> Google {
        let mut google = google(Oauth::Off);
        for id in ["a", "b", "c"] {
            google.register_service(id, "s");
        }
        let start = seconds_to_timestamp(NOW + day * 86_400).unwrap();
        let slot =
            json!({ "startTime": start, "duration": "900s", "spotsOpen": spots_open, "spotsTotal": "2" });
        let entry = json!({ "merchantId": "b", "serviceId": "s", "availability": [slot] });
        let body = json!({ "extendedServiceAvailability": [entry] });
        let line = format!("POST {INVENTORY}/availability:replace");
        assert_eq!(ask(&mut google, &line, &body).0, 200);
        google
    }

    fn names(answer: &Value) -> Vec<&str> {
        let all = answer["merchantStatuses"].as_array().into_iter().flatten();
        all.map(|status| status["name"].as_str().unwrap().split('/').nth(3).unwrap())
            .collect()
    }

    #[test]
    fn a_merchant_says_whether_it_can_be_booked_within_thirty_days() {
        for (day, open, due) in [
            (1, "1", json!({ "hasValidFutureInventory": true })),
            (1, "0", json!({})),
            (31, "1", json!({})),
            (-1, "1", json!({})),
        ] {
            let (status, answer) = get(&mut side(day, open), "/merchants/b/status");
            assert_eq!((status, &answer["bookingStatus"]), (200, &due), "{day} {open}");
            assert_eq!(answer["name"], "partners/20/merchants/b/status");
            assert_eq!(check_own(&answer, "MerchantStatus"), Ok(()));
        }
        assert_eq!(get(&mut side(1, "1"), "/merchants/x/status").0, 404);
    }

    #[test]
    fn a_recurrence_counts_by_its_starts() {
        let mut google = side(-1, "1");
        let at = |hours: i64| seconds_to_timestamp(NOW + hours * 3600).unwrap();
        let recurrence = json!({ "repeatUntil": at(4), "repeatEvery": "3600s" });
        let mut slot = json!({ "startTime": at(-4), "duration": "3600s", "recurrence": recurrence });
        let entry = |slot: &Value| json!({ "extendedServiceAvailability": [{ "merchantId": "c", "serviceId": "s", "availability": [slot] }] });
        let line = format!("POST {INVENTORY}/availability:replace");
        assert_eq!(ask(&mut google, &line, &entry(&slot)).0, 200);
        let (_, answer) = get(&mut google, "/merchants/c/status");
        assert_eq!(
            answer["bookingStatus"]["hasValidFutureInventory"], true,
            "{answer}"
        );
        slot["scheduleException"] = json!([{ "timeRange": { "startTime": at(-5), "endTime": at(6) } }]);
        assert_eq!(ask(&mut google, &line, &entry(&slot)).0, 200);
        let (_, answer) = get(&mut google, "/merchants/c/status");
        assert_eq!(answer["bookingStatus"], json!({}));
    }

    #[test]
    fn merchants_are_listed_page_by_page_and_restricted() {
        let mut google = side(1, "1");
        let (status, first) = get(&mut google, "/merchants/status?pageSize=2");
        assert_eq!((status, names(&first)), (200, vec!["a", "b"]));
        assert_eq!(check_own(&first, "ListMerchantStatusesResponse"), Ok(()));
        let token = first["nextPageToken"].as_str().unwrap();
        let (_, last) = get(
            &mut google,
            &format!("/merchants/status?pageSize=2&pageToken={token}"),
        );
        assert_eq!((names(&last), last.get("nextPageToken")), (vec!["c"], None));
        for (restrict, due) in [
            (
                "bookingInventoryStatusRestrict=HAS_VALID_FUTURE_INVENTORY",
                vec!["b"],
            ),
            (
                "bookingInventoryStatusRestrict=NO_VALID_FUTURE_INVENTORY",
                vec!["a", "c"],
            ),
            (
                "waitlistInventoryStatusRestrict=HAS_VALID_WAITLIST_SERVICE",
                vec![],
            ),
            ("geoMatchRestrict=GEO_UNMATCHED", vec!["a", "b", "c"]),
            ("geoMatchRestrict=GEO_MATCHED", vec![]),
        ] {
            let (_, answer) = get(&mut google, &format!("/merchants/status?pageSize=9&{restrict}"));
            assert_eq!(names(&answer), due, "{restrict}");
        }
        for wrong in [
            "",
            "?pageSize=0",
            "?pageSize=2&pageToken=%21",
            "?pageSize=2&geoMatchRestrict=YES",
            "?pageSize=2&size=1",
        ] {
            assert_eq!(
                get(&mut google, &format!("/merchants/status{wrong}")).0,
                400,
                "{wrong}"
            );
        }
    }

    #[test]
    fn no_feed_is_uploaded_to_this_side() {
        let mut google = side(1, "1");
        assert_eq!(get(&mut google, "/feeds/merchants/a.json/status").0, 404);
        let listed = get(
            &mut google,
            "/feeds/merchants/status?pageSize=5&timeRangeRestrict.startTime=2030-01-01T00:00:00Z",
        );
        assert_eq!(listed, (200, json!({})));
        assert_eq!(get(&mut google, "/feeds/merchants/status").0, 400);
        let of_another = ask(
            &mut google,
            "GET /v1alpha/inventory/partners/7/merchants/b/status",
            &Value::Null,
        );
        assert_eq!(of_another.0, 403);
    }

    #[test]
    fn a_pickup_is_invalidated() {
        let line = "POST /v1alpha/invalidation/partners/20/pickups/p-1:invalidateResource";
        assert_eq!(ask(&mut side(1, "1"), line, &json!({})), (200, json!({})));
        assert_eq!(ask(&mut side(1, "1"), line, &json!({ "x": 1 })).0, 400);
    }

    #[test]
    fn an_account_is_linked_shown_changed_and_unlinked() {
        let mut google = side(1, "1");
        let links = "/v1alpha/partners/20/adsAccountLinks";
        let body = json!({ "itemIds": ["m-1"] });
        let create = format!("POST {links}?adsAccountLinkId=123-456-7890");
        let made = json!({ "name": "partners/20/adsAccountLinks/123-456-7890", "itemIds": ["m-1"] });
        assert_eq!(ask(&mut google, &create, &body), (200, made.clone()));
        assert_eq!(check_own(&made, "AdsAccountLink"), Ok(()));
        assert_eq!(ask(&mut google, &create, &body).0, 409);
        let one = format!("{links}/123-456-7890");
        assert_eq!(ask(&mut google, &format!("GET {one}"), &Value::Null), (200, made));
        let changed = json!({ "itemIds": ["m-2"] });
        let (status, answer) = ask(&mut google, &format!("PATCH {one}?updateMask=itemIds"), &changed);
        assert_eq!((status, &answer["itemIds"]), (200, &json!(["m-2"])));
        assert_eq!(
            ask(&mut google, &format!("DELETE {one}"), &Value::Null),
            (200, json!({}))
        );
        assert_eq!(ask(&mut google, &format!("GET {one}"), &Value::Null).0, 404);
        for (query, body) in [
            ("", &body),
            ("?adsAccountLinkId=1234567890", &body),
            ("?adsAccountLinkId=123-456-7891", &json!({})),
        ] {
            assert_eq!(
                ask(&mut google, &format!("POST {links}{query}"), body).0,
                400,
                "{query}"
            );
        }
    }
}
