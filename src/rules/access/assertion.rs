//! AUTH-02, AUTH-05, AUTH-06

use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::int64;
use serde_json::Value;
use transcript::TokenRequest;

const SCOPE: RequirementId = RequirementId::declared("AUTH-02");
const SIGNED: RequirementId = RequirementId::declared("AUTH-05");
const AUDIENCE: RequirementId = RequirementId::declared("AUTH-06");

const MAPS_BOOKING: &str = "https://www.googleapis.com/auth/mapsbooking";
const LONGEST_SEC: i64 = 3600;

pub(crate) static RULE: Rule = Rule {
    name: "access/assertion",
    requirements: &[SCOPE, SIGNED, AUDIENCE],
    manual: "The assertion of every token request is signed with RS256, lives an hour at most, asks for the scope of the Maps \
             Booking API, and names the token endpoint as its audience: the one of the key file, or \
             one of Google's own (https://oauth2.googleapis.com/token, https://www.googleapis.com/oauth2/v4/token, \
             https://accounts.google.com/o/oauth2/token), which some libraries always write.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    for request in run
        .token_requests
        .iter()
        .filter(|request| request.claims.is_object())
    {
        let scopes = text(request, "scope").unwrap_or_default();
        let asked = scopes.split_whitespace().any(|scope| scope == MAPS_BOOKING);
        verdicts.check(SCOPE, asked, || {
            let proof = Proof::default().expected(MAPS_BOOKING).actual(scopes);
            (
                proof,
                "the token request does not ask for the scope of the Maps Booking API".to_owned(),
            )
        });
        verdicts.check(SIGNED, is_signed_and_short(request), || {
            let proof = Proof::default().expected("RS256 and at most 3600 s");
            let algorithm = request.algorithm.clone().unwrap_or_default();
            let proof = proof.actual(format!("{algorithm} and {} s", lifetime(request).unwrap_or_default()));
            (proof, "the assertion of a token request has another algorithm than RS256 or lives longer than an hour".to_owned())
        });
        let refused = request
            .error
            .as_deref()
            .is_some_and(|error| error.contains("audience"));
        verdicts.check(AUDIENCE, !refused, || {
            let proof = Proof::default().expected("the token endpoint");
            let proof = proof.actual(text(request, "aud").unwrap_or_default());
            (
                proof,
                "the audience of the assertion is not the token endpoint".to_owned(),
            )
        });
    }
}

fn text<'r>(request: &'r TokenRequest, claim: &str) -> Option<&'r str> {
    request.claims.get(claim).and_then(Value::as_str)
}

fn lifetime(request: &TokenRequest) -> Option<i64> {
    let seconds = |claim: &str| int64::read(request.claims.get(claim)?);
    Some(seconds("exp")? - seconds("iat")?)
}

fn is_signed_and_short(request: &TokenRequest) -> bool {
    request.algorithm.as_deref() == Some("RS256")
        && lifetime(request).is_some_and(|lifetime| (0..=LONGEST_SEC).contains(&lifetime))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, token_request};
    use serde_json::json;

    fn token_request_with(claim: &str, value: Value) -> Story {
        let mut request = token_request();
        request.claims[claim] = value;
        Story::arrival().asks_for_token(request)
    }

    #[test]
    fn a_right_request_passes() {
        let story = Story::arrival().asks_for_token(token_request());
        for id in [SCOPE, SIGNED, AUDIENCE] {
            story.judge(&RULE).passes(id);
        }
    }

    #[test]
    fn each_mistake_is_one_finding() {
        token_request_with("scope", json!("https://www.googleapis.com/auth/cloud-platform"))
            .judge(&RULE)
            .fails(SCOPE);
        token_request_with("exp", json!(9_000)).judge(&RULE).fails(SIGNED);
        let request = TokenRequest {
            error: Some("Invalid JWT: Failed audience check.".into()),
            ..token_request()
        };
        Story::arrival()
            .asks_for_token(request)
            .judge(&RULE)
            .fails(AUDIENCE);
    }
}
