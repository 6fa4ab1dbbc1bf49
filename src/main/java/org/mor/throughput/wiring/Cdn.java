package org.mor.throughput.wiring;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.aws.ChosenCredentials;
import org.mor.throughput.adapter.aws.CloudFrontInvalidator;
import org.mor.throughput.config.Config;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.publish.Invalidator;
import org.mor.throughput.publish.Invalidator.InvalidationFailedException;
import org.mor.throughput.store.StoreLocation;

/** Tells the CDN, at most once a run, that published figures have changed. */
public final class Cdn {
  /** What makes an invalidator, and what it is to forget. */
  record Target(Supplier<Invalidator> invalidator, String path) {}

  private final Optional<Target> target;
  private final String network;
  private @Nullable Invalidator made;

  Cdn(Optional<Target> target, String network) {
    this.target = target;
    this.network = network;
  }

  /** CloudFront before the bucket, where a distribution is configured. */
  static Cdn of(Config config, ChosenCredentials credentials) {
    Config.Aws aws = config.aws();
    Optional<String> distribution = aws.cloudFrontDistributionId();
    Optional<Target> target = Optional.empty();
    if (distribution.isPresent()
        && config.store().orElseThrow() instanceof StoreLocation.Bucket bucket) {
      target =
          Optional.of(
              new Target(
                  () -> new CloudFrontInvalidator(distribution.get(), aws.endpoint(), credentials),
                  "/" + bucket.prefix() + "*"));
    }
    return new Cdn(target, config.network().name());
  }

  /**
   * What was published decides. Documents that differ in blocks and times alone are left to expire:
   * a run every quarter of an hour would else pay for an invalidation each time.
   *
   * @param generatedAt when the documents say they were made
   */
  public Report after(Optional<RollupRun.Report> rollup, Instant generatedAt) {
    if (target.isEmpty()) {
      return Report.without(Report.State.NONE);
    }
    if (!rollup.map(done -> done.published().contentChanged()).orElse(false)) {
      return Report.NOTHING;
    }
    String path = target.get().path();
    try {
      invalidator(target.get()).invalidate(path, reference(rollup.get(), generatedAt));
      return new Report(Report.State.REQUESTED, path, "");
    } catch (InvalidationFailedException e) {
      return new Report(Report.State.FAILED, path, String.valueOf(e.getMessage()));
    }
  }

  /** Makes its client now rather than when it is first used; contacts nobody. */
  public void connect() {
    target.ifPresent(this::invalidator);
  }

  private Invalidator invalidator(Target found) {
    if (made == null) {
      made = found.invalidator().get();
    }
    return made;
  }

  /** Made of what the documents say of themselves, so that asking twice for them is one wish. */
  private String reference(RollupRun.Report rollup, Instant generatedAt) {
    return "throughput-%s-%s-%s"
        .formatted(network, rollup.rollup().asOf().block(), generatedAt.toEpochMilli());
  }

  /**
   * What became of telling the CDN.
   *
   * @param path what it was to forget; empty unless it was asked
   * @param problem why it refused; empty unless it did
   */
  public record Report(State state, String path, String problem) {
    /** Nothing was done that a CDN needs to know. */
    public static final Report NOTHING = without(State.NOT_NEEDED);

    /** How it ended. */
    public enum State {
      /** No distribution stands before this store. */
      NONE,
      /** Nothing was published, or no figure changed. */
      NOT_NEEDED,
      /** The CDN was asked and accepted. */
      REQUESTED,
      /**
       * The CDN was asked and did not accept; a warning, because documents expire within a minute.
       */
      FAILED
    }

    static Report without(State state) {
      return new Report(state, "", "");
    }
  }
}
