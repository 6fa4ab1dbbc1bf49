package org.mor.throughput.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.mor.throughput.logging.Redactor;

/**
 * What a command finds around it.
 *
 * @param home the project's directory; relative directories of the configuration lie below it
 * @param notices for lines that are no result, such as the address that is served
 */
record Surroundings(
    Map<String, String> environment,
    Path home,
    ProgressReporter progress,
    PrintWriter notices,
    Redactor redactor) {

  Surroundings withProgress(ProgressReporter other) {
    return new Surroundings(environment, home, other, notices, redactor);
  }
}
