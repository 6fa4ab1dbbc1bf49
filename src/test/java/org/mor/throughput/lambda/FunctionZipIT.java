package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the zip and what must not be. */
class FunctionZipIT {
  private static final long MOST_BYTES = 14_000_000;

  @Test
  void itStaysSmall() throws IOException {
    long size = Files.size(FunctionZip.FILE);
    System.out.printf("%s: %,d bytes%n", FunctionZip.FILE.getFileName(), size);
    assertThat(size).isLessThan(MOST_BYTES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org/mor/throughput/(cli|demo|live|relay|serve|doctor|report|verify|export|pull)/.*",
        "org/mor/throughput/(testing|bench)/.*",
        "(org/apache/(parquet|hadoop)|org/locationtech|shaded/parquet|org/xerial)/.*",
        "(picocli|me/tongfei|org/jline|ch/qos|org/eclipse|jakarta|org/joda)/.*",
        "(io/reactivex|okhttp3|okio|kotlin|io/vertx|org/apache/tuweni)/.*",
        "software/amazon/awssdk/(http/(nio|apache|apache5|crt)|services/kms)/.*",
        "software/amazon/awssdk/services/(sso|ssooidc|sts|signin)/.*",
        "(io/netty|org/apache/http|org/java_websocket|jnr|com/kenai|ethereum)/.*",
        "(org/junit|org/assertj|org/mockito|com/github/tomakehurst)/.*",
        "com/amazonaws/services/lambda/runtime/(api|serialization)/.*",
        "org/bouncycastle/(pqc|jce|x509|tls)/.*",
        "META-INF/versions/.*",
        "META-INF/services/.*",
        ".*\\.(RSA|DSA|SF)"
      })
  void whatTheHandlerNeverCallsIsNotInIt(String banned) {
    Predicate<String> isBanned = Pattern.compile(banned).asMatchPredicate();
    assertThat(FunctionZip.entries()).noneMatch(isBanned);
    assertThat(FunctionZip.libraries()).extracting(ZipEntry::getName).noneMatch(isBanned);
  }

  @Test
  void classesLieAtItsRootAndLibrariesInOneJar() {
    List<String> entries = FunctionZip.entries();
    assertThat(entries).contains("org/mor/throughput/lambda/Handler.class");
    assertThat(entries)
        .filteredOn(entry -> entry.endsWith(".jar"))
        .containsExactly("lib/libraries.jar");
    assertThat(entries)
        .filteredOn(entry -> entry.endsWith(".class"))
        .allMatch(entry -> entry.startsWith("org/mor/throughput/"));
    assertThat(FunctionZip.libraries())
        .extracting(ZipEntry::getName)
        .doesNotHaveDuplicates()
        .contains(
            "com/amazonaws/services/lambda/runtime/RequestStreamHandler.class",
            "com/amazonaws/services/lambda/runtime/events/ScheduledEvent.class",
            "META-INF/maven/software.amazon.awssdk/s3/pom.properties");
  }

  @Test
  void itsLibrariesNeedNoInflating() {
    assertThat(FunctionZip.libraries()).allMatch(entry -> entry.getMethod() == ZipEntry.STORED);
  }

  @Test
  void itsEntriesDoNotDependOnTheMomentItWasBuilt() throws IOException {
    try (ZipFile zip = new ZipFile(FunctionZip.FILE.toFile())) {
      assertThat(times(zip.stream())).containsExactly("2026-01-01T00:00");
    }
    assertThat(times(FunctionZip.libraries().stream())).containsExactly("2026-01-01T00:00");
  }

  private static Stream<String> times(Stream<? extends ZipEntry> entries) {
    return entries.map(entry -> entry.getTimeLocal().toString()).distinct();
  }
}
