package org.mor.throughput.relay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.mor.throughput.base.Backoff;
import org.mor.throughput.base.Json;
import org.mor.throughput.base.TerminalText;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.relay.Endpoint.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers a live server's events as Standard Webhooks: each at least once, one after the other in
 * the server's order. What is not taken for a day goes to the dead letters.
 */
public final class Relay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final String DEAD = "dead-letters.ndjson";
  private static final String GAPS = "gaps.ndjson";
  private static final String DISABLED = "disabled";
  private static final int GONE = 410;

  /**
   * What a relay is made of.
   *
   * @param from the server's channel, with a query
   * @param secrets keys of the signatures
   * @param clock the time of day
   * @param retry between attempts to deliver
   * @param reconnect before the server is connected again
   */
  public record Parts(
      URI from,
      URI to,
      boolean allowPrivate,
      Path directory,
      List<byte[]> secrets,
      HttpClient client,
      Supplier<Instant> clock,
      Backoff retry,
      Backoff reconnect) {}

  /** A webhook that was given up, as a line of the dead letters. */
  private record Dead(String id, String reason, String body) {}

  private final Parts parts;
  private final Endpoint endpoint;
  private final Notes notes;
  private final Instant start;
  private boolean greeted;

  /**
   * @throws BadRequestException when another relay uses the directory
   */
  public Relay(Parts parts) throws IOException {
    this.parts = parts;
    this.endpoint = new Endpoint(parts.to, parts.allowPrivate, parts.secrets, parts.client);
    this.notes = new Notes(parts.directory);
    this.start = parts.clock.get();
  }

  /** Delivers again although the endpoint wanted no more. */
  public void enable() throws IOException {
    notes.write(DISABLED, List.of());
  }

  private void requireEnabled() throws IOException {
    if (!notes.lines(DISABLED).isEmpty()) {
      throw new BadRequestException(
          "%s answered HTTP 410 and wants no more webhooks: nothing is delivered\nnext: give --enable once it wants them again"
              .formatted(parts.to.getHost()));
    }
  }

  /**
   * Relays until the thread is interrupted.
   *
   * @throws BadRequestException when server or endpoint refused for good
   */
  public void run() throws IOException, InterruptedException {
    requireEnabled();
    for (int failed = 1; ; failed++) {
      greeted = false;
      String resume = notes.through() < 0 ? "" : "&resume_from=" + notes.through();
      String why = Upstream.listen(URI.create(parts.from + resume), this::read);
      LOG.warn("The stream of {} ended ({}): connecting again", parts.from.getHost(), why);
      failed = greeted ? 1 : failed;
      parts.reconnect.await(failed);
    }
  }

  /** Deals with a message; false where the stream must begin again, as something may be missing. */
  private boolean read(ObjectNode json, String text) throws IOException, InterruptedException {
    if (json.has("event_name")) {
      return event(json, text);
    }
    switch (json.path("type").asText()) {
      case "resume" -> greeted(json);
      case "through" -> {
        if (json.path("dropped").asLong() > 0) {
          return false;
        }
        notes.through(json.path("through_seqno").asLong());
      }
      case "error" ->
          throw new BadRequestException(
              "The live server refused: " + TerminalText.clean(json.path("message").asText()));
      default -> {} // Later servers may say more.
    }
    return true;
  }

  private void greeted(ObjectNode json) throws IOException {
    greeted = true;
    if (json.path("mode").asText().equals("resume")) {
      return;
    }
    if (notes.through() >= 0) {
      json.put("after_seqno", notes.through()).put("noticed", parts.clock.get().toString());
      json.remove("snapshot");
      notes.add(GAPS, json.toString());
      LOG.error("EVENTS WERE LOST, see {}: {}", GAPS, json);
    }
    notes.begin(json.path("newest_seqno").asLong());
  }

  private boolean event(ObjectNode json, String text) throws IOException, InterruptedException {
    long seqno = json.path("server_seqno").asLong();
    if (notes.isDone(seqno)) {
      return true;
    }
    Instant time = Instant.ofEpochSecond(json.path("timestamp").asLong());
    String body =
        "{\"type\":%s,\"timestamp\":\"%s\",\"data\":%s}"
            .formatted(json.path("event_name"), time, text);
    Instant until = (time.isAfter(start) ? time : start).plus(Endpoint.DAY);
    boolean atOnce = deliver("msg_" + seqno, body, until);
    notes.done(seqno);
    return atOnce; // While it waited, the server may have dropped messages.
  }

  /** Tries until a webhook is taken or given up; whether the first attempt did it. */
  private boolean deliver(String id, String body, Instant until)
      throws IOException, InterruptedException {
    for (int failed = 1; ; failed++) {
      Answer answer = attempt(id, body);
      if (answer.isTaken()) {
        return failed == 1;
      }
      boolean givenUp = !parts.clock.get().isBefore(until);
      if (givenUp) {
        Dead dead = new Dead(id, answer.said(), body);
        notes.add(DEAD, Json.PLAIN.writeValueAsString(dead));
        LOG.error("{} was not taken for a day, and is in {}", id, DEAD);
      }
      Duration backoff = givenUp ? Duration.ZERO : parts.retry.after(failed);
      Duration asked = answer.retryAfter();
      parts.retry.sleeper().sleep(asked.compareTo(backoff) > 0 ? asked : backoff);
      if (givenUp) {
        return false;
      }
    }
  }

  private Answer attempt(String id, String body) throws IOException, InterruptedException {
    Answer answer = endpoint.post(id, body, parts.clock.get());
    if (!answer.isTaken()) {
      LOG.warn("{} did not take {}: {}", parts.to.getHost(), id, answer.said());
    }
    if (answer.status() == GONE) {
      notes.write(DISABLED, List.of(parts.clock.get().toString()));
      requireEnabled();
    }
    return answer;
  }

  /**
   * Sends every dead letter once more, in order. Those that are taken leave the file at the end.
   *
   * @return how many are left
   * @throws BadRequestException when the endpoint refused for good
   */
  public int replay() throws IOException, InterruptedException {
    requireEnabled();
    List<String> dead = notes.lines(DEAD);
    List<String> left = new ArrayList<>(dead);
    try {
      for (String line : dead) {
        Dead letter = Json.PLAIN.readValue(line, Dead.class);
        if (attempt(letter.id, letter.body).isTaken()) {
          left.remove(line);
        }
      }
    } finally {
      notes.write(DEAD, left);
    }
    return left.size();
  }

  @Override
  public void close() throws IOException {
    notes.close();
  }
}
