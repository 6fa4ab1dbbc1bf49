package org.mor.throughput.config;

import java.util.Arrays;
import java.util.Optional;

/**
 * Every variable that configures the program, in the order in which they are documented: the one
 * place that names them, their defaults and what they mean.
 */
public enum Variable {
  BASE_RPC_URL("", "the chain's JSON-RPC URLs, comma-separated: first preferred, others failover"),
  RPC_SECRET_ID("", "the Secrets Manager secret with that text; used when BASE_RPC_URL is absent"),
  RPC_CONCURRENCY("8", "requests that are under way to one endpoint at once, at most"),
  STORE("", "where rows and documents are kept: s3://bucket/prefix/ or file:DIR"),
  AWS_REGION("us-east-2", "the region of the bucket and of the secrets"),
  AWS_ENDPOINT_URL("", "an S3-compatible server instead of AWS; addressed path-style"),
  NETWORK("base", "base, base-sepolia, arbitrum-one or arbitrum-sepolia"),
  DIAMOND_ADDRESS("", "another marketplace contract than the network's"),
  START_BLOCK("", "the first block to scan instead of the network's"),
  MAX_BLOCKS_PER_RUN("4000", "new blocks one incremental run scans at most"),
  SAFETY_LAG_BLOCKS("20", "how far behind the head to stay when CONFIRMATION=blocks"),
  CONFIRMATION("blocks", "which blocks count as settled: blocks, safe or finalized"),
  OVERLAP_BLOCKS("200", "blocks before the cursor that every run scans again"),
  ENRICH_CLOSES_PER_RUN("200", "old or unsettled rows one incremental run reads again at most"),
  TPS_CLAMP("500", "tokens per second above which estimates and clamped means do not follow"),
  LEGACY_ESTIMATE_FROM("2025-12-01", "first day (UTC) whose five-field receipts are estimated"),
  LEGACY_ESTIMATE_UNTIL("2026-02-01", "first day (UTC) that is not estimated any more"),
  GATEWAY_WALLETS("", "the API gateway's wallets, comma-separated"),
  USER_HASH_KEY("", "a secret of 16 characters or more: wallets are stored as keyed hashes"),
  USER_HASH_KEY_SECRET_ID(
      "", "the Secrets Manager secret with that key; used when USER_HASH_KEY is absent"),
  CLOUDFRONT_DISTRIBUTION_ID(
      "", "the CloudFront distribution told to forget documents when a figure changed"),
  LIVE_POLL_MS("1000", "live: how often the newest block is asked for, in milliseconds"),
  LIVE_WS_URL("", "live: the node's ws:// or wss:// URL, to hear of new blocks at once"),
  LIVE_DIR("local-raw/live", "live: the directory that keeps the last 100,000 messages"),
  LIVE_SHOW_USERS("false", "live: true sends the users of sessions, as the store has them"),
  LIVE_SHOW_SESSIONS("false", "live: true sends session ids and transaction hashes"),
  MAX_CONNECTIONS_PER_IP("10", "live: streams that one address may have open"),
  TRUSTED_PROXIES("", "live, serve: addresses or networks whose X-Forwarded-For is believed"),
  SCHEDULE_MINUTES("15", "live --index: minutes from one scheduled run to the next"),
  RELAY_SECRET("", "relay: the key that signs webhooks, whsec_ and 24 to 64 bytes in Base64"),
  RELAY_SECRET_PREVIOUS("", "relay: the key before, which signs too while receivers change over"),
  TELEMETRY_DB("", "serve, live: the SQLite file that requests are counted in; empty for none"),
  TELEMETRY_TOKEN("", "serve, live: the token of /metrics and /api/telemetry; empty: they are off"),
  LOG_FORMAT("text", "text or json; the scheduled function always writes json"),
  LOG_LEVEL("info", "debug, info, warn or error");

  private final String byDefault;
  private final String meaning;

  Variable(String byDefault, String meaning) {
    this.byDefault = byDefault;
    this.meaning = meaning;
  }

  /** The value used when the variable is absent or empty; "" when there is none. */
  public String byDefault() {
    return byDefault;
  }

  /** What it is for and what it accepts, in one line. */
  public String meaning() {
    return meaning;
  }

  /** Whether its value must never be shown. */
  public boolean isSecret() {
    return switch (this) {
      case BASE_RPC_URL,
          USER_HASH_KEY,
          LIVE_WS_URL,
          RELAY_SECRET,
          RELAY_SECRET_PREVIOUS,
          TELEMETRY_TOKEN ->
          true;
      default -> false;
    };
  }

  /** The variable of exactly this name. */
  public static Optional<Variable> named(String name) {
    return Arrays.stream(values()).filter(v -> v.name().equals(name)).findFirst();
  }
}
