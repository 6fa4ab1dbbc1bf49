package org.mor.throughput.publish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
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
    Optional<ObjectNode> before = read(stored);
    if (before.isEmpty()) {
      return Difference.UNREADABLE;
    }
    ObjectNode old = before.get();
    ObjectNode now =
        read(fresh)
            .orElseThrow(() -> new IllegalArgumentException("Not a document to be published"));
    if (isNewer(old, now)) {
      return Difference.STORED_IS_NEWER;
    }
    old.remove("generatedAt");
    now.remove("generatedAt");
    if (old.equals(now)) {
      return Difference.NONE;
    }
    old.remove(PROGRESS);
    now.remove(PROGRESS);
    return old.equals(now) ? Difference.PROGRESS : Difference.CONTENT;
  }

  /** By generation first: after a rewind the block is lower for a while. */
  private static boolean isNewer(ObjectNode old, ObjectNode now) {
    int byGeneration =
        Integer.compare(old.path("generation").asInt(0), now.path("generation").asInt(0));
    return byGeneration > 0
        || (byGeneration == 0 && old.path("asOfBlock").asLong(-1) > now.path("asOfBlock").asLong());
  }

  private static Optional<ObjectNode> read(byte[] body) {
    try {
      return Json.EXACT.readTree(body) instanceof ObjectNode node
          ? Optional.of(node)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
