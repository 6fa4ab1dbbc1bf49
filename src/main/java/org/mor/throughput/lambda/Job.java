package org.mor.throughput.lambda;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.ReportCodec;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.wiring.Graph;

/**
 * One step of a backfill that a state machine fans out. Each may be repeated.
 *
 * @param kind what the run's record calls it; empty where it writes nothing and leaves no record
 */
record Job(Optional<String> kind, Step step) {
  /**
   * A round of so many takes 4,400 of an execution's 25,000 events with one invocation a range, of
   * 9 events each, and 18,800 with the five that the state machine allows; it fits in its 256 KB.
   */
  private static final int MOST_RANGES = 400;

  /** How many ranges a plan has that asks for no number. */
  private static final long USUAL_RANGES = 40;

  /** Beyond it a number of JSON is not exact everywhere. */
  private static final long MOST_BLOCK = (1L << 53) - 1;

  /** Carries it out. */
  @FunctionalInterface
  interface Step {
    Done run(Graph graph, RunBudget budget, Instant now);
  }

  /**
   * What a step did.
   *
   * @param json its part of the answer
   * @param isPartial whether blocks are left
   * @param rollup what was published; empty when nothing was
   */
  record Done(ObjectNode json, boolean isPartial, Optional<RollupRun.Report> rollup) {}

  /**
   * Reads the step that a payload asks for; empty where it asks for none.
   *
   * @throws BadRequestException where it asks for more than one thing, or for what cannot be
   */
  static Optional<Job> decode(ObjectNode payload) {
    if (payload.has("backfill")) {
      ObjectNode wish = wish(payload, "backfill", "from", "to");
      long from = block(wish, "from").orElseThrow(Job::lacking);
      long to = block(wish, "to").orElseThrow(Job::lacking);
      requireOrder(from, to);
      return job("backfill", (graph, budget, now) -> scan(from, to, graph, budget));
    }
    if (payload.has("plan")) {
      ObjectNode wish = wish(payload, "plan", "from", "to", "ranges", "blocks");
      OptionalLong from = block(wish, "from");
      OptionalLong to = block(wish, "to");
      requireOrder(from.orElse(0), to.orElse(MOST_BLOCK));
      OptionalLong ranges = number(wish, "ranges", 1, MOST_RANGES);
      OptionalLong blocks = number(wish, "blocks", 1, MOST_BLOCK);
      if (ranges.isPresent() && blocks.isPresent()) {
        throw new BadRequestException(
            "The payload's plan has both ranges and blocks; next: leave one of them out");
      }
      return Optional.of(
          new Job(Optional.empty(), (graph, budget, now) -> plan(from, to, ranges, blocks, graph)));
    }
    if (payload.has("rollup")) {
      requireOnly(payload, Set.of("rollup"));
      if (!payload.path("rollup").asBoolean() || !payload.path("rollup").isBoolean()) {
        throw RunRequest.wrong("rollup", payload.path("rollup"), "true");
      }
      return job("rollup", (graph, budget, now) -> publish(graph, now));
    }
    return Optional.empty();
  }

  private static Optional<Job> job(String kind, Step step) {
    return Optional.of(new Job(Optional.of(kind), step));
  }

  /** The object under {@code key}, which is the payload's only key. */
  private static ObjectNode wish(ObjectNode payload, String key, String... known) {
    requireOnly(payload, Set.of(key));
    if (!(payload.path(key) instanceof ObjectNode wish)) {
      throw RunRequest.wrong(key, payload.path(key), "an object such as {\"from\":1,\"to\":2}");
    }
    requireOnly(wish, Set.of(known));
    return wish;
  }

  private static void requireOnly(ObjectNode object, Set<String> known) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    if (!known.containsAll(names)) {
      throw new BadRequestException(
          "The payload has a key that is not accepted; next: give only "
              + String.join(", ", new TreeSet<>(known)));
    }
  }

  private static OptionalLong block(ObjectNode wish, String key) {
    return number(wish, key, 0, MOST_BLOCK);
  }

  private static OptionalLong number(ObjectNode wish, String key, long least, long most) {
    return wish.has(key)
        ? OptionalLong.of(RunRequest.whole(key, wish.path(key), least, most))
        : OptionalLong.empty();
  }

  private static BadRequestException lacking() {
    return new BadRequestException(
        "The payload's backfill lacks a block; next: give {\"backfill\":{\"from\":A,\"to\":B}}");
  }

  private static void requireOrder(long from, long to) {
    if (to < from) {
      throw new BadRequestException(
          "The payload's to is %d, before its from, %d; next: give a later block"
              .formatted(to, from));
    }
  }

  /** Scans blocks as the command {@code backfill} does, as many as there is time for. */
  private static Done scan(long from, long to, Graph graph, RunBudget budget) {
    Backfill backfill = new Backfill(graph.reader(), graph.ledger());
    Backfill.Plan plan = backfill.plan(new Backfill.Request(from, OptionalLong.of(to), false));
    Backfill.Report report = backfill.run(plan, budget, ScanListener.none());
    List<BlockRange> missing = backfill.missing(new BlockRange(from, to));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("from", from).put("to", to).put("done", to - from + 1 - sum(missing));
    if (missing.isEmpty()) {
      json.putNull("left");
    } else {
      json.putObject("left").put("from", missing.get(0).first()).put("to", to);
    }
    json.put("rows", report.rowsAdded())
        .put("opens", report.opens())
        .put("closes", report.closes())
        .put("retracted", report.suspects().retracted());
    report.cursor().ifPresent(cursor -> json.put("cursor", cursor.lastBlock()));
    ReportCodec.rewound(json, report.rewound());
    return new Done(json, !missing.isEmpty(), Optional.empty());
  }

  /** Says which blocks were never scanned, in ranges for {@link #scan}. */
  private static Done plan(
      OptionalLong from, OptionalLong to, OptionalLong ranges, OptionalLong blocks, Graph graph) {
    Backfill backfill = new Backfill(graph.reader(), graph.ledger());
    long first = from.orElseGet(() -> graph.settings().startBlock().orElseThrow());
    if (to.orElse(first) < first) {
      throw new BadRequestException(
          "The payload's to is %d, before START_BLOCK, %d; next: give a later to, or a from"
              .formatted(to.getAsLong(), first));
    }
    BlockRange asked = backfill.plan(new Backfill.Request(first, to, false)).asked();
    if (to.orElse(0) > asked.last()) {
      throw new BadRequestException(
          "The payload's to is %d, but only blocks up to %d may be indexed yet; next: give an earlier to, or none"
              .formatted(to.getAsLong(), asked.last()));
    }
    List<BlockRange> missing = backfill.missing(asked);
    long all = sum(missing);
    long each = blocks.orElse(Math.max(1, ceiling(all, ranges.orElse(USUAL_RANGES))));
    if (ceiling(all, each) > MOST_RANGES) {
      throw new BadRequestException(
          "%d blocks in ranges of %d are more than %d ranges; next: give blocks of %d or more"
              .formatted(all, each, MOST_RANGES, ceiling(all, MOST_RANGES)));
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("missing", all);
    json.putObject("plan").put("from", first).put("to", asked.last()).put("blocks", each);
    ArrayNode list = json.putArray("ranges");
    apart(Backfill.pieces(missing, each))
        .forEach(range -> list.addObject().put("from", range.first()).put("to", range.last()));
    return new Done(json, false, Optional.empty());
  }

  /**
   * The same ranges with neighbours apart: those that are scanned side by side seldom write to one
   * month. Of n ranges, each is followed by the one that lies the root of n further.
   */
  private static List<BlockRange> apart(List<BlockRange> ranges) {
    int stride = (int) Math.ceil(Math.sqrt(ranges.size()));
    List<BlockRange> order = new ArrayList<>();
    for (int start = 0; start < stride; start++) {
      for (int i = start; i < ranges.size(); i += stride) {
        order.add(ranges.get(i));
      }
    }
    return order;
  }

  /** Publishes what is stored, as the command {@code rollup --stuck} does. */
  private static Done publish(Graph graph, Instant now) {
    RollupRun.Report report = graph.rollup().run(graph.reader(), graph.partials(false), now);
    return new Done(JsonNodeFactory.instance.objectNode(), false, Optional.of(report));
  }

  private static long sum(List<BlockRange> ranges) {
    return ranges.stream().mapToLong(BlockRange::size).sum();
  }

  private static long ceiling(long whole, long part) {
    return whole / part + (whole % part == 0 ? 0 : 1);
  }
}
