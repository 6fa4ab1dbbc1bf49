package org.mor.throughput.metrics;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Everything that is measured about a run: the one place for the names. A yes is 1, a no is 0; what
 * is not known is left out, never 0. The few that an alarm reads are metrics in CloudWatch, where
 * each costs 0.30 USD a month; the others are fields of the same line of the log.
 */
public enum Metric {
  RUN_SUCCEEDED("RunSucceeded", Unit.NONE, "whether the run ended without an error"),
  RUN_PARTIAL("RunPartial", Unit.NONE, "whether the run stopped early for want of time"),
  RUN_REWOUND(
      "RunRewound", Unit.NONE, "whether the run went back first: the chain was reorganised"),
  RUN_MILLISECONDS("RunMilliseconds", Unit.MILLISECONDS, "how long the run took"),
  COLD_START("ColdStart", Unit.NONE, "whether it was the first run of its environment"),
  CURSOR_LAG_BLOCKS("CursorLagBlocks", Unit.COUNT, "blocks between the cursor and the newest one"),
  CURSOR_LAG_SECONDS(
      "CursorLagSeconds", Unit.SECONDS, "age of the cursor's block, by the clock of the run"),
  CURSOR_ON_CHAIN("CursorOnChain", Unit.NONE, "whether the chain has the block of the cursor"),
  STORE_GENERATION("StoreGeneration", Unit.COUNT, "rewinds of the store so far, by whomever"),
  COVERAGE_GAPS("CoverageGaps", Unit.COUNT, "stretches before the cursor that were not scanned"),
  BLOCKS_SCANNED("BlocksScanned", Unit.COUNT, "blocks scanned and committed, overlap included"),
  SESSIONS_OPENED("SessionsOpened", Unit.COUNT, "SessionOpened events in those blocks"),
  SESSIONS_CLOSED("SessionsClosed", Unit.COUNT, "SessionClosed events in those blocks"),
  ROWS_ADDED("RowsAdded", Unit.COUNT, "rows that were not stored before"),
  ROWS_REFRESHED("RowsRefreshed", Unit.COUNT, "old or unsettled rows written anew"),
  ROWS_RETRACTED("RowsRetracted", Unit.COUNT, "rows whose events are gone from the chain"),
  SUSPECT_ROWS(
      "SuspectRows",
      Unit.COUNT,
      "rows that the chain may no longer have, at most the 2000 that are listed"),
  RPC_REQUESTS("RpcRequests", Unit.COUNT, "HTTP requests to the chain's endpoints"),
  RPC_CALLS("RpcCalls", Unit.COUNT, "JSON-RPC calls in those requests"),
  RPC_ERRORS("RpcErrors", Unit.COUNT, "failed requests and calls"),
  RPC_RETRIES("RpcRetries", Unit.COUNT, "operations asked again"),
  STORE_CONFLICTS(
      "StoreConflicts",
      Unit.COUNT,
      "partition writes of scan and refresh done again: another writer came first, or no answer"),
  DOCUMENTS_WRITTEN("DocumentsWritten", Unit.COUNT, "published documents that were replaced"),
  STUCK_SESSIONS("StuckSessions", Unit.COUNT, "sessions that expired and were not closed"),
  INVALIDATION_FAILED(
      "InvalidationFailed", Unit.NONE, "whether the CDN refused to forget old documents"),
  LOGS_OMITTED(
      "LogsOmitted", Unit.COUNT, "answers without logs that another endpoint had logs for"),
  REAUDIT_ROWS_FOUND(
      "ReauditRowsFound", Unit.COUNT, "rows that were missing in old blocks read once more"),
  PROOF_PROVEN("ProofProven", Unit.NONE, "whether the completeness proof holds");

  /** The CloudWatch namespace of the published ones. */
  public static final String NAMESPACE = "MorpheusThroughput";

  /** The dimension of the published ones, so that two functions in one account do not mix. */
  public static final String FUNCTION_DIMENSION = "FunctionName";

  private static final Set<Metric> PUBLISHED =
      EnumSet.of(RUN_SUCCEEDED, CURSOR_LAG_SECONDS, PROOF_PROVEN, REAUDIT_ROWS_FOUND);

  /** What a value counts, by its name in CloudWatch. */
  public enum Unit {
    NONE("None"),
    COUNT("Count"),
    SECONDS("Seconds"),
    MILLISECONDS("Milliseconds");

    private final String text;

    Unit(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  private final String text;
  private final Unit unit;
  private final String meaning;

  Metric(String text, Unit unit, String meaning) {
    this.text = text;
    this.unit = unit;
    this.meaning = meaning;
  }

  /** The name in CloudWatch and in the log, such as {@code CursorLagBlocks}. */
  public String cloudWatchName() {
    return text;
  }

  /** Whether it is a metric in CloudWatch: an alarm of Terraform reads it. */
  public boolean isPublished() {
    return PUBLISHED.contains(this);
  }

  /** The same name for Prometheus, such as {@code throughput_cursor_lag_blocks}. */
  public String prometheusName() {
    return "throughput_" + name().toLowerCase(Locale.ROOT);
  }

  Unit unit() {
    return unit;
  }

  /** What is counted, in one line. */
  public String meaning() {
    return meaning;
  }
}
