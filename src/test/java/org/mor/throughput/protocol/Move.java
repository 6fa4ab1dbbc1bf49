package org.mor.throughput.protocol;

import java.util.ArrayList;
import java.util.List;

/** One transition: a writer's step with or without a fault, a late put that lands, a new block. */
@SuppressWarnings("EnumOrdinal")
record Move(int writer, Fault fault) {
  private static final int WORLD = 3;
  private static final Move NEW_BLOCK = new Move(WORLD, Fault.NONE);
  private static final Move REORGANISATION = new Move(WORLD, Fault.LAGGING);

  /** All that can happen in a state. */
  static List<Move> of(ModelState state) {
    List<Move> moves = new ArrayList<>();
    for (ModelWriter writer : state.writers) {
      if (writer.at != Step.DONE) {
        moves.add(new Move(writer.id, Fault.NONE));
        if (state.faultsLeft > 0) {
          for (Fault fault : writer.at.kind().faults()) {
            if (fault != Fault.DELAYED || state.mayDelayAPut()) {
              moves.add(new Move(writer.id, fault));
            }
          }
        }
      }
    }
    for (int put = 0; put < ModelState.PUTS_ON_THE_WAY; put++) {
      if (state.isOnTheWay(put)) {
        moves.add(new Move(WORLD + 1 + put, Fault.NONE));
      }
    }
    if (state.safeHead < ModelState.LAST_BLOCK) {
      moves.add(NEW_BLOCK);
    }
    if (state.mayReorganise()) {
      moves.add(REORGANISATION);
    }
    return moves;
  }

  boolean isNewBlock() {
    return equals(NEW_BLOCK);
  }

  boolean isReorganisation() {
    return equals(REORGANISATION);
  }

  boolean isLanding() {
    return writer > WORLD;
  }

  /** The number of the put that lands. */
  int put() {
    return writer - WORLD - 1;
  }

  ModelState apply(Protocol protocol, ModelState before) {
    ModelState after = before.copy();
    if (isNewBlock()) {
      after.safeHead++;
    } else if (isReorganisation()) {
      after.reorganised = true;
    } else if (isLanding()) {
      after.land(put());
    } else {
      after.faultsLeft -= fault == Fault.NONE ? 0 : 1;
      protocol.step(after, after.writers[writer], fault);
    }
    return after;
  }

  String describe(ModelState before) {
    if (isNewBlock()) {
      return "a new block is safe";
    }
    if (isReorganisation()) {
      return "the chain is reorganised above block " + before.forksAbove();
    }
    if (isLanding()) {
      return "a late put of %s arrives".formatted(Item.values()[before.onTheWay[3 * put()]]);
    }
    ModelWriter by = before.writers[writer];
    return "%s %d: %s%s%s"
        .formatted(
            by.backfill ? "backfill" : "run",
            writer + 1,
            by.at,
            by.at.name().startsWith("MONTH") ? " " + Protocol.item(by) : "",
            fault == Fault.NONE ? "" : " with " + fault);
  }

  /** As one byte. */
  byte code() {
    return (byte) (writer * 16 + fault.ordinal());
  }

  static Move ofCode(byte code) {
    return new Move(code / 16, Fault.values()[code % 16]);
  }
}
