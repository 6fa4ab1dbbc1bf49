package org.mor.throughput.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.live.Subscription.BadSubscriptionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's WebSocket, frame by frame: what it says, and what it is answered. */
final class SocketWire implements Wire, FrameHandler {
  private static final Logger LOG = LoggerFactory.getLogger(SocketWire.class);

  /** The longest message that a client may send. */
  static final int MOST_BYTES = 16 * 1024;

  private static final int MOST_A_MINUTE = 60;

  /** Of any kind, pings, pongs and parts of messages too. */
  private static final int MOST_FRAMES = 1_000;

  private static final String ACCEPTED = "; accepted: {\"subscribe\": {...}}";

  private final LiveHandler server;
  private final Channel channel;
  private final Supplier<Beginning> beginning;
  private final Runnable place;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private volatile @Nullable CoreSession session;
  private volatile @Nullable Client client;
  private long minute;
  private int said;
  private long frameMinute;
  private int frames;

  /**
   * @param beginning throws a BadSubscriptionException where the query is not accepted
   * @param place given back when the client is gone
   */
  SocketWire(LiveHandler server, Channel channel, Supplier<Beginning> beginning, Runnable place) {
    this.server = server;
    this.channel = channel;
    this.beginning = beginning;
    this.place = place;
  }

  @Override
  public void onOpen(CoreSession opened, Callback callback) {
    session = opened;
    callback.succeeded();
    try {
      client = server.open(this, beginning.get(), place);
    } catch (BadSubscriptionException e) {
      // A browser cannot read the answer to a handshake: the socket was opened to say why.
      send(
          List.of(Message.control(0, error(e))),
          Callback.from(() -> close(CloseStatus.POLICY_VIOLATION, "bad query")));
    }
    opened.demand();
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    Client told = client;
    if (told != null) {
      told.heard(server.now()); // Any frame at all: the client is there.
    }
    CoreSession open = session;
    long now = server.now() / 60_000;
    frames = now == frameMinute ? frames + 1 : 1;
    frameMinute = now;
    if (frames > MOST_FRAMES) { // Each ping costs a pong, whether or not the client reads it.
      String reason = "more than %d frames in a minute".formatted(MOST_FRAMES);
      if (told == null) {
        close(CloseStatus.POLICY_VIOLATION, reason);
      } else {
        told.end(CloseStatus.POLICY_VIOLATION, reason);
      }
      callback.succeeded();
      return;
    }
    switch (frame.getOpCode()) {
      case OpCode.TEXT, OpCode.CONTINUATION -> read(frame);
      case OpCode.BINARY -> close(CloseStatus.BAD_DATA, "text only, no binary messages");
      case OpCode.PING -> {
        ByteBuffer payload = BufferUtil.copy(frame.getPayload());
        if (open != null) {
          open.sendFrame(new Frame(OpCode.PONG, payload), Callback.NOOP, false);
        }
      }
      default -> {}
    }
    callback.succeeded();
    if (open != null && frame.getOpCode() != OpCode.CLOSE) {
      open.demand();
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
      byte[] whole = text.toByteArray();
      text.reset();
      Client told = client;
      if (told != null) {
        answer(told, whole);
      }
    }
  }

  private void answer(Client told, byte[] message) {
    long now = server.now() / 60_000;
    said = now == minute ? said + 1 : 1;
    minute = now;
    if (said > MOST_A_MINUTE) {
      told.end(
          CloseStatus.POLICY_VIOLATION,
          "more than %d messages in a minute".formatted(MOST_A_MINUTE));
      return;
    }
    try {
      Subscription wanted = Subscription.read(channel, wanted(message), Subscription.FIELDS);
      told.subscribe(wanted);
      ObjectNode answer = Hub.control("subscribed").put("from_seqno", told.next());
      told.tell(answer.set("subscription", wanted.json()));
    } catch (BadSubscriptionException e) {
      told.tell(error(e));
    }
  }

  private static JsonNode wanted(byte[] message) {
    JsonNode json;
    try {
      json = Message.tree(message);
    } catch (IllegalArgumentException e) {
      throw new BadSubscriptionException("this is not JSON" + ACCEPTED);
    }
    if (json.size() != 1 || !json.has("subscribe")) {
      throw new BadSubscriptionException("this message is not understood" + ACCEPTED);
    }
    return json.path("subscribe");
  }

  private static ObjectNode error(BadSubscriptionException why) {
    return Hub.control("error").put("code", "bad_subscription").put("message", why.getMessage());
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    LOG.debug("A WebSocket failed", cause);
    callback.succeeded();
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    callback.succeeded();
    Client told = client;
    if (told != null) {
      told.end(CloseStatus.NO_CLOSE, "");
    }
    place.run();
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
