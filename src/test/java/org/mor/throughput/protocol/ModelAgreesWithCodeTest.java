package org.mor.throughput.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Walks through the model at random, and takes the real runs along the same way: every call they
 * make is the one the model says, and both end in the same store.
 */
class ModelAgreesWithCodeTest {
  private static final int WALKS = Integer.getInteger("model.walks", 60);

  private final Protocol protocol = new Protocol(Set.of());

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void theRealRunsDoWhatTheModelSays(int start) {
    walk(start, -1, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,0", "1,2,0", "1,3,0", "2,1,0", "2,2,0", "2,3,0", "3,1,0", "3,2,0", "1,1,1", "1,2,1",
    "1,2,2", "2,2,2", "3,2,1"
  })
  void andSoTheyDoWhereTheChainIsReorganised(int start, int forksAbove, int operatesTo) {
    walk(start, forksAbove, operatesTo);
  }

  private void walk(int start, int forksAbove, int operatesTo) {
    Random random = new Random(start + 10 * forksAbove + 100 * operatesTo);
    int faults = 0;
    int forks = 0;
    for (int walk = 0; walk < WALKS; walk++) {
      ModelState state = ModelState.initial(4, false, forksAbove, operatesTo).get(start);
      SteppedWorld world = new SteppedWorld(state);
      List<String> trace = new ArrayList<>();
      while (!state.isOver()) {
        Move move = choose(state, random);
        trace.add(move.describe(state));
        take(move, state, world, trace);
        faults += move.fault() == Fault.NONE || move.isReorganisation() ? 0 : 1;
        state = move.apply(protocol, state);
      }
      forks += state.reorganised ? 1 : 0;
      world.end();
      assertSame(world, state, trace);
    }
    assertThat(faults).isGreaterThan(WALKS);
    assertThat(forks).isGreaterThanOrEqualTo(forksAbove < 0 ? 0 : WALKS / 2);
  }

  private static Move choose(ModelState state, Random random) {
    List<Move> moves = Move.of(state);
    Move move = moves.get(random.nextInt(moves.size()));
    boolean fewerFaults =
        move.fault() != Fault.NONE && !move.isReorganisation() && random.nextInt(4) > 0;
    return fewerFaults ? new Move(move.writer(), Fault.NONE) : move;
  }

  private static void take(Move move, ModelState state, SteppedWorld world, List<String> trace) {
    if (move.isNewBlock()) {
      world.headIs(state.safeHead + 1);
    } else if (move.isReorganisation()) {
      world.reorganise();
    } else if (move.isLanding()) {
      world.land(move.put());
    } else {
      ModelWriter writer = state.writers[move.writer()];
      assertThat(world.pending(move.writer())).as("%s", trace).isEqualTo(call(writer));
      world.step(move.writer(), move.fault());
    }
  }

  /** The model's next call as the real store and chain name it. */
  private static String call(ModelWriter writer) {
    return switch (writer.at.kind()) {
      case CHAIN -> writer.at.name();
      case GET -> "GET " + Protocol.item(writer);
      case PUT -> "PUT " + Protocol.item(writer);
      case NONE -> "nothing";
    };
  }

  private static void assertSame(SteppedWorld world, ModelState state, List<String> trace) {
    assertThat(
            IntStream.of(world.rows(0), world.rows(1), world.coverage(), world.cursor()).toArray())
        .as("%s", trace)
        .containsExactly(
            state.get(Item.FIRST_MONTH),
            state.get(Item.SECOND_MONTH),
            state.get(Item.COVERAGE),
            state.get(Item.CURSOR));
  }
}
