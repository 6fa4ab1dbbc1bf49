package org.mor.throughput.adapter.s3;

import java.util.function.Supplier;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;
import software.amazon.awssdk.core.exception.SdkException;

/** Calls S3, again after a pause where that is safe, and ends in an answer or a named failure. */
record Attempts(Backoff backoff) {

  /** A read: anything that passes is tried again. */
  <T> T read(String doing, Supplier<T> call) {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (SdkException error) {
        if (!Classifier.classify(error).isPassing() || attempt >= backoff.attempts()) {
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
        Verdict verdict = Classifier.classify(error);
        boolean again = verdict.isPassing() && verdict != Verdict.UNKNOWN;
        if (!again || attempt >= backoff.attempts()) {
          throw S3Failures.writing(doing, error, mayHaveLanded);
        }
        mayHaveLanded |= verdict.mayHaveLanded();
        pause(doing, attempt, mayHaveLanded);
      }
    }
  }

  private void pause(String doing, int attempt, boolean mayHaveLanded) {
    try {
      backoff.after(attempt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(doing + ": interrupted while waiting to try again", mayHaveLanded, e);
    }
  }

  private static StoreException interrupted(
      String message, boolean mayHaveLanded, InterruptedException e) {
    return mayHaveLanded
        ? new StoreOutcomeUnknownException(message + "; read it again to know", e)
        : new StoreUnavailableException(message + "; nothing was written", e);
  }
}
