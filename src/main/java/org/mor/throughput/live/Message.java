package org.mor.throughput.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Json;

/**
 * What goes to clients, serialised once: every client and every replay gets the same bytes.
 *
 * @param seqno rises with every message, also over restarts; 0 for messages that cannot be resumed
 *     from
 * @param key what subscriptions look at; null for messages to one client, which all get through
 * @param json UTF-8 without line breaks
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record Message(long seqno, @Nullable Key key, byte[] json) {
  private static final JsonMapper JSON = Json.bounded(StreamReadConstraints.defaults()).build();

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
      @Nullable String model) {}

  /**
   * A message without its number.
   *
   * @param logIndex -1 where no log says so
   * @param timestamp of the block, in Unix seconds
   * @param secret the session's id, which is kept beside the message and never sent
   */
  record Draft(
      Key key,
      long logIndex,
      @Nullable String txHash,
      long timestamp,
      ObjectNode payload,
      String secret) {

    /** The same event of a block that is more settled now. */
    Draft at(Stage stage) {
      Key moved = new Key(key.name, key.of, stage, stage, key.block, key.provider, key.model);
      return new Draft(moved, logIndex, txHash, timestamp, payload, secret);
    }

    /**
     * @param seqno 0 for a message of the past, which has none
     */
    Message numbered(long seqno) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      if (seqno > 0) {
        json.put("server_seqno", seqno);
      }
      json.put("event_name", key.name.text());
      json.put("block_number", key.block);
      json.put("log_index", logIndex < 0 ? null : (Long) logIndex);
      json.put("tx_hash", txHash);
      json.put("commit_stage", key.stage == null ? null : key.stage.label());
      json.put("timestamp", timestamp);
      json.set("payload", payload);
      return new Message(seqno, key, bytes(json));
    }
  }

  /** A message to one client. */
  static Message control(JsonNode json) {
    return new Message(0, null, bytes(json));
  }

  /** A message to one client that says how far it is; a client can resume from there. */
  static Message through(long seqno, JsonNode json) {
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
    EventName name = EventName.named(json.path("event_name").asText()).orElseThrow(Message::none);
    Stage stage = Stage.labelled(json.path("commit_stage").asText()).orElse(null);
    JsonNode payload = json.path("payload");
    Key key =
        new Key(
            name,
            EventName.named(payload.path("retracts").asText()).orElse(name),
            stage,
            Stage.labelled(payload.path("reached_stage").asText()).orElse(stage),
            json.path("block_number").asLong(),
            payload.path("provider").textValue(),
            payload.path("model_id").textValue());
    return new Message(json.path("server_seqno").asLong(), key, line);
  }

  private static IllegalArgumentException none() {
    return new IllegalArgumentException("no message of this program");
  }

  /** The draft that the message was made of. */
  Draft draft(String secret) {
    JsonNode read = tree(json);
    return new Draft(
        Objects.requireNonNull(key),
        read.path("log_index").asLong(-1),
        read.path("tx_hash").textValue(),
        read.path("timestamp").asLong(),
        (ObjectNode) read.path("payload"),
        secret);
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
    if (isPing()) {
      return ": ping\n\n".getBytes(StandardCharsets.US_ASCII);
    }
    byte[] head =
        (seqno > 0 ? "id: " + seqno + "\ndata: " : "data: ").getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[head.length + json.length + 2];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(json, 0, whole, head.length, json.length);
    whole[whole.length - 2] = '\n';
    whole[whole.length - 1] = '\n';
    return whole;
  }
}
