"""Fetching an agenda from an address that somebody typed in.

A typed address may point at this machine, at the network behind it, or at the data of
a cloud host. So a name is looked up once, every address it has must be public, and the
connection goes to the address that was checked: a name that changes its mind between
the check and the connection (DNS rebinding) changes nothing. Each redirect is checked
anew. Size, number of redirects and the time of the whole are bounded, also for a
server that sends one byte at a time.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from rooms.calendars.faults import Unreadable

MOST_BYTES = 5 * 1024 * 1024
MOST_SECONDS = 20.0
MOST_REDIRECTS = 3
LONGEST_ADDRESS = 2000
PORTS = {"http": (80,), "https": (443,)}
REDIRECTS = (301, 302, 303, 307, 308)
CLOSED = (401, 403, 404, 410)
PIECE = 64 * 1024
# RFC 6052 and RFC 3056: an IPv4 address wrapped in an IPv6 one.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came; `body` is None when it is still what `tag` stands for."""

    body: bytes | None
    tag: str


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet, whatever it is wrapped in."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if found.teredo is not None:
            return False
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


def clean_address(text: str) -> SplitResult:
    """The address in parts, webcal as https; `Unreadable("address")` for nonsense."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise Unreadable("address") from error
    scheme = "https" if parts.scheme in ("webcal", "webcals") else parts.scheme
    host = parts.hostname or ""
    try:
        ascii_host = host.encode("idna").decode() if host else ""
    except UnicodeError as error:
        raise Unreadable("address") from error
    # Whitespace and control characters could smuggle in lines of a request.
    odd = any(sign <= " " or sign == "\x7f" for sign in text)
    if (
        scheme not in PORTS
        or not ascii_host
        or odd
        or parts.username
        or parts.password
        or len(text) > LONGEST_ADDRESS
    ):
        raise Unreadable("address")
    if (port or PORTS[scheme][0]) not in PORTS[scheme]:
        raise Unreadable("address")
    place = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
    if port:
        place = f"{place}:{port}"
    return SplitResult(scheme, place, parts.path or "/", parts.query, "")


def checked_address(host: str, port: int) -> str:
    """The one IP address to connect to.

    Raises
    ------
    Unreadable
        "unknown_host", or "private" if any address of the name is not public.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreadable("unknown_host") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise Unreadable("unknown_host")
    if not all(is_public(address) for address in addresses):
        raise Unreadable("private")
    return addresses[0]


class _Connection(http.client.HTTPConnection):
    """Speaks to an IP address, by the name that was asked for."""

    def __init__(self, parts: SplitResult, address: str, timeout: float) -> None:
        super().__init__(str(parts.hostname), parts.port, timeout=timeout)
        self.port = parts.port or PORTS[parts.scheme][0]
        self.address, self.encrypted = address, parts.scheme == "https"

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.encrypted:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


class _Patience:
    """Cuts a connection off when the time of the whole is over."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.over = False
        self.connection: http.client.HTTPConnection | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    @property
    def left(self) -> float:
        return max(self.until - time.monotonic(), 0.01)

    def _end(self) -> None:
        self.over = True
        sock = self.connection.sock if self.connection is not None else None
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it was closed already

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._timer.cancel()


def fetch(address: str, *, tag: str = "") -> Answer:
    """Fetch an agenda; `tag` is the version that is known already.

    Raises
    ------
    Unreadable
        For an address that may not be asked, and for an answer that is none, too
        large or too late.
    """
    with _Patience(MOST_SECONDS) as patience:
        try:
            return _follow(address, tag, patience)
        except Unreadable:
            if patience.over:
                raise Unreadable("slow") from None
            raise
        except TimeoutError as error:
            raise Unreadable("slow") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreadable("slow" if patience.over else "unreachable") from error


def _follow(address: str, tag: str, patience: _Patience) -> Answer:
    parts = clean_address(address)
    for _hop in range(MOST_REDIRECTS + 1):
        port = parts.port or PORTS[parts.scheme][0]
        checked = checked_address(str(parts.hostname), port)
        connection = _Connection(parts, checked, patience.left)
        patience.connection = connection
        try:
            # The answer holds the connection as well once it is to be closed.
            with closing(_ask(connection, parts, tag)) as response:
                if response.status not in REDIRECTS:
                    return _answer(response, tag, patience)
                target = response.getheader("Location") or ""
        finally:
            connection.close()
        onward = clean_address(urljoin(urlunsplit(parts), target))
        if parts.scheme == "https" and onward.scheme == "http":
            raise Unreadable("redirects")
        parts = onward
    raise Unreadable("redirects")


def _ask(
    connection: _Connection, parts: SplitResult, tag: str
) -> http.client.HTTPResponse:
    path = urlunsplit(("", "", parts.path, parts.query, ""))
    headers = {
        "Accept": "text/calendar",
        "Accept-Encoding": "identity",
        "User-Agent": "GEM-planner",
    }
    if tag:
        headers["If-None-Match"] = tag
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


def _answer(
    response: http.client.HTTPResponse, tag: str, patience: _Patience
) -> Answer:
    if response.status == http.client.NOT_MODIFIED and tag:
        return Answer(body=None, tag=tag)
    if response.status in CLOSED:
        raise Unreadable("refused")
    if response.status != http.client.OK:
        raise Unreadable("unreachable")
    length = response.getheader("Content-Length") or ""
    if length.isdigit() and int(length) > MOST_BYTES:
        raise Unreadable("big")
    encoding = (response.getheader("Content-Encoding") or "identity").lower()
    if encoding not in ("identity", "gzip"):
        raise Unreadable("no_calendar")
    # Some servers pack whatever was asked: unpacked piece by piece, for bombs.
    unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    body = bytearray()
    while piece := response.read1(PIECE):
        if unpack is not None:
            piece = _unpacked(unpack, piece, MOST_BYTES + 1 - len(body))
        body += piece
        if len(body) > MOST_BYTES:
            raise Unreadable("big")
        if patience.over:
            raise Unreadable("slow")
    if patience.over:
        raise Unreadable("slow")
    return Answer(body=bytes(body), tag=(response.getheader("ETag") or "")[:120])


def _unpacked(unpack: Any, piece: bytes, room: int) -> bytes:
    try:
        return bytes(unpack.decompress(piece, max(room, 1)))
    except zlib.error as error:
        raise Unreadable("no_calendar") from error
