/** Lower-case 0x hex: an address, an id or a hash. */
export type Hex = `0x${string}`;
/** How settled a block is. */
export type Stage = 'proposed' | 'safe' | 'finalized';

interface Envelope<Name extends string, CommitStage, Payload> {
  /** Rises with every message, also over restarts of the server. Absent in messages of the past. */
  readonly server_seqno?: number;
  readonly event_name: Name;
  readonly block_number: number;
  readonly log_index: number | null;
  readonly tx_hash: Hex | null;
  readonly commit_stage: CommitStage;
  /** Of the block, Unix seconds. */
  readonly timestamp: number;
  readonly payload: Payload;
}

export interface SessionOpenedPayload {
  readonly session_id?: Hex;
  readonly user?: Hex | null;
  readonly provider: Hex | null;
  readonly model_id: Hex | null;
  readonly bid_id: Hex | null;
  readonly opened_at: number;
  readonly ends_at: number | null;
  readonly stake_wei: string | null;
  readonly direct_payment: boolean | null;
}

/** What the provider's receipt says; null where it does not. */
export interface Receipt {
  readonly format: 'seven-field' | 'five-field' | 'none' | 'unrecognized' | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  /** Tokens per second, times 1000. */
  readonly tps_scaled_1000: number | null;
  readonly ttft_ms: number | null;
}

export interface SessionClosedPayload {
  readonly session_id?: Hex;
  readonly user?: Hex | null;
  readonly provider: Hex | null;
  readonly model_id: Hex | null;
  readonly model_name: string | null;
  readonly bid_id: Hex | null;
  readonly opened_at: number | null;
  readonly ends_at: number | null;
  readonly closed_at: number;
  readonly duration_seconds: number;
  readonly price_per_second_wei: string | null;
  readonly earned_wei: string | null;
  readonly stake_wei: string | null;
  readonly direct_payment: boolean | null;
  readonly disputed: boolean;
  readonly early: boolean;
  readonly receipt: Receipt;
}

export interface SessionExpiredPayload {
  readonly session_id?: Hex;
  readonly provider: Hex | null;
  readonly model_id: Hex | null;
  readonly ends_at: number;
}

export interface SessionRetractedPayload {
  readonly retracts: EventName;
  readonly retracted_seqno: number;
  readonly reached_stage: Stage;
  readonly session_id?: Hex;
  readonly provider: Hex | null;
  readonly model_id: Hex | null;
}

export interface BlockStagePayload {
  readonly stage: Stage | 'rejected';
  readonly first_block: number;
  readonly last_block: number;
  readonly last_hash: Hex;
  readonly events: number;
  readonly reached_stage: Stage;
}

export interface Window {
  /** Whether everything that happened in the window is known. */
  readonly complete: boolean;
  readonly tokens_per_second: number;
  readonly sessions_opened_per_minute: number;
  readonly sessions_closed_per_minute: number;
  readonly sessions_closed: number;
  readonly tps_median: number | null;
  readonly ttft_ms_median: number | null;
}

export interface ThroughputPayload {
  readonly open_sessions: number;
  readonly windows: { readonly '5m': Window; readonly '1h': Window; readonly '24h': Window };
}

export interface Load {
  readonly open: number;
  readonly peak_30d: number;
  readonly load: number;
}

export interface ContentionPayload {
  readonly open_sessions: number;
  readonly providers: readonly (Load & { readonly provider: Hex })[];
  readonly models: readonly (Load & { readonly model_id: Hex })[];
}

/** A bid, a model or a provider came or went. */
export interface MarketPayload {
  readonly provider: Hex | null;
  readonly model_id: Hex | null;
  readonly bid_id: Hex | null;
  readonly owner: Hex | null;
}

export type SessionOpened = Envelope<'SessionOpened', Stage, SessionOpenedPayload>;
export type SessionClosed = Envelope<'SessionClosed', Stage, SessionClosedPayload>;
export type SessionExpired = Envelope<'SessionExpired', Stage, SessionExpiredPayload>;
export type SessionRetracted = Envelope<'SessionRetracted', 'rejected', SessionRetractedPayload>;
export type BlockStage = Envelope<'BlockStage', Stage | 'rejected', BlockStagePayload>;
export type Throughput = Envelope<'Throughput', null, ThroughputPayload>;
export type Contention = Envelope<'Contention', null, ContentionPayload>;
export type MarketEvent = Envelope<
  'BidPosted' | 'BidDeleted' | 'ModelRegistered' | 'ModelDeregistered' | 'ProviderRegistered' | 'ProviderDeregistered',
  Stage,
  MarketPayload
>;

/** Every event; `event_name` says which one it is. */
export type LiveEvent =
  | SessionOpened
  | SessionClosed
  | SessionExpired
  | SessionRetracted
  | BlockStage
  | Throughput
  | Contention
  | MarketEvent;
export type EventName = LiveEvent['event_name'];

/** Head, safe and final block, and the blocks with events that are not final. */
export interface Lifecycle {
  readonly head_block: number;
  readonly head_time: number;
  readonly safe_block: number;
  readonly finalized_block: number;
  readonly blocks: readonly { readonly block_number: number; readonly stage: Stage; readonly events: number }[];
}

/** Parts are missing while the server has not read the chain yet. */
export interface Snapshot {
  readonly throughput?: ThroughputPayload;
  readonly contention?: ContentionPayload;
  readonly lifecycle?: Lifecycle;
}

/** The first message of a connection: how the stream begins. */
export interface Resume {
  readonly type: 'resume';
  readonly mode: 'resume' | 'snapshot' | 'history';
  readonly oldest_seqno: number;
  readonly newest_seqno: number;
  readonly resume_from?: number;
  readonly from_block?: number;
  /** Why the stream begins now. */
  readonly reason?: string;
  readonly snapshot?: Snapshot;
}

export interface Status {
  readonly network: string;
  readonly diamond: Hex;
  readonly oldest_seqno: number;
  readonly newest_seqno: number;
  readonly head_block?: number;
  readonly head_time?: number;
  readonly safe_block?: number;
  readonly finalized_block?: number;
  readonly stages_by?: string;
  readonly lag_seconds?: number;
  readonly clients: number;
  readonly dropped: number;
  readonly source: 'subscription' | 'polling';
  readonly source_reason: string | null;
  readonly trouble: string | null;
}

export interface Health {
  readonly status: 'ok' | 'stale';
  /** Why what is sent may be old. */
  readonly reason?: string;
}
