package org.mor.throughput.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

/** Who asked today, as hashes under a salt of the day. Of one thread. */
final class Visitors {
  private static final int MOST = 100_000;

  final Map<Long, Integer> requests = new HashMap<>();
  private final Map<String, Long> hashes = new HashMap<>();
  private byte[] salt = {};

  void begin(byte[] saltOfTheDay) {
    salt = saltOfTheDay;
    hashes.clear();
    requests.clear();
  }

  /** Counts a request; 0 stands for all whom there is no more room for today. */
  long add(String address) {
    Long known = hashes.get(address);
    if (known == null && hashes.size() < MOST) {
      known = hash(address);
      hashes.put(address, known);
    }
    long visitor = known == null ? 0 : known;
    requests.merge(visitor, 1, Integer::sum);
    return visitor;
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
