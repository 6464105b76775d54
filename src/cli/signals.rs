//! How the system asks a program to end.

/// What asks the program to end, listened to from the moment on at which it is made.
pub(super) struct Signals {
    #[cfg(unix)]
    streams: Vec<tokio::signal::unix::Signal>,
    #[cfg(windows)]
    streams: (
        Option<tokio::signal::windows::CtrlC>,
        Option<tokio::signal::windows::CtrlBreak>,
        Option<tokio::signal::windows::CtrlClose>,
    ),
}

impl Signals {
    /// Ctrl-C, and the polite ways of CI systems, service managers and closed terminals.
    #[cfg(unix)]
    pub(super) fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
        ];
        Self {
            streams: kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect(),
        }
    }

    /// Ctrl-C, Ctrl-Break, and a console that is closed.
    #[cfg(windows)]
    pub(super) fn new() -> Self {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close};
        Self {
            streams: (ctrl_c().ok(), ctrl_break().ok(), ctrl_close().ok()),
        }
    }

    /// Returns when somebody asks.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) {
        let streams = &mut self.streams;
        std::future::poll_fn(|context| {
            let asked = streams
                .iter_mut()
                .any(|stream| matches!(stream.poll_recv(context), std::task::Poll::Ready(Some(()))));
            if asked {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }

    /// Returns when somebody asks.
    #[cfg(windows)]
    pub(super) async fn next(&mut self) {
        let (pressed, broken, closed) = &mut self.streams;
        std::future::poll_fn(|context| {
            let asked = [
                pressed
                    .as_mut()
                    .is_some_and(|stream| stream.poll_recv(context).is_ready()),
                broken
                    .as_mut()
                    .is_some_and(|stream| stream.poll_recv(context).is_ready()),
                closed
                    .as_mut()
                    .is_some_and(|stream| stream.poll_recv(context).is_ready()),
            ];
            if asked.contains(&true) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }
}
