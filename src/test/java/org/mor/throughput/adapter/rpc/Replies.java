package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;

/** Ways a node answers, most of them wrong. */
final class Replies {
  private Replies() {}

  static Reply honest() {
    return edited(answer -> answer);
  }

  /** One reply to the requests that are meant, honest to all others. */
  static Reply when(Predicate<JsonNode> meant, Reply reply) {
    return (exchange, request, node) ->
        (meant.test(request) ? reply : honest()).send(exchange, request, node);
  }

  static Reply status(int status, String body, String... headers) {
    return (exchange, request, node) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
      }
      FakeNode.send(exchange, status, body);
    };
  }

  static Reply body(String body) {
    return status(200, body);
  }

  static Reply hang() {
    return (exchange, request, node) -> node.awaitClose();
  }

  static Reply reset() {
    return (exchange, request, node) -> exchange.close();
  }

  /** A byte every so often, for ever. */
  static Reply dripFeed() {
    return (exchange, request, node) -> {
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      for (int i = 0; i < 10_000; i++) {
        out.write(' ');
        out.flush();
        pause();
      }
    };
  }

  static Reply huge(int bytes) {
    return (exchange, request, node) -> {
      exchange.sendResponseHeaders(200, 0);
      byte[] part = new byte[1 << 16];
      for (int sent = 0; sent < bytes; sent += part.length) {
        exchange.getResponseBody().write(part);
      }
    };
  }

  static Reply truncated() {
    return (exchange, request, node) -> {
      String whole = node.answer(request).toString();
      FakeNode.send(exchange, 200, whole.substring(0, whole.length() / 2));
    };
  }

  /** The honest answer with something done to it. */
  static Reply edited(UnaryOperator<JsonNode> edit) {
    return (exchange, request, node) ->
        FakeNode.send(exchange, 200, edit.apply(node.answer(request)).toString());
  }

  /** One error object for whatever was asked. */
  static Reply error(int code, String message) {
    return edited(answer -> FakeNode.error(code, message));
  }

  /** An error, with its id, for each call; as most nodes answer. */
  static Reply errors(int code, String message) {
    return each(
        answer -> {
          answer.remove("result");
          answer.putObject("error").put("code", code).put("message", message);
        });
  }

  static Reply each(Consumer<ObjectNode> edit) {
    return edited(
        answer -> {
          if (answer.isArray()) {
            answer.forEach(one -> edit.accept((ObjectNode) one));
          } else {
            edit.accept((ObjectNode) answer);
          }
          return answer;
        });
  }

  /** The list of logs in the answer to the batch of logs and header. */
  static Reply logs(Consumer<ArrayNode> edit) {
    return edited(
        answer -> {
          edit.accept((ArrayNode) answer.get(0).get("result"));
          return answer;
        });
  }

  static Reply firstLog(Consumer<ObjectNode> edit) {
    return logs(logs -> edit.accept((ObjectNode) logs.get(0)));
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
