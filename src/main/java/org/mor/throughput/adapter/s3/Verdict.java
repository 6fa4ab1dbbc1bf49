package org.mor.throughput.adapter.s3;

/** What a failed call to S3 means for the caller. */
enum Verdict {
  /** A condition did not hold, or another writer is at it. */
  CONFLICT,
  /** There is no object under the key. */
  NO_SUCH_KEY,
  NO_SUCH_BUCKET,
  /** Access denied: rights, a bucket policy, or a missing key that this caller may not list. */
  DENIED,
  /** A quota or the disk is full, or a plan's cap is reached. */
  FULL,
  /** The server or the bucket takes no writes. */
  READ_ONLY,
  /** No credentials, or ones the server does not accept. */
  CREDENTIALS,
  WRONG_REGION,
  WRONG_CLOCK,
  /** The server does not understand or does not do what was asked; asking again will not help. */
  REJECTED,
  /** The request never reached a server. */
  NOT_SENT,
  /** The server saw that the content was damaged on its way and kept nothing. */
  DAMAGED,
  /** Too many requests; asking more slowly helps. */
  SLOW_DOWN,
  /** A server error, a time-out or a broken connection: the request may have been carried out. */
  UNKNOWN;

  /** Whether asking again, after a pause, may well succeed. */
  boolean isPassing() {
    return this == NOT_SENT || this == DAMAGED || this == SLOW_DOWN || this == UNKNOWN;
  }

  /** Whether a write that met this may have been carried out all the same. */
  boolean mayHaveLanded() {
    return this == SLOW_DOWN || this == UNKNOWN;
  }
}
