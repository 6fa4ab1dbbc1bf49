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
import org.mor.throughput.proof.NonceWalk.Progress;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.Proof.ProofState;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.proof.ProofRecord.MonthMark;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/**
 * Keeps what is proven at {@code state/proof.json}. A proof of a later block is never replaced by
 * one of an earlier block, nor one of a later generation, and only a rewind forgets a facet change.
 * Its JSON is {@code {"version":1,"proof":{"state","asOfBlock","walkedTo","proven","count",
 * "strays"},"months":[{"month","version","next","strays","unmatched"}],"facetChanges":[block,...],
 * "generation":n}}; {@code proof} and {@code count} may be absent, and {@code generation} is where
 * the store was never rewound.
 */
public final class ProofStore {
  public static final ObjectKey KEY = new ObjectKey("state/proof.json");

  static final StateObject.Form<ProofRecord> FORM =
      new StateObject.Form<>(KEY, ProofRecord.NONE, ProofStore::write, ProofStore::read);

  private static final int VERSION = 1;

  private final StateObject<ProofRecord> state;

  public ProofStore(ObjectStore store, CommitRetry retry) {
    state = new StateObject<>(store, retry, FORM);
  }

  /**
   * What is stored; {@link ProofRecord#NONE} when nothing is.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when it cannot be read
   */
  public ProofRecord find() {
    return state.find();
  }

  /**
   * Keeps a proof, unless that of a later block or generation is there.
   *
   * @param generation of the cursor that it was made at
   */
  public ProofRecord advance(Proof proof, List<MonthMark> marks, int generation) {
    return state.update(known -> known.advanced(proof, marks, generation));
  }

  /**
   * Adds blocks in which the diamond was cut; nothing of a run that began before a rewind.
   *
   * @param generation the one that the run began in
   */
  public ProofRecord addFacetChanges(SortedSet<Long> blocks, int generation) {
    return state.update(
        known -> known.generation() > generation ? known : known.withFacetChanges(blocks));
  }

  /**
   * Forgets what rests on later blocks than {@code to}, unless that was done before.
   *
   * @param month the one that holds block {@code to}; empty where that is not known
   */
  public ProofRecord rewind(int generation, long to, Optional<Month> month) {
    return state.update(
        known -> known.generation() >= generation ? known : known.rewound(generation, to, month));
  }

  private static ObjectNode write(ProofRecord record) {
    ObjectNode json = StateJson.object(VERSION);
    record.proof().ifPresent(proof -> write(proof, json.putObject("proof")));
    ArrayNode months = json.putArray("months");
    for (MonthMark mark : record.marks()) {
      months
          .addObject()
          .put("month", mark.month().toString())
          .put("version", mark.version())
          .put("next", mark.progress().next())
          .put("strays", mark.progress().strays())
          .put("unmatched", mark.progress().unmatched());
    }
    ArrayNode changes = json.putArray("facetChanges");
    record.facetChanges().forEach(changes::add);
    if (record.generation() > 0) {
      json.put(StateJson.GENERATION, record.generation());
    }
    return json;
  }

  private static void write(Proof proof, ObjectNode json) {
    json.put("state", proof.state().text())
        .put("asOfBlock", proof.asOfBlock())
        .put("walkedTo", proof.walkedTo())
        .put("proven", proof.proven());
    proof.count().ifPresent(count -> json.put("count", count));
    json.put("strays", proof.strays());
  }

  private static ProofRecord read(ObjectNode json) {
    StateJson.requireVersion(json, VERSION, VERSION);
    List<MonthMark> marks = new ArrayList<>();
    StateJson.array(json, "months").forEach(node -> marks.add(mark(node)));
    SortedSet<Long> changes = new TreeSet<>();
    for (JsonNode block : StateJson.array(json, "facetChanges")) {
      changes.add(StateJson.item(block, "a facet change is no block number"));
    }
    return new ProofRecord(
        Optional.ofNullable(json.get("proof")).map(ProofStore::proof),
        marks,
        changes,
        StateJson.generation(json));
  }

  private static Proof proof(JsonNode node) {
    return new Proof(
        StateJson.whole(node, "asOfBlock"),
        StateJson.whole(node, "walkedTo"),
        ProofState.parse(StateJson.text(node, "state")),
        StateJson.whole(node, "proven"),
        node.has("count") ? OptionalLong.of(StateJson.whole(node, "count")) : OptionalLong.empty(),
        StateJson.whole(node, "strays"));
  }

  private static MonthMark mark(JsonNode node) {
    return new MonthMark(
        Month.parse(StateJson.text(node, "month")),
        StateJson.text(node, "version"),
        new Progress(
            StateJson.whole(node, "next"),
            StateJson.whole(node, "strays"),
            StateJson.whole(node, "unmatched")));
  }
}
