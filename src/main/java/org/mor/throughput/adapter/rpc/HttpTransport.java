package org.mor.throughput.adapter.rpc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;

/**
 * The JDK's HTTP client with a limit on the whole exchange and on the body, no redirects. (web3j's
 * client cannot check ids, bound bodies or keep error data in batches.)
 */
final class HttpTransport implements Transport {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final int MOST_SECOND_DIGITS = 9;

  private final HttpClient client;
  private final Supplier<Duration> limit;
  private final Supplier<Instant> now;

  /** Endpoints that have answered, or were looked at after they did not. */
  private final Set<Endpoint> met = ConcurrentHashMap.newKeySet();

  /**
   * @param limit asked before each exchange
   */
  HttpTransport(Supplier<Duration> limit, Supplier<Instant> now) {
    this.limit = limit;
    this.now = now;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limit.get().compareTo(CONNECT_LIMIT) < 0 ? limit.get() : CONNECT_LIMIT)
            .build();
  }

  @Override
  public Reply post(Endpoint endpoint, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.uri())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("Accept-Encoding", "identity")
            .POST(BodyPublishers.ofByteArray(body));
    endpoint.authorization().ifPresent(value -> request.header("Authorization", value));
    long millis = limit.get().toMillis();
    // The request's own timeout ends with the headers; the wait on the future covers the body too.
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request.build(), info -> new BoundedBody());
    try {
      return reply(endpoint, answer.get(millis, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw EndpointFailure.of(
          endpoint, Reaction.TRANSIENT, "no whole answer within " + millis + " ms");
    } catch (ExecutionException e) {
      throw broken(endpoint, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new ChainUnavailableException("Interrupted while asking " + endpoint.name(), e);
    }
  }

  private Reply reply(Endpoint endpoint, HttpResponse<byte[]> response) {
    met.add(endpoint);
    Optional<String> location = response.headers().firstValue("Location");
    if (response.statusCode() / 100 == 3 && location.isPresent()) {
      throw EndpointFailure.of(
          endpoint,
          Reaction.REFUSED,
          "HTTP %d, a redirect to %s; redirects are not followed: write the final address into BASE_RPC_URL"
              .formatted(response.statusCode(), target(endpoint, location.get())));
    }
    Optional<Duration> wait =
        response.headers().firstValue("Retry-After").flatMap(value -> retryAfter(value, now.get()));
    return new Reply(response.statusCode(), wait, plain(endpoint, response));
  }

  /** Seconds, or the date until which to wait; empty when the header says nothing sensible. */
  static Optional<Duration> retryAfter(String value, Instant now) {
    String header = value.strip();
    if (header.matches("[0-9]+")) {
      return header.length() > MOST_SECOND_DIGITS
          ? Optional.empty()
          : Optional.of(Duration.ofSeconds(Long.parseLong(header)));
    }
    try {
      Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header));
      return Optional.of(until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** No more of an address than scheme and host. */
  private static String target(Endpoint endpoint, String location) {
    try {
      URI target = endpoint.uri().resolve(location.strip());
      return endpoint.scrub(target.getScheme() + " on " + target.getHost(), 100);
    } catch (IllegalArgumentException e) {
      return "an address that is no URL";
    }
  }

  /** Some gateways compress although no encoding is asked for. */
  private byte[] plain(Endpoint endpoint, HttpResponse<byte[]> response) {
    String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
    if (encoding.equalsIgnoreCase("identity")) {
      return response.body();
    }
    if (!encoding.equalsIgnoreCase("gzip") && !encoding.equalsIgnoreCase("x-gzip")) {
      throw EndpointFailure.of(
          endpoint,
          Reaction.TRANSIENT,
          "a body in encoding '%s', which was not asked for"
              .formatted(endpoint.scrub(encoding, 40)));
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      byte[] body = in.readNBytes(MOST_BYTES);
      if (in.read() >= 0) {
        throw tooLarge(endpoint);
      }
      return body;
    } catch (IOException e) {
      throw EndpointFailure.of(endpoint, Reaction.TRANSIENT, "a body that is no whole gzip");
    }
  }

  private EndpointFailure tooLarge(Endpoint endpoint) {
    return EndpointFailure.of(
        endpoint, Reaction.DENSITY, "a body of more than " + MOST_BYTES + " bytes");
  }

  /** The cause is told, not kept: its message may quote the URL. */
  private EndpointFailure broken(Endpoint endpoint, Throwable cause) {
    if (cause instanceof TooLargeException) {
      return tooLarge(endpoint);
    }
    Optional<String> lasting = TlsFault.of(endpoint, cause, () -> met.add(endpoint));
    return EndpointFailure.of(
        endpoint,
        lasting.isPresent() ? Reaction.REFUSED : Reaction.TRANSIENT,
        endpoint.scrub("no answer (" + lasting.orElseGet(() -> told(cause)) + ")", 400));
  }

  /** The client leaves the message of a failed connection empty. */
  private static String told(Throwable cause) {
    for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
      if (inner instanceof UnresolvedAddressException) {
        return "the host's name is not known; check it and the DNS";
      }
    }
    if (cause instanceof ConnectException && cause.getMessage() == null) {
      return "the connection was refused";
    }
    String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return cause.getClass().getSimpleName() + message;
  }

  private static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Gathers a body and hangs up once it is larger than allowed. */
  private static final class BoundedBody implements BodySubscriber<byte[]> {
    private final BodySubscriber<byte[]> whole = BodySubscribers.ofByteArray();
    private Flow.@Nullable Subscription subscription;
    private long size;

    @Override
    public CompletionStage<byte[]> getBody() {
      return whole.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription source) {
      subscription = source;
      whole.onSubscribe(source);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      size += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
      if (size <= MOST_BYTES) {
        whole.onNext(buffers);
        return;
      }
      if (subscription != null) {
        subscription.cancel();
      }
      whole.onError(new TooLargeException());
    }

    @Override
    public void onError(Throwable problem) {
      whole.onError(problem);
    }

    @Override
    public void onComplete() {
      if (size <= MOST_BYTES) {
        whole.onComplete();
      }
    }
  }
}
