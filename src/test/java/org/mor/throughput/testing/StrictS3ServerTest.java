package org.mor.throughput.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StrictS3ServerTest {
  private final StrictS3Server server = StrictS3Server.start("bucket");

  @AfterEach
  void stop() {
    server.takeViolations();
    server.close();
  }

  @Test
  void aPutWithoutAConditionIsRefusedAndFailsTheClose() throws Exception {
    assertThat(send("PUT", "x").statusCode()).isEqualTo(405);

    assertThat(server.objects()).isEmpty();
    assertThatThrownBy(server::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("PUT a.json");
  }

  @Test
  void aDeleteIsRefusedAndFailsTheClose() throws Exception {
    assertThat(send("DELETE", "", "If-Match", "\"x\"").statusCode()).isEqualTo(405);

    assertThat(server.takeViolations()).hasSize(1).first().asString().contains("DELETE a.json");
  }

  @Test
  void aPutThatIsNotSignedIsDenied() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri())
            .header("If-None-Match", "*")
            .PUT(BodyPublishers.ofString("x"))
            .build();

    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode())
        .isEqualTo(403);
  }

  @Test
  void aWrongChecksumIsRefused() throws Exception {
    var answer = send("PUT", "x", "If-None-Match", "*", "x-amz-checksum-crc32", "AAAAAA==");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("<Code>BadDigest</Code>");
    assertThat(server.objects()).isEmpty();
  }

  @Test
  void aChunkedBodyThatIsCutIsRefused() throws Exception {
    var answer = send("PUT", "5\r\nhel", "If-None-Match", "*", "Content-Encoding", "aws-chunked");

    assertThat(answer.body()).contains("<Code>IncompleteBody</Code>");
  }

  @Test
  void aChunkedBodyIsUnpackedAndItsTrailerChecked() throws Exception {
    String chunks = "3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";

    var answer =
        send(
            "PUT",
            chunks,
            "If-None-Match",
            "*",
            "Content-Encoding",
            "aws-chunked",
            "x-amz-decoded-content-length",
            "5");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(server.objects().get("a.json")).asString().isEqualTo("hello");
    assertThat(server.requests())
        .containsExactly(new S3Exchange(S3Operation.PUT, "a.json", "If-None-Match: *", 200, ""));
  }

  @Test
  void aFaultWaitsForItsKeyAndItsTurn() throws Exception {
    server.inject(S3Fault.answer(S3Operation.GET, 503, "SlowDown").on("a.json").nth(2));
    server.inject(S3Fault.answer(S3Operation.GET, 500, "InternalError").on("other.json"));

    assertThat(send("GET", "").statusCode()).isEqualTo(404);
    assertThat(send("GET", "").statusCode()).isEqualTo(503);
    assertThat(send("GET", "").statusCode()).isEqualTo(404);
  }

  private URI uri() {
    return server.endpoint().resolve("/bucket/a.json");
  }

  private HttpResponse<String> send(String method, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri())
            .method(method, BodyPublishers.ofString(body))
            .header("Authorization", "AWS4-HMAC-SHA256 test");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }
}
