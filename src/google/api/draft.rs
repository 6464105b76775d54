//! What is known of a call while it is answered.

use crate::api::credential::Credential;
use crate::api::encoding::plain_body;
use crate::api::error::ApiError;
use crate::api::lint::Lint;
use crate::api::mask::UpdateMask;
use crate::api::query::Query;
use crate::api::routing::Route;
use crate::api::syntax;
use crate::api::wire::Request;
use bytes::Bytes;
use domain::Fault;
use serde_json::Value;

const ASSERTION: &[u8] = b"assertion";

/// An injected fault that a call has met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Strike {
    /// Which of the faults that were ever armed.
    pub(crate) number: u64,
    pub(crate) fault: Fault,
}

/// What is found out about a call while it is answered.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) route: Route,
    pub(crate) query: Query,
    pub(crate) credential: Credential,
    /// The plain body, or what arrived if it could not be decompressed.
    pub(crate) body: Bytes,
    /// Why it could not.
    pub(crate) unreadable: Option<ApiError>,
    pub(crate) json: Option<Value>,
    /// The body was read as parameters, and so is none.
    pub(crate) is_form: bool,
    pub(crate) decoded: Option<Value>,
    pub(crate) update_mask: Option<UpdateMask>,
    pub(crate) booking_failure: Option<Value>,
    pub(crate) lints: Vec<Lint>,
    pub(crate) fault: Option<Fault>,
    /// What will be done to the answer, if the call is taken.
    pub(crate) strike: Option<Strike>,
    pub(crate) message: Option<&'static str>,
}

impl Draft {
    pub(crate) fn new(request: &Request) -> Self {
        let (body, unreadable) = match plain_body(request) {
            Ok(body) => (body, None),
            Err(error) => (request.body.clone(), Some(error)),
        };
        Self {
            route: Route::of(&request.effective_method(), request.path()),
            query: Query::parse(request.raw_query()),
            credential: Credential::None,
            json: syntax::parse_within_limits(&body),
            body,
            is_form: false,
            unreadable,
            decoded: None,
            update_mask: None,
            booking_failure: None,
            lints: Vec::new(),
            fault: None,
            strike: None,
            message: None,
        }
    }

    /// A body that says that it is a form is read as parameters, whatever it is: `-d` of curl and PHP say so by default.
    pub(crate) fn read_form(&mut self, request: &Request) {
        if request.is_of_type("application/x-www-form-urlencoded") {
            self.query.add(&self.body);
            self.is_form = true;
        }
    }

    /// The plain body, and what it is as JSON.
    pub(crate) fn plain(&self) -> (&[u8], Option<&Value>) {
        if self.is_form {
            (&[], None)
        } else {
            (&self.body, self.json.as_ref())
        }
    }

    // A token request that went to another path carries its assertion there.
    pub(crate) fn hides_assertion(&self) -> bool {
        self.route == Route::Unknown && self.body.windows(ASSERTION.len()).any(|part| part == ASSERTION)
    }
}
