package org.mor.throughput.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.store.StoreLocation;

class ConfigFileTest {
  private static final Path EXAMPLE = Path.of("config.env.example");

  @Test
  void commentsQuotesAndExportAreRead() {
    assertThat(
            ConfigFile.parse(
                "f",
                List.of(
                    "# comment",
                    "",
                    "  export STORE = nothing".replace(" = ", "="),
                    "A=\"quoted # not a comment\"  # comment",
                    "B='single'",
                    "C=https://h/p#fragment   # comment",
                    "D=",
                    "E=  # comment",
                    "F=a=b")))
        .isEqualTo(
            Map.of(
                "STORE", "nothing",
                "A", "quoted # not a comment",
                "B", "single",
                "C", "https://h/p#fragment",
                "D", "",
                "E", "",
                "F", "a=b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\uFEFFSTORE=file:a\r\nNETWORK=base\r\n",
        "\uFEFF# comment\r\nSTORE=file:a\r\nNETWORK='base'\r\n",
        "STORE=file:a\n\uFEFFNETWORK=base"
      })
  void whatWindowsEditorsAddIsLeftOut(String text, @TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("c.env"), text);
    assertThat(ConfigFile.read(file, Map.of()))
        .isEqualTo(Map.of("STORE", "file:a", "NETWORK", "base"));
  }

  @Test
  void aLineThatIsNoAssignmentIsNamedByNumberAlone() {
    assertThatThrownBy(() -> ConfigFile.parse("my.env", List.of("A=1", "https://h/canary", "A=2")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("my.env line 2 is not KEY=VALUE")
        .hasMessageContaining("my.env line 3 sets A a second time")
        .message()
        .doesNotContain("canary");
  }

  @Test
  void theEnvironmentWinsOverTheFileWhereItIsNotEmpty(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("c.env"), "STORE=file:a\nNETWORK=base\n");
    assertThat(
            ConfigFile.read(
                file,
                Map.of("STORE", "file:b", "NETWORK", "", "PATH", "/bin", "LOG_LEVEL", "warn")))
        .isEqualTo(Map.of("STORE", "file:b", "NETWORK", "base", "LOG_LEVEL", "warn"));
  }

  @Test
  void aFileThatCannotBeReadIsAConfigurationProblem(@TempDir Path dir) throws IOException {
    Path missing = dir.resolve("none.env");
    assertThatThrownBy(() -> ConfigFile.read(missing, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--config " + missing + ": there is no such file");
    Path binary = Files.write(dir.resolve("b.env"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> ConfigFile.read(binary, Map.of()))
        .hasMessageContaining("it is not UTF-8 text");
    assertThatThrownBy(() -> ConfigFile.read(dir, Map.of()))
        .hasMessageContaining("it cannot be read (IOException)");
  }

  @Test
  void theExampleNamesEveryVariableOnceInOrderWithItsDefault() throws IOException {
    List<String> names =
        Pattern.compile("(?m)^([A-Z_]+)=")
            .matcher(Files.readString(EXAMPLE))
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertThat(names)
        .containsExactlyElementsOf(Arrays.stream(Variable.values()).map(Enum::name).toList());
    Map<String, String> values = ConfigFile.read(EXAMPLE, Map.of());
    for (Variable variable : Variable.values()) {
      if (variable != Variable.BASE_RPC_URL && variable != Variable.STORE) {
        assertThat(values).containsEntry(variable.name(), variable.byDefault());
      }
    }
  }

  @Test
  void everyVariableOfTheExampleHasACommentAboveIt() throws IOException {
    List<String> lines = Files.readAllLines(EXAMPLE);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).matches("[A-Z_]+=.*")) {
        assertThat(lines.get(i - 1)).as("above " + lines.get(i)).matches("#.*|LEGACY_.*");
      }
    }
    assertThat(lines).hasSizeGreaterThan(40);
  }

  @Test
  void theExampleIsEnoughForEveryCommand() {
    Config config = Config.parse(ConfigFile.read(EXAMPLE, Map.of()), Need.values());
    assertThat(config.store()).contains(new StoreLocation.Directory("local-raw/store"));
    assertThat(config.network().name()).isEqualTo("base");
  }
}
