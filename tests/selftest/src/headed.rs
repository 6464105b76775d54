//! A line to Google on which every call gets another head: what a notifier has no hand in, such as headers.

use super::line::{from_http, into_http};
use async_trait::async_trait;
use axum::http::request::Parts;
use reference_server::{GoogleLine, NoAnswer};
use reqwest::{Request, Response};
use std::sync::Arc;

/// Changes the head of every call, and hands it on.
pub(super) struct Headed {
    pub(super) inner: Arc<dyn GoogleLine>,
    pub(super) edit: fn(&mut Parts),
}

#[async_trait]
impl GoogleLine for Headed {
    async fn call(&self, request: Request) -> Result<Response, NoAnswer> {
        // How it asks for tokens is another matter.
        if request.url().path() == "/token" {
            return self.inner.call(request).await;
        }
        let origin = request.url().origin().ascii_serialization();
        let (mut head, body) = into_http(request).ok_or(NoAnswer::Ended)?.into_parts();
        (self.edit)(&mut head);
        let changed = axum::http::Request::from_parts(head, body);
        let request = from_http(&origin, changed).ok_or(NoAnswer::Ended)?;
        self.inner.call(request).await
    }
}
