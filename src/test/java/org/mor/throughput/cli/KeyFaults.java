package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Nodes that fail, and repeat the key they were called with in all that they say. */
final class KeyFaults {
  private KeyFaults() {}

  static Map<String, FaultyNode.Fault> all() {
    Map<String, FaultyNode.Fault> faults = new LinkedHashMap<>();
    for (int status : new int[] {400, 401, 403, 404, 413, 429, 500, 503}) {
      faults.put("HTTP " + status, text(status, ""));
    }
    faults.put("no JSON", text(200, "<html>"));
    faults.put("half a JSON", text(200, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\""));
    faults.put(
        "cut in the key", (exchange, request, node) -> send(exchange, 500, endless(exchange)));
    faults.put("redirect", header(302, "Location"));
    faults.put("odd encoding", header(200, "Content-Encoding"));
    faults.put("odd Retry-After", header(429, "Retry-After"));
    faults.put("errors", answers((said, answer) -> error(answer, said, -32_000)));
    faults.put("unknown method", answers((said, answer) -> error(answer, said, -32_601)));
    faults.put("too wide", answers((said, answer) -> error(answer, "range " + said, -32_005)));
    faults.put("nonsense", answers((said, answer) -> answer.put("result", said)));
    faults.put("odd ids", answers((said, answer) -> answer.put("id", said).put("result", said)));
    faults.put("hang", FaultyNode.hang());
    faults.put("cut", FaultyNode.cut());
    return faults;
  }

  /** The URL as sent, decoded and encoded, and what stands for a user and password. */
  private static String said(HttpExchange exchange) {
    String uri = exchange.getRequestURI().toString();
    String login = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    String user =
        login.startsWith("Basic ")
            ? new String(Base64.getDecoder().decode(login.substring(6)), StandardCharsets.UTF_8)
            : "";
    return "tried %s and %s or %s for %s by %s of http://%s@127.0.0.1%s"
        .formatted(
            uri,
            URLDecoder.decode(uri, StandardCharsets.UTF_8),
            URLEncoder.encode(uri, StandardCharsets.UTF_8),
            login,
            user,
            user,
            uri);
  }

  /** Longer than what is looked at, so that it is cut somewhere; the key is most of it. */
  private static String endless(HttpExchange exchange) {
    return exchange.getRequestURI().toString().repeat(1_000);
  }

  private static FaultyNode.Fault text(int status, String before) {
    return (exchange, request, node) -> send(exchange, status, before + said(exchange));
  }

  private static FaultyNode.Fault header(int status, String name) {
    return (exchange, request, node) -> {
      exchange.getResponseHeaders().set(name, said(exchange).replaceAll("[^ -~]", "?"));
      return send(exchange, status, said(exchange));
    };
  }

  private static boolean send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    return true;
  }

  private interface Answer {
    void fill(String said, ObjectNode answer);
  }

  private static FaultyNode.Fault answers(Answer filled) {
    return (exchange, request, node) -> {
      JsonNode answer;
      if (request.isArray()) {
        ArrayNode answers = FaultyNode.JSON.createArrayNode();
        request.forEach(call -> filled.fill(said(exchange), to(call, answers.addObject())));
        answer = answers;
      } else {
        ObjectNode one = FaultyNode.JSON.createObjectNode();
        filled.fill(said(exchange), to(request, one));
        answer = one;
      }
      node.send(exchange, answer);
      return true;
    };
  }

  private static ObjectNode to(JsonNode call, ObjectNode answer) {
    answer.put("jsonrpc", "2.0").set("id", call.path("id"));
    return answer;
  }

  private static void error(ObjectNode answer, String said, int code) {
    answer.putObject("error").put("code", code).put("message", said).put("data", said);
  }
}
