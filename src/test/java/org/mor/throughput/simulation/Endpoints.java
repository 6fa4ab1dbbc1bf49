package org.mor.throughput.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.mor.throughput.adapter.rpc.PlayedEndpoints;
import org.mor.throughput.adapter.rpc.PlayedEndpoints.Played;

/** What goes wrong at an endpoint, done to the honest answer. */
final class Endpoints implements PlayedEndpoints.Exchange {
  /** Decides about each request before it is answered. */
  interface Play {
    Hit before(int endpoint, Site site);
  }

  /** In the hash of every block that is not of the chain. */
  static final String FORK = "abababababab";

  private final PlayedNode node;
  private final Play play;
  private int forks;

  Endpoints(PlayedNode node, Play play) {
    this.node = node;
    this.play = play;
  }

  @Override
  public Played post(int endpoint, byte[] body) {
    JsonNode request = PlayedNode.read(body);
    Site site = PlayedNode.site(request);
    Hit hit = play.before(endpoint, site);
    JsonNode answer = node.answer(request);
    return switch (hit) {
      case TOO_MANY_REQUESTS -> new Played.TooMany(Duration.ofSeconds(7));
      case SERVER_ERROR -> new Played.Answer(503, text("upstream is gone"));
      case NO_ANSWER -> new Played.Nothing();
      case HUGE -> new Played.TooLarge();
      case GARBAGE -> new Played.Answer(200, text("<html>busy " + PlayedEndpoints.KEY));
      case WRONG_ID -> sent(answer, one -> one.put("id", one.path("id").asLong() + 1_000));
      case NULL_RESULT -> sent(answer, one -> one.putNull("result"));
      case ERROR_OBJECT -> sent(answer, one -> error(one, site));
      case LAGGING -> sent(answer, one -> lag(one, site));
      case REORGANISED -> sent(answer, this::reorganise);
      case EMPTY_LOGS -> withoutEnd(answer, 0);
      case PARTIAL_LOGS -> withoutEnd(answer, 2);
      case LIES -> shorter(answer, 1);
      default -> new Played.Answer(200, text(answer.toString()));
    };
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Played sent(JsonNode answer, Consumer<ObjectNode> edit) {
    if (answer.isArray()) {
      answer.forEach(one -> edit.accept((ObjectNode) one));
    } else {
      edit.accept((ObjectNode) answer);
    }
    return new Played.Answer(200, text(answer.toString()));
  }

  private static void error(ObjectNode answer, Site site) {
    answer.remove("result");
    switch (site) {
      case LOGS -> answer.putObject("error").put("code", -32_005).put("message", "Max range: 9");
      case CALL ->
          answer
              .putObject("error")
              .put("code", 3)
              .put("message", "execution reverted")
              .put("data", "0x");
      default -> answer.putObject("error").put("code", -32_603).put("message", PlayedEndpoints.KEY);
    }
  }

  private static void lag(ObjectNode answer, Site site) {
    if (site == Site.HEAD) {
      ObjectNode head = (ObjectNode) answer.get("result");
      long behind = Long.decode(head.get("number").asText()) - 12;
      head.put("number", PlayedNode.quantity(behind));
      head.put("hash", "0x" + "%064x".formatted(behind + 1_000_000));
    } else if (site == Site.CALL) {
      answer.remove("result");
      answer.putObject("error").put("code", -32_000).put("message", "header not found");
    } else {
      answer.putNull("result");
    }
  }

  /**
   * Blocks have other hashes each time they are asked for, and logs are taken back. A fork that
   * lasts is another thing, see {@link Machine}.
   */
  private void reorganise(ObjectNode answer) {
    if (answer.get("result") instanceof ObjectNode block) {
      forks++;
      block.put("hash", "0x" + FORK + "%052x".formatted(forks));
    } else if (answer.get("result") instanceof ArrayNode logs && !logs.isEmpty()) {
      logs.forEach(log -> ((ObjectNode) log).put("removed", true));
    } else {
      answer.putObject("error").put("code", -32_000).put("message", "unknown block");
      answer.remove("result");
    }
  }

  /** The node has some logs and not yet the block that ends the range. */
  private static Played withoutEnd(JsonNode answer, int logs) {
    // Logs that are asked for alone come without a batch.
    Iterable<JsonNode> answers = answer.isArray() ? answer : List.of(answer);
    for (JsonNode one : answers) {
      if (one.get("result") instanceof ArrayNode list) {
        while (list.size() > logs) {
          list.remove(list.size() - 1);
        }
      } else {
        ((ObjectNode) one).putNull("result");
      }
    }
    return new Played.Answer(200, text(answer.toString()));
  }

  private static Played shorter(JsonNode answer, int less) {
    for (JsonNode one : answer) {
      if (one.get("result") instanceof ArrayNode list) {
        for (int i = 0; i < less && !list.isEmpty(); i++) {
          list.remove(list.size() - 1);
        }
      }
    }
    return new Played.Answer(200, text(answer.toString()));
  }
}
