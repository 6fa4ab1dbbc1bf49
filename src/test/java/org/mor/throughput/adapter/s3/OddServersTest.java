package org.mor.throughput.adapter.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mor.throughput.store.ObjectAttributes.PRIVATE_JSON;
import static org.mor.throughput.testing.S3Fault.answer;
import static org.mor.throughput.testing.S3Fault.damagedBody;
import static org.mor.throughput.testing.S3Fault.noEtag;
import static org.mor.throughput.testing.S3Fault.otherEtag;
import static org.mor.throughput.testing.S3Fault.page;
import static org.mor.throughput.testing.S3Operation.GET;
import static org.mor.throughput.testing.S3Operation.LIST;
import static org.mor.throughput.testing.S3Operation.PUT;

import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;
import org.mor.throughput.testing.S3Fault;
import org.mor.throughput.testing.StrictS3Server;

/** Servers that speak S3 in ways of their own, and proxies before them. */
class OddServersTest {
  private static final ObjectKey KEY = new ObjectKey("state/cursor.json");
  private static final String CHECKSUMS = "aws.requestChecksumCalculation";

  private final StrictS3Server server = StrictS3Server.start(TestStores.BUCKET);
  private S3ObjectStore store = open();

  private S3ObjectStore open() {
    return TestStores.store(TestStores.client(server.endpoint()), "p/");
  }

  @AfterEach
  void stop() {
    System.clearProperty(CHECKSUMS);
    store.close();
    server.close();
  }

  private void create() {
    store.create(KEY, "one".getBytes(UTF_8), PRIVATE_JSON);
  }

  /** What every writer does: reads, and writes over what it read. */
  private void commit() {
    store.replace(
        KEY, "new".getBytes(UTF_8), store.find(KEY).orElseThrow().version(), PRIVATE_JSON);
  }

  private String stored() {
    return new String(server.objects().get("p/" + KEY), UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-amz-trailer",
        "x-amz-checksum-crc32",
        "x-amz-sdk-checksum-algorithm",
        "x-amz-decoded-content-length"
      })
  void aServerThatRefusesChecksumsAndChunksIsWrittenWithoutThem(String header) {
    server.refuseHeader(header);

    create();
    commit();

    assertThat(stored()).isEqualTo("new");
  }

  @Test
  void nothingIsFramedForAServerThatStoresFraming() {
    server.keepFraming();

    create();

    assertThat(stored()).isEqualTo("one");
  }

  @Test
  void theSdksOwnSettingBringsChecksumsBack() {
    System.setProperty(CHECKSUMS, "WHEN_SUPPORTED");
    store = open();
    create();
    assertThat(stored()).isEqualTo("one");

    server.refuseHeader("x-amz-trailer");
    assertThatThrownBy(this::commit)
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("501 NotImplemented: Header x-amz-trailer not implemented; next: ");
  }

  @Test
  void anObjectWithoutAnEtagIsRefused() {
    create();
    server.inject(noEtag(GET));

    assertThatThrownBy(() -> store.find(KEY))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("state/cursor.json: the answer (application/json) has no ETag")
        .hasMessageContaining("next: ");
  }

  @Test
  void aPutWithoutAnEtagMayHaveLanded() {
    server.inject(noEtag(PUT));

    assertThatThrownBy(this::create)
        .isInstanceOf(StoreOutcomeUnknownException.class)
        .hasMessageContaining("200 without an ETag");
    assertThat(stored()).isEqualTo("one");
  }

  @Test
  void anErrorBelowAStatusOf200IsReadWithItsMessage() {
    server.inject(answer(PUT, 200, "InternalError").saying("We broke. Try again."));

    assertThatThrownBy(this::create)
        .hasMessageContaining(
            "S3 answered 200 without an ETag, InternalError: We broke. Try again;");
  }

  @Test
  void anEtagThatIfMatchNeverAcceptsIsNoOtherWriter() {
    create();
    server.inject(otherEtag().times(100));

    for (int refused = 1; refused < Refusals.LIMIT; refused++) {
      assertThatThrownBy(this::commit).isInstanceOf(StoreConflictException.class);
    }
    assertThatThrownBy(this::commit)
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("the store reads the object with the ETag W/\"")
        .hasMessageContaining("4 times in a row although nobody else wrote")
        .hasMessageContaining("412 PreconditionFailed")
        .hasMessageContaining("next: set AWS_ENDPOINT_URL to the server itself");
    assertThat(stored()).isEqualTo("one");
  }

  @Test
  void anAbsentObjectThatMayNotBeCreatedIsNoOtherWriter() {
    server.inject(answer(PUT, 412, "PreconditionFailed").times(100));

    for (int refused = 1; refused < Refusals.LIMIT; refused++) {
      assertThat(store.find(KEY)).isEmpty();
      assertThatThrownBy(this::create).isInstanceOf(StoreConflictException.class);
    }
    assertThat(store.find(KEY)).isEmpty();
    assertThatThrownBy(this::create)
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("the store reads the object as absent and refuses to create it");
  }

  @Test
  void aWriterThatIsStillAtItNeverMakesAStoreUnfit() {
    create();
    server.inject(answer(PUT, 409, "ConditionalRequestConflict").times(20));

    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(this::commit).isInstanceOf(StoreConflictException.class);
    }
    commit();
    assertThat(stored()).isEqualTo("new");
  }

  @Test
  void anotherWriterEachTimeNeverMakesAStoreUnfit() {
    create();
    try (S3ObjectStore other = open()) {
      for (int i = 0; i < 20; i++) {
        var version = store.find(KEY).orElseThrow().version();
        other.replace(KEY, ("other " + i).getBytes(UTF_8), version, PRIVATE_JSON);
        assertThatThrownBy(() -> store.replace(KEY, new byte[1], version, PRIVATE_JSON))
            .isInstanceOf(StoreConflictException.class);
      }
    }
  }

  @Test
  void oneVersionThatIsNotReadAgainIsOneRefusal() {
    create();
    var first = store.find(KEY).orElseThrow().version();
    commit();

    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> store.replace(KEY, new byte[1], first, PRIVATE_JSON))
          .isInstanceOf(StoreConflictException.class);
    }
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal(403, "QuotaExceeded", "Bucket quota exceeded", "make room in the store"),
        refusal(507, "XMinioStorageFull", "Storage backend is full", "make room in the store"),
        refusal(507, "", "", "make room in the store"),
        refusal(400, "Odd", "There is no space left on this device", "make room in the store"),
        refusal(403, "AccessDenied", "Cannot upload, storage cap exceeded", "the plan's cap"),
        refusal(405, "MethodNotAllowed", "Not allowed against this resource", "accept writes"),
        refusal(403, "AccessDenied", "The gateway is in read-only mode", "accept writes"),
        refusal(403, "AccessDenied", "User: u is not authorized", "s3:PutObject"),
        refusal(400, "AuthorizationHeaderMalformed", "unexpected scope: x/y", "set AWS_REGION"),
        refusal(400, "InvalidRequest", "The region 'auto' is not mine", "set AWS_REGION"),
        refusal(403, "RequestTimeTooSkewed", "The difference is too large", "machine's clock"),
        refusal(403, "SignatureDoesNotMatch", "Check your key", "AWS_SECRET_ACCESS_KEY"),
        refusal(400, "ExpiredToken", "The token has expired", "log in again"),
        refusal(501, "NotImplemented", "A header is not implemented", "honour If-Match"));
  }

  private static Arguments refusal(int status, String code, String message, String advice) {
    return Arguments.of(answer(PUT, status, code).saying(message), message, advice);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void aRefusalCarriesTheServersMessageAndAdviceThatFits(
      S3Fault fault, String message, String advice) {
    server.inject(fault);

    assertThatThrownBy(this::create)
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("Creating s3://test-bucket/p/state/cursor.json: S3 answered ")
        .hasMessageContaining(message)
        .satisfies(
            e ->
                assertThat(String.valueOf(e.getMessage()).split("; next: ", 2)[1])
                    .contains(advice));
  }

  @Test
  void theRegionThatTheServerNamesIsTheOneToSet() {
    server.inject(
        page(
            GET,
            301,
            "<Error><Code>PermanentRedirect</Code><Message>Elsewhere.</Message><Region>eu-west-3</Region></Error>"));

    assertThatThrownBy(() -> store.find(KEY))
        .hasMessageContaining(
            "301 PermanentRedirect: Elsewhere; next: set AWS_REGION to eu-west-3");
  }

  @Test
  void whatIsNoErrorOfS3IsShownAsItCame() {
    server.inject(page(GET, 404, "<html>\n  404 Not Found</html>"));

    assertThatThrownBy(() -> store.find(KEY))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining(
            "S3 answered 404 without an error code: <html> 404 Not Found</html>; next: ");
  }

  @Test
  void anAnswerThatCannotBeUsedIsAnAnswer() {
    create();
    server.inject(damagedBody().times(9));

    assertThatThrownBy(() -> store.find(KEY))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("no usable answer from S3 (Data read has a different checksum");
  }

  @Test
  void aRegionThatDoesNotExistIsAHostThatDoesNotExist() {
    try (S3ObjectStore nowhere =
        TestStores.store(TestStores.client(URI.create("http://s3.nowhere.invalid")), "p/")) {
      assertThatThrownBy(() -> nowhere.find(KEY))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("there is no host s3.nowhere.invalid: check AWS_REGION");
    }
  }

  @Test
  void aLongMessageIsCut() {
    server.inject(answer(PUT, 400, "InvalidRequest").saying("no ".repeat(10_000)));

    assertThatThrownBy(this::create)
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(700));
  }

  static Stream<Arguments> listings() {
    String one = "<Contents><Key>p/a</Key><ETag>e</ETag><Size>1</Size></Contents>";
    return Stream.of(
        Arguments.of(listing("<IsTruncated>true</IsTruncated>" + one), "does not say where"),
        Arguments.of(
            listing(
                "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>"
                    + one),
            "does not say where"),
        Arguments.of(
            listing("<IsTruncated>false</IsTruncated>" + one.replace("p/a", "elsewhere/a")),
            "the key elsewhere/a, which was not asked for"),
        Arguments.of(
            listing("<IsTruncated>false</IsTruncated>" + one.replace("<ETag>e</ETag>", "")),
            "p/a has no size or no ETag"),
        Arguments.of(
            listing("<IsTruncated>false</IsTruncated>" + one.replace("<Size>1</Size>", "")),
            "p/a has no size or no ETag"));
  }

  private static S3Fault listing(String content) {
    return page(LIST, 200, "<ListBucketResult>%s</ListBucketResult>".formatted(content)).times(9);
  }

  @ParameterizedTest
  @MethodSource("listings")
  void aListingThatCannotBeReadWholeIsRefused(S3Fault fault, String says) {
    server.inject(fault);

    assertThatThrownBy(() -> store.list(""))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("Listing s3://test-bucket/p/: ")
        .hasMessageContaining(says);
  }
}
