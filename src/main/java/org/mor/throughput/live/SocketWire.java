package org.mor.throughput.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's WebSocket, frame by frame. */
final class SocketWire implements Wire, FrameHandler {
  private static final Logger LOG = LoggerFactory.getLogger(SocketWire.class);

  /** The longest message that a client may send. */
  static final int MOST_BYTES = 16 * 1024;

  /** What happens on a client's side. */
  interface Listener {
    void opened(SocketWire wire);

    void said(String text);

    /** Any frame at all: the client is there. */
    void heard();

    void gone();
  }

  private final Listener listener;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private volatile @Nullable CoreSession session;

  SocketWire(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void onOpen(CoreSession opened, Callback callback) {
    session = opened;
    callback.succeeded();
    listener.opened(this);
    opened.demand();
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    CoreSession open = session;
    listener.heard();
    switch (frame.getOpCode()) {
      case OpCode.TEXT, OpCode.CONTINUATION -> read(frame);
      case OpCode.BINARY -> close(CloseStatus.BAD_DATA, "text only, no binary messages");
      case OpCode.PING -> pong(open, frame);
      default -> {}
    }
    callback.succeeded();
    if (open != null && frame.getOpCode() != OpCode.CLOSE) {
      open.demand();
    }
  }

  private static void pong(@Nullable CoreSession open, Frame frame) {
    if (open != null) {
      ByteBuffer payload = BufferUtil.copy(frame.getPayload());
      open.sendFrame(new Frame(OpCode.PONG, payload), Callback.NOOP, false);
    }
  }

  private void read(Frame frame) {
    if (frame.hasPayload()) {
      if (text.size() + frame.getPayloadLength() > MOST_BYTES) {
        text.reset();
        close(CloseStatus.MESSAGE_TOO_LARGE, "messages of at most 16384 bytes are accepted");
        return;
      }
      text.writeBytes(BufferUtil.toArray(frame.getPayload()));
    }
    if (frame.isFin()) {
      String whole = text.toString(UTF_8);
      text.reset();
      listener.said(whole);
    }
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    LOG.debug("A WebSocket failed", cause);
    callback.succeeded();
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    callback.succeeded();
    listener.gone();
  }

  @Override
  public void send(List<Message> batch, Callback done) {
    CoreSession open = session;
    if (open == null) {
      done.failed(new IllegalStateException("The WebSocket is not open"));
      return;
    }
    for (int i = 0; i < batch.size(); i++) {
      Message message = batch.get(i);
      boolean last = i == batch.size() - 1;
      Frame frame =
          message.isPing()
              ? new Frame(OpCode.PING)
              : new Frame(OpCode.TEXT, ByteBuffer.wrap(message.json()));
      // A failure of any frame fails the last one too.
      open.sendFrame(frame, last ? done : Callback.NOOP, !last);
    }
  }

  @Override
  public void close(int code, String reason) {
    CoreSession open = session;
    if (open != null && CloseStatus.isTransmittableStatusCode(code)) {
      open.close(code, reason, Callback.NOOP);
    }
  }

  @Override
  public void abort() {
    CoreSession open = session;
    if (open != null) {
      open.abort();
    }
  }

  @Override
  public boolean answers() {
    return true;
  }
}
