"""Calls the trigger of a server as the program does, and holds its answers and its log against what docs/triggers.md says."""

import pathlib
import sys
import time
import urllib.error
import urllib.request

url, log = sys.argv[1], pathlib.Path(sys.argv[2])


def status(booking: str, token: str) -> int:
    request = urllib.request.Request(f"{url}/_test/merchant_cancel/{booking}", method="POST", data=b"")
    request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def wait_until_it_listens() -> None:
    for _ in range(240):
        try:
            status("b-1", "wrong")
            return
        except OSError:
            time.sleep(0.5)
    sys.exit(f"nothing listens at {url}")


def cancelled(booking: str) -> bool:
    return f"cancelled {booking}" in log.read_text(encoding="utf-8", errors="replace")


wait_until_it_listens()
seen = {
    "wrong token": status("b-1", "wrong") == 401 and not cancelled("b-1"),
    "right token": 200 <= status("b-1", "staging-token") < 300,
    "unknown booking": status("b-2", "staging-token") == 404,
}
time.sleep(0.2)
seen["the console's own function"] = cancelled("b-1") and not cancelled("b-2")
wrong = [name for name, right in seen.items() if not right]
if wrong:
    sys.exit(f"not as the page says: {', '.join(wrong)}\n{log.read_text(encoding='utf-8', errors='replace')}")
