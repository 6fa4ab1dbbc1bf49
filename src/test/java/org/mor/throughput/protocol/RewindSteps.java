package org.mor.throughput.protocol;

import static org.mor.throughput.protocol.Item.ABSENT;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where a run begins, as {@code Ledger.begin}, {@code Healing} and {@code Rewind} carry it out: a
 * rewind that was left unfinished is finished, and one begins where the chain was reorganised or an
 * operator says so. What is asked of the chain passes together with the read before it.
 */
@SuppressWarnings("OperatorPrecedence")
final class RewindSteps {
  private static final int MOST = 3;

  private final Protocol protocol;
  private final Set<Flaw> flaws;

  RewindSteps(Protocol protocol, Set<Flaw> flaws) {
    this.protocol = protocol;
    this.flaws = flaws;
  }

  /** Decides what follows from a read. */
  void decide(ModelState state, ModelWriter writer, int value) {
    switch (writer.at) {
      case POSITION, PUBLISH_CURSOR -> begin(state, writer, value);
      case SUSPECT -> suspect(state, writer, value);
      case KEPT -> kept(state, writer, value);
      case REWIND_GET -> rewind(state, writer, value);
      case CUT_GET -> cut(state, writer, value);
      case END_GET -> end(state, writer, value);
      default -> throw new IllegalStateException("No step of a rewind: " + writer.at);
    }
  }

  /** Goes on after a put. */
  void written(ModelState state, ModelWriter writer) {
    int body = writer.body;
    switch (writer.at) {
      case REWIND_PUT -> finish(writer, body);
      case CUT_PUT -> cutDone(state, writer);
      case END_PUT -> ended(state, writer, body);
      default -> throw new IllegalStateException("No put of a rewind: " + writer.at);
    }
  }

  private void begin(ModelState state, ModelWriter writer, int cursor) {
    if (Encoded.rewindTo(cursor) >= 0 && !flaws.contains(Flaw.UNFINISHED_REWIND_IGNORED)) {
      finish(writer, cursor);
    } else {
      begun(state, writer, cursor);
    }
  }

  private void finish(ModelWriter writer, int cursor) {
    writer.keptGeneration = Encoded.generation(cursor);
    writer.rewindTo = Encoded.rewindTo(cursor);
    boolean endsFirst = flaws.contains(Flaw.REWIND_ENDED_BEFORE_COVERAGE_IS_CUT);
    writer.next(endsFirst ? Step.END_GET : Step.CUT_GET);
  }

  private void cut(ModelState state, ModelWriter writer, int coverage) {
    boolean isDone =
        Encoded.coverageGeneration(coverage) >= writer.keptGeneration
            && !flaws.contains(Flaw.COVERAGE_CUT_AGAIN_BY_A_SLOW_RUN)
            && !flaws.contains(Flaw.REWIND_WITHOUT_A_GENERATION);
    int body = Encoded.cut(coverage, writer.keptGeneration, writer.rewindTo);
    if (isDone || body == coverage) {
      cutDone(state, writer);
    } else {
      writer.seen = coverage;
      writer.body = body;
      writer.at = Step.CUT_PUT;
    }
  }

  private void cutDone(ModelState state, ModelWriter writer) {
    if (flaws.contains(Flaw.COVERAGE_CUT_BEFORE_THE_CURSOR_MOVES)
        && Encoded.generation(state.get(Item.CURSOR)) < writer.keptGeneration) {
      writer.keptGeneration--;
      writer.next(Step.REWIND_GET);
    } else if (flaws.contains(Flaw.REWIND_ENDED_BEFORE_COVERAGE_IS_CUT)) {
      begun(state, writer, state.get(Item.CURSOR));
    } else {
      writer.next(Step.END_GET);
    }
  }

  private void end(ModelState state, ModelWriter writer, int cursor) {
    if (cursor == ABSENT) {
      writer.restart();
    } else if (Encoded.rewindTo(cursor) < 0
        || Encoded.generation(cursor) != writer.keptGeneration) {
      begin(state, writer, cursor);
    } else {
      writer.seen = cursor;
      writer.body =
          Encoded.cursor(
              Encoded.block(cursor),
              Encoded.hash(cursor),
              Encoded.generation(cursor),
              -1,
              Encoded.sequence(cursor) + 1);
      writer.at = Step.END_PUT;
    }
  }

  private void ended(ModelState state, ModelWriter writer, int cursor) {
    if (flaws.contains(Flaw.REWIND_ENDED_BEFORE_COVERAGE_IS_CUT)) {
      writer.next(Step.CUT_GET);
    } else {
      begun(state, writer, cursor);
    }
  }

  /** No rewind is unfinished any more. */
  private void begun(ModelState state, ModelWriter writer, int cursor) {
    boolean operated = writer.operating && writer.goingBack;
    boolean loops = writer.goingBack && !writer.operating;
    writer.began = cursor;
    writer.oneChainTo = Encoded.block(cursor);
    writer.goingBack = false;
    if (writer.publishes) {
      protocol.publishFrom(state, writer, cursor);
    } else if (operated || (writer.operating && Encoded.block(cursor) < writer.operatesTo)) {
      writer.operating = false;
      writer.began = ABSENT;
      writer.next(Step.HEAD);
    } else if (writer.operating) {
      writer.next(Step.KEPT);
    } else if (loops) {
      lookAgain(writer);
    } else {
      settle(state, writer);
    }
  }

  private static void lookAgain(ModelWriter writer) {
    writer.looks++;
    if (writer.looks == MOST) {
      writer.restart();
    } else {
      writer.next(Step.POSITION);
    }
  }

  private void settle(ModelState state, ModelWriter writer) {
    boolean stands = writer.began != ABSENT;
    writer.ahead = false;
    writer.doubts = false;
    if (stands && state.hash(writer.stood()) != Encoded.hash(writer.began)) {
      writer.next(Step.KEPT);
    } else if (stands && writer.suspect > 0) {
      writer.next(Step.SUSPECT);
    } else {
      protocol.settled(writer);
    }
  }

  private void suspect(ModelState state, ModelWriter writer, int coverage) {
    int kept = Encoded.kept(coverage);
    if (Encoded.isKept(kept, writer.suspect)
        && !Encoded.fits(kept, writer.suspect, state.hash(writer.suspect))) {
      writer.ahead = writer.suspect > writer.stood();
      writer.doubts = true;
      writer.next(Step.KEPT);
    } else {
      protocol.settled(writer);
    }
  }

  private void kept(ModelState state, ModelWriter writer, int coverage) {
    int top =
        writer.operating ? writer.operatesTo : writer.doubts ? writer.suspect : writer.stood();
    int kept = withCursor(Encoded.kept(coverage), writer, top);
    List<Integer> known = new ArrayList<>();
    for (int block = 1; block <= Math.min(top, ModelState.LAST_BLOCK); block++) {
      if (Encoded.isKept(kept, block)) {
        known.add(block);
      }
    }
    int fitting = newestOn(state, kept, known, writer.operating ? Integer.MAX_VALUE : top);
    if (writer.operating) {
      operate(state, writer, coverage, fitting == known.size() - 1);
    } else if (writer.ahead
        ? fitting < 0
        : fitting + 1 == known.size() || isOn(state, kept, known.get(fitting + 1))) {
      lookAgain(writer);
    } else if (writer.ahead) {
      goBack(state, writer, coverage, Math.max(writer.stood(), known.get(fitting)));
    } else if (fitting < 0
        || known.get(0) > state.forksAbove()
        || known.get(fitting + 1) <= state.forksAbove()) {
      state.stopped = true;
      writer.done();
    } else {
      goBack(state, writer, coverage, known.get(fitting));
    }
  }

  private static int withCursor(int kept, ModelWriter writer, int top) {
    int block = writer.stood();
    return writer.began == ABSENT || block == 0 || block > top
        ? kept
        : Encoded.keep(kept, block, Encoded.hash(writer.began));
  }

  /** As {@code KnownBlocks.newestOn}. */
  private static int newestOn(ModelState state, int kept, List<Integer> known, int lacking) {
    int lacks = known.size();
    while (lacks > 0 && known.get(lacks - 1) >= lacking) {
      lacks--;
    }
    int fits = lacks - 1;
    for (int step = 1; fits >= 0 && !isOn(state, kept, known.get(fits)); step *= 2) {
      lacks = fits;
      fits -= step;
    }
    fits = Math.max(-1, fits);
    while (lacks - fits > 1) {
      int middle = fits + (lacks - fits) / 2;
      if (isOn(state, kept, known.get(middle))) {
        fits = middle;
      } else {
        lacks = middle;
      }
    }
    return fits;
  }

  private static boolean isOn(ModelState state, int kept, int block) {
    return Encoded.fits(kept, block, state.hash(block));
  }

  private void operate(ModelState state, ModelWriter writer, int coverage, boolean onChain) {
    int to = writer.operatesTo;
    boolean isThere = writer.stood() == to && (Encoded.covered(coverage) & ~Protocol.upTo(to)) == 0;
    if (isThere || !onChain) {
      writer.operating = false;
      writer.began = ABSENT;
      writer.next(Step.HEAD);
    } else {
      goBack(state, writer, coverage, to);
    }
  }

  private void goBack(ModelState state, ModelWriter writer, int coverage, int to) {
    writer.goingBack = true;
    writer.rewindTo = to;
    writer.toHash = state.hash(to);
    writer.keptGeneration = Encoded.coverageGeneration(coverage);
    if (flaws.contains(Flaw.COVERAGE_CUT_BEFORE_THE_CURSOR_MOVES)) {
      writer.keptGeneration = Math.max(Encoded.generation(writer.began), writer.keptGeneration) + 1;
      writer.next(Step.CUT_GET);
    } else {
      writer.next(Step.REWIND_GET);
    }
  }

  private void rewind(ModelState state, ModelWriter writer, int cursor) {
    int generation = Encoded.generation(writer.began);
    if (cursor == ABSENT) {
      writer.restart();
    } else if (Encoded.rewindTo(cursor) >= 0 || Encoded.generation(cursor) != generation) {
      begin(state, writer, cursor);
    } else {
      boolean stays = Encoded.block(cursor) < writer.rewindTo;
      int next = Math.max(generation, writer.keptGeneration) + 1;
      writer.seen = cursor;
      writer.body =
          Encoded.cursor(
              Math.min(Encoded.block(cursor), writer.rewindTo),
              stays ? Encoded.hash(cursor) : writer.toHash,
              flaws.contains(Flaw.REWIND_WITHOUT_A_GENERATION) ? generation : next,
              writer.rewindTo,
              Encoded.sequence(cursor) + 1);
      writer.at = Step.REWIND_PUT;
    }
  }
}
