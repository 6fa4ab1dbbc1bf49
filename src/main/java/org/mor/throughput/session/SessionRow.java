package org.mor.throughput.session;

import java.util.Comparator;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;

/** A stored row: one event of one session. */
public sealed interface SessionRow permits OpenRow, CloseRow {
  /** The identity of the row; a session opens once and closes at most once. */
  Hash32 sessionId();

  /** Where the event stands; block 0 and index 0 where an old row does not say. */
  LogPosition position();

  /** When and how the row was read. */
  Reading reading();

  /** The block time of the event in Unix seconds; decides the partition and every bucket. */
  long eventTime();

  /** The block whose state the row was read at; -1 where an old row does not say. */
  default long readAtBlock() {
    return reading().block();
  }

  /** The row's schema version; 1 for rows of the earlier indexer. */
  default int schema() {
    return reading().schema();
  }

  /** How many rewinds the store had seen when the row was read. */
  default int generation() {
    return reading().generation();
  }

  /** Whether the row says that the chain no longer has the event: it counts nowhere. */
  default boolean retracted() {
    return reading().retracted();
  }

  /**
   * When and how a row was read. Of two rows of one session the one with the greater reading stays.
   * The generation comes first, because the head of the new chain can be lower than a block that an
   * orphaned row was read at.
   *
   * @param schema the row's schema version, 1 to {@link #SCHEMA}
   * @param generation how many rewinds the store had seen; 0 before schema 3
   * @param block the block whose state was read; -1 where an old row does not say
   * @param retracted whether the chain no longer has the event; false before schema 3
   */
  record Reading(int schema, int generation, long block, boolean retracted)
      implements Comparable<Reading> {
    /** The schema version of rows that are written now. */
    public static final int SCHEMA = 3;

    /** Of a row that the earlier indexer wrote. */
    public static final Reading LEGACY = new Reading(1, 0, -1, false);

    private static final Comparator<Reading> ORDER =
        Comparator.comparingInt(Reading::generation)
            .thenComparingLong(Reading::block)
            .thenComparingInt(Reading::schema);

    public Reading {
      if (schema < 1
          || schema > SCHEMA
          || generation < 0
          || (schema == 1 ? block != -1 : block < 0)
          || (schema < SCHEMA && (generation > 0 || retracted))) {
        throw new IllegalArgumentException(
            "Impossible reading: schema %d, generation %d, block %d, retracted %s"
                .formatted(schema, generation, block, retracted));
      }
    }

    /** Of a row read from the chain now. */
    public static Reading at(long block, int generation) {
      return new Reading(SCHEMA, generation, block, false);
    }

    /** Of the retraction that takes the place of a row. */
    public static Reading retraction(long block, int generation) {
      return new Reading(SCHEMA, generation, block, true);
    }

    /** By generation, then block, then schema; not consistent with equals. */
    @Override
    public int compareTo(Reading other) {
      return ORDER.compare(this, other);
    }
  }
}
