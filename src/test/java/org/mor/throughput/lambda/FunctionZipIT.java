package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the zip and what must not be. */
class FunctionZipIT {
  private static final long MOST_BYTES = 20_000_000;

  @Test
  void itStaysSmall() throws IOException {
    long size = Files.size(FunctionZip.FILE);
    System.out.printf("%s: %,d bytes%n", FunctionZip.FILE.getFileName(), size);
    assertThat(size).isLessThan(MOST_BYTES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org/mor/throughput/cli/.*",
        "org/mor/throughput/demo/.*",
        "org/mor/throughput/(serve|doctor|report|verify)/.*",
        "lib/(jetty|jakarta).*",
        "org/mor/throughput/(testing|bench)/.*",
        "lib/(picocli|progressbar|jline|logback|rxjava|okhttp|okio|kotlin|vertx|tuweni|bcprov|joda).*",
        "lib/(netty|apache-client|apache5-client|httpclient|aws-crt|kms|Java-WebSocket|jnr|jffi|jc-kzg).*",
        "lib/(junit|assertj|mockito|wiremock|aws-lambda-java-runtime).*",
        "org/bouncycastle/(pqc|jce|x509|tls)/.*",
        "META-INF/versions/.*",
        ".*\\.(RSA|DSA|SF)"
      })
  void whatTheHandlerNeverCallsIsNotInIt(String banned) {
    assertThat(FunctionZip.entries()).noneMatch(Pattern.compile(banned).asMatchPredicate());
  }

  @Test
  void classesLieAtItsRootAndLibrariesInLib() {
    List<String> entries = FunctionZip.entries();
    assertThat(entries).contains("org/mor/throughput/lambda/Handler.class");
    assertThat(entries)
        .filteredOn(entry -> entry.endsWith(".jar"))
        .hasSizeGreaterThan(20)
        .allMatch(entry -> entry.matches("lib/[^/]+\\.jar"));
    assertThat(entries)
        .anyMatch(entry -> entry.matches("lib/s3-2.*\\.jar"))
        .anyMatch(entry -> entry.matches("lib/aws-lambda-java-core-.*\\.jar"))
        .anyMatch(entry -> entry.matches("lib/aws-lambda-java-events-.*\\.jar"));
  }

  @Test
  void itsEntriesDoNotDependOnTheMomentItWasBuilt() throws IOException {
    try (ZipFile zip = new ZipFile(FunctionZip.FILE.toFile())) {
      assertThat(zip.stream().map(entry -> entry.getTimeLocal().toString()).distinct())
          .containsExactly("2026-01-01T00:00");
    }
  }
}
