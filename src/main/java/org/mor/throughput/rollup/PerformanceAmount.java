package org.mor.throughput.rollup;

/** The whole numbers a performance cell adds up; MILLI ones are thousandths of a token. */
public enum PerformanceAmount {
  SESSIONS_CLOSED("sessionsClosed"),
  SESSIONS_LEGACY_EST("sessionsLegacyEst"),
  SESSIONS_DISPUTED("sessionsDisputed"),
  SESSIONS_CLOSED_EARLY("sessionsClosedEarly"),
  SESSIONS_IDLE("sessionsIdle"),
  SESSIONS_FLAGGED("sessionsFlagged"),
  INPUT_TOKENS("inputTokens"),
  OUTPUT_TOKENS("outputTokens"),
  LEGACY_MILLI_TOKENS("legacyMilliTokens"),
  DISPUTED_MILLI_TOKENS("disputedMilliTokens"),
  TOKENS_FLAGGED("tokensFlagged"),
  SESSION_SECONDS("sessionSeconds"),
  TTFT_OVER_30S("ttftOver30s"),
  TPS_SAMPLES("tpsSamples"),
  TTFT_SAMPLES("ttftSamples");

  private final String field;

  PerformanceAmount(String field) {
    this.field = field;
  }

  /** Its published name. */
  public String field() {
    return field;
  }
}
