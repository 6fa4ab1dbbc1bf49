package org.mor.throughput.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.mor.throughput.cli.ProgressReporter.Task;

/** Progress in a pipe: a line about every ten seconds or ten per cent. */
final class PlainProgress implements ProgressReporter {
  private static final long NANOS_A_LINE = Duration.ofSeconds(10).toNanos();
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final PrintWriter err;
  private final LongSupplier nanoTime;

  PlainProgress(PrintWriter err, LongSupplier nanoTime) {
    this.err = err;
    this.nanoTime = nanoTime;
  }

  @Override
  public Task start(String name, String unit, long total) {
    return new Lines(name, unit, total);
  }

  private final class Lines implements Task {
    private final String name;
    private final String unit;
    private final long total;
    private final long started = nanoTime.getAsLong();
    private long lineAt = started;
    private long lineTenth;
    private long done;
    private long shown = -1;

    Lines(String name, String unit, long total) {
      this.name = name;
      this.unit = unit;
      this.total = total;
    }

    @Override
    public void reached(long nowDone) {
      done = nowDone;
      long now = nanoTime.getAsLong();
      long tenth = total <= 0 ? 0 : Math.min(10, done / Math.max(1, total / 10));
      // A tenth within the same second would flood the pipe when the task is quick.
      if (now - lineAt >= NANOS_A_LINE || (tenth > lineTenth && now - lineAt >= SECOND)) {
        lineAt = now;
        lineTenth = tenth;
        print(now);
      }
    }

    private void print(long now) {
      shown = done;
      long millis = Math.max(1, (now - started) / 1_000_000);
      long rate = done * 1000 / millis;
      long left = rate == 0 ? -1 : Math.max(0, total - done) / rate;
      err.println(
          "%s: %d of %d %s (%d %%), %d %s/s%s"
              .formatted(
                  name,
                  done,
                  total,
                  unit,
                  total <= 0 ? 100 : done * 100 / total,
                  rate,
                  unit,
                  left < 0 ? "" : ", " + left + " s left"));
      err.flush();
    }

    @Override
    public void close() {
      if (shown != done) {
        print(nanoTime.getAsLong());
      }
    }
  }
}
