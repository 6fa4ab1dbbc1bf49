package org.mor.throughput.live;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which blocks are safe and which are final: the node's tags say so, and where it does not know a
 * tag, the number of blocks above. Used by one thread.
 */
final class Tags {
  private static final Logger LOG = LoggerFactory.getLogger(Tags.class);
  private static final long EVERY_MILLIS = 4_000;

  /** Where a node does not know a tag: to ask takes long, and seldom helps. */
  private static final long UNKNOWN_MILLIS = 3_600_000;

  /** A tag that failed so often in a row, while the newest block could be read, is not known. */
  private static final int TRIES = 2;

  /** By count, blocks are final so many times later than they are safe. */
  private static final long FINAL_FACTOR = 45;

  private static final class Tag {
    private final HeadTag name;
    private @Nullable BlockHeader head;
    private long due = Long.MIN_VALUE;
    private int failed;

    Tag(HeadTag name) {
      this.name = name;
    }
  }

  private final LiveServer.Parts parts;
  private final Tag safe = new Tag(HeadTag.SAFE);
  private final Tag finalized = new Tag(HeadTag.FINALIZED);

  Tags(LiveServer.Parts parts) {
    this.parts = parts;
  }

  /**
   * Asks for what is due.
   *
   * @throws org.mor.throughput.chain.ChainException when a tag could not be read that may be known
   */
  void read() {
    read(finalized, TRIES);
    read(safe, finalized.head == null ? 1 : TRIES);
  }

  private void read(Tag tag, int tries) {
    long now = parts.millis().getAsLong();
    if (now < tag.due) {
      return;
    }
    try {
      tag.head = parts.chain().head(tag.name);
      tag.failed = 0;
      tag.due = now + EVERY_MILLIS;
    } catch (ChainUnavailableException | ChainContradictionException e) {
      tag.failed++;
      if (tag.head != null || tag.failed < tries) {
        throw e;
      }
      LOG.warn(
          "The endpoints do not know the {} block ({}): it is taken to be {} blocks below the newest",
          tag.name.rpcName(),
          e.getMessage(),
          blocks(tag));
      tag.due = now + UNKNOWN_MILLIS;
    }
  }

  private long blocks(Tag tag) {
    long lag = parts.settings().safetyLagBlocks();
    return tag == safe ? lag : Math.max(1, lag) * FINAL_FACTOR;
  }

  /** The tagged block; null where the node does not know the tag. */
  @Nullable BlockHeader of(Stage stage) {
    return stage == Stage.SAFE ? safe.head : finalized.head;
  }

  /** The number of the highest block that is safe or final; below 0 where there is none. */
  long highest(Stage stage, BlockHeader latest) {
    Tag tag = stage == Stage.SAFE ? safe : finalized;
    long highest = tag.head == null ? latest.number() - blocks(tag) : tag.head.number();
    // What is final is safe.
    return tag == safe ? Math.max(highest, highest(Stage.FINALIZED, latest)) : highest;
  }

  /** Both are asked for at the next look. */
  void forget() {
    safe.due = Long.MIN_VALUE;
    finalized.due = Long.MIN_VALUE;
  }

  /** Whether the node knows both tags. */
  boolean areKnown() {
    return safe.head != null && finalized.head != null;
  }
}
