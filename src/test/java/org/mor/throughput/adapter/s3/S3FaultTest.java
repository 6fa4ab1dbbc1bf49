package org.mor.throughput.adapter.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mor.throughput.store.ObjectAttributes.PRIVATE_JSON;
import static org.mor.throughput.testing.S3Fault.answer;
import static org.mor.throughput.testing.S3Fault.cutBody;
import static org.mor.throughput.testing.S3Fault.damagedBody;
import static org.mor.throughput.testing.S3Fault.drop;
import static org.mor.throughput.testing.S3Fault.hang;
import static org.mor.throughput.testing.S3Fault.lostAnswer;
import static org.mor.throughput.testing.S3Fault.page;
import static org.mor.throughput.testing.S3Operation.GET;
import static org.mor.throughput.testing.S3Operation.LIST;
import static org.mor.throughput.testing.S3Operation.PUT;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;
import org.mor.throughput.testing.S3Fault;
import org.mor.throughput.testing.StrictS3Server;

class S3FaultTest {
  private static final ObjectKey OLD = new ObjectKey("state/cursor.json");
  private static final ObjectKey NEW = new ObjectKey("raw/closes/2026-04.ndjson.gz");
  private static final Duration SILENCE = Duration.ofMillis(500);

  private final StrictS3Server server = StrictS3Server.start(TestStores.BUCKET);
  private final List<Duration> pauses = new ArrayList<>();
  private final S3ObjectStore store =
      TestStores.store(TestStores.client(server.endpoint(), SILENCE), "p/", pauses);
  private final ObjectVersion version = store.create(OLD, bytes("old"), PRIVATE_JSON);
  private final int putsBefore = server.requests(PUT).size();

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private int puts() {
    return server.requests(PUT).size() - putsBefore;
  }

  private String stored(ObjectKey key) {
    return new String(server.objects().getOrDefault("p/" + key, bytes("nothing")), UTF_8);
  }

  private void create() {
    store.create(NEW, bytes("new"), PRIVATE_JSON);
  }

  private void replace() {
    store.replace(OLD, bytes("new"), version, PRIVATE_JSON);
  }

  static Stream<Arguments> passingFaultsOfReads() {
    return Stream.of(
            answer(GET, 500, "InternalError"),
            answer(GET, 503, "SlowDown"),
            answer(GET, 503, "ServiceUnavailable"),
            answer(GET, 429, "TooManyRequests"),
            cutBody(),
            damagedBody())
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("passingFaultsOfReads")
  void aReadIsTriedAgainWithGrowingPauses(S3Fault fault) {
    server.inject(fault.times(3));

    assertThat(store.find(OLD).orElseThrow().body()).isEqualTo(bytes("old"));
    assertThat(pauses)
        .containsExactly(Duration.ofMillis(200), Duration.ofMillis(400), Duration.ofMillis(800));
  }

  @ParameterizedTest
  @MethodSource("passingFaultsOfReads")
  void aReadThatNeverSucceedsIsUnavailableAndNeverEmptyOrShort(S3Fault fault) {
    server.inject(fault.times(100));

    assertThatThrownBy(() -> store.find(OLD))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("Reading s3://test-bucket/p/state/cursor.json: ")
        .hasMessageContaining("try again later");
    assertThat(server.requests(GET)).hasSize(4);
  }

  @Test
  void aReadWhoseConnectionBreaksIsTriedAgain() {
    server.inject(drop(GET).times(2));

    assertThat(store.find(OLD).orElseThrow().body()).isEqualTo(bytes("old"));
  }

  @Test
  void aReadWhoseConnectionAlwaysBreaksIsUnavailable() {
    server.inject(drop(GET).times(100));

    assertThatThrownBy(() -> store.find(OLD))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("no answer from S3");
    // The JDK itself repeats a GET whose kept connection breaks; it repeats no put.
    assertThat(server.requests(GET)).hasSizeBetween(4, 8);
  }

  @Test
  void aReadThatHangsIsTriedAgain() {
    server.inject(hang(GET));

    assertThat(store.find(OLD).orElseThrow().body()).isEqualTo(bytes("old"));
  }

  @Test
  void aListingIsTriedAgainPageByPage() {
    for (int i = 0; i < 6; i++) {
      store.create(new ObjectKey("docs/" + i), bytes("x"), PRIVATE_JSON);
    }
    server.inject(answer(LIST, 503, "SlowDown").nth(2));

    assertThat(store.list("docs/")).hasSize(6);
    assertThat(server.requests(LIST)).hasSize(3);
  }

  @Test
  void aMissingKeyThatReadsAsDeniedIsNotAbsent() {
    server.readMissingAsDenied();

    assertThatThrownBy(() -> store.find(NEW))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("S3 answered 403 AccessDenied")
        .hasMessageContaining("bucket policy")
        .hasMessageContaining("s3:ListBucket");
    assertThat(server.requests(GET)).hasSize(1);
  }

  @Test
  void aNotFoundThatIsNotS3sIsNotAbsent() {
    server.inject(answer(GET, 404, "PageNotFound"));

    assertThatThrownBy(() -> store.find(NEW))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("AWS_ENDPOINT_URL");
  }

  static Stream<Arguments> endingsOfPuts() {
    Class<StoreConflictException> conflict = StoreConflictException.class;
    Class<StoreOutcomeUnknownException> unknown = StoreOutcomeUnknownException.class;
    Class<StoreRefusedException> refused = StoreRefusedException.class;
    return Stream.of(
        Arguments.of(answer(PUT, 412, "PreconditionFailed"), conflict, "read it again and redo"),
        Arguments.of(answer(PUT, 409, "ConditionalRequestConflict"), conflict, "409"),
        Arguments.of(answer(PUT, 409, "OperationAborted"), conflict, "OperationAborted"),
        Arguments.of(answer(PUT, 404, "NoSuchKey"), conflict, "NoSuchKey"),
        Arguments.of(answer(PUT, 500, "InternalError"), unknown, "may or may not"),
        Arguments.of(answer(PUT, 503, "ServiceUnavailable"), unknown, "may or may not"),
        Arguments.of(answer(PUT, 200, "PreconditionFailed"), conflict, "200 without an ETag"),
        Arguments.of(answer(PUT, 200, "InternalError"), unknown, "200 without an ETag"),
        Arguments.of(page(PUT, 200, ""), unknown, "200 without an ETag"),
        Arguments.of(drop(PUT), unknown, "no answer from S3"),
        Arguments.of(hang(PUT), unknown, "Read timed out"),
        Arguments.of(answer(PUT, 403, "AccessDenied"), refused, "s3:PutObject"),
        Arguments.of(answer(PUT, 403, "InvalidAccessKeyId"), refused, "AWS_ACCESS_KEY_ID"),
        Arguments.of(answer(PUT, 403, "RequestTimeTooSkewed"), refused, "clock"),
        Arguments.of(answer(PUT, 400, "AuthorizationHeaderMalformed"), refused, "AWS_REGION"),
        Arguments.of(answer(PUT, 501, "NotImplemented"), refused, "honour If-Match"));
  }

  @ParameterizedTest
  @MethodSource("endingsOfPuts")
  void aPutThatFailsIsSentOnceAndNamesTheReaction(
      S3Fault fault, Class<? extends StoreException> ending, String says) {
    for (ThrowingCallable put : List.<ThrowingCallable>of(this::create, this::replace)) {
      int before = puts();
      server.inject(fault);

      assertThatThrownBy(put).isInstanceOf(ending).hasMessageContaining(says);
      assertThat(puts() - before).isEqualTo(1);
    }
    assertThat(stored(OLD)).isEqualTo("old");
    assertThat(stored(NEW)).isEqualTo("nothing");
  }

  @ParameterizedTest
  @MethodSource("landingsWithoutAnAnswer")
  void aPutThatLandsAndLosesItsAnswerIsUnknownAndNotSentAgain(S3Fault fault) {
    for (ThrowingCallable put : List.<ThrowingCallable>of(this::create, this::replace)) {
      int before = puts();
      server.inject(fault);

      assertThatThrownBy(put)
          .isInstanceOf(StoreOutcomeUnknownException.class)
          .hasMessageContaining("read it again to know");
      assertThat(puts() - before).isEqualTo(1);
    }
    assertThat(stored(OLD)).isEqualTo("new");
    assertThat(stored(NEW)).isEqualTo("new");
  }

  static Stream<Arguments> landingsWithoutAnAnswer() {
    return Stream.of(
            lostAnswer(), answer(PUT, 500, "InternalError").afterwards(), hang(PUT).afterwards())
        .map(Arguments::of);
  }

  @Test
  void aPutThatIsToldToSlowDownIsSentAgain() {
    server.inject(answer(PUT, 503, "SlowDown").times(2));

    replace();

    assertThat(stored(OLD)).isEqualTo("new");
    assertThat(pauses).containsExactly(Duration.ofMillis(200), Duration.ofMillis(400));
  }

  @Test
  void aPutThatIsAlwaysToldToSlowDownIsUnknown() {
    server.inject(answer(PUT, 503, "SlowDown").times(100));

    assertThatThrownBy(this::replace).isInstanceOf(StoreOutcomeUnknownException.class);
    assertThat(puts()).isEqualTo(4);
  }

  @Test
  void aConflictAfterSlowDownMayBeWithOurselvesAndIsUnknown() {
    server.inject(answer(PUT, 503, "SlowDown").afterwards());

    assertThatThrownBy(this::replace).isInstanceOf(StoreOutcomeUnknownException.class);
    assertThat(stored(OLD)).isEqualTo("new");
  }

  @Test
  void aPutDamagedOnItsWayIsSentAgainAndThenUnavailable() {
    server.inject(answer(PUT, 400, "BadDigest").times(3));
    create();
    assertThat(stored(NEW)).isEqualTo("new");

    server.inject(answer(PUT, 400, "BadDigest").times(100));
    assertThatThrownBy(this::replace)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("nothing was written");
  }

  @Test
  void aServerThatIsNotThereIsUnavailableForAPutToo() throws IOException {
    URI nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
    }
    try (S3ObjectStore lost = TestStores.store(TestStores.client(nobody), "p/")) {
      assertThatThrownBy(() -> lost.create(NEW, bytes("new"), PRIVATE_JSON))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("nothing was written");
      assertThatThrownBy(() -> lost.find(NEW)).isInstanceOf(StoreUnavailableException.class);
    }
  }
}
