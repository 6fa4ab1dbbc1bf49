package org.mor.throughput.simulation;

import static org.mor.throughput.simulation.Hit.*;

import java.util.ArrayList;
import java.util.List;

/** The kinds of calls, and what can go wrong at each: the fault matrix. */
enum Site {
  CHAIN_ID(Family.ENDPOINT),
  HEAD(Family.ENDPOINT, LAGGING, REORGANISED),
  BLOCK(Family.ENDPOINT, LAGGING, REORGANISED),
  LOGS(Family.ENDPOINT, EMPTY_LOGS, PARTIAL_LOGS, LAGGING, REORGANISED, LIES),
  CALL(Family.ENDPOINT, LAGGING),
  GET_CURSOR(Family.READ),
  GET_COVERAGE(Family.READ),
  GET_PARTITION(Family.READ),
  GET_DOCUMENT(Family.READ),
  GET_OTHER(Family.READ),
  CREATE_PARTITION(Family.WRITE),
  REPLACE_PARTITION(Family.WRITE),
  PUT_CURSOR(Family.WRITE),
  PUT_COVERAGE(Family.WRITE),
  PUT_DOCUMENT(Family.WRITE),
  PUT_OTHER(Family.WRITE),
  LIST(Family.LISTING);

  private enum Family {
    ENDPOINT(
        CRASH_BEFORE,
        TOO_MANY_REQUESTS,
        SERVER_ERROR,
        NO_ANSWER,
        GARBAGE,
        WRONG_ID,
        NULL_RESULT,
        ERROR_OBJECT,
        HUGE),
    READ(CRASH_BEFORE, FAILS_BEFORE, SLOW_DOWN, TIMEOUT, TRUNCATED, CORRUPT, FORBIDDEN),
    WRITE(
        CRASH_BEFORE,
        CRASH_AFTER,
        FAILS_BEFORE,
        FAILS_AFTER,
        PRECONDITION_FAILED,
        CONFLICT,
        SLOW_DOWN,
        TIMEOUT,
        LATE,
        FORBIDDEN,
        PRECONDITION_FAILED_UNDER_200),
    LISTING(CRASH_BEFORE, FAILS_BEFORE, SLOW_DOWN, TIMEOUT, FORBIDDEN);

    private final List<Hit> hits;

    Family(Hit... hits) {
      this.hits = List.of(hits);
    }
  }

  private final List<Hit> hits;

  Site(Family family, Hit... more) {
    hits = new ArrayList<>(family.hits);
    hits.addAll(List.of(more));
  }

  List<Hit> hits() {
    return List.copyOf(hits);
  }
}
