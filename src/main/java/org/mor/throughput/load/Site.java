package org.mor.throughput.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.mor.throughput.base.Json;

/**
 * What a server has that visitors ask for.
 *
 * @param base with a slash at its end
 * @param documents paths of all documents but the summary
 * @param answersQuestions whether it is {@code serve} or {@code live}, and no store of files
 * @param streams whether it is {@code live}
 */
public record Site(URI base, List<String> documents, boolean answersQuestions, boolean streams) {
  private static final String ROOT = "/api/throughput/";
  private static final String SUMMARY = ROOT + "summary.json";
  private static final String[] GROUPS = {"model", "provider", "day", "model,day"};
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Whether every address of the host is one of this machine. */
  public static boolean isHere(URI url) throws IOException {
    for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
      if (!address.isLoopbackAddress() && NetworkInterface.getByInetAddress(address) == null) {
        return false;
      }
    }
    return true;
  }

  /**
   * Looks what is there.
   *
   * @throws IOException when no summary of this program is published there; the message says so
   */
  public static Site look(URI base) throws IOException, InterruptedException {
    JsonNode summary = read(base, SUMMARY);
    if (!summary.has("schemaVersion") || !summary.has("asOfBlock")) {
      throw new IOException(SUMMARY + " is no summary of this program");
    }
    List<String> documents = new ArrayList<>();
    summary
        .path("documents")
        .fieldNames()
        .forEachRemaining(key -> documents.add(ROOT + key.replaceAll("[^a-z0-9./-]", "")));
    JsonNode status = read(base, "/v1/status");
    return new Site(base, List.copyOf(documents), status.isObject(), status.has("newest_seqno"));
  }

  private static JsonNode read(URI base, String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(PATIENCE)
            .build();
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
    try {
      return answer.statusCode() == 200
          ? Json.PLAIN.readTree(answer.body())
          : Json.PLAIN.missingNode();
    } catch (IOException e) {
      return Json.PLAIN.missingNode(); // No JSON: no server of ours.
    }
  }

  /** What a visitor asks next: in ten requests, about three summaries, five other documents. */
  String next(SplittableRandom random) {
    int tenth = random.nextInt(10);
    if (answersQuestions && tenth == 9) {
      return "/v1/status";
    }
    if (answersQuestions && tenth == 8) {
      return "/api/analytics/throughput?groupBy=" + GROUPS[random.nextInt(GROUPS.length)];
    }
    return tenth < 3 || documents.isEmpty()
        ? SUMMARY
        : documents.get(random.nextInt(documents.size()));
  }
}
