package org.mor.throughput.adapter.s3;

import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;
import org.mor.throughput.adapter.s3.Classifier.Kind;
import org.mor.throughput.base.Backoff;
import org.mor.throughput.base.Patience;
import org.mor.throughput.base.Sleeper;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Calls S3, again after a pause where that is safe, and ends in an answer or a named failure.
 *
 * @param tries of one call, at least 1
 */
record S3Calls(int tries, Patience patience) {
  S3Calls {
    if (tries < 1) {
      throw new IllegalArgumentException("A call needs a try: " + tries);
    }
  }

  static S3Calls standard() {
    return new S3Calls(
        4,
        Backoff.random(
            Duration.ofMillis(200), Duration.ofSeconds(5), new Random(), Sleeper.system()));
  }

  /** A read: anything that passes is tried again. */
  <T> T read(String doing, Supplier<T> call) {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (SdkException error) {
        if (!Classifier.classify(error).isPassing() || attempt >= tries) {
          throw S3Failures.reading(doing, error);
        }
        pause(doing, attempt, false);
      }
    }
  }

  /**
   * A conditional put: sent again only when the server said that it did not carry it out, or when
   * it never got there. After an unknown outcome the caller reads first.
   */
  <T> T write(String doing, Supplier<T> call) {
    boolean mayHaveLanded = false;
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (SdkException error) {
        Kind kind = Classifier.classify(error);
        if (!kind.isPassing() || kind == Kind.UNKNOWN || attempt >= tries) {
          throw S3Failures.writing(doing, error, mayHaveLanded);
        }
        mayHaveLanded |= kind.mayHaveLanded();
        pause(doing, attempt, mayHaveLanded);
      }
    }
  }

  private void pause(String doing, int failures, boolean mayHaveLanded) {
    try {
      patience.await(failures);
    } catch (Sleeper.InterruptedWaitException e) {
      String message = doing + ": interrupted while waiting to try again";
      throw mayHaveLanded
          ? new StoreOutcomeUnknownException(message + "; read it again to know", e)
          : new StoreUnavailableException(message + "; nothing was written", e);
    }
  }
}
