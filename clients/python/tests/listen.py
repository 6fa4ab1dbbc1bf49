"""Prints what a client hears, one JSON a line, and does what standard input says. ClientsTest runs it.

usage: python listen.py URL '{"channel": "sessions", "min_stage": "safe", ...}'
"""

import asyncio
import json
import sys
from typing import Any, Dict

from morpheus_throughput_live import LiveClient, LiveError


def say(value: Any) -> None:
    print(json.dumps(value, separators=(",", ":")), flush=True)


def failed(error: LiveError) -> None:
    say({"error": str(error), "code": error.code, "name": type(error).__name__})


async def command(live: LiveClient, go: asyncio.Event, line: str) -> None:
    [(name, value)] = json.loads(line).items()
    answer: Any = None
    try:
        if name == "subscribe":
            await live.subscribe(**value)
        elif name == "resume":
            answer = await live.wait_for_resume(value / 1000)
        elif name == "get":
            answer = await getattr(live, value)()
        elif name == "position":
            answer = live.position
        elif name == "go":
            go.set()
        elif name == "close":
            await live.close()
        say({"answer": answer})
    except LiveError as error:
        failed(error)


async def main(server: str, given: Dict[str, Any]) -> None:
    go = asyncio.Event()
    if not given.pop("held", False):
        go.set()
    async with LiveClient(
        server,
        **given,
        backoff=lambda attempt: 0.02,
        on_gap=lambda gap: say({"gap": gap}),
        on_retry=lambda code, reason, delay: say({"retry": {"code": code, "reason": reason}}),
    ) as live:
        tasks = set()

        async def obey() -> None:
            reader = asyncio.StreamReader()
            await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
            while line := await reader.readline():
                tasks.add(asyncio.create_task(command(live, go, line.decode())))

        listening = asyncio.create_task(obey())
        try:
            await go.wait()
            async for event in live:
                say(event)
            say({"over": True})
        except LiveError as error:
            failed(error)
        listening.cancel()


asyncio.run(main(sys.argv[1], json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}))
