package org.mor.throughput.adapter.s3;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Reads a body whole or not at all. The SDK checks the checksum the server offers; the length is
 * checked here.
 */
record WholeBody(long maxBytes) {

  /** Throws an SDK exception when the body is not all there, so that it is fetched again. */
  byte[] read(String doing, ResponseInputStream<GetObjectResponse> body) {
    @Nullable Long length = body.response().contentLength();
    if (length == null) {
      body.abort();
      throw SdkClientException.create("the answer does not say how long it is");
    }
    if (length > maxBytes) {
      body.abort();
      throw new StoreRefusedException(
          "%s: the object has %d bytes, more than the %d this store reads; move it out of the prefix"
              .formatted(doing, length, maxBytes));
    }
    byte[] bytes;
    try (body) {
      bytes = body.readNBytes(Math.toIntExact(length) + 1);
    } catch (IOException e) {
      throw SdkClientException.create(
          "the body of %d bytes broke off: %s".formatted(length, e.getMessage()), e);
    }
    if (bytes.length != length) {
      throw SdkClientException.create(
          "the body should have %d bytes and has %d".formatted(length, bytes.length));
    }
    return bytes;
  }
}
