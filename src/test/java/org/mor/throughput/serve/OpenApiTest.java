package org.mor.throughput.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectKey;

/** The description against the server it describes. */
class OpenApiTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final MemoryObjectStore store = new MemoryObjectStore();
  private StoreServer server;
  private JsonNode description;

  @BeforeEach
  void start() throws Exception {
    PublishedStore.publish(
        store, ListedRows.random(1, 300, PublishedStore.NOW - 30 * 86400L, PublishedStore.NOW), 1);
    server = StoreServer.start(store, 0);
    description = json(get("/openapi.json"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyDescribedPathAnswersItsExampleInItsShape() throws Exception {
    for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
      JsonNode get = path.getValue().path("get");
      HttpResponse<String> answer = get(example(path.getKey(), get));
      assertThat(answer.statusCode()).as(path.getKey()).isEqualTo(200);
      JsonNode schema = get.at("/responses/200/content/application~1json/schema");
      check(path.getKey(), json(answer), schema);
    }
  }

  @Test
  void everyRouteAndEveryParameterIsDescribed() throws IOException {
    Set<String> routes =
        Pattern.compile("case \"(/[^\"]+)\"")
            .matcher(
                Files.readString(Path.of("src/main/java/org/mor/throughput/serve/Routes.java")))
            .results()
            .map(route -> route.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    routes.remove("/");
    routes.add("/api/throughput/{document}");
    routes.add("/api/throughput/rollup/{document}");
    routes.add("/api/throughput/rollup/performance/{file}");
    routes.add("/api/throughput/schema/{schema}");
    Set<String> described = new TreeSet<>();
    description.path("paths").fieldNames().forEachRemaining(described::add);
    assertThat(described).isEqualTo(routes);
    Set<String> parameters = new TreeSet<>();
    for (JsonNode parameter :
        description.path("paths").path("/api/analytics/throughput").at("/get/parameters")) {
      parameters.add(parameter.path("name").asText());
    }
    assertThat(parameters).isEqualTo(Question.PARAMETERS);
  }

  @Test
  void theDescriptionHoldsAtAnyAddressAndAsksForNoKey() {
    assertThat(description.at("/servers")).hasSize(1);
    assertThat(description.at("/servers/0/url").asText()).isEqualTo("/");
    assertThat(description.path("security").isArray()).isTrue();
    assertThat(description.path("security")).isEmpty();
    List<String> ids = new ArrayList<>();
    for (JsonNode path : description.path("paths")) {
      JsonNode get = path.path("get");
      ids.add(get.path("operationId").asText());
      assertThat(get.at("/responses/400/$ref").asText()).isNotEmpty();
      assertThat(get.at("/responses/304/$ref").asText()).isNotEmpty();
      assertThat(get.at("/responses/200/headers/ETag/$ref").asText()).isNotEmpty();
    }
    assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("get[A-Z][A-Za-z]+"));
  }

  @Test
  void theLimitsOfTheProgramAreThoseOfTheDescription() throws Exception {
    JsonNode parameters =
        description.path("paths").path("/api/analytics/throughput").at("/get/parameters");
    for (JsonNode parameter : parameters) {
      String name = parameter.path("name").asText();
      JsonNode schema = parameter.path("schema");
      if (schema.path("type").asText().equals("array")) {
        assertThat(schema.path("maxItems").asInt()).as(name).isEqualTo(Parameters.MOST_ELEMENTS);
        assertThat(parameter.path("explode").asBoolean(true)).as(name).isFalse();
        List<String> accepted = texts(schema.at("/items/enum"));
        if (schema.at("/items").has("enum")) {
          String query = "/api/analytics/throughput?" + name + "=";
          assertThat(get(query + String.join(",", accepted)).statusCode()).as(name).isEqualTo(200);
          assertThat(get(query + "other").body()).contains(String.join(", ", accepted));
        }
      } else {
        assertThat(schema.path("pattern").asText()).as(name).isEqualTo("^\\d{4}-\\d{2}-\\d{2}$");
      }
    }
  }

  @Test
  void theDocumentsOfTheDescriptionAreThoseThatArePublished() {
    Set<String> described = new TreeSet<>();
    JsonNode paths = description.path("paths");
    texts(paths.path("/api/throughput/{document}").at("/get/parameters/0/schema/enum"))
        .forEach(described::add);
    texts(paths.path("/api/throughput/rollup/{document}").at("/get/parameters/0/schema/enum"))
        .forEach(name -> described.add("rollup/" + name));
    Set<String> published = new TreeSet<>();
    for (ObjectKey key : PublishedKeys.all(store)) {
      if (key.value().endsWith(".json") && !PublishedKeys.isImmutable(key)) {
        published.add(key.value());
      }
    }
    assertThat(described).isEqualTo(published);
  }

  @Test
  void theSchemasOfTheDescriptionAreThereAsWritten() throws Exception {
    List<String> described =
        texts(
            description
                .path("paths")
                .path("/api/throughput/schema/{schema}")
                .at("/get/parameters/0/schema/enum"));
    try (Stream<Path> files = Files.list(Path.of("docs/schema"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(described);
    }
    for (String name : described) {
      HttpResponse<String> answer = get("/api/throughput/schema/" + name);
      assertThat(answer.body())
          .as(name)
          .isEqualTo(Files.readString(Path.of("docs/schema").resolve(name)));
    }
  }

  @Test
  void whatIsRefusedHasTheShapeOfAnError() throws Exception {
    for (String path :
        Set.of(
            "/api/analytics/throughput?groupBy=user",
            "/api/throughput/none.json",
            "/api/analytics/throughput?from=%ff")) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(path).isIn(400, 404);
      check(
          path,
          json(answer),
          JsonMapper.builder()
              .build()
              .createObjectNode()
              .put("$ref", "#/components/schemas/Error"));
    }
  }

  private static List<String> texts(JsonNode values) {
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(value.asText()));
    return values.isArray() ? texts : List.of(values.asText());
  }

  private String example(String path, JsonNode get) throws Exception {
    String filled = path;
    StringBuilder query = new StringBuilder();
    for (JsonNode parameter : get.path("parameters")) {
      String value =
          parameter.path("name").asText().equals("file")
              ? monthFile()
              : String.join(",", texts(parameter.path("example")));
      if (parameter.path("in").asText().equals("path")) {
        filled = filled.replace("{" + parameter.path("name").asText() + "}", value);
      } else {
        query.append(query.isEmpty() ? "?" : "&").append(parameter.path("name").asText());
        query.append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
      }
    }
    return filled + query;
  }

  /** Required fields are there, and the types of the described ones are right. */
  private void check(String where, JsonNode value, JsonNode schema) {
    JsonNode own =
        schema.has("$ref") ? description.at(schema.path("$ref").asText().substring(1)) : schema;
    own.path("allOf").forEach(part -> check(where, value, part));
    own.path("required")
        .forEach(
            field -> assertThat(value.has(field.asText())).as("%s: %s", where, field).isTrue());
    own.path("properties")
        .properties()
        .forEach(
            property -> {
              if (value.has(property.getKey())) {
                check(
                    where + "." + property.getKey(),
                    value.path(property.getKey()),
                    property.getValue());
              }
            });
    if (own.has("items")) {
      value.forEach(element -> check(where + "[]", element, own.path("items")));
    }
    if (own.path("type").asText().equals("integer")) {
      assertThat(value.isIntegralNumber()).as(where).isTrue();
    }
    if (own.path("type").asText().equals("string")) {
      assertThat(value.isTextual()).as(where).isTrue();
    }
  }

  /** A month's file is named by its content, so it has no example that lasts. */
  private String monthFile() throws Exception {
    JsonNode index = json(get("/api/throughput/rollup/performance-index.json"));
    return index.at("/months/0/file").asText().replaceFirst(".*/", "");
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create(server.address().toString().replaceFirst("/$", "") + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    return new JsonMapper().readTree(answer.body());
  }
}
