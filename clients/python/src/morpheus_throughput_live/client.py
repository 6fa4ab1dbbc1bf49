"""A stream of events that survives its connections."""

import asyncio
import json
import random
import urllib.error
import urllib.request
from collections import deque
from typing import Any, AsyncIterator, Callable, Deque, Dict, List, NamedTuple, Optional, Sequence, Set, Tuple, Union
from urllib.parse import urlencode, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from .events import Channel, EventName, Gap, LiveEvent, Resume, Stage

#: Close codes and HTTP statuses after which it is useless to connect again.
_FINAL = {1003, 1008, 1009, 400, 401, 403, 404}
#: The server drops messages for a client only where so many others wait for it.
_SERVER_QUEUE = 4_096


class LiveError(Exception):
    """The server refused something, or could not be reached in time.

    ``code`` is the WebSocket's close code, the HTTP status, or 0.
    """

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class _Ended(NamedTuple):
    code: int
    reason: str
    at_once: bool = False


class _Ask(NamedTuple):
    wanted: Dict[str, Any]
    answer: "asyncio.Future[None]"


class _Through(NamedTuple):
    seqno: int


class _Missing(NamedTuple):
    gap: Gap


def _randomly(attempt: int) -> float:
    return random.random() * min(30.0, 0.25 * 2.0 ** min(attempt, 10))


class LiveClient:
    """Each event once: ``async for event in client``.

    :param server: such as ``https://live.example.com``; connects at the first use
    :param channel: default: all events
    :param min_stage: each event is delivered once, when its block gets there; default ``proposed``
    :param resume_from: the ``position`` of an earlier client: everything after it follows
    :param from_block: begins with the stored events of this block; excludes ``resume_from``
    :param on_gap: called between the events where something is missing
    :param on_retry: called with code, reason and delay when the connection ended and a new one follows
    :param backoff: seconds before the n-th attempt in a row, from 1; default: up to 0.5, 1, 2 ... 30 by chance
    :param max_queue: events that wait to be taken; with more, the client disconnects until half are taken
    """

    def __init__(
        self,
        server: str,
        *,
        channel: Optional[Channel] = None,
        events: Optional[Sequence[EventName]] = None,
        providers: Optional[Sequence[str]] = None,
        models: Optional[Sequence[str]] = None,
        min_stage: Optional[Stage] = None,
        resume_from: Optional[int] = None,
        from_block: Optional[int] = None,
        on_gap: Optional[Callable[[Gap], object]] = None,
        on_retry: Optional[Callable[[int, str, float], object]] = None,
        backoff: Callable[[int], float] = _randomly,
        max_queue: int = 10_000,
    ) -> None:
        if urlsplit(server).scheme not in ("http", "https", "ws", "wss"):
            raise ValueError(f"{server!r} is not a URL of a live server, such as https://live.example.com")
        #: What to give as ``resume_from`` later: all events up to it were taken. None before the first one.
        self.position: Optional[int] = resume_from
        self._base = server.rstrip("/")
        self._base = "http" + self._base[2:] if self._base.startswith("ws") else self._base
        self._channel = channel
        self._subscription = _narrowed(events, providers, models, min_stage)
        self._on_gap = on_gap
        self._on_retry = on_retry
        self._backoff = backoff
        self._most = max_queue
        self._queue: Deque[Union[LiveEvent, _Through, _Missing]] = deque()
        self._task: Optional["asyncio.Task[None]"] = None
        self._closed = False
        self._error: Optional[BaseException] = None
        self._resume: Optional[Resume] = None
        self._greeted: Set["asyncio.Future[Resume]"] = set()
        self._asked: List[_Ask] = []
        self._socket: Optional[ClientConnection] = None
        self._complaint = ""
        self._worked = False
        # Everything up to "through" was received or reported; what came after it is in "seen".
        self._through = -1 if resume_from is None else resume_from
        self._seen: Set[int] = set()
        self._received = 0
        self._dropped = 0
        # Block and log up to which the past was received, which no later event of a session repeats.
        self._past: Optional[Tuple[int, int]] = None if from_block is None else (from_block, -1)

    async def __aenter__(self) -> "LiveClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __aiter__(self) -> AsyncIterator[LiveEvent]:
        return self

    async def __anext__(self) -> LiveEvent:
        """Raises LiveError when the server refuses the stream; ends after ``close``."""
        self._start()
        while True:
            while not self._queue:
                if self._error:
                    raise self._error
                if self._closed:
                    raise StopAsyncIteration
                self._news.clear()
                await self._news.wait()
            item = self._queue.popleft()
            if len(self._queue) <= self._most // 2:
                self._drained.set()
            if isinstance(item, _Through):
                self.position = item.seqno
            elif isinstance(item, _Missing):
                if self._on_gap:
                    self._on_gap(item.gap)
            else:
                self.position = item.get("server_seqno", self.position)
                return item

    async def wait_for_resume(self, timeout: float = 10.0) -> Resume:
        """How the current connection began; ``snapshot`` says that it begins now."""
        self._start()
        if self._resume:
            return self._resume
        self._require_open()
        waiter: "asyncio.Future[Resume]" = asyncio.get_running_loop().create_future()
        self._greeted.add(waiter)
        try:
            return await asyncio.wait_for(waiter, timeout)
        except asyncio.TimeoutError:
            why = f": {self._complaint}" if self._complaint else ""
            raise LiveError(f"{self._base} did not begin a stream in {timeout} s{why}") from None
        finally:
            self._greeted.discard(waiter)

    async def subscribe(
        self,
        *,
        events: Optional[Sequence[EventName]] = None,
        providers: Optional[Sequence[str]] = None,
        models: Optional[Sequence[str]] = None,
        min_stage: Optional[Stage] = None,
    ) -> None:
        """Replaces what is heard from now on. Raises LiveError with the server's message where it refuses."""
        self._start()
        self._require_open()
        ask = _Ask(_narrowed(events, providers, models, min_stage), asyncio.get_running_loop().create_future())
        self._asked.append(ask)
        self._drained.set()
        if self._resume and self._socket:
            await self._ask(self._socket, ask)
        await ask.answer

    async def close(self) -> None:
        """Disconnects; what was received can still be taken."""
        self._finish(None)
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def status(self) -> Dict[str, Any]:
        return await self._get("/v1/status")

    async def tps(self) -> Dict[str, Any]:
        return await self._get("/v1/tps")

    async def contention(self) -> Dict[str, Any]:
        return await self._get("/v1/contention")

    async def lifecycle(self) -> Dict[str, Any]:
        return await self._get("/v1/lifecycle")

    async def health(self) -> Dict[str, Any]:
        """Does not raise where the server says that it is stale."""
        return await self._get("/health", 503)

    async def _get(self, path: str, accepted: int = 200) -> Dict[str, Any]:
        def read() -> Any:
            try:
                with urllib.request.urlopen(self._base + path, timeout=10) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                body = error.read()
                if error.code == accepted:
                    return json.loads(body)
                said = f"HTTP {error.code}: {_message(body)}"
                raise LiveError(f"GET {self._base}{path}: {said}", error.code) from None
            except OSError as error:
                raise LiveError(f"GET {self._base}{path}: {error}") from error

        found: Dict[str, Any] = await asyncio.to_thread(read)
        return found

    def _require_open(self) -> None:
        if self._error or self._closed:
            raise self._error or LiveError("the client is closed")

    def _start(self) -> None:
        if self._task is None and not self._closed:
            self._news = asyncio.Event()
            self._drained = asyncio.Event()
            self._task = asyncio.get_running_loop().create_task(self._follow())

    def _finish(self, error: Optional[BaseException]) -> None:
        if self._error or self._closed:
            return
        self._closed, self._error = error is None, error
        waiting: List["asyncio.Future[Any]"] = [*self._greeted, *(ask.answer for ask in self._asked)]
        for waiter in waiting:
            if not waiter.done():
                waiter.set_exception(error or LiveError("the client is closed"))
        self._asked.clear()
        if self._task:
            self._news.set()

    async def _follow(self) -> None:
        try:
            await self._run()
        except Exception as error:  # Told to whoever takes events.
            self._finish(error)

    async def _run(self) -> None:
        failed = 0
        while True:
            ended = await self._connect()
            self._resume = self._socket = None
            if self._received < _SERVER_QUEUE:  # None can have been dropped that "through" had told of.
                self._through = max(self._seen, default=self._through)
                self._seen.clear()
            if ended.code in _FINAL:
                said = f"{self._base} refused the stream ({ended.code}): {self._complaint or ended.reason}"
                raise LiveError(said, ended.code)
            if not ended.at_once:
                failed = 1 if self._worked else failed + 1
                delay = self._backoff(failed)
                self._complaint = self._complaint or ended.reason
                if self._on_retry:
                    self._on_retry(ended.code, self._complaint, delay)
                await asyncio.sleep(delay)
            while len(self._queue) > self._most // 2 and not self._asked:
                self._drained.clear()
                await self._drained.wait()

    async def _connect(self) -> _Ended:
        """One connection from its beginning to its end."""
        room = len(self._queue) + self._most if len(self._queue) > self._most // 2 else self._most
        self._worked = False
        self._received = 0
        self._complaint = ""
        try:
            # Its pings notice a connection that is dead.
            async with connect(self._url(), compression=None, max_size=2**24, close_timeout=1) as socket:
                self._socket = socket
                while len(self._queue) < room:
                    began = self._resume is not None
                    self._take(json.loads(await socket.recv()))
                    if self._resume and not began:
                        for ask in list(self._asked):
                            await self._ask(socket, ask)
                socket.transport.abort()  # A close in order would wait for what is on its way.
                return _Ended(0, "the queue is full", True)
        except ConnectionClosed as closed:
            frame = closed.rcvd
            return _Ended(frame.code, frame.reason) if frame else _Ended(0, "the connection broke")
        except InvalidStatus as refused:
            return _Ended(refused.response.status_code, _message(refused.response.body or b""))
        except (OSError, EOFError, asyncio.TimeoutError, WebSocketException) as error:
            return _Ended(0, str(error) or type(error).__name__)
        except (ValueError, KeyError, TypeError) as error:
            return _Ended(0, f"a message was not understood: {error!r}")

    def _url(self) -> str:
        query = {
            name: value if isinstance(value, str) else ",".join(value) for name, value in self._subscription.items()
        }
        if self._through >= 0:
            query["resume_from"] = str(self._through)
        elif self._past:
            query["from_block"] = str(self._past[0])
        path = f"/v1/ws/{self._channel}" if self._channel else "/v1/ws"
        return f"ws{self._base[4:]}{path}?{urlencode(query)}"

    @staticmethod
    async def _ask(socket: ClientConnection, ask: _Ask) -> None:
        try:
            await socket.send(json.dumps({"subscribe": ask.wanted}))
        except ConnectionClosed:
            pass  # The next connection asks again.

    def _take(self, message: Any) -> None:
        kind = message.get("type")
        if kind is None:
            self._worked = True
            self._event(message)
        elif kind == "resume":
            self._greet(message)
        elif kind == "live_from":
            block, skipped = message["block_number"], message["skipped_rows"]
            if not self._past or self._past[0] <= block:  # An earlier connection may have brought more.
                self._past = (block + 1, -1)
            if skipped:
                self._put(_Missing({"reason": "skipped_rows", "block_number": block, "skipped_rows": skipped}))
        elif kind == "through":
            self._worked = True
            through, dropped = message["through_seqno"], message["dropped"]
            if dropped > self._dropped:
                lost = dropped - self._dropped
                gap: Gap = {"reason": "dropped", "after_seqno": self._through, "through_seqno": through, "dropped": lost}
                self._put(_Missing(gap))
            self._dropped = dropped
            self._reach(through)
        elif kind == "subscribed" and self._asked:
            ask = self._asked.pop(0)
            self._subscription = ask.wanted
            if not ask.answer.done():
                ask.answer.set_result(None)
        elif kind == "error" and self._resume and self._asked and message["code"] == "bad_subscription":
            ask = self._asked.pop(0)
            if not ask.answer.done():
                ask.answer.set_exception(LiveError(message["message"]))
        elif kind == "error":
            self._complaint = message["message"]

    def _greet(self, resume: Resume) -> None:
        if resume["mode"] == "snapshot":
            if self._through >= 0:
                self._put(_Missing({"reason": "snapshot", "after_seqno": self._through, "resume": resume}))
            self._reach(resume["newest_seqno"])
        self._dropped = 0
        self._resume = resume
        for waiter in self._greeted:
            if not waiter.done():
                waiter.set_result(resume)

    def _reach(self, seqno: int) -> None:
        """Nothing up to here is asked for again."""
        self._through = seqno
        self._seen.clear()
        self._put(_Through(seqno))

    def _event(self, event: LiveEvent) -> None:
        self._received += 1
        seqno, block, log = event.get("server_seqno"), event["block_number"], event["log_index"]
        last_block, last_log = self._past or (0, -1)
        is_past = block < last_block or (block == last_block and log is not None and log <= last_log)
        if seqno is None:
            if is_past:
                return
            self._past = (block, -1 if log is None else log)
        else:
            if seqno <= self._through or seqno in self._seen:
                return
            if self._through < 0:  # Until the first number there is nothing to resume from but the block.
                self._through = seqno
            else:
                self._seen.add(seqno)
            if is_past and event["event_name"].startswith("Session"):
                return
        self._put(event)

    def _put(self, item: Union[LiveEvent, _Through, _Missing]) -> None:
        self._queue.append(item)
        self._news.set()


def _narrowed(
    events: Optional[Sequence[str]],
    providers: Optional[Sequence[str]],
    models: Optional[Sequence[str]],
    min_stage: Optional[str],
) -> Dict[str, Any]:
    """The fields of a subscription that narrow something; no events at all is for the server to refuse."""
    found: Dict[str, Any] = {} if events is None else {"events": list(events)}
    for name, values in (("providers", providers), ("models", models)):
        if values:
            found[name] = list(values)
    if min_stage:
        found["min_stage"] = min_stage
    return found


def _message(body: bytes) -> str:
    """The server's own words in an answer that is not 200."""
    text = body.decode("utf-8", "replace")[:2_000]
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text[:200]
