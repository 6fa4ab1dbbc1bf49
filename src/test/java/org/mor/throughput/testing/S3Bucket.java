package org.mor.throughput.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A bucket in memory. A condition and the write it guards are one step, under the key's lock. */
final class S3Bucket {
  /** An object and the headers it was put with. */
  @SuppressWarnings("ArrayRecordComponent") // never changed after the put, never compared
  record Content(byte[] body, Map<String, String> headers) {
    String etag() {
      return quotedMd5(body);
    }
  }

  private final Map<String, Content> contents = new ConcurrentSkipListMap<>();
  private final Map<String, ReentrantLock> locks = new ConcurrentSkipListMap<>();
  private final int pageSize;

  S3Bucket(int pageSize) {
    this.pageSize = pageSize;
  }

  Optional<Content> find(String key) {
    return Optional.ofNullable(contents.get(key));
  }

  Map<String, Content> snapshot() {
    return new LinkedHashMap<>(contents);
  }

  /** Puts when the condition holds: {@code ifMatch} an ETag, or null for "only when absent". */
  S3Reply put(String key, Content content, @Nullable String ifMatch) {
    ReentrantLock lock = locks.computeIfAbsent(key, k -> new ReentrantLock());
    lock.lock();
    try {
      Content stored = contents.get(key);
      if (ifMatch != null && stored == null) {
        return S3Reply.error(404, "NoSuchKey");
      }
      boolean holds = ifMatch == null ? stored == null : ifMatch.equals(stored.etag());
      if (!holds) {
        return S3Reply.error(412, "PreconditionFailed");
      }
      contents.put(key, content);
      return S3Reply.ok(Map.of("ETag", content.etag()), new byte[0]);
    } finally {
      lock.unlock();
    }
  }

  /** One page of the keys with a prefix, after the key the token names. */
  S3Reply list(String name, String prefix, @Nullable String after) {
    Map<String, Content> matching = new LinkedHashMap<>();
    contents.forEach(
        (key, content) -> {
          if (key.startsWith(prefix) && (after == null || key.compareTo(after) > 0)) {
            matching.put(key, content);
          }
        });
    boolean truncated = matching.size() > pageSize;
    var page = matching.entrySet().stream().limit(pageSize).toList();
    String entries =
        page.stream().map(e -> entry(e.getKey(), e.getValue())).collect(Collectors.joining());
    String next =
        truncated
            ? "<NextContinuationToken>%s</NextContinuationToken>"
                .formatted(page.get(page.size() - 1).getKey())
            : "";
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult><Name>%s</Name><Prefix>%s</Prefix><KeyCount>%d</KeyCount><MaxKeys>%d</MaxKeys><IsTruncated>%s</IsTruncated>%s%s</ListBucketResult>"
            .formatted(name, prefix, page.size(), pageSize, truncated, next, entries);
    return S3Reply.ok(
        Map.of("Content-Type", "application/xml"), xml.getBytes(StandardCharsets.UTF_8));
  }

  private static String entry(String key, Content content) {
    return "<Contents><Key>%s</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>%s</ETag><Size>%d</Size></Contents>"
        .formatted(key, content.etag().replace("\"", "&quot;"), content.body().length);
  }

  private static String quotedMd5(byte[] body) {
    try {
      return '"' + HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body)) + '"';
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
