//! Connections that are idle, evicted, half closed or silent.

use super::*;

fn few(connections: usize) -> ServerConfig {
    let limits = Limits {
        connections,
        ..Limits::default()
    };
    ServerConfig {
        limits,
        ..config(Oauth::Off)
    }
}

async fn is_closed(mut stream: TcpStream) {
    let mut rest = Vec::new();
    let read = stream.read_to_end(&mut rest);
    tokio::time::timeout(Duration::from_secs(10), read)
        .await
        .expect("the connection was left open")
        .unwrap_or_default();
}

#[tokio::test]
async fn who_connects_and_says_nothing_goes_when_another_needs_the_place() {
    let running = launch(few(2)).await;
    let silent = TcpStream::connect(running.address()).await.unwrap();
    let mut slow = TcpStream::connect(running.address()).await.unwrap();
    slow.write_all(b"POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\na")
        .await
        .unwrap();
    // Two that stay open after their answers, so that both places are needed.
    let keep = [client(), client()];
    for client in &keep {
        let answer = client.get(format!("{}/x", running.url())).send().await.unwrap();
        assert_eq!(answer.status(), 404);
    }
    is_closed(silent).await;
    is_closed(slow).await;
    let traffic = traffic_of(running).await;
    assert_eq!((traffic.connections, traffic.displaced), (4, 2));
    assert_eq!((traffic.requests, traffic.silent), (3, 1));
}

/// When every connection has ended: they are counted a moment after the caller notices.
async fn traffic_of(running: Running) -> Traffic {
    let google = running.google();
    running.shutdown().await;
    google.traffic()
}

#[tokio::test]
async fn who_is_being_answered_keeps_the_place_and_the_next_one_waits() {
    let (clock, mut ticks) = ticking_clock();
    let running = launch(ServerConfig { clock, ..few(1) }).await;
    let google = running.google();
    google.change(Google::open_create);
    let held = tokio::spawn(patch(&running, "b").send());
    wait_until_held(&mut ticks).await;
    let next = tokio::spawn(patch(&running, "x").send());
    make_booking(&google);
    assert_eq!(held.await.unwrap().unwrap().status(), 200);
    assert_eq!(next.await.unwrap().unwrap().status(), 404);
}

#[tokio::test]
async fn a_notification_counts_although_its_sender_closes_its_half_at_once() {
    let (clock, mut ticks) = ticking_clock();
    let running = launch(ServerConfig {
        clock,
        ..config(Oauth::Off)
    })
    .await;
    let google = running.google();
    google.change(Google::open_create);
    let mut sender = TcpStream::connect(running.address()).await.unwrap();
    let line = "PATCH /v1alpha/notification/partners/20/bookings/b?updateMask=status HTTP/1.1";
    let request = format!(
        "{line}\r\nHost: a\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    sender.write_all(request.as_bytes()).await.unwrap();
    sender.shutdown().await.unwrap();
    wait_until_held(&mut ticks).await;
    make_booking(&google);
    let mut answer = String::new();
    sender.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn connections_without_a_request_are_counted_by_what_became_of_them() {
    let limits = Limits {
        head_time: Duration::from_millis(1),
        ..Limits::default()
    };
    let impatient = launch(ServerConfig {
        limits,
        ..config(Oauth::Off)
    })
    .await;
    is_closed(TcpStream::connect(impatient.address()).await.unwrap()).await;
    let silent = Traffic {
        connections: 1,
        silent: 1,
        ..Traffic::default()
    };
    assert_eq!(traffic_of(impatient).await, Traffic { late: 1, ..silent });

    let running = start(Oauth::Off).await;
    let mut garbage = TcpStream::connect(running.address()).await.unwrap();
    garbage
        .write_all(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n")
        .await
        .unwrap();
    is_closed(garbage).await;
    assert_eq!(
        traffic_of(running).await,
        Traffic {
            unreadable: 1,
            ..silent
        }
    );
}
