"""Addresses that somebody typed: what is asked, what is refused, and for how long."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from rooms.calendars import fetch as module
from rooms.calendars.faults import Unreadable
from rooms.calendars.fetch import MOST_BYTES, clean_address, fetch, is_public

Answering = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A web server of this machine, which the fetcher is told to find public."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.path, dict(self.headers)))
            with suppress(OSError):  # the fetcher hung up, as it should
                served.answer(self)

        def log_message(self, *args: Any) -> None:
            """Keep the tests' output clean."""

    served: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.daemon_threads = True
    served.asked = []
    served.answer = plain(b"hello")
    served.url = f"http://127.0.0.1:{served.server_port}"
    monkeypatch.setattr(module, "is_public", lambda _address: True)
    ports = {"http": (80, served.server_port), "https": (443,)}
    monkeypatch.setattr(module, "PORTS", ports)
    thread = threading.Thread(target=served.serve_forever, args=(0.01,))
    thread.start()
    yield served
    served.shutdown()
    served.server_close()
    thread.join()


def plain(body: bytes, status: int = 200, **headers: str) -> Answering:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def problem(address: str, **more: Any) -> str:
    with pytest.raises(Unreadable) as caught:
        fetch(address, **more)
    return caught.value.problem


# --- Where it may go -------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.5.5",
        "192.168.1.1",
        "169.254.169.254",  # the data of a cloud host
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:53aa:64c:0:0:80ff:fffe",
    ],
)
def test_inside_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2a02:898:146:64::1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/agenda.ics",
        "http://localhost/agenda.ics",
        "http://[::1]/agenda.ics",
        "http://169.254.169.254/latest/meta-data/",
        "http://2130706433/",
        "http://0x7f.1/",
        "https://0/",
        "webcal://127.1/",
    ],
)
def test_an_address_inside_is_refused(address: str) -> None:
    assert problem(address) in ("private", "unknown_host")


def test_one_private_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [(2, 1, 6, "", (ip, 443)) for ip in ("93.184.216.34", "10.0.0.5")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    assert problem("https://dorpshuis.example/agenda.ics") == "private"


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that says something else the second time is asked only once."""
    said = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])
    went: list[Any] = []

    def connect(place: Any, *args: Any, **kwargs: Any) -> Any:
        went.append(place)
        raise OSError("no network in tests")

    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", (next(said), 443))]
    )
    monkeypatch.setattr(socket, "create_connection", connect)
    assert problem("https://dorpshuis.example/agenda.ics") == "unreachable"
    assert went == [("93.184.216.34", 443)]
    assert next(said) == "127.0.0.1"  # it was asked once


@pytest.mark.parametrize(
    "address",
    [
        "",
        "agenda",
        "file:///etc/passwd",
        "ftp://dorpshuis.example/x.ics",
        "gopher://dorpshuis.example/",
        "https://",
        "https://user:secret@dorpshuis.example/x.ics",
        "https://dorpshuis.example:22/x.ics",
        "https://dorpshuis.example:99999/",
        "http://[::1",
        "https://dorpshuis.example/a b.ics",
        "https://dorpshuis.example/\r\nX-Header: 1",
        f"https://dorpshuis.example/{'a' * 2000}",
        f"https://{'a' * 64}.example/",
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_asked(address: str) -> None:
    assert problem(address) == "address"


def test_webcal_is_https() -> None:
    found = clean_address(" webcal://dorpshuis.example/a.ics?key=1#x ")
    assert found.geturl() == "https://dorpshuis.example/a.ics?key=1"


# --- What comes back -------------------------------------------------------------


def test_a_file_is_fetched_and_known_again(server: Any) -> None:
    server.answer = plain(b"BEGIN:VCALENDAR", ETag='"7"')
    first = fetch(f"{server.url}/a.ics?key=1")
    assert (first.body, first.tag) == (b"BEGIN:VCALENDAR", '"7"')
    assert server.asked[0][0] == "/a.ics?key=1"
    server.answer = plain(b"", status=304)
    again = fetch(f"{server.url}/a.ics", tag='"7"')
    assert (again.body, again.tag) == (None, '"7"')
    assert server.asked[1][1]["If-None-Match"] == '"7"'


def test_redirects_are_followed_and_each_is_checked(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/old":
            plain(b"", status=302, Location="/new")(handler)
        else:
            plain(b"there")(handler)

    server.answer = answer
    assert fetch(f"{server.url}/old").body == b"there"
    server.answer = plain(b"", status=302, Location="http://169.254.169.254/key")
    monkeypatch.setattr(module, "is_public", lambda ip: ip == "127.0.0.1")
    assert problem(f"{server.url}/old") == "private"
    server.answer = plain(b"", status=301, Location="file:///etc/passwd")
    assert problem(f"{server.url}/old") == "address"


def test_endless_redirects_end(server: Any) -> None:
    server.answer = plain(b"", status=302, Location="/again")
    assert problem(server.url) == "redirects"
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    ("status", "why"),
    [(404, "refused"), (403, "refused"), (500, "unreachable"), (204, "unreachable")],
)
def test_refusals_are_told_apart(server: Any, status: int, why: str) -> None:
    server.answer = plain(b"", status=status)
    assert problem(server.url) == why


def test_nobody_there(server: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    module.PORTS["http"] = (port,)
    assert problem(f"http://127.0.0.1:{port}/") == "unreachable"


def test_fifty_megabytes_are_refused_without_taking_them_in(server: Any) -> None:
    server.answer = plain(b"x", Content_Length=str(50 * 1024 * 1024))
    assert problem(server.url) == "big"
    sent = 0

    def endless(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        plain(b"")(handler)
        for _ in range(50):
            handler.wfile.write(b"x" * 1024 * 1024)
            sent += 1

    server.answer = endless
    assert problem(server.url) == "big"
    assert sent < 20


def test_a_packed_bomb_is_refused(server: Any) -> None:
    packed = gzip.compress(b"x" * (4 * MOST_BYTES))
    assert len(packed) < MOST_BYTES / 50
    server.answer = plain(packed, Content_Encoding="gzip")
    assert problem(server.url) == "big"
    server.answer = plain(gzip.compress(b"small"), Content_Encoding="gzip")
    assert fetch(server.url).body == b"small"
    server.answer = plain(b"nonsense", Content_Encoding="gzip")
    assert problem(server.url) == "no_calendar"


@pytest.mark.parametrize("part", ["line", "headers", "body"])
def test_a_server_that_drips_is_cut_off(
    server: Any, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(module, "MOST_SECONDS", 0.6)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        if part != "line":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if part == "body":
            handler.wfile.write(b"\r\n")
        for _ in range(100):
            handler.wfile.write(b"X")
            time.sleep(0.1)

    server.answer = drip
    begin = time.monotonic()
    assert problem(server.url) == "slow"
    assert time.monotonic() - begin < 3
