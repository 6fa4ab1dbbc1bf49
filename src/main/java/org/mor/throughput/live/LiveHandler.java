package org.mor.throughput.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.mor.throughput.live.Answers.Answer;
import org.mor.throughput.live.Subscription.BadSubscriptionException;
import org.mor.throughput.serve.Callers;
import org.mor.throughput.serve.StoreServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths of the live stream; every other path goes to the server of the store. */
final class LiveHandler extends Handler.Wrapper {
  private static final String SOCKETS = "/v1/ws";
  private static final String EVENTS = "/v1/sse";

  /** Messages that wait together go out together. */
  private static final int WRITTEN_AT_ONCE = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(LiveHandler.class);

  private final Hub hub;
  private final History history;
  private final Callers callers;
  private final Answers answers;
  private final Executor executor;
  private final WebSocketMappings sockets = new WebSocketMappings();
  private final Map<String, String> headers = StoreServer.headers();

  LiveHandler(
      Handler store,
      Hub hub,
      History history,
      Callers callers,
      Answers answers,
      Executor executor) {
    super(store);
    this.hub = hub;
    this.history = history;
    this.callers = callers;
    this.answers = answers;
    this.executor = executor;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = String.valueOf(request.getHttpURI().getPath());
    if (!request.getMethod().equals("GET")) {
      return super.handle(request, response, callback);
    }
    for (String root : List.of(SOCKETS, EVENTS)) {
      if (path.equals(root) || path.startsWith(root + "/")) {
        stream(root, Channel.of(root, path), request, response, callback);
        return true;
      }
    }
    Optional<Answer> answer = answers.to(path);
    answer.ifPresent(known -> send(response, callback, known));
    return answer.isPresent() || super.handle(request, response, callback);
  }

  /** Milliseconds of a monotonic clock. */
  long now() {
    return LiveServer.Parts.monotonicMillis();
  }

  private void prepare(Response response, int status, String type) {
    HttpFields.Mutable fields = response.getHeaders();
    headers.forEach(fields::put);
    fields.put(HttpHeader.CONTENT_TYPE, type);
    fields.put(HttpHeader.CACHE_CONTROL, "no-store");
    response.setStatus(status);
  }

  private void send(Response response, Callback callback, Answer answer) {
    prepare(response, answer.status(), "application/json");
    byte[] body = (answer.json() + "\n").getBytes(UTF_8);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private void refuse(Response response, Callback callback, int status, String message) {
    ObjectNode json = Hub.control("error").put("status", status).put("message", message);
    send(response, callback, new Answer(status, json));
  }

  private void stream(
      String root,
      Optional<Channel> channel,
      Request request,
      Response response,
      Callback callback) {
    boolean isSocket = root.equals(SOCKETS);
    if (channel.isEmpty()) {
      refuse(response, callback, 404, "there is no such channel; accepted: " + Channel.paths(root));
      return;
    }
    if (isSocket && !request.getHeaders().contains(HttpHeader.UPGRADE, "websocket")) {
      response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
      refuse(response, callback, 426, "a WebSocket is spoken here; " + EVENTS + " needs none");
      return;
    }
    Optional<Runnable> place = callers.admit(request);
    if (place.isEmpty()) {
      String accepted = "accepted: %d at a time".formatted(callers.most());
      refuse(response, callback, 429, "too many streams of this address; " + accepted);
    } else if (isSocket) {
      socket(channel.get(), place.get(), request, response, callback);
    } else {
      Request.addCompletionListener(request, failure -> place.get().run());
      events(channel.get(), place.get(), request, response, callback);
    }
  }

  private static Map<String, String> query(HttpURI uri) {
    Fields fields = new Fields();
    try {
      if (uri.getQuery() != null) {
        UrlEncoded.decodeUtf8To(uri.getQuery(), fields);
      }
    } catch (RuntimeException e) {
      throw new BadSubscriptionException("the query is not in UTF-8 or not escaped right");
    }
    Map<String, String> query = new TreeMap<>();
    fields.forEach(field -> query.put(field.getName(), field.getValue()));
    return query;
  }

  private void socket(
      Channel channel, Runnable place, Request request, Response response, Callback callback) {
    HttpURI uri = request.getHttpURI();
    boolean upgraded = false;
    try {
      upgraded =
          sockets.upgrade(
              (asked, given, done) -> {
                given.setExtensions(List.of()); // The same bytes for all: no compression.
                return new SocketWire(
                    this, channel, () -> Beginning.read(channel, query(uri)), place);
              },
              request,
              response,
              callback,
              LiveHandler::configure);
    } catch (RuntimeException e) { // Such as for a query with characters that must be escaped.
      LOG.debug("A WebSocket handshake failed", e);
    }
    if (!upgraded) {
      place.run();
      refuse(
          response,
          callback,
          400,
          "the WebSocket handshake is not understood; accepted: version 13, and a query whose characters are escaped");
    }
  }

  private static void configure(Configuration configuration) {
    configuration.setMaxFrameSize(SocketWire.MOST_BYTES);
    configuration.setAutoFragment(false);
    configuration.setOutputBufferSize(WRITTEN_AT_ONCE);
    configuration.setIdleTimeout(Duration.ofSeconds(90));
  }

  private void events(
      Channel channel, Runnable place, Request request, Response response, Callback callback) {
    try {
      Map<String, String> query = query(request.getHttpURI());
      String last = request.getHeaders().get("Last-Event-ID");
      if (last != null && !last.isEmpty()) {
        // EventSource repeats its first URL: the newer position is the header's.
        query.put("resume_from", last);
        query.remove("from_block");
      }
      Beginning beginning = Beginning.read(channel, query);
      prepare(response, 200, "text/event-stream");
      response.getHeaders().put("X-Accel-Buffering", "no");
      open(new EventWire(response, callback), beginning, place);
    } catch (BadSubscriptionException e) {
      refuse(response, callback, 400, String.valueOf(e.getMessage()));
    }
  }

  /** Begins to send to a client. */
  Client open(Wire wire, Beginning beginning, Runnable gone) {
    long newest = hub.ring().newest();
    long oldest = hub.ring().oldest();
    ObjectNode first = beginning.greeting(oldest, newest);
    if (first.path("mode").asText().equals("snapshot")) {
      first.set("snapshot", answers.snapshot());
    }
    long next = beginning.next(oldest, newest);
    Client client = new Client(hub.ring(), wire, executor, beginning, next, now(), gone);
    // In this order: a client that has caught up must already be offered what is published.
    hub.attach(client);
    client.tell(first);
    Long from = beginning.fromBlock();
    if (from != null) {
      history.stream(client, from);
    }
    return client;
  }
}
