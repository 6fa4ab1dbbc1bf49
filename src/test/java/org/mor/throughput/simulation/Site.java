package org.mor.throughput.simulation;

import static org.mor.throughput.simulation.Hit.CONFLICT;
import static org.mor.throughput.simulation.Hit.CORRUPT;
import static org.mor.throughput.simulation.Hit.CRASH_AFTER;
import static org.mor.throughput.simulation.Hit.CRASH_BEFORE;
import static org.mor.throughput.simulation.Hit.EMPTY_LOGS;
import static org.mor.throughput.simulation.Hit.ERROR_OBJECT;
import static org.mor.throughput.simulation.Hit.FAILS_AFTER;
import static org.mor.throughput.simulation.Hit.FAILS_BEFORE;
import static org.mor.throughput.simulation.Hit.FORBIDDEN;
import static org.mor.throughput.simulation.Hit.GARBAGE;
import static org.mor.throughput.simulation.Hit.HUGE;
import static org.mor.throughput.simulation.Hit.LAGGING;
import static org.mor.throughput.simulation.Hit.LATE;
import static org.mor.throughput.simulation.Hit.LIES;
import static org.mor.throughput.simulation.Hit.NO_ANSWER;
import static org.mor.throughput.simulation.Hit.NULL_RESULT;
import static org.mor.throughput.simulation.Hit.PARTIAL_LOGS;
import static org.mor.throughput.simulation.Hit.PRECONDITION_FAILED;
import static org.mor.throughput.simulation.Hit.PRECONDITION_FAILED_UNDER_200;
import static org.mor.throughput.simulation.Hit.REORGANISED;
import static org.mor.throughput.simulation.Hit.SERVER_ERROR;
import static org.mor.throughput.simulation.Hit.SLOW_DOWN;
import static org.mor.throughput.simulation.Hit.TIMEOUT;
import static org.mor.throughput.simulation.Hit.TOO_MANY_REQUESTS;
import static org.mor.throughput.simulation.Hit.TRUNCATED;
import static org.mor.throughput.simulation.Hit.WRONG_ID;

import java.util.ArrayList;
import java.util.List;

/** The kinds of calls, and what can go wrong at each: the fault matrix. */
@SuppressWarnings("ImmutableEnumChecker")
enum Site {
  CHAIN_ID(Family.ENDPOINT),
  HEAD(Family.ENDPOINT, LAGGING, REORGANISED),
  BLOCK(Family.ENDPOINT, LAGGING, REORGANISED),
  LOGS(Family.ENDPOINT, EMPTY_LOGS, PARTIAL_LOGS, LAGGING, REORGANISED, LIES),
  CALL(Family.ENDPOINT, LAGGING, REORGANISED),
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
    LISTING(CRASH_BEFORE, FAILS_BEFORE, SLOW_DOWN, TIMEOUT, TRUNCATED, CORRUPT, FORBIDDEN);

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
