//! One answer to everything.

use super::duties::{ANYTHING, FIRST, HEALTHY, KNOWING, METHODS, METHODS_OR_STRANGERS};
use super::row::{Dumb, Kept, Server};
use super::script::{always, known_always, page, text};
use serde_json::json;
use wiremock::ResponseTemplate;

pub(crate) const ROWS: &[Dumb] = &[
    Dumb {
        name: "501-for-all",
        server: Server::Script(|| always(text(501, "text/plain", "Not Implemented"))),
        first: FIRST,
        words: &["501"],
        also: FIRST,
        kept: Kept::Only(&["BS-HEALTH-04"]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "404-for-all",
        server: Server::Script(|| always(page(404, "404 Not Found"))),
        first: FIRST,
        words: &["404"],
        also: FIRST,
        kept: Kept::Only(&["BS-HEALTH-04"]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "500-for-all",
        server: Server::Script(|| {
            always(ResponseTemplate::new(500).set_body_json(json!({ "message": "Internal server error" })))
        }),
        first: FIRST,
        words: &["Internal server error"],
        also: FIRST,
        kept: Kept::Only(&["BS-HEALTH-04"]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "503-for-all",
        server: Server::Script(|| always(page(503, "Down for maintenance"))),
        first: FIRST,
        words: &["503"],
        also: FIRST,
        kept: Kept::Only(&["BS-HEALTH-04"]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "401-for-all",
        server: Server::Script(|| {
            always(ResponseTemplate::new(401).insert_header("www-authenticate", "Bearer"))
        }),
        // Perhaps it is the config that names the wrong password.
        words: &["your server answered 401 to every call"],
        exit: 3,
        // That every request is authenticated shows only where somebody is let in.
        kept: Kept::Only(&["BS-HEALTH-04"]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "403-for-all",
        server: Server::Script(|| {
            always(ResponseTemplate::new(403).set_body_json(json!({ "message": "Forbidden" })))
        }),
        // Perhaps it is the config that names the wrong password, though 401 would say so.
        words: &["your server answered 403 to every call"],
        exit: 3,
        kept: Kept::Only(&["BS-HEALTH-04"]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "429-for-all",
        server: Server::Script(|| always(text(429, "text/plain", "Too many requests"))),
        first: FIRST,
        words: &["429"],
        also: FIRST,
        kept: Kept::Only(&["BS-HEALTH-04"]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "400-with-a-text",
        server: Server::Script(|| known_always(text(400, "text/plain", "Request Not Supported"))),
        first: FIRST,
        words: &["Request Not Supported"],
        also: FIRST,
        kept: Kept::Only(KNOWING),
        ..Dumb::USUAL
    },
    Dumb {
        name: "html-page-for-all",
        server: Server::Script(|| known_always(page(200, "It works!"))),
        first: METHODS,
        words: &["It works!"],
        also: ANYTHING,
        kept: Kept::Only(HEALTHY),
        ..Dumb::USUAL
    },
    Dumb {
        name: "login-page-for-all",
        server: Server::Script(|| always(page(200, "Please log in"))),
        first: METHODS_OR_STRANGERS,
        words: &["Please log in"],
        also: ANYTHING,
        kept: Kept::Only(&["BS-HEALTH-01", "BS-HEALTH-03", "BS-HEALTH-04"]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "plain-ok-for-all",
        server: Server::Script(|| known_always(text(200, "text/plain", "OK"))),
        first: METHODS,
        words: &["OK"],
        also: ANYTHING,
        kept: Kept::Only(HEALTHY),
        ..Dumb::USUAL
    },
    Dumb {
        name: "nothing-for-all",
        server: Server::Script(|| known_always(ResponseTemplate::new(200))),
        first: METHODS,
        words: &["empty", "nothing", "no body"],
        also: ANYTHING,
        kept: Kept::Only(HEALTHY),
        ..Dumb::USUAL
    },
    Dumb {
        name: "204-for-all",
        server: Server::Script(|| known_always(ResponseTemplate::new(204))),
        first: FIRST,
        words: &["204", "empty", "nothing", "no body"],
        also: ANYTHING,
        // 204 is a success, too, if not the code that HealthCheck is asked for.
        kept: Kept::Only(HEALTHY),
        ..Dumb::USUAL
    },
    Dumb {
        name: "redirect-to-a-page",
        server: Server::Script(|| {
            always(ResponseTemplate::new(301).insert_header("location", "https://partner.example/"))
        }),
        first: FIRST,
        words: &["301"],
        also: FIRST,
        kept: Kept::Only(&["BS-HEALTH-04"]),
        ..Dumb::USUAL
    },
    Dumb {
        name: "502-for-all",
        server: Server::Script(|| always(page(502, "502 Bad Gateway"))),
        first: FIRST,
        words: &["502"],
        also: FIRST,
        kept: Kept::Only(&["BS-HEALTH-04"]),
        ..Dumb::USUAL
    },
];
