package org.mor.throughput.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.live.Message.Draft;

/**
 * The blocks from the finalized one to the newest: their hashes as far as they are known, and their
 * events. Used by one thread.
 */
final class Blocks {
  /**
   * An event of a block that is not final.
   *
   * @param seqno the number that it was first published with
   */
  record Pending(Draft draft, long seqno) {
    long block() {
      return draft.key().block();
    }

    Stage stage() {
      return Objects.requireNonNull(draft.key().stage());
    }
  }

  /** By block, then by log; what no log says comes last. */
  static final Comparator<Draft> IN_ORDER =
      Comparator.comparingLong((Draft draft) -> draft.key().block())
          .thenComparing(Draft::logIndex, Long::compareUnsigned);

  private static final int AT_ONCE = 32;

  private final NavigableMap<Long, BlockHeader> known = new TreeMap<>();
  private final List<Pending> pending = new ArrayList<>();
  private long safe;
  private long finalized;

  /** Begins above a block that is final. */
  Blocks(BlockHeader settled) {
    known.put(settled.number(), settled);
    safe = settled.number();
    finalized = settled.number();
  }

  BlockHeader top() {
    return known.lastEntry().getValue();
  }

  long reached(Stage stage) {
    return switch (stage) {
      case SAFE -> safe;
      case FINALIZED -> finalized;
      default -> top().number();
    };
  }

  NavigableMap<Long, BlockHeader> known() {
    return known;
  }

  void extend(Collection<BlockHeader> headers) {
    headers.forEach(header -> known.put(header.number(), header));
  }

  /** What is known of a block is doubtful; the final one and the newest stay. */
  void forget(long block) {
    if (block > finalized && block < top().number()) {
      known.remove(block);
    }
  }

  void add(Draft draft, long seqno) {
    pending.add(new Pending(draft.key().block() > safe ? draft : draft.at(Stage.SAFE), seqno));
  }

  /** The events up to a block that have not reached the stage, in order. */
  List<Pending> below(Stage stage, long block) {
    return pending.stream()
        .filter(event -> event.block() <= block && !event.stage().isAtLeast(stage))
        .sorted(Comparator.comparing(Pending::draft, IN_ORDER))
        .toList();
  }

  /** Takes the known ones out of events. */
  void removeKnown(List<Draft> events) {
    Set<List<Object>> known =
        pending.stream().map(one -> identity(one.draft())).collect(Collectors.toSet());
    events.removeIf(event -> known.contains(identity(event)));
  }

  private static List<Object> identity(Draft event) {
    return List.of(event.key().block(), event.logIndex(), event.secret());
  }

  /** The events above a block, in order. */
  List<Pending> above(long block) {
    return pending.stream().filter(event -> event.block() > block).toList();
  }

  /** Blocks up to this one have reached the stage. */
  void settle(Stage stage, long block) {
    safe = Math.max(safe, block);
    if (stage == Stage.FINALIZED) {
      finalized = block;
      pending.removeIf(event -> event.block() <= block);
      Long last = known.floorKey(block);
      if (last != null) {
        known.headMap(last, false).clear();
      }
    } else {
      pending.replaceAll(
          event ->
              event.block() <= block ? new Pending(event.draft().at(stage), event.seqno()) : event);
    }
  }

  /** Blocks above this one are gone. */
  void cut(long block) {
    known.tailMap(block, false).clear();
    pending.removeIf(event -> event.block() > block);
    safe = Math.min(safe, block);
  }

  /**
   * The newest known block that the chain still has; the newest of all where nothing says that any
   * is gone.
   *
   * @param latest the newest block of the endpoint that is asked
   * @throws ChainContradictionException when the chain does not even have the final block
   */
  long lastCommon(long latest, Function<List<Long>, Map<Long, BlockHeader>> chain) {
    List<Long> numbers = known.descendingKeySet().stream().filter(n -> n <= latest).toList();
    if (numbers.isEmpty()) {
      return top().number(); // The endpoint that was asked is far behind.
    }
    for (int from = 0; from < numbers.size(); from += AT_ONCE) {
      List<Long> some = numbers.subList(from, Math.min(numbers.size(), from + AT_ONCE));
      Map<Long, BlockHeader> headers = chain.apply(some);
      for (long number : some) {
        if (Objects.equals(known.get(number), headers.get(number))) {
          // A node that lags has what it has: nothing says that the blocks above are gone.
          return number == numbers.get(0) ? top().number() : number;
        }
      }
    }
    throw new ChainContradictionException(
        "Block %d was final and is another one now: an endpoint serves another chain, or is wrong. Nothing more is sent.\nnext: compare the endpoints of BASE_RPC_URL; if the chain really changed, stop, delete LIVE_DIR and start again"
            .formatted(finalized));
  }

  /** Tells that blocks reached a stage. */
  static Draft stage(Stage stage, Stage reached, long first, BlockHeader last, long events) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    payload.put("stage", stage.label()).put("first_block", first).put("last_block", last.number());
    payload.put("last_hash", last.hash().toHex()).put("events", events);
    payload.put("reached_stage", reached.label());
    return Draft.of(
        EventName.BLOCK_STAGE, stage, last.number(), -1, null, last.timestamp(), payload, "");
  }

  /** The last block that such a message tells of. */
  static BlockHeader header(Draft stage) {
    JsonNode payload = stage.payload();
    return new BlockHeader(
        payload.path("last_block").asLong(),
        Hash32.fromHex(payload.path("last_hash").asText()),
        stage.timestamp());
  }

  /** The first one. */
  static long first(Draft stage) {
    return stage.payload().path("first_block").asLong();
  }

  /** Does what such a message tells of; of final blocks, nothing is left to do. */
  void replay(Draft message) {
    Stage stage = Objects.requireNonNull(message.key().stage());
    if (message.key().block() <= finalized) {
      return;
    }
    if (stage == Stage.REJECTED) {
      cut(Math.max(finalized, first(message) - 1));
      return;
    }
    extend(List.of(header(message)));
    if (stage != Stage.PROPOSED) {
      settle(stage, message.key().block());
    }
  }

  /** Where the blocks stand, and the events that are not final. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("head_block", top().number());
    json.put("head_time", top().timestamp());
    json.put("safe_block", safe);
    json.put("finalized_block", finalized);
    ArrayNode list = json.putArray("blocks");
    ObjectNode last = null;
    for (Pending event : pending) {
      if (last == null || last.path("block_number").asLong() != event.block()) {
        last = list.addObject().put("block_number", event.block());
        last.put("stage", event.stage().label()).put("events", 0);
      }
      last.put("events", last.path("events").asInt() + 1);
    }
    return json;
  }
}
