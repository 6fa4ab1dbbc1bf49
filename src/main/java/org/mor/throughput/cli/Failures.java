package org.mor.throughput.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.base.TerminalText;
import org.mor.throughput.wiring.ExitCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/** Says on standard error what went wrong and turns it into an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private final Redactor redactor;

  Failures(Redactor redactor) {
    this.redactor = redactor;
  }

  @Override
  public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
    if (thrown instanceof ParameterException usage) {
      return handleParseException(usage, new String[0]);
    }
    return report(thrown, command.getErr());
  }

  @Override
  public int handleParseException(ParameterException thrown, String[] args) {
    CommandLine command = thrown.getCommandLine();
    PrintWriter err = command.getErr();
    print(err, "error: " + thrown.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(thrown, err)) {
      print(err, "next: %s --help".formatted(command.getCommandSpec().qualifiedName()));
    }
    err.flush();
    return ExitCode.USAGE.number();
  }

  int report(Throwable thrown, PrintWriter err) {
    Throwable cause = unwrapped(thrown);
    ExitCode code = ExitCode.of(cause);
    String said = cause.getMessage() == null ? "no message" : cause.getMessage();
    String message = code == ExitCode.FAULT ? cause.getClass().getName() + ": " + said : said;
    print(err, "error: " + message);
    if (!code.next().isEmpty() && !message.contains("next: ")) {
      print(err, "next: " + code.next());
    }
    err.flush();
    LOG.debug("The command failed", cause);
    return code.number();
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable inner = thrown;
    while ((inner instanceof ExecutionException
            || inner instanceof CompletionException
            || inner instanceof UncheckedIOException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  private void print(PrintWriter err, String text) {
    err.println(TerminalText.cleanLines(redactor.redact(text)));
  }
}
