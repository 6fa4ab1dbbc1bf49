package org.mor.throughput.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Json;

/**
 * What goes to clients, serialised once: every client and every replay gets the same bytes.
 *
 * @param seqno rises with every message, also over restarts; 0 for messages that cannot be resumed
 *     from
 * @param key what subscriptions look at; null for messages to one client, which all get through
 * @param json ASCII without line breaks
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record Message(long seqno, @Nullable Key key, byte[] json) {
  private static final JsonMapper JSON = Json.bounded(StreamReadConstraints.defaults()).build();
  private static final String SEQNO = "server_seqno";

  /** A sign of life; has no content. */
  static final Message PING = new Message(0, null, new byte[0]);

  /**
   * What subscriptions look at.
   *
   * @param of the event that is retracted; else the same as {@code name}
   * @param stage of the block; null where the message is about no block
   * @param reached the stage that a rejected block had reached; else the same as {@code stage}
   * @param provider 0x hex; null where none is known
   * @param model 0x hex; null where none is known
   */
  record Key(
      EventName name,
      EventName of,
      @Nullable Stage stage,
      @Nullable Stage reached,
      long block,
      @Nullable String provider,
      @Nullable String model) {
    private static Key of(JsonNode event) {
      JsonNode payload = event.path("payload");
      EventName name =
          EventName.named(event.path("event_name").asText())
              .orElseThrow(() -> new IllegalArgumentException("no message of this program"));
      Stage stage = Stage.labelled(event.path("commit_stage").asText()).orElse(null);
      return new Key(
          name,
          EventName.named(payload.path("retracts").asText()).orElse(name),
          stage,
          Stage.labelled(payload.path("reached_stage").asText()).orElse(stage),
          event.path("block_number").asLong(),
          payload.path("provider").textValue(),
          payload.path("model_id").textValue());
    }

    boolean isStage() {
      return name == EventName.BLOCK_STAGE;
    }

    /** Whether it tells for the first time that something happened in a block. */
    boolean isNews() {
      return name.isOfBlock() && stage == Stage.PROPOSED;
    }
  }

  /**
   * A message without its number.
   *
   * @param json with all other fields
   * @param secret the id of what it is about, which is kept beside the message and never sent
   */
  record Draft(Key key, ObjectNode json, String secret) {
    /**
     * @param logIndex -1 where no log says so
     * @param timestamp of the block, in Unix seconds
     */
    static Draft of(
        EventName name,
        @Nullable Stage stage,
        long block,
        long logIndex,
        @Nullable String txHash,
        long timestamp,
        ObjectNode payload,
        String secret) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("event_name", name.text()).put("block_number", block);
      json.put("log_index", logIndex < 0 ? null : (Long) logIndex).put("tx_hash", txHash);
      json.put("commit_stage", stage == null ? null : stage.label()).put("timestamp", timestamp);
      json.set("payload", payload);
      return new Draft(Key.of(json), json, secret);
    }

    /** The same event of a block that is more settled now. */
    Draft at(Stage stage) {
      ObjectNode moved = JsonNodeFactory.instance.objectNode().setAll(json);
      moved.put("commit_stage", stage.label());
      return new Draft(Key.of(moved), moved, secret);
    }

    long logIndex() {
      return json.path("log_index").asLong(-1);
    }

    long timestamp() {
      return json.path("timestamp").asLong();
    }

    ObjectNode payload() {
      return (ObjectNode) json.path("payload");
    }

    /**
     * @param seqno 0 for a message of the past, which has none
     */
    Message numbered(long seqno) {
      ObjectNode whole = JsonNodeFactory.instance.objectNode();
      if (seqno > 0) {
        whole.put(SEQNO, seqno);
      }
      return new Message(seqno, key, bytes(whole.setAll(json)));
    }
  }

  /**
   * A message to one client.
   *
   * @param seqno how far the client is, which it can resume from; 0 where that is not said
   */
  static Message control(long seqno, JsonNode json) {
    return new Message(seqno, null, bytes(json));
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Writing JSON in memory", e);
    }
  }

  /**
   * Reads a message back.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Message read(byte[] line) {
    JsonNode json = tree(line);
    return new Message(json.path(SEQNO).asLong(), Key.of(json), line);
  }

  /** The draft that an event was made of. */
  Draft draft(String secret) {
    ObjectNode whole = (ObjectNode) tree(json);
    whole.remove(SEQNO);
    return new Draft(Key.of(whole), whole, secret);
  }

  /**
   * Reads JSON of anybody.
   *
   * @throws IllegalArgumentException when it is none
   */
  static JsonNode tree(byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }

  boolean isPing() {
    return json.length == 0;
  }

  /** The message as Server-Sent Events carry it. */
  byte[] event() {
    String head = seqno > 0 ? "id: " + seqno + "\ndata: " : "data: ";
    String text = new String(json, StandardCharsets.US_ASCII);
    return (isPing() ? ": ping\n\n" : head + text + "\n\n").getBytes(StandardCharsets.US_ASCII);
  }
}
