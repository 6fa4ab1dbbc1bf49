package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.mor.throughput.proof.MonthMark;
import org.mor.throughput.proof.NonceWalk.Progress;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.proof.ProofState;
import org.mor.throughput.session.Month;

/**
 * What is proven as JSON: {@code {"version":1,"proof":{"state","asOfBlock","walkedTo","proven",
 * "count","strays"},"months":[{"month","version","next","strays","unmatched"}],
 * "facetChanges":[block,...],"generation":n}}; {@code proof} and {@code count} may be absent, and
 * {@code generation} is where the store was never rewound.
 */
final class ProofCodec {
  private static final int VERSION = 1;
  private static final String PROOF = "proof";
  private static final String STATE = "state";
  private static final String AS_OF_BLOCK = "asOfBlock";
  private static final String WALKED_TO = "walkedTo";
  private static final String PROVEN = "proven";
  private static final String COUNT = "count";
  private static final String STRAYS = "strays";
  private static final String MONTHS = "months";
  private static final String MONTH = "month";
  private static final String ROWS = "version";
  private static final String NEXT = "next";
  private static final String UNMATCHED = "unmatched";
  private static final String FACET_CHANGES = "facetChanges";

  private ProofCodec() {}

  static byte[] encode(ProofRecord record) {
    ObjectNode json = StateCodec.object().put("version", VERSION);
    record.proof().ifPresent(proof -> write(proof, json.putObject(PROOF)));
    ArrayNode months = json.putArray(MONTHS);
    record.marks().forEach(mark -> write(mark, months.addObject()));
    ArrayNode changes = json.putArray(FACET_CHANGES);
    record.facetChanges().forEach(changes::add);
    if (record.generation() > 0) {
      json.put(StateCodec.GENERATION, record.generation());
    }
    return StateCodec.encode(ProofStore.KEY, json);
  }

  static ProofRecord decode(byte[] body) {
    return StateCodec.decode(ProofStore.KEY, body, ProofCodec::read);
  }

  private static void write(Proof proof, ObjectNode json) {
    json.put(STATE, proof.state().text())
        .put(AS_OF_BLOCK, proof.asOfBlock())
        .put(WALKED_TO, proof.walkedTo())
        .put(PROVEN, proof.proven());
    proof.count().ifPresent(count -> json.put(COUNT, count));
    json.put(STRAYS, proof.strays());
  }

  private static void write(MonthMark mark, ObjectNode json) {
    json.put(MONTH, mark.month().toString())
        .put(ROWS, mark.version())
        .put(NEXT, mark.progress().next())
        .put(STRAYS, mark.progress().strays())
        .put(UNMATCHED, mark.progress().unmatched());
  }

  private static ProofRecord read(ObjectNode json) {
    StateCodec.requireVersion(json, VERSION);
    List<MonthMark> marks = new ArrayList<>();
    StateCodec.array(json, MONTHS).forEach(node -> marks.add(mark(node)));
    SortedSet<Long> changes = new TreeSet<>();
    for (JsonNode block : StateCodec.array(json, FACET_CHANGES)) {
      if (!block.canConvertToExactIntegral() || !block.canConvertToLong()) {
        throw new IllegalArgumentException("a facet change is no block number");
      }
      changes.add(block.longValue());
    }
    return new ProofRecord(
        Optional.ofNullable(json.get(PROOF)).map(ProofCodec::proof),
        marks,
        changes,
        StateCodec.generation(json));
  }

  private static Proof proof(JsonNode node) {
    return new Proof(
        StateCodec.whole(node, AS_OF_BLOCK),
        StateCodec.whole(node, WALKED_TO),
        ProofState.parse(StateCodec.text(node, STATE)),
        StateCodec.whole(node, PROVEN),
        node.has(COUNT) ? OptionalLong.of(StateCodec.whole(node, COUNT)) : OptionalLong.empty(),
        StateCodec.whole(node, STRAYS));
  }

  private static MonthMark mark(JsonNode node) {
    return new MonthMark(
        Month.parse(StateCodec.text(node, MONTH)),
        StateCodec.text(node, ROWS),
        new Progress(
            StateCodec.whole(node, NEXT),
            StateCodec.whole(node, STRAYS),
            StateCodec.whole(node, UNMATCHED)));
  }
}
