package org.mor.throughput.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Json;

/** JSON-RPC 2.0 around the methods: single requests, batches, errors. */
final class RpcEnvelope {
  private final RpcMethods methods;

  RpcEnvelope(RpcMethods methods) {
    this.methods = methods;
  }

  byte[] answer(byte[] request) throws JsonProcessingException {
    return Json.PLAIN.writeValueAsBytes(answerTo(request));
  }

  private JsonNode answerTo(byte[] request) {
    JsonNode parsed;
    try {
      parsed = Json.PLAIN.readTree(request);
    } catch (IOException e) {
      return error(null, new RpcFault(RpcFault.PARSE_ERROR, "parse error"));
    }
    if (!parsed.isArray()) {
      return one(parsed);
    }
    if (parsed.isEmpty()) {
      return error(null, new RpcFault(RpcFault.INVALID_REQUEST, "empty batch"));
    }
    ArrayNode answers = Json.PLAIN.createArrayNode();
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
    ObjectNode answer = Json.PLAIN.createObjectNode();
    answer.put("jsonrpc", "2.0");
    answer.set("id", id == null ? Json.PLAIN.nullNode() : id);
    return answer;
  }
}
