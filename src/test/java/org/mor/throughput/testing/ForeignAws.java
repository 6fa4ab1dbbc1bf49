package org.mor.throughput.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.net.URI;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * AWS as others play it: an endpoint that is given, or LocalStack where containers run.
 *
 * @param hasCloudFront LocalStack without a licence has none
 */
public record ForeignAws(URI endpoint, boolean hasCloudFront, Runnable stop) {
  public static final String ABSENT =
      "no AWS to test against: set s3.test.endpoint or S3_TEST_ENDPOINT (.ci/s3-endpoint starts one), or run Docker for LocalStack";

  public static Optional<ForeignAws> find() {
    String given =
        System.getProperty(
            "s3.test.endpoint", System.getenv().getOrDefault("S3_TEST_ENDPOINT", ""));
    if (!given.isBlank()) {
      return Optional.of(new ForeignAws(URI.create(given.strip()), true, () -> {}));
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
  private static ForeignAws localStack() {
    LocalStackContainer container =
        new LocalStackContainer(DockerImageName.parse("localstack/localstack:4.9"))
            .withServices(
                LocalStackContainer.Service.S3, LocalStackContainer.Service.SECRETSMANAGER);
    container.start();
    return new ForeignAws(container.getEndpoint(), false, container::stop);
  }
}
