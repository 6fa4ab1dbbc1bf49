package org.mor.throughput.publish;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.base.Json;

/** Compares a document with the one that is stored. */
final class StoredDocumentCodec {
  /** What changes from run to run without anything having happened on the marketplace. */
  private static final Set<String> PROGRESS =
      Set.of(
          "asOfBlock",
          "asOfTime",
          "generatedAt",
          "generation",
          "cursorBlock",
          "headBlock",
          "lagBlocks",
          "documents");

  private static final Set<String> ORDER = Set.of("generation", "asOfBlock");

  private StoredDocumentCodec() {}

  /** How a document relates to the stored one. */
  enum Difference {
    /** The stored one is of a later generation, or of a later block of the same. */
    STORED_IS_NEWER,
    /** They differ in {@code generatedAt} at most. */
    NONE,
    /** They differ in blocks, times and the distance to the head only. */
    PROGRESS,
    CONTENT,
    /** What is stored cannot be read. */
    UNREADABLE
  }

  /** Compares with what is stored. */
  static Difference compare(byte[] fresh, byte[] stored) {
    Optional<Fields> before = read(stored);
    if (before.isEmpty()) {
      return Difference.UNREADABLE;
    }
    Fields old = before.get();
    Fields now =
        read(fresh)
            .orElseThrow(() -> new IllegalArgumentException("Not a document to be published"));
    // By generation first: after a rewind the block is lower for a while.
    if (old.generation > now.generation
        || (old.generation == now.generation && old.asOfBlock > now.asOfBlock)) {
      return Difference.STORED_IS_NEWER;
    }
    if (old.without(Set.of("generatedAt")).equals(now.without(Set.of("generatedAt")))) {
      return Difference.NONE;
    }
    return old.without(PROGRESS).equals(now.without(PROGRESS))
        ? Difference.PROGRESS
        : Difference.CONTENT;
  }

  /**
   * A document's fields with the bytes of their values: equal values are written as equal bytes.
   *
   * @param asOfBlock -1 where it does not say
   */
  private record Fields(Map<String, ByteBuffer> values, long generation, long asOfBlock) {
    Map<String, ByteBuffer> without(Set<String> names) {
      Map<String, ByteBuffer> others = new HashMap<>(values);
      others.keySet().removeAll(names);
      return others;
    }
  }

  /** Reads all of it, but makes no tree: some documents have megabytes. */
  private static Optional<Fields> read(byte[] body) {
    Map<String, ByteBuffer> values = new HashMap<>();
    Map<String, Long> numbers = new HashMap<>();
    try (JsonParser json = Json.EXACT.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (json.nextToken() == JsonToken.VALUE_NUMBER_INT && ORDER.contains(name)) {
          numbers.put(name, json.getLongValue());
        }
        int from = (int) json.currentTokenLocation().getByteOffset();
        json.skipChildren();
        json.finishToken();
        int to = (int) json.currentLocation().getByteOffset();
        values.put(name, ByteBuffer.wrap(body, from, to - from).slice());
      }
      return json.nextToken() == null
          ? Optional.of(
              new Fields(
                  values,
                  numbers.getOrDefault("generation", 0L),
                  numbers.getOrDefault("asOfBlock", -1L)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
