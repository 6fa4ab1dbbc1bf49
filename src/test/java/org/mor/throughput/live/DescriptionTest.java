package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wiremock.com.networknt.schema.InputFormat;
import wiremock.com.networknt.schema.JsonSchemaFactory;
import wiremock.com.networknt.schema.SpecVersion.VersionFlag;

/** The descriptions of the live server against the server. */
class DescriptionTest {
  private static final Path DOCS = Path.of("docs/live");

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  private static List<String> problems(JsonNode openApi, String schema, JsonNode value) {
    ObjectNode root = LiveWorld.JSON.createObjectNode();
    root.put("$ref", "#/components/schemas/" + schema);
    root.set("components", openApi.path("components"));
    return JsonSchemaFactory.getInstance(VersionFlag.V202012)
        .getSchema(root.toString())
        .validate(value.toString(), InputFormat.JSON)
        .stream()
        .map(Object::toString)
        .toList();
  }

  @Test
  void everyAnswerHasTheShapeThatTheOpenApiDocumentGivesIt() throws Exception {
    try (LiveWorld world = new LiveWorld(directory)) {
      JsonNode openApi = world.json("/openapi.json");
      assertThat(openApi.path("paths").has("/api/analytics/throughput")).isTrue();
      JsonNode early = world.json("/v1/tps");
      assertThat(problems(openApi, "LiveError", early)).isEmpty();
      assertThat(problems(openApi, "LiveStatus", world.json("/v1/status"))).isEmpty();

      world.step();
      world.chain.open(1, 2, 3, 1_001, 3_600).closed(1_003, 25_000, 300, 100, 200);
      world.head(1_003);
      int described = 0;
      for (String path :
          List.of("/health", "/v1/status", "/v1/tps", "/v1/contention", "/v1/lifecycle")) {
        String schema =
            openApi
                .path("paths")
                .path(path)
                .at("/get/responses/200/content/application~1json/schema/$ref")
                .asText()
                .replace("#/components/schemas/", "");
        JsonNode answer = world.json(path);
        assertThat(problems(openApi, schema, answer)).as("%s: %s", path, answer).isEmpty();
        described++;
      }
      assertThat(described).isEqualTo(5);
      assertThat(problems(openApi, "LiveStatus", world.json("/health"))).isNotEmpty();
    }
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void theAsyncApiDocumentHasEveryChannelWithItsEvents() throws IOException {
    JsonNode document = LiveWorld.JSON.readTree(Files.readString(DOCS.resolve("asyncapi.json")));
    Set<String> events = new TreeSet<>();
    for (EventName name : EventName.values()) {
      events.add(name.text());
    }
    Set<String> paths = new TreeSet<>();
    for (String root : List.of("/v1/ws", "/v1/sse")) {
      for (String path : Channel.paths(root).split(", ", -1)) {
        paths.add(path);
        Channel channel = Channel.of(root, path).orElseThrow();
        JsonNode described =
            document
                .path("channels")
                .valueStream()
                .filter(one -> one.path("address").asText().equals(path))
                .findFirst()
                .orElseThrow();
        Set<String> messages = names(described.path("messages"));
        messages.retainAll(events);
        assertThat(messages)
            .as(path)
            .isEqualTo(
                channel.events().stream()
                    .map(EventName::text)
                    .collect(Collectors.toCollection(TreeSet::new)));
      }
    }
    assertThat(document.path("channels").findValuesAsText("address"))
        .containsExactlyInAnyOrderElementsOf(paths);
    Set<String> schemas = new TreeSet<>();
    for (JsonNode message : document.at("/components/messages")) {
      String schema = message.at("/payload/$ref").asText();
      if (!schema.isEmpty()) {
        assertThat(DOCS.resolve(schema)).exists();
        schemas.add(message.path("name").asText());
      }
    }
    assertThat(schemas).isEqualTo(events);
  }
}
