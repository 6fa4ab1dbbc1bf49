"""Client of the Morpheus throughput indexer's live stream."""

from .client import LiveClient, LiveError
from .events import *  # noqa: F403
from .events import EventName, Gap, LiveEvent, Resume

__all__ = ["EventName", "Gap", "LiveClient", "LiveError", "LiveEvent", "Resume"]
