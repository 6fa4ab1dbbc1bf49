package org.mor.throughput.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The CloudFront function, run on paths as they come from browsers and from people who try. */
class RefusePrivateFunctionTest {
  private static final List<String> REFUSED =
      List.of(
          "/api/throughput/raw/closes/2026-05.ndjson.gz",
          "/api/throughput/raw/",
          "/api/throughput/raw",
          "/api/throughput/state/cursor.json",
          "/api/throughput/state",
          "/API/Throughput/RAW/closes/2026-05.ndjson.gz",
          "/api/throughput/%72aw/closes/2026-05.ndjson.gz",
          "/api/throughput/r%61w/closes/2026-05.ndjson.gz",
          "/api/throughput/%2572aw/closes/2026-05.ndjson.gz",
          "/api/throughput/%252572aw/x",
          "/api/throughput%2fraw%2Fcloses/2026-05.ndjson.gz",
          "/api/throughput/%52AW/x",
          "/api//throughput///raw/x",
          "//api/throughput/raw/x",
          "/api/throughput/./raw/x",
          "/api/throughput/rollup/../raw/x",
          "/api/throughput/rollup/%2e%2e/state/cursor.json",
          "/api/throughput/rollup/.%2e/state/cursor.json",
          "/api/throughput/rollup/..%2fraw/x",
          "/x/../api/throughput/raw/x",
          "/../api/throughput/raw/x",
          "/api\\throughput\\raw\\x",
          "/api/throughput%5craw%5cx",
          "/api/throughput/raw./x",
          "/api/throughput/raw%20/x",
          "/api/throughput/raw%00/x",
          "/api/throughput/raw;a=b/x",
          "/api/throughput/ra%09w/x",
          "/api/throughput/%ff%fe/x",
          "/api/throughput/%zz",
          "/api/throughput/%25252525252572aw/x");

  private static final List<String> SERVED =
      List.of(
          "/",
          "/index.html",
          "/throughput.html",
          "/api/throughput/summary.json",
          "/api/throughput/rollup/daily.json",
          "/api/throughput/rollup/by-model-daily.json",
          "/api/throughput/stuck-sessions.json",
          "/api/throughput/rawhide.json",
          "/api/throughput/statement.json",
          "/api/throughput/rollup/raw.json",
          "/api/raw/x",
          "/raw/x",
          "/state/x",
          "/a%20page.html",
          "/caf%C3%A9.html");

  @Test
  void rowsAndStateAreRefusedHoweverTheirPathIsWritten() throws IOException {
    JsonNode answers = answers(code(), REFUSED);
    for (int i = 0; i < REFUSED.size(); i++) {
      assertThat(answers.get(i).path("statusCode").asInt()).as(REFUSED.get(i)).isEqualTo(403);
    }
  }

  @Test
  void everythingElseGoesThroughUnchanged() throws IOException {
    JsonNode answers = answers(code(), SERVED);
    for (int i = 0; i < SERVED.size(); i++) {
      assertThat(answers.get(i).path("uri").asText()).isEqualTo(SERVED.get(i));
      assertThat(answers.get(i).path("method").asText()).isEqualTo("GET");
    }
  }

  @Test
  void aFunctionThatLooksAtThePathAsItCameOnlyIsNotEnough() throws IOException {
    String weak = code().replace("!refuses(event.request.uri)", "!isPrivate(event.request.uri)");
    assertThat(answers(weak, REFUSED).findValuesAsText("uri"))
        .contains("/api/throughput/%72aw/closes/2026-05.ndjson.gz", "/api/throughput/%zz")
        .doesNotContain("/api/throughput/raw/");
  }

  @Test
  void itFitsTheLimitOfTenKilobytes() throws IOException {
    assertThat(code().length()).isLessThan(10_240);
  }

  private static String code() throws IOException {
    return Files.readString(Path.of("terraform/refuse-private.js"))
        .replace("${prefix}", "api/throughput/");
  }

  private static JsonNode answers(String code, List<String> paths) throws IOException {
    String uris = new ObjectMapper().writeValueAsString(paths);
    String calls =
        """
        console.log(JSON.stringify(%s.map((uri) => handler({
          version: '1.0', request: { method: 'GET', uri: uri, headers: {}, querystring: {} },
        }))));
        """
            .formatted(uris);
    return Terraform.json(TerraformTools.runPlain(code + calls));
  }
}
