package org.mor.throughput.adapter.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where secrets are kept under names. */
public interface SecretSource {
  /**
   * The secret's text.
   *
   * @throws SecretUnavailableException when it cannot be read or is not text; the message never
   *     holds the secret
   */
  String read(String id);

  /**
   * A secret that the configuration names cannot be read: mend its name, the rights or the region,
   * unless it is {@linkplain #isPassing passing}.
   */
  final class SecretUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    public SecretUnavailableException(String message) {
      super(message);
      passing = false;
    }

    /**
     * @param passing whether the same question may well be answered later: the service was busy or
     *     out of reach
     */
    public SecretUnavailableException(String message, boolean passing, Throwable cause) {
      super(message, cause);
      this.passing = passing;
    }

    /** Whether nothing was said about the secret itself. */
    public boolean isPassing() {
      return passing;
    }
  }

  /**
   * Secrets that were read a short while ago; each is read again after a quarter of an hour, and
   * kept beyond it only while the source is busy or out of reach.
   */
  final class Cached implements SecretSource {
    /** How long a secret that was changed may go unnoticed while the old one still works. */
    public static final Duration LIFETIME = Duration.ofMinutes(15);

    private static final Logger LOG = LoggerFactory.getLogger(SecretSource.class);

    private record Known(String text, Instant read) {}

    private final SecretSource source;
    private final Supplier<Instant> now;
    private final Map<String, Known> known = new HashMap<>();

    public Cached(SecretSource source, Supplier<Instant> now) {
      this.source = source;
      this.now = now;
    }

    @Override
    public synchronized String read(String id) {
      Known cached = known.get(id);
      Instant time = now.get();
      if (cached != null && time.isBefore(cached.read().plus(LIFETIME))) {
        return cached.text();
      }
      try {
        String text = source.read(id);
        known.put(id, new Known(text, time));
        return text;
      } catch (SecretUnavailableException e) {
        if (cached == null || !e.isPassing()) {
          throw e;
        }
        LOG.warn("What was read at {} is used still: {}", cached.read(), e.getMessage());
        return cached.text();
      }
    }

    /** The next reading asks again: what is known was refused, or is of another environment. */
    public synchronized void forget() {
      known.clear();
    }
  }
}
