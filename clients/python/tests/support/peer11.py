"""Scripts of a peer that speaks Orbit 1.1."""

from __future__ import annotations

from .peer import Frame, PeerConnection


def action(frame: Frame) -> str:
    return frame.lines[1]


def name(frame: Frame) -> str:
    """Give the id, which is any text."""
    return frame.values("id")[0]


def greet(connection: PeerConnection) -> Frame:
    """Answer the greeting."""
    frame = connection.read_frame()
    assert frame.lines[0] == "Orbit 1.1"
    assert action(frame) in ("Ping", "Auth")
    answer(connection, frame, "")
    return frame


def answer(connection: PeerConnection, frame: Frame, more: str = "reached: 1\r\n") -> None:
    connection.send(f"Success\r\nid: {name(frame)}\r\n{more}\r\n".encode())


def refuse(connection: PeerConnection, frame: Frame, code: str) -> None:
    connection.send(f"Failure\r\nid: {name(frame)}\r\nmsg: No\r\ncode: {code}\r\n\r\n".encode())


def speak_1_0(connection: PeerConnection) -> None:
    """Be a server of Orbit 1.0, which reaches the first recipient of each event."""
    while frame := connection.read_frame_or_end():
        if frame.lines[:2] != ["Orbit 1.0", "Event"]:
            assert action(frame) != "Event"
            refuse(connection, frame, "102 bad_action")
            continue
        missing = "".join(f"recipient: ({key})\r\n" for key in frame.values("recipient")[1:])
        word = "Failure" if missing else "Success"
        connection.send(f"{word}\r\nid: {name(frame)}\r\n{missing}\r\n".encode())


def begin_watch(connection: PeerConnection, sequence: int, more: str = "") -> Frame:
    """Read a Watch and answer it."""
    frame = connection.read_frame()
    assert action(frame) == "Watch"
    answer(connection, frame, f"epoch: e\r\nsequence: {sequence}\r\n{more}")
    return frame


def signon(frame: Frame, sequence: int) -> bytes:
    """Write a notice of the watch that a frame began."""
    head = f"Signon\r\nwatch: {name(frame)}\r\nepoch: e\r\nsequence: {sequence}\r\n"
    return f"{head}key: (u{sequence}, 0, /x)\r\n\r\n".encode()


def answer_all(connection: PeerConnection) -> None:
    """Greet, and say Success to each event and ping until the client is gone."""
    while frame := connection.read_frame_or_end():
        answer(connection, frame, "reached: 1\r\n" if action(frame) == "Event" else "")


def close_after_frame(connection: PeerConnection) -> None:
    greet(connection)
    connection.read_frame()
