package org.mor.throughput.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of KEY=VALUE lines, as a shell would read it: comments, quotes and export allowed. */
public final class ConfigFile {
  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)");
  private static final Pattern QUOTED = Pattern.compile("(?:\"([^\"]*)\"|'([^']*)')\\s*(?:#.*)?");

  /** Windows editors put it before the text of a file. */
  static final String BYTE_ORDER_MARK = "\uFEFF";

  private ConfigFile() {}

  /**
   * The file's variables, with those of the environment over them. Of the environment only the
   * variables of this program count.
   *
   * @throws ConfigException when the file cannot be read or has a line that is no assignment
   */
  public static Map<String, String> read(Path file, Map<String, String> environment) {
    Map<String, String> values = new LinkedHashMap<>(read(file));
    values.putAll(ofProgram(environment));
    return values;
  }

  /** The environment's variables that are this program's and not empty. */
  public static Map<String, String> ofProgram(Map<String, String> environment) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Variable variable : Variable.values()) {
      String value = environment.get(variable.name());
      if (value != null && !value.isBlank()) {
        values.put(variable.name(), value);
      }
    }
    return values;
  }

  private static Map<String, String> read(Path file) {
    try {
      return parse(file.toString(), Files.readAllLines(file));
    } catch (NoSuchFileException e) {
      throw problem("--config %s: there is no such file", file);
    } catch (CharacterCodingException e) {
      throw problem("--config %s: it is not UTF-8 text", file);
    } catch (IOException e) {
      throw problem("--config %s: it cannot be read (" + e.getClass().getSimpleName() + ")", file);
    }
  }

  static Map<String, String> parse(String name, List<String> lines) {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replace(BYTE_ORDER_MARK, "").strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Matcher assignment = ASSIGNMENT.matcher(line);
      if (!assignment.matches()) {
        // The line itself may hold a key, so it is not shown.
        problems.add("%s line %d is not KEY=VALUE".formatted(name, i + 1));
      } else if (values.put(assignment.group(1), value(assignment.group(2))) != null) {
        problems.add(
            "%s line %d sets %s a second time".formatted(name, i + 1, assignment.group(1)));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return values;
  }

  private static String value(String text) {
    String stripped = text.strip();
    Matcher quoted = QUOTED.matcher(stripped);
    if (quoted.matches()) {
      return quoted.group(1) != null ? quoted.group(1) : quoted.group(2);
    }
    // As in a shell, # starts a comment only at the start or behind white space.
    return stripped.replaceFirst("(^|\\s+)#.*$", "");
  }

  private static ConfigException problem(String form, Path file) {
    return new ConfigException(List.of(form.formatted(file)));
  }
}
