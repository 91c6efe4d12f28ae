"""A browser without a screen: signs in, opens pages over the websocket, presses, chooses, uploads, downloads.

    with Visitor(address, token) as visitor:
        page = visitor.open("savings", district="范县")
        page.title, page.tables, page.links, page.texts
        visitor.press("核对通过")

It speaks Streamlit's own messages, so that what it is given is what a browser would be given.
"""

import json
import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from io import BytesIO
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import httpx
import pandas as pd
import pyarrow as pa
from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

COOKIE, XSRF = "vbp_sign_in", "_streamlit_xsrf"
PATIENCE = 90
PATIENCE_WITH_A_FILE = 600
"""Seconds, as long as the proxy waits (deploy/nginx.conf); a browser waits for a file without an end."""
LARGEST = 64_000_000

LINK = re.compile(r'<a class="vbp-export[^>]*href="([^"]+)"[^>]*>([^<]*)</a>')
GOES_ON = ForwardMsg.FINISHED_EARLY_FOR_RERUN


@dataclass
class Page:
    """What one run sent."""

    messages: list[ForwardMsg] = field(default_factory=list)

    @cached_property
    def elements(self) -> list[Element]:
        """What is on the page at the end, by place: a place that was drawn twice holds the last."""
        places: dict[tuple[int, ...], Element] = {}
        for message in self.messages:
            if message.HasField("delta") and message.delta.HasField("new_element"):
                places[tuple(message.metadata.delta_path)] = message.delta.new_element
        return list(places.values())

    def get(self, kind: str) -> list[Any]:
        return [getattr(element, kind) for element in self.elements if element.WhichOneof("type") == kind]

    @property
    def title(self) -> str:
        return next((heading.body for heading in self.get("heading") if heading.tag == "h1"), "")

    @property
    def tables(self) -> list[pd.DataFrame]:
        return [frame_of(table.arrow_data.data) for table in self.get("dataframe")]

    @property
    def links(self) -> dict[str, str]:
        """Files that are offered: the words on the button and the path."""
        found = [LINK.search(html.body) for html in self.get("html")]
        return {unescape(match[2]): match[1].removeprefix(".") for match in found if match}

    @property
    def menu(self) -> dict[str, str]:
        """Titles of the pages in the menu, and the numbers that Streamlit knows them by."""
        return {
            page.page_name: page.page_script_hash
            for message in self.messages
            if message.HasField("navigation")
            for page in message.navigation.app_pages
        }

    @property
    def number(self) -> str:
        """The number of the page that ran, as the menu has it."""
        found = [m.navigation.page_script_hash for m in self.messages if m.HasField("navigation")]
        return found[-1] if found else ""

    @property
    def errors(self) -> list[str]:
        """What went wrong, as the reader is told it."""
        told = [alert.body for alert in self.get("alert") if alert.format == alert.ERROR]
        return told + [exception.message for exception in self.get("exception")]

    @cached_property
    def texts(self) -> str:
        """Every text that was sent, whether it is shown or not: labels, cells, charts, menus."""
        return "\n".join(text for message in self.messages for text in texts_of(message))


class Visitor:
    """One tab of one browser. `token`: a sign-in that is there already (tests.people)."""

    def __init__(self, address: str, token: str | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.address, self.token, self._tls = address, token or "", tls
        self.http = httpx.Client(
            base_url=address,
            headers={"Origin": address},
            timeout=PATIENCE,
            verify=tls or True,
            trust_env=False,
        )
        self.session_id = ""
        self.page = Page()
        self._at, self._query = "", ""
        self._kept: dict[str, WidgetState] = {}
        self._tab = ExitStack()
        self._socket: ClientConnection | None = None
        if token:
            self.http.cookies.set(COOKIE, token)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.leave()

    def leave(self) -> None:
        self.close()
        self.http.close()

    def close(self) -> None:
        """Close the tab; the sign-in stays."""
        self._tab.close()
        self._socket = None

    def sign_in(self, name: str, password: str, **more: str) -> httpx.Response:
        return self.http.post("/login", data={"name": name, "password": password, **more})

    def connect(self, session_id: str = "", **headers: str) -> None:
        """Open the websocket as the page's script does; with a `session_id`, to take up that session."""
        self.http.get("/_stcore/health")
        token = self.http.cookies.get(XSRF) or "none"
        sent = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.http.cookies.items()),
            **headers,
        }
        socket = connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit", token, *([session_id] if session_id else [])],  # type: ignore[list-item]
            origin=sent.pop("Origin", self.address),  # type: ignore[arg-type]
            additional_headers=sent,
            ssl=self._tls,
            max_size=LARGEST,
            open_timeout=PATIENCE,
            proxy=None,
        )
        self._socket = self._tab.enter_context(socket)

    # --- What a reader does --------------------------------------------------------------------------

    def open(self, path: str = "", page_hash: str = "", **query: str | list[str]) -> Page:
        """The page at an address, or of a number."""
        if self._socket is None:
            self.connect()
        self._at, self._query, self._kept = path, urlencode(query, doseq=True), {}
        return self.rerun(page_hash=page_hash)

    def press(self, label: str) -> Page:
        """The button of this label."""
        button = next(button for button in self.page.get("button") if button.label == label)
        return self.rerun(WidgetState(id=button.id, trigger_value=True))

    def choose(self, label: str, word: str) -> Page:
        """A word of a select box."""
        box = next(box for box in self.page.get("selectbox") if box.label == label)
        return self.rerun(WidgetState(id=box.id, string_value=word))

    def upload(self, name: str, content: bytes, at: int = 0) -> Page:
        """A file into an uploader of the page."""
        urls = self.upload_urls(name)
        self.put(urls.upload_url, name, content).raise_for_status()
        state = WidgetState(id=self.page.get("file_uploader")[at].id)
        state.file_uploader_state_value.uploaded_file_info.add(
            name=name, size=len(content), file_id=urls.file_id, file_urls=urls
        )
        return self.rerun(state)

    def upload_urls(self, name: str) -> Any:
        """Where Streamlit wants a file to be put."""
        asked = BackMsg()
        asked.file_urls_request.request_id = "1"
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self.session_id
        self._send(asked)
        return next(
            m.file_urls_response.file_urls[0] for m in self._hear() if m.HasField("file_urls_response")
        )

    def put(self, path: str, name: str, content: bytes) -> httpx.Response:
        return self.http.put(path, files={name: (name, content)}, headers=self.xsrf)

    @property
    def xsrf(self) -> dict[str, str]:
        return {"X-Xsrftoken": self.http.cookies.get(XSRF) or ""}

    def download(self, text: str) -> httpx.Response:
        """The file behind the button of this text."""
        return self.http.get(self.page.links[text], timeout=PATIENCE_WITH_A_FILE)

    # --- Streamlit's messages ------------------------------------------------------------------------

    def rerun(self, *states: WidgetState, page_hash: str = "") -> Page:
        """Run the page again, with what was done to its widgets."""
        asked = BackMsg()
        asked.rerun_script.page_script_hash = page_hash
        asked.rerun_script.page_name = self._at
        asked.rerun_script.query_string = self._query
        # A browser tells of all widgets at each click; what was pressed it tells once.
        asked.rerun_script.widget_states.widgets.extend([*self._kept.values(), *states])
        self._kept |= {state.id: state for state in states if not state.HasField("trigger_value")}
        asked.rerun_script.context_info.url = f"{self.address}/{self._at}"
        self._send(asked)
        self.page = Page(list(self._run()))
        return self.page

    def _send(self, message: BackMsg) -> None:
        assert self._socket is not None
        self._socket.send(message.SerializeToString())

    def _hear(self) -> Iterator[ForwardMsg]:
        assert self._socket is not None
        while True:
            yield ForwardMsg.FromString(self._socket.recv(PATIENCE))  # type: ignore[arg-type]

    def _run(self) -> Iterator[ForwardMsg]:
        """The messages from the last beginning of the script to its end."""
        for message in self._hear():
            if message.HasField("new_session"):
                self.session_id = message.new_session.initialize.session_id
            yield message
            if message.WhichOneof("type") == "script_finished" and message.script_finished != GOES_ON:
                return


def frame_of(arrow: bytes) -> pd.DataFrame:
    return pa.ipc.open_stream(BytesIO(arrow)).read_pandas()


def texts_of(message: Message) -> Iterator[str]:
    """Every text inside a message."""
    for described, value in message.ListFields():
        for one in _each(value, described.is_repeated):
            if isinstance(one, Message):
                yield from texts_of(one)
            elif isinstance(one, bytes) and one:
                yield frame_of(one).to_csv()
            elif isinstance(one, str):
                yield _written_out(one)


def _each(value: Any, is_repeated: bool) -> Iterable[Any]:
    if not is_repeated:
        return [value]
    return value.values() if hasattr(value, "values") else value


def _written_out(text: str) -> str:
    r"""A chart's JSON with its letters instead of \u6fee."""
    if not text.startswith("{"):
        return text
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text
