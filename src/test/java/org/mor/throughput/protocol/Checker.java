package org.mor.throughput.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Walks through every state that the writers, the faults and the world can bring about, nearest
 * first, so that a counterexample is a shortest one. States are remembered by their fingerprint.
 */
final class Checker {
  /**
   * What was found.
   *
   * @param endings in how many of them every writer had ended
   */
  record Result(int states, int endings, Optional<Counterexample> violation) {}

  /** The steps that lead to a broken invariant, from a start on. */
  record Counterexample(String broken, ModelState start, List<Move> moves) {
    /** One line a step, with the store behind it. */
    String describe(Protocol protocol) {
      StringBuilder text = new StringBuilder(broken + "\n   start: " + start + "\n");
      ModelState state = start;
      for (int i = 0; i < moves.size(); i++) {
        String step = moves.get(i).describe(state);
        state = moves.get(i).apply(protocol, state);
        text.append("%4d. %-58s %s%n".formatted(i + 1, step, state));
      }
      return text.toString();
    }
  }

  private record Waiting(ModelState state, int number) {}

  private final Protocol protocol;
  private final SeenStates seen = new SeenStates();
  private int[] parents = new int[1 << 16];
  private byte[] moves = new byte[1 << 16];
  private int endings;

  Checker(Protocol protocol) {
    this.protocol = protocol;
  }

  Result run(List<ModelState> starts) {
    Deque<Waiting> waiting = new ArrayDeque<>();
    for (ModelState start : starts) {
      if (seen.add(start.fingerprint())) {
        waiting.add(new Waiting(start, note(-1 - starts.indexOf(start), (byte) 0)));
      }
    }
    while (!waiting.isEmpty()) {
      Waiting next = waiting.remove();
      for (Move move : Move.of(next.state)) {
        ModelState after = move.apply(protocol, next.state);
        if (!seen.add(after.fingerprint())) {
          continue;
        }
        int number = note(next.number, move.code());
        Optional<String> broken = broken(next.state, after);
        if (broken.isPresent()) {
          return new Result(seen.size(), endings, Optional.of(trace(starts, broken.get(), number)));
        }
        waiting.add(new Waiting(after, number));
      }
    }
    return new Result(seen.size(), endings, Optional.empty());
  }

  private Optional<String> broken(ModelState before, ModelState after) {
    Optional<String> broken = Invariants.broken(before, after);
    if (broken.isEmpty() && after.isOver()) {
      endings++;
      return Invariants.brokenAtTheEnd(protocol, after);
    }
    return broken;
  }

  private int note(int parent, byte move) {
    int number = seen.size() - 1;
    if (number >= parents.length) {
      parents = Arrays.copyOf(parents, 2 * parents.length);
      moves = Arrays.copyOf(moves, 2 * moves.length);
    }
    parents[number] = parent;
    moves[number] = move;
    return number;
  }

  private Counterexample trace(List<ModelState> starts, String broken, int number) {
    List<Move> trace = new ArrayList<>();
    int at = number;
    while (parents[at] >= 0) {
      trace.add(Move.ofCode(moves[at]));
      at = parents[at];
    }
    Collections.reverse(trace);
    return new Counterexample(broken, starts.get(-1 - parents[at]), trace);
  }
}
