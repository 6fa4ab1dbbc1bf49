package org.mor.throughput.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where rows and documents are kept. */
public sealed interface StoreLocation {
  /**
   * A bucket and the text every key starts with, such as {@code api/throughput/}; "" for no prefix.
   */
  record S3(String bucket, String prefix) implements StoreLocation {}

  /** A directory; a relative one lies below the project's. */
  record Directory(String path) implements StoreLocation {}

  /** Reads {@code s3://bucket/prefix/} or {@code file:DIR}; nothing when it is neither. */
  static Optional<StoreLocation> parse(String text) {
    Matcher s3 = S3Form.PATTERN.matcher(text);
    if (s3.matches()) {
      String prefix = s3.group(2) == null ? "" : s3.group(2);
      return Optional.of(
          new S3(s3.group(1), prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/"));
    }
    String path = text.startsWith("file://") ? text.substring(7) : text.substring(fileScheme(text));
    return text.startsWith("file:") && !path.isBlank() && path.indexOf('\0') < 0
        ? Optional.of(new Directory(path))
        : Optional.empty();
  }

  private static int fileScheme(String text) {
    return text.startsWith("file:") ? 5 : 0;
  }

  /** Keeps the pattern out of the interface's public face. */
  final class S3Form {
    private static final Pattern PATTERN =
        Pattern.compile(
            "s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/((?:[A-Za-z0-9._-]+/)*[A-Za-z0-9._-]*))?");

    private S3Form() {}
  }
}
