"""The messages of the live stream. docs/live/*.schema.json of the server describes every field."""

from typing import Any, Dict, List, Literal, Optional, TypedDict, Union

Stage = Literal["proposed", "safe", "finalized"]
AnyStage = Literal["proposed", "safe", "finalized", "rejected"]
Channel = Literal["sessions", "throughput", "contention", "lifecycle", "market"]
MarketName = Literal[
    "BidPosted", "BidDeleted", "ModelRegistered", "ModelDeregistered", "ProviderRegistered", "ProviderDeregistered"
]
EventName = Literal[
    "SessionOpened", "SessionClosed", "SessionExpired", "SessionRetracted", "BlockStage", "Throughput", "Contention",
    MarketName,
]


class _Session(TypedDict, total=False):
    session_id: str


class _SessionAndUser(_Session, total=False):
    user: Optional[str]


class SessionOpenedPayload(_SessionAndUser):
    provider: Optional[str]
    model_id: Optional[str]
    bid_id: Optional[str]
    opened_at: int
    ends_at: Optional[int]
    stake_wei: Optional[str]
    direct_payment: Optional[bool]


class Receipt(TypedDict):
    """What the provider's receipt says; None where it does not."""

    format: Optional[Literal["seven-field", "five-field", "none", "unrecognized"]]
    input_tokens: Optional[int]
    output_tokens: Optional[int]
    tps_scaled_1000: Optional[int]  # tokens per second, times 1000
    ttft_ms: Optional[int]


class SessionClosedPayload(_SessionAndUser):
    provider: Optional[str]
    model_id: Optional[str]
    model_name: Optional[str]
    bid_id: Optional[str]
    opened_at: Optional[int]
    ends_at: Optional[int]
    closed_at: int
    duration_seconds: int
    price_per_second_wei: Optional[str]
    earned_wei: Optional[str]
    stake_wei: Optional[str]
    direct_payment: Optional[bool]
    disputed: bool
    early: bool
    receipt: Receipt


class SessionExpiredPayload(_Session):
    provider: Optional[str]
    model_id: Optional[str]
    ends_at: int


class SessionRetractedPayload(_Session):
    retracts: EventName
    retracted_seqno: int
    reached_stage: Stage
    provider: Optional[str]
    model_id: Optional[str]


class BlockStagePayload(TypedDict):
    stage: AnyStage
    first_block: int
    last_block: int
    last_hash: str
    events: int
    reached_stage: Stage


class Window(TypedDict):
    complete: bool  # whether everything that happened in the window is known
    tokens_per_second: float
    sessions_opened_per_minute: float
    sessions_closed_per_minute: float
    sessions_closed: int
    tps_median: Optional[float]
    ttft_ms_median: Optional[float]


ThroughputPayload = TypedDict("ThroughputPayload", {"open_sessions": int, "windows": Dict[str, Window]})


class _Load(TypedDict):
    open: int
    peak_30d: int
    load: float


class ProviderLoad(_Load):
    provider: str


class ModelLoad(_Load):
    model_id: str


class ContentionPayload(TypedDict):
    open_sessions: int
    providers: List[ProviderLoad]
    models: List[ModelLoad]


class MarketPayload(TypedDict):
    """A bid, a model or a provider came or went."""

    provider: Optional[str]
    model_id: Optional[str]
    bid_id: Optional[str]
    owner: Optional[str]


class _Numbered(TypedDict, total=False):
    server_seqno: int  # absent in messages of the past


class _Envelope(_Numbered):
    block_number: int
    log_index: Optional[int]
    tx_hash: Optional[str]
    timestamp: int  # of the block, Unix seconds


class SessionOpened(_Envelope):
    event_name: Literal["SessionOpened"]
    commit_stage: Stage
    payload: SessionOpenedPayload


class SessionClosed(_Envelope):
    event_name: Literal["SessionClosed"]
    commit_stage: Stage
    payload: SessionClosedPayload


class SessionExpired(_Envelope):
    event_name: Literal["SessionExpired"]
    commit_stage: Stage
    payload: SessionExpiredPayload


class SessionRetracted(_Envelope):
    event_name: Literal["SessionRetracted"]
    commit_stage: Literal["rejected"]
    payload: SessionRetractedPayload


class BlockStage(_Envelope):
    event_name: Literal["BlockStage"]
    commit_stage: AnyStage
    payload: BlockStagePayload


class Throughput(_Envelope):
    event_name: Literal["Throughput"]
    commit_stage: None
    payload: ThroughputPayload


class Contention(_Envelope):
    event_name: Literal["Contention"]
    commit_stage: None
    payload: ContentionPayload


class MarketEvent(_Envelope):
    event_name: MarketName
    commit_stage: Stage
    payload: MarketPayload


#: Every event; ``event["event_name"]`` says which one it is, to type checkers too.
LiveEvent = Union[
    SessionOpened, SessionClosed, SessionExpired, SessionRetracted, BlockStage, Throughput, Contention, MarketEvent
]


class Resume(TypedDict, total=False):
    """The first message of a connection: how the stream begins."""

    type: Literal["resume"]
    mode: Literal["resume", "snapshot", "history"]
    oldest_seqno: int
    newest_seqno: int
    resume_from: int
    from_block: int
    reason: str  # why the stream begins now
    snapshot: Dict[str, Any]  # throughput, contention, lifecycle


class Gap(TypedDict, total=False):
    """Events that this client missed, or may have missed, and what is known of it."""

    reason: Literal["snapshot", "dropped", "skipped_rows"]
    after_seqno: int
    through_seqno: int
    dropped: int
    resume: Resume
    block_number: int
    skipped_rows: int
