package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;

/**
 * Coverage as JSON: {@code {"version":2,"ranges":[[first,last],...],"generation":n,"hosts":[host,
 * ...],"kept":[[number,hash,time,index of host],...]}}, both ends included. Version 1, which is
 * still written where there is nothing else to say, has ranges alone.
 */
final class CoverageCodec {
  private static final int RANGES_ALONE = 1;
  private static final int VERSION = 2;
  private static final String RANGES = "ranges";
  private static final String HOSTS = "hosts";
  private static final String KEPT = "kept";

  private CoverageCodec() {}

  static byte[] encode(Coverage coverage) {
    boolean alone = coverage.generation() == 0 && coverage.kept().isEmpty();
    ObjectNode json = StateCodec.object().put("version", alone ? RANGES_ALONE : VERSION);
    ArrayNode ranges = json.putArray(RANGES);
    coverage.ranges().forEach(range -> ranges.addArray().add(range.first()).add(range.last()));
    if (!alone) {
      json.put(StateCodec.GENERATION, coverage.generation());
      write(coverage.kept(), json);
    }
    return StateCodec.encode(CoverageStore.KEY, json);
  }

  private static void write(List<KeptBlock> blocks, ObjectNode json) {
    List<String> hosts = blocks.stream().map(KeptBlock::host).distinct().sorted().toList();
    hosts.forEach(json.putArray(HOSTS)::add);
    ArrayNode kept = json.putArray(KEPT);
    for (KeptBlock block : blocks) {
      kept.addArray()
          .add(block.number())
          .add(block.header().hash().toHex())
          .add(block.header().timestamp())
          .add(hosts.indexOf(block.host()));
    }
  }

  static Coverage decode(byte[] body) {
    return StateCodec.decode(CoverageStore.KEY, body, CoverageCodec::read);
  }

  private static Coverage read(ObjectNode json) {
    int version = StateCodec.requireVersion(json, RANGES_ALONE, VERSION);
    List<BlockRange> ranges = new ArrayList<>();
    for (JsonNode range : StateCodec.array(json, RANGES)) {
      if (range.size() != 2
          || !range.path(0).canConvertToExactIntegral()
          || !range.path(1).canConvertToExactIntegral()) {
        throw new IllegalArgumentException("a range is not two whole numbers");
      }
      ranges.add(new BlockRange(range.path(0).longValue(), range.path(1).longValue()));
    }
    if (version == RANGES_ALONE) {
      return new Coverage(ranges);
    }
    return new Coverage(ranges, StateCodec.generation(json), kept(json));
  }

  private static List<KeptBlock> kept(ObjectNode json) {
    JsonNode hosts = StateCodec.array(json, HOSTS);
    List<KeptBlock> kept = new ArrayList<>();
    for (JsonNode block : StateCodec.array(json, KEPT)) {
      JsonNode host = hosts.path(block.path(3).asInt(-1));
      if (block.size() != 4
          || !block.path(0).canConvertToExactIntegral()
          || !block.path(1).isTextual()
          || !block.path(2).canConvertToExactIntegral()
          || !block.path(3).isInt()
          || !host.isTextual()) {
        throw new IllegalArgumentException(
            "a kept block is not number, hash, time and the place of a host");
      }
      BlockHeader header =
          new BlockHeader(
              block.path(0).longValue(),
              Hash32.fromHex(block.path(1).textValue()),
              block.path(2).longValue());
      kept.add(new KeptBlock(header, host.textValue()));
    }
    return kept;
  }
}
