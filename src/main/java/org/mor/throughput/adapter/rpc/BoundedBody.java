package org.mor.throughput.adapter.rpc;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Gathers a response body and hangs up once it is larger than allowed. */
final class BoundedBody implements BodySubscriber<byte[]> {
  /** The body is over its bound. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final int maxBytes;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final List<ByteBuffer> parts = new ArrayList<>();
  private Flow.@Nullable Subscription subscription;
  private long size;

  BoundedBody(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription source) {
    subscription = source;
    source.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      size += buffer.remaining();
      parts.add(buffer);
    }
    if (size > maxBytes && !body.isDone()) {
      parts.clear();
      if (subscription != null) {
        subscription.cancel();
      }
      body.completeExceptionally(new TooLargeException());
    }
  }

  @Override
  public void onError(Throwable problem) {
    body.completeExceptionally(problem);
  }

  @Override
  public void onComplete() {
    if (body.isDone()) {
      return;
    }
    ByteBuffer whole = ByteBuffer.allocate((int) size);
    parts.forEach(whole::put);
    body.complete(whole.array());
  }
}
