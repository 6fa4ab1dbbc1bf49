package org.mor.throughput.serve;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.publish.DocumentKeys;
import org.mor.throughput.publish.PerformanceIndexCodec;
import org.mor.throughput.publish.PerformanceIndexCodec.PublishedPerformance;

/** How long the analytics API takes to answer, over HTTP, any question of a published store. */
final class AnalyticsBench {
  private static final List<String> GROUPS =
      List.of("", "model", "provider", "day", "provider,inputClass", "model,provider");

  private AnalyticsBench() {}

  /** Arguments: the store's directory, the first and the last day asked about, questions (400). */
  public static void main(String[] args) throws IOException, InterruptedException {
    FileObjectStore store = new FileObjectStore(Path.of(args[0]));
    LocalDate first = LocalDate.parse(args[1]);
    int days = (int) (LocalDate.parse(args[2]).toEpochDay() - first.toEpochDay());
    int questions = args.length > 3 ? Integer.parseInt(args[3]) : 400;
    PublishedPerformance published =
        PerformanceIndexCodec.decode(
            store.find(DocumentKeys.PERFORMANCE_INDEX).orElseThrow().body());
    List<String> models = published.models().keySet().stream().sorted().toList();
    Random random = new Random(1);
    HttpClient client = HttpClient.newHttpClient();
    long[] micros = new long[questions];
    try (StoreServer server = StoreServer.start(store, 0)) {
      for (int i = 0; i < questions; i++) {
        LocalDate from = first.plusDays(random.nextInt(days - 29));
        String query =
            "from=%s&to=%s&groupBy=%s&model=%s&provider=%s"
                .formatted(
                    from,
                    from.plusDays(29),
                    GROUPS.get(random.nextInt(GROUPS.size())),
                    random.nextBoolean() ? "" : models.get(random.nextInt(models.size())),
                    random.nextBoolean()
                        ? ""
                        : published
                            .providers()
                            .get(random.nextInt(published.providers().size()))
                            .toHex());
        URI uri = URI.create(server.address() + "api/analytics/throughput?" + query);
        long start = System.nanoTime();
        HttpResponse<byte[]> answer =
            client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
        micros[i] = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
        if (answer.statusCode() != 200) {
          throw new IllegalStateException("Answered %d to %s".formatted(answer.statusCode(), uri));
        }
      }
    }
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean os) {
      System.out.printf(
          "CPU of the whole process, starting and asking included: %d ms%n",
          TimeUnit.NANOSECONDS.toMillis(os.getProcessCpuTime()));
    }
    long firstAnswer = micros[0];
    Arrays.sort(micros);
    System.out.printf(
        "%d questions of 30 days: first %d ms, p50 %d ms, p95 %d ms, most %d ms%n",
        questions,
        firstAnswer / 1000,
        micros[questions / 2] / 1000,
        micros[questions * 95 / 100] / 1000,
        micros[questions - 1] / 1000);
  }
}
