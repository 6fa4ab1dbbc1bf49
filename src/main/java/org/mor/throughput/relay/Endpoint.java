package org.mor.throughput.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where webhooks go.
 *
 * @param secrets keys of the signatures
 */
record Endpoint(URI target, boolean allowPrivate, List<byte[]> secrets, HttpClient client) {
  static final Duration DAY = Duration.ofDays(1);

  /** What came back; status 0 where nothing did. */
  record Answer(int status, Duration retryAfter, String said) {
    boolean isTaken() {
      return status / 100 == 2;
    }
  }

  /** Sends a webhook once. Only the head of the answer is read. */
  Answer post(String id, String body, Instant now) throws InterruptedException {
    try {
      requirePublic();
      HttpResponse<InputStream> response =
          client.send(request(id, body, now), BodyHandlers.ofInputStream());
      response.body().close();
      int status = response.statusCode();
      String wait = response.headers().firstValue("Retry-After").orElse("");
      String redirect = status / 100 == 3 ? ", a redirect: give the final address in --to" : "";
      return new Answer(status, retryAfter(wait, now), "HTTP " + status + redirect);
    } catch (IOException e) {
      String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return new Answer(0, Duration.ZERO, "no answer, " + said);
    }
  }

  /**
   * The client connects to what is checked here, since the JVM keeps the addresses of a name for 30
   * s. Were it to ask again in between, the certificate would still have to be the name's.
   */
  private void requirePublic() throws IOException {
    for (InetAddress address : InetAddress.getAllByName(target.getHost())) {
      if (!allowPrivate && !isPublic(address.getAddress())) {
        throw new IOException("its address is not public: that takes --allow-private");
      }
    }
  }

  /** Whether an address is in no network of IANA's registries of special purposes. */
  static boolean isPublic(byte[] address) {
    int first = address[0] & 0xff;
    int second = address[1] & 0xff;
    int third = address[2] & 0xff;
    int both = first << 8 | second;
    if (address.length > 4) {
      boolean teredoOrReserved = both == 0x2001 && third < 2;
      boolean documentation = (both == 0x2001 && third == 0x0d) || both == 0x3fff;
      return first >> 5 == 1 && !teredoOrReserved && !documentation && both != 0x2002;
    }
    return switch (first) {
      case 0, 10, 127 -> false;
      case 100 -> second >> 6 != 1;
      case 169 -> second != 254;
      case 172 -> second >> 4 != 1;
      case 192 ->
          second != 168
              && (second != 0 || (third != 0 && third != 2))
              && (second != 88 || third != 99);
      case 198 -> second >> 1 != 9 && (second != 51 || third != 100);
      case 203 -> second != 0 || third != 113;
      default -> first < 224;
    };
  }

  private HttpRequest request(String id, String body, Instant now) {
    String signed = "%s.%d.%s".formatted(id, now.getEpochSecond(), body);
    return HttpRequest.newBuilder(target)
        .timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", String.valueOf(now.getEpochSecond()))
        .header(
            "webhook-signature",
            secrets.stream().map(key -> signature(key, signed)).collect(Collectors.joining(" ")))
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static String signature(byte[] key, String signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JVM has no HmacSHA256", e);
    }
  }

  /** Seconds or a date, of a day at most; zero where nothing sensible is said. */
  static Duration retryAfter(String header, Instant now) {
    try {
      Duration wait =
          header.matches("[0-9]{1,9}")
              ? Duration.ofSeconds(Long.parseLong(header))
              : Duration.between(
                  now, Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header)));
      return wait.isNegative() ? Duration.ZERO : wait.compareTo(DAY) > 0 ? DAY : wait;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }
}
