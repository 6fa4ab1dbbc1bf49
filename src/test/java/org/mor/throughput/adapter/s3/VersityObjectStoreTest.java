package org.mor.throughput.adapter.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStoreRaceContract;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The contract, races included, against versitygw over a directory: the file that the property
 * {@code versitygw} (or VERSITYGW) names ({@code .ci/go-tool versitygw} builds it); else skipped.
 * With its {@code --sidecar} a read can mix two writes, which {@code doctor} finds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VersityObjectStoreTest extends ObjectStoreRaceContract {
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  private final AtomicInteger stores = new AtomicInteger();
  private @Nullable Process server;
  private @Nullable S3Client client;
  private @Nullable S3ObjectStore store;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    String file = System.getProperty("versitygw", System.getenv().getOrDefault("VERSITYGW", ""));
    boolean keepsAttributes =
        Files.getFileStore(directory).supportsFileAttributeView(UserDefinedFileAttributeView.class);
    if (file.isBlank() || !keepsAttributes) {
      return;
    }
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            file,
            "--access",
            "test",
            "--secret",
            "test",
            "--port",
            "127.0.0.1:" + port,
            "posix",
            Files.createDirectory(directory.resolve("objects")).toString());
    Path log = directory.resolve("log");
    server = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    client = TestStores.client(URI.create("http://127.0.0.1:" + port));
    createBucket(client, server, log);
  }

  private static void createBucket(S3Client client, Process server, Path log) throws IOException {
    for (long end = System.nanoTime() + LONGEST_START.toNanos(); ; Thread.onSpinWait()) {
      try {
        client.createBucket(r -> r.bucket(TestStores.BUCKET));
        return;
      } catch (SdkClientException notYet) {
        assertThat(server.isAlive()).as(Files.readString(log)).isTrue();
        assertThat(System.nanoTime()).as(notYet.getMessage()).isLessThan(end);
      }
    }
  }

  @BeforeEach
  void openUnderAPrefixOfItsOwn() {
    assumeTrue(
        client != null,
        "no versitygw: set versitygw or VERSITYGW to its file, on a file system that keeps extended attributes");
    String prefix = "run-%d/".formatted(stores.incrementAndGet());
    store = TestStores.store(Objects.requireNonNull(client), prefix);
  }

  @AfterAll
  void stop() throws InterruptedException {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.destroyForcibly().waitFor();
    }
  }

  @Override
  protected ObjectStore store() {
    return Objects.requireNonNull(store);
  }
}
