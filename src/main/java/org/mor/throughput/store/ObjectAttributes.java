package org.mor.throughput.store;

/** The HTTP headers an object is served with. */
public record ObjectAttributes(String contentType, String cacheControl) {
  /** A published JSON document: any cache may keep it for a minute. */
  public static final ObjectAttributes PUBLISHED_JSON =
      new ObjectAttributes("application/json", "public, max-age=60");

  /** A published page: any cache may keep it for a minute. */
  public static final ObjectAttributes PUBLISHED_HTML =
      new ObjectAttributes("text/html; charset=utf-8", "public, max-age=60");

  /** A published image: any cache may keep it for a minute. */
  public static final ObjectAttributes PUBLISHED_SVG =
      new ObjectAttributes("image/svg+xml", "public, max-age=60");

  /** A published JSON document whose name is made of its content: it may be kept for ever. */
  public static final ObjectAttributes IMMUTABLE_JSON =
      new ObjectAttributes("application/json", "public, max-age=31536000, immutable");

  /** State kept as JSON: private, never cached. */
  public static final ObjectAttributes PRIVATE_JSON =
      new ObjectAttributes("application/json", "no-store");

  /**
   * Gzipped rows: private, never cached; no Content-Encoding, so that nobody unpacks them on the
   * way.
   */
  public static final ObjectAttributes PRIVATE_GZIP =
      new ObjectAttributes("application/gzip", "no-store");
}
