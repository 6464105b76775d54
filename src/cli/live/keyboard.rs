//! Somebody at the keyboard.

use super::Live;
use crate::output;
use event::{Answered, Operator};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::sync::Mutex;

/// A person who reads and types: asked one thing at a time, while nothing moves on the screen.
pub(crate) struct Keyboard {
    live: Arc<Live>,
    turn: Mutex<()>,
}

impl Keyboard {
    /// Where this display is shown.
    pub(crate) fn new(live: Arc<Live>) -> Self {
        Self {
            live,
            turn: Mutex::default(),
        }
    }
}

#[async_trait::async_trait]
impl Operator for Keyboard {
    async fn ask(&self, scenario: &str, request: &str) -> Answered {
        let _turn = self.turn.lock().await;
        self.live.pause();
        output::error(&format!(
            "\n{scenario}: {request}\n  enter when it is done, or say why it cannot be done:"
        ));
        let mut line = String::new();
        let read = BufReader::new(tokio::io::stdin()).read_line(&mut line).await;
        self.live.resume();
        match read {
            Ok(0) | Err(_) => Answered::Nobody,
            Ok(_) if line.trim().is_empty() => Answered::Done,
            Ok(_) => Answered::Refused(line.trim().to_owned()),
        }
    }
}
