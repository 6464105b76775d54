//! Waitlists: Google's messages, and the look before anybody joins.

use super::performer::{Halt, Performer};
use domain::{Basic, Waitlist};
use protocol::{Method, int64};
use serde_json::{Value, json};
use transcript::{Reply, User};

/// `BatchGetWaitEstimatesRequest` as Google sends it when a user opens the waitlist: every size from the smallest to the largest.
pub(super) fn estimates(waitlist: &Waitlist) -> Value {
    json!({
        "merchant_id": waitlist.merchant_id,
        "service_id": waitlist.service_id,
        "party_size": waitlist.sizes().collect::<Vec<_>>(),
    })
}

/// `CreateWaitlistEntryRequest` of an ordinary party.
pub(super) fn join(waitlist: &Waitlist, user: &User, idempotency_token: &str) -> Value {
    json!({
        "merchant_id": waitlist.merchant_id,
        "service_id": waitlist.service_id,
        "party_size": waitlist.usual_size(),
        "user_information": user,
        "idempotency_token": idempotency_token,
    })
}

/// `GetWaitlistEntryRequest`, and `DeleteWaitlistEntryRequest`.
pub(super) fn entry(id: &Value) -> Value {
    json!({ "waitlist_entry_id": id })
}

impl Performer<'_> {
    /// Asks once whether the waitlist takes an ordinary party now. What takes nobody shows nothing of how it takes people.
    pub(super) async fn prepare_waitlist(&self) -> Result<(), Halt> {
        let own = Basic::Method(Method::BatchGetWaitEstimates);
        let Some(waitlist) = self.job.waitlist.as_ref() else {
            return Ok(());
        };
        if self.job.scenario.basic == Some(own) || !self.stands(own).await {
            return Ok(());
        }
        let reply = self
            .send_own_call(Method::BatchGetWaitEstimates, estimates(waitlist))
            .await;
        match reply {
            Reply::Http(reply) if reply.is_success() => {
                match reply.message().and_then(|said| closed(said, waitlist)) {
                    Some(why) => Err(Halt::without_waitlist(why)),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}

/// Why an ordinary party cannot join now, if the partner says so in the right form: a broken answer proves nothing.
fn closed(said: &Value, waitlist: &Waitlist) -> Option<String> {
    let Waitlist {
        merchant_id,
        service_id,
        ..
    } = waitlist;
    let status = said["waitlist_status"].as_str()?;
    if status.starts_with("CLOSED") {
        return Some(format!(
            "the waitlist of {merchant_id} / {service_id} is {status} at this moment"
        ));
    }
    let size = waitlist.usual_size();
    let sizes: Option<Vec<_>> = said["wait_estimate"]
        .as_array()?
        .iter()
        .map(|estimate| estimate.get("party_size").and_then(int64::read))
        .collect();
    let sizes = sizes.filter(|sizes| !sizes.is_empty())?;
    (!sizes.contains(&i64::from(size))).then(|| {
        format!("the waitlist of {merchant_id} / {service_id} takes no party of {size} at this moment")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waitlist() -> Waitlist {
        Waitlist {
            merchant_id: "m".into(),
            service_id: "s".into(),
            min_party_size: 1,
            max_party_size: 3,
        }
    }

    #[test]
    fn google_asks_for_every_size_at_once() {
        assert_eq!(estimates(&waitlist())["party_size"], json!([1, 2, 3]));
    }

    #[test]
    fn only_what_the_partner_says_in_the_right_form_keeps_anybody_back() {
        let why = |said: Value| closed(&said, &waitlist());
        let of = |sizes: &[i32]| {
            let estimates: Vec<Value> = sizes.iter().map(|size| json!({ "party_size": size })).collect();
            json!({ "waitlist_status": "OPEN", "wait_estimate": estimates })
        };
        assert!(why(json!({ "waitlist_status": "CLOSED_OTHER" })).is_some());
        assert!(why(of(&[1, 3])).is_some() && why(of(&[1, 2])).is_none());
        assert_eq!(why(of(&[])), None);
        assert_eq!(
            why(json!({ "waitlist_status": "OPEN", "wait_estimate": [{}] })),
            None
        );
        assert_eq!(why(json!({ "status": "CLOSED_OTHER" })), None);
    }
}
