package org.mor.throughput.store;

import java.util.regex.Pattern;

/** Where a store is, as an operator writes it: {@code s3://bucket/prefix/} or {@code file:DIR}. */
public sealed interface StoreLocation permits StoreLocation.Bucket, StoreLocation.Directory {

  /** A bucket and the prefix of every key in it: empty, or ending with a slash. */
  record Bucket(String bucket, String prefix) implements StoreLocation {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern IP_ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");
    private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9!_.*'()=-]+/)*");

    public Bucket {
      if (!NAME.matcher(bucket).matches()
          || bucket.contains("..")
          || IP_ADDRESS.matcher(bucket).matches()) {
        throw new IllegalArgumentException(
            "'%s' is not a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, starting and ending with a letter or digit, not an IP address"
                .formatted(bucket));
      }
      if (!PREFIX.matcher(prefix).matches() || hasDotSegment(prefix)) {
        throw new IllegalArgumentException(
            "'%s' is not a key prefix: segments of letters, digits and !_.*'()=- with one slash after each"
                .formatted(prefix));
      }
    }

    private static boolean hasDotSegment(String prefix) {
      return ("/" + prefix).contains("/./") || ("/" + prefix).contains("/../");
    }

    @Override
    public String toString() {
      return "s3://" + bucket + "/" + prefix;
    }
  }

  /**
   * A directory of the local file system; it need not exist yet.
   *
   * @param path may start with {@code ~/}, the user's home
   */
  record Directory(String path) implements StoreLocation {
    public Directory {
      if (path.isBlank() || path.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("file: needs a directory after it, such as file:data");
      }
      if (path.startsWith("~") && !path.equals("~") && !path.startsWith("~/")) {
        throw new IllegalArgumentException(
            "'file:%s' names another user's home: give its directory, or file:./%s for one of that name"
                .formatted(path, path));
      }
    }

    /** The path with a user's home for {@code ~}, which no shell expands in a file of variables. */
    public String withHome(String user) {
      return path.startsWith("~") ? user + path.substring(1) : path;
    }

    @Override
    public String toString() {
      return "file:" + path;
    }
  }

  /**
   * Reads {@code s3://bucket}, {@code s3://bucket/some/prefix} (a final slash is added) or {@code
   * file:DIR}.
   *
   * @throws IllegalArgumentException with what was given and what is accepted
   */
  static StoreLocation parse(String text) {
    String trimmed = text.strip();
    if (trimmed.startsWith("s3://")) {
      return bucket(trimmed.substring("s3://".length()));
    }
    if (trimmed.startsWith("file:")) {
      return directory(trimmed.substring("file:".length()));
    }
    throw new IllegalArgumentException(
        "'%s' is not a store: give s3://bucket/prefix/ or file:DIR".formatted(trimmed));
  }

  private static Bucket bucket(String rest) {
    int slash = rest.indexOf('/');
    if (slash < 0) {
      return new Bucket(rest, "");
    }
    String prefix = rest.substring(slash + 1);
    boolean closed = prefix.isEmpty() || prefix.endsWith("/");
    return new Bucket(rest.substring(0, slash), closed ? prefix : prefix + "/");
  }

  /** {@code file:///srv/data} is the URL form of the same directory as {@code file:/srv/data}. */
  private static Directory directory(String rest) {
    if (!rest.startsWith("//")) {
      return new Directory(rest);
    }
    if (!rest.startsWith("///")) {
      throw new IllegalArgumentException(
          "'file:%s' names a host: give file:DIR or file:///DIR".formatted(rest));
    }
    return new Directory(rest.substring(2));
  }
}
