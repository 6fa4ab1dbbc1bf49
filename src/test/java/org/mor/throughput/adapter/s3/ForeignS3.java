package org.mor.throughput.adapter.s3;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.net.URI;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** An S3 server that others wrote: one that is given, or LocalStack where containers run. */
record ForeignS3(URI endpoint, Runnable stop) {
  static final String ABSENT =
      "no S3 server: set s3.test.endpoint or S3_TEST_ENDPOINT (.ci/s3-endpoint starts one), or run Docker for LocalStack";

  static Optional<ForeignS3> find() {
    String given =
        System.getProperty(
            "s3.test.endpoint", System.getenv().getOrDefault("S3_TEST_ENDPOINT", ""));
    if (!given.isBlank()) {
      return Optional.of(new ForeignS3(URI.create(given.strip()), () -> {}));
    }
    return dockerRuns() ? Optional.of(localStack()) : Optional.empty();
  }

  private static boolean dockerRuns() {
    // Its absence is an answer here, not an error with a page of advice.
    if (LoggerFactory.getLogger("org.testcontainers") instanceof Logger logger) {
      logger.setLevel(Level.OFF);
    }
    return DockerClientFactory.instance().isDockerAvailable();
  }

  // Stopped by the caller.
  @SuppressWarnings("resource")
  private static ForeignS3 localStack() {
    LocalStackContainer container =
        new LocalStackContainer(DockerImageName.parse("localstack/localstack:4.9"))
            .withServices(LocalStackContainer.Service.S3);
    container.start();
    return new ForeignS3(container.getEndpoint(), container::stop);
  }
}
