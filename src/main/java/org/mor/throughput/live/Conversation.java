package org.mor.throughput.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.live.Subscription.BadSubscriptionException;

/** What one client says over its WebSocket, and what it is answered. */
final class Conversation implements SocketWire.Listener {
  private static final int MOST_A_MINUTE = 60;
  private static final String ACCEPTED = "; accepted: {\"subscribe\": {...}}";

  private final LiveHandler server;
  private final Channel channel;
  private final @Nullable Beginning beginning;
  private final String refusal;
  private final Runnable place;
  private volatile @Nullable Client client;
  private long minute;
  private int said;

  /**
   * @param beginning null where the query was not accepted
   * @param refusal why it was not
   * @param place given back when the client is gone
   */
  Conversation(
      LiveHandler server,
      Channel channel,
      @Nullable Beginning beginning,
      String refusal,
      Runnable place) {
    this.server = server;
    this.channel = channel;
    this.beginning = beginning;
    this.refusal = refusal;
    this.place = place;
  }

  @Override
  public void opened(SocketWire wire) {
    if (beginning != null) {
      client = server.open(wire, beginning, place);
      return;
    }
    wire.send(
        List.of(Message.control(error(refusal))),
        Callback.from(() -> wire.close(CloseStatus.POLICY_VIOLATION, "bad query")));
  }

  @Override
  public void said(String text) {
    Client told = client;
    if (told == null) {
      return;
    }
    long now = server.now() / 60_000;
    said = now == minute ? said + 1 : 1;
    minute = now;
    if (said > MOST_A_MINUTE) {
      told.close(
          CloseStatus.POLICY_VIOLATION,
          "more than %d messages in a minute".formatted(MOST_A_MINUTE));
      return;
    }
    try {
      told.tell(answer(told, text));
    } catch (BadSubscriptionException e) {
      told.tell(error(String.valueOf(e.getMessage())));
    }
  }

  private static ObjectNode error(String message) {
    return Hub.control("error").put("code", "bad_subscription").put("message", message);
  }

  private ObjectNode answer(Client told, String text) {
    JsonNode json;
    try {
      json = Message.tree(text.getBytes(UTF_8));
    } catch (IllegalArgumentException e) {
      throw new BadSubscriptionException("this is not JSON" + ACCEPTED);
    }
    if (!json.isObject() || json.size() != 1 || !json.has("subscribe")) {
      throw new BadSubscriptionException("this message is not understood" + ACCEPTED);
    }
    Subscription wanted = Subscription.read(channel, json.get("subscribe"));
    told.subscribe(wanted);
    ObjectNode answer = Hub.control("subscribed").put("from_seqno", told.next());
    answer.set("subscription", wanted.json());
    return answer;
  }

  @Override
  public void heard() {
    Client told = client;
    if (told != null) {
      told.heard(server.now());
    }
  }

  @Override
  public void gone() {
    Client told = client;
    if (told != null) {
      told.close(CloseStatus.NO_CLOSE, "");
    }
    place.run();
  }
}
