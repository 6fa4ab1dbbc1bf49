package org.mor.throughput.testing;

/** What a request to {@link StrictS3Server} asks for. */
public enum S3Operation {
  GET,
  PUT,
  LIST
}
