package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.rpc.Pace.End;
import org.mor.throughput.testing.VirtualTime;

/** How many requests begin, and when, before a limiter and without one. */
class PaceTest {
  private static final int A_SECOND = 10;
  private static final int REQUESTS = 1_600;

  private final VirtualTime clock = new VirtualTime();
  private final Pace pace = new Pace(new Baton(), 8, clock);
  private Instant second = Instant.MIN;
  private int inSecond;

  @Test
  void withoutRefusalsNothingWaitsAndOneMoreMayBeUnderWayAfterEachAnswer() {
    assertThat(pace.limit()).isEqualTo(2);
    for (int i = 0; i < 20; i++) {
      pace.end(pace.begin(), End.ANSWERED);
    }

    assertThat(pace.limit()).isEqualTo(8);
    assertThat(clock.slept()).isZero();
  }

  @Test
  void aRefusalHalvesWhatMayBeUnderWayOnceForAllThatWereUnderWayTogether() {
    for (int i = 0; i < 20; i++) {
      pace.end(pace.begin(), End.ANSWERED);
    }
    long[] together = {pace.begin(), pace.begin(), pace.begin()};

    for (long ticket : together) {
      pace.end(ticket, End.REFUSED);
    }

    assertThat(pace.limit()).isEqualTo(4);
  }

  @Test
  void behindALimiterItTakesLittleMoreThanTheLimitersTimeAndIsSeldomRefused() {
    int refused = 0;
    for (int done = 0; done < REQUESTS; ) {
      long ticket = pace.begin();
      clock.sleep(Duration.ofMillis(20));
      boolean passes = passes();
      pace.end(ticket, passes ? End.ANSWERED : End.REFUSED);
      if (passes) {
        done++;
      } else {
        refused++;
        clock.sleep(Duration.ofSeconds(1)); // as Retry-After says
      }
    }

    Duration least = Duration.ofSeconds(REQUESTS / A_SECOND);
    assertThat(clock.slept()).isLessThan(least.multipliedBy(115).dividedBy(100));
    assertThat(refused).isLessThan(REQUESTS * 2 / 100);
  }

  /** So many requests within each second of the clock. */
  private boolean passes() {
    Instant now = clock.now().truncatedTo(ChronoUnit.SECONDS);
    inSecond = now.equals(second) ? inSecond + 1 : 1;
    second = now;
    return inSecond <= A_SECOND;
  }
}
