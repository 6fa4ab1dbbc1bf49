package org.mor.throughput.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.crac.Core;
import org.crac.Resource;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.wiring.Graph.Tempo;
import org.mor.throughput.wiring.ProgramLocale;

/**
 * The function's entry point: for a schedule of EventBridge, for {@code aws lambda invoke} with
 * {@code force_rollup}, {@code skip_rollup} and {@code max_blocks}, and for a state machine's
 * {@link Job}. Answers with the run's report as JSON; a run that fails, fails the invocation.
 */
public final class Handler implements RequestStreamHandler, Resource {
  private final Invocations invocations;
  private final FunctionLog log;

  /** Called once an environment; nobody is contacted yet. */
  public Handler() {
    ProgramLocale.set();
    log = FunctionLog.install();
    invocations = Invocations.start(System.getenv(), log, InstantSource.system(), Tempo.real());
    // Without it the hooks below would be known to CRaC alone, and Lambda would never call them.
    System.setProperty("org.crac.Core.Compat", "com.amazonaws.services.lambda.crac");
    Core.getGlobalContext().register(this);
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    String report =
        invocations.run(
            input.readAllBytes(),
            context.getAwsRequestId(),
            new TimeLeft(context::getRemainingTimeInMillis));
    output.write(report.getBytes(StandardCharsets.UTF_8));
  }

  /** Before a snapshot is taken (SnapStart): loads what a run needs, so that it is in there. */
  @Override
  public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
    invocations.prepareSnapshot();
  }

  /** In every environment that starts from the snapshot. */
  @Override
  public void afterRestore(org.crac.Context<? extends Resource> context) {
    invocations.restored();
  }

  /**
   * The time until Lambda ends the invocation.
   *
   * @param millis asked each time
   */
  record TimeLeft(LongSupplier millis) implements RunBudget {
    private static final Duration FOR_A_RANGE = Duration.ofSeconds(60);
    private static final Duration FOR_PUBLISHING = Duration.ofSeconds(20);
    private static final Duration FOR_THE_REPORT = Duration.ofSeconds(5);
    private static final Duration FOR_THE_RECORD = Duration.ofSeconds(3);

    @Override
    public boolean allowsAnotherRange() {
      return millis.getAsLong() >= FOR_A_RANGE.toMillis();
    }

    @Override
    public boolean allowsPublishing() {
      return millis.getAsLong() >= FOR_PUBLISHING.toMillis();
    }

    /** Whether there is time for the record of the run, a put to a store that answers. */
    boolean allowsRecord() {
      return millis.getAsLong() >= FOR_THE_RECORD.toMillis();
    }

    /**
     * How long one question to the chain may take from now on: half of what is left but for the
     * report, so that a run that gets no answer ends by itself and says why; 0 when nothing is
     * left.
     */
    Duration forOneQuestion() {
      Duration half = Duration.ofMillis(millis.getAsLong()).minus(FOR_THE_REPORT).dividedBy(2);
      return half.isNegative() ? Duration.ZERO : half;
    }
  }
}
