package org.mor.throughput.live;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A client's Server-Sent Events, which are one answer without an end. */
final class EventWire implements Wire {
  private final Response response;
  private final Callback whole;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean writing;

  /**
   * @param whole completes the request
   */
  EventWire(Response response, Callback whole) {
    this.response = response;
    this.whole = whole;
  }

  @Override
  public void send(List<Message> batch, Callback done) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(batch.size() * 512);
    batch.forEach(message -> bytes.writeBytes(message.event()));
    writing = true;
    response.write(
        false, ByteBuffer.wrap(bytes.toByteArray()), Callback.from(() -> writing = false, done));
  }

  @Override
  public void close(int code, String reason) {
    if (writing) {
      abort();
    } else if (ended.compareAndSet(false, true)) {
      whole.succeeded();
    }
  }

  @Override
  public void abort() {
    if (ended.compareAndSet(false, true)) {
      whole.failed(new IOException("The client is gone"));
    }
  }

  @Override
  public boolean answers() {
    return false;
  }
}
