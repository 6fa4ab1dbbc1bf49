package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/**
 * Keeps the coverage at {@code state/coverage.json}. It shrinks by a rewind alone, after which runs
 * that began before cannot add to it. Its JSON is {@code {"version":2,"ranges":[[first,last],...],
 * "generation":n,"hosts":[host,...],"kept":[[number,hash,time,index of host],...]}}, both ends
 * included. Version 1, which is still written where there is nothing else to say, has ranges alone.
 */
public final class CoverageStore {
  public static final ObjectKey KEY = new ObjectKey("state/coverage.json");

  static final StateObject.Form<Coverage> FORM =
      new StateObject.Form<>(KEY, Coverage.NONE, CoverageStore::write, CoverageStore::read);

  private static final int RANGES_ALONE = 1;
  private static final int VERSION = 2;

  private final StateObject<Coverage> state;

  public CoverageStore(ObjectStore store, CommitRetry retry) {
    state = new StateObject<>(store, retry, FORM);
  }

  /**
   * The stored coverage; {@link Coverage#NONE} when nothing is stored.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when it cannot be read
   */
  public Coverage find() {
    return state.find();
  }

  /** Adds a range to the coverage of a store that was never rewound, and keeps no block. */
  public Coverage add(BlockRange range) {
    return add(range, Optional.empty(), Optional.empty());
  }

  /** The same in a run's generation, where no other run scans beside it. */
  Coverage add(BlockRange range, Optional<Cursor> began, Optional<KeptBlock> end) {
    return add(range, began, end, UnaryOperator.identity());
  }

  /**
   * Adds a range whose rows are stored already. Adding it again writes nothing, and so does one
   * that counts as scanned and ends at or before the cursor.
   *
   * @param began the cursor that the run began with; empty where there was none
   * @param end the range's last block, to be kept
   * @param compare sees what would be stored, and adds blocks that contradict what is kept
   * @return the coverage as it is stored now
   * @throws org.mor.throughput.store.StoreException.StoreConflictException when the store was
   *     rewound since the run began
   */
  public Coverage add(
      BlockRange range,
      Optional<Cursor> began,
      Optional<KeptBlock> end,
      UnaryOperator<Coverage> compare) {
    int generation = began.map(Cursor::generation).orElse(0);
    long stood = began.map(Cursor::lastBlock).orElse(-1L);
    Coverage more = new Coverage(List.of(range), generation, end.stream().toList());
    return state.update(
        known -> {
          if (known.generation() > generation) {
            throw CommitLoop.outdated(KEY, range.toString(), known.generation(), generation);
          }
          Coverage believed = began.map(known::in).orElse(known);
          boolean isKnown = believed.covers(range) && range.last() <= stood;
          return compare.apply(isKnown ? believed : believed.union(more));
        });
  }

  /**
   * Forgets what is above {@code block}, unless that was done before.
   *
   * @param generation the new one, which the cursor has already
   */
  public Coverage rewind(int generation, long block) {
    return state.update(
        known -> known.generation() >= generation ? known : known.rewound(generation, block));
  }

  private static ObjectNode write(Coverage coverage) {
    boolean alone = coverage.generation() == 0 && coverage.kept().isEmpty();
    ObjectNode json = StateJson.object(alone ? RANGES_ALONE : VERSION);
    ArrayNode ranges = json.putArray("ranges");
    coverage.ranges().forEach(range -> ranges.addArray().add(range.first()).add(range.last()));
    if (!alone) {
      json.put(StateJson.GENERATION, coverage.generation());
      write(coverage.kept(), json);
    }
    return json;
  }

  private static void write(List<KeptBlock> blocks, ObjectNode json) {
    List<String> hosts = blocks.stream().map(KeptBlock::host).distinct().sorted().toList();
    hosts.forEach(json.putArray("hosts")::add);
    ArrayNode kept = json.putArray("kept");
    for (KeptBlock block : blocks) {
      kept.addArray()
          .add(block.number())
          .add(block.header().hash().toHex())
          .add(block.header().timestamp())
          .add(hosts.indexOf(block.host()));
    }
  }

  private static Coverage read(ObjectNode json) {
    int version = StateJson.requireVersion(json, RANGES_ALONE, VERSION);
    String otherwise = "a range is not two whole numbers";
    List<BlockRange> ranges = new ArrayList<>();
    for (JsonNode range : StateJson.array(json, "ranges")) {
      if (range.size() != 2) {
        throw new IllegalArgumentException(otherwise);
      }
      ranges.add(
          new BlockRange(
              StateJson.item(range.path(0), otherwise), StateJson.item(range.path(1), otherwise)));
    }
    return version == RANGES_ALONE
        ? new Coverage(ranges)
        : new Coverage(ranges, StateJson.generation(json), kept(json));
  }

  private static List<KeptBlock> kept(ObjectNode json) {
    JsonNode hosts = StateJson.array(json, "hosts");
    String otherwise = "a kept block is not number, hash, time and the place of a host";
    List<KeptBlock> kept = new ArrayList<>();
    for (JsonNode block : StateJson.array(json, "kept")) {
      JsonNode host = hosts.path(block.path(3).asInt(-1));
      if (block.size() != 4
          || !block.path(1).isTextual()
          || !block.path(3).isInt()
          || !host.isTextual()) {
        throw new IllegalArgumentException(otherwise);
      }
      BlockHeader header =
          new BlockHeader(
              StateJson.item(block.path(0), otherwise),
              Hash32.fromHex(block.path(1).textValue()),
              StateJson.item(block.path(2), otherwise));
      kept.add(new KeptBlock(header, host.textValue()));
    }
    return kept;
  }
}
