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
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.mor.throughput.live.Answers.Answer;
import org.mor.throughput.live.Subscription.BadSubscriptionException;
import org.mor.throughput.serve.StoreServer;

/** The paths of the live stream; every other path goes to the server of the store. */
final class LiveHandler extends Handler.Wrapper {
  private static final String SOCKETS = "/v1/ws";
  private static final String EVENTS = "/v1/sse";

  /** Messages that wait together go out together. */
  private static final int WRITTEN_AT_ONCE = 64 * 1024;

  private final Hub hub;
  private final History history;
  private final Callers callers;
  private final Answers answers;
  private final Executor executor;
  private final LongSupplier millis;
  private final WebSocketMappings sockets;
  private final Map<String, String> headers = StoreServer.headers();

  LiveHandler(
      Handler store,
      Hub hub,
      History history,
      Callers callers,
      Answers answers,
      Executor executor,
      LongSupplier millis) {
    super(store);
    this.hub = hub;
    this.history = history;
    this.callers = callers;
    this.answers = answers;
    this.executor = executor;
    this.millis = millis;
    this.sockets = new WebSocketMappings();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = String.valueOf(request.getHttpURI().getPath());
    boolean reads = request.getMethod().equals("GET");
    if (reads && isBelow(SOCKETS, path)) {
      return socket(path, request, response, callback);
    }
    if (reads && isBelow(EVENTS, path)) {
      events(path, request, response, callback);
      return true;
    }
    Optional<Answer> answer = reads ? answers.to(path) : Optional.empty();
    if (answer.isPresent()) {
      send(response, callback, answer.get());
      return true;
    }
    return super.handle(request, response, callback);
  }

  /** Milliseconds of a monotonic clock. */
  long now() {
    return millis.getAsLong();
  }

  private static boolean isBelow(String root, String path) {
    return path.equals(root) || path.startsWith(root + "/");
  }

  private void send(Response response, Callback callback, Answer answer) {
    HttpFields.Mutable fields = response.getHeaders();
    headers.forEach(fields::put);
    fields.put(HttpHeader.CONTENT_TYPE, "application/json");
    fields.put(HttpHeader.CACHE_CONTROL, "no-store");
    byte[] body = (answer.json() + "\n").getBytes(UTF_8);
    fields.put(HttpHeader.CONTENT_LENGTH, body.length);
    response.setStatus(answer.status());
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private static Answer error(int status, String message) {
    return new Answer(status, Hub.control("error").put("status", status).put("message", message));
  }

  private static Answer unknown(String root) {
    return error(404, "there is no such channel; accepted: " + Channel.paths(root));
  }

  private Answer tooMany() {
    return error(
        429, "too many streams of this address; accepted: %d at a time".formatted(callers.most()));
  }

  private static Map<String, String> query(Request request) {
    Map<String, String> query = new TreeMap<>();
    try {
      for (Fields.Field field : Request.extractQueryParameters(request)) {
        query.put(field.getName(), field.getValue());
      }
    } catch (RuntimeException e) {
      throw new BadSubscriptionException("the query is not in UTF-8 or not escaped right");
    }
    return query;
  }

  private boolean socket(String path, Request request, Response response, Callback callback) {
    Optional<Channel> channel = Channel.of(SOCKETS, path);
    if (channel.isEmpty()) {
      send(response, callback, unknown(SOCKETS));
      return true;
    }
    if (!request.getHeaders().contains(HttpHeader.UPGRADE, "websocket")) {
      response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
      send(response, callback, error(426, "a WebSocket is spoken here; " + EVENTS + " needs none"));
      return true;
    }
    Optional<Runnable> place = callers.admit(callers.address(request));
    if (place.isEmpty()) {
      send(response, callback, tooMany());
      return true;
    }
    Beginning beginning = null;
    String refusal = "";
    try {
      beginning = Beginning.read(channel.get(), query(request));
    } catch (BadSubscriptionException e) {
      // A browser cannot read the answer to a handshake: the socket is opened to say why.
      refusal = String.valueOf(e.getMessage());
    }
    Conversation conversation =
        new Conversation(this, channel.get(), beginning, refusal, place.get());
    boolean upgraded =
        sockets.upgrade(
            (ServerUpgradeRequest asked, ServerUpgradeResponse given, Callback done) -> {
              given.setExtensions(List.of()); // The same bytes for all: no compression.
              return new SocketWire(conversation);
            },
            request,
            response,
            callback,
            LiveHandler::configure);
    if (!upgraded) {
      place.get().run();
      send(response, callback, error(400, "the WebSocket handshake is not understood"));
    }
    return true;
  }

  private static void configure(Configuration configuration) {
    configuration.setMaxFrameSize(SocketWire.MOST_BYTES);
    configuration.setAutoFragment(false);
    configuration.setOutputBufferSize(WRITTEN_AT_ONCE);
    configuration.setIdleTimeout(Duration.ofSeconds(90));
  }

  private void events(String path, Request request, Response response, Callback callback) {
    Optional<Channel> channel = Channel.of(EVENTS, path);
    if (channel.isEmpty()) {
      send(response, callback, unknown(EVENTS));
      return;
    }
    Beginning beginning;
    try {
      Map<String, String> query = query(request);
      String last = request.getHeaders().get("Last-Event-ID");
      if (last != null && !last.isEmpty()) {
        // EventSource repeats its first URL: the newer position is the header's.
        query.put("resume_from", last);
        query.remove("from_block");
      }
      beginning = Beginning.read(channel.get(), query);
    } catch (BadSubscriptionException e) {
      send(response, callback, error(400, String.valueOf(e.getMessage())));
      return;
    }
    Optional<Runnable> place = callers.admit(callers.address(request));
    if (place.isEmpty()) {
      send(response, callback, tooMany());
      return;
    }
    headers.forEach(response.getHeaders()::put);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Accel-Buffering", "no");
    response.setStatus(200);
    Request.addCompletionListener(request, failure -> place.get().run());
    open(new EventWire(response, callback), beginning, place.get());
  }

  /** Begins to send to a client. */
  Client open(Wire wire, Beginning beginning, Runnable gone) {
    long newest = hub.ring().newest();
    long oldest = hub.ring().oldest();
    boolean resumes = beginning.resumes(oldest, newest);
    boolean past = beginning.fromBlock() != null;
    ObjectNode first = beginning.greeting(oldest, newest);
    if (!resumes && !past) {
      first.set("snapshot", answers.snapshot());
    }
    Long from = beginning.resumeFrom();
    long next = resumes && from != null ? from + 1 : newest + 1;
    Client client =
        new Client(
            hub.ring(),
            wire,
            executor,
            beginning.subscription(),
            next,
            past,
            millis.getAsLong(),
            gone);
    // In this order: a client that has caught up must already be offered what is published.
    hub.attach(client);
    client.tell(first);
    if (beginning.fromBlock() != null) {
      history.stream(client, beginning.fromBlock());
    }
    return client;
  }
}
