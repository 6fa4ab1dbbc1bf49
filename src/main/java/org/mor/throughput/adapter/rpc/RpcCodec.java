package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** JSON-RPC requests as bytes, and bodies as bounded JSON trees. */
final class RpcCodec {
  private final ObjectMapper mapper;

  RpcCodec() {
    StreamReadConstraints bounds =
        StreamReadConstraints.builder()
            .maxNestingDepth(Limits.JSON_DEPTH)
            .maxTokenCount(Limits.JSON_TOKENS)
            .maxStringLength(Limits.RESPONSE_BYTES)
            .maxNumberLength(80)
            .build();
    mapper =
        new ObjectMapper(JsonFactory.builder().streamReadConstraints(bounds).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** One call as an object, several as a batch; ids count up from {@code firstId}. */
  byte[] encode(List<RpcCall> calls, long firstId) {
    ArrayNode batch = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < calls.size(); i++) {
      ObjectNode request = batch.addObject();
      request.put("jsonrpc", "2.0");
      request.put("id", firstId + i);
      request.put("method", calls.get(i).method());
      request.set("params", calls.get(i).params());
    }
    try {
      return mapper.writeValueAsBytes(batch.size() == 1 ? batch.get(0) : batch);
    } catch (IOException e) {
      throw new IllegalStateException("A request could not be written as JSON", e);
    }
  }

  /** The body as a tree; empty when it is not one JSON value within the bounds. */
  Optional<JsonNode> decode(byte[] body) {
    try {
      JsonNode tree = mapper.readTree(body);
      return tree == null || tree.isMissingNode() ? Optional.empty() : Optional.of(tree);
    } catch (IOException e) {
      // The exception quotes the body; the caller says what it can of it, scrubbed.
      return Optional.empty();
    }
  }
}
