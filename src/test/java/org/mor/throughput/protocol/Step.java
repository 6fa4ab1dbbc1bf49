package org.mor.throughput.protocol;

/** What a writer does next: one call to the chain or the store. */
@SuppressWarnings({"EnumOrdinal", "ImmutableEnumChecker"})
enum Step {
  HEAD(Kind.CHAIN),
  /** A backfill reads the coverage to find what is left to scan. */
  PLAN(Kind.GET),
  /**
   * Where the store's cursor stands, before anything is written; and whether it is on the chain.
   */
  POSITION(Kind.GET),
  /** Whether a block that a scan met is kept otherwise. */
  SUSPECT(Kind.GET),
  /** The kept blocks, of which the newest is looked for that the chain has. */
  KEPT(Kind.GET),
  REWIND_GET(Kind.GET),
  REWIND_PUT(Kind.PUT),
  CUT_GET(Kind.GET),
  CUT_PUT(Kind.PUT),
  END_GET(Kind.GET),
  END_PUT(Kind.PUT),
  /** A backfill reads the coverage again after a rewind. */
  PLAN_AGAIN(Kind.GET),
  LOGS(Kind.CHAIN),
  MONTH_GET(Kind.GET),
  MONTH_PUT(Kind.PUT),
  COVERAGE_GET(Kind.GET),
  COVERAGE_PUT(Kind.PUT),
  /** Whether there is a cursor to go back from, when two runs have scanned different chains. */
  GONE(Kind.GET),
  /** Whether the cursor is to move at all. */
  CURSOR_CHECK(Kind.GET),
  CURSOR_GET(Kind.GET),
  CURSOR_PUT(Kind.PUT),
  /** A backfill looks whether an interrupted one left the cursor behind. */
  CATCH_UP(Kind.GET),
  CATCH_UP_CHECK(Kind.GET),
  PUBLISH_CURSOR(Kind.GET),
  PUBLISH_FIRST(Kind.GET),
  PUBLISH_SECOND(Kind.GET),
  DOCUMENT_GET(Kind.GET),
  DOCUMENT_PUT(Kind.PUT),
  DONE(Kind.NONE);

  /** Which faults a step can meet. */
  enum Kind {
    CHAIN(Fault.CRASH_BEFORE, Fault.LAGGING),
    GET(Fault.CRASH_BEFORE, Fault.UNAVAILABLE, Fault.TRUNCATED),
    PUT(
        Fault.CRASH_BEFORE,
        Fault.CRASH_AFTER,
        Fault.CONFLICT,
        Fault.SERVER_ERROR,
        Fault.LOST_ACK,
        Fault.DELAYED),
    NONE();

    private final Fault[] faults;

    Kind(Fault... faults) {
      this.faults = faults;
    }

    Fault[] faults() {
      return faults.clone();
    }
  }

  private final Kind kind;

  Step(Kind kind) {
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }
}
