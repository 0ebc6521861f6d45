"""Lies on the HTTP port: in heads, bodies and WebSockets."""

from __future__ import annotations

import re
from collections.abc import Callable

from browser import Head, Item
from lie import BrowserLink, LyingLink, lie

Heads = list[Head]
Items = list[Item]


def count(link: LyingLink, what: str) -> int:
    """How often this was asked before on the link."""
    link.memory[what] = link.memory.get(what, -1) + 1
    return int(link.memory[what])


@lie("event-lost", "Every second event of a connection is lost.", "item")
def event_lost(item: Item, link: BrowserLink) -> Items:
    return [] if item.kind == "event" and count(link, "events") % 2 else [item]


@lie("event-twice", "Each event comes twice.", "item")
def event_twice(item: Item, _: BrowserLink) -> Items:
    return [item, item] if item.kind == "event" else [item]


@lie("browser-events-swapped", "Two events that follow each other closely change places.", "item")
def browser_events_swapped(item: Item, link: BrowserLink) -> Items:
    held: Items = link.memory.setdefault("held", [])
    if item.kind != "event":
        return [item]
    if held:
        return [item, held.pop()]

    def send() -> None:
        if held:
            link.send(held.pop())

    held.append(item)
    link.later(0.2, send)
    return []


@lie("event-for-other-keys", "An event goes to the streams of all keys.", "item")
def event_for_other_keys(item: Item, link: BrowserLink) -> Items:
    for other in link.world.links:
        if item.kind == "event" and other is not link and isinstance(other, BrowserLink) and other.responses.head:
            other.send(item)
    return [item]


@lie("event-data-changed", "The text of an event loses its last line.", "item")
def event_data_changed(item: Item, _: BrowserLink) -> Items:
    if item.kind == "event" and item.text.count(b"data: ") > 1:
        item.text = item.text[: item.text.rindex(b"data: ")] + b"\n"
    return [item]


@lie("event-lines-joined", "The lines of an event stand in one `data:` line.", "item")
def event_lines_joined(item: Item, _: BrowserLink) -> Items:
    item.text = (
        item.text.replace(b"\ndata: ", b"\rdata: ", 1).replace(b"\ndata: ", b"\n").replace(b"\rdata: ", b"\ndata: ")
    )
    return [item]


@lie("heartbeat-missing", "There is no heartbeat.", "item")
def heartbeat_missing(item: Item, _: BrowserLink) -> Items:
    return [] if item.kind in ("heartbeat", "ping") else [item]


@lie("heartbeat-is-event", "The heartbeat is an event with empty data.", "item")
def heartbeat_is_event(item: Item, _: BrowserLink) -> Items:
    return [Item("event", b"data: \n\n")] if item.text == b":\n\n" else [item]


@lie("retry-missing", "A stream does not begin with the line `retry`.", "item")
def retry_missing(item: Item, _: BrowserLink) -> Items:
    item.text = item.text.replace(b"retry: 1000\n", b"", 1)
    return [item]


@lie("retry-of-a-shutdown-missing", "A browser is not told when to come back to a server that stops.", "item")
def retry_of_a_shutdown_missing(item: Item, _: BrowserLink) -> Items:
    return [] if item.text.startswith(b"retry: ") and not item.text.startswith(b"retry: 1000\n") else [item]


@lie("position-missing", "A connection is not told its position.", "item")
def position_missing(item: Item, _: BrowserLink) -> Items:
    return [] if item.kind == "position" else [item]


@lie("cursor-reused", "Each event has the cursor with which its connection began.", "item")
def cursor_reused(item: Item, link: BrowserLink) -> Items:
    found = re.search(rb'(?:^|\n)id: ([^\n]*)|"cursor":"([^"]*)"', item.text)
    if found:
        cursor: bytes = found[1] or found[2]
        item.text = item.text.replace(cursor, link.memory.setdefault("cursor", cursor), 1)
    return [item]


@lie("cursor-ignored", "A browser that comes back with a cursor is treated as a new one.", "request")
def cursor_ignored(head: Head, _: BrowserLink) -> None:
    head.drop(b"last-event-id")
    head.first = re.sub(rb"([?&])last=[^& ]*", rb"\1", head.first)


@lie("gap-untold", "A gap is not told.", "item")
def gap_untold(item: Item, _: BrowserLink) -> Items:
    item.text = item.text.replace(b'"gap":true,"events"', b'"events"').replace(b',"gap":true', b"")
    return [] if item.text.startswith(b"event: gap") else [item]


@lie("gap-invented", "Each connection begins with a gap.", "item")
def gap_invented(item: Item, link: BrowserLink) -> Items:
    if item.kind == "position" and count(link, "positions") == 0:
        if item.text.startswith(b"retry"):
            cursor = item.text.partition(b"id: ")[2].strip()
            return [Item("position", b"retry: 1000\n\n"), Item("gap", b"event: gap\nid: %s\ndata: \n\n" % cursor)]
        item.text = item.text.replace(b"}", b',"gap":true}')
    return [item]


@lie("replaced-untold", "A connection that is taken over is not told so.", "item")
def replaced_untold(item: Item, _: BrowserLink) -> Items:
    return [] if b"replaced" in item.text and item.kind == "closed" else [item]


@lie("closed-reason-lost", "A browser is not told the reason for which its session was closed.", "item")
def closed_reason_lost(item: Item, _: BrowserLink) -> Items:
    if item.kind == "closed":
        item.text = re.sub(rb'"reason":".*"', b'"reason":""', item.text)
        item.text = re.sub(rb"(event: closed\ndata: )[^\n]*", rb"\1", item.text)
    return [item]


@lie("script-unescaped", "Bodies stand in scripts without escapes.", "item")
def script_unescaped(item: Item, _: BrowserLink) -> Items:
    for escaped, plain in ((rb"\u003c", b"<"), (rb"\u003e", b">"), (rb"\u0026", b"&")):
        item.text = item.text.replace(escaped, plain)
    return [item]


@lie("poll-cut-short", "A poll holds one event at most.", "item")
def poll_cut_short(item: Item, _: BrowserLink) -> Items:
    item.text = re.sub(rb'("events":\[[^,\]]*),.*\]', rb"\1]", item.text)
    return [item]


@lie("chunk-size-wrong", "The size of a chunk is one too small.", "chunk")
def chunk_size_wrong(text: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (max(1, len(text) - 1), text)


@lie("chunk-size-wrong", "", "item")
def see_items(item: Item, _: BrowserLink) -> Items:
    return [item]


@lie("last-chunk-missing", "A stream ends without its last chunk.", "last_chunk")
def last_chunk_missing(_: BrowserLink) -> bytes:
    return b""


@lie("last-chunk-missing", "", "item")
def see_all_items(item: Item, _: BrowserLink) -> Items:
    return [item]


@lie("stream-stays-open", "A stream that was taken over is not ended.", "last_chunk")
def stream_stays_open(_: BrowserLink) -> bytes:
    return b""


@lie("stream-stays-open", "", "over")
def keep_browser_open(link: LyingLink) -> bool:
    return not isinstance(link, BrowserLink)


@lie("stream-stays-open", "", "item")
def see_items_of_streams(item: Item, _: BrowserLink) -> Items:
    return [item]


@lie("head-held-back", "The head of a stream comes with its first event.", "head")
def head_held_back(head: Head, link: BrowserLink) -> Heads:
    if link.responses.framing not in ("chunked", "close"):
        return [head]
    link.memory["held"] = b"".join([head.wire()])
    return []


@lie("head-held-back", "", "item")
def release_head(item: Item, link: BrowserLink) -> Items:
    held: Items = link.memory.setdefault("items", [])
    if "held" not in link.memory:
        return [item]
    held.append(item)
    if item.kind in ("position", "heartbeat", "other"):
        return []
    link.client.write(link.memory.pop("held"))
    return held


@lie("keep-alive-ended", "A connection is closed after its first response.", "finished")
def keep_alive_ended(link: BrowserLink) -> None:
    link.client.end()


@lie("keep-alive-ended", "", "item")
def see_each_item(item: Item, _: BrowserLink) -> Items:
    return [item]


@lie("ws-close-code-wrong", "A WebSocket is closed with the code 1000, whatever the cause.", "item")
def ws_close_code_wrong(item: Item, _: BrowserLink) -> Items:
    if item.kind == "close":
        item.text = (1000).to_bytes(2, "big") + item.text[2:]
    return [item]


@lie("ws-pong-missing", "A Ping gets no Pong.", "item")
def ws_pong_missing(item: Item, _: BrowserLink) -> Items:
    return [] if item.kind == "pong" else [item]


@lie("ws-close-unanswered", "A Close frame of the browser is not answered.", "item")
def ws_close_unanswered(item: Item, _: BrowserLink) -> Items:
    return [] if item.kind == "close" else [item]


@lie("head-with-body", "The response to HEAD has a body.", "finished")
def head_with_body(link: BrowserLink) -> None:
    request = link.responses.request
    if request and request.words[0] == b"HEAD":
        link.client.write(b"There should be nothing here.\n")


@lie("head-with-body", "", "item")
def see_bodies(item: Item, _: BrowserLink) -> Items:
    return [item]


@lie("status-of-no-user", "A request without a user gets 200.", "head")
def status_of_no_user(head: Head, _: BrowserLink) -> Heads:
    if head.status == 404:
        head.set_status(200)
    return [head]


@lie("bad-request-taken", "A request that is not valid gets 404 and not 400.", "head")
def bad_request_taken(head: Head, _: BrowserLink) -> Heads:
    if head.status == 400:
        head.set_status(404)
    return [head]


@lie("post-refused", "A POST gets 405.", "head")
def post_refused(head: Head, link: BrowserLink) -> Heads:
    if link.responses.request and link.responses.request.words[0] == b"POST":
        head.set_status(405)
    return [head]


@lie("ack-200", "An acknowledgement gets 200.", "head")
def ack_200(head: Head, link: BrowserLink) -> Heads:
    if head.status == 204 and link.responses.request and link.responses.request.words[0] != b"OPTIONS":
        head.set_status(200)
        head.headers.append((b"Content-Length", b"0"))
    return [head]


@lie("ack-of-nothing", "An acknowledgement does nothing.", "request")
def ack_of_nothing(head: Head, _: BrowserLink) -> None:
    head.first = re.sub(rb"([?&])ack=(?=[^& ]*-)[^& ]*", rb"\1ack=none", head.first)


@lie("allow-missing", "A 405 has no Allow.", "head")
def allow_missing(head: Head, _: BrowserLink) -> Heads:
    head.drop(b"allow")
    return [head]


@lie("ws-accept-wrong", "The handshake of a WebSocket is answered with another key.", "head")
def ws_accept_wrong(head: Head, _: BrowserLink) -> Heads:
    head.put(b"sec-websocket-accept", b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    return [head]


@lie("ws-subprotocol-ignored", "The subprotocol of a WebSocket is not chosen.", "head")
def ws_subprotocol_ignored(head: Head, _: BrowserLink) -> Heads:
    head.drop(b"sec-websocket-protocol")
    return [head]


@lie("refusal-in-html", "The sentence of a refusal is called HTML.", "head")
def refusal_in_html(head: Head, _: BrowserLink) -> Heads:
    if head.status >= 400:
        head.put(b"content-type", b"text/html")
    return [head]


@lie("origin-not-named", "A listed origin is not named in the response.", "head")
def origin_not_named(head: Head, _: BrowserLink) -> Heads:
    head.drop(b"access-control-allow-origin")
    return [head]


@lie("stream-on-1.0-chunked", "A response over HTTP/1.0 says that it is chunked.", "head")
def stream_on_old_http_chunked(head: Head, link: BrowserLink) -> Heads:
    if head.status == 200 and link.responses.framing == "close":
        head.headers.append((b"Transfer-Encoding", b"chunked"))
    return [head]


@lie("foreign-origin-let-in", "Nobody looks where a request comes from.", "request")
def foreign_origin_let_in(head: Head, _: BrowserLink) -> None:
    head.drop(b"origin", b"referer", b"sec-fetch-site")


@lie("jsonp-callback-unchecked", "The name of a callback may be anything.", "request")
def jsonp_callback_unchecked(head: Head, _: BrowserLink) -> None:
    head.first = re.sub(rb"callback=[^& ]*", b"callback=take", head.first)


@lie("location-normalised", "Dots in a location are resolved.", "request")
def location_normalised(head: Head, _: BrowserLink) -> None:
    method, target, version = head.words
    path, mark, query = target.partition(b"?")
    while b"/../" in path or b"/./" in path or b"//" in path:
        path = re.sub(rb"/[^/]+/\.\./|/\./|//", b"/", path, count=1)
        path = path.replace(b"/../", b"/", 1) if path.startswith(b"/../") else path
    head.first = b" ".join([method, path + mark + query, version])


@lie("plus-is-space-in-path", "A plus in a location is a space.", "request")
def plus_is_space_in_path(head: Head, _: BrowserLink) -> None:
    path, mark, rest = head.first.partition(b"?")
    head.first = path.replace(b"+", b"%20") + mark + rest


@lie("last-field-counts", "If a field is there twice the last one counts.", "request")
def last_field_counts(head: Head, _: BrowserLink) -> None:
    method, target, version = head.words
    path, mark, query = target.partition(b"?")
    head.first = b" ".join([method, path + mark + b"&".join(query.split(b"&")[::-1]), version])


@lie("cookie-ignored", "The cookie with a session is ignored.", "request")
def cookie_ignored(head: Head, _: BrowserLink) -> None:
    head.drop(b"cookie")


@lie("transport-in-any-case", "The name of a transport may be written in any case.", "request")
def transport_in_any_case(head: Head, _: BrowserLink) -> None:
    head.first = re.sub(rb"transport=[^& ]*", lambda found: found[0].lower(), head.first)


@lie("second-bar-refused", "A path with two bars is cut at the second.", "request")
def second_bar_refused(head: Head, _: BrowserLink) -> None:
    method, target, version = head.words
    path, mark, query = target.partition(b"?")
    parts = re.split(rb"(\||%7[Cc])", path)
    head.first = b" ".join([method, b"".join(parts[:3]) + mark + query, version])


def without(header: bytes) -> Callable[[Head, BrowserLink], Heads]:
    """A lie that leaves a header away."""

    def change(head: Head, _: BrowserLink) -> Heads:
        head.drop(header)
        return [head]

    return change


for header in ("X-Content-Type-Options", "Cache-Control", "X-Accel-Buffering", "ETag"):
    lie(f"header-{header.lower()}", f"Responses have no {header}.", "head")(without(header.lower().encode()))


@lie("content-type-wrong", "Events come as text/plain.", "head")
def content_type_wrong(head: Head, _: BrowserLink) -> Heads:
    if head.status == 200:
        head.headers = [
            (key, b"text/plain" if key.lower() == b"content-type" else value) for key, value in head.headers
        ]
    return [head]
