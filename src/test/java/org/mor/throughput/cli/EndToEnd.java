package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mor.throughput.adapter.rpc.RpcOptions;
import org.mor.throughput.adapter.rpc.Sleeper;
import org.mor.throughput.logging.Logging;
import org.mor.throughput.logging.Redactor;
import org.mor.throughput.wiring.Tempo;
import org.slf4j.LoggerFactory;

/**
 * Runs commands in this process as the launcher does, with everything real but the waiting. What
 * they say is checked each time: the endpoint's key and stack traces never show.
 */
final class EndToEnd {
  static final String CANARY = "CANARYk3yDoNotShow";

  /** How a command ended. */
  record Ended(int code, String out, String err) {
    Ended done() {
      assertThat(code).as(this + "").isZero();
      return this;
    }

    /**
     * It failed with {@code expected} and says all of {@code said}; nothing looks like a result.
     */
    Ended failed(int expected, String... said) {
      assertThat(code).as(this + "").isEqualTo(expected);
      assertThat(out).as("standard output").isEmpty();
      assertThat(err).contains(said);
      assertThat(err.lines().filter(line -> line.startsWith("error: "))).as(err).hasSize(1);
      return this;
    }
  }

  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Path home;
  private Duration timeout = Duration.ofSeconds(10);
  private Redactor redactor = Logging.redactor();

  EndToEnd(Path home) {
    this.home = home;
    environment.put("STORE", "file:" + home.resolve("store"));
  }

  EndToEnd with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  EndToEnd without(String name) {
    environment.remove(name);
    return this;
  }

  /** Uses a node at {@code url}, with a key in the path and in the query. */
  EndToEnd node(String url) {
    return with("BASE_RPC_URL", keyed(url));
  }

  static String keyed(String url) {
    return "%s/v2/%s?apikey=%s".formatted(url, CANARY, CANARY);
  }

  Path store() {
    return home.resolve("store");
  }

  /** From now on the log is written as it is, without the mask over registered secrets. */
  EndToEnd withoutMaskOverTheLog() {
    redactor = new Redactor();
    return this;
  }

  Ended run(String line) {
    Ended ended = unchecked(line);
    assertThat(ended.out() + ended.err())
        .as("all that `%s` printed", line)
        .doesNotContain(CANARY)
        .doesNotContain("\tat ");
    return ended;
  }

  /** As {@link #run}, for a caller that looks at the output itself. */
  Ended unchecked(String line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    Surroundings around =
        new Surroundings(
            environment,
            home,
            new PlainProgress(new PrintWriter(err), System::nanoTime),
            new PrintWriter(err),
            redactor);
    PrintStream console = System.err;
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    int code;
    // The log goes to standard error, as an operator sees it.
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      code =
          Indexer.create(around, tempo())
              .setOut(new PrintWriter(out))
              .setErr(new PrintWriter(err))
              .execute(line.split(" ", -1));
    } finally {
      System.setErr(console);
      root.detachAndStopAllAppenders();
    }
    return new Ended(code, out.toString(), log.toString(StandardCharsets.UTF_8) + err);
  }

  /** A node that does not answer within this time is given up; long enough for a busy machine. */
  EndToEnd within(Duration limit) {
    timeout = limit;
    return this;
  }

  private Tempo tempo() {
    RpcOptions options =
        RpcOptions.defaults().withRequestTimeout(timeout).withBudget(6, Duration.ofMinutes(2));
    return new Tempo(options, new PassingTime(), millis -> {});
  }

  /** Time that passes when somebody waits, at once. */
  private static final class PassingTime implements Sleeper {
    private Instant now = Instant.parse("2026-06-20T00:00:00Z");

    @Override
    public synchronized Instant now() {
      return now;
    }

    @Override
    public synchronized void sleep(Duration duration) {
      now = now.plus(duration);
    }
  }
}
