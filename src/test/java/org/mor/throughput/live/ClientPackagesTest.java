package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the packages of {@code clients/} hold, and that their types are those of the schemas. */
class ClientPackagesTest {
  @Test
  void npmPacksTheModulesAndTheirTypesOnly() throws IOException {
    Path modules = ClientPrograms.nodeFolder().resolve("node_modules/morpheus-throughput-live");
    try (Stream<Path> files = Files.walk(modules)) {
      assertThat(files.filter(Files::isRegularFile).map(modules::relativize).map(Path::toString))
          .contains("LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts")
          .allMatch(file -> file.startsWith("dist/") || !file.contains("/"));
    }
    assertThat(Files.readString(modules.resolve("package.json")))
        .doesNotContain("\"dependencies\"");
  }

  @Test
  void eventNamesNarrowEventsInTypeScript() throws IOException {
    Path installed = ClientPrograms.nodeFolder();
    ClientPrograms.run(
        installed,
        "../node_modules/.bin/tsc",
        "--strict",
        "--noEmit",
        "--target",
        "ES2022",
        "--module",
        "NodeNext",
        "types.ts");
  }

  @Test
  void pythonIsTypedAndItsWheelSaysSo() throws IOException {
    String python = ClientPrograms.python();
    Path client = ClientPrograms.PYTHON;
    String cache = Path.of("target/client-python/mypy").toAbsolutePath().toString();
    ClientPrograms.run(
        client,
        python,
        "-m",
        "mypy",
        "--strict",
        "--python-version",
        "3.9",
        "--cache-dir",
        cache,
        "src",
        "tests/listen.py");
    String files =
        ClientPrograms.run(
            Path.of("."),
            python,
            "-c",
            "import importlib.metadata as m; d = m.distribution('morpheus-throughput-live');"
                + "print(d.metadata['Requires-Dist'], *d.files)");
    assertThat(files)
        .startsWith("websockets>=")
        .contains("morpheus_throughput_live/py.typed", "licenses/LICENSE")
        .doesNotContain("listen.py");
  }

  @Test
  void theTypesHaveTheFieldsOfTheSchemas() throws IOException {
    String script = Files.readString(ClientPrograms.TYPESCRIPT.resolve("src/events.ts"));
    String python =
        ClientPrograms.run(
            Path.of("."),
            ClientPrograms.python(),
            "-c",
            """
            import morpheus_throughput_live.events as e
            for n in dir(e):
              if n.endswith('Payload'): print(n, *sorted(getattr(e, n).__annotations__))
            """);
    List<Path> schemas;
    try (Stream<Path> files = Files.list(Path.of("docs/live"))) {
      schemas = files.filter(file -> file.toString().endsWith(".schema.json")).sorted().toList();
    }
    assertThat(schemas).hasSizeGreaterThanOrEqualTo(7);
    for (Path schema : schemas) {
      String event = schema.getFileName().toString().replace(".schema.json", "");
      JsonNode payload =
          LiveWorld.JSON.readTree(Files.readString(schema)).at("/properties/payload/properties");
      Set<String> fields = new TreeSet<>();
      payload.fieldNames().forEachRemaining(fields::add);
      String type = script.contains("interface " + event + "Payload") ? event : "Market";
      assertThat(script).as("the event's name").containsPattern("'" + event + "'");
      assertThat(fields(script, type + "Payload")).as(event).isEqualTo(fields);
      assertThat(python.lines()).as(event).contains(type + "Payload " + String.join(" ", fields));
    }
  }

  private static Set<String> fields(String script, String type) {
    int begin = script.indexOf("interface " + type + " {");
    String body = script.substring(begin, script.indexOf("\n}", begin));
    Set<String> fields = new TreeSet<>();
    for (Matcher field = Pattern.compile("(?m)^  readonly (\\w+)\\??:").matcher(body);
        field.find(); ) {
      fields.add(field.group(1));
    }
    return fields;
  }
}
