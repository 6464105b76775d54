//! Findings of a run as a whole: the call that they speak of, or the numbers.

use super::candidate::{Both, Shown, calls, history, sort_of, twin_exchange};
use super::said::{self, Said};
use crate::Examination;
use outcome::Finding;
use protocol::Method;
use serde_json::{Value, json};
use std::mem::discriminant;
use transcript::{Exchange, Notification, ResourceCall, TokenRequest, Transcript};

/// A minute.
const MINUTE_MS: u64 = 60_000;

impl<'r> Both<'r> {
    /// What can be shown of a finding without a place in a history.
    pub(super) fn of_the_run(self, finding: &Finding) -> Option<Shown> {
        let by_kind = match finding.requirement.as_str() {
            "AUTH-01" | "OPS-06" | "OPS-07" => self.refused_call(finding),
            "ERR-08" => Some(self.busiest_minute()),
            id if id.starts_with("AUTH-") => self.token_request(),
            _ => None,
        };
        by_kind
            .or_else(|| self.resource_call(finding))
            .or_else(|| self.slowest(finding))
            .or_else(|| self.failed_look_up(finding))
            .or_else(|| self.in_a_named_scenario(finding))
            .or_else(|| self.accused(finding))
    }

    fn refused_call(self, finding: &Finding) -> Option<Shown> {
        let is_inventory = finding.requirement.as_str() == "OPS-07";
        let is_meant =
            |call: &&Notification| call.booking_id().is_none() == is_inventory && call.fault.is_none();
        let wrong = calls(self.wrong)
            .filter(is_meant)
            .find(|call| call.status >= 400)?;
        self.beside_the_like(wrong)
    }

    /// A call beside one of the undecorated partner's of its sort.
    fn beside_the_like(self, wrong: &Notification) -> Option<Shown> {
        let is_alike = |one: &&Notification| sort_of(one) == sort_of(wrong) && one.fault.is_none();
        let is_near = |one: &&Notification| one.booking_id().is_some() == wrong.booking_id().is_some();
        let right = calls(self.right)
            .find(is_alike)
            .or_else(|| calls(self.right).find(is_near))?;
        Some(Shown::of(said::notification(right), said::notification(wrong)))
    }

    fn busiest_minute(self) -> Shown {
        let line = |done: &Examination| {
            let most = most_in_a_minute(&done.arrivals_ms);
            vec![Said::line(format!(
                "calls to Google's APIs in the busiest minute: {most}"
            ))]
        };
        Shown::of(line(self.right), line(self.wrong))
    }

    fn token_request(self) -> Option<Shown> {
        let said = |done: &'r Examination, request: &TokenRequest| {
            let head = "POST /token, an assertion of";
            let assertion = json!({ "alg": request.algorithm, "claims": request.claims });
            let answer = match &request.error {
                None => "Google's API: an access token for an hour".to_owned(),
                Some(error) => format!("Google's API: {error}"),
            };
            let (tokens, sent) = (done.token_requests.len(), done.arrivals_ms.len());
            let count = format!("in the whole run: {tokens} token requests for {sent} calls");
            vec![Said::with(head, assertion), Said::line(answer), Said::line(count)]
        };
        let (right, wrong) = (
            self.right.token_requests.first()?,
            self.wrong.token_requests.first()?,
        );
        Some(Shown::of(said(self.right, right), said(self.wrong, wrong)))
    }

    /// A call about a merchant, a service or records, beside a right one of its kind.
    fn resource_call(self, finding: &Finding) -> Option<Shown> {
        let named = finding.evidence.actual.as_str();
        let own = &self.wrong.resources;
        let wrong = own
            .iter()
            .find(|call| named == Some(call.target.as_str()))
            .or(own.first())?;
        let kind = discriminant(&wrong.act);
        let all = self.telling.resources.iter();
        let alike: Vec<_> = all.filter(|call| discriminant(&call.act) == kind).collect();
        let path = |call: &ResourceCall| call.target.split('?').next().unwrap_or_default().to_owned();
        let same = alike.iter().find(|call| path(call) == path(wrong));
        let right = same.or(alike.first())?;
        Some(Shown::of(said::resource(right), said::resource(wrong)))
    }

    fn slowest(self, finding: &Finding) -> Option<Shown> {
        let slowest = finding.evidence.actual.get("slowest_seconds")?.as_f64()?;
        let took = |exchange: &Exchange<'_>| exchange.answer.took_us as f64 / 1_000_000.0;
        self.first_exchange(|exchange| (took(exchange) - slowest).abs() < 0.06)
    }

    fn failed_look_up(self, finding: &Finding) -> Option<Shown> {
        finding.evidence.actual.get("look_ups")?;
        self.first_exchange(|exchange| {
            let is_look_up = exchange.call.method == Method::BatchAvailabilityLookup;
            is_look_up && exchange.http().is_none_or(|reply| reply.status >= 500)
        })
    }

    fn first_exchange(self, is_it: impl Fn(&Exchange<'_>) -> bool) -> Option<Shown> {
        let histories = self.wrong.transcripts.iter();
        let mut found = histories.filter_map(|history| Some((history, history.exchanges().find(&is_it)?)));
        let (wrong, exchange) = found.next()?;
        let right = history(self.right, &wrong.scenario)?;
        of_exchange(wrong, right, &exchange)
    }

    /// The first answer of a scenario named as evidence that differs from the undecorated partner's.
    fn in_a_named_scenario(self, finding: &Finding) -> Option<Shown> {
        let named = match &finding.evidence.actual {
            Value::Array(names) => names.last()?.as_str()?,
            name => name.as_str()?,
        };
        let (wrong, right) = (history(self.wrong, named)?, history(self.right, named)?);
        let differs = |exchange: &Exchange<'_>| {
            let twin = twin_exchange(wrong, right, exchange);
            twin.is_some_and(|twin| {
                let place = finding.evidence.pointer.as_deref().unwrap_or("/booking/status");
                twin.answer_value(place) != exchange.answer_value(place)
            })
        };
        let exchange = wrong.exchanges().find(differs)?;
        of_exchange(wrong, right, &exchange)
    }

    /// The call of the partner's that the evidence names, by its address or by what stands at the place.
    fn accused(self, finding: &Finding) -> Option<Shown> {
        let evidence = &finding.evidence;
        let names = |call: &&Notification| {
            let address = evidence.actual.as_str();
            address.is_some_and(|address| {
                call.target == address || call.target.split('?').next() == Some(address)
            })
        };
        let place = evidence.pointer.as_deref().filter(|place| !place.is_empty());
        let is_at_place = |call: &&Notification| {
            let there = place.zip(call.json()).map(|(place, body)| value_at(body, place));
            there.flatten().is_some_and(|there| *there == evidence.actual)
        };
        let wrong = match place {
            Some(_) => calls(self.wrong).find(is_at_place),
            None => calls(self.wrong).find(names),
        };
        self.beside_the_like(wrong.or_else(|| self.wrong.orphans.first())?)
    }
}

/// An exchange beside the undecorated partner's of the same step.
fn of_exchange(wrong: &Transcript, right: &Transcript, exchange: &Exchange<'_>) -> Option<Shown> {
    let twin = twin_exchange(wrong, right, exchange)?;
    Some(Shown::of(said::exchange(&twin), said::exchange(exchange)))
}

/// The value at a place whose way there exists; null where it has no such member.
fn value_at<'v>(body: &'v Value, place: &str) -> Option<&'v Value> {
    let (way, _) = place.rsplit_once('/')?;
    body.pointer(way)?;
    Some(body.pointer(place).unwrap_or(&Value::Null))
}

/// How many moments lie in the minute that has most.
fn most_in_a_minute(moments: &[u64]) -> usize {
    let mut sorted = moments.to_vec();
    sorted.sort_unstable();
    let until = |start: &u64| sorted.partition_point(|moment| *moment < start + MINUTE_MS);
    let counts = sorted
        .iter()
        .enumerate()
        .map(|(index, start)| until(start) - index);
    counts.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_minute_is_found_wherever_it_begins() {
        assert_eq!(most_in_a_minute(&[]), 0);
        assert_eq!(most_in_a_minute(&[0, 59_000, 60_000, 61_000, 118_000]), 4);
    }

    #[test]
    fn what_is_missing_is_null_where_its_way_exists() {
        let body = json!({ "a": [{ "b": 1 }] });
        assert_eq!(value_at(&body, "/a/0/b"), Some(&json!(1)));
        assert_eq!(value_at(&body, "/a/0/c"), Some(&Value::Null));
        assert_eq!(value_at(&body, "/a/1/c"), None);
    }
}
