package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.mor.throughput.archive.StateProofStore.StateProofMark;
import org.mor.throughput.chain.Hash32;

/** The last state proof as JSON. */
final class StateProofCodec {
  private static final int VERSION = 1;

  private StateProofCodec() {}

  static byte[] encode(StateProofMark mark) {
    return StateCodec.encode(
        StateProofStore.KEY,
        StateCodec.object()
            .put("version", VERSION)
            .put("block", mark.block())
            .put("hash", mark.hash().toHex())
            .put("sampled", mark.sampled())
            .put("proven", mark.proven())
            .put("since", mark.since())
            .put("seq", mark.seq())
            .put(StateCodec.GENERATION, mark.generation()));
  }

  static StateProofMark decode(byte[] body) {
    return StateCodec.decode(StateProofStore.KEY, body, StateProofCodec::read);
  }

  private static StateProofMark read(ObjectNode json) {
    StateCodec.requireVersion(json, VERSION);
    return new StateProofMark(
        StateCodec.whole(json, "block"),
        Hash32.fromHex(StateCodec.text(json, "hash")),
        StateCodec.whole(json, "sampled"),
        StateCodec.whole(json, "proven"),
        StateCodec.whole(json, "since"),
        StateCodec.whole(json, "seq"),
        StateCodec.generation(json));
  }
}
