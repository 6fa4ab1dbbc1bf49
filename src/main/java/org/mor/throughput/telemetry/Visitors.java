package org.mor.throughput.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Who asked today, as hashes under a salt of the day, which is nowhere but here. Of one thread. */
final class Visitors {
  private static final int MOST = 100_000;

  /** Distinct visitors and requests by day, as far as they are not written down. */
  final Map<Long, long[]> days = new TreeMap<>();

  private final SecureRandom random = new SecureRandom();
  private final byte[] salt = new byte[32];
  private final Set<Long> seen = new HashSet<>();
  private long day = Long.MIN_VALUE;

  /** Counts a request and gives its hash; 0 stands for all whom there is no more room for today. */
  long add(long today, String address) {
    if (today != day) {
      day = today;
      random.nextBytes(salt);
      seen.clear();
    }
    long hash = hash(address);
    boolean isNew = seen.size() < MOST && seen.add(hash);
    long[] sums = days.computeIfAbsent(day, d -> new long[2]);
    sums[0] += isNew ? 1 : 0;
    sums[1]++;
    return isNew || seen.contains(hash) ? hash : 0;
  }

  private long hash(String address) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      return ByteBuffer.wrap(digest.digest(address.getBytes(UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }
}
