package org.mor.throughput.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** JSON-RPC 2.0 around the methods: single requests, batches, errors. */
final class RpcEnvelope {
  private final ObjectMapper mapper = new ObjectMapper();
  private final RpcMethods methods;

  RpcEnvelope(RpcMethods methods) {
    this.methods = methods;
  }

  byte[] answer(byte[] request) throws JsonProcessingException {
    return mapper.writeValueAsBytes(answerTo(request));
  }

  private JsonNode answerTo(byte[] request) {
    JsonNode parsed;
    try {
      parsed = mapper.readTree(request);
    } catch (IOException e) {
      return error(null, new RpcFault(RpcFault.PARSE_ERROR, "parse error"));
    }
    if (!parsed.isArray()) {
      return one(parsed);
    }
    if (parsed.isEmpty()) {
      return error(null, new RpcFault(RpcFault.INVALID_REQUEST, "empty batch"));
    }
    ArrayNode answers = mapper.createArrayNode();
    parsed.forEach(element -> answers.add(one(element)));
    return answers;
  }

  private ObjectNode one(JsonNode request) {
    JsonNode id = request.get("id");
    if (!request.path("method").isTextual()) {
      return error(id, new RpcFault(RpcFault.INVALID_REQUEST, "invalid request"));
    }
    try {
      JsonNode result = methods.answer(request.path("method").asText(), request.path("params"));
      ObjectNode answer = envelope(id);
      answer.set("result", result);
      return answer;
    } catch (RpcFault fault) {
      return error(id, fault);
    }
  }

  private ObjectNode error(@Nullable JsonNode id, RpcFault fault) {
    ObjectNode answer = envelope(id);
    ObjectNode error = answer.putObject("error");
    error.put("code", fault.code());
    error.put("message", fault.text());
    if (fault.data() != null) {
      error.put("data", fault.data());
    }
    return answer;
  }

  private ObjectNode envelope(@Nullable JsonNode id) {
    ObjectNode answer = mapper.createObjectNode();
    answer.put("jsonrpc", "2.0");
    answer.set("id", id == null ? mapper.nullNode() : id);
    return answer;
  }
}
